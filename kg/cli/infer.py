"""``kg infer``: what follows from a graph by its ontology, in a graph of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def infer(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A file of RDF that `kg build` wrote.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="File to write: .trig or .nq; any RDF with --only.")
    ],
    *,
    only: Annotated[bool, typer.Option("--only", help="Write what follows alone, without the graph itself.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Write a graph with what follows from it by the ontology: classes above, inverses, schema.org, W3C ORG, PROV-O.

    What is inferred stands in the named graph id:inferred and is never mixed with what documents state.
    """
    from kg.domain import Domain
    from kg.rdf.inference import write_inferred

    found = write_inferred(graph, output, Domain(domain) if domain else Domain.default(), only=only)
    typer.echo(f"{found} triples follow; written to {output}")
