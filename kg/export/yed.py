"""GraphML as yEd draws it: labels, colours and shapes in yWorks's own elements, which yEd alone reads.

After https://docs.yworks.com/yfiles/doc/developers-guide/graphml.html. yEd lays the graph out itself (Layout menu).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kg.export.flattening import flatten
from kg.files import write_atomically
from kg.view.palette import styles

if TYPE_CHECKING:
    from pathlib import Path

    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph

_SPACES = {"xmlns": "http://graphml.graphdrawing.org/xmlns", "xmlns:y": "http://www.yworks.com/xml/graphml"}
_SHAPES = {
    "dot": "ellipse",
    "square": "roundrectangle",
    "triangle": "triangle",
    "triangleDown": "trapezoid",
    "diamond": "diamond",
    "star": "star5",
    "hexagon": "hexagon",
}
_WIDTH, _HEIGHT = 30.0, 30.0
_ABOUT = ("class", "aliases", "observations")  # shown by yEd as the description of a node


def write_yed(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write `graph`, flattened, to `path`; :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_yed(merge([], Domain.default()), Path(folder, "graph.yed.graphml"))
    ...     "yworks" in Path(folder, "graph.yed.graphml").read_text(encoding="utf-8")
    True
    """
    flat = flatten(graph, analysis)
    looks = styles(graph.domain, {str(kind) for _, kind in flat.nodes(data="type")})
    root = ET.Element("graphml", _SPACES)
    keys = (("n", "node", "nodegraphics"), ("e", "edge", "edgegraphics"))
    for identifier, kind, graphics in keys:
        ET.SubElement(root, "key", {"id": identifier, "for": kind, "yfiles.type": graphics})
    for identifier, kind in (("about", "node"), ("quotes", "edge")):
        said = {"id": identifier, "for": kind, "attr.name": "description", "attr.type": "string"}
        ET.SubElement(root, "key", said)
    holder = ET.SubElement(root, "graph", {"id": "G", "edgedefault": "directed"})
    for name, said in flat.nodes(data=True):
        node = ET.SubElement(holder, "node", {"id": name})
        about = "\n".join(str(said[key]) for key in _ABOUT if key in said)
        ET.SubElement(node, "data", {"key": "about"}).text = about
        look = looks[said["type"]]
        drawn = ET.SubElement(ET.SubElement(node, "data", {"key": "n"}), "y:ShapeNode")
        ET.SubElement(drawn, "y:Geometry", {"width": str(_WIDTH), "height": str(_HEIGHT)})
        ET.SubElement(drawn, "y:Fill", {"color": look.color, "transparent": "false"})
        ET.SubElement(drawn, "y:BorderStyle", {"color": look.border, "type": "line", "width": "1.0"})
        ET.SubElement(drawn, "y:NodeLabel", {"modelName": "sandwich", "modelPosition": "s"}).text = said["label"]
        ET.SubElement(drawn, "y:Shape", {"type": _SHAPES[look.shape]})
    for head, tail, number, said in flat.edges(keys=True, data=True):
        edge = ET.SubElement(holder, "edge", {"id": f"e{number}", "source": head, "target": tail})
        ET.SubElement(edge, "data", {"key": "quotes"}).text = said["quotes"]
        drawn = ET.SubElement(ET.SubElement(edge, "data", {"key": "e"}), "y:PolyLineEdge")
        ET.SubElement(drawn, "y:LineStyle", {"color": "#8a8f98", "type": "line", "width": "1.0"})
        ET.SubElement(drawn, "y:Arrows", {"source": "none", "target": "standard"})
        ET.SubElement(drawn, "y:EdgeLabel").text = said["label"]
    ET.indent(root)
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    write_atomically(path, out.getvalue() + b"\n")
