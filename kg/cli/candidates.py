"""``kg candidates``: pairs that may be one thing and were not merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def candidates(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the pairs as JSON.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print the pairs that may be one thing, with the reason; `kg review` walks them."""
    from kg.columns import aligned
    from kg.domain import Domain
    from kg.merge import candidates as find
    from kg.rdf import read_turtle

    found = find(read_turtle(graph, Domain(domain) if domain else None))
    if as_json:
        rows = [
            {
                "reason": c.reason,
                "name": c.name,
                "things": [
                    {"id": e.id, "class": e.type, "name": e.name, "documents": sorted({m.document for m in e.mentions})}
                    for e in (c.first, c.second)
                ],
            }
            for c in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    header = ("class", "first", "in", "second", "in", "reason")
    lines = []
    for c in found:
        places = [", ".join(sorted({m.document for m in e.mentions})[:2]) for e in (c.first, c.second)]
        lines.append((c.first.type, c.first.name, places[0], c.second.name, places[1], c.explanation))
    typer.echo(aligned(header, lines), nl=False)
