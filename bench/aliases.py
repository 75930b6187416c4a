"""Of the aliases that gold annotations give and that stand in the text, how many end in the right entity.

Run: python bench/aliases.py GOLD_DIR [--errors]. An alias is right where the entity that the program found
for the annotated one (by `kg evaluate`'s alignment: equal names first) bears it, and no other entity does.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.evaluate.evaluation import gold_files
from kg.evaluate.gold import read_gold
from kg.evaluate.score import aligned
from kg.pipeline import Pipeline
from kg.read import MetadataReader
from kg.resolve import fold

if TYPE_CHECKING:
    from kg.evaluate import Gold
    from kg.model import Entity


def occurring(gold: Gold) -> list[tuple[Entity, str]]:
    """The aliases that stand in the text by themselves, not only within a longer name, each with its entity."""
    every = [m.span for e in gold.entities for m in e.mentions]
    found = []
    for entity in gold.entities:
        alone = {
            m.text
            for m in entity.mentions
            if m.kind == "alias" and not any(s.covers(m.span) and s != m.span for s in every)
        }
        found += [(entity, alias) for alias in sorted(alone) if fold(alias) != fold(entity.name)]
    return found


def main() -> None:
    """Print the share, with the annotated entities' mentions given and not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="also print the aliases that end elsewhere")
    wanted = parser.parse_args()
    pipeline = Pipeline()
    metadata = MetadataReader(pipeline.domain)
    right = total = read = 0
    for path in gold_files(wanted.folder):
        gold = read_gold(path)
        document = replace(gold.document, metadata=metadata(gold.document.text))
        found = pipeline.extract(document).entities
        meant = aligned(gold, found, pipeline.domain)
        for entity, alias in occurring(gold):
            bearers = {e.id for e in found if fold(alias) in map(fold, e.names)}
            good = bearers == {meant.get(entity.id)}
            total, right, read = total + 1, right + good, read + bool(bearers)
            if wanted.errors and not good:
                told = ", ".join(e.name for e in found if e.id in bearers) or "not found"
                print(f"{path.stem}: {entity.type} {alias} of {entity.name}: {told}")
    print(f"{right} of {total} aliases end in the right entity: {right / max(1, total):.3f}")
    print(f"of those that were recognised at all: {right} of {read}: {right / max(1, read):.3f}")


if __name__ == "__main__":
    main()
