"""Names that the tagger cut in two: a place or a company and the bare head noun that cannot be a name by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Mention, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.domain import Domain


class Joining:
    """Puts such names together again.

    >>> from kg.domain import Domain
    >>> place = Mention("", Span(0, 4), "湘江新区", "Place", "name", "tagger", 0.9)
    >>> [m.text for m in Joining(Domain.default())("湘江新区总工会", [place])]
    ['湘江新区总工会']
    """

    def __init__(self, domain: Domain) -> None:
        rules = domain.toml("recognize.toml")["joining"]
        self._first = frozenset(rules["first"])
        self._qualifying = frozenset(rules["qualifying"])
        self._qualified = frozenset(rules["qualified"])
        self._closing = rules["closing"]
        self._bare = re.compile(rules["bare"])
        self._tails = [(re.compile(rule["pattern"]), rule["type"]) for rule in rules["tails"]]

    def __call__(self, text: str, mentions: Iterable[Mention]) -> list[Mention]:
        """`mentions` (sorted, apart) of `text` with what belongs together joined."""
        joined: list[Mention] = []
        for mention in mentions:
            last = joined[-1] if joined else None
            if last and self._continues(last, mention):
                span = Span(last.span.begin, mention.span.end)
                sure = min(last.confidence, mention.confidence)
                joined[-1] = replace(mention, span=span, text=span.of(text), rule="joined", confidence=sure)
            else:
                joined.append(mention)
        ends = [*(mention.span.begin for mention in joined[1:]), len(text)]
        return [self._extended(text, mention, end) for mention, end in zip(joined, ends, strict=False)]

    def _continues(self, last: Mention, mention: Mention) -> bool:
        if last.span.end != mention.span.begin:
            return False
        is_bare = last.type in self._first and self._bare.match(mention.text) is not None
        is_qualified = last.type in self._qualifying and mention.type in self._qualified
        return is_bare or is_qualified or last.text[-1] in self._closing

    def _extended(self, text: str, mention: Mention, end: int) -> Mention:
        """`mention` with the head noun that stands unmarked behind it, before the next mention at `end`."""
        if mention.type in self._first:
            for pattern, kind in self._tails:
                match = pattern.match(text, mention.span.end, end)
                if match:
                    span = Span(mention.span.begin, match.end())
                    return replace(mention, span=span, text=span.of(text), type=kind, rule="joined")
        return mention
