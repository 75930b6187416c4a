"""What a figure counts: the shortest noun of the text, behind the unit or before the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.domain import Domain
    from kg.model import Mention
    from kg.recognize.quantities import Quantity
    from kg.segment import Sentence, Token

_SHORTEST = 4  # code points of a noun that stands for itself
_VERBAL = "vn"  # jieba's tag of 培训, which in 培训职工 is the verb of what is counted
_SINGLE = frozenset({"Person", "Place"})  # what has these names is never counted


class Measures:
    """Finds measures by the tags and words of ``attachment.toml``."""

    def __init__(self, domain: Domain) -> None:
        table: dict[str, Any] = domain.toml("attachment.toml")
        words = table["measures"]
        self._age: str = words["age"]
        self._ages = frozenset(table["units"]["age"])
        self._uncounted = frozenset(u for family in ("share", "money", "time") for u in table["units"][family])
        self._nouns = frozenset(words["noun_tags"])
        self._verbs = frozenset(words["verb_tags"])
        self._formed = self._nouns | self._verbs
        self._skipped = frozenset(words["skipped"])
        self._skipped_tags = frozenset(words["skipped_tags"])

    def __call__(
        self, text: str, quantity: Quantity, sentence: Sentence, mentions: Sequence[Mention]
    ) -> Span | str | None:
        """Where the measure of `quantity` stands, the word for an age, or None where the clause names nothing."""
        if quantity.unit in self._ages:
            return self._age
        clause = next(c for c in sentence.clauses if quantity.number.begin < c.end)
        found = None
        if quantity.unit not in self._uncounted:
            found = self._behind(text, quantity, sentence, mentions)
        return found or self._ahead(text, quantity, sentence, clause, mentions)

    def _behind(self, text: str, quantity: Quantity, sentence: Sentence, mentions: Sequence[Mention]) -> Span | None:
        """The nouns right behind the unit (132名环卫工人)."""
        begin = quantity.span.end
        named = self._named(m for m in mentions if m.span.begin == begin)
        if named is not None:
            return named
        run: list[Token] = []
        for token in sentence.tokens:
            if token.span.begin < begin:
                continue
            if token.tag not in self._nouns or not _is_word(token.span.of(text)):
                break
            run.append(token)
        return _head(run)

    def _ahead(
        self, text: str, quantity: Quantity, sentence: Sentence, clause: Span, mentions: Sequence[Mention]
    ) -> Span | None:
        """The nouns, or else the verb, before the number (全长7.2公里, 累计培训2万人次)."""
        here = [m for m in mentions if clause.begin <= m.span.begin and m.span.end <= quantity.span.begin]
        begin = max((m.span.end for m in here), default=clause.begin)
        words = [t for t in sentence.tokens if clause.begin <= t.span.begin and t.span.end <= quantity.span.begin]
        while words and self._is_passed_over(words[-1], words[-1].span.of(text)):
            words.pop()
        if not words:
            return None
        end = words[-1].span.end
        if end <= begin:
            return self._named(m for m in here if m.span.end == end)
        if words[-1].tag in self._verbs:
            return words[-1].span
        run: list[Token] = []
        for token in reversed(words):
            # 率, 量 and 费 alone say nothing: the verb before them is part of the noun (断丝率).
            tags = self._formed if len(run) == 1 and len(run[0].span) == 1 else self._nouns
            if token.span.begin < begin or token.tag not in tags or not _is_word(token.span.of(text)):
                break
            run.insert(0, token)
        return _head(run)

    def _is_passed_over(self, token: Token, word: str) -> bool:
        """Whether the word does not say what is counted; jieba tags commas and words it does not know alike."""
        is_noun = token.tag in self._nouns and _is_word(word)
        return word in self._skipped or (token.tag in self._skipped_tags and not is_noun)

    @staticmethod
    def _named(mentions: Iterable[Mention]) -> Span | None:
        """The longest of `mentions` that can be counted."""
        return max((m.span for m in mentions if m.type not in _SINGLE), key=len, default=None)


def _head(run: Sequence[Token]) -> Span | None:
    """The last noun of `run`, and those before it up to a length at which a noun says what it is."""
    if not run:
        return None
    first = len(run) - 1
    while first > 0 and run[-1].span.end - run[first].span.begin < _SHORTEST and run[first - 1].tag != _VERBAL:
        first -= 1
    return Span(run[first].span.begin, run[-1].span.end)


def _is_word(text: str) -> bool:
    return all(c.isalnum() for c in text)
