"""The knowledge graph in memory: a networkx multigraph whose nodes and edges carry the typed nouns."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.errors import InvariantError
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.domain import Domain
    from kg.merge.decisions import Decision
    from kg.model import Dating, Document, Entity, Evidence, Fact, Observation


class KnowledgeGraph:
    """What all documents state together, each thing once.

    :attr:`network` is a `networkx.MultiDiGraph`: a node is an entity's identifier with the attribute ``entity``,
    an edge from head to tail has the relation as its key and the attribute ``fact``. Of `facts`, those with a modality
    (planned, negated, claimed) and those with a predicate of their own are no edges: :meth:`unasserted` and
    :meth:`open_facts` tell them. Entities, facts, observations and
    documents come in the order of their identifiers, so every view of a graph is stable. `decisions` are those that
    people took, with the entities concerned, and `idle_decisions` those that changed nothing, with the reason;
    `areas` are the GB/T 2260 codes of places and of organisations named after them; `kept_apart` are entities that
    a decision tells apart.

    >>> from kg.domain import Domain
    >>> graph = KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())
    >>> len(graph.entities())
    0
    """

    def __init__(
        self,
        domain: Domain,
        *,
        documents: Iterable[Document],
        entities: Iterable[Entity],
        facts: Iterable[Fact],
        observations: Iterable[Observation],
        datings: Iterable[Dating] = (),
        decisions: Iterable[tuple[Decision, tuple[str, ...]]] = (),
        areas: Mapping[str, str] | None = None,
        idle: Iterable[tuple[Decision, str]] = (),
        kept_apart: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.domain = domain
        self.decisions = tuple(sorted(decisions, key=lambda d: (d[0].date, d[0].to_json(), d[1])))
        self.areas = dict(sorted((areas or {}).items()))
        self.idle_decisions = tuple(idle)
        self.kept_apart = tuple(sorted({(min(pair), max(pair)) for pair in kept_apart}))
        self.documents = {d.id: d for d in sorted(documents, key=lambda d: d.id)}
        self.network = nx.MultiDiGraph()
        for entity in sorted(entities, key=lambda e: e.id):
            self.network.add_node(entity.id, entity=entity)
        ordered = sorted(facts, key=lambda f: (f.head, f.relation, f.tail, f.modality or "", f.predicate or ""))
        for fact in ordered:
            if fact.head not in self.network or fact.tail not in self.network:
                msg = f"a fact speaks of an entity that is not in the graph: {fact.head} {fact.relation} {fact.tail}"
                raise InvariantError(msg)
            if fact.modality is None and fact.predicate is None:
                self.network.add_edge(fact.head, fact.tail, key=fact.relation, fact=fact)
        self._unasserted = tuple(f for f in ordered if f.modality is not None)
        self._open = tuple(f for f in ordered if f.modality is None and f.predicate is not None)
        self._observations = tuple(sorted(observations, key=lambda o: o.id))
        self._datings = tuple(sorted(datings, key=lambda d: d.id))

    def entity(self, identifier: str) -> Entity:
        """The entity with this identifier; `KeyError` where there is none."""
        entity: Entity = self.network.nodes[identifier]["entity"]
        return entity

    def entities(self, type: str | None = None, name: str | None = None) -> list[Entity]:  # noqa: A002
        """The entities of class `type` or a subclass of it, and of the given name or alias.

        Names are compared as a reader would: width, case, quotation marks and white space do not count.
        """
        wanted = None if name is None else fold(name)
        return [
            entity
            for _, entity in self.network.nodes(data="entity")
            if (type is None or self.domain.is_a(entity.type, type))
            and (wanted is None or wanted in map(fold, entity.names))
        ]

    def facts(self, head: str | None = None, relation: str | None = None, tail: str | None = None) -> list[Fact]:
        """The facts with this head, relation and tail (entity identifiers); None stands for any."""
        if head is not None:
            edges = self.network.out_edges(head, data="fact") if head in self.network else ()
        elif tail is not None:
            edges = self.network.in_edges(tail, data="fact") if tail in self.network else ()
        else:
            edges = self.network.edges(data="fact")
        found = [f for _, _, f in edges if relation in (None, f.relation) and tail in (None, f.tail)]
        return sorted(found, key=lambda f: (f.head, f.relation, f.tail))

    def unasserted(self, head: str | None = None, tail: str | None = None) -> list[Fact]:
        """What the text only plans, wishes, denies or passes on, with its modality; no view counts it as fact."""
        return [f for f in self._unasserted if head in (None, f.head) and tail in (None, f.tail)]

    def open_facts(self, head: str | None = None, tail: str | None = None) -> list[Fact]:
        """What verbs of the text say of two entities that no relation joins, with the verb as predicate."""
        return [f for f in self._open if head in (None, f.head) and tail in (None, f.tail)]

    def observations(self, about: str | None = None) -> list[Observation]:
        """The observations about the entity with identifier `about`, or all."""
        return [o for o in self._observations if about in (None, o.about)]

    def datings(self, about: str | None = None) -> list[Dating]:
        """When the event with identifier `about` took place, or when all did, as far as the texts say."""
        return [d for d in self._datings if about in (None, d.about)]

    def evidence(self) -> Iterator[Evidence]:
        """Every piece of evidence, that of the facts first."""
        for fact in (*self.facts(), *self._unasserted, *self._open):
            yield from fact.evidence
        for observation in self._observations:
            yield from observation.evidence
        for dating in self._datings:
            yield from dating.evidence

    def to_networkx(self) -> nx.MultiDiGraph:
        """A copy of plain attributes, by the rule of :mod:`kg.export.flattening`: for networkx's own algorithms."""
        return _view("kg.export.flattening:flatten", self)

    def to_igraph(self) -> Any:
        """The same as an `igraph.Graph`."""
        return _view("kg.export.frames:to_igraph", self)

    def to_pandas(self) -> dict[str, Any]:
        """The tables of the graph as `pandas.DataFrame`, by name."""
        frames: dict[str, Any] = _view("kg.export.frames:to_pandas", self)
        return frames

    def to_rdflib(self) -> Any:
        """The graph as an `rdflib.Graph`, with all it rests on."""
        return _view("kg.rdf:to_rdflib", self)

    def _repr_html_(self) -> str:
        """What Jupyter shows."""
        html: str = _view("kg.export.frames:to_html", self)
        return html

    def count_by_class(self) -> dict[str, int]:
        """How many entities each class has, by class name."""
        return dict(sorted(Counter(e.type for e in self.entities()).items()))

    def count_by_relation(self) -> dict[str, int]:
        """How many facts each relation has, by relation name."""
        return dict(sorted(Counter(f.relation for f in self.facts()).items()))


def _view(name: str, graph: KnowledgeGraph) -> Any:
    """What the function ``module:name`` of a later stage makes of `graph`; imported when first asked for."""
    module, function = name.split(":")
    return getattr(import_module(module), function)(graph)
