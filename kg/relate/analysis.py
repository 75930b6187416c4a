"""A document prepared for reading relations: sentences with their views, scopes, candidates and proposals of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.relate.assertion import Assertion
from kg.relate.candidates import Candidates
from kg.relate.clauses import Reader
from kg.relate.features import Lexicon, Observer, Scene
from kg.relate.frames import Frames
from kg.relate.subjects import Subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Span
    from kg.relate.assertion import Scope
    from kg.relate.candidates import Candidate
    from kg.relate.clauses import Argument, Reading
    from kg.relate.frames import Frame, Match
    from kg.segment import Segmentation


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a frame reads off a sentence: a head, a tail and the words that join them."""

    frame: Frame
    head: Argument
    tail: Argument
    trigger: Span


@dataclass(frozen=True, slots=True)
class Analysis:
    """A prose sentence: its reading, unasserted parts, what frames propose, and all candidates with observations."""

    reading: Reading
    scene: Scene
    scopes: tuple[Scope, ...]
    proposals: tuple[Proposal, ...]
    candidates: tuple[Candidate, ...]
    observed: tuple[tuple[str, ...], ...]


class Analyst:
    """Prepares the prose sentences of a document.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> [a.candidates for a in Analyst(domain)(Segmenter(domain)(Document("a", "他们来了。", "")), ())]
    [()]
    """

    def __init__(self, domain: Domain) -> None:
        self.lexicon = Lexicon(domain)
        self._reader = Reader(domain)
        self._frames = Frames(domain, self._reader.marks)
        self._subjects = Subjects(domain)
        self._assertion = Assertion(domain)
        self._candidates = Candidates(domain, self._reader.marks, self._subjects)
        self._observer = Observer(domain, self._reader.marks, self._subjects)

    def __call__(self, segmentation: Segmentation, entities: Iterable[Entity]) -> Iterator[Analysis]:
        """The analysis of each sentence in turn."""
        readings = self._reader(segmentation, entities)
        for index, candidates in enumerate(self._candidates(readings)):
            reading = readings[index]
            scopes = tuple(self._assertion.scopes(segmentation.document.text, reading.sentence))
            scene = Scene(reading, self._reader.marks, self.lexicon, scopes)
            proposals = tuple(self._propose(readings, index))
            named: dict[tuple[str, str], set[str]] = {}
            for p in proposals:
                named.setdefault((p.head.entity, p.tail.entity), set()).update((p.frame.id, p.frame.relation.name))
            observed = tuple(tuple(self._observer(scene, c, named)) for c in candidates)
            yield Analysis(reading, scene, scopes, proposals, tuple(candidates), observed)

    def _propose(self, readings: Sequence[Reading], index: int) -> Iterator[Proposal]:
        for match in self._frames.matches(readings[index]):
            for head, tail in self._pairs(readings, index, match):
                if head.entity != tail.entity and match.frame.relation.admits(head.type, tail.type):
                    yield Proposal(match.frame, head, tail, match.trigger)

    def _pairs(self, readings: Sequence[Reading], index: int, match: Match) -> list[tuple[Argument, Argument]]:
        heads, tails = match.heads, match.tails
        relation = match.frame.relation
        if match.frame.among:
            return [(a, b) for i, a in enumerate(heads) for b in heads[i + 1 :]]
        if match.frame.carried == "head":
            heads = self._subject(readings, index, match, relation.domain)
        elif match.frame.carried == "tail":
            tails = self._subject(readings, index, match, relation.range)
        if match.distributes and len(heads) == len(tails):
            return list(zip(heads, tails, strict=True))
        return [(head, tail) for head in heads for tail in tails]

    def _subject(
        self, readings: Sequence[Reading], index: int, match: Match, types: frozenset[str]
    ) -> tuple[Argument, ...]:
        view = readings[index].folded
        own = self._subjects.within(view, view.at(match.trigger.begin), types)
        return own or self._subjects.carried(readings, index, types)
