"""Sentences → mentions: what the tagger finds, made consistent within the document, with the names inside names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Mention, Span
from kg.recognize.boundaries import Boundaries
from kg.recognize.features import Features
from kg.recognize.joining import Joining
from kg.recognize.nested import Nested
from kg.recognize.patterns import Patterns
from kg.recognize.tagger import Calibration, Tagger

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.recognize.tagger import Chunk
    from kg.segment import Segmentation


_SHORTEST_REPEATED = 2  # in characters: one alone is too often part of another word
_SURE_ENOUGH = 0.5
_REPEATED_SURE = 0.8  # of the confidence of the mention it repeats


class Recognizer:
    """Finds, bounds and types every name in a document."""

    def __init__(self, domain: Domain) -> None:
        self._features = Features(domain)
        self._tagger = Tagger(domain.file("tagger.crfsuite"), domain.file("encoder.onnx"))
        calibration = domain.toml("recognize.toml")["calibration"]
        self._sure = Calibration(calibration["points"])
        self._least = calibration["least"]
        self._boundaries = Boundaries(domain)
        self._joining = Joining(domain)
        self._nested = Nested(domain)
        self._patterns = Patterns(domain)

    def __call__(self, segmentation: Segmentation) -> tuple[Mention, ...]:
        """The mentions of the document, sorted; a name that begins a longer one stands behind it."""
        document, sentences = segmentation.document, segmentation.sentences
        tagged = self._tagger([self._features(document.text, sentence) for sentence in sentences])
        found = [
            Mention(
                document.id, span, span.of(document.text), chunk.type, "name", "tagger", self._sure(chunk.confidence)
            )
            for sentence, chunks in zip(sentences, tagged, strict=True)
            for chunk in chunks
            for span in [self._bounded(document.text, sentence.span, chunk)]
            if span
        ]
        found = [mention for mention in found if mention.confidence >= self._least]
        found = self._patterns(segmentation, _apart(found))
        companies = frozenset(m.text for m in found if m.type == "Company")
        found = self._joining(document.text, found)
        found = [part for mention in found for part in self._nested.unstack(mention)]
        outer = _agreed(sorted([*found, *_repeated(found, segmentation)], key=_order))
        return tuple(sorted([*outer, *self._nested(outer, companies)], key=_order))

    def _bounded(self, text: str, sentence: Span, chunk: Chunk) -> Span:
        line = sentence.of(text)
        begin, end = self._boundaries(line, chunk.begin, chunk.end, chunk.type)
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


def _agreed(mentions: list[Mention]) -> list[Mention]:
    """`mentions` with one class for one name: the class that the surest of them bear together."""
    votes: dict[str, dict[str, float]] = {}
    for mention in mentions:
        classes = votes.setdefault(mention.text, {})
        classes[mention.type] = classes.get(mention.type, 0.0) + mention.confidence
    chosen = {name: max(sorted(classes), key=classes.__getitem__) for name, classes in votes.items()}
    return [m if m.type == chosen[m.text] else replace(m, type=chosen[m.text], rule="agreed") for m in mentions]


def _repeated(mentions: list[Mention], segmentation: Segmentation) -> list[Mention]:
    """Further places where a name that was found stands unmarked, as whole words."""
    text = segmentation.document.text
    surest: dict[str, Mention] = {}
    taken = bytearray(len(text))
    for mention in mentions:
        taken[mention.span.begin : mention.span.end] = b"\1" * len(mention.span)
        if mention.text not in surest or surest[mention.text].confidence < mention.confidence:
            surest[mention.text] = mention
    edges = {at for s in segmentation.sentences for t in s.tokens for at in (t.span.begin, t.span.end)}
    found = []
    for name in sorted(surest, key=lambda n: (-len(n), n)):
        model = surest[name]
        if len(name) < _SHORTEST_REPEATED or model.confidence < _SURE_ENOUGH:
            continue
        for match in re.finditer(re.escape(name), text):
            span = Span(*match.span())
            if span.begin in edges and span.end in edges and not any(taken[span.begin : span.end]):
                taken[span.begin : span.end] = b"\1" * len(span)
                sure = round(model.confidence * _REPEATED_SURE, 2)
                found.append(replace(model, span=span, rule="repeated", confidence=sure))
    return found
