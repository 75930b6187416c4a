"""The statistical tagger: a conditional random field over characters, read from the domain folder."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pycrfsuite

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

OUTSIDE = "O"


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
    """A trained model; `path` is the file that :mod:`kg.recognize.train` wrote."""

    def __init__(self, path: Path) -> None:
        self._model = pycrfsuite.Tagger()
        try:
            self._model.open(str(path))
        except (OSError, ValueError) as error:
            msg = f"{path}: not a tagger model ({error}); python -m kg.recognize.train writes one"
            raise DomainError(msg) from error

    def __call__(self, rows: list[list[str]]) -> Iterator[Chunk]:
        """The names in a sentence given by the features of its characters, in order."""
        marginal = self._model.marginal
        labels = self._model.tag(pycrfsuite.ItemSequence(rows))
        for begin, end, kind in chunks(labels):
            sure = min(marginal(labels[at], at) for at in (begin, end - 1))
            yield Chunk(begin, end, kind, sure)


class Calibration:
    """Turns the tagger's confidence into the share of such mentions that are right, by a line through `points`.

    >>> Calibration([(0.0, 0.0), (0.5, 0.4), (1.0, 0.9)])(0.75)
    0.65
    """

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._given = [given for given, _ in points]
        self._right = [right for _, right in points]

    def __call__(self, confidence: float) -> float:
        """The calibrated confidence, to four decimals."""
        at = min(max(bisect_right(self._given, confidence), 1), len(self._given) - 1)
        low, high = self._given[at - 1], self._given[at]
        share = (confidence - low) / (high - low)
        return round(self._right[at - 1] + share * (self._right[at] - self._right[at - 1]), 4)
