"""What a graph's shape tells: how connected, how central and of which community its entities are, and its bridges.

Degree counts facts. PageRank follows their direction (Brin and Page 1998). Betweenness (Freeman 1977), communities
(Leiden, Traag et al. 2019, by modularity) and bridges look at pairs of entities joined by any fact, in any direction.
Computed by igraph; rounded, for the last digits differ between processors.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import igraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.merge import KnowledgeGraph

LARGEST = 20_000  # entities; the time betweenness takes grows with their square
_DIGITS = 6
_DAMPING = 0.85
_ROUNDS = 10  # of Leiden; more change nothing at the sizes tried


@dataclass(frozen=True, slots=True)
class Centrality:
    """What the shape of the graph tells of one entity.

    `degree` is the number of its facts, `pagerank` a share of 1, `betweenness` the share of the shortest paths between
    two others that lead through it (None in graphs of more than :data:`LARGEST` entities), and `community` the number
    of its community, from 1, the largest first.
    """

    degree: int
    pagerank: float
    betweenness: float | None
    community: int

    def as_dict(self) -> dict[str, str | int | float | None]:
        """The measures by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The measures of each entity, by identifier, and the pairs whose link alone holds two parts together."""

    centrality: dict[str, Centrality]
    bridges: tuple[tuple[str, str], ...]

    def communities(self) -> list[list[str]]:
        """The identifiers of each community, the most central first; the largest community first."""
        found: dict[int, list[str]] = {}
        for name, measured in sorted(self.centrality.items(), key=lambda item: (-item[1].pagerank, item[0])):
            found.setdefault(measured.community, []).append(name)
        return [members for _, members in sorted(found.items())]


def analyze(graph: KnowledgeGraph) -> Analysis:
    """Measure `graph`; the same graph gives the same measures.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> analyze(merge([], Domain.default()))
    Analysis(centrality={}, bridges=())
    """
    names = [entity.id for entity in graph.entities()]
    index = {name: at for at, name in enumerate(names)}
    facts = [(index[fact.head], index[fact.tail]) for fact in graph.facts()]
    directed = igraph.Graph(n=len(names), edges=facts, directed=True)
    links = sorted({(min(pair), max(pair)) for pair in facts if pair[0] != pair[1]})
    linked = igraph.Graph(n=len(names), edges=links)
    ranks = directed.pagerank(damping=_DAMPING) if names else []
    between = _betweenness(linked)
    communities = _communities(linked, ranks)
    rows = zip(names, directed.degree(loops=True), ranks, between, communities, strict=True)
    return Analysis(
        {
            name: Centrality(degree, round(rank, _DIGITS), share, community)
            for name, degree, rank, share, community in rows
        },
        tuple((names[one], names[other]) for one, other in sorted(links[at] for at in linked.bridges())),
    )


def _betweenness(linked: igraph.Graph) -> Sequence[float | None]:
    count = linked.vcount()
    if count > LARGEST:
        return [None] * count
    pairs = (count - 1) * (count - 2) / 2
    return [round(value / pairs, _DIGITS) if pairs > 0 else 0.0 for value in linked.betweenness(directed=False)]


def _communities(linked: igraph.Graph, ranks: Sequence[float]) -> list[int]:
    """The number of each entity's community; Leiden draws lots, always the same ones."""
    with _lots():
        found = list(linked.community_leiden(objective_function="modularity", n_iterations=_ROUNDS))
    ordered = sorted(
        (sorted(part) for part in found), key=lambda part: (-len(part), -sum(ranks[i] for i in part), part)
    )
    number = {node: at for at, part in enumerate(ordered, 1) for node in part}
    return [number[node] for node in range(linked.vcount())]


@contextmanager
def _lots() -> Iterator[None]:
    """Within, igraph draws from a generator of our own; afterwards from Python's again."""
    igraph.set_random_number_generator(random.Random(0))  # noqa: S311 - no secret
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def ranked(graph: KnowledgeGraph, found: Analysis) -> Iterator[tuple[str, str, Centrality]]:
    """Name, class and measures of every entity, the highest PageRank first."""
    for name, measured in sorted(found.centrality.items(), key=lambda item: (-item[1].pagerank, item[0])):
        entity = graph.entity(name)
        yield entity.name, entity.type, measured
