"""Trains the tagger: ``python -m kg.recognize.train seeds/annotated seeds/sentences -o ontology/tagger.crfsuite``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pycrfsuite

from kg.domain import Domain
from kg.recognize.annotated import Annotated, read_annotated
from kg.recognize.augment import Renamer
from kg.recognize.features import Features
from kg.recognize.tagger import OUTSIDE
from kg.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import Mention, Span

# Settled by cross-validation over the annotated documents.
_PARAMETERS = {
    "feature.minfreq": 2,
    "c1": 0.1,
    "c2": 0.01,
    "max_iterations": 100,
    "period": 5,
    "epsilon": 1e-4,
    "delta": 1e-3,
}
_COPIES = 1  # of each document, with other names in it


def labels(span: Span, mentions: Iterable[Mention]) -> list[str]:
    """BIO labels for the characters of `span`."""
    found = [OUTSIDE] * len(span)
    for mention in mentions:
        if span.covers(mention.span):
            begin = mention.span.begin - span.begin
            found[begin] = f"B-{mention.type}"
            for at in range(begin + 1, mention.span.end - span.begin):
                found[at] = f"I-{mention.type}"
    return found


def renamed(corpus: Sequence[Annotated], domain: Domain, seed: int) -> list[Annotated]:
    """A copy of each document of `corpus` with other names in it."""
    rename = Renamer(domain, corpus, seed)
    return [rename(annotated) for annotated in corpus]


def train(corpus: Sequence[Annotated], output: Path, domain: Domain) -> int:
    """Train on `corpus` and write the model to `output`; returns the number of sentences, renamed ones included."""
    features, segmenter = Features(domain), Segmenter(domain)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_PARAMETERS)
    count = 0
    copies = (one for seed in range(_COPIES) for one in renamed(corpus, domain, seed))
    for annotated in (*corpus, *copies):
        for sentence in segmenter(annotated.document).sentences:
            rows = [character.features for character in features(annotated.document.text, sentence)]
            trainer.append(pycrfsuite.ItemSequence(rows), labels(sentence.span, annotated.names))
            count += 1
    output.parent.mkdir(parents=True, exist_ok=True)
    trainer.train(str(output))
    return count


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of .ann files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the model to write")
    parser.add_argument("--domain", type=Path, help="the domain folder (default: the one that ships)")
    options = parser.parse_args()
    domain = Domain(options.domain) if options.domain else Domain.default()
    corpus = [read_annotated(path) for folder in options.folders for path in sorted(folder.glob("*.ann"))]
    count = train(corpus, options.output, domain)
    parser.exit(message=f"{count} sentences -> {options.output}\n")


if __name__ == "__main__":
    main()
