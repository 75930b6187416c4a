"""Trains the relation classifier: ``python -m kg.relate.train seeds/annotated -o ontology/relations.crfsuite``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pycrfsuite

from kg.domain import Domain
from kg.model import Entity
from kg.recognize.annotated import read_annotated
from kg.relate.analysis import Analyst
from kg.relate.ranker import NONE
from kg.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.model import Mention, Span
    from kg.recognize.annotated import Annotated
    from kg.relate.analysis import Analysis
    from kg.relate.candidates import Candidate

# Settled by cross-validation over the annotated documents.
_PARAMETERS = {
    "c1": 0.2,
    "c2": 2.0,
    "max_iterations": 80,
    "feature.minfreq": 2,
    "feature.possible_transitions": False,
}
Stated = dict[tuple[str, str], list[tuple[str, "Span"]]]
Example = tuple["Candidate", tuple[str, ...], str]


def entities_of(annotated: Annotated, *, with_pronouns: bool) -> tuple[Entity, ...]:
    """The annotated entities, called by their canonical names; without what only points at them if so wished."""
    mentions: dict[str, list[Mention]] = {}
    for name, mention in zip(annotated.entities, annotated.mentions, strict=True):
        if with_pronouns or mention.kind != "pronoun":
            mentions.setdefault(name, []).append(mention)
    return tuple(Entity(name, found[0].type, name, (), tuple(found)) for name, found in mentions.items())


def examples(analyses: Sequence[Analysis], stated: Stated) -> Iterator[Example]:
    """Every candidate with its observations and its label.

    A pair counts as stated in each sentence of the paragraph that states it. Where its members stand together in one
    of these, the candidates that carry one of them over from elsewhere teach nothing and are left out.
    """
    labelled = [[(c, o, _label(a, c, stated)) for c, o in zip(a.candidates, a.observed, strict=True)] for a in analyses]
    together = {
        (c.head.entity, c.tail.entity, label)
        for rows in labelled
        for c, _, label in rows
        if label != NONE and not c.carried
    }
    for rows in labelled:
        for candidate, observed, label in rows:
            if not candidate.carried or (candidate.head.entity, candidate.tail.entity, label) not in together:
                yield candidate, observed, label


def _label(analysis: Analysis, candidate: Candidate, stated: Mapping[tuple[str, str], list[tuple[str, Span]]]) -> str:
    here = analysis.reading.sentence.span
    found = stated.get((candidate.head.entity, candidate.tail.entity), [])
    return next((relation for relation, paragraph in reversed(found) if paragraph.covers(here)), NONE)


def stated_in(annotated: Annotated, domain: Domain) -> Stated:
    """The relations that the annotation states of each pair, with the lines that state them."""
    stated: Stated = {}
    for head, relation, tail, paragraph in annotated.statements:
        stated.setdefault((head, tail), []).append((relation, paragraph))
        if domain.relations[relation].symmetric:
            stated.setdefault((tail, head), []).append((relation, paragraph))
    return stated


def train(folder: Path, output: Path, domain: Domain) -> int:
    """Train on the ``.ann`` files of `folder`, write the model to `output`; returns the number of examples.

    Every document is read twice, with and without its pronouns: in use many of them are not resolved, and the
    classifier must then rely on what is carried on from earlier sentences. What both readings show counts once.
    """
    analyst, segmenter = Analyst(domain), Segmenter(domain)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_PARAMETERS)
    count = 0
    for path in sorted(folder.glob("*.ann")):
        annotated = read_annotated(path)
        cut = segmenter(annotated.document)
        stated = stated_in(annotated, domain)
        found: dict[Example, None] = {}
        for with_pronouns in (True, False):
            analyses = list(analyst(cut, entities_of(annotated, with_pronouns=with_pronouns)))
            found.update(dict.fromkeys(examples(analyses, stated)))
        for _, observed, label in found:
            trainer.append([observed], [label])
        count += len(found)
    output.parent.mkdir(parents=True, exist_ok=True)
    trainer.train(str(output))
    return count


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m kg.relate.train", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with annotated documents (*.ann)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the model to write")
    parser.add_argument("--domain", type=Path, help="domain folder (default: the one that ships)")
    args = parser.parse_args()
    count = train(args.folder, args.output, Domain(args.domain) if args.domain else Domain.default())
    print(f"{count} examples")  # noqa: T201


if __name__ == "__main__":
    main()
