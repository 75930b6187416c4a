"""Names of a document where nothing recognized them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kg.model import Mention, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.resolve.aliases import Name
    from kg.segment import Segmentation

T = TypeVar("T")
_SHORT = 3  # names up to this length stand for themselves only where words begin and end with them
_REPEATED = 0.8  # confidence in a name that stands elsewhere in the document as one
_SHORTENED = 0.7  # and in a short form that only the structure of a name gives


class Occurrences:
    """Finds further mentions: repeated names, and short forms that a name's structure gives."""

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")["search"]
        self._proper = frozenset(table["proper_tags"])
        self._not_after = tuple(table["not_after"])

    def __call__(
        self, cut: Segmentation, names: Sequence[Name], short_forms: Mapping[str, Name]
    ) -> Iterator[tuple[Name, Mention]]:
        """Each further mention outside those that the names have, with its name."""
        text = cut.document.text
        taken = bytearray(len(text))
        for span in (m.span for n in names for m in n.mentions):
            taken[span.begin : span.end] = b"\1" * len(span)
        tags = {t.span: t.tag for s in cut.sentences for t in s.tokens}
        repeated = {n.text: n for n in reversed(names) if len(n.text) > 1}
        spoken = frozenset(form for form, name in short_forms.items() if name.type == "Person")
        for span, name in occurrences(cut, {**short_forms, **repeated}, taken, open_=spoken):
            words = span.of(text)
            if words in repeated:
                yield name, Mention(cut.document.id, span, words, name.type, "alias", "repeated", _REPEATED)
            elif tags.get(span, "x") in self._proper and not text.endswith(self._not_after, 0, span.begin):
                yield name, Mention(cut.document.id, span, words, name.type, "alias", "shortened", _SHORTENED)


def occurrences(
    cut: Segmentation, names: Mapping[str, T], taken: bytearray, *, open_: Collection[str] = ()
) -> Iterator[tuple[Span, T]]:
    """Each place where a name of `names` stands outside what `taken` marks, the longest there, and what it maps to.

    A name of a few characters counts where words begin and end with it; of those in `open_` the end may be unclear.
    The time is the length of the text times that of the longest name.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> cut = Segmenter(Domain.default())(Document("d", "市总主办，市总工会经费支持。", ""))
    >>> [s.of(cut.document.text) for s, _ in occurrences(cut, {"市总工会": 1, "市总": 1}, bytearray(14))]
    ['市总', '市总工会']
    """
    text = cut.document.text
    borders = {border for s in cut.sentences for t in s.tokens for border in (t.span.begin, t.span.end)}
    prefixes = {name[:length] for name in names for length in range(1, len(name) + 1)}
    at = 0
    while at < len(text):
        end, longest = at + 1, 0
        while end <= len(text) and text[at:end] in prefixes and not taken[end - 1]:
            if text[at:end] in names and _is_apart(text, at, end, borders, is_open=text[at:end] in open_):
                longest = end
            end += 1
        if longest:
            yield Span(at, longest), names[text[at:longest]]
        at = longest or at + 1


def _is_apart(text: str, begin: int, end: int, borders: set[int], *, is_open: bool) -> bool:
    """Whether the words between `begin` and `end` are not part of another word."""
    if _are_joined(text, begin) or _are_joined(text, end):
        return False
    return end - begin > _SHORT or (begin in borders and (is_open or end in borders))


def _are_joined(text: str, at: int) -> bool:
    """Whether a Latin word or a number goes on across `at`."""
    around = text[at - 1 : at + 1] if at else ""
    return len(around) > 1 and around.isascii() and around.isalnum()
