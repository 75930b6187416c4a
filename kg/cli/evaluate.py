"""``kg evaluate``: how well the program reads, measured on annotated documents."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.evaluate import Gold
    from kg.evaluate.evaluation import Reading


def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="GOLD_DIR", help="Folder of NAME.json with NAME.txt beside each, or of NAME.ann.")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    gold_entities: Annotated[
        bool, typer.Option("--gold-entities", help="Give the program the annotated entities; it looks for none.")
    ] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print precision, recall and F1 of entities, relations and observations, in total and per document."""
    from kg.domain import Domain
    from kg.evaluate import evaluate as run
    from kg.merge import merge
    from kg.pipeline import Pipeline
    from kg.read import MetadataReader

    ontology = Domain(domain) if domain else Domain.default()
    pipeline, metadata = Pipeline(ontology), MetadataReader(ontology)

    def read(gold: Gold) -> Reading:
        document = replace(gold.document, metadata=metadata(gold.document.text))
        given = tuple(e for e in gold.entities if e.mentions) if gold_entities else None
        graph = merge([pipeline.extract(document, entities=given)], ontology)
        return graph.entities(), graph.facts(), graph.observations()

    report = run(folder, read, ontology)
    typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if as_json else report.as_table())
