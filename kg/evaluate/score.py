"""How well entities, relations and observations meet gold annotations (ONTOLOGY section 6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
    from decimal import Decimal

    from kg.domain import Domain
    from kg.evaluate.gold import Gold
    from kg.model import Entity, Fact, Observation

_FAMILIES = ("Organization", "Event", "Programme")


class Tally(NamedTuple):
    """How many were found, how many of them are in the gold annotation, and how many the gold annotation has.

    >>> Tally(hits=3, predicted=4, gold=6).f1
    0.6
    """

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold annotation that was found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


_NONE = Tally()


@dataclass(frozen=True, slots=True)
class Scores:
    """The tallies of one document, or with ``+`` of many.

    >>> (Scores(entities=Tally(1, 2, 3)) + Scores(entities=Tally(1, 1, 1))).entities
    Tally(hits=2, predicted=3, gold=4)
    """

    entities: Tally = _NONE
    entities_lenient: Tally = _NONE
    relations: Tally = _NONE
    observations: Tally = _NONE
    observations_number_only: Tally = _NONE

    def __add__(self, other: Scores) -> Scores:
        """The tallies of both."""
        mine, theirs = self.as_dict(), other.as_dict()
        return Scores(**{key: Tally(*map(sum, zip(mine[key], theirs[key], strict=True))) for key in mine})

    def as_dict(self) -> dict[str, Tally]:
        """The tallies by what they count."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of a set of documents, by document name."""

    documents: Mapping[str, Scores]

    @property
    def total(self) -> Scores:
        """All documents together (micro average)."""
        return sum(self.documents.values(), Scores())

    def as_dict(self) -> dict[str, dict[str, dict[str, float]]]:
        """Plain data for JSON: ``micro`` with every figure, ``documents`` with F1 by document."""
        micro = {
            key: {"precision": t.precision, "recall": t.recall, "f1": t.f1, **t._asdict()}
            for key, t in self.total.as_dict().items()
        }
        return {
            "micro": micro if self.documents else {},
            "documents": {
                name: {key: t.f1 for key, t in scores.as_dict().items()} for name, scores in self.documents.items()
            },
        }

    def as_table(self) -> str:
        """A table in plain text: the totals, then F1 by document."""
        lines = [f"{'':26}{'P':>7}{'R':>7}{'F1':>7}{'hits':>7}{'pred':>7}{'gold':>7}"]
        lines += [
            f"{key:26}{t.precision:7.3f}{t.recall:7.3f}{t.f1:7.3f}{t.hits:7}{t.predicted:7}{t.gold:7}"
            for key, t in self.total.as_dict().items()
        ]
        shown = ("entities", "relations", "observations")
        for name, scores in self.documents.items():
            tallies = scores.as_dict()
            lines.append(f"  {name:24}" + "  ".join(f"{key} {tallies[key].f1:.2f}" for key in shown))
        return "\n".join(lines)


class _Named(NamedTuple):
    """An entity as it is compared."""

    canonical: str
    names: frozenset[str]
    cls: str
    family: str


def score(
    gold: Gold, entities: Iterable[Entity], facts: Iterable[Fact], observations: Iterable[Observation], domain: Domain
) -> Scores:
    """Compare what was read from one document with its gold annotation.

    Only facts without modality count: what is planned or denied is no relation. Where two pairs of entities are
    equally good, the smaller identifiers meet first, so that figures equal those of an exported graph
    when the identifiers sort as its IRIs do.
    """
    wanted = _named(gold.entities, domain)
    found = _named((e for e in entities if e.type in domain.classes), domain)
    strict = _pairs(wanted, found, lambda e: e.cls)
    lenient = _pairs(wanted, found, lambda e: e.family)
    to_gold: dict[str, str] = {theirs: ours for ours, theirs in lenient.items()}

    def linked(entity: str) -> tuple[bool, str]:
        """The gold entity, or an entity that equals none."""
        return (True, to_gold[entity]) if entity in to_gold else (False, entity)

    def ordered(head: tuple[bool, str], relation: str, tail: tuple[bool, str]) -> Hashable:
        symmetric = relation in domain.relations and domain.relations[relation].symmetric
        return (relation, *sorted((head, tail))) if symmetric else (relation, head, tail)

    relations = {ordered((True, h), r, (True, t)) for h, r, t in gold.relations}
    stated = {
        ordered(linked(f.head), f.relation, linked(f.tail))
        for f in facts
        if f.modality is None and f.head in found and f.tail in found and f.relation in domain.relations
    }
    figures = [((True, o.about), _number(o.value), fold(o.unit or "")) for o in gold.observations]
    read = [(linked(o.about), _number(o.value), fold(o.unit or "")) for o in observations]
    return Scores(
        Tally(len(strict), len(found), len(wanted)),
        Tally(len(lenient), len(found), len(wanted)),
        Tally(len(relations & stated), len(stated), len(relations)),
        Tally(_common(figures, read), len(read), len(figures)),
        Tally(_common([f[1:] for f in figures], [f[1:] for f in read]), len(read), len(figures)),
    )


def aligned(gold: Gold, entities: Iterable[Entity], domain: Domain) -> dict[str, str]:
    """The identifier of the entity found for each gold entity (by its id), of the same class or a neighbouring one."""
    return _pairs(_named(gold.entities, domain), _named(entities, domain), lambda e: e.family)


def _named(entities: Iterable[Entity], domain: Domain) -> dict[str, _Named]:
    found = {}
    for entity in entities:
        names = frozenset(fold(name) for name in entity.names) - {""}
        if names:
            family = next((f for f in _FAMILIES if domain.is_a(entity.type, f)), entity.type)
            found[entity.id] = _Named(fold(entity.name), names, entity.type, family)
    return found


def _pairs(gold: Mapping[str, _Named], found: Mapping[str, _Named], kind: Callable[[_Named], str]) -> dict[str, str]:
    """One-to-one pairs whose names meet and whose kinds are equal: equal canonical names first, then most names."""
    candidates = sorted(
        (g.canonical != p.canonical, -len(g.names & p.names), gid, pid)
        for gid, g in gold.items()
        for pid, p in found.items()
        if g.names & p.names and kind(g) == kind(p)
    )
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, gid, pid in candidates:
        if gid not in pairs and pid not in taken:
            pairs[gid] = pid
            taken.add(pid)
    return pairs


def _number(value: Decimal) -> Decimal:
    return value.normalize()


def _common(gold: Collection[Hashable], found: Collection[Hashable]) -> int:
    """How many items two lists share, each counted as often as both have it."""
    return sum((Counter(gold) & Counter(found)).values())
