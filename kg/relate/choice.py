"""A conditional logit: the probability that each of a few options is the one, from the features that hold of it.

Other than a classifier asked about every option alone, it is normalised over the options, so that "none of them"
can be one of them. Fitting is L-BFGS (Liu and Nocedal 1989) on the penalised likelihood: no chance is in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Ids = NDArray[np.int32]
    Weights = NDArray[np.float64]

Features = tuple[str, ...]
_MEMORY = 7  # steps that L-BFGS remembers
_ENOUGH = 1e-4  # the share of the loss that one more step must save
_SHORTEST = 1e-6


class Vocabulary:
    """Numbers for features, in order of first use."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def ids(self, features: Iterable[str]) -> Ids:
        """The numbers of `features`; new ones get the next."""
        known = self._ids
        return np.fromiter((known.setdefault(f, len(known)) for f in features), np.int32)


@dataclass(frozen=True, slots=True)
class Choice:
    """Options, each by the numbers of the features that hold of it, and which of them was chosen."""

    options: tuple[Ids, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class ChoiceModel:
    """A weight per feature; a feature without weight counts nothing.

    >>> model = ChoiceModel({"near": 2.0, "far": -2.0})
    >>> [round(p, 3) for p in model.probabilities([("near",), ("far", "unknown")])]
    [0.982, 0.018]
    """

    weights: Mapping[str, float]

    def probabilities(self, options: Sequence[Iterable[str]]) -> list[float]:
        """The probability of each of `options`; they add up to one."""
        weights = self.weights
        return softmax([sum(weights.get(f, 0.0) for f in option) for option in options])

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[str]]) -> ChoiceModel:
        """The model of rows of feature and weight."""
        return cls({feature: float(weight) for feature, weight in rows})


def fit(
    choices: Sequence[Choice], features: int, *, penalty: float = 30.0, minimum: int = 3, steps: int = 60
) -> Weights:
    """A weight for each of `features` numbers; those seen in fewer than `minimum` options weigh nothing.

    `penalty` is that on the squared weights: with many features and few choices it must be large.

    >>> words = Vocabulary()
    >>> choice = Choice((words.ids(["near"]), words.ids(["far"])), 0)
    >>> near, far = fit([choice] * 30, len(words), penalty=1.0)
    >>> bool(near > 1 and far < -1)
    True
    """
    flat = _Flat(choices)
    kept = np.bincount(flat.ids, minlength=features) >= minimum

    def loss(weights: Weights) -> tuple[float, Weights]:
        value, slope = flat.loss(weights)
        return value + penalty / 2 * float(weights @ weights), (slope + penalty * weights) * kept

    return _least(loss, np.zeros(features), steps)


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to the exponentials of `scores`."""
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = math.fsum(powers)
    return [p / total for p in powers]


class _Flat:
    """Choices as one array of feature numbers, with where options and choices begin in it."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        options = [option for choice in choices for option in choice.options]
        self.ids = np.concatenate(options)
        self._lengths = np.array([len(option) for option in options])
        self._counts = np.array([len(choice.options) for choice in choices])
        self._options, self._choices = _begins(self._lengths), _begins(self._counts)
        self._chosen = self._choices + np.array([choice.chosen for choice in choices])

    def loss(self, weights: Weights) -> tuple[float, Weights]:
        """The negative logarithm of the likelihood of what was chosen, and its slope."""
        scores = np.add.reduceat(weights[self.ids], self._options)
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, self._choices), self._counts))
        shares = powers / np.repeat(np.add.reduceat(powers, self._choices), self._counts)
        value = -float(np.log(np.maximum(shares[self._chosen], _SHORTEST**5)).sum())
        shares[self._chosen] -= 1
        slope = np.bincount(self.ids, weights=np.repeat(shares, self._lengths), minlength=len(weights))
        return value, np.asarray(slope, np.float64)


def _begins(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(lengths) - lengths


def _least(loss: Callable[[Weights], tuple[float, Weights]], at: Weights, steps: int) -> Weights:
    """Where `loss`, which also returns its slope, is least; `steps` at most are taken from `at`."""
    value, slope = loss(at)
    moves: list[tuple[Weights, Weights]] = []
    for _ in range(steps):
        way = _direction(slope, moves)
        descent, length = float(slope @ way), 1.0
        while True:
            there = at + length * way
            new, steeper = loss(there)
            if new <= value + _ENOUGH * length * descent or length < _SHORTEST:
                break
            length /= 2
        move = (there - at, steeper - slope)
        if move[0] @ move[1] > 0:
            moves = [*moves, move][-_MEMORY:]
        saved = value - new
        at, value, slope = there, new, steeper
        if saved < _ENOUGH * abs(value):
            break
    return at


def _direction(slope: Weights, moves: Sequence[tuple[Weights, Weights]]) -> Weights:
    """Downhill by the curvature that the last `moves` (of place and slope) showed."""
    way = -slope
    shares: list[float] = []
    for place, turn in reversed(moves):
        shares.append(float(place @ way) / float(place @ turn))
        way = way - shares[-1] * turn
    if not moves:
        return way / max(1.0, math.sqrt(float(np.abs(slope).sum())))
    place, turn = moves[-1]
    way = way * (float(place @ turn) / float(turn @ turn))
    for (place, turn), share in zip(moves, reversed(shares), strict=True):
        way = way + place * (share - float(turn @ way) / float(place @ turn))
    return way
