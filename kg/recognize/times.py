"""Time expressions: the words of a text that say when."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from kg.model import Interval, Span
from kg.recognize.intervals import Calendar, in_context, published

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.domain import Domain
    from kg.segment import Segmentation

TimeKind = Literal["date", "clock", "bounded", "stretch", "recurring", "deictic"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that say when: a date, a time of day, a stretch, or a word such as 目前.

    `interval` is when that was, counted from the day the document was published; None where that stays open.
    """

    span: Span
    text: str
    kind: TimeKind
    interval: Interval | None = None


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
        self._calendar = Calendar(domain)
        self._patterns: list[tuple[TimeKind, re.Pattern[str]]] = [
            (kind, re.compile(_expand(pattern, macros))) for kind in get_args(TimeKind) for pattern in kinds[kind]
        ]

    def __call__(self, segmentation: Segmentation) -> tuple[TimeExpression, ...]:
        """The time expressions of a document in text order, none overlapping."""
        text = segmentation.document.text
        stated = segmentation.document.metadata.date_published
        day = published(stated.value if stated else None)
        found: list[TimeExpression] = []
        for sentence in segmentation.sentences:
            context = None
            for words in self._in(sentence.span.of(text), sentence.span.begin):
                interval = None if words.kind == "clock" else self._calendar(words.text, day, context)
                if interval and words.kind == "date":
                    context = in_context(interval, context)
                found.append(replace(words, interval=interval))
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
