"""A document as figures are read in it: its mentions in text order, their roles, the numbers and what was decided."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.model import Span
from kg.relate.context_fields import Families
from kg.relate.roles import Part, Roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention
    from kg.recognize.quantities import Quantity
    from kg.recognize.times import TimeExpression
    from kg.segment import Segmentation, Sentence

_STATING = frozenset({"paragraph", "caption"})  # titles and headings give no observations


@dataclass(frozen=True, slots=True)
class Decision:
    """A figure that has been attached."""

    quantity: Quantity
    entity: Entity


@dataclass(frozen=True, slots=True)
class Place:
    """A number with the words around it.

    `unit` is the unit, `family` what kind of unit it is; `before` and `after` are the words on either side,
    nearest first; `verb` is the last verb before the number in its clause, empty where there is none.
    """

    quantity: Quantity
    sentence: Sentence
    clause: Span
    unit: str
    family: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    verb: str


class Surroundings:
    """Reads the neighbourhood of numbers by the tables of ``attachment.toml``."""

    def __init__(self, domain: Domain) -> None:
        table: dict[str, Any] = domain.toml("attachment.toml")
        self._families = Families(domain)
        self.roles = Roles(domain)
        self.respectively = tuple(table["particles"]["respectively"])

    def place(self, text: str, quantity: Quantity, sentence: Sentence) -> Place:
        """The neighbourhood of `quantity`."""
        clause = next(c for c in sentence.clauses if quantity.number.begin < c.end)
        before = [t for t in sentence.tokens if t.span.end <= quantity.span.begin]
        after = [t for t in sentence.tokens if t.span.begin >= quantity.span.end]
        verbs = [t for t in before if t.span.begin >= clause.begin and t.tag.startswith("v")]
        unit = quantity.unit or "0"
        return Place(
            quantity,
            sentence,
            clause,
            unit,
            self._families(quantity.unit),
            tuple(shown(t.span.of(text)) for t in reversed(before[-3:])),
            tuple(shown(t.span.of(text)) for t in after[:3]),
            verbs[-1].span.of(text) if verbs else "",
        )


class Scene:
    """A document prepared for attachment: its mentions in text order, and what was decided so far.

    `quantities` are those that may be figures; to `decisions` each figure is added when it has been attached.
    """

    def __init__(
        self,
        segmentation: Segmentation,
        entities: Sequence[Entity],
        quantities: Sequence[Quantity],
        times: Sequence[TimeExpression],
        *,
        surroundings: Surroundings,
    ) -> None:
        self.segmentation = segmentation
        self.text = segmentation.document.text
        self.surroundings = surroundings
        self.entities = entities
        self.times = times
        pairs = sorted(
            ((m.span, m.kind, i, m) for i, e in enumerate(entities) for m in e.mentions), key=lambda p: p[:3]
        )
        self._mentions = [(m, entities[i]) for _, _, i, m in pairs]
        self._begins = [m.span.begin for m, _ in self._mentions]
        self._outer = _outer([m.span for m, _ in self._mentions])
        blocks = segmentation.blocks
        self.first = {m_e[1].id for m_e in self.within(Span(0, blocks[0].span.end))} if blocks else set()
        self.frequent = Counter({e.id: len(e.mentions) for e in entities})
        self._parts: dict[Span, list[Part]] = {}
        self.decisions: list[Decision] = []
        self.quantities = tuple(q for q in quantities if self._may_be_figure(q))

    def parts(self, sentence: Sentence) -> list[Part]:
        """The outermost mentions of `sentence` with their roles."""
        if sentence.span not in self._parts:
            outer = [(m, e) for m, e in self.within(sentence.span) if not self.is_nested(m)]
            self._parts[sentence.span] = self.surroundings.roles(self.text, sentence, outer, self.times)
        return self._parts[sentence.span]

    def previous(self, sentence: Sentence) -> Sentence | None:
        """The sentence before `sentence`."""
        sentences = self.segmentation.sentences
        index = bisect_left(sentences, sentence.span.begin, key=lambda s: s.span.begin)
        return sentences[index - 1] if index else None

    def _may_be_figure(self, quantity: Quantity) -> bool:
        """Whether the number stands in prose or a caption and is no part of a name."""
        sentence = self.segmentation.sentence_at(quantity.number.begin)
        if sentence is None or sentence.block.kind not in _STATING:
            return False
        return not any(m.kind != "pronoun" and m.span.overlaps(quantity.number) for m, _ in self.within(sentence.span))

    def mentions_of(self, sentence: Sentence) -> list[Mention]:
        """The mentions in `sentence`, in order."""
        return [m for m, _ in self.within(sentence.span)]

    def within(self, span: Span) -> list[tuple[Mention, Entity]]:
        """The mentions within `span`, in order."""
        low, high = bisect_left(self._begins, span.begin), bisect_right(self._begins, span.end - 1)
        return self._mentions[low:high]

    def is_nested(self, mention: Mention) -> bool:
        """Whether `mention` stands within a longer one."""
        return mention.span not in self._outer


def _outer(spans: Sequence[Span]) -> frozenset[Span]:
    """Those of `spans` that lie in no longer one."""
    outer: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.begin, -s.end)):
        if not outer or span.end > outer[-1].end:
            outer.append(span)
    return frozenset(outer)


def shown(text: str) -> str:
    """`text` as part of a feature: white space is one mark."""
    return "_".join(text.split()) if text.strip() else "_"
