"""Frames: regular expressions over marked sentences that say which words state which relation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain, Relation
    from kg.model import Span
    from kg.relate.clauses import Argument, Marks, Reading, View

_SLOT = re.compile(r"\{([A-Za-z_]+)\}")
_DEPTH = 4  # macros may use macros, this deep
_AHEAD = 6  # characters before a match where a word may stand that shares the fillers out


@dataclass(frozen=True, slots=True)
class Frame:
    """A pattern of ``frames.toml``; where it has no head of its own, the subject of its clause is the head."""

    id: str
    relation: Relation
    pattern: re.Pattern[str]
    view: Literal["folded", "flat"]
    carried: Literal["head", "tail"] | None
    confidence: float
    among: bool
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a frame applies: its fillers (none where the role is carried) and the span of its trigger."""

    frame: Frame
    heads: tuple[Argument, ...]
    tails: tuple[Argument, ...]
    trigger: Span
    distributes: bool


class Frames:
    """The frames of a domain, compiled against its classes.

    >>> from kg.domain import Domain
    >>> from kg.relate.clauses import Marks
    >>> domain = Domain.default()
    >>> all(f.relation.name in domain.relations for f in Frames(domain, Marks(domain)).all)
    True
    """

    def __init__(self, domain: Domain, marks: Marks) -> None:
        table = domain.toml("frames.toml")
        self._domain = domain
        self._marks = marks
        self._macros: dict[str, str] = table["macros"]
        self._distributive = re.compile(table["reading"]["distributive"])
        self.all = [self._frame(row) for row in table["frame"]]

    def matches(self, reading: Reading) -> Iterator[Match]:
        """Every place in the sentence where a frame applies, frame by frame."""
        for frame in self.all:
            view = reading.flat if frame.view == "flat" else reading.folded
            position = 0
            while match := frame.pattern.search(view.text, position):
                yield self._match(frame, view, match)
                position = match.start() + 1

    def _match(self, frame: Frame, view: View, match: re.Match[str]) -> Match:
        def fillers(role: str) -> tuple[Argument, ...]:
            return view.units[match.start(role)].arguments if role in frame.pattern.groupindex else ()

        begin, end = match.span("trigger") if "trigger" in frame.pattern.groupindex else match.span()
        distributes = self._distributive.search(view.text, max(0, match.start() - _AHEAD), match.end()) is not None
        return Match(frame, fillers("head"), fillers("tail"), view.span(begin, end), distributes)

    def _frame(self, row: dict[str, Any]) -> Frame:
        name = row["id"]
        relation = self._domain.relations.get(row["relation"])
        if relation is None:
            msg = f"frames.toml: frame {name!r} states {row['relation']!r}, which the ontology lacks"
            raise DomainError(msg)
        try:
            pattern = re.compile(self._expand(row["pattern"], relation))
        except (re.error, DomainError) as error:
            msg = f"frames.toml: the pattern of frame {name!r} is wrong: {error}"
            raise DomainError(msg) from error
        missing = [role for role in ("head", "tail") if role not in pattern.groupindex]
        if len(missing) > 1:
            msg = f"frames.toml: frame {name!r} has neither head nor tail"
            raise DomainError(msg)
        return Frame(
            name,
            relation,
            pattern,
            row.get("view", "folded"),
            missing[0] if missing else None,  # type: ignore[arg-type]
            row.get("confidence", 0.8),
            row.get("among", False),
            tuple(row.get("positive", ())),
            tuple(row.get("negative", ())),
        )

    def _expand(self, pattern: str, relation: Relation) -> str:
        for _ in range(_DEPTH):
            pattern = _SLOT.sub(lambda slot: self._slot(slot[1], relation), pattern)
        return pattern

    def _slot(self, name: str, relation: Relation) -> str:
        if name == "head":
            return f"(?P<head>{self._marks.of(relation.domain)})"
        if name == "tail":
            return f"(?P<tail>{self._marks.of(relation.range)})"
        if name == "any":
            return self._marks.any
        if name in self._macros:
            return self._macros[name]
        kinds = name.split("_")
        return self._marks.of(kinds) if all(k in self._marks for k in kinds) else self._macros[name]
