"""The facts of a document: what names, frames and the classifier read off it, with the words that state them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Evidence, Fact, Mark
from kg.relate.analysis import Analyst
from kg.relate.choice import pooled
from kg.relate.ranker import NONE, Ranker
from kg.relate.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.domain import Domain, Relation
    from kg.model import Document, Entity, Modality, Span
    from kg.relate.analysis import Analysis, Proposal
    from kg.relate.candidates import Candidate
    from kg.relate.clauses import Argument
    from kg.relate.context import Context
    from kg.segment import Segmentation

_LEARNED = "learned"
_BY_NAME = 0.97  # confidence in what a name states by its own make


@dataclass(frozen=True, slots=True)
class _Finding:
    """A relation that holds between two arguments, the words that say so, and what found it."""

    relation: Relation
    head: Argument
    tail: Argument
    trigger: Span | None
    rule: str
    confidence: float


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
        self._share: float = domain.toml("frames.toml")["context"]["share"]

    def __call__(
        self, segmentation: Segmentation, entities: Sequence[Entity], context: Context | None = None
    ) -> tuple[Fact, ...]:
        """The facts of the document, each once with all its evidence, in text order; `context` has its say."""
        facts = [*self._named(segmentation, entities), *self._stated(segmentation, entities, context)]
        return _united((f for f in facts if self._unasserted or f.modality is None), self._symmetric)

    def _named(self, segmentation: Segmentation, entities: Sequence[Entity]) -> Iterator[Fact]:
        text = segmentation.document.text
        for found in self._structure(entities):
            sentence = segmentation.sentence_at(found.mention.span.begin)
            span = sentence.span if sentence else found.mention.span
            marks = (Mark("head", found.mention.span), Mark("tail", found.part))
            evidence = Evidence(segmentation.document.id, span, span.of(text), marks, found.rule, _BY_NAME)
            yield Fact(found.head.id, found.relation, found.tail.id, (evidence,))

    def _stated(
        self, segmentation: Segmentation, entities: Sequence[Entity], context: Context | None
    ) -> Iterator[Fact]:
        for analysis in self._analyst(segmentation, entities):
            ranker = self._ranker
            found = self._ranked(analysis, ranker, context) if ranker else map(_proposed, analysis.proposals)
            yield from (_fact(segmentation.document, analysis, finding) for finding in found)

    def _ranked(self, analysis: Analysis, ranker: Ranker, context: Context | None) -> Iterator[_Finding]:
        frames = self._by_triple(analysis)
        ranked = [(c, found) for c, found in zip(analysis.candidates, ranker(analysis.observed), strict=True) if found]
        if context:
            others = context.relate([candidate for candidate, _ in ranked])
            ranked = [(c, self._agreed(found, other)) for (c, found), other in zip(ranked, others, strict=True)]
        for candidate, found in ranked:
            head, tail = candidate.head, candidate.tail
            for name, confidence in found.items():
                relation = self._domain.relations[name]
                threshold = self._thresholds.get(name, self._thresholds["default"])
                if confidence < threshold or not relation.admits(head.type, tail.type):
                    continue
                frame = frames.get((head.entity, name, tail.entity))
                if frame:
                    yield _Finding(relation, head, tail, frame.trigger, frame.frame.id, confidence)
                else:
                    trigger = self._trigger(analysis, candidate, name)
                    yield _Finding(relation, head, tail, trigger, _LEARNED, confidence)

    def _agreed(self, one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
        """What two readers say of a pair, as one; what either has not learned of is unlikely."""
        first, second = ({NONE: 1 - sum(p for r, p in found.items() if r != NONE), **found} for found in (one, other))
        names = sorted(first)
        shares = pooled([first[n] for n in names], [second.get(n, 0.0) for n in names], self._share)
        return {name: p for name, p in zip(names, shares, strict=True) if name != NONE}

    @staticmethod
    def _by_triple(analysis: Analysis) -> dict[tuple[str, str, str], Proposal]:
        """What frames propose, by head, relation and tail; a symmetric relation both ways, the first frame first."""
        found: dict[tuple[str, str, str], Proposal] = {}
        for proposal in analysis.proposals:
            head, relation, tail = proposal.head.entity, proposal.frame.relation, proposal.tail.entity
            found.setdefault((head, relation.name, tail), proposal)
            if relation.symmetric:
                found.setdefault((tail, relation.name, head), proposal)
        return found

    def _trigger(self, analysis: Analysis, candidate: Candidate, relation: str) -> Span | None:
        """The word that may state `relation` and stands nearest to the candidate."""
        lexicon = self._analyst.lexicon
        ends = [candidate.anchor] if candidate.carried else [candidate.head, candidate.tail]
        found = [w.span for w in analysis.scene.flat if relation in lexicon.relations.get(w.role, ())]
        return min(found, key=lambda span: (max(_gap(span, e.span) for e in ends), span), default=None)


def _proposed(p: Proposal) -> _Finding:
    return _Finding(p.frame.relation, p.head, p.tail, p.trigger, p.frame.id, p.frame.confidence)


def _fact(document: Document, analysis: Analysis, finding: _Finding) -> Fact:
    """The fact that `finding` makes, with its evidence; what is carried from another sentence bears no mark."""
    span = analysis.reading.sentence.span
    head, tail = finding.head, finding.tail
    roles = (("head", head.span), ("tail", tail.span), ("trigger", finding.trigger))
    marks = tuple(Mark(role, part) for role, part in roles if part is not None and span.covers(part))
    where = max((m.span for m in marks if m.role == "trigger"), default=max(m.span for m in marks))
    modality = next((s.modality for s in analysis.scopes if s.span.covers(where)), None)
    confidence = round(finding.confidence, 3)
    evidence = Evidence(document.id, span, span.of(document.text), marks, finding.rule, confidence)
    if finding.relation.symmetric and tail.span < head.span:
        head, tail = tail, head
    return Fact(head.entity, finding.relation.name, tail.entity, (evidence,), modality)


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
