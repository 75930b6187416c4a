"""Identity of people: one name is one person where something beside the name supports it.

What supports it is an organisation that both are stated to belong to or are named beside, or the outlet that both write
for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from networkx.utils import UnionFind

from kg.merge.blocks import Local

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from kg.domain import Domain
    from kg.model import Extraction, Span


class SupportReader:
    """Reads what supports the people of an extraction.

    >>> from kg.domain import Domain
    >>> from kg.pipeline import extract
    >>> found = extract("重庆市总工会技术员王建国介绍了情况。")
    >>> [support.document for _, support in SupportReader(Domain.default())(found)]
    ['text']
    """

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        marks = domain.toml("layout.toml")["sentence"]
        self._ends = re.compile(f"[{re.escape(marks['end'])}\r\n]+"), re.compile(f"[{re.escape(marks['clause'])}]")

    def __call__(self, extraction: Extraction) -> Iterator[tuple[Local, Local | str]]:
        """Each person with an organisation of the document, or with the name of the outlet."""
        document = extraction.document
        people = {e.id for e in extraction.entities if e.type == "Person"}
        if not people:
            return
        organizations = {
            e.id for e in extraction.entities if e.type != "Media" and self._domain.is_a(e.type, "Organization")
        }
        stated = {
            (fact.head, fact.tail)
            for fact in extraction.facts
            if fact.modality is None and fact.predicate is None and fact.head in people and fact.tail in organizations
        }
        stated |= set(self._in_one_sentence(extraction, organizations))
        for person, organization in sorted(stated):
            yield Local(document.id, person), Local(document.id, organization)
        publisher = document.metadata.publisher
        for entity in extraction.entities:
            if publisher and entity.id in people and any(m.kind == "metadata" for m in entity.mentions):
                yield Local(document.id, entity.id), publisher.value

    def _in_one_sentence(self, extraction: Extraction, organizations: set[str]) -> Iterator[tuple[str, str]]:
        """People with the organisation named before them in their clause, else with the only one of their sentence."""
        sentence_end, clause_end = self._ends
        text = extraction.document.text
        ends = [m.end() for m in sentence_end.finditer(text)]
        people: dict[int, list[tuple[Span, str]]] = defaultdict(list)
        beside: dict[int, list[tuple[Span, str]]] = defaultdict(list)
        for entity in extraction.entities:
            into = people if entity.type == "Person" else beside if entity.id in organizations else None
            for mention in entity.mentions if into is not None else ():
                if into is not None and mention.kind in {"name", "alias"}:
                    into[bisect_right(ends, mention.span.begin)].append((mention.span, entity.id))
        for sentence, named in sorted(people.items()):
            here = sorted(beside[sentence])
            for span, person in sorted(named):
                before = [o for s, o in here if s.end <= span.begin and not clause_end.search(text, s.end, span.begin)]
                if before:
                    yield person, before[-1]
                elif len({p for _, p in named}) == 1 and len({o for _, o in here}) == 1:
                    yield person, here[0][1]


def join_people(supported: Mapping[Local, Iterable[Hashable]]) -> list[list[Local]]:
    """People of one name in sets of one person each: those with a support in common.

    >>> one, other, third = Local("a", "e1"), Local("b", "e1"), Local("c", "e1")
    >>> join_people({one: ["工人日报"], other: ["工人日报"], third: []}) == [[one, other], [third]]
    True
    """
    joined: UnionFind = UnionFind(supported)
    by_support: dict[Hashable, list[Local]] = defaultdict(list)
    for local, supports in supported.items():
        for support in supports:
            by_support[support].append(local)
    for same in by_support.values():
        joined.union(*same)
    return sorted(sorted(found) for found in joined.to_sets())
