"""The learned part: a maximum-entropy classifier that weighs the observations of a candidate pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pycrfsuite

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.domain import Domain

_MODEL = "relations.crfsuite"
NONE = "-"  # the label of a pair that stands in no relation
_NEGLIGIBLE = 0.05


class Ranker:
    """Gives every relation of a pair a probability; a CRF without transitions is a maximum-entropy classifier.

    The model is ``relations.crfsuite`` of the domain; `python -m kg.relate.train` makes it. A domain may do without.
    """

    @classmethod
    def of(cls, domain: Domain) -> Ranker | None:
        """The ranker of `domain`, if it has one."""
        return cls(domain.file(_MODEL)) if (domain.path / _MODEL).is_file() else None

    def __init__(self, model: Path) -> None:
        self._tagger = pycrfsuite.Tagger()
        try:
            self._tagger.open(str(model))
        except (OSError, ValueError) as error:
            msg = f"{model}: not a relation model ({error}); python -m kg.relate.train writes one"
            raise DomainError(msg) from error
        self._relations = [label for label in self._tagger.labels() if label != NONE]

    def __call__(self, observed: Sequence[Sequence[str]]) -> list[dict[str, float]]:
        """The probability of each relation for each pair's observations; none where all together are negligible."""
        if not observed:
            return []
        self._tagger.set(observed)
        return [self._probabilities(index) for index in range(len(observed))]

    def _probabilities(self, index: int) -> dict[str, float]:
        if self._tagger.marginal(NONE, index) > 1 - _NEGLIGIBLE:
            return {}
        return {relation: float(self._tagger.marginal(relation, index)) for relation in self._relations}
