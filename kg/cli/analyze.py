"""``kg analyze``: what the shape of a graph tells."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph

_MEMBERS = 5  # of a community that are named


def analyze(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    *,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="How many entities and communities to print.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures of all entities as JSON.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print the most central entities of a graph, its communities and how many links alone hold it together."""
    from kg.domain import Domain
    from kg.export.analysis import analyze as measure
    from kg.rdf import read_turtle

    read = read_turtle(graph, Domain(domain) if domain else None)
    found = measure(read)
    text = _json(read, found) if as_json else _tables(read, found, top)
    sys.stdout.buffer.write(text.encode())


def _json(graph: KnowledgeGraph, found: Analysis) -> str:
    entities = [
        {"id": name, "name": graph.entity(name).name, "class": graph.entity(name).type, **measured.as_dict()}
        for name, measured in found.centrality.items()
    ]
    return json.dumps({"entities": entities, "bridges": found.bridges}, ensure_ascii=False, indent=2) + "\n"


def _tables(graph: KnowledgeGraph, found: Analysis, top: int) -> str:
    from kg.columns import aligned
    from kg.export.analysis import ranked

    header = ("entity", "class", "degree", "pagerank", "betweenness", "community")
    central = [
        (
            name,
            kind,
            str(m.degree),
            f"{m.pagerank:.4f}",
            "" if m.betweenness is None else f"{m.betweenness:.4f}",
            str(m.community),
        )
        for name, kind, m in list(ranked(graph, found))[:top]
    ]
    groups = [members for members in found.communities() if len(members) > 1]
    named = [
        (str(number), str(len(members)), ", ".join(graph.entity(m).name for m in members[:_MEMBERS]))
        for number, members in enumerate(groups[:top], 1)
    ]
    alone = sum(m.degree == 0 for m in found.centrality.values())
    return "\n".join(
        (
            aligned(header, central),
            aligned(("community", "entities", "the most central"), named),
            f"{len(groups)} communities, {len(found.bridges)} bridges, {alone} entities without a fact\n",
        )
    )
