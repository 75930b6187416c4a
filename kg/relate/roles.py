"""The part each mention plays in its clause: subject, what a preposition governs, object, or modifier of the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention
    from kg.recognize.times import TimeExpression
    from kg.segment import Sentence, Token

Role = Literal["subject", "governed", "object", "modifier", "other"]


@dataclass(frozen=True, slots=True)
class Part:
    """A mention with its entity, the index of its clause in the sentence, its role, and the number of its list."""

    mention: Mention
    entity: Entity
    clause: int
    role: Role
    run: int


class Roles:
    """Assigns roles by the words of ``attachment.toml``.

    A mention is the subject of its clause where nothing but times, adverbs and conjunctions precedes it; of a chain
    (公司｜班长｜某某, 公司的车间) the last is, and in a coordination all are.
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("attachment.toml")
        self._governing = frozenset(table["roles"]["governing"])
        self._leading = frozenset(table["roles"]["leading"])
        self._tags = frozenset(table["roles"]["leading_tags"])
        self._possessive = frozenset(table["roles"]["possessive"])
        self._coordination = frozenset(table["particles"]["coordination"])

    def __call__(
        self,
        text: str,
        sentence: Sentence,
        mentions: Sequence[tuple[Mention, Entity]],
        times: Sequence[TimeExpression],
    ) -> list[Part]:
        """The parts of the outermost `mentions` of `sentence`, in order."""
        parts: list[Part] = []
        for index, clause in enumerate(sentence.clauses):
            here = [(m, e) for m, e in mentions if clause.begin <= m.span.begin < clause.end]
            parts += self._clause(text, sentence, index, here, times, run=len(parts))
        return parts

    def _clause(
        self,
        text: str,
        sentence: Sentence,
        index: int,
        mentions: Sequence[tuple[Mention, Entity]],
        times: Sequence[TimeExpression],
        *,
        run: int,
    ) -> list[Part]:
        clause = sentence.clauses[index]
        covered = [t.span for t in times if t.span.overlaps(clause)] + [m.span for m, _ in mentions]
        parts: list[Part] = []
        for mention, entity in mentions:
            gap = text[parts[-1].mention.span.end : mention.span.begin].strip() if parts else None
            role: Role
            if gap is not None and (gap in self._coordination or not gap or gap in self._possessive):
                role = parts[-1].role
                if gap not in self._coordination:
                    last = parts.pop()
                    parts.append(Part(last.mention, last.entity, index, "modifier", last.run))
            else:
                run += 1
                role = self._role(text, sentence, Span(clause.begin, mention.span.begin), covered)
            parts.append(Part(mention, entity, index, role, run))
        return parts

    def _role(self, text: str, sentence: Sentence, lead: Span, covered: Sequence[Span]) -> Role:
        """The role of a mention behind `lead`, from the words there that no time and no mention covers."""
        tokens = [t for t in sentence.tokens if lead.begin <= t.span.begin and t.span.end <= lead.end]
        if tokens and tokens[-1].span.of(text) in self._governing:
            return "governed"
        free = [t for t in tokens if not any(c.overlaps(t.span) for c in covered)]
        if all(self._leads(text, t) for t in free):
            return "subject"
        return "object" if any(t.tag.startswith("v") for t in free) else "other"

    def _leads(self, text: str, token: Token) -> bool:
        words = token.span.of(text)
        return token.tag in self._tags or words in self._leading or not words.strip()
