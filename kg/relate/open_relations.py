"""Open relations: a verb of the text between two entities of one clause that no closed relation joins.

Precision before recall: only the plainest clause is read: one entity that is its subject, one verb, an
entity, and there it ends; others stand in it under a preposition only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.domain import OPEN_RELATION
from kg.model import Evidence, Fact, Mark, Span
from kg.relate.assertion import Assertion
from kg.relate.clauses import Reader
from kg.relate.subjects import Subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Document, Entity
    from kg.relate.clauses import Reading
    from kg.segment import Segmentation
    from kg.segment.tokens import Token

_RULE = "open"


class OpenRelationExtractor:
    """Reads off a document what its verbs say of pairs of entities, by the table ``open`` of ``frames.toml``.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> OpenRelationExtractor(domain)(Segmenter(domain)(Document("a", "他们来了。", "")), (), ())
    ()
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("frames.toml")["open"]
        self._reader = Reader(domain)
        self._subjects = Subjects(domain)
        self._assertion = Assertion(domain)
        self._leading = frozenset(table["leading_tags"])
        self._counting = frozenset(table["counting_tags"])
        self._verbs = frozenset(table["verb_tags"])
        self._aspects = frozenset(table["aspects"])
        self._complements = frozenset(table["complements"])
        self._stops = frozenset(table["stops"])
        self._passed = frozenset(domain.toml("frames.toml")["reading"]["dropped"])
        self._confidence: float = table["confidence"]

    def __call__(
        self, segmentation: Segmentation, entities: Iterable[Entity], known: Iterable[Fact]
    ) -> tuple[Fact, ...]:
        """The open relations of the document between entities that no fact in `known` joins, in text order."""
        joined = {frozenset((f.head, f.tail)) for f in known}
        found: dict[tuple[str, str, str], list[Evidence]] = {}
        for reading in self._reader(segmentation, entities):
            for key, evidence in self._stated(segmentation.document, reading):
                if frozenset(key[:2]) not in joined:
                    found.setdefault(key, []).append(evidence)
        return tuple(
            Fact(head, OPEN_RELATION, tail, tuple(evidence), predicate=predicate)
            for (head, tail, predicate), evidence in found.items()
        )

    def _stated(self, document: Document, reading: Reading) -> Iterator[tuple[tuple[str, str, str], Evidence]]:
        text, view, sentence = document.text, reading.folded, reading.sentence
        scopes = self._assertion.scopes(text, sentence)
        for begin, end in self._subjects.clauses(view.text):
            places = [at for at in sorted(view.units) if begin <= at < end]
            if len(places) < 2 or places[-1] != end - 1:  # noqa: PLR2004
                continue
            free = list(self._subjects.candidates(view, begin, end - 1))
            if len(free) != 1 or free[0] != view.units[places[0]]:
                continue
            first, *governed, last = (view.origin[at] for at in places)
            if self._is_verbal(sentence.tokens, view.origin[begin].begin, first.begin):
                continue
            verb = self._verb(sentence.tokens, text, Span(first.end, last.begin), governed)
            if verb is None or any(s.span.overlaps(verb) for s in scopes):
                continue
            for head in view.units[places[0]].arguments:
                for tail in view.units[places[-1]].arguments:
                    if head.entity != tail.entity:
                        marks = (Mark("head", head.span), Mark("trigger", verb), Mark("tail", tail.span))
                        span = sentence.span
                        evidence = Evidence(document.id, span, span.of(text), marks, _RULE, self._confidence)
                        yield (head.entity, tail.entity, verb.of(text)), evidence

    def _verb(self, tokens: Sequence[Token], text: str, gap: Span, governed: Sequence[Span]) -> Span | None:
        """The one verb in `gap`: before it only adverbs, times and `governed` mentions, after it aspect and number."""
        between = [t for t in tokens if t.span.overlaps(gap) and not any(g.overlaps(t.span) for g in governed)]
        between = [t for t in between if t.span.of(text) not in self._passed and t.span.of(text).strip()]
        words = [t.span.of(text) for t in between]
        places = [i for i, t in enumerate(between) if t.tag in self._verbs]
        if not places or not all(gap.covers(t.span) for t in between) or self._stops.intersection(words):
            return None
        at = places[0]
        leading = zip(words[:at], between[:at], strict=True)
        if len(words[at]) < 2 or not all(t.tag in self._leading or w.isdecimal() for w, t in leading):  # noqa: PLR2004
            return None
        end = at + 1
        if end < len(words) and words[end] in self._complements:
            end += 1
        rest = zip(words[end:], between[end:], strict=True)
        if not all(w in self._aspects or t.tag in self._counting or w.isdecimal() for w, t in rest):
            return None
        return Span(between[at].span.begin, between[end - 1].span.end)

    def _is_verbal(self, tokens: Sequence[Token], begin: int, end: int) -> bool:
        """Whether a verb stands between two places: what comes before the subject may then govern it."""
        return any(t.tag in self._verbs for t in tokens if begin <= t.span.begin < end)
