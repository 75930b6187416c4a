"""Identity across documents: the entities of many extractions, each thing once.

Within a document the resolver has settled what is one; :mod:`kg.merge.clusters` says what is one across documents.
What stays apart for want of support bears different identifiers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from kg.merge.clusters import Clusters, Local
from kg.merge.deciding import Replay
from kg.merge.graph import KnowledgeGraph
from kg.merge.identity import identifier
from kg.model import Dating, Entity, Evidence, Extraction, Fact, Observation
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.domain import Domain
    from kg.merge.decisions import Decision
    from kg.model import Modality


def merge(extractions: Iterable[Extraction], domain: Domain, decisions: Sequence[Decision] = ()) -> KnowledgeGraph:
    """The graph that the extractions state together, after what people decided; the same for any order of documents.

    >>> from kg.domain import Domain
    >>> len(merge([], Domain.default()).facts())
    0
    """
    ordered = sorted(extractions, key=lambda e: e.document.id)
    clusters = Clusters(ordered, domain)
    replay = Replay(decisions, clusters.entities)
    united, renamed = _united(clusters, replay)
    areas = {renamed[local]: code for local, code in clusters.areas()}
    documents = {x.document.id: x.document for x in ordered}
    facts, settled = replay.on_facts(_facts(ordered, renamed, domain), united, documents, domain)
    settled += [(decision, sorted({renamed[m] for m in members})) for decision, members in replay.done]
    return KnowledgeGraph(
        domain,
        documents=documents.values(),
        entities=united,
        facts=facts,
        observations=_observations(ordered, renamed),
        datings=_datings(ordered, renamed),
        decisions=[(decision, tuple(things)) for decision, things in settled],
        idle=replay.idle,
        areas=areas,
        kept_apart=[(renamed[a], renamed[b]) for a, b in replay.apart],
    )


def _united(clusters: Clusters, replay: Replay) -> tuple[list[Entity], dict[Local, str]]:
    """An entity of each cluster, and the identifiers by the entities of the documents.

    Where several would bear one name, the key that tells their names apart (a place, a year) makes the identifier, or
    else the first document.
    """
    sets = replay.on_clusters(clusters.sets())
    named = [
        (replay.types.get(s[0], clusters.entities[s[0]].type), replay.names.get(s[0]) or _name(s, clusters))
        for s in sets
    ]
    homonyms = Counter((kind, fold(name)) for kind, name in named)
    entities, renamed = [], {}
    taken: set[str] = set()
    for members, (kind, name) in zip(sets, named, strict=True):
        first = members[0]
        keys = sorted({k for m in members if m in clusters.traits for k in clusters.traits[m].keys})
        apart = (keys[0] if keys else first.document) if homonyms[kind, fold(name)] > 1 else ""
        wanted = identifier(kind, name, apart)
        entity = _unite([clusters.entities[m] for m in members], kind, name, wanted)
        if entity.id in taken:  # by chance, or because one document has two of them
            entity = replace(entity, id=identifier(kind, name, f"{apart}\x1f{first.document}\x1f{first.id}"))
        taken.add(entity.id)
        entities.append(entity)
        renamed.update(dict.fromkeys(members, entity.id))
    return entities, renamed


def _name(members: Sequence[Local], clusters: Clusters) -> str:
    """The name that most documents use, the longest among equals; 市总工会 only where no document says more."""
    votes: Counter[str] = Counter()
    says_little = set()
    for member in members:
        name = clusters.entities[member].name
        votes[name] += 1
        if clusters.is_short(member):
            says_little.add(name)
    return min(votes, key=lambda n: (n in says_little, -votes[n], -len(n), n))


def _unite(members: Sequence[Entity], kind: str, name: str, named: str) -> Entity:
    """One entity of all `members`, of this class, name and identifier."""
    aliases = sorted({n for m in members for n in m.names} - {name})
    mentions = sorted((m for e in members for m in e.mentions), key=attrgetter("document", "span", "kind"))
    return Entity(named, kind, name, tuple(aliases), tuple(mentions))


def _facts(extractions: Sequence[Extraction], renamed: dict[Local, str], domain: Domain) -> list[Fact]:
    evidence: dict[tuple[str, str, str, Modality | None, str | None], list[Evidence]] = defaultdict(list)
    for extraction in extractions:
        document = extraction.document.id
        for fact in extraction.facts:
            head, tail = renamed[Local(document, fact.head)], renamed[Local(document, fact.tail)]
            if head != tail:
                if fact.predicate is None and domain.relations[fact.relation].symmetric:
                    head, tail = sorted((head, tail))
                evidence[head, fact.relation, tail, fact.modality, fact.predicate].extend(fact.evidence)
    return [
        Fact(head, relation, tail, _sorted(found), modality, predicate)
        for (head, relation, tail, modality, predicate), found in evidence.items()
    ]


def _observations(extractions: Sequence[Extraction], renamed: dict[Local, str]) -> list[Observation]:
    """Figures in every document's own words; the same figure stated twice is one, with the evidence of both."""
    united: dict[str, Observation] = {}
    for extraction in extractions:
        document = extraction.document.id
        for local in extraction.observations:
            about = renamed[Local(document, local.about)]
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


def _datings(extractions: Sequence[Extraction], renamed: dict[Local, str]) -> list[Dating]:
    """When events took place; the same event and time stated twice is one, with the evidence of both."""
    united: dict[str, Dating] = {}
    for extraction in extractions:
        for local in extraction.datings:
            about = renamed[Local(extraction.document.id, local.about)]
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
