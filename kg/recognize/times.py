"""Time expressions: the words of a text that say when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.domain import Domain
    from kg.segment import Segmentation

TimeKind = Literal["date", "clock", "bounded", "stretch", "recurring", "deictic"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that say when: a date, a time of day, an interval, or a word such as 目前."""

    span: Span
    text: str
    kind: TimeKind


class TimeRecognizer:
    """Finds time expressions by the patterns of ``times.toml``; at each place the longest match wins.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("a", "截至2024年底，全市每年培训2万人。", ""))
    >>> [(t.text, t.kind) for t in TimeRecognizer(domain)(cut)]
    [('截至2024年底', 'bounded'), ('每年', 'recurring')]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("times.toml")
        macros: dict[str, str] = table["macros"]
        kinds: dict[str, list[str]] = table["kinds"]
        self._patterns: list[tuple[TimeKind, re.Pattern[str]]] = [
            (kind, re.compile(_expand(pattern, macros))) for kind in get_args(TimeKind) for pattern in kinds[kind]
        ]

    def __call__(self, segmentation: Segmentation) -> tuple[TimeExpression, ...]:
        """The time expressions of a document in text order, none overlapping."""
        text = segmentation.document.text
        found: list[TimeExpression] = []
        for sentence in segmentation.sentences:
            found += self._in(sentence.span.of(text), sentence.span.begin)
        return tuple(found)

    def _in(self, sentence: str, offset: int) -> Iterator[TimeExpression]:
        matches = sorted(
            (match.start(), -match.end(), order, kind)
            for order, (kind, pattern) in enumerate(self._patterns)
            for match in pattern.finditer(sentence)
            if match.end() > match.start()
        )
        at = 0
        for begin, negative_end, _, kind in matches:
            if begin >= at:
                at = -negative_end
                yield TimeExpression(Span(offset + begin, offset + at), sentence[begin:at], kind)


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    """`pattern` with every ``%MACRO%`` replaced by its group."""
    while (expanded := re.sub(r"%([A-Z]+)%", lambda m: f"(?:{macros[m[1]]})", pattern)) != pattern:
        pattern = expanded
    return pattern
