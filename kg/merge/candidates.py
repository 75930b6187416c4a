"""Pairs that may be one thing and were not merged: what a person may decide, with the reasons."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.merge.graph import KnowledgeGraph
    from kg.model import Entity

_MOST = 20  # bearers of one name of which every two are told


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entities that may be one; `reason` is a word for machines, `name` the name that suggests it."""

    first: Entity
    second: Entity
    reason: str
    name: str

    @property
    def explanation(self) -> str:
        """The reason for people."""
        return _REASONS[self.reason].format(name=self.name)


_REASONS = {
    "same-name": "both are named {name}; nothing says that they are one",
    "shared-alias": "both are called {name} somewhere",
    "name-is-alias": "{name} is the name of one and another name of the other",
}


def candidates(graph: KnowledgeGraph) -> list[Candidate]:
    """The undecided pairs of `graph`: of one class, with a name in common, not told apart by place or by a decision.

    Of a name that many bear only neighbours are paired, so that the list grows with the graph and not with its square.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> candidates(merge([], Domain.default()))
    []
    """
    by_name: dict[tuple[str, str], list[Entity]] = defaultdict(list)
    for entity in graph.entities():
        for name in sorted({fold(n) for n in entity.names}):
            by_name[entity.type, name].append(entity)
    decided = {frozenset(pair) for pair in graph.kept_apart}
    found: dict[tuple[str, str], Candidate] = {}
    for (_, name), bearers in sorted(by_name.items()):
        for first, second in _pairs(bearers):
            if frozenset((first.id, second.id)) in decided or (first.id, second.id) in found:
                continue
            areas = {graph.areas[e.id] for e in (first, second) if e.id in graph.areas}
            if len(areas) > 1:
                continue  # 福州市总工会 and 包头市总工会 are both called 市总工会
            found[first.id, second.id] = Candidate(first, second, _reason(first, second, name), _shown(first, name))
    return [found[key] for key in sorted(found)]


def _pairs(bearers: list[Entity]) -> Iterator[tuple[Entity, Entity]]:
    if len(bearers) <= _MOST:
        yield from combinations(bearers, 2)
    else:
        yield from pairwise(bearers)


def _reason(first: Entity, second: Entity, name: str) -> str:
    named = (fold(first.name) == name) + (fold(second.name) == name)
    return ("shared-alias", "name-is-alias", "same-name")[named]


def _shown(entity: Entity, name: str) -> str:
    return next(n for n in entity.names if fold(n) == name)
