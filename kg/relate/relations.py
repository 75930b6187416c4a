"""The facts of a document: what names, frames and carried subjects state, with the words that state it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Evidence, Fact, Mark, Span
from kg.relate.assertion import Assertion
from kg.relate.clauses import Reader
from kg.relate.frames import Frames
from kg.relate.structure import Structure
from kg.relate.subjects import Subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Modality
    from kg.relate.clauses import Argument, Reading
    from kg.relate.frames import Match
    from kg.segment import Segmentation


class RelationExtractor:
    """Reads off a document the facts that its text states; `unasserted` gives those of plans, denials, … as well.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> RelationExtractor(domain)(Segmenter(domain)(Document("a", "他们来了。", "")), ())
    ()
    """

    def __init__(self, domain: Domain, *, unasserted: bool = False) -> None:
        self._domain = domain
        self._unasserted = unasserted
        self._reader = Reader(domain)
        self._frames = Frames(domain, self._reader.marks)
        self._subjects = Subjects(domain)
        self._structure = Structure(domain)
        self._assertion = Assertion(domain)

    def __call__(self, segmentation: Segmentation, entities: Sequence[Entity]) -> tuple[Fact, ...]:
        """The facts of the document, each once, in text order of their first evidence."""
        facts = [*self._named(segmentation, entities), *self._stated(segmentation, entities)]
        return _united(f for f in facts if self._unasserted or f.modality is None)

    def _named(self, segmentation: Segmentation, entities: Sequence[Entity]) -> Iterator[Fact]:
        text = segmentation.document.text
        for found in self._structure(entities):
            sentence = segmentation.sentence_at(found.mention.span.begin)
            span = sentence.span if sentence else found.mention.span
            marks = (Mark("head", found.mention.span), Mark("tail", found.part))
            evidence = Evidence(segmentation.document.id, span, span.of(text), marks, found.rule, 0.97)
            yield Fact(found.head.id, found.relation, found.tail.id, (evidence,))

    def _stated(self, segmentation: Segmentation, entities: Sequence[Entity]) -> Iterator[Fact]:
        readings = self._reader(segmentation, entities)
        for index, reading in enumerate(readings):
            scopes = self._assertion.scopes(segmentation.document.text, reading.sentence)
            for match in self._frames.matches(reading):
                for head, tail in self._pairs(readings, index, match):
                    if head.entity == tail.entity or not match.frame.relation.admits(head.type, tail.type):
                        continue
                    modality = next((s.modality for s in scopes if s.span.covers(match.trigger)), None)
                    yield _fact(segmentation, reading, head, tail, match, modality)

    def _pairs(self, readings: Sequence[Reading], index: int, match: Match) -> list[tuple[Argument, Argument]]:
        heads, tails = match.heads, match.tails
        if match.frame.among:
            return [(a, b) for i, a in enumerate(heads) for b in heads[i + 1 :]]
        if match.frame.carried == "head":
            heads = self._subject(readings, index, match, match.frame.relation.domain)
        elif match.frame.carried == "tail":
            tails = self._subject(readings, index, match, match.frame.relation.range)
        if match.distributes and len(heads) == len(tails):
            return list(zip(heads, tails, strict=True))
        return [(head, tail) for head in heads for tail in tails]

    def _subject(self, readings: Sequence[Reading], index: int, match: Match, types: frozenset[str]) -> tuple[Argument, ...]:
        view = readings[index].folded
        own = self._subjects.within(view, view.at(match.trigger.begin), types)
        if own:
            return own
        carried = self._subjects.carried(readings, index, types)
        return carried.arguments if carried else ()


def _fact(segmentation: Segmentation, reading: Reading, head: Argument, tail: Argument, match: Match, modality: Modality | None) -> Fact:
    span = reading.sentence.span
    marks = tuple(
        Mark(role, part)
        for role, part in (("head", head.span), ("tail", tail.span), ("trigger", match.trigger))
        if span.covers(part)
    )
    quote = span.of(segmentation.document.text)
    evidence = Evidence(segmentation.document.id, span, quote, marks, match.frame.id, match.frame.confidence)
    if match.frame.relation.symmetric and tail.span < head.span:
        head, tail = tail, head
    return Fact(head.entity, match.frame.relation.name, tail.entity, (evidence,), modality)


def _united(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts with the same triple become one that holds all their evidence."""
    united: dict[tuple[str, str, str, str | None], list[Evidence]] = {}
    for fact in facts:
        key = (fact.head, fact.relation, fact.tail, fact.modality)
        evidence = united.setdefault(key, [])
        known = {e.sentence for e in evidence}
        evidence.extend(e for e in fact.evidence if e.sentence not in known)
    found = [Fact(h, r, t, tuple(sorted(ev, key=lambda e: e.sentence)), m) for (h, r, t, m), ev in united.items()]
    return tuple(sorted(found, key=lambda f: (f.evidence[0].sentence, f.relation, _number(f.head), _number(f.tail))))


def _number(identifier: str) -> tuple[int, str]:
    return len(identifier), identifier


__all__ = ["RelationExtractor", "Span"]
