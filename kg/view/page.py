"""The page: pyvis's data and its vendored vis-network in a template of our own, as one file that needs nothing else.

Everything that a document says reaches the page as JSON and is put into it as text, never as markup; a
content security policy admits only the scripts and styles that stand here and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from kg.files import write_atomically
from kg.view.network import CANVAS_ABOVE, build_network, most_connected
from kg.view.payload import payload

if TYPE_CHECKING:
    from pathlib import Path

    from kg.merge import KnowledgeGraph

MAX_NODES = 20_000  # of a page, unless another number is given: what an ordinary computer still draws
_FORCE_GRAPH = "vendor/force-graph-1.51.0.min.js"
# One program in parts, in the order in which they build on each other.
_SCRIPTS = (
    "dom.js",
    "model.js",
    "sieve.js",
    "search.js",
    "names.js",
    "vis.js",
    "canvas.js",
    "drawing.js",
    "picture.js",
    "panel.js",
    "marking.js",
    "overview.js",
    "tables.js",
    "documents.js",
    "filters.js",
    "page.js",
)


def write_html(graph: KnowledgeGraph, path: Path, max_nodes: int = MAX_NODES) -> None:
    """Write the interactive page of `graph` to `path`: one UTF-8 file that works offline.

    It holds the `max_nodes` best connected entities and says what it leaves out.
    :class:`kg.errors.TargetError` says why a file cannot be written.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> empty = KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_html(empty, Path(folder, "graph.html"))
    ...     Path(folder, "graph.html").read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """
    write_atomically(path, render_html(graph, max_nodes))


def render_html(graph: KnowledgeGraph, max_nodes: int = MAX_NODES) -> str:
    """The page of the `max_nodes` best connected entities of `graph`; the same graph gives the same text.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> empty = KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())
    >>> "https://cdn" in render_html(empty)
    False
    """
    whole, graph = graph, most_connected(graph, max_nodes)
    network = build_network(graph)
    large = len(graph.network) > CANVAS_ABOVE
    # pyvis renders with whatever environment it holds: ours escapes, and finds our template.
    network.templateEnv = _environment(large=large)
    network.templateEnv.globals.update(payload=payload(graph, _left_out(whole, graph)), large=large)
    html: str = network.generate_html("graph.html")
    return html


def _left_out(whole: KnowledgeGraph, part: KnowledgeGraph) -> dict[str, int]:
    return {
        "entities": len(whole.network) - len(part.network),
        "facts": whole.network.number_of_edges() - part.network.number_of_edges(),
        "figures": len(whole.observations()) - len(part.observations()),
    }


def _environment(*, large: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # Chinese stays readable, and takes half the room; `tojson` still writes <, >, & and ' as escapes.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
    strings = json.loads(_asset("strings.json"))
    library = _asset(_FORCE_GRAPH) if large else _vis_network()
    scripts = [library, "(() => {\n'use strict';\n" + "".join(map(_asset, _SCRIPTS)) + "})();\n"]
    style = _asset("page.css")
    environment.globals.update(
        strings=strings,
        ui=strings["zh"],
        scripts=[_inline(script) for script in scripts],
        style=_inline(style),
        policy=_policy(scripts, [style, *_brought_styles(library)]),
    )
    return environment


@cache
def _asset(name: str) -> str:
    return files("kg.view").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _vis_network() -> str:
    """The vis-network that pyvis ships, without the address of a source map that no page of ours comes with."""
    script = files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.min.js").read_text(encoding="utf-8")
    code, _, _ = script.partition("//# sourceMappingURL=")
    return code.replace("\r\n", "\n")


def _brought_styles(library: str) -> list[str]:
    """The styles that force-graph puts into the page when it is loaded, at first empty, which the policy must know."""
    found = re.findall(r'\("(\.(?:float-tooltip|force-graph)[^"]+)"\)', library)
    return ["", *(json.loads(f'"{text}"') for text in found)] if found else []


def _inline(code: str) -> Markup:
    """`code` for a script or style element; it is ours or pyvis's, never a document's."""
    if "</script" in code.lower() or "</style" in code.lower() or "<!--" in code:
        msg = "an asset would end the element that holds it"
        raise ValueError(msg)
    return Markup(code)  # noqa: S704


def _policy(scripts: list[str], styles: list[str]) -> str:
    def hashes(codes: list[str]) -> str:
        digests = (hashlib.sha256(code.encode()).digest() for code in codes)
        return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

    rules: dict[str, Any] = {
        "default-src": "'none'",
        "script-src": hashes(scripts),
        "style-src": hashes(styles),
        "img-src": "data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
