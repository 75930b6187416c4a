"""GraphML for igraph, Gephi, Cytoscape, yEd and networkx."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import networkx as nx

from kg.errors import GraphError
from kg.export.flattening import flatten
from kg.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph


def write_graphml(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write `graph`, flattened, to `path`; :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_graphml(merge([], Domain.default()), Path(folder, "graph.graphml"))
    ...     read_graphml(Path(folder, "graph.graphml")).number_of_nodes()
    0
    """
    out = io.BytesIO()
    # Not write_graphml: that takes lxml where it is installed, whose bytes differ.
    nx.write_graphml_xml(flatten(graph, analysis), out, encoding="utf-8", prettyprint=True)
    write_atomically(path, out.getvalue())


def read_graphml(path: Path) -> nx.MultiDiGraph:
    """The flattened graph that :func:`write_graphml` wrote; :class:`kg.errors.GraphError` where `path` holds none."""
    try:
        return nx.read_graphml(path, edge_key_type=int, force_multigraph=True)
    except (OSError, ParseError, nx.NetworkXError, KeyError, ValueError) as error:
        msg = f"{path}: not a GraphML file that can be read ({error})"
        raise GraphError(msg) from error
