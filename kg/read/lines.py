"""Lines of a text, and what the form of each says of its part, before any look at its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain

LineKind = Literal["title", "heading", "caption", "byline", "paragraph"]
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_MARKERS = re.compile(r"(?:[-*+>]\s+)+(?=\S)")  # of Markdown quotations and lists


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space and Markdown marks around it; `kind` is None where its form leaves it open."""

    span: Span
    kind: LineKind | None


class Lines:
    r"""Finds the lines of a text by the patterns of ``layout.toml``; those without a letter or digit are left out.

    >>> from kg.domain import Domain
    >>> [line.kind for line in Lines(Domain.default())("标题\n来源：某报\n- 他来了。\n小标题\n")]
    ['title', 'byline', 'paragraph', None]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("layout.toml")
        self._title = table["title"]
        self._subtitle = re.compile(self._title["subtitle"])
        self._limit = table["lines"]["limit"]
        kinds: tuple[LineKind, ...] = ("paragraph", "byline", "caption")
        self._kinds = [(kind, re.compile("|".join(table["lines"][kind]))) for kind in kinds]

    def __call__(self, text: str) -> list[Line]:
        """The lines of `text` in order."""
        found = [Line(span, self._kind(text, start, span)) for start, span in _spans(text)]
        first = next((i for i, line in enumerate(found) if line.kind != "byline"), 0)
        if len(found) > 1 and self._is_title(text, found[first].span):
            found[first] = Line(found[first].span, "title")
            second = found[first + 1 : first + 2]
            if second and self._subtitle.search(second[0].span.of(text)):
                found[first + 1] = Line(second[0].span, "title")
        return found

    def _kind(self, text: str, start: int, span: Span) -> LineKind | None:
        marks = text[start : span.begin]
        if marks:
            return "heading" if marks.startswith("#") else "paragraph"
        if len(span) > self._limit:
            return "paragraph"
        line = span.of(text)
        return next((kind for kind, pattern in self._kinds if pattern.search(line)), None)

    def _is_title(self, text: str, span: Span) -> bool:
        rule, line = self._title, span.of(text)
        is_short = len(line) <= rule["limit"] and not set(line) & set(rule["excluded"])
        return is_short and line[-1] not in rule["final_excluded"]


def _spans(text: str) -> Iterator[tuple[int, Span]]:
    """Where each line begins and what of it is words."""
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        marks = _HASHES.match(text, start, end) or _MARKERS.match(text, start, end)
        begin = marks.end() if marks else start
        if any(c.isalnum() for c in text[begin:end]):
            yield start, Span(begin, end)
