"""Quotations and the words beside them that name the speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Span
from kg.wordlists import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain
    from kg.segment import Segmentation

_QUOTES = re.compile(r"“[^“”\r\n]*”|\"[^\"\r\n]*\"|「[^「」\r\n]*」")
_SHORT = 6  # a quotation of fewer code points is a term
_BEFORE, _AFTER = 60, 40  # code points in which the speaker is named


@dataclass(frozen=True, slots=True)
class Quotation:
    """What somebody says, and where beside it the speaker may be named, the likelier place first."""

    span: Span
    places: tuple[Span, ...]


class Quotations:
    """Finds quotations by the verbs of speech in ``anaphora.toml``.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> cut = Segmenter(Domain.default())(Document("d", "“我干了一辈子焊工。”李明说。", ""))
    >>> [place.of(cut.document.text) for q in Quotations(Domain.default())(cut) for place in q.places]
    ['李明说']
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("anaphora.toml")["speech"]
        ends, self._colons = table["ends"], table["colons"]
        self._verbs = re.compile(any_of(table["verbs"]))
        self._after = re.compile(f"[{ends}，,]?([^{ends}\r\n]{{1,{_AFTER}}})")
        self._before = re.compile(f"([^{ends}\r\n]{{1,{_BEFORE}}})[{self._colons}，,]$")

    def __call__(self, cut: Segmentation) -> Iterator[Quotation]:
        """The quotations of a document in order."""
        text = cut.document.text
        for match in _QUOTES.finditer(text):
            if match.end() - match.start() >= _SHORT:
                yield Quotation(Span(*match.span()), tuple(self._places(text, match)))

    def _places(self, text: str, quotation: re.Match[str]) -> Iterator[Span]:
        begin = max(0, quotation.start() - _BEFORE - 1)
        before = self._before.search(text[begin : quotation.start()])
        if before and (before[0][-1] in self._colons or self._verbs.search(before[1])):
            yield Span(begin + before.start(1), begin + before.end(1))
        after = self._after.match(text, quotation.end())
        verb = self._verbs.search(after[1]) if after else None
        if after and verb:
            yield Span(after.start(1), after.start(1) + verb.end())
