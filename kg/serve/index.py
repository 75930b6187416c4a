"""Finds entities by what people type: a name or a part of it, another name, pinyin or initials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.resolve import fold
from kg.view.labels import pinyin

if TYPE_CHECKING:
    from kg.merge import KnowledgeGraph
    from kg.model import Entity


@dataclass(frozen=True, slots=True)
class _Entry:
    entity: Entity
    name: str
    folded: str
    syllables: str
    initials: str
    degree: int


class Index:
    """The names of a graph, ready to be searched.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> from kg.model import Entity
    >>> union = Entity("a", "TradeUnion", "重庆市总工会", ("市总工会",), ())
    >>> graph = KnowledgeGraph(Domain.default(), documents=(), entities=[union], facts=(), observations=())
    >>> [[e.name for e, _ in Index(graph).search(words, 5)] for words in ("总工会", "總工會", "cqszgh", "北京")]
    [['重庆市总工会'], ['重庆市总工会'], ['重庆市总工会'], []]
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._entries = []
        for entity in graph.entities():
            degree = len(graph.facts(head=entity.id)) + len(graph.facts(tail=entity.id))
            for name in entity.names:
                syllables = pinyin(name).split()
                initials = "".join(s if s.isdigit() else s[:1] for s in syllables)
                self._entries.append(_Entry(entity, name, _folded(name), "".join(syllables), initials, degree))

    def search(self, words: str, limit: int) -> list[tuple[Entity, str]]:
        """The entities that `words` may mean with the name that fits, the best first."""
        sought = _folded(words)
        if not sought:
            return []
        ranked = sorted(
            (
                (rank, -e.degree, len(e.name), e.name, e.entity.id, e)
                for e in self._entries
                if (rank := _rank(e, sought))
            ),
            key=lambda found: found[:5],
        )
        best: dict[str, tuple[Entity, str]] = {}
        for *_, entry in ranked:
            best.setdefault(entry.entity.id, (entry.entity, entry.name))
            if len(best) == limit:
                break
        return list(best.values())


def _rank(entry: _Entry, sought: str) -> int:
    """How well a name fits, 1 best; 0 not at all."""
    tests = (
        entry.folded == sought,
        entry.folded.startswith(sought),
        sought in entry.folded,
        entry.initials == sought,
        entry.syllables.startswith(sought),
        len(sought) > 1 and entry.initials.startswith(sought),
        len(sought) > 1 and sought in entry.initials,
        len(sought) > 2 and sought in entry.syllables,  # noqa: PLR2004 - shorter ones are in too many names
    )
    return next((rank for rank, fits in enumerate(tests, 1) if fits), 0)


def _folded(words: str) -> str:
    return "".join(c for c in fold(words) if c.isalnum())
