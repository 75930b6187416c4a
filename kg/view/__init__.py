"""KnowledgeGraph → one interactive page that works offline."""

from kg.view.page import MAX_NODES, render_html, write_html
from kg.view.triples import read_any

__all__ = ["MAX_NODES", "read_any", "render_html", "write_html"]
