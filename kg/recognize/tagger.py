"""The statistical tagger: two models of the labels of characters, whose probabilities are averaged.

One is a conditional random field over the features of :mod:`kg.recognize.features`, which knows words and their
neighbours by heart; the other the encoder of :mod:`kg.recognize.network`, which knows what resembles what.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING

import numpy as np
import pycrfsuite

from kg.errors import DomainError
from kg.recognize.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.recognize.features import Character

OUTSIDE = "O"
_POSSIBLE = 0.01  # labels that the encoder takes for less probable are not asked about
_FLOOR = 1e-6


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
        field, at_home = self._field, self._at
        found = dict.fromkeys(chunks(field.tag(pycrfsuite.ItemSequence(features))), 0.0)
        rows: list[dict[str, float]] = [{} for _ in features]
        for at, label in zip(*(index.tolist() for index in np.nonzero(share >= _POSSIBLE)), strict=True):
            rows[at][self._labels[label]] = float(share[at, label])
        found |= dict.fromkeys(chunks(_best(rows)), 0.0)
        for begin, end, kind in found:
            ends = (begin, f"B-{kind}"), (end - 1, f"I-{kind}" if end - begin > 1 else f"B-{kind}")
            one = min(share[at, at_home[label]] if label in at_home else 0.0 for at, label in ends)
            other = min(field.marginal(label, at) if label in self._known else 0.0 for at, label in ends)
            found[begin, end, kind] = (float(one) + other) / 2
        kept: list[Chunk] = []
        for (begin, end, kind), sure in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            if all(end <= chunk.begin or chunk.end <= begin for chunk in kept):
                kept.append(Chunk(begin, end, kind, sure))
        return sorted(kept, key=lambda chunk: chunk.begin)


def _best(rows: Sequence[Mapping[str, float]]) -> list[str]:
    """The labels of greatest joint probability that mark whole chunks, one from each of `rows`.

    >>> _best([{"O": 0.4, "B-Place": 0.6}, {"O": 0.3, "I-Place": 0.4, "I-Person": 0.3}])
    ['B-Place', 'I-Place']
    """
    reached: dict[str, float] = {OUTSIDE: 0.0}
    back: list[dict[str, str]] = []
    for row in rows:
        before, reached = reached, {}
        steps: dict[str, str] = {}
        free = max(before, key=before.__getitem__)
        for label, probability in row.items():
            last = (
                free if label[0] != "I" else max(("B" + label[1:], label), key=lambda former: before.get(former, -inf))
            )
            score = before.get(last, -inf)
            if score > -inf:
                reached[label] = score + log(max(probability, _FLOOR))
                steps[label] = last
        if not reached:  # nothing possible goes on from here: what begins a name stands alone
            reached, steps = {OUTSIDE: before[free] + log(_FLOOR)}, {OUTSIDE: free}
        back.append(steps)
    label = max(reached, key=reached.__getitem__)
    found = []
    for steps in reversed(back):
        found.append(label)
        label = steps[label]
    return found[::-1]


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
