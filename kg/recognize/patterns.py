"""Names that the sentence itself bounds: what stands between a verb that takes such names and their head noun."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model import Mention, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.domain import Domain
    from kg.segment import Segmentation


class Patterns:
    """Adds the names that the patterns of ``recognize.toml`` bound; what was found within them gives way.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("a", "工会依托网上技能竞赛平台，开展活动。", ""))
    >>> [(m.text, m.type) for m in Patterns(domain)(cut, [])]
    [('网上技能竞赛平台', 'Platform')]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("recognize.toml")["patterns"]
        within = f"[^{re.escape(table['outside'])}\\s]"
        self._sure = table["confidence"]
        self._rules = [
            (rule["type"], re.compile(rule["pattern"].replace("%WITHIN%", within).replace("%END%", table["end"])))
            for rule in table["rules"]
        ]
        self._not = re.compile(table["not"])

    def __call__(self, segmentation: Segmentation, mentions: Iterable[Mention]) -> list[Mention]:
        """`mentions` (apart) with those that a pattern bounds, sorted; one that cuts into a mention finds none."""
        kept = sorted(mentions, key=lambda m: m.span)
        document = segmentation.document
        for sentence in segmentation.sentences:
            line = sentence.span.of(document.text)
            for kind, pattern in self._rules:
                for match in pattern.finditer(line):
                    span = Span(sentence.span.begin + match.start(1), sentence.span.begin + match.end(1))
                    touched = [m for m in kept if m.span.overlaps(span)]
                    is_new = all(self._is_surer(span, kind, m) for m in touched)
                    if is_new and not self._not.search(match[1]):
                        kept = [m for m in kept if m not in touched]
                        kept.append(Mention(document.id, span, match[1], kind, "name", "pattern", self._sure))
        return sorted(kept, key=lambda m: m.span)

    def _is_surer(self, span: Span, kind: str, mention: Mention) -> bool:
        """Whether a pattern that bounds `span` as a name of `kind` knows better than the `mention` it touches."""
        if mention.type == kind and mention.confidence >= self._sure:
            return False
        return span.covers(mention.span) and (mention.type == kind or mention.span != span)
