"""Every place in a text where one of many names stands, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.segment import Segmentation

T = TypeVar("T")
_SHORT = 3  # names up to this length stand for themselves only where words begin and end with them


def occurrences(cut: Segmentation, names: Mapping[str, T], taken: bytearray) -> Iterator[tuple[Span, T]]:
    """Each free place where a name of `names` stands, the longest at each place, and what the name maps to.

    `taken` marks code points that other mentions cover; the places found are marked in it.
    The time is the length of the text times that of the longest name.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> cut = Segmenter(Domain.default())(Document("d", "市总主办，市总工会经费支持。", ""))
    >>> [s.of(cut.document.text) for s, _ in occurrences(cut, {"市总工会": 1, "市总": 1}, bytearray(14))]
    ['市总', '市总工会']
    """
    text = cut.document.text
    borders = {b for s in cut.sentences for t in s.tokens for b in (t.span.begin, t.span.end)}
    prefixes = {name[:length] for name in names for length in range(1, len(name) + 1)}
    at = 0
    while at < len(text):
        end, longest = at + 1, 0
        while end <= len(text) and text[at:end] in prefixes:
            if text[at:end] in names and _is_apart(text, at, end, borders) and not any(taken[at:end]):
                longest = end
            end += 1
        if longest:
            taken[at:longest] = b"\1" * (longest - at)
            yield Span(at, longest), names[text[at:longest]]
        at = longest or at + 1


def _is_apart(text: str, begin: int, end: int, borders: set[int]) -> bool:
    """Whether the words between `begin` and `end` are not part of another word."""
    if (
        text[begin].isascii()
        and text[begin].isalnum()
        and begin > 0
        and text[begin - 1].isascii()
        and text[begin - 1].isalnum()
    ):
        return False
    if (
        text[end - 1].isascii()
        and text[end - 1].isalnum()
        and text[end : end + 1].isascii()
        and text[end : end + 1].isalnum()
    ):
        return False
    return end - begin > _SHORT or (begin in borders and end in borders)
