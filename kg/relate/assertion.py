"""What a sentence does not assert: plans, wishes, conditions, denials, hearsay and questions, with their scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from kg.errors import DomainError
from kg.model import Modality, Span

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.segment import Sentence


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the document whose statements hold only under `modality`, and the words that say so."""

    span: Span
    modality: Modality
    cue: Span


@dataclass(frozen=True, slots=True)
class _Cue:
    pattern: re.Pattern[str]
    modality: Modality
    scope: str


class Assertion:
    """Finds the unasserted parts of sentences by the cues of ``assertion.toml``.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> cut = Segmenter(Domain.default())(Document("a", "他们办了班，市里拟举办大赛。", ""))
    >>> [(s.span, s.modality) for s in Assertion(Domain.default()).scopes(cut.document.text, cut.sentences[0])]
    [(Span(begin=8, end=14), 'planned')]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("assertion.toml")
        self._cues = [self._cue(row) for row in table["cue"]]
        self._done = re.compile(table["done"])

    def scopes(self, text: str, sentence: Sentence) -> list[Scope]:
        """The unasserted parts of `sentence`, in order."""
        found = []
        for cue in self._cues:
            for match in cue.pattern.finditer(text, sentence.span.begin, sentence.span.end):
                words = Span(*match.span("cue" if "cue" in cue.pattern.groupindex else 0))
                found.append(Scope(self._extent(text, cue.scope, words, sentence), cue.modality, words))
        return sorted(found, key=lambda s: (s.span, s.cue))

    def _extent(self, text: str, scope: str, words: Span, sentence: Sentence) -> Span:
        clause = next(c for c in sentence.clauses if c.begin <= words.begin < c.end)
        if scope == "sentence":
            return sentence.span
        if scope == "clause":
            return clause
        if scope == "rest":
            done = (c.begin for c in sentence.clauses if c.begin >= words.end and self._done.match(text, c.begin))
            return Span(words.begin, next(done, sentence.span.end))
        return Span(words.begin, max(clause.end, words.end))

    @staticmethod
    def _cue(row: dict[str, str]) -> _Cue:
        modality, scope = row["modality"], row["scope"]
        if modality not in get_args(Modality) or scope not in ("sentence", "clause", "rest", "tail"):
            msg = f"assertion.toml: no modality {modality!r} or scope {scope!r} is known"
            raise DomainError(msg)
        return _Cue(re.compile(row["pattern"]), modality, scope)  # type: ignore[arg-type]
