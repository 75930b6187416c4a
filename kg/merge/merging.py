"""Identity across documents: the entities of many extractions, each thing once.

Within a document the resolver has settled what is one; :mod:`kg.merge.clusters` says what is one across documents.
What stays apart for want of support bears different identifiers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from kg.merge.blocks import Local
from kg.merge.clusters import Clusters
from kg.merge.deciding import Replay
from kg.merge.graph import KnowledgeGraph
from kg.merge.identity import identifier
from kg.merge.naming import describe, identifiers
from kg.model import Dating, Entity, Evidence, Extraction, Fact, Observation
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    united, renamed, areas = _united(clusters, replay)
    documents = {x.document.id: x.document for x in ordered}
    facts, settled = replay.on_facts(united_facts(ordered, renamed, domain), united, documents, domain)
    settled += [(decision, sorted({renamed[m] for m in members})) for decision, members in replay.done]
    return KnowledgeGraph(
        domain,
        documents=documents.values(),
        entities=united,
        facts=facts,
        observations=united_observations(ordered, renamed),
        datings=united_datings(ordered, renamed),
        decisions=[(decision, tuple(things)) for decision, things in settled],
        idle=replay.idle,
        areas=areas,
        kept_apart=[(renamed[a], renamed[b]) for a, b in replay.apart],
    )


def _united(clusters: Clusters, replay: Replay) -> tuple[list[Entity], dict[Local, str], dict[str, str]]:
    """An entity of each cluster, the identifiers by the entities of the documents, and the codes of places."""
    sets = replay.on_clusters(clusters.sets())
    named = [
        describe([clusters.member(m) for m in s], replay.types.get(s[0], ""), replay.names.get(s[0], "")) for s in sets
    ]
    homonyms = Counter((cluster.type, fold(cluster.name)) for cluster in named)
    entities: dict[str, Entity] = {}
    renamed: dict[Local, str] = {}
    areas: dict[str, str] = {}
    for members, cluster in zip(sets, named, strict=True):
        wanted, other = identifiers(cluster, alone=homonyms[cluster.type, fold(cluster.name)] == 1)
        chosen = other if wanted in entities else wanted
        mentions = sorted(
            (m for member in members for m in clusters.entities[member].mentions),
            key=attrgetter("document", "span", "kind"),
        )
        entities[chosen] = Entity(chosen, cluster.type, cluster.name, cluster.aliases, tuple(mentions))
        renamed.update(dict.fromkeys(members, chosen))
        if cluster.area:
            areas[chosen] = cluster.area
    return list(entities.values()), renamed, areas


def united_facts(extractions: Iterable[Extraction], renamed: Mapping[Local, str], domain: Domain) -> list[Fact]:
    """The facts of all `extractions`, each once with all its evidence, between the entities that `renamed` tells.

    >>> from kg.domain import Domain
    >>> united_facts([], {}, Domain.default())
    []
    """
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
        Fact(head, relation, tail, sorted_evidence(found), modality, predicate)
        for (head, relation, tail, modality, predicate), found in evidence.items()
    ]


def united_observations(extractions: Iterable[Extraction], renamed: Mapping[Local, str]) -> list[Observation]:
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
            found = sorted_evidence([*(known.evidence if known else ()), *local.evidence])
            united[key] = replace(local, id=key, about=about, evidence=found)
    return list(united.values())


def united_datings(extractions: Iterable[Extraction], renamed: Mapping[Local, str]) -> list[Dating]:
    """When events took place; the same event and time stated twice is one, with the evidence of both."""
    united: dict[str, Dating] = {}
    for extraction in extractions:
        for local in extraction.datings:
            about = renamed[Local(extraction.document.id, local.about)]
            when = (about, local.interval.edtf or "", local.modality or "")
            key = identifier("Dating", "", "\x1f".join(when), digits=12)
            known = united.get(key, local)
            found = sorted_evidence([*known.evidence, *local.evidence])
            united[key] = replace(known, id=key, about=about, evidence=found)
    return list(united.values())


def sorted_evidence(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The distinct pieces of evidence in text order, the surest first within a sentence; so are their marks."""
    place = attrgetter("span", "role")
    distinct = {replace(e, marks=tuple(sorted(e.marks, key=place))) for e in evidence}
    return tuple(
        sorted(distinct, key=lambda e: (e.document, e.sentence, -e.confidence, e.rule, [place(m) for m in e.marks]))
    )
