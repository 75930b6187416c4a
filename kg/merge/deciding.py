"""Decisions replayed: on the clusters before they are named, and on the facts after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import Entity, Evidence, Fact, Span
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.domain import Domain
    from kg.merge.blocks import Local
    from kg.merge.decisions import Decision, Thing
    from kg.model import Document

Cluster = list["Local"]


@dataclass(slots=True)
class Replay:
    """The decisions as they are replayed: `done` with the members concerned, `idle` with the reason why nothing was."""

    decisions: Sequence[Decision]
    entities: Mapping[Local, Entity]
    done: list[tuple[Decision, list[Local]]] = field(default_factory=list)
    idle: list[tuple[Decision, str]] = field(default_factory=list)
    apart: list[tuple[Local, Local]] = field(default_factory=list)
    names: dict[Local, str] = field(default_factory=dict)
    types: dict[Local, str] = field(default_factory=dict)
    _called: dict[str, list[Local]] = field(init=False)  # the entities by their names

    def __post_init__(self) -> None:
        """Index the entities, if there is anything to replay."""
        self._called = defaultdict(list)
        for local, entity in sorted(self.entities.items()) if self.decisions else ():
            for name in {fold(n) for n in entity.names}:
                self._called[name].append(local)

    def on_clusters(self, sets: list[Cluster]) -> list[Cluster]:
        """The clusters after every merge and split, in file order; renaming and retyping is noted by first member."""
        noted: list[tuple[Decision, Local]] = []
        owners = {member: cluster for cluster in sets for member in cluster}
        for decision in (d for d in self.decisions if not d.relation):
            found = [self._clusters(thing, owners) for thing in decision.things]
            problem = _problem(decision, found)
            if problem:
                self.idle.append((decision, problem))
            elif decision.kind == "merge":
                self._merged(decision, found, owners)
            elif decision.kind == "split":
                self._split(decision, found[0], owners)
            else:
                noted += [(decision, cluster[0]) for cluster in found[0]]
        sets = sorted({cluster[0]: cluster for cluster in owners.values()}.values())
        self._note(noted, sets)
        return sets

    def _note(self, noted: Iterable[tuple[Decision, Local]], sets: Iterable[Cluster]) -> None:
        first = {member: cluster[0] for cluster in sets for member in cluster}
        for decision, member in noted:
            into = self.names if decision.kind == "rename" else self.types
            into[first[member]] = decision.name or decision.type
            self.done.append((decision, [member]))

    def _clusters(self, thing: Thing, owners: Mapping[Local, Cluster]) -> list[Cluster]:
        """The clusters with a member that `thing` means: by its name, else by another name."""
        wanted = fold(thing.name)
        here = [
            m
            for m in self._called.get(wanted, ())
            if (not thing.documents or m.document in thing.documents) and thing.type in (None, self.entities[m].type)
        ]
        named = [m for m in here if fold(self.entities[m].name) == wanted]
        found = {owners[m][0]: owners[m] for m in named or here}
        return [found[first] for first in sorted(found)]

    def _merged(self, decision: Decision, found: list[list[Cluster]], owners: dict[Local, Cluster]) -> None:
        chosen = {c[0]: c for clusters in found for c in clusters}
        whole = sorted(m for c in chosen.values() for m in c)
        if len({self.entities[m].type for m in whole}) > 1:
            self.idle.append((decision, "they are of different classes; retype one of them first"))
            return
        self.done.append((decision, whole[:1]))
        owners.update(dict.fromkeys(whole, whole))

    def _split(self, decision: Decision, found: list[Cluster], owners: dict[Local, Cluster]) -> None:
        parts = []
        for cluster in found:
            leaving = [m for m in cluster if m.document in decision.documents]
            parts.append((leaving, [m for m in cluster if m.document not in decision.documents]))
        gone, stay = [p for p, _ in parts if p], [p for _, p in parts if p]
        if not gone:
            self.idle.append((decision, "none of the documents names it"))
            return
        self.apart += [(g[0], s[0]) for g in gone for s in stay]
        self.done.append((decision, [p[0] for p in (*gone, *stay)]))
        owners.update({member: part for part in (*gone, *stay) for member in part})

    def on_facts(
        self, facts: list[Fact], entities: Sequence[Entity], documents: Mapping[str, Document], domain: Domain
    ) -> tuple[list[Fact], list[tuple[Decision, list[str]]]]:
        """The facts without the rejected ones and with those added; and each such decision with its two entities."""
        types = {e.id: e.type for e in entities}
        facts = admitted(facts, types, domain)
        by_name: dict[str, list[Entity]] = defaultdict(list)
        for entity in entities:
            for name in {fold(n) for n in entity.names}:
                by_name[name].append(entity)
        settled = []
        for decision in self.decisions:
            if not decision.relation:
                continue
            heads, tails = (_meant(thing, by_name) for thing in decision.things)
            pairs = {(h.id, t.id) for h in heads for t in tails}
            pairs |= {(t, h) for h, t in pairs} if domain.relations[decision.relation].symmetric else set()
            if decision.kind == "reject":
                kept = [f for f in facts if (f.head, f.tail) not in pairs or f.relation != decision.relation]
                problem = "" if len(kept) < len(facts) else "no document states it"
                facts = kept
            else:
                problem = _addition_problem(decision, heads, tails, documents, domain)
                facts = facts if problem else _with(facts, decision, heads[0], tails[0], documents)
            if problem:
                self.idle.append((decision, problem))
            else:
                settled.append((decision, sorted({e.id for e in (*heads, *tails)})))
        return facts, settled


def admitted(facts: Iterable[Fact], types: Mapping[str, str], domain: Domain) -> list[Fact]:
    """Those of `facts` whose ends, by now perhaps retyped, the ontology lets stand in the relation."""
    return [f for f in facts if f.predicate or domain.relations[f.relation].admits(types[f.head], types[f.tail])]


def _problem(decision: Decision, found: list[list[Cluster]]) -> str:
    for thing, clusters in zip(decision.things, found, strict=True):
        if not clusters:
            return f"nothing is named {thing.name}"
        if len(clusters) > 1 and not thing.documents and decision.kind != "split":
            return f"{len(clusters)} things are named {thing.name}; say in which documents"
    return ""


def _meant(thing: Thing, by_name: Mapping[str, list[Entity]]) -> list[Entity]:
    wanted = fold(thing.name)
    found = [
        e
        for e in by_name.get(wanted, ())
        if thing.type in (None, e.type)
        and (not thing.documents or any(m.document in thing.documents for m in e.mentions))
    ]
    return [e for e in found if fold(e.name) == wanted] or found


def _addition_problem(
    decision: Decision, heads: list[Entity], tails: list[Entity], documents: Mapping[str, Document], domain: Domain
) -> str:
    for thing, found in zip(decision.things, (heads, tails), strict=True):
        if len(found) != 1:
            return f"{len(found) or 'no'} things are named {thing.name}"
    (document,) = decision.documents
    if document not in documents:
        return f"no document is named {document}"
    if decision.quote not in documents[document].text:
        return f"{document} does not say {decision.quote}"
    if not domain.relations[decision.relation].admits(heads[0].type, tails[0].type):
        return f"{decision.relation} joins no {heads[0].type} to a {tails[0].type}"
    return ""


def _with(
    facts: list[Fact], decision: Decision, head: Entity, tail: Entity, documents: Mapping[str, Document]
) -> list[Fact]:
    """`facts` with the one that `decision` adds; a person has read its words, so its evidence is certain."""
    (document,) = decision.documents
    begin = documents[document].text.index(decision.quote)
    span = Span(begin, begin + len(decision.quote))
    evidence = Evidence(document, span, decision.quote, (), "decision", 1.0)
    known = next(
        (f for f in facts if (f.head, f.relation, f.tail, f.modality) == (head.id, decision.relation, tail.id, None)),
        None,
    )
    if known is None:
        return [*facts, Fact(head.id, decision.relation, tail.id, (evidence,))]
    both = tuple(sorted({*known.evidence, evidence}, key=lambda e: (e.document, e.sentence, -e.confidence, e.rule)))
    return [*(f for f in facts if f is not known), Fact(known.head, known.relation, known.tail, both)]
