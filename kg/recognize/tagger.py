"""The statistical tagger: two models of the labels of characters, whose probabilities are averaged.

One is a conditional random field over the features of :mod:`kg.recognize.features`, which knows words and their
neighbours by heart; the other the encoder of :mod:`kg.recognize.network`, which knows what resembles what.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pycrfsuite

from kg.errors import DomainError
from kg.recognize.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.recognize.features import Character

OUTSIDE = "O"
_POSSIBLE = 0.15  # what the encoder takes for less probable is not asked about


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a sentence that the tagger takes for a name: offsets, class and how sure it is."""

    begin: int
    end: int
    type: str
    confidence: float


def chunks(labels: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """The stretches that BIO labels mark.

    >>> list(chunks(["O", "B-Place", "I-Place", "B-Role"]))
    [(1, 3, 'Place'), (3, 4, 'Role')]
    """
    begin, kind, at = 0, "", -1
    for at, label in enumerate(labels):
        prefix, _, found = label.partition("-")
        if kind and (prefix != "I" or found != kind):
            yield begin, at, kind
            kind = ""
        if found and not kind:
            begin, kind = at, found
    if kind:
        yield begin, at + 1, kind


class Tagger:
    """The trained models; `field` and `encoder` are the files that the trainers of this room wrote."""

    def __init__(self, field: Path, encoder: Path) -> None:
        self._field = pycrfsuite.Tagger()
        try:
            self._field.open(str(field))
        except (OSError, ValueError) as error:
            msg = f"{field}: not a tagger model ({error}); python -m kg.recognize.train writes one"
            raise DomainError(msg) from error
        self._known = frozenset(self._field.labels())
        self._network = Network(encoder)
        self._labels = self._network.labels
        self._at = {label: at for at, label in enumerate(self._labels)}

    def __call__(self, sentences: Sequence[Sequence[Character]]) -> Iterator[list[Chunk]]:
        """The names in each sentence, given by the features of its characters, in order."""
        shares = self._network([[character.fields for character in sentence] for sentence in sentences])
        for sentence, share in zip(sentences, shares, strict=True):
            yield self._chunks([character.features for character in sentence], share) if sentence else []

    def _chunks(self, features: list[list[str]], share: NDArray[np.float64]) -> list[Chunk]:
        """What either model takes for a name, each with the mean of what both think of it; the surest first served."""
        first = self._field.tag(pycrfsuite.ItemSequence(features))
        proposed = {*chunks(first), *self._spans(share)}
        length = len(features)
        found: list[Chunk] = []
        for begin, end, kind in sorted(proposed):
            marks = (f"B-{kind}", begin), (f"I-{kind}" if end - begin > 1 else f"B-{kind}", end - 1), (f"I-{kind}", end)
            one = [self._field.marginal(m, at) if m in self._known and at < length else 0.0 for m, at in marks]
            other = [float(share[at, self._at[m]]) if m in self._at and at < length else 0.0 for m, at in marks]
            sure = sum(min(start, last - onward) for start, last, onward in (one, other)) / 2
            found.append(Chunk(begin, end, kind, sure))
        kept: list[Chunk] = []
        for chunk in sorted(found, key=lambda chunk: (-chunk.confidence, chunk.begin, chunk.end)):
            if all(chunk.end <= other.begin or other.end <= chunk.begin for other in kept):
                kept.append(chunk)
        return sorted(kept, key=lambda chunk: chunk.begin)

    def _spans(self, share: NDArray[np.float64]) -> Iterator[tuple[int, int, str]]:
        """The stretches that the encoder holds possible: from a beginning to each place where the name may stop."""
        for begin, label in zip(*(index.tolist() for index in np.nonzero(share >= _POSSIBLE)), strict=True):
            mark, _, kind = self._labels[label].partition("-")
            if mark != "B":
                continue
            inside = share[:, self._at[f"I-{kind}"]] if f"I-{kind}" in self._at else np.zeros(len(share))
            now, end = float(share[begin, label]), begin + 1
            while now >= _POSSIBLE:
                onward = float(inside[end]) if end < len(share) else 0.0
                if now - onward >= _POSSIBLE:
                    yield begin, end, kind
                now, end = onward, end + 1


class Calibration:
    """Turns the tagger's confidence into the share of such mentions that are right, by a line through `points`.

    >>> Calibration([(0.0, 0.0), (0.5, 0.4), (1.0, 0.9)])(0.75)
    0.65
    """

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._given = [given for given, _ in points]
        self._right = [right for _, right in points]

    def __call__(self, confidence: float) -> float:
        """The calibrated confidence, to two decimals: further ones would differ between processors."""
        at = min(max(bisect_right(self._given, confidence), 1), len(self._given) - 1)
        low, high = self._given[at - 1], self._given[at]
        share = (confidence - low) / (high - low)
        return round(self._right[at - 1] + share * (self._right[at] - self._right[at - 1]), 2)
