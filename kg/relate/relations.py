"""The facts of a document: what names, frames and the classifier read off it, with the words that state them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Evidence, Fact, Mark
from kg.relate.analysis import Analyst
from kg.relate.ranker import Ranker
from kg.relate.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Modality, Span
    from kg.relate.analysis import Analysis, Proposal
    from kg.relate.candidates import Candidate
    from kg.relate.clauses import Argument
    from kg.segment import Segmentation

_LEARNED = "learned"
_BY_NAME = 0.97  # confidence in what a name states by its own make


class RelationExtractor:
    """Reads off a document the facts that its text states.

    `unasserted` gives what is only planned, denied or claimed as well, marked with its modality; without `learned`
    the frames decide alone.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> RelationExtractor(domain)(Segmenter(domain)(Document("a", "他们来了。", "")), ())
    ()
    """

    def __init__(self, domain: Domain, *, unasserted: bool = False, learned: bool = True) -> None:
        self._domain = domain
        self._unasserted = unasserted
        self._analyst = Analyst(domain)
        self._structure = Structure(domain)
        self._ranker = Ranker.of(domain) if learned else None
        self._symmetric = frozenset(r.name for r in domain.relations.values() if r.symmetric)
        self._thresholds: dict[str, float] = domain.toml("frames.toml")["threshold"]

    def __call__(self, segmentation: Segmentation, entities: Sequence[Entity]) -> tuple[Fact, ...]:
        """The facts of the document, each once with all its evidence, in text order."""
        facts = [*self._named(segmentation, entities), *self._stated(segmentation, entities)]
        return _united((f for f in facts if self._unasserted or f.modality is None), self._symmetric)

    def _named(self, segmentation: Segmentation, entities: Sequence[Entity]) -> Iterator[Fact]:
        text = segmentation.document.text
        for found in self._structure(entities):
            sentence = segmentation.sentence_at(found.mention.span.begin)
            span = sentence.span if sentence else found.mention.span
            marks = (Mark("head", found.mention.span), Mark("tail", found.part))
            evidence = Evidence(segmentation.document.id, span, span.of(text), marks, found.rule, _BY_NAME)
            yield Fact(found.head.id, found.relation, found.tail.id, (evidence,))

    def _stated(self, segmentation: Segmentation, entities: Sequence[Entity]) -> Iterator[Fact]:
        for analysis in self._analyst(segmentation, entities):
            if self._ranker is None:
                for p in analysis.proposals:
                    relation, rule = p.frame.relation.name, p.frame.id
                    yield self._fact(
                        segmentation, analysis, relation, p.head, p.tail, p.trigger, rule, p.frame.confidence
                    )
            else:
                yield from self._ranked(segmentation, analysis, self._ranker)

    def _ranked(self, segmentation: Segmentation, analysis: Analysis, ranker: Ranker) -> Iterator[Fact]:
        frames: dict[tuple[str, str, str], Proposal] = {}
        for proposal in analysis.proposals:
            ends = (proposal.head.entity, proposal.tail.entity)
            for key in (ends, ends[::-1]) if proposal.frame.relation.symmetric else (ends,):
                frames.setdefault((key[0], proposal.frame.relation.name, key[1]), proposal)
        for candidate, found in zip(analysis.candidates, ranker(analysis.observed), strict=True):
            head, tail = candidate.head, candidate.tail
            for relation, confidence in found.items():
                if confidence < self._thresholds.get(relation, self._thresholds["default"]):
                    continue
                if not self._domain.relations[relation].admits(head.type, tail.type):
                    continue
                frame = frames.get((head.entity, relation, tail.entity))
                trigger = frame.trigger if frame else self._trigger(analysis, candidate, relation)
                rule = frame.frame.id if frame else _LEARNED
                yield self._fact(segmentation, analysis, relation, head, tail, trigger, rule, confidence)

    def _trigger(self, analysis: Analysis, candidate: Candidate, relation: str) -> Span | None:
        """The word that may state `relation` and stands nearest to the candidate."""
        lexicon = self._analyst.lexicon
        ends = [candidate.anchor] if candidate.carried else [candidate.head, candidate.tail]
        found = [w.span for w in analysis.scene.flat if relation in lexicon.relations.get(w.role, ())]
        return min(found, key=lambda span: (max(_gap(span, e.span) for e in ends), span), default=None)

    def _fact(
        self,
        segmentation: Segmentation,
        analysis: Analysis,
        relation: str,
        head: Argument,
        tail: Argument,
        trigger: Span | None,
        rule: str,
        confidence: float,
    ) -> Fact:
        span = analysis.reading.sentence.span
        roles = [("head", head.span), ("tail", tail.span), *([("trigger", trigger)] if trigger is not None else [])]
        marks = tuple(Mark(role, part) for role, part in roles if span.covers(part))
        quote = span.of(segmentation.document.text)
        evidence = Evidence(segmentation.document.id, span, quote, marks, rule, round(confidence, 3))
        latest = max((part for _, part in roles if span.covers(part)), default=span)
        where = trigger if trigger is not None and span.covers(trigger) else latest
        modality = next((s.modality for s in analysis.scopes if s.span.covers(where)), None)
        if self._domain.relations[relation].symmetric and tail.span < head.span:
            head, tail = tail, head
        return Fact(head.entity, relation, tail.entity, (evidence,), modality)


def _gap(one: Span, other: Span) -> int:
    return max(one.begin - other.end, other.begin - one.end, 0)


def _united(facts: Iterable[Fact], symmetric: frozenset[str]) -> tuple[Fact, ...]:
    """Facts with the same triple become one that holds all their evidence, of each sentence the surest."""
    united: dict[tuple[str, str, str, Modality | None], dict[Span, Evidence]] = {}
    for fact in facts:
        key = (fact.head, fact.relation, fact.tail, fact.modality)
        turned = (fact.tail, fact.relation, fact.head, fact.modality)
        if fact.relation in symmetric and turned in united:
            key = turned
        evidence = united.setdefault(key, {})
        for piece in fact.evidence:
            known = evidence.get(piece.sentence)
            if known is None or known.confidence < piece.confidence:
                evidence[piece.sentence] = piece
    found = [
        Fact(h, r, t, tuple(sorted(pieces.values(), key=lambda e: e.sentence)), m)
        for (h, r, t, m), pieces in united.items()
    ]
    return tuple(sorted(found, key=lambda f: (f.evidence[0].sentence, f.relation, _number(f.head), _number(f.tail))))


def _number(identifier: str) -> tuple[int, str]:
    return len(identifier), identifier
