"""``kg validate``: whether a graph keeps to the shapes of its domain."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def validate(
    graph: Annotated[
        Path, typer.Argument(metavar="GRAPH", help="A file of RDF that `kg build` wrote, or another made.")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print what is wrong as JSON.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Check a graph against the SHACL shapes of its domain and print what is wrong, with the sentence concerned.

    Exit status: 0 it keeps to the shapes; 1 it does not; 2 it cannot be read.
    """
    from kg.domain import Domain
    from kg.rdf.validation import validate as check

    found = check(graph, Domain(domain) if domain else Domain.default())
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            typer.echo(str(each))
        typer.echo(f"{graph}: {len(found)} violations" if found else f"{graph} keeps to the shapes.")
    if found:
        raise typer.Exit(1)
