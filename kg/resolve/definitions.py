"""Names that a text gives to a name: （以下简称“…”）, 又称…, a name in Latin letters in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Span
from kg.resolve.firms import is_subsequence
from kg.resolve.names import fold
from kg.wordlists import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Mention

_BRACKET = re.compile(r"[（(]([^（）()\r\n]{1,120})[）)]")
_PART = re.compile(r"[^，,、；;]+")
_CLOSING = "”\"’'」』》〉"
_LEAST = 2
_HAN_OR_LATIN = re.compile(r"[一-鿿A-Za-z0-9·]+")


@dataclass(frozen=True, slots=True)
class Definition:
    """The place where a new name stands first, and the mention whose entity it names."""

    span: Span
    target: Mention


class Definitions:
    """Finds definitions by the markers of ``names.toml``.

    >>> from kg.domain import Domain
    >>> from kg.model import Mention
    >>> name = Mention("d", Span(0, 6), "重庆市总工会", "TradeUnion", "name", "x", 1.0)
    >>> text = "重庆市总工会（以下简称“市总”）主办。"
    >>> [d.span.of(text) for d in Definitions(Domain.default())(text, [name])]
    ['市总']
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")["definitions"]
        self._never = frozenset(table["never"])
        new = f"{table['after']}(?:{table['quoted']}|(?P<bare>{table['bare']}))"
        self._marked = re.compile(f".{{0,{table['lead']}}}?(?:{any_of(table['markers'])}){new}")
        self._further = re.compile(f"{table['further']}{table['quoted']}")
        self._running = re.compile(f"[{_CLOSING}]?[，,]?\\s*.{{0,4}}?(?:{any_of(table['running'])}){new}")
        self._signal = re.compile(any_of(table["running"]))
        self._latin = re.compile(table["latin"])
        self._that_is = re.compile(f"(?:{any_of(table['that_is'])})[：:]?(?:{table['quoted']}|(?P<bare>.+))")

    def __call__(self, text: str, mentions: Sequence[Mention]) -> list[Definition]:
        """The definitions of `text` in order; `mentions` are the names that were recognized in it."""
        ends: dict[int, Mention] = {}
        for mention in sorted(mentions, key=lambda m: -len(m.span)):
            ends.setdefault(mention.span.end, mention)
        found: dict[Span, Definition] = {}
        for definition in self._in_brackets(text, ends, {m.span: m for m in mentions}):
            found.setdefault(definition.span, definition)
            ends.setdefault(definition.span.end, definition.target)
        for definition in self._in_sentences(text, ends, [m.span for m in mentions]):
            found.setdefault(definition.span, definition)
        return [found[span] for span in sorted(found)]

    def _in_brackets(self, text: str, ends: dict[int, Mention], names: dict[Span, Mention]) -> Iterator[Definition]:
        for bracket in _BRACKET.finditer(text):
            target = _target(text, ends, bracket.start())
            if target is None:
                continue
            for part in _PART.finditer(text, bracket.start(1), bracket.end(1)):
                for span in self._names_in(text, part, target, names):
                    if span.of(text) not in self._never and fold(span.of(text)) != fold(target.text):
                        yield Definition(span, target)

    def _names_in(self, text: str, part: re.Match[str], target: Mention, names: dict[Span, Mention]) -> Iterator[Span]:
        begin, end = part.span()
        while begin < end and text[begin].isspace():
            begin += 1
        marked = self._marked.match(text, begin, end)
        if marked:
            yield _new_name(marked)
            for further in self._further.finditer(text, marked.end(), end):
                yield Span(*further.span(1))
        elif self._latin.fullmatch(text, begin, end) or self._is_short_form(text[begin:end], target):
            yield Span(begin, end)
        elif that_is := self._that_is.fullmatch(text, begin, end):
            span = _new_name(that_is)
            if that_is[1] or self._is_short_form(span.of(text), target) or self._is_like(names.get(span), target):
                yield span
        elif self._is_like(names.get(Span(begin, end)), target) and self._latin.fullmatch(target.text):
            yield Span(begin, end)

    @staticmethod
    def _is_like(mention: Mention | None, target: Mention) -> bool:
        return mention is not None and mention.type == target.type

    def _is_short_form(self, words: str, target: Mention) -> bool:
        is_word = len(words) >= _LEAST and _HAN_OR_LATIN.fullmatch(words) is not None
        return is_word and words[-1] in target.text and is_subsequence(fold(words), fold(target.text))

    def _in_sentences(self, text: str, ends: dict[int, Mention], spans: list[Span]) -> Iterator[Definition]:
        begins = {s.begin: s for s in sorted(spans, key=len)}
        for signal in self._signal.finditer(text):
            for lead in range(8):  # the name ends at most this far before the marker
                at = signal.start() - lead
                match = self._running.match(text, at) if at in ends else None
                if match is None:
                    continue
                span = _new_name(match)
                if match["bare"]:
                    span = begins.get(span.begin, Span(span.begin, _end_of_words(text, span)))
                if len(span) >= _LEAST and span.of(text) not in self._never:
                    target = ends[at]
                    ends.setdefault(span.end, target)
                    for end in range(span.end, min(span.end + 2, len(text))):
                        if text[end] in _CLOSING:
                            ends.setdefault(end + 1, target)
                    yield Definition(span, target)
                break


def _new_name(match: re.Match[str]) -> Span:
    """The name in quotes (group 1) or bare."""
    return Span(*match.span(1)) if match[1] else Span(*match.span("bare"))


def _end_of_words(text: str, span: Span) -> int:
    """Where a bare name ends: it reaches to a mark, or it is none."""
    at_mark = span.end >= len(text) or not text[span.end].isalnum()
    return span.end if at_mark else span.begin


def _target(text: str, ends: dict[int, Mention], at: int) -> Mention | None:
    while at > 0 and at not in ends and (text[at - 1] in _CLOSING or text[at - 1].isspace()):
        at -= 1
    return ends.get(at)
