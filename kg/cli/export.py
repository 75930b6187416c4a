"""``kg export`` and ``kg formats``: a graph that was built, written for other programs, and for which."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write to.")],
    formats: Annotated[
        str, typer.Option("--format", metavar="NAMES", help="Comma-separated; `kg formats` lists them.")
    ],
    *,
    analysis: Annotated[
        bool,
        typer.Option("--analysis", help="Add degree, PageRank, betweenness, community and bridges where a format can."),
    ] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Write a graph in other formats, without reading the documents again."""
    from kg.domain import Domain
    from kg.export import select, write
    from kg.export.analysis import analyze
    from kg.rdf import read_turtle

    chosen = select(formats)
    read = read_turtle(graph, Domain(domain) if domain else None)
    for path in write(read, output, chosen, analysis=analyze(read) if analysis else None):
        typer.echo(path)


def formats() -> None:
    """List what a graph can be written as, and what reads each; those marked * are written by `kg build`."""
    from kg.export import DEFAULT, FORMATS

    for one in FORMATS.values():
        typer.echo(f"{one.name}{' *' if one.name in DEFAULT else ''}  {one.file}  ({', '.join(one.readers)})")
        typer.echo(f"    {one.zh}\n    {one.en}")
