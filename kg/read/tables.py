"""Tables as sentences: one for each row, with the words of the head before each cell (培训人数 120 人)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.model import Cell, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    Row = Sequence[str]

_NUMBER = re.compile(r"[-+−]?[\d０-９][\d０-９,，.．]*(?:[%％])?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = re.compile(r"^(?P<name>.+?)\s*[（(\[／/：:]\s*(?P<unit>[^\s（）()\[\]／/：:]{1,6})\s*[）)\]]?$")
_EMPTY = frozenset(("", "-", "—", "–", "——", "/", "／"))
_LONGEST = 200  # code points of a cell; one that holds more is a part of a page


@dataclass(frozen=True, slots=True)
class Told:
    """The sentence that tells a row (counted from 1), and its numbers with the spans in it that say what they are."""

    row: int
    sentence: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """The names of the columns, which of them is the label of a row, and those that are not told as others."""

    names: Row
    label: int
    serial: int | None = None
    unit: int | None = None  # the column that has the unit of each row, and
    value: int | None = None  # the one whose numbers have it,
    measure: int | None = None  # and the one that names what they measure


class Tables:
    """Tells tables by the words of the table ``tables`` of ``layout.toml``.

    >>> from kg.domain import Domain
    >>> tables = Tables(Domain.default().toml("layout.toml")["tables"])
    >>> rows = [["单位", "参训职工（名）", "奖金(万元)"], ["某市总工会", "120", "3.5"]]
    >>> [told.sentence for told in tables(rows)]
    ['某市总工会，参训职工120名，奖金3.5万元。']
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._serial, self._totals = frozenset(words["serial"]), frozenset(words["total"])
        self._units, self._values = frozenset(words["unit"]), frozenset(words["value"])
        self._unit = re.compile(words["unit_words"])
        self._stated = re.compile(words["stated"])
        self._time = re.compile(words["time"])
        self._year: str = words["year"]

    def __call__(self, rows: Sequence[Row], before: str = "") -> list[Told]:
        """The rows as sentences; a table without a head gives its cells, separated by commas.

        The first row is the head where it holds no number and the rows below do. A unit goes behind its numbers: one in
        the head or the label of the row (奖金（万元）), in a column of its own, or told `before` them (单位：万元).
        """
        cleaned = [(at, [" ".join(cell.split()) for cell in row]) for at, row in enumerate(rows, 1)]
        cleaned = [(at, row) for at, row in cleaned if any(cell not in _EMPTY for cell in row)]
        unit = self.stated(before)
        while len(cleaned) > 1 and (above := self.stated(" ".join(_once(cleaned[0][1])))):
            unit = above
            cleaned.pop(0)
        names, below = self._named([row for _, row in cleaned])
        if not names:
            return [Told(at, _closed("，".join(_once(row)))) for at, row in cleaned]
        head = self._head(names, cleaned[below:])
        return [self._told(head, at, row, unit) for at, row in cleaned[below:]]

    def stated(self, line: str) -> str:
        """The unit of a whole table, if `line` states one."""
        match = self._stated.match(line.strip())
        return match["unit"] if match else ""

    def _named(self, rows: Sequence[Row]) -> tuple[Row, int]:
        """The names of the columns, if there are any, and how many rows they take: two where the first spans."""
        if len(rows) < 2 or not self._is_head(rows[0], rows[1:]):  # noqa: PLR2004
            return (), 0
        first, second = rows[0], rows[1]
        spans = any(one == other and one not in _EMPTY for one, other in pairwise(first))
        if spans and len(rows) > 2 and self._is_head(second, rows[2:]):  # noqa: PLR2004
            pairs = ((one, second[at] if at < len(second) else "") for at, one in enumerate(first))
            return [one if one == other or other in _EMPTY else f"{one}{other}" for one, other in pairs], 2
        return first, 1

    def _is_head(self, head: Row, rows: Sequence[Row]) -> bool:
        numbers = [cell for cell in head if _NUMBER.fullmatch(cell)]
        if len(head) < 2 or any(not _YEAR.fullmatch(cell) for cell in numbers):  # noqa: PLR2004
            return False
        if numbers and _NUMBER.fullmatch(head[0]):
            return False
        return any(_NUMBER.fullmatch(cell) for row in rows for cell in row[1:])

    def _head(self, names: Row, rows: Sequence[tuple[int, Row]]) -> _Head:
        def column(at: int) -> list[str]:
            return [row[at] for _, row in rows if at < len(row) and row[at] not in _EMPTY]

        plain = [f"{name}{self._year}" if _YEAR.fullmatch(name) else name for name in names]
        serial = 0 if len(names) > 2 and names[0] in self._serial else None  # noqa: PLR2004
        label = 0 if serial is None else 1
        others = range(label + 1, len(names))
        unit = next((at for at in others if names[at] in self._units and all(map(self._unit.match, column(at)))), None)
        value = next((at for at in others if names[at] in self._values), None)
        if unit is None and value is None:
            return _Head(plain, label, serial)
        numeric = [at for at in others if at != unit and any(map(_NUMBER.fullmatch, column(at)))]
        value = value if value is not None else numeric[0] if len(numeric) == 1 else None
        words = [at for at in others if at not in {unit, value} and at not in numeric]
        return _Head(plain, label, serial, unit, value, words[0] if value is not None and words else None)

    def _told(self, head: _Head, at: int, row: Row, stated: str) -> Told:
        line = _Line()
        of_label = _UNIT.match(row[head.label]) if head.label < len(row) else None
        has_unit = bool(of_label and self._unit.match(of_label["unit"]))
        label = of_label["name"] if of_label and has_unit else row[head.label] if head.label < len(row) else ""
        about = line.add(label) if label not in _EMPTY else None
        for column, cell in enumerate(row):
            if cell in _EMPTY or column in {head.label, head.serial, head.unit, head.measure}:
                continue
            name = head.names[column] if column < len(head.names) else ""
            of_name = _UNIT.match(name)
            if not _NUMBER.fullmatch(cell):
                line.add(f"{name}：{cell}" if name else cell)
                continue
            unit = of_name["unit"] if of_name else of_label["unit"] if of_label and has_unit else stated
            name = of_name["name"] if of_name else name
            if column == head.value:
                unit = row[head.unit] if head.unit is not None and head.unit < len(row) else unit
                name = row[head.measure] if head.measure is not None and head.measure < len(row) else name
            unit = "" if cell.endswith(("%", "％")) else unit
            line.number(about, name, cell, unit, is_time=bool(self._time.match(name)))
        if label in self._totals:  # they are about nothing that has a name
            return Told(at, line.text, tuple(Cell(cell.number) for cell in line.cells))
        return Told(at, line.text, () if self._time.match(label) else tuple(line.cells))


class _Line:
    """A sentence that grows by the cells of a row."""

    def __init__(self) -> None:
        self._words = ""
        self.cells: list[Cell] = []

    def add(self, words: str) -> Span:
        self._words += ("，" if self._words else "") + words
        return Span(len(self._words) - len(words), len(self._words))

    def number(self, row: Span | None, name: str, cell: str, unit: str, *, is_time: bool) -> None:
        begin = self.add(f"{name}{cell}{unit}").begin
        column = Span(begin, begin + len(name)) if name and not is_time else None
        at = begin + len(name)
        self.cells.append(Cell(Span(at, at + len(cell)), row, column))

    @property
    def text(self) -> str:
        return _closed(self._words)


def located(text: str, rows: Iterable[Told]) -> tuple[Cell, ...]:
    """The cells of `rows`, whose sentences are lines of `text` in this order, by their places in it."""
    found: list[Cell] = []
    at = 0
    for told in rows:
        begin = text.find(f"{told.sentence}\n", at) if told.cells else -1
        if begin < 0:
            continue
        at = begin + len(told.sentence)
        found += (cell.moved(begin) for cell in told.cells)
    return tuple(found)


def is_data(rows: Sequence[Row]) -> bool:
    """Whether the rows are a table that tells something, and not one that only lays out a page."""
    wide = [row for row in rows if sum(bool(cell.strip()) for cell in row) > 1]
    longest = max((len(cell) for row in rows for cell in row), default=0)
    return len(wide) > 1 and longest < _LONGEST


def _closed(line: str) -> str:
    return line if not line or line[-1] in "。！？!?；;" else f"{line}。"


def _once(row: Row) -> list[str]:
    """The cells of a row; one that spans columns comes once."""
    return [cell for at, cell in enumerate(row) if cell not in _EMPTY and (not at or cell != row[at - 1])]
