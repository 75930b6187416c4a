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

from kg.domain import Domain
from kg.evaluate.gold import Gold, read_gold
from kg.recognize.quantities import QuantityRecognizer
from kg.recognize.times import TimeRecognizer
from kg.relate.attachment import options
from kg.relate.choice import Choice, ChoiceModel, fit
from kg.relate.observations import attach
from kg.relate.scene import Decision, Scene, Surroundings
from kg.resolve import Resolver
from kg.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from kg.model import Entity, Span
    from kg.recognize.quantities import Quantity
    from kg.recognize.times import TimeExpression
    from kg.segment import Segmentation

_FOLDS = 5
_SLIGHTEST = 0.03
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
    """Reads annotated documents, each with the pronouns as annotated and as the program resolves them."""

    def __init__(self, domain: Domain) -> None:
        self._segmenter = Segmenter(domain)
        self._quantities = QuantityRecognizer(domain)
        self._times = TimeRecognizer(domain)
        self._surroundings = Surroundings(domain)
        self._resolver = Resolver(domain)

    def __call__(self, gold: Gold) -> tuple[Example, ...]:
        """The examples that the document of `gold` gives."""
        cut = self._segmenter(gold.document)
        quantities, times = self._quantities(cut), self._times(cut)
        resolved = replace(gold, entities=self._resolved(gold, cut))
        return tuple(Example(g, cut, quantities, times, self._surroundings) for g in (gold, resolved))

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


def choices(example: Example, decided: Mapping[Span, Entity] | None = None) -> list[Choice]:
    """The choices that the annotator made, after those in `decided` (by number) or else the annotated ones."""
    scene = example.scene()
    found = []
    for quantity, entity in align(example.gold, scene.quantities):
        offered = options(scene, quantity)
        chosen = next((i for i, o in enumerate(offered) if o.entity is entity), None)
        if chosen is not None:
            found.append(Choice(tuple(o.features for o in offered), chosen))
        taken = entity if decided is None else decided.get(quantity.number)
        if taken is not None:
            scene.decisions.append(Decision(quantity, taken))
    return found


def train(documents: Sequence[Sequence[Example]], epochs: int = 6) -> ChoiceModel:
    """Fit in two passes: the second sees, as the figures before, what a model of the other documents decided.

    With the annotated ones it would learn to trust the figure before more than it may.
    """
    first = [[choices(e) for e in document] for document in documents]
    second: list[Choice] = []
    for fold in range(_FOLDS):
        model = fit([c for i, d in enumerate(first) if i % _FOLDS != fold for cs in d for c in cs], epochs=epochs)
        for document in documents[fold::_FOLDS]:
            for example in document:
                second += choices(example, predicted(example, model))
    return fit(second, epochs=epochs)


def predicted(example: Example, model: ChoiceModel) -> dict[Span, Entity]:
    """What each figure is about, by its number, as `model` decides."""
    return {figure.quantity.number: figure.entity for figure in attach(example.scene(), model)}


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
    rows = "".join(f"{feature}\t{weight:.2f}\n" for feature, weight in kept)
    path.write_text(HEADER + rows, encoding="utf-8")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path, help="folder of .ann files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the weights to write")
    arguments = parser.parse_args()
    domain = Domain.default()
    reader = Reader(domain)
    documents = [reader(read_gold(path)) for path in sorted(arguments.corpus.glob("*.ann"))]
    write_model(train(documents), arguments.output)


if __name__ == "__main__":
    main()
