"""Fits what attaches figures: ``python -m kg.relate.train_attachment seeds/annotated -o ontology/attachment.tsv``.

The folder holds annotated texts, whose observations stand under the paragraph that states them. A written number is
a figure where an observation of its paragraph has its value and unit.
"""

from __future__ import annotations

import argparse
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.domain import Domain
from kg.evaluate.gold import Gold, read_gold
from kg.recognize.quantities import QuantityRecognizer
from kg.recognize.times import TimeRecognizer
from kg.relate.attachment import Offer, offer
from kg.relate.choice import Choice, ChoiceModel, Vocabulary, fit, softmax
from kg.relate.observations import chosen
from kg.relate.scene import Decision, Scene, Surroundings
from kg.resolve import Resolver
from kg.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from decimal import Decimal

    from kg.model import Entity
    from kg.recognize.quantities import Quantity
    from kg.recognize.times import TimeExpression
    from kg.relate.choice import Ids, Weights
    from kg.segment import Segmentation

    Decide = Callable[["Row", Sequence[Ids]], Entity | None]

_FOLDS = 3
_SLIGHTEST = 0.015
HEADER = """\
# Weights of the features that tell what a number is about (kg.relate.choice). Written by
# python -m kg.relate.train_attachment from seeds/annotated; not to be edited by hand.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """An annotated document cut up, with its numbers and time words."""

    gold: Gold
    segmentation: Segmentation
    quantities: tuple[Quantity, ...]
    times: tuple[TimeExpression, ...]
    surroundings: Surroundings

    def scene(self) -> Scene:
        """The document with nothing decided yet."""
        return Scene(self.segmentation, self.gold.entities, self.quantities, self.times, surroundings=self.surroundings)


class Reader:
    """Reads annotated documents, with pronouns as the program resolves them: the annotated ones it will not have."""

    def __init__(self, domain: Domain) -> None:
        self._segmenter = Segmenter(domain)
        self._quantities = QuantityRecognizer(domain)
        self._times = TimeRecognizer(domain)
        self._surroundings = Surroundings(domain)
        self._resolver = Resolver(domain)

    def __call__(self, gold: Gold) -> Example:
        """The example that the document of `gold` gives."""
        cut = self._segmenter(gold.document)
        quantities, times = self._quantities(cut), self._times(cut)
        resolved = replace(gold, entities=self._resolved(gold, cut))
        return Example(resolved, cut, quantities, times, self._surroundings)

    def _resolved(self, gold: Gold, cut: Segmentation) -> tuple[Entity, ...]:
        """The entities of `gold` with the pronouns that the resolver finds instead of the annotated ones."""
        names = {e.id: [m for m in e.mentions if m.kind != "pronoun"] for e in gold.entities}
        ids = {(name, e.type): e.id for e in reversed(gold.entities) for name in e.names}
        ordered = sorted((m for ms in names.values() for m in ms), key=lambda m: (m.span.begin, -m.span.end))
        for entity in self._resolver(cut, ordered):
            known = next((ids[name, entity.type] for name in entity.names if (name, entity.type) in ids), None)
            if known is not None:
                names[known] += [m for m in entity.mentions if m.kind == "pronoun"]
        return tuple(replace(e, mentions=tuple(sorted(names[e.id], key=lambda m: m.span))) for e in gold.entities)


@dataclass(frozen=True, slots=True)
class Row:
    """A number with its options as numbers of features, and the entity that the annotation attaches it to."""

    offer: Offer
    options: tuple[Ids, ...]
    entity: Entity | None


def rows(example: Example, vocabulary: Vocabulary) -> list[Row]:
    """The numbers of a document in text order."""
    scene = example.scene()
    found = []
    for quantity, entity in align(example.gold, scene.quantities):
        offered = offer(scene, quantity)
        if offered is not None:
            ids = tuple(vocabulary.ids(o.features) for o in offered.options)
            bare = tuple(replace(o, features=()) for o in offered.options)
            found.append(Row(replace(offered, options=bare), ids, entity))
    return found


def choices(document: Sequence[Row], decide: Decide, vocabulary: Vocabulary) -> Iterator[Choice]:
    """The choices that the annotator made, each after those that `decide` makes of the numbers before."""
    decisions: list[Decision] = []
    for row in document:
        carried = row.offer.carried(decisions)
        options = tuple(
            np.concatenate([ids, vocabulary.ids(more)]) for ids, more in zip(row.options, carried, strict=True)
        )
        right = next((i for i, o in enumerate(row.offer.options) if o.entity is row.entity), None)
        if right is not None:
            yield Choice(options, right)
        taken = decide(row, options)
        if taken is not None:
            decisions.append(Decision(row.offer.place.quantity, taken))


def train(examples: Iterable[Example]) -> ChoiceModel:
    """Fit in two passes: the second sees, as the figures before, what a model of the other documents decided.

    With the annotated ones it would learn to trust the figure before more than it may.
    """
    vocabulary = Vocabulary()
    documents = [rows(example, vocabulary) for example in examples]
    first = [list(choices(document, _annotated, vocabulary)) for document in documents]
    second: list[Choice] = []
    for fold in range(_FOLDS):
        others = [c for i, found in enumerate(first) if i % _FOLDS != fold for c in found]
        decide = _Decider(fit(others, len(vocabulary)))
        for document in documents[fold::_FOLDS]:
            second += choices(document, decide, vocabulary)
    weights = fit(second, len(vocabulary))
    return ChoiceModel(dict(zip(iter(vocabulary), weights.tolist(), strict=True)))


def _annotated(row: Row, _: Sequence[Ids]) -> Entity | None:
    return row.entity


class _Decider:
    """Decides what numbers are about by fitted weights; features numbered since then count nothing."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def __call__(self, row: Row, options: Sequence[Ids]) -> Entity | None:
        known = len(self._weights)
        scores = [float(self._weights[ids[ids < known]].sum()) for ids in options]
        return row.offer.options[chosen(softmax(scores))].entity


def align(gold: Gold, quantities: Iterable[Quantity]) -> list[tuple[Quantity, Entity | None]]:
    """Every quantity with the entity that an observation of the same value and unit is about, None without one."""
    entities = {e.id: e for e in gold.entities}
    left = list(gold.observations)
    pairs: list[tuple[Quantity, Entity | None]] = []
    for quantity in quantities:
        found = next(
            (
                o
                for o in left
                if _key(o.value, o.unit) == _key(quantity.value, quantity.unit)
                and (o.evidence is None or o.evidence.begin <= quantity.number.begin < o.evidence.end)
            ),
            None,
        )
        if found is not None:
            left.remove(found)
        pairs.append((quantity, entities[found.about] if found else None))
    return pairs


def _key(value: Decimal, unit: str | None) -> tuple[Decimal, str]:
    return value.normalize(), unicodedata.normalize("NFKC", unit or "").casefold()


def write_model(model: ChoiceModel, path: Path) -> None:
    """Write a feature and its weight per line, in order; the slightest weights, most of them all, change nothing."""
    kept = sorted((feature, weight) for feature, weight in model.weights.items() if abs(weight) >= _SLIGHTEST)
    rows = "".join(f"{feature}\t{weight:.3f}\n" for feature, weight in kept)
    path.write_text(HEADER + rows, encoding="utf-8")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path, help="folder of .ann files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the weights to write")
    arguments = parser.parse_args()
    domain = Domain.default()
    reader = Reader(domain)
    examples = (reader(read_gold(path)) for path in sorted(arguments.corpus.glob("*.ann")))
    write_model(train(examples), arguments.output)


if __name__ == "__main__":
    main()
