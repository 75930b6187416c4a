"""Pairs of arguments that may stand in a relation: within a sentence, or with one carried on from before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.relate.clauses import Argument, Marks, Reading
    from kg.relate.subjects import Subjects

_REACH = 4  # sentences that an argument other than a subject may lie back


@dataclass(frozen=True, slots=True)
class Carried:
    """An argument of an earlier sentence that a later one may still speak of.

    `is_latest`: no argument of its family stands between; `is_main`: the document has named none of its family
    more often.
    """

    argument: Argument
    distance: int
    is_subject: bool
    is_latest: bool
    is_main: bool
    same_paragraph: bool
    same_section: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An ordered pair; `carried` describes the member that an earlier sentence names, if one does."""

    head: Argument
    tail: Argument
    carried: Carried | None = None

    @property
    def anchor(self) -> Argument:
        """The member that stands in the sentence itself (the later one where both do)."""
        if self.carried:
            return self.head if self.carried.argument is self.tail else self.tail
        return max(self.head, self.tail)


@dataclass(slots=True)
class _Memory:
    """What has been named up to a sentence, by family of classes: (index of the sentence, its arguments)."""

    section: int = -1
    named: dict[str, tuple[int, list[Argument]]] = field(default_factory=dict)
    subjects: dict[str, tuple[int, list[Argument]]] = field(default_factory=dict)
    last: dict[str, tuple[int, Argument]] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    main: dict[str, str] = field(default_factory=dict)


class Candidates:
    """Lists the pairs of every sentence that the ontology admits in some relation."""

    def __init__(self, domain: Domain, marks: Marks, subjects: Subjects) -> None:
        self._marks = marks
        self._subjects = subjects
        self._admitted = frozenset((h, t) for r in domain.relations.values() for h in r.domain for t in r.range)
        table: dict[str, dict[str, list[str]]] = domain.toml("frames.toml")["candidates"]
        self._families = {
            where: frozenset((head, tail) for head, tails in pairs.items() for tail in tails)
            for where, pairs in table.items()
        }

    def __call__(self, readings: Sequence[Reading]) -> Iterator[list[Candidate]]:
        """The candidates of each sentence in turn."""
        memory = _Memory()
        for index, reading in enumerate(readings):
            if reading.sentence.block.section != memory.section:
                memory.section = reading.sentence.block.section
                memory.named.clear()
                memory.subjects.clear()
            yield [*self._within(reading), *self._with_carried(reading, self._context(memory, readings, index))]
            self._remember(memory, index, reading)

    def _within(self, reading: Reading) -> Iterator[Candidate]:
        for head in reading.arguments:
            for tail in reading.arguments:
                if self._fits(head, tail, "within"):
                    yield Candidate(head, tail)

    def _with_carried(self, reading: Reading, context: Sequence[Carried]) -> Iterator[Candidate]:
        named = {a.entity for a in reading.arguments}
        for carried in context:
            if carried.argument.entity in named:
                continue
            for anchor in reading.arguments:
                if self._fits(carried.argument, anchor, "head"):
                    yield Candidate(carried.argument, anchor, carried)
                if self._fits(anchor, carried.argument, "tail"):
                    yield Candidate(anchor, carried.argument, carried)

    def _context(self, memory: _Memory, readings: Sequence[Reading], index: int) -> list[Carried]:
        """Of every family: the last subjects, the last arguments and the most named one."""
        found: dict[str, tuple[int, Argument]] = {}
        for family in sorted(memory.main):
            at, arguments = memory.subjects.get(family, (0, []))
            found.update((a.entity, (at, a)) for a in arguments)
            at, arguments = memory.named.get(family, (0, []))
            if index - at <= _REACH:
                found.update((a.entity, (at, a)) for a in arguments)
            main = memory.main[family]
            found.setdefault(main, memory.last[main])
        return [self._carried(memory, readings, index, at, a) for at, a in found.values()]

    def _carried(
        self, memory: _Memory, readings: Sequence[Reading], index: int, at: int, argument: Argument
    ) -> Carried:
        family = self._marks.family(argument.type)
        here, there = readings[index].sentence, readings[at].sentence
        latest = memory.named.get(family, (0, []))[1]
        return Carried(
            argument,
            index - at,
            is_subject=any(a.entity == argument.entity for a in memory.subjects.get(family, (0, []))[1]),
            is_latest=bool(latest) and latest[-1].entity == argument.entity,
            is_main=memory.main[family] == argument.entity,
            same_paragraph=here.paragraph == there.paragraph,
            same_section=here.block.section == there.block.section,
        )

    def _remember(self, memory: _Memory, index: int, reading: Reading) -> None:
        view = reading.folded
        subjects = {a for u in self._subjects.candidates(view, 0, len(view.text)) for a in u.arguments}
        fresh: set[str] = set()
        for argument in reading.arguments:
            family = self._marks.family(argument.type)
            for table, holds in ((memory.named, True), (memory.subjects, argument in subjects)):
                if holds:
                    at, arguments = table.get(family, (-1, []))
                    table[family] = (index, [*arguments, argument] if at == index else [argument])
            memory.last[argument.entity] = (index, argument)
            memory.counts[family, argument.entity] += 1
            fresh.add(family)
        for family in sorted(fresh):
            self._elect(memory, family)

    @staticmethod
    def _elect(memory: _Memory, family: str) -> None:
        """Make the most named entity of `family` its main one; the elder where two are even."""
        counts = {e: n for (f, e), n in memory.counts.items() if f == family}
        memory.main[family] = max(counts, key=lambda e: counts[e])

    def _fits(self, head: Argument, tail: Argument, where: str) -> bool:
        families = (self._marks.family(head.type), self._marks.family(tail.type))
        is_admitted = (head.type, tail.type) in self._admitted and families in self._families[where]
        return is_admitted and head.entity != tail.entity
