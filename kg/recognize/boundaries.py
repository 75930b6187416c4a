"""Mends where a name begins and ends: quotation marks, title marks and brackets belong to it whole or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.domain import Domain


def directed(text: str) -> str:
    """`text` with straight quotation marks turned, in pairs, into those that open and close.

    >>> directed('"一"与"二"')
    '“一”与“二”'
    """
    if '"' not in text:
        return text
    pieces = text.split('"')
    return "".join(piece + ("“”"[at % 2] if at < len(pieces) - 1 else "") for at, piece in enumerate(pieces))


class Boundaries:
    """Mends the ends of a name within its sentence.

    >>> from kg.domain import Domain
    >>> text = "举办“金秋”助学活动"
    >>> Boundaries(Domain.default())(text, 3, 9)
    (2, 9)
    """

    def __init__(self, domain: Domain) -> None:
        rules = domain.toml("recognize.toml")["boundaries"]
        self._close: dict[str, str] = {}
        for pair in rules["pairs"]:
            opening, closing = pair
            self._close.setdefault(opening, closing)
        self._open = {closing: opening for opening, closing in self._close.items()}
        self._reach = rules["reach"]
        self._strip = rules["strip"]
        self._lead = re.compile(rules["lead"])
        self._trail = re.compile(rules["trail"])
        self._edition = re.compile(rules["edition"])
        self._editions = frozenset(rules["editions"])

    def __call__(self, text: str, begin: int, end: int, cls: str = "") -> tuple[int, int]:
        """The mended offsets of ``text[begin:end]``, a `cls`; equal offsets where nothing is left of the name."""
        text = directed(text)
        begin, end = self._trim(text, begin, end)
        for _ in range(2):  # a repair may bring in another mark
            begin, end = self._balance(text, begin, end)
        begin, end = self._unwrap(text, begin, end)
        edition = self._edition.search(text, 0, begin) if cls in self._editions and begin < end else None
        return (edition.start() if edition else begin), end

    def _trim(self, text: str, begin: int, end: int) -> tuple[int, int]:
        while begin < end and text[begin] in self._strip:
            begin += 1
        while begin < end and text[end - 1] in self._strip:
            end -= 1
        lead = self._lead.match(text, begin, end)
        trail = self._trail.search(text, begin, end)
        return (lead.end() if lead else begin), (trail.start() if trail else end)

    def _balance(self, text: str, begin: int, end: int) -> tuple[int, int]:
        opened: list[int] = []
        for at in range(begin, end):
            mark = text[at]
            if mark in self._open:
                if opened and text[opened[-1]] == self._open[mark]:
                    opened.pop()
                else:
                    return self._left(text, begin, end, at)
            elif mark in self._close:
                opened.append(at)
        return self._right(text, begin, end, opened[-1]) if opened else (begin, end)

    def _left(self, text: str, begin: int, end: int, at: int) -> tuple[int, int]:
        """A closing mark at `at` lacks its opening one: take that in, or leave the mark out."""
        start = text.rfind(self._open[text[at]], max(0, begin - self._reach), begin)
        if at == end - 1:
            return begin, at
        if start >= 0:
            return start, end
        return at + 1, end

    def _right(self, text: str, begin: int, end: int, at: int) -> tuple[int, int]:
        """An opening mark at `at` lacks its closing one: take that in, or leave the mark out."""
        stop = text.find(self._close[text[at]], end, end + self._reach)
        if at == begin:
            return begin + 1, end
        if stop >= 0:
            return begin, stop + 1
        return begin, at

    def _unwrap(self, text: str, begin: int, end: int) -> tuple[int, int]:
        while end - begin > 1 and self._close.get(text[begin]) == text[end - 1]:
            if text.find(text[end - 1], begin + 1, end) != end - 1:
                break
            begin, end = begin + 1, end - 1
        return begin, end
