"""GEXF 1.3 for Gephi: the flattened graph with colours, sizes, the kinds of parallel edges and when edges were stated.

After the specification at https://gexf.net/schema.html. Gephi keeps parallel edges only where they differ in `kind`.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import networkx as nx

from kg.errors import GraphError
from kg.export.flattening import flatten
from kg.export.placing import positions
from kg.files import write_atomically
from kg.view.palette import styles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.export.analysis import Analysis
    from kg.export.flattening import Value
    from kg.merge import KnowledgeGraph

_GEXF, _VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"
_TYPES: dict[type, str] = {str: "string", int: "long", float: "double"}
_READ = {"string": str, "long": int, "double": float}
_SMALLEST = 6.0
_OWN = "label"  # an attribute that GEXF has of its own


def write_gexf(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write `graph`, flattened, to `path`; :class:`kg.errors.TargetError` where that cannot be written.

    An edge begins on the day of the earliest document that states it, which Gephi's timeline shows.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_gexf(merge([], Domain.default()), Path(folder, "graph.gexf"))
    ...     read_gexf(Path(folder, "graph.gexf")).number_of_nodes()
    0
    """
    flat = flatten(graph, analysis)
    looks = styles(graph.domain, {str(kind) for _, kind in flat.nodes(data="type")})
    places = positions(flat)
    root = ET.Element("gexf", {"xmlns": _GEXF, "xmlns:viz": _VIZ, "version": "1.3"})
    ET.SubElement(ET.SubElement(root, "meta"), "creator").text = "jiangpu"
    kinds = {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    holder = ET.SubElement(root, "graph", kinds)
    declared = _declare(holder, "node", (said for _, said in flat.nodes(data=True)))
    nodes = ET.SubElement(holder, "nodes")
    for name, said in flat.nodes(data=True):
        node = ET.SubElement(nodes, "node", {"id": name, "label": said["label"]})
        _values(node, said, declared)
        red, green, blue = (str(int(looks[said["type"]].color[at : at + 2], 16)) for at in (1, 3, 5))
        ET.SubElement(node, "viz:color", {"r": red, "g": green, "b": blue})
        if name in places:
            across, down = places[name]
            ET.SubElement(node, "viz:position", {"x": str(across), "y": str(-down), "z": "0"})  # Gephi's y goes up
        ET.SubElement(node, "viz:size", {"value": f"{_SMALLEST + 4 * math.sqrt(flat.degree(name)):.1f}"})
    declared = _declare(holder, "edge", (said for _, _, said in flat.edges(data=True)))
    edges = ET.SubElement(holder, "edges")
    for head, tail, number, said in flat.edges(keys=True, data=True):
        own = {"id": str(number), "source": head, "target": tail, "label": said["label"], "kind": said["relation"]}
        edge = ET.SubElement(edges, "edge", own | ({"start": said["since"]} if "since" in said else {}))
        _values(edge, said, declared)
    ET.indent(root)
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    write_atomically(path, out.getvalue() + b"\n")


def read_gexf(path: Path) -> nx.MultiDiGraph:
    """The flattened graph that :func:`write_gexf` wrote; :class:`kg.errors.GraphError` where `path` holds none."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - expat bounds what entities may grow to
        return _read(root)
    except (OSError, ET.ParseError, KeyError, ValueError, AttributeError) as error:
        msg = f"{path}: not a GEXF file that kg wrote ({error})"
        raise GraphError(msg) from error


def _read(root: ET.Element) -> nx.MultiDiGraph:
    names = {"": _GEXF}
    if root.tag != f"{{{_GEXF}}}gexf":
        msg = f"its root is {root.tag}"
        raise ValueError(msg)
    declared = {
        kind: {a.attrib["id"]: (a.attrib["title"], _READ[a.attrib["type"]]) for a in each.findall("attribute", names)}
        for each in root.findall("graph/attributes", names)
        for kind in [each.attrib["class"]]
    }
    flat = nx.MultiDiGraph()
    for node in root.iterfind("graph/nodes/node", names):
        flat.add_node(node.attrib["id"], **_said(node, declared.get("node", {}), names))
    for edge in root.iterfind("graph/edges/edge", names):
        said = _said(edge, declared.get("edge", {}), names)
        flat.add_edge(edge.attrib["source"], edge.attrib["target"], key=int(edge.attrib["id"]), **said)
    return flat


def _said(element: ET.Element, declared: dict[str, tuple[str, type]], names: dict[str, str]) -> dict[str, Value]:
    said: dict[str, Value] = {_OWN: element.attrib["label"]}
    for value in element.iterfind("attvalues/attvalue", names):
        title, kind = declared[value.attrib["for"]]
        said[title] = kind(value.attrib["value"])
    return said


def _declare(holder: ET.Element, kind: str, rows: Iterable[dict[str, Value]]) -> dict[str, str]:
    """Declare the attributes that `rows` have and return their identifiers by name."""
    found: dict[str, type] = {}
    for row in rows:
        for name, value in row.items():
            if name != _OWN and found.get(name) is not float:
                found[name] = type(value)
    element = ET.SubElement(holder, "attributes", {"class": kind, "mode": "static"})
    for at, (name, of) in enumerate(found.items()):
        ET.SubElement(element, "attribute", {"id": str(at), "title": name, "type": _TYPES[of]})
    return {name: str(at) for at, name in enumerate(found)}


def _values(element: ET.Element, said: dict[str, Value], declared: dict[str, str]) -> None:
    values = ET.SubElement(element, "attvalues")
    for name, value in said.items():
        if name != _OWN:
            ET.SubElement(values, "attvalue", {"for": declared[name], "value": str(value)})
