"""What a figure is compared with: the change it tells (同比增长12.3%, 是去年的3倍) and its base."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from kg.model import Change

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.recognize.quantities import Quantity
    from kg.segment import Sentence


class Comparisons:
    """Finds changes and bases by the patterns of ``attachment.toml``, ``[comparison]``.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.recognize import QuantityRecognizer
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("a", "产值同比增长12.3%，是五年前的3倍。", ""))
    >>> [Comparisons(domain)(cut.document.text, q, cut.sentences[0]) for q in QuantityRecognizer(domain)(cut)]
    [('increase', '同比'), ('multiple', '五年前')]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("attachment.toml")["comparison"]
        self._base = re.compile(table["base"])
        self._changes: list[tuple[Change, re.Pattern[str]]] = [(c, re.compile(table[c])) for c in get_args(Change)]
        self._multiple = frozenset(table["multiple_units"])

    def __call__(self, text: str, quantity: Quantity, sentence: Sentence) -> tuple[Change | None, str | None]:
        """The change that the number of `quantity` tells, and the words for what it is compared with."""
        clause = next(c for c in sentence.clauses if quantity.number.begin < c.end)
        head = text[clause.begin : quantity.span.begin]
        for change, pattern in self._changes:
            match = pattern.search(head)
            if match is None or (change == "multiple" and quantity.unit not in self._multiple):
                continue
            if "base" in pattern.groupindex:
                return change, match["base"]
            bases = [m["base"] for m in self._base.finditer(head, 0, match.end())]
            return change, bases[-1] if bases else None
        return None, None
