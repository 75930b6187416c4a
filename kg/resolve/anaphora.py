"""Words that may stand for an entity: pronouns, 该公司, bare 公司, 市里."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.model import Span
from kg.wordlists import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain
    from kg.segment import Segmentation

Kind = Literal["third", "first", "thing", "pointed", "own", "latter", "bare", "level", "called"]


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A word that points at an entity of one of `classes`; `head` is its noun, empty for a pronoun.

    Of a new name (kind ``called``) `by` is the name or pronoun of what it is given to, where words tell: 喊她“焊花”.
    """

    span: Span
    kind: Kind
    classes: frozenset[str]
    head: str = ""
    by: Span | None = None


class Anaphora:
    """Finds anaphors by ``anaphora.toml``, outside names.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> cut = Segmenter(Domain.default())(Document("d", "他在该公司工作。", ""))
    >>> [(a.span.of(cut.document.text), a.kind) for a in Anaphora(Domain.default())(cut, bytearray(8))]
    [('他', 'third'), ('该公司', 'pointed')]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("anaphora.toml")
        self._heads: dict[str, dict[str, list[str]]] = table["heads"]
        personal, places, pointing = table["personal"], table["places"], table["demonstratives"]
        self._personal: list[tuple[Kind, re.Pattern[str], tuple[str, ...]]] = [
            ("third", re.compile(personal["third"]), tuple(personal["not_before_third"])),
            ("first", re.compile(personal["first"]), tuple(personal["not_before_first"])),
            ("thing", re.compile(personal["thing"]), tuple(personal["not_before_thing"])),
        ]
        self._things = frozenset(domain.classes) - frozenset(personal["no_thing"]) - {"Person"}
        pointed = _classes_by_word(self._heads, "pointed")
        self._pointed_classes = pointed
        self._pointed = re.compile(f"{pointing['words']}({any_of(pointed)})")
        self._own = re.compile(f"{pointing['own']}({any_of(pointed)})")
        self._latter = re.compile(pointing["latter"])
        bare = _classes_by_word(self._heads, "bare")
        for word, classes in _classes_by_word(self._heads, "any").items():
            if len(word) > 1 and word[-1] in table["bare"]["alone_endings"]:
                bare[word] = bare.get(word, frozenset()) | classes
        self._bare = bare
        self._tags = frozenset(table["bare"]["tags_before"])
        self._levels = [re.compile(p.replace("%LEVEL%", places["level"])) for p in places["patterns"]]

    def __call__(self, cut: Segmentation, taken: bytearray) -> list[Anaphor]:
        """The anaphors of a document in order; none overlaps another or a code point marked in `taken`."""
        text = cut.document.text
        found = [*self._pointing(text), *self._place_words(text), *self._bare_heads(cut), *self._pronouns(text)]
        free: list[Anaphor] = []
        taken = bytearray(taken)
        for anaphor in sorted(found, key=lambda a: (-len(a.span), a.span)):
            span = anaphor.span
            if not any(taken[span.begin : span.end]):
                taken[span.begin : span.end] = b"\1" * len(span)
                free.append(anaphor)
        return sorted(free, key=lambda a: a.span)

    def _pronouns(self, text: str) -> Iterator[Anaphor]:
        for kind, pattern, excluded in self._personal:
            classes = self._things if kind == "thing" else frozenset({"Person"})
            for match in pattern.finditer(text):
                if not text.endswith(excluded, 0, match.start()):
                    yield Anaphor(Span(*match.span()), kind, classes)

    def _pointing(self, text: str) -> Iterator[Anaphor]:
        for match in self._pointed.finditer(text):
            yield Anaphor(Span(*match.span()), "pointed", self._pointed_classes[match[1]], match[1])
        for match in self._own.finditer(text):
            yield Anaphor(Span(*match.span()), "own", self._pointed_classes[match[1]] - {"Person"}, match[1])
        for match in self._latter.finditer(text):
            yield Anaphor(Span(*match.span()), "latter", self._things | {"Person"})

    def _place_words(self, text: str) -> Iterator[Anaphor]:
        for pattern in self._levels:
            for match in pattern.finditer(text):
                yield Anaphor(Span(*match.span()), "level", frozenset({"Place"}), match[1])

    def _bare_heads(self, cut: Segmentation) -> Iterator[Anaphor]:
        text = cut.document.text
        for tokens in (sentence.tokens for sentence in cut.sentences):
            for index, token in enumerate(tokens):
                before = tokens[index - 1] if index else None
                if before and before.tag not in self._tags and text[before.span.end - 1].isalnum():
                    continue
                for last in tokens[index : index + 2]:
                    span = Span(token.span.begin, last.span.end)
                    word = span.of(text)
                    if word in self._bare:
                        yield Anaphor(span, "bare", self._bare[word], word)


def _classes_by_word(heads: dict[str, dict[str, list[str]]], key: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for cls, words in heads.items():
        for word in words[key]:
            found.setdefault(word, set()).add(cls)
    return {word: frozenset(classes) for word, classes in found.items()}
