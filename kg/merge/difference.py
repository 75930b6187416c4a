"""What came, went and changed between two graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.merge.graph import KnowledgeGraph

_TABLES = ("documents", "entities", "facts", "observations")


@dataclass(frozen=True, slots=True)
class Difference:
    """By table (documents, entities, facts, observations): what came and went, and what changed with how."""

    came: dict[str, list[str]]
    went: dict[str, list[str]]
    changed: dict[str, list[tuple[str, list[str]]]]

    def __bool__(self) -> bool:
        return any(any(part.values()) for part in (self.came, self.went, self.changed))

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        changed = {t: [{"what": w, "how": how} for w, how in rows] for t, rows in self.changed.items()}
        return {"came": self.came, "went": self.went, "changed": changed}


def difference(old: KnowledgeGraph, new: KnowledgeGraph) -> Difference:
    """What `new` has beyond `old` and lacks of it.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> bool(difference(merge([], Domain.default()), merge([], Domain.default())))
    False
    """
    before, after = _described(old), _described(new)
    came: dict[str, list[str]] = {}
    went: dict[str, list[str]] = {}
    changed: dict[str, list[tuple[str, list[str]]]] = {}
    for table in _TABLES:
        was, now = before[table], after[table]
        came[table] = [now[k][0] for k in sorted(now.keys() - was.keys())]
        went[table] = [was[k][0] for k in sorted(was.keys() - now.keys())]
        both = sorted(k for k in was.keys() & now.keys() if was[k] != now[k])
        changed[table] = [(now[k][0], _how(was[k][1], now[k][1])) for k in both]
    return Difference(came, went, changed)


def _how(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [f"{name}: {was[name]} → {now[name]}" for name in was if was[name] != now[name]]


def _described(graph: KnowledgeGraph) -> dict[str, dict[str, tuple[str, dict[str, Any]]]]:
    """What stands in each table by identity: how it is shown, and what may change in it."""

    def named(identifier: str) -> str:
        return graph.entity(identifier).name

    facts = [*graph.facts(), *graph.unasserted(), *graph.open_facts()]
    return {
        "documents": {d.id: (d.id, {"sha256": d.sha256}) for d in graph.documents.values()},
        "entities": {
            e.id: (
                f"{e.type} {e.name} ({e.id})",
                {"name": e.name, "aliases": ", ".join(sorted(e.aliases)), "mentions": len(e.mentions)},
            )
            for e in graph.entities()
        },
        "facts": {
            "\x1f".join((f.head, f.relation, f.tail, f.modality or "", f.predicate or "")): (
                f"{named(f.head)} {f.predicate or f.relation} {named(f.tail)}"
                + (f" ({f.modality})" if f.modality else ""),
                {"sentences": len({(e.document, e.sentence) for e in f.evidence}), "rules": len(f.evidence)},
            )
            for f in facts
        },
        "observations": {
            o.id: (f"{named(o.about)} {o.measure} {o.surface}", {"value": str(o.value), "sentences": len(o.evidence)})
            for o in graph.observations()
        },
    }
