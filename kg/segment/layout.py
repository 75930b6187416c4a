"""Lines of a document and the part each plays: title, heading, caption, byline or prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain

BlockKind = Literal["title", "heading", "caption", "byline", "paragraph"]
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the text without its surrounding white space.

    `section` counts the headings before it: what a sentence leaves implicit is carried on within a section only.
    """

    span: Span
    kind: BlockKind
    section: int


class Layout:
    r"""Finds the blocks of a text by the patterns of ``layout.toml``.

    >>> from kg.domain import Domain
    >>> [b.kind for b in Layout(Domain.default()).blocks("标题\\n来源：某报\\n他来了。\\n")]
    ['title', 'byline', 'paragraph']
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("layout.toml")
        self._heading = table["heading"]
        self._kinds: list[tuple[BlockKind, re.Pattern[str]]] = [
            (kind, re.compile(pattern)) for kind in ("byline", "caption") for pattern in table["lines"][kind]
        ]
        self._ends = frozenset(table["sentence"]["end"])

    def blocks(self, text: str) -> list[Block]:
        """The blocks of `text` in order; blank lines give none."""
        blocks: list[Block] = []
        section = 0
        for span in _lines(text):
            kind = self._kind(span.of(text), is_first=not blocks)
            section += kind == "heading"
            blocks.append(Block(span, kind, section))
        return blocks

    def _kind(self, line: str, *, is_first: bool) -> BlockKind:
        for kind, pattern in self._kinds:
            if pattern.search(line):
                return kind
        rule = self._heading
        is_bare = not (set(line) & set(rule["excluded"])) and line[-1] not in rule["final_excluded"]
        if is_first and is_bare and len(line) <= rule["title_limit"]:
            return "title"
        return "heading" if is_bare and len(line) <= rule["limit"] else "paragraph"


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        line = match.group()
        begin = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if begin < end:
            yield Span(begin, end)
