"""Small graphs as text that draws itself: DOT for Graphviz, and Mermaid for Markdown pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.export.flattening import flatten
from kg.files import write_atomically
from kg.view.palette import styles

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph

MOST = 60  # entities of a Mermaid diagram: the best connected; more nobody can read
_SHAPES = {"dot": "ellipse", "square": "box", "triangle": "triangle", "triangleDown": "invtriangle"}


def write_dot(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write all of `graph`, flattened, to `path` in Graphviz's language (https://graphviz.org/doc/info/lang.html).

    :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_dot(merge([], Domain.default()), Path(folder, "graph.dot"))
    ...     Path(folder, "graph.dot").read_text(encoding="utf-8").splitlines()[0]
    'digraph jiangpu {'
    """
    flat = flatten(graph, analysis)
    looks = styles(graph.domain, {str(kind) for _, kind in flat.nodes(data="type")})
    lines = ["digraph jiangpu {", '  charset="UTF-8"; overlap=false; node [style=filled, fontname="sans-serif"];']
    for name, said in flat.nodes(data=True):
        look = looks[said["type"]]
        shape = _SHAPES.get(look.shape, look.shape)
        drawn = f"fillcolor={_quoted(look.color + '40')}, color={_quoted(look.border)}, shape={shape}"
        lines.append(f"  {_quoted(name)} [label={_quoted(said['label'])}, tooltip={_quoted(said['class'])}, {drawn}];")
    for head, tail, said in flat.edges(data=True):
        lines.append(f"  {_quoted(head)} -> {_quoted(tail)} [label={_quoted(said['label'])}];")
    write_atomically(path, "\n".join([*lines, "}"]) + "\n")


def write_mermaid(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write the :data:`MOST` best connected entities of `graph` with the facts among them to `path` as a flowchart.

    A comment says how many there are. After https://mermaid.js.org/syntax/flowchart.html.
    :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_mermaid(merge([], Domain.default()), Path(folder, "graph.mmd"))
    ...     Path(folder, "graph.mmd").read_text(encoding="utf-8").splitlines()
    ['flowchart LR', '%% 0 of 0 entities, the best connected']
    """
    flat = flatten(graph, analysis)
    shown = _best_connected(flat)
    index = {name: f"n{at}" for at, name in enumerate(shown)}
    lines = ["flowchart LR", f"%% {len(shown)} of {flat.number_of_nodes()} entities, the best connected"]
    lines += [f'  {at}["{_escaped(flat.nodes[name]["label"])}"]' for name, at in index.items()]
    lines += [
        f'  {index[head]} -->|"{_escaped(said["label"])}"| {index[tail]}'
        for head, tail, said in flat.edges(data=True)
        if head in index and tail in index
    ]
    looks = styles(graph.domain, {str(flat.nodes[name]["type"]) for name in shown})
    for kind, look in looks.items():
        members = ",".join(at for name, at in index.items() if flat.nodes[name]["type"] == kind)
        lines += [f"  classDef {kind} fill:{look.color}40,stroke:{look.border}", f"  class {members} {kind}"]
    write_atomically(path, "\n".join(lines) + "\n")


def _best_connected(flat: nx.MultiDiGraph) -> list[str]:
    return sorted(sorted(flat, key=lambda name: (-flat.degree(name), name))[:MOST])


def _quoted(words: str) -> str:
    """A string of DOT: a backslash would begin an escape, a line break would end the line."""
    plain = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\r\n]+", r"\\n", plain) + '"'


def _escaped(words: str) -> str:
    """Words on one line as Mermaid shows them: signs that could be its syntax or markup go by their codes."""
    plain = " ".join(words.split())
    return re.sub(r"[!-/:-@\[-`{-~]", lambda found: f"#{ord(found[0])};", plain)
