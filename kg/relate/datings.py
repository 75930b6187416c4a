"""Time expressions → when events took place: what an event's own name says, and what a sentence says of its holding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model import Dating, Evidence, Mark, Span
from kg.relate.assertion import Assertion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention
    from kg.recognize.times import TimeExpression
    from kg.segment import Segmentation, Sentence

_BY_NAME, _BY_VERB = 0.97, 0.8  # confidence in what a name says, and in what stands beside a verb
_EVENT = "Event"


class DatingExtractor:
    """Dates events by the words of ``times.toml``, ``[dating]``.

    >>> from kg.domain import Domain
    >>> from kg.model import Document, Entity, Field, Mention, Metadata
    >>> from kg.recognize.times import TimeRecognizer
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> stated = Metadata(date_published=Field("2024-11-05"))
    >>> cut = Segmenter(domain)(Document("a", "9月15日，大国工匠论坛在重庆开幕。", "", metadata=stated))
    >>> forum = Mention("a", Span(6, 12), "大国工匠论坛", "Activity", "name", "", 1.0)
    >>> entity = Entity("e1", "Activity", "大国工匠论坛", (), (forum,))
    >>> found = DatingExtractor(domain)(cut, [entity], TimeRecognizer(domain)(cut))
    >>> [(d.about, d.period, d.interval.begin) for d in found]
    [('e1', '9月15日', '2024-09-15')]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("times.toml")
        self._domain = domain
        self._base = re.compile(table["evidence"]["base"])
        self._held = re.compile(table["dating"]["held"])
        self._reaching = re.compile(table["dating"]["reaching"])
        self._assertion = Assertion(domain)

    def __call__(
        self, segmentation: Segmentation, entities: Sequence[Entity], times: Sequence[TimeExpression]
    ) -> tuple[Dating, ...]:
        """The datings of a document in text order, called ``d1``, ``d2`` and so on; each event and time once."""
        found: dict[tuple[str, str], tuple[Entity, TimeExpression, Evidence]] = {}
        events = [e for e in entities if self._domain.is_a(e.type, _EVENT)]
        placed = sorted(((m.span, e, m) for e in events for m in e.mentions), key=lambda p: (p[0], p[1].id))
        names = [m.span for e in entities for m in e.mentions]
        for _, entity, mention in placed:
            sentence = segmentation.sentence_at(mention.span.begin)
            if sentence is None:
                continue
            # A year within another's name (a plan's, a contest's) is that one's.
            others = [n for n in names if sentence.span.covers(n) and n != mention.span]
            here = [t for t in times if sentence.span.covers(t.span) and not any(n.covers(t.span) for n in others)]
            for time, evidence in self._of(segmentation, sentence, mention, here):
                if time.interval:
                    found.setdefault((entity.id, time.interval.edtf or ""), (entity, time, evidence))
        return tuple(
            self._dating(f"d{number}", segmentation, *each) for number, each in enumerate(found.values(), start=1)
        )

    def _of(
        self, segmentation: Segmentation, sentence: Sentence, mention: Mention, times: Sequence[TimeExpression]
    ) -> Iterator[tuple[TimeExpression, Evidence]]:
        """The time words that begin the event's name, and those before it or its verb in the sentence."""
        text = segmentation.document.text
        dated = [t for t in times if t.kind == "date" and not self._reaching.search(t.text)]
        for time in dated:
            if mention.span.covers(time.span) and mention.span.begin == time.span.begin:
                yield time, _evidence(segmentation, sentence, mention, time, None)
        verb = self._verb(text, sentence, mention)
        if verb is None or not sentence.is_prose:
            return
        before = [
            t
            for t in dated
            if t.span.end <= max(verb.begin, mention.span.begin)
            and not mention.span.overlaps(t.span)
            and not self._base.search(text, sentence.span.begin, t.span.begin)
        ]
        if before:
            yield before[-1], _evidence(segmentation, sentence, mention, before[-1], verb)

    def _verb(self, text: str, sentence: Sentence, mention: Mention) -> Span | None:
        """The word nearest to the event in its clause that says it was held."""
        clause = next(c for c in sentence.clauses if mention.span.begin < c.end)
        verbs = [Span(*m.span()) for m in self._held.finditer(text, clause.begin, clause.end)]
        verbs = [v for v in verbs if not v.overlaps(mention.span)]
        return min(verbs, key=lambda v: (max(v.begin - mention.span.end, mention.span.begin - v.end), v), default=None)

    def _dating(
        self, name: str, segmentation: Segmentation, entity: Entity, time: TimeExpression, evidence: Evidence
    ) -> Dating:
        assert time.interval is not None  # noqa: S101
        text = segmentation.document.text
        sentence = segmentation.sentence_at(evidence.sentence.begin)
        trigger = next((m.span for m in evidence.marks if m.role == "trigger"), None)
        scopes = self._assertion.scopes(text, sentence) if sentence and trigger else ()
        modality = next((s.modality for s in scopes if trigger and s.span.covers(trigger)), None)
        return Dating(name, entity.id, time.text, time.interval, modality, (evidence,))


def _evidence(
    segmentation: Segmentation, sentence: Sentence, mention: Mention, time: TimeExpression, verb: Span | None
) -> Evidence:
    parts = {"about": mention.span, "period": time.span, "trigger": verb}
    marks = tuple(sorted((Mark(role, span) for role, span in parts.items() if span), key=lambda m: m.span))
    document = segmentation.document
    rule, confidence = ("held", _BY_VERB) if verb else ("name", _BY_NAME)
    return Evidence(document.id, sentence.span, sentence.span.of(document.text), marks, rule, confidence)
