"""Who a clause speaks of: its own subject, else the one carried on from the clauses and sentences before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.relate.clauses import Argument, Reading, Unit, View

_GOVERNOR = 4  # characters of the longest preposition


class Subjects:
    """Finds subjects by the prepositions and clause marks of ``frames.toml``."""

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("frames.toml")["subject"]
        self._governed = re.compile(f"(?:{table['governed_by']})$")
        self._modifying = re.compile(table["modifying"])
        self._clause = re.compile(table["clause_end"])
        self._reach: int = table["reach"]

    def within(self, view: View, position: int, types: frozenset[str]) -> tuple[Argument, ...]:
        """The subject that the words at `position` of the sentence have, of one of `types`; empty where it has none."""
        end = position
        for begin in self._clause_begins(view.text, position):
            for unit in self.candidates(view, begin, end):
                fitting = tuple(a for a in unit.arguments if a.type in types)
                if fitting:
                    return fitting
            end = begin
        return ()

    def candidates(self, view: View, begin: int, end: int) -> Iterator[Unit]:
        """The units between two places of the sentence that may be subjects, in text order."""
        for at in sorted(view.units):
            is_governed = self._governed.search(view.text, max(0, at - _GOVERNOR), at)
            if begin <= at < end and not is_governed and not self._modifying.match(view.text, at + 1):
                yield view.units[at]

    def carried(self, readings: Sequence[Reading], index: int, types: frozenset[str]) -> tuple[Argument, ...]:
        """The subject of one of `types` that sentence `index` carries on from those before it in its section."""
        here = readings[index].sentence
        for back in range(1, self._reach + 1):
            if index < back or readings[index - back].sentence.block.section != here.block.section:
                break
            view = readings[index - back].folded
            for unit in self.candidates(view, 0, len(view.text)):
                fitting = tuple(a for a in unit.arguments if a.type in types)
                if fitting:
                    return fitting
        return ()

    def clauses(self, text: str) -> list[tuple[int, int]]:
        """The begin and end of each clause of a rendered sentence, without the mark that ends it."""
        begins = [0, *(m.end() for m in self._clause.finditer(text))]
        ends = [*(m.start() for m in self._clause.finditer(text)), len(text)]
        return [(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]

    def _clause_begins(self, text: str, position: int) -> list[int]:
        begins = [0, *(m.end() for m in self._clause.finditer(text, 0, position))]
        return begins[::-1]
