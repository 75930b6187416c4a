"""What is learned from annotated texts about mentions and numbers in context; for :mod:`kg.relate.train_context`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.evaluate.gold import gold_of
from kg.recognize.annotated import read_annotated
from kg.relate.analysis import Analyst
from kg.relate.attachment import options
from kg.relate.choice import ChoiceModel
from kg.relate.context_fields import Families, characters
from kg.relate.scene import Decision
from kg.relate.train import Stated, examples, stated_in
from kg.relate.train_attachment import Reader, align

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.domain import Domain
    from kg.model import Entity
    from kg.recognize.annotated import Annotated
    from kg.relate.attachment import Option
    from kg.relate.context_fields import Characters
    from kg.relate.train_attachment import Example

_ERRING = 0.15  # of the figures before are shown as the model of features would mistake them


class Choosing(NamedTuple):
    """A number: the rows of its ends, those of its options with what is told of them, and which is right."""

    number: tuple[int, int]
    mentions: list[tuple[int, int]]
    traits: list[tuple[str, ...]]
    chosen: int


class Relating(NamedTuple):
    """A pair: the rows of its members, the stretches beside them, what is told of it, and its relation."""

    members: tuple[int, ...]
    beside: tuple[tuple[int, int], ...]
    told: tuple[str, ...]
    relation: str


class Read(NamedTuple):
    """A document as it is learned from."""

    blocks: list[list[tuple[str, ...]]]
    choices: list[Choosing]
    pairs: list[Relating]


def corpus(folder: Path, domain: Domain, draw: random.Random) -> Iterator[Read]:
    """Every annotated document of `folder`, with its pronouns as annotated and as the program resolves them."""
    reader, analyst, families = Reader(domain), Analyst(domain), Families(domain)
    model = ChoiceModel.of_rows(domain.rows("attachment.tsv"))
    for path in sorted(folder.glob("*.ann")):
        annotated = read_annotated(path)
        for example in reader(gold_of(annotated)):
            cut, entities = example.segmentation, example.gold.entities
            known = characters(cut, entities, example.quantities, families)
            stated = _stated(annotated, domain, entities)
            pairs = [
                Relating(*known.pair(candidate), label)
                for candidate, _, label in examples(list(analyst(cut, entities)), stated)
            ]
            yield Read(known.blocks, list(_choices(example, known, model, draw)), pairs)


def _stated(annotated: Annotated, domain: Domain, entities: Iterable[Entity]) -> Stated:
    """What is stated of pairs of entities, which go by their ids."""
    ids = {entity.name: entity.id for entity in entities}
    return {(ids[head], ids[tail]): found for (head, tail), found in stated_in(annotated, domain).items()}


def _choices(example: Example, known: Characters, model: ChoiceModel, draw: random.Random) -> Iterator[Choosing]:
    """The numbers of a document; of the decisions before each some are wrong, as they will be."""
    scene = example.scene()
    for quantity, entity in align(example.gold, scene.quantities):
        offered = options(scene, quantity)
        chosen = next((at for at, option in enumerate(offered) if option.entity is entity), None)
        if chosen is not None:
            rows = [known.option(quantity, option) for option in offered]
            yield Choosing(known.ends(quantity.number), [r for r, _ in rows], [told for _, told in rows], chosen)
        taken = _mistaken(model, offered, entity) if draw.random() < _ERRING else entity
        if taken is not None:
            scene.decisions.append(Decision(quantity, taken))


def _mistaken(model: ChoiceModel, offered: Sequence[Option], entity: Entity | None) -> Entity | None:
    """What `model` would choose of the wrong ones."""
    wrong = [option for option in offered if option.entity is not entity]
    if not wrong:
        return entity
    shares = model.probabilities([option.features for option in wrong])
    return wrong[shares.index(max(shares))].entity
