"""``kg diff``: what came, went and changed between two graphs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A Turtle file that `kg build` wrote.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another, to compare with it.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the difference as JSON.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print what documents, entities, facts and figures came, went and changed.

    Exit status: 0 the two graphs say the same; 1 they differ; 2 one cannot be read.
    """
    from kg.domain import Domain
    from kg.merge.difference import difference
    from kg.rdf import read_turtle

    ontology = Domain(domain) if domain else Domain.default()
    found = difference(read_turtle(old, ontology), read_turtle(new, ontology))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        for table in found.came:
            lines = [f"+ {what}" for what in found.came[table]] + [f"- {what}" for what in found.went[table]]
            lines += [f"~ {what}: {'; '.join(how)}" for what, how in found.changed[table]]
            if lines:
                typer.echo(f"{table}\n  " + "\n  ".join(lines))
        if not found:
            typer.echo("The two graphs say the same.")
    if found:
        raise typer.Exit(1)
