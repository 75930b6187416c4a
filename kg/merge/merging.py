"""Identity across documents: the entities of many extractions, each thing once.

Within a document the resolver has settled what is one. Across documents two entities of one class are one
where their names are equal; places also where one bears the other's name as an alias (福州, 福州市). People
need more than a name: an organisation they share, or the same publisher for those in bylines. What stays
apart for want of support bears different identifiers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from networkx.utils import UnionFind

from kg.merge.graph import KnowledgeGraph
from kg.merge.identity import identifier
from kg.model import Dating, Entity, Evidence, Extraction, Fact, Observation
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from kg.domain import Domain
    from kg.model import Modality


class _Local(NamedTuple):
    """An entity of one document."""

    document: str
    id: str


def merge(extractions: Iterable[Extraction], domain: Domain) -> KnowledgeGraph:
    """The graph that the extractions state together; the same for any order of them.

    >>> from kg.domain import Domain
    >>> len(merge([], Domain.default()).facts())
    0
    """
    ordered = sorted(extractions, key=lambda e: e.document.id)
    entities = {_Local(x.document.id, e.id): e for x in ordered for e in x.entities}
    clusters = _clusters(ordered, entities, domain)
    united: dict[str, Entity] = {}
    renamed: dict[_Local, str] = {}
    for members, discriminator in clusters:
        entity = _unite([entities[m] for m in members], discriminator)
        united[entity.id] = entity
        renamed.update(dict.fromkeys(members, entity.id))
    return KnowledgeGraph(
        domain,
        documents=[x.document for x in ordered],
        entities=united.values(),
        facts=_facts(ordered, renamed, domain),
        observations=_observations(ordered, renamed),
        datings=_datings(ordered, renamed),
    )


def _clusters(
    extractions: Sequence[Extraction], entities: dict[_Local, Entity], domain: Domain
) -> list[tuple[list[_Local], str]]:
    """The clusters of one thing each, with what tells homonyms apart (empty where there are none)."""
    joined: UnionFind = UnionFind(entities)
    by_name: dict[tuple[str, str], list[_Local]] = defaultdict(list)
    for local, entity in entities.items():
        names = entity.names if entity.type == "Place" else (entity.name,)
        for name in sorted({fold(n) for n in names}):
            by_name[entity.type, name].append(local)
    people = {key: locals_ for key, locals_ in by_name.items() if key[0] == "Person"}
    for key, locals_ in by_name.items():
        if key not in people:
            joined.union(*locals_)
    support = _support(extractions, entities, joined, domain)
    clusters: list[tuple[list[_Local], str]] = []
    for locals_ in people.values():
        for hint in sorted({h for local in locals_ for h in support[local]}, key=repr):
            joined.union(*(local for local in locals_ if hint in support[local]))
    homonyms: dict[tuple[str, str], int] = defaultdict(int)
    found = sorted(sorted(cluster) for cluster in joined.to_sets())
    for members in found:
        entity = entities[members[0]]
        homonyms[entity.type, fold(entity.name)] += 1
    for members in found:
        entity = entities[members[0]]
        is_ambiguous = homonyms[entity.type, fold(entity.name)] > 1
        clusters.append((members, members[0].document if is_ambiguous else ""))
    return clusters


def _support(
    extractions: Sequence[Extraction], entities: dict[_Local, Entity], joined: UnionFind, domain: Domain
) -> dict[_Local, set[Hashable]]:
    """What speaks for two people of one name being one: their organisations, and the publisher they write for."""
    support: dict[_Local, set[Hashable]] = defaultdict(set)
    for extraction in extractions:
        document = extraction.document.id
        for fact in extraction.facts:
            tail = _Local(document, fact.tail)
            if fact.modality is None and fact.predicate is None and domain.is_a(entities[tail].type, "Organization"):
                support[_Local(document, fact.head)].add(joined[tail])
        publisher = extraction.document.metadata.publisher
        for entity in extraction.entities:
            if publisher and any(m.kind == "metadata" for m in entity.mentions):
                support[_Local(document, entity.id)].add(publisher.value)
    return support


def _unite(members: Sequence[Entity], discriminator: str) -> Entity:
    """One entity of all `members`: the name that most documents use, the longest among equals."""
    kind = members[0].type
    votes: dict[str, int] = defaultdict(int)
    for member in members:
        votes[member.name] += 1
    name = min(votes, key=lambda n: (-votes[n], -len(n), n))
    aliases = sorted({n for m in members for n in m.names} - {name})
    mentions = sorted((m for e in members for m in e.mentions), key=attrgetter("document", "span", "kind"))
    return Entity(identifier(kind, name, discriminator), kind, name, tuple(aliases), tuple(mentions))


def _facts(extractions: Sequence[Extraction], renamed: dict[_Local, str], domain: Domain) -> list[Fact]:
    evidence: dict[tuple[str, str, str, Modality | None, str | None], list[Evidence]] = defaultdict(list)
    for extraction in extractions:
        document = extraction.document.id
        for fact in extraction.facts:
            head, tail = renamed[_Local(document, fact.head)], renamed[_Local(document, fact.tail)]
            if head != tail:
                if fact.predicate is None and domain.relations[fact.relation].symmetric:
                    head, tail = sorted((head, tail))
                evidence[head, fact.relation, tail, fact.modality, fact.predicate].extend(fact.evidence)
    return [
        Fact(head, relation, tail, _sorted(found), modality, predicate)
        for (head, relation, tail, modality, predicate), found in evidence.items()
    ]


def _observations(extractions: Sequence[Extraction], renamed: dict[_Local, str]) -> list[Observation]:
    """Figures in every document's own words; the same figure stated twice is one, with the evidence of both."""
    united: dict[str, Observation] = {}
    for extraction in extractions:
        document = extraction.document.id
        for local in extraction.observations:
            about = renamed[_Local(document, local.about)]
            told_apart_by = (
                about,
                format(local.value.normalize(), "f"),
                local.unit or "",
                local.qualifier or "",
                local.period or "",
                local.modality or "",
                # A period such as 今年 means another year in another document.
                document,
            )
            key = identifier("Observation", local.measure, "\x1f".join(told_apart_by), digits=12)
            known = united.get(key)
            found = _sorted([*(known.evidence if known else ()), *local.evidence])
            united[key] = replace(local, id=key, about=about, evidence=found)
    return list(united.values())


def _datings(extractions: Sequence[Extraction], renamed: dict[_Local, str]) -> list[Dating]:
    """When events took place; the same event and time stated twice is one, with the evidence of both."""
    united: dict[str, Dating] = {}
    for extraction in extractions:
        for local in extraction.datings:
            about = renamed[_Local(extraction.document.id, local.about)]
            when = (about, local.interval.edtf or "", local.modality or "")
            key = identifier("Dating", "", "\x1f".join(when), digits=12)
            known = united.get(key, local)
            found = _sorted([*known.evidence, *local.evidence])
            united[key] = replace(known, id=key, about=about, evidence=found)
    return list(united.values())


def _sorted(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The distinct pieces of evidence in text order, the surest first within a sentence; so are their marks."""
    place = attrgetter("span", "role")
    distinct = {replace(e, marks=tuple(sorted(e.marks, key=place))) for e in evidence}
    return tuple(
        sorted(distinct, key=lambda e: (e.document, e.sentence, -e.confidence, e.rule, [place(m) for m in e.marks]))
    )
