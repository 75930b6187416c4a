"""Graphs in a store on disk, for what is too big for memory; pyoxigraph keeps it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import GraphError, TargetError
from kg.rdf.vocabulary import PREFIXES, QUERY_PREFIXES, Bases

if TYPE_CHECKING:
    from pathlib import Path

_VOID = PREFIXES["void"]
_BASES = f"""
SELECT ?schema ?graph {{
  ?graph a <{_VOID}Dataset> ; <{_VOID}vocabulary> ?schema FILTER STRENDS(STR(?graph), "graph") }}"""


def load(path: Path, folder: Path) -> int:
    """Add the RDF file at `path` to the store in `folder`, made where it is missing; return how many quads it holds.

    :class:`kg.errors.GraphError` where the file cannot be read: a new store is then not left behind, one that was
    there is as it was. :class:`kg.errors.TargetError` where the folder cannot be written or is no store.
    """
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix(".").lower()) or ox.RdfFormat.TURTLE
    if not path.is_file():
        msg = f"{path}: there is no such file"
        raise GraphError(msg)
    is_new = not folder.exists() or not any(folder.iterdir())
    if not is_new and not (folder / "CURRENT").is_file():
        msg = f"{folder}: not empty, and no store"
        raise TargetError(msg)
    try:
        store = ox.Store(str(folder))
    except (OSError, ValueError) as error:
        msg = f"{folder}: cannot be opened as a store ({error})"
        raise TargetError(msg) from error
    try:
        # Bulk loading is the quick way and cannot be undone; what is there already is not put at risk.
        (store.bulk_load if is_new else store.load)(path=str(path), format=form)
        store.optimize()
        store.flush()
    except (SyntaxError, ValueError, OSError) as error:
        del store
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        msg = f"{path}: not a {form.name} file that can be read ({error})"
        raise GraphError(msg) from error
    return len(store)


def open_store(folder: Path) -> tuple[ox.Store, dict[str, str]]:
    """The store in `folder`, to be read only, and the prefixes of what it holds."""
    if not (folder / "CURRENT").is_file():
        msg = f"{folder}: a folder, and no store that `kg load` made"
        raise GraphError(msg)
    try:
        store = ox.Store.read_only(str(folder))
    except (OSError, ValueError) as error:
        msg = f"{folder}: cannot be opened as a store ({error})"
        raise GraphError(msg) from error
    prefixes = {**QUERY_PREFIXES, **Bases().prefixes}
    for schema, graph in store.query(_BASES):  # type: ignore[union-attr]
        prefixes |= {"kg": schema.value, "id": graph.value.removesuffix("graph")}
    return store, prefixes
