"""``kg load``: a graph into a store on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def load(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A file of RDF of any serialisation.")],
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of the store; made where it is missing.")],
) -> None:
    """Load a graph into a store on disk, for graphs beyond memory; `kg query` asks the store like a file.

    What the store holds already stays, so that several graphs can be loaded one after another.
    """
    from kg.rdf.store import load as load_into

    typer.echo(f"{load_into(graph, store)} triples in {store}")
