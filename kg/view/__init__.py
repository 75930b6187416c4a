"""KnowledgeGraph → one interactive page that works offline."""

from kg.view.page import render_html, write_html

__all__ = ["render_html", "write_html"]
