"""Blocks of a document and the part each plays: title, heading, caption, byline or prose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kg.read.lines import Line, LineKind, Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.domain import Domain
    from kg.model import Span

BlockKind = LineKind


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the text without the white space and Markdown marks around it.

    `section` counts the headings before it: what a sentence leaves implicit is carried on within a section only.
    """

    span: Span
    kind: BlockKind
    section: int


class Layout:
    r"""Finds the blocks of a text: by the form of each line and, where that leaves it open, by its place.

    >>> from kg.domain import Domain
    >>> [b.kind for b in Layout(Domain.default()).blocks("标题\n来源：某报\n他来了。\n某市总工会\n2024年5月1日\n")]
    ['title', 'byline', 'paragraph', 'byline', 'byline']
    """

    def __init__(self, domain: Domain) -> None:
        self._lines = Lines(domain)
        self._heading = domain.toml("layout.toml")["heading"]

    def blocks(self, text: str) -> list[Block]:
        """The blocks of `text` in order; lines without a letter or digit give none."""
        lines = self._lines(text)
        blocks: list[Block] = []
        section = 0
        for line, kind in zip(lines, self._kinds(text, lines), strict=True):
            section += kind == "heading"
            blocks.append(Block(line.span, kind, section))
        return blocks

    def _kinds(self, text: str, lines: Sequence[Line]) -> list[BlockKind]:
        forms = [line.kind or ("short" if self._is_short(line.span.of(text)) else "paragraph") for line in lines]
        prose = [i for i, form in enumerate(forms) if form == "paragraph"]
        kinds: list[BlockKind] = []
        for form, run in groupby(enumerate(forms), key=lambda pair: pair[1]):
            indices = [i for i, _ in run]
            if form != "short":
                kind: BlockKind = form
            elif not prose or len(indices) >= self._heading["run"]:
                kind = "paragraph"  # a list
            else:
                # No heading stands at the end: what is short there is a signature.
                kind = "heading" if indices[0] < prose[-1] else "byline"
            kinds += [kind] * len(indices)
        return kinds

    def _is_short(self, line: str) -> bool:
        rule = self._heading
        return (
            len(line) <= rule["limit"]
            and not set(line) & set(rule["excluded"])
            and line[-1] not in rule["final_excluded"]
            and sum(line.count(mark) for mark in rule["separators"]) <= rule["separator_limit"]
        )
