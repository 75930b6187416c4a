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

_LONGEST = 10  # code points of a measure made of several words


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
        self._skipped = frozenset(words["skipped"])
        self._possessive = frozenset(words["possessive"])

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
        """The nouns right behind the unit (132名环卫工人, 54%的学员)."""
        begin = quantity.span.end
        longest = max((m.span for m in mentions if m.span.begin == begin), key=len, default=None)
        if longest is not None:
            return longest
        run: list[Token] = []
        for token in sentence.tokens:
            if token.span.begin < begin:
                continue
            if token.tag not in self._nouns or not _is_word(token.span.of(text)):
                break
            run.append(token)
        return _joined(run[-3:])

    def _ahead(
        self, text: str, quantity: Quantity, sentence: Sentence, clause: Span, mentions: Sequence[Mention]
    ) -> Span | None:
        """The nouns, or else the verb, before the number (全长7.2公里, 累计培训2万人次)."""
        end = quantity.span.begin
        tokens = [t for t in sentence.tokens if clause.begin <= t.span.begin and t.span.end <= end]
        while tokens and tokens[-1].span.of(text) in self._skipped:
            tokens.pop()
        if not tokens:
            return None
        end = tokens[-1].span.end
        longest = max(
            (m.span for m in mentions if m.span.end == end and m.span.begin >= clause.begin), key=len, default=None
        )
        if longest is not None:
            return longest
        if tokens[-1].tag in self._verbs:
            return tokens[-1].span
        return _joined(_closing(text, tokens, self._nouns))


def _closing(text: str, tokens: Sequence[Token], tags: Iterable[str]) -> list[Token]:
    """The run of words with `tags` that closes `tokens`, no longer than a measure."""
    run: list[Token] = []
    for token in reversed(tokens):
        if token.tag not in tags or not _is_word(token.span.of(text)):
            break
        if run and run[0].span.end - token.span.begin > _LONGEST:
            break
        run.insert(0, token)
    return run


def _joined(run: Sequence[Token]) -> Span | None:
    return Span(run[0].span.begin, run[-1].span.end) if run else None


def _is_word(text: str) -> bool:
    return all(c.isalnum() for c in text)
