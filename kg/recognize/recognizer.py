"""Sentences → mentions: what the tagger finds, made consistent within the document, with the names inside names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.model import Mention, Span
from kg.recognize.boundaries import Boundaries
from kg.recognize.features import Features
from kg.recognize.nested import Nested
from kg.recognize.tagger import Chunk, Tagger

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.segment import Segmentation


class Recognizer:
    """Finds, bounds and types every name in a document."""

    def __init__(self, domain: Domain) -> None:
        self._features = Features(domain)
        self._tagger = Tagger(domain.file("tagger.crfsuite"))
        self._boundaries = Boundaries(domain)
        self._nested = Nested(domain)

    def __call__(self, segmentation: Segmentation) -> tuple[Mention, ...]:
        """The mentions of the document, sorted; a name that begins a longer one stands behind it."""
        document = segmentation.document
        found = [
            Mention(document.id, span, span.of(document.text), chunk.type, "name", "tagger", round(chunk.confidence, 4))
            for sentence in segmentation.sentences
            for chunk in self._tagger(self._features(document.text, sentence))
            for span in [self._bounded(document.text, sentence.span, chunk)]
            if span
        ]
        found = [part for mention in _apart(found) for part in self._nested.unstack(mention)]
        outer = sorted([*found, *_repeated(found, segmentation)], key=_order)
        return tuple(sorted([*outer, *self._nested(outer)], key=_order))


    def _bounded(self, text: str, sentence: Span, chunk: Chunk) -> Span:
        line = sentence.of(text)
        begin, end = self._boundaries(line, chunk.begin, chunk.end)
        return Span(sentence.begin + begin, sentence.begin + end)


def _apart(mentions: list[Mention]) -> list[Mention]:
    """`mentions` without those that overlap a surer one."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_order):
        if kept and kept[-1].span.overlaps(mention.span):
            if kept[-1].confidence >= mention.confidence:
                continue
            kept.pop()
        kept.append(mention)
    return kept


def _order(mention: Mention) -> tuple[int, int]:
    return mention.span.begin, -mention.span.end


def _repeated(found: list[Mention], segmentation: Segmentation) -> list[Mention]:
    """Further places where a name that was found stands unmarked."""
    text = segmentation.document.text
    classes: dict[str, Counter[str]] = {}
    sure: dict[str, float] = {}
    for mention in found:
        classes.setdefault(mention.text, Counter())[mention.type] += 1
        sure[mention.text] = max(sure.get(mention.text, 0.0), mention.confidence)
    taken = bytearray(len(text))
    for mention in found:
        taken[mention.span.begin : mention.span.end] = b"\1" * len(mention.span)
    starts = {t.span.begin for s in segmentation.sentences for t in s.tokens}
    ends = {t.span.end for s in segmentation.sentences for t in s.tokens}
    repeated = []
    for name in sorted(classes, key=lambda n: (-len(n), n)):
        if len(name) < 2 or sure[name] < 0.5:
            continue
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not any(taken[at:end]) and at in starts and end in ends:
                taken[at:end] = b"\1" * len(name)
                kind = classes[name].most_common(1)[0][0]
                span = Span(at, end)
                repeated.append(
                    Mention(segmentation.document.id, span, name, kind, "name", "repeated", round(sure[name] * 0.8, 4))
                )
            at = text.find(name, at + 1)
    return repeated
