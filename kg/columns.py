"""Tables for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def aligned(header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """The rows in columns under `header`, Chinese characters two cells wide, each row on one line.

    >>> print(aligned(("name", "n"), [("匠谱", "1"), (None, "20")]), end="")
    name  n
    ────  ──
    匠谱  1
          20
    """
    lines = [tuple(_one_line(cell) for cell in row) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(header, *lines, strict=True)]
    return "".join(
        "  ".join(c + " " * (w - cell_len(c)) for c, w in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in (tuple(header), tuple("─" * width for width in widths), *lines)
    )


def _one_line(cell: str | None) -> str:
    return "" if cell is None else re.sub(r"[\r\n\t]+", " ", cell)
