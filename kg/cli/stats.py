"""``kg stats``: the figures of a graph."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.export.observations import Row


def stats(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    *,
    about: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what is said of the entity of this name, alias or identifier."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every column as JSON.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print the figures of a graph: about what, of what, how many, when, and the sentence that says so."""
    from kg.columns import aligned
    from kg.domain import Domain
    from kg.errors import QueryError
    from kg.export.observations import rows
    from kg.merge.lookup import find, nearest
    from kg.rdf import read_turtle

    read = read_turtle(graph, Domain(domain) if domain else None)
    observations = read.observations()
    if about is not None:
        named = {entity.id for entity in find(read, about)}
        if not named:
            near = ", ".join(entity.name for entity in nearest(read, about))
            msg = f"{graph}: nothing is named {about}" + (f"; nearest: {near}" if near else "")
            raise QueryError(msg)
        observations = [o for o in observations if o.about in named]
    found = rows(read, observations)
    if as_json:
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    else:
        header = ("about", "measure", "value", "period", "time", "modality", "document", "sentence")
        text = aligned(header, [_line(row) for row in found])
    sys.stdout.buffer.write(text.encode())


def _line(row: Row) -> tuple[str | None, ...]:
    """The cells of the printed table: the value with its qualifier and unit, the time in EDTF or how often."""
    value = " ".join(part for part in (row["qualifier"], row["value"], row["unit"]) if part)
    time = row["recurs"] or row["edtf"]
    return row["about"], row["measure"], value, row["period"], time, row["modality"], row["document"], row["sentence"]
