"""Finding things in a graph by what people call them, and all that it says of two of them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from kg.domain import OPEN_RELATION
from kg.errors import QueryError
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.merge.graph import KnowledgeGraph
    from kg.model import Entity, Fact

_NEAR = 5  # names to offer in place of one that is not known
_LIKENESS = 0.4  # from which two names are near each other, 0 to 1


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no entity bears, and the entities whose names come nearest to it."""

    name: str
    nearest: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a graph says of a head, a relation and a tail.

    `facts` are those that were asked for, `unasserted` the same where they are only planned, denied or claimed;
    `others` what else joins the two, in either direction, where there are neither; `unknown` the names that no
    entity bears.
    """

    facts: tuple[Fact, ...] = ()
    unasserted: tuple[Fact, ...] = ()
    others: tuple[Fact, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def find(graph: KnowledgeGraph, name: str) -> list[Entity]:
    """The entities that `name` means: the one with this identifier, else all of this name, else of this alias.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> find(merge([], Domain.default()), "市总工会")
    []
    """
    identifier = name.removeprefix("id:")
    if identifier in graph.network:
        return [graph.entity(identifier)]
    known = graph.entities(name=name)
    return [e for e in known if fold(e.name) == fold(name)] or known


def nearest(graph: KnowledgeGraph, name: str, limit: int = _NEAR) -> list[Entity]:
    """The entities whose names or aliases are most like `name`, the likest first."""
    wanted = fold(name)
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    found = []
    for entity in graph.entities():
        likeness = max(_likeness(matcher, wanted, fold(n)) for n in entity.names)
        if likeness >= _LIKENESS:
            found.append((-likeness, entity.name, entity.id, entity))
    return [entity for *_, entity in sorted(found, key=lambda f: f[:3])[:limit]]


def explain(graph: KnowledgeGraph, head: str, relation: str, tail: str) -> Explanation:
    """The facts of `graph` between what `head` and `tail` name, in the relation of this local name or label.

    A symmetric relation is found in either direction; the words of an open relation do as well.
    :class:`kg.errors.QueryError` where there is no such relation.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> [u.name for u in explain(merge([], Domain.default()), "市总工会", "主办", "大赛").unknown]
    ['市总工会', '大赛']
    """
    spoken = {f.predicate for f in graph.open_facts()}
    wanted = None if relation in spoken else relation_named(graph, relation)
    heads, tails = find(graph, head), find(graph, tail)
    if not heads or not tails:
        missing = [name for name, found in ((head, heads), (tail, tails)) if not found]
        return Explanation(unknown=tuple(Unknown(name, tuple(nearest(graph, name))) for name in missing))
    forward, backward = _between(graph, heads, tails), _between(graph, tails, heads)
    known = graph.domain.relations.get(wanted or "")
    either = forward + backward if known and known.symmetric else forward
    meant = [f for f in either if wanted == f.relation or relation == f.predicate]
    if not meant:
        return Explanation(others=tuple(forward + backward))
    return Explanation(tuple(f for f in meant if f.modality is None), tuple(f for f in meant if f.modality))


def relation_named(graph: KnowledgeGraph, name: str) -> str:
    """The relation of this local name or label; :class:`kg.errors.QueryError` lists those there are.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> relation_named(merge([], Domain.default()), "主办")
    'organizes'
    """
    wanted = fold(name.removeprefix("kg:"))
    if wanted == fold(OPEN_RELATION):
        return OPEN_RELATION
    for relation in graph.domain.relations.values():
        if wanted in map(fold, (relation.name, *relation.labels.values())):
            return relation.name
    known = ", ".join(f"{r.name} {r.labels.get('zh', '')}".rstrip() for r in graph.domain.relations.values())
    msg = f"{name}: no such relation; there are {known}"
    raise QueryError(msg)


def _between(graph: KnowledgeGraph, heads: Sequence[Entity], tails: Sequence[Entity]) -> list[Fact]:
    pairs = [(h.id, t.id) for h in heads for t in tails if h.id != t.id]
    tables = graph.facts, graph.unasserted, graph.open_facts
    return [f for h, t in pairs for table in tables for f in table(head=h, tail=t)]


def _likeness(matcher: SequenceMatcher[str], wanted: str, name: str) -> float:
    """How alike two folded names are, 0 to 1: a name that holds the other whole is near it, however long."""
    if name and wanted and (name in wanted or wanted in name):
        return 1 - abs(len(name) - len(wanted)) / (2 * (len(name) + len(wanted)))
    matcher.set_seq1(name)
    return matcher.ratio() if matcher.quick_ratio() >= _LIKENESS else 0.0
