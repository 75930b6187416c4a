"""The graph as the objects that notebooks work with: networkx, igraph, pandas, and what Jupyter shows of it."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

import igraph

from kg.errors import FormatError
from kg.export.flattening import flatten
from kg.export.tables import tables

if TYPE_CHECKING:
    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph

_TYPES = {"text": "string", "whole": "Int64", "real": "Float64"}  # those of pandas that know what is missing


def to_igraph(graph: KnowledgeGraph, analysis: Analysis | None = None) -> igraph.Graph:
    """The flattened graph in igraph: vertex `name` is the identifier, other attributes are those of the flattening.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> to_igraph(merge([], Domain.default())).vcount()
    0
    """
    flat = flatten(graph, analysis)
    index = {name: at for at, name in enumerate(flat)}
    found = igraph.Graph(n=len(index), edges=[(index[one], index[other]) for one, other in flat.edges()], directed=True)
    found.vs["name"] = list(index)
    for kept, rows in ((found.vs, [said for _, said in flat.nodes(data=True)]), (found.es, _edges(flat))):
        for attribute in dict.fromkeys(name for row in rows for name in row):
            kept[attribute] = [row.get(attribute) for row in rows]
    return found


def _edges(flat: Any) -> list[dict[str, Any]]:
    return [said for _, _, said in flat.edges(data=True)]


def to_pandas(graph: KnowledgeGraph, analysis: Analysis | None = None) -> dict[str, Any]:
    """A data frame per table of :func:`kg.export.tables.tables`, by name, with the first column as index.

    Needs pandas, which ``pip install 'jiangpu[tables]'`` brings; :class:`kg.errors.FormatError` where it is missing.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> list(to_pandas(merge([], Domain.default())))
    ['entities', 'facts', 'observations', 'evidence', 'documents']
    """
    try:
        pandas = import_module("pandas")
    except ImportError as error:
        msg = "data frames need pandas: pip install 'jiangpu[tables]'"
        raise FormatError(msg) from error
    frames = {}
    for table in tables(graph, analysis):
        frame = pandas.DataFrame(table.rows, columns=list(table.columns))
        types = {name: _TYPES[kind] for name, kind in table.columns.items()}
        frames[table.name] = frame.astype(types).set_index(next(iter(table.columns)))
    return frames


def to_html(graph: KnowledgeGraph) -> str:
    """What a notebook shows of `graph`: how much there is of what, and the page of ``kg.view`` in a frame.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> to_html(merge([], Domain.default())).startswith("<p>0 entities")
    True
    """
    counts = f"{graph.network.number_of_nodes()} entities, {graph.network.number_of_edges()} facts"
    told = f"<p>{counts}, {len(graph.observations())} observations in {len(graph.documents)} documents</p>"
    if not graph.documents:
        return told
    page = import_module("kg.view").render_html(graph)
    frame = f'<iframe title="{counts}" style="width:100%;height:640px;border:1px solid #ccc" srcdoc="{escape(page)}">'
    return f"{told}{frame}</iframe>"
