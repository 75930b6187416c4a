"""Tables as sentences: one for each row, with the words of the head before each cell (培训人数 120 人)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = re.compile(r"[-+−]?[\d０-９][\d０-９,，.．]*(?:[%％])?")
_UNIT = re.compile(r"^(?P<name>.+?)\s*[（(\[／/]\s*(?P<unit>[^\s（）()\[\]／/：:]{1,6})[）)\]]?$")
_EMPTY = frozenset(("", "-", "—", "–", "——", "/", "／"))


def sentences(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a table, each as a sentence; a table without a head gives its cells, separated by commas.

    The first row is the head where it holds no number and the rows below do. A unit in the head
    (奖金（万元）) goes behind the number.

    >>> sentences([["单位", "参训职工（名）", "奖金(万元)"], ["某市总工会", "120", "3.5"]])
    ['某市总工会，参训职工120名，奖金3.5万元。']
    """
    return [sentence for _, sentence in numbered(rows)]


def numbered(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """The sentences, each with the number of its row, counted from 1."""
    cleaned = [(at, [" ".join(cell.split()) for cell in row]) for at, row in enumerate(rows, 1)]
    cleaned = [(at, row) for at, row in cleaned if any(cell not in _EMPTY for cell in row)]
    head: Sequence[str] = ()
    if len(cleaned) > 1 and _is_head(cleaned[0][1], [row for _, row in cleaned[1:]]):
        head = cleaned.pop(0)[1]
    told = ((at, "，".join(_told(head, row) if head else _once(row))) for at, row in cleaned)
    return [(at, line if line[-1] in "。！？!?；;" else f"{line}。") for at, line in told if line]


def is_data(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows are a table that tells something, and not one that only lays out a page."""
    wide = [row for row in rows if sum(bool(cell.strip()) for cell in row) > 1]
    longest = max((len(cell) for row in rows for cell in row), default=0)
    return len(wide) > 1 and longest < 200  # noqa: PLR2004  (a cell that holds paragraphs is layout)


def _is_head(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    if len(head) < 2 or any(_NUMBER.fullmatch(cell) for cell in head):  # noqa: PLR2004
        return False
    return any(_NUMBER.fullmatch(cell) for row in rows for cell in row[1:])


def _told(head: Sequence[str], row: Sequence[str]) -> list[str]:
    cells = []
    for at, cell in enumerate(row):
        name = head[at] if at < len(head) else ""
        if cell in _EMPTY:
            continue
        if not at or not name:
            cells.append(cell)
        elif _NUMBER.fullmatch(cell):
            unit = _UNIT.match(name)
            cells.append(f"{unit['name']}{cell}{unit['unit']}" if unit else f"{name}{cell}")
        else:
            cells.append(f"{name}：{cell}")
    return cells


def _once(row: Sequence[str]) -> list[str]:
    """The cells of a row; one that spans columns comes once."""
    return [cell for at, cell in enumerate(row) if cell not in _EMPTY and (not at or cell != row[at - 1])]
