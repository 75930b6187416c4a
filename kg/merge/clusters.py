"""Identity across documents: which entities of many documents are one thing.

Names are compared within blocks only, so the work grows with the number of entities. What settles identity is the
structure of names and the places of the documents; a person needs support beside the name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from networkx.utils import UnionFind

from kg.merge.traits import Trait, Traits
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Extraction, Span

_LEAST_ALIAS = 3  # code points of another name that joins documents


class Local(NamedTuple):
    """An entity of one document."""

    document: str
    id: str


class Clusters:
    """The entities of many documents in sets of one thing each.

    `traits` tells how the name of each was read; :meth:`sets` gives the clusters in a fixed order.
    """

    def __init__(self, extractions: Sequence[Extraction], domain: Domain) -> None:
        self._domain = domain
        self._reading = Traits(domain)
        marks = domain.toml("layout.toml")["sentence"]
        self._ends = re.compile(f"[{re.escape(marks['end'])}\r\n]+"), re.compile(f"[{re.escape(marks['clause'])}]")
        self.entities = {Local(x.document.id, e.id): e for x in extractions for e in x.entities}
        self.traits: dict[Local, Trait] = {}
        self._others: dict[Local, list[Trait]] = {}
        self._support: dict[Local, set[Hashable]] = defaultdict(set)
        self._joined: UnionFind = UnionFind(self.entities)
        for extraction in extractions:
            self._read(extraction)
        blocks: dict[tuple[str, ...], list[Local]] = defaultdict(list)
        for local, trait in self.traits.items():
            blocks[trait.block].append(local)
        self._join_blocks(blocks)
        self._join_aliases(blocks)
        self._join_people(extractions)

    def sets(self) -> list[list[Local]]:
        """The clusters, each sorted, in the order of their first members."""
        return sorted(sorted(cluster) for cluster in self._joined.to_sets())

    def areas(self) -> Iterator[tuple[Local, str]]:
        """The codes of places, and of the places that organisations are named after, as far as they are settled."""
        for local, trait in sorted(self.traits.items()):
            if len(trait.keys) == 1 and next(iter(trait.keys)).isdecimal():
                yield local, next(iter(trait.keys))

    def is_short(self, local: Local) -> bool:
        """Whether the name says nothing without the places of its document."""
        trait = self.traits.get(local)
        return trait is not None and trait.bound

    def _read(self, extraction: Extraction) -> None:
        here = self._reading.setting(extraction)
        for entity in extraction.entities:
            local = Local(extraction.document.id, entity.id)
            years = self._reading.years(extraction, entity)
            if entity.type == "Person":
                continue
            readings = {n: self._reading.of(n, entity.type, here, years) for n in entity.names}
            # A name such as 市总工会 may be canonical in a document that elsewhere spells it out.
            best = min(entity.names, key=lambda n: (not readings[n].keys, n != entity.name))
            trait = readings[entity.name]
            if trait.bound and not trait.keys and readings[best].keys and readings[best].block == trait.block:
                trait = readings[best]
            self.traits[local] = trait
            self._others[local] = [
                r for n, r in sorted(readings.items()) if n != entity.name and len(n) >= _LEAST_ALIAS and r != trait
            ]

    def _join_blocks(self, blocks: Mapping[tuple[str, ...], list[Local]]) -> None:
        for members in blocks.values():
            by_key: dict[str, list[Local]] = defaultdict(list)
            for local in members:
                for key in self.traits[local].keys:
                    by_key[key].append(local)
            for same in by_key.values():
                self._joined.union(*same)
            groups = self._groups(members)
            for local, group in [(m, self._meant(self.traits[m], groups)) for m in members if self._is_open(m)]:
                if group is not None:
                    self._joined.union(local, group)
            loose = [m for m in members if self._is_open(m) and self._meant(self.traits[m], groups) is None]
            if loose and (not groups or self.traits[loose[0]].strict):
                self._join_loose(loose)

    def _join_loose(self, loose: list[Local]) -> None:
        """Join names of one block that no key tells apart: contests of one year with each other."""
        pools: dict[Hashable, list[Local]] = defaultdict(list)
        for local in loose:
            trait = self.traits[local]
            pools[trait.hints if trait.strict else ""].append(local)
        for same in pools.values():
            self._joined.union(*same)

    def _is_open(self, local: Local) -> bool:
        trait = self.traits[local]
        return not trait.keys and not trait.bound

    def _groups(self, members: Iterable[Local]) -> dict[Local, frozenset[str]]:
        """The keys of each set within a block, by its representative."""
        found: dict[Local, set[str]] = defaultdict(set)
        for local in members:
            if self.traits[local].keys:
                found[self._joined[local]] |= self.traits[local].keys
        return {local: frozenset(keys) for local, keys in found.items()}

    @staticmethod
    def _meant(trait: Trait, groups: dict[Local, frozenset[str]]) -> Local | None:
        """The one set of the block that a name without a key means, if there is just one."""
        likely = [g for g, keys in groups.items() if keys & trait.hints]
        if len(likely) == 1:
            return likely[0]
        return next(iter(groups)) if len(groups) == 1 and not likely and not trait.strict else None

    def _join_aliases(self, blocks: Mapping[tuple[str, ...], list[Local]]) -> None:
        """Join what is called by another's further name (江汉矿山机械厂, now 江汉重装), where only one is called so."""
        claims: dict[Local, set[Local]] = defaultdict(set)
        called: dict[tuple[tuple[str, ...], frozenset[str]], Local | None] = {}
        for local, readings in self._others.items():
            for reading in readings:
                if reading.block not in blocks or (reading.bound and not reading.keys):
                    continue
                asked = reading.block, reading.keys
                if asked not in called:
                    called[asked] = self._called(reading, blocks[reading.block])
                found = called[asked]
                if found is not None and self._joined[found] != self._joined[local]:
                    claims[self._joined[found]].add(self._joined[local])
        for claimed, by in sorted(claims.items()):
            if len(by) == 1:
                self._joined.union(claimed, next(iter(by)))

    def _called(self, reading: Trait, members: list[Local]) -> Local | None:
        if reading.keys:
            with_key = {self._joined[m] for m in members if self.traits[m].keys & reading.keys}
            return min(with_key) if len(with_key) == 1 else None
        every = {self._joined[m] for m in members if not self.traits[m].bound or self.traits[m].keys}
        return min(every) if len(every) == 1 else None

    def _join_people(self, extractions: Sequence[Extraction]) -> None:
        by_name: dict[str, list[Local]] = defaultdict(list)
        for extraction in extractions:
            people = [e for e in extraction.entities if e.type == "Person"]
            if people:
                self._find_support(extraction)
            for person in people:
                by_name[fold(person.name)].append(Local(extraction.document.id, person.id))
        for people_of_name in by_name.values():
            by_hint: dict[Hashable, list[Local]] = defaultdict(list)
            for local in people_of_name:
                for hint in self._support[local]:
                    by_hint[hint].append(local)
            for same in by_hint.values():
                self._joined.union(*same)

    def _find_support(self, extraction: Extraction) -> None:
        """What speaks for two people of one name being one: organisations stated or beside, and the outlet."""
        document = extraction.document.id
        organizations = {
            e.id for e in extraction.entities if e.type != "Media" and self._domain.is_a(e.type, "Organization")
        }
        for fact in extraction.facts:
            if fact.modality is None and fact.predicate is None and fact.tail in organizations:
                self._support[Local(document, fact.head)].add(self._joined[Local(document, fact.tail)])
        for person, organization in _in_one_sentence(extraction, organizations, *self._ends):
            self._support[Local(document, person)].add(self._joined[Local(document, organization)])
        publisher = extraction.document.metadata.publisher
        for entity in extraction.entities:
            if publisher and any(m.kind == "metadata" for m in entity.mentions):
                self._support[Local(document, entity.id)].add(publisher.value)


def _in_one_sentence(
    extraction: Extraction, organizations: set[str], sentence_end: re.Pattern[str], clause_end: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    """People with the organisation named before them in their clause, else with the only one of their sentence."""
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
