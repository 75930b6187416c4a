"""JSON as programs read it: networkx's node-link form, Cytoscape.js's elements and Cytoscape's exchange format CX2.

CX2 is that of https://cytoscape.org/cx/cx2/specification/cytoscape-exchange-format-specification-(version-2)/.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.errors import GraphError
from kg.export.flattening import flatten
from kg.export.placing import positions
from kg.files import write_atomically
from kg.view.palette import styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kg.export.analysis import Analysis
    from kg.export.flattening import Value
    from kg.merge import KnowledgeGraph

_TYPES: dict[type, str] = {str: "string", int: "long", float: "double"}


def write_nodelink(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write `graph`, flattened, to `path` as networkx's node-link JSON.

    :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_nodelink(merge([], Domain.default()), Path(folder, "graph.json"))
    ...     read_nodelink(Path(folder, "graph.json")).number_of_nodes()
    0
    """
    _write(path, nx.node_link_data(flatten(graph, analysis), edges="edges"))


def read_nodelink(path: Path) -> nx.MultiDiGraph:
    """The flattened graph that :func:`write_nodelink` wrote; :class:`kg.errors.GraphError` where there is none."""
    return _read(path, "node-link JSON", lambda data: nx.node_link_graph(data, edges="edges"))


def write_cyjs(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write `graph`, flattened, to `path` as Cytoscape.js elements, which Cytoscape reads too.

    :class:`kg.errors.TargetError` where that cannot be written.
    """
    flat = flatten(graph, analysis)
    places = {name: dict(zip("xy", place, strict=True)) for name, place in positions(flat).items()}
    nodes = [
        {"data": {"id": name, "name": said["label"], **said}, **({"position": places[name]} if places else {})}
        for name, said in flat.nodes(data=True)
    ]
    edges = [
        {"data": {"id": f"e{at}", "source": head, "target": tail, "interaction": said["relation"], **said}}
        for head, tail, at, said in flat.edges(keys=True, data=True)
    ]
    _write(path, {"data": {"name": "jiangpu"}, "elements": {"nodes": nodes, "edges": edges}})


def read_cyjs(path: Path) -> nx.MultiDiGraph:
    """The flattened graph that :func:`write_cyjs` wrote; :class:`kg.errors.GraphError` where `path` holds none."""

    def graph(data: Any) -> nx.MultiDiGraph:
        flat = nx.MultiDiGraph()
        for node in data["elements"]["nodes"]:
            said = dict(node["data"])
            del said["name"]
            flat.add_node(said.pop("id"), **said)
        for edge in data["elements"]["edges"]:
            said = dict(edge["data"])
            del said["interaction"]
            flat.add_edge(said.pop("source"), said.pop("target"), key=int(said.pop("id")[1:]), **said)
        return flat

    return _read(path, "Cytoscape.js file", graph)


def write_cx2(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write `graph`, flattened, to `path` as CX2, with the colours of classes.

    :class:`kg.errors.TargetError` where that cannot be written.
    """
    flat = flatten(graph, analysis)
    index = {name: at for at, name in enumerate(flat)}
    places = {name: dict(zip("xy", place, strict=True)) for name, place in positions(flat).items()}
    nodes: list[dict[str, Any]] = [
        {
            "id": index[name],
            **places.get(name, {}),
            "v": {"name": said["label"], "identifier": name, **_without_label(said)},
        }
        for name, said in flat.nodes(data=True)
    ]
    edges: list[dict[str, Any]] = [
        {
            "id": at,
            "s": index[head],
            "t": index[tail],
            "v": {"interaction": said["relation"], "name": said["label"], **_without_label(said)},
        }
        for head, tail, at, said in flat.edges(keys=True, data=True)
    ]
    declared = {"nodes": _declared(n["v"] for n in nodes), "edges": _declared(e["v"] for e in edges)}
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [declared | {"networkAttributes": {"name": {"d": "string"}}}],
        "networkAttributes": [{"name": "jiangpu"}],
        "nodes": nodes,
        "edges": edges,
        "visualProperties": [_looks(graph, {str(kind) for _, kind in flat.nodes(data="type")})],
    }
    counts = [{"name": name, "elementCount": len(rows)} for name, rows in aspects.items()]
    head: list[dict[str, Any]] = [{"CXVersion": "2.0", "hasFragments": False}, {"metaData": counts}]
    tail = [{"status": [{"error": "", "success": True}]}]
    _write(path, [*head, *({name: rows} for name, rows in aspects.items()), *tail])


def read_cx2(path: Path) -> nx.MultiDiGraph:
    """The flattened graph that :func:`write_cx2` wrote; :class:`kg.errors.GraphError` where `path` holds none."""

    def graph(data: Any) -> nx.MultiDiGraph:
        aspects = {name: rows for part in data for name, rows in part.items()}
        flat, names = nx.MultiDiGraph(), {}
        for node in aspects["nodes"]:
            said = dict(node["v"])
            names[node["id"]] = said.pop("identifier")
            flat.add_node(names[node["id"]], label=said.pop("name"), **said)
        for edge in aspects["edges"]:
            said = dict(edge["v"])
            del said["interaction"]
            flat.add_edge(names[edge["s"]], names[edge["t"]], key=edge["id"], label=said.pop("name"), **said)
        return flat

    return _read(path, "CX2 file", graph)


def _without_label(said: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in said.items() if name != "label"}


def _declared(rows: Iterable[dict[str, Value]]) -> dict[str, dict[str, str]]:
    found: dict[str, type] = {}
    for row in rows:
        for name, value in row.items():
            if found.get(name) is not float:
                found[name] = type(value)
    return {name: {"d": _TYPES[kind]} for name, kind in found.items()}


def _looks(graph: KnowledgeGraph, kinds: set[str]) -> dict[str, Any]:
    """The visual style: names as labels, a colour for each class, arrows."""
    colors = [{"v": kind, "vp": style.color} for kind, style in styles(graph.domain, kinds).items()]
    by_class = {"type": "DISCRETE", "definition": {"attribute": "type", "map": colors}}
    named = {"type": "PASSTHROUGH", "definition": {"attribute": "name"}}
    return {
        "default": {"edge": {"EDGE_TARGET_ARROW_SHAPE": "triangle"}, "network": {}, "node": {"NODE_SHAPE": "ellipse"}},
        "nodeMapping": {"NODE_BACKGROUND_COLOR": by_class, "NODE_LABEL": named},
        "edgeMapping": {"EDGE_LABEL": named},
    }


def _write(path: Path, data: object) -> None:
    # Every value is finite; a NaN would be no JSON.
    write_atomically(path, json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")


def _read(path: Path, kind: str, graph: Callable[[Any], nx.MultiDiGraph]) -> nx.MultiDiGraph:
    try:
        return graph(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nx.NetworkXError) as error:
        msg = f"{path}: not a {kind} that kg wrote ({error})"
        raise GraphError(msg) from error
