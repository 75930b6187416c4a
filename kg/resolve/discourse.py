"""A document as a row of mentions in the order of reading, each with what makes it salient."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Span
    from kg.resolve.aliases import Name
    from kg.resolve.speakers import Quotation
    from kg.segment import Segmentation

_NEAR = 4  # earlier mentions that are compared to tell the subject of a clause


@dataclass(frozen=True, slots=True)
class Referent:
    """An entity that may be spoken of: its full name and all its names; `count` is how often they stand in the text."""

    root: Name
    names: tuple[Name, ...]
    count: int

    @property
    def type(self) -> str:
        """The class of the full name."""
        return self.root.type


@dataclass(frozen=True, slots=True, order=True)
class Antecedent:
    """A mention of the referent with number `referent`, as something later words may point back at."""

    span: Span
    referent: int
    sentence: int
    section: int
    is_subject: bool
    is_nested: bool
    is_pronoun: bool
    quotation: int  # the number of the quotation it stands in, -1 outside


class Discourse:
    """The mentions of one document, to which resolved pronouns are added as it is read.

    `oblique` and `modifier` are the words before and behind a mention that show it to be no subject.
    """

    def __init__(
        self,
        cut: Segmentation,
        names: Sequence[Name],
        quotations: Sequence[Quotation],
        oblique: tuple[str, ...],
        modifier: tuple[str, ...],
    ) -> None:
        self.text = cut.document.text
        self.quotations = quotations
        self.covered = bytearray(len(self.text))
        self._cut, self._oblique, self._modifier = cut, oblique, modifier
        self._begins = [s.span.begin for s in cut.sentences]
        self._quotes = [q.span.begin for q in quotations]
        self._seen: list[Antecedent] = []
        groups: dict[int, list[Name]] = {}
        for name in names:
            groups.setdefault(id(name.root), []).append(name)
        self.referents = [
            Referent(group[0].root, tuple(group), sum(len(n.mentions) for n in group)) for group in groups.values()
        ]
        number = {id(referent.root): index for index, referent in enumerate(self.referents)}
        spans = ((m.span, number[id(n.root)]) for n in names for m in n.mentions)
        end = 0
        for span, referent in sorted(spans, key=lambda s: (s[0].begin, -s[0].end)):
            self.covered[span.begin : span.end] = b"\1" * len(span)
            self._see(span, referent, is_nested=span.end <= end)
            end = max(end, span.end)

    def point(self, span: Span, referent: int) -> None:
        """Note that the words at `span` stand for `referent`."""
        self._see(span, referent, is_pronoun=True)

    def sentence(self, position: int) -> int:
        """The number of the sentence at `position`, or of the last before it; -1 before the first."""
        return bisect_right(self._begins, position) - 1

    def section(self, sentence: int) -> int:
        """The section of the sentence with that number."""
        return self._cut.sentences[sentence].block.section

    def block(self, position: int) -> Span:
        """The line at `position`."""
        return self._cut.sentences[max(0, self.sentence(position))].block.span

    def quotation(self, position: int) -> int:
        """The number of the quotation at `position`, -1 outside."""
        index = bisect_right(self._quotes, position) - 1
        return index if index >= 0 and position < self.quotations[index].span.end else -1

    def before(self, position: int, most: int) -> Iterator[Antecedent]:
        """At most so many mentions before `position`, the nearest first."""
        end = self._index(position)
        return reversed(self._seen[max(0, end - most) : end])

    def within(self, span: Span) -> list[Antecedent]:
        """The mentions that begin within `span`."""
        return self._seen[self._index(span.begin) : self._index(span.end)]

    def _index(self, position: int) -> int:
        return bisect_left(self._seen, position, key=lambda s: s.span.begin)

    def _see(self, span: Span, referent: int, *, is_nested: bool = False, is_pronoun: bool = False) -> None:
        number = self.sentence(span.begin)
        if number < 0:
            return
        sentence = self._cut.sentences[number]
        clause = next((c for c in sentence.clauses if c.covers(span)), sentence.span)
        is_subject = not is_nested and self._is_subject(span, referent, clause)
        quotation = self.quotation(span.begin)
        section = sentence.block.section
        insort(self._seen, Antecedent(span, referent, number, section, is_subject, is_nested, is_pronoun, quotation))

    def _is_subject(self, span: Span, referent: int, clause: Span) -> bool:
        """Whether the mention is the first of its class in the clause, before other words and governed by none."""
        lead = self.text[clause.begin : span.begin]
        is_last = not any(c.isalnum() for c in self.text[span.end : clause.end])
        if (is_last and lead) or lead.endswith(self._oblique) or self.text.startswith(self._modifier, span.end):
            return False
        cls = self.referents[referent].type
        return not any(
            seen.is_subject and seen.referent != referent and self.referents[seen.referent].type == cls
            for seen in self.before(span.begin, _NEAR)
            if seen.span.begin >= clause.begin
        )
