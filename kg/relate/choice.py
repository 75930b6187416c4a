"""A conditional logit: the probability that each of a few options is the one, from the features that hold of it.

Other than a classifier asked about every option alone, it is normalised over the options, so that "none of them"
can be one of them. Fitting is stochastic gradient ascent with AdaGrad steps, in a fixed order.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Features = tuple[str, ...]
_LEAST = 1e-6  # keeps logarithms finite


@dataclass(frozen=True, slots=True)
class Choice:
    """Options, each by the features that hold of it, and which of them was chosen."""

    options: tuple[Features, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class ChoiceModel:
    """A weight per feature; a feature without weight counts nothing.

    >>> model = ChoiceModel({"near": 2.0, "far": -2.0})
    >>> [round(p, 3) for p in model.probabilities([("near",), ("far", "unknown")])]
    [0.982, 0.018]
    """

    weights: Mapping[str, float]

    def probabilities(self, options: Sequence[Features]) -> list[float]:
        """The probability of each of `options`; they add up to one."""
        weights = self.weights
        return _softmax([sum(weights.get(f, 0.0) for f in option) for option in options])

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[str]]) -> ChoiceModel:
        """The model of rows of feature and weight."""
        return cls({feature: float(weight) for feature, weight in rows})


def pooled(one: Sequence[float], other: Sequence[float], share: float) -> list[float]:
    """Two opinions of the same options as one, `share` of it the other's: a logarithmic pool (Genest, Zidek 1986).

    >>> [round(p, 2) for p in pooled([0.9, 0.1], [0.5, 0.5], 0.5)]
    [0.75, 0.25]
    """
    return _softmax(
        [(1 - share) * math.log(a + _LEAST) + share * math.log(b + _LEAST) for a, b in zip(one, other, strict=True)]
    )


def fit(
    choices: Sequence[Choice], *, epochs: int = 8, rate: float = 0.15, decay: float = 1e-3, minimum: int = 2
) -> ChoiceModel:
    """Fit weights to `choices`; features seen in fewer than `minimum` options are left out.

    >>> model = fit([Choice((("near",), ("far",)), 0)] * 30)
    >>> model.probabilities([("far",), ("near",)])[1] > 0.8
    True
    """
    counts: dict[str, int] = defaultdict(int)
    for choice in choices:
        for option in choice.options:
            for feature in option:
                counts[feature] += 1
    kept = [
        ([[f for f in option if counts[f] >= minimum] for option in choice.options], choice.chosen)
        for choice in choices
    ]
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 100.0)
    order = random.Random(0)  # noqa: S311 - a fixed shuffle, no secret
    for _ in range(epochs):
        order.shuffle(kept)
        for options, chosen in kept:
            _step(weights, squares, options, chosen, rate=rate, decay=decay)
    return ChoiceModel({f: w for f, w in sorted(weights.items()) if abs(w) > 1e-3})  # noqa: PLR2004


def _step(
    weights: dict[str, float],
    squares: dict[str, float],
    options: Sequence[Sequence[str]],
    chosen: int,
    *,
    rate: float,
    decay: float,
) -> None:
    """Move the weights of the features at hand towards the chosen option."""
    probabilities = _softmax([sum(weights[f] for f in option) for option in options])
    gradient: dict[str, float] = defaultdict(float)
    for index, (option, probability) in enumerate(zip(options, probabilities, strict=True)):
        error = (index == chosen) - probability
        for feature in option:
            gradient[feature] += error
    for feature, slope in gradient.items():
        pull = slope - decay * weights[feature]
        squares[feature] += pull * pull
        weights[feature] += rate * pull / math.sqrt(squares[feature])


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = math.fsum(powers)
    return [p / total for p in powers]
