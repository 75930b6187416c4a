"""Fit the weights that attach figures to entities: ``python -m kg.relate.train_attachment CORPUS [--out FILE]``.

CORPUS is a folder of gold files (``NAME.json`` with ``NAME.txt``) whose observations name the paragraph that states
them. A written number is a figure where an observation of its paragraph has its value and unit.
"""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from kg.domain import Domain
from kg.evaluate.gold import Gold, read_gold
from kg.recognize.quantities import QuantityRecognizer
from kg.recognize.times import TimeRecognizer
from kg.relate.attachment import Decision, Scene, Surroundings
from kg.relate.choice import Choice, ChoiceModel, fit
from kg.relate.observations import candidates
from kg.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from kg.model import Entity
    from kg.recognize.quantities import Quantity

HEADER = """\
# Weights of the features that tell what a number is about (kg.relate.choice). Written by
# python -m kg.relate.train_attachment from the annotated corpus; not to be edited by hand.
"""


class Reader:
    """Reads annotated documents as choices between the entities in reach of each number."""

    def __init__(self, domain: Domain) -> None:
        self._segmenter = Segmenter(domain)
        self._quantities = QuantityRecognizer(domain)
        self._times = TimeRecognizer(domain)
        self._surroundings = Surroundings(domain)

    def choices(self, gold: Gold) -> list[Choice]:
        """The choices that a reader made in the document of `gold`."""
        segmentation = self._segmenter(gold.document)
        scene = Scene(segmentation, gold.entities, self._times(segmentation), self._surroundings)
        choices = []
        for quantity, entity in align(gold, candidates(scene, self._quantities(segmentation))):
            options = scene.options(quantity)
            chosen = next((i for i, o in enumerate(options) if o.entity is entity), None)
            if chosen is not None:
                choices.append(Choice(tuple(o.features for o in options), chosen))
            if entity is not None:
                scene.decisions.append(Decision(quantity, entity))
        return choices


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
    """Write a feature and its weight per line, in order."""
    rows = "".join(f"{feature}\t{weight:.3f}\n" for feature, weight in sorted(model.weights.items()))
    path.write_text(HEADER + rows, encoding="utf-8")


def main() -> None:
    """Train on every gold file of the folder given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    domain = Domain.default()
    reader = Reader(domain)
    choices = [c for p in sorted(arguments.corpus.glob("*.json")) for c in reader.choices(read_gold(p))]
    write_model(fit(choices), arguments.out or domain.path / "attachment.tsv")


if __name__ == "__main__":
    main()
