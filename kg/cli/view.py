"""``kg view``: the page of an exported graph, or of what a query gave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def view(
    graph: Annotated[
        Path, typer.Argument(metavar="GRAPH", help="A Turtle file: what `kg build` or a CONSTRUCT query wrote.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The page; GRAPH with the ending .html where not given."),
    ] = None,
    *,
    of: Annotated[
        Path | None,
        typer.Option(
            metavar="GRAPH", help="The export that a query was asked of: adds names, classes, figures and sentences."
        ),
    ] = None,
    max_nodes: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Hold the N best connected entities; 20,000 where not given."),
    ] = None,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Write the interactive page of a graph: one file that opens in any browser, without a network."""
    from kg.domain import Domain
    from kg.view import MAX_NODES, read_any, write_html

    read = read_any(graph, Domain(domain) if domain else None, of)
    page = output or graph.with_suffix(".html")
    limit = max_nodes or MAX_NODES
    write_html(read, page, limit)
    count = len(read.network)
    left = f"; {count - limit} less connected ones are left out (--max-nodes)" if count > limit else ""
    typer.echo(f"{page}: {min(count, limit)} entities{left}")
