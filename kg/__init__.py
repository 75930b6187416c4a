"""Jiangpu (匠谱): Chinese documents in, a typed knowledge graph with evidence out.

>>> import kg
>>> extraction = kg.extract("重庆市总工会举办了创新方法培训班。")
>>> [(e.name, e.type) for e in extraction.entities if e.type == "TradeUnion"]
[('重庆市总工会', 'TradeUnion')]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.version import VERSION

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.errors import JiangpuError
    from kg.merge import KnowledgeGraph
    from kg.model import Dating, Document, Entity, Evidence, Extraction, Fact, Interval, Mention, Observation, Span
    from kg.pipeline import Pipeline, build, extract
    from kg.rdf import query, read_turtle, write_turtle

__version__ = VERSION

# Where each public name lives: imported when first asked for, so that `import kg` is quick.
_HOMES = {
    "Dating": "kg.model",
    "Document": "kg.model",
    "Domain": "kg.domain",
    "Entity": "kg.model",
    "Evidence": "kg.model",
    "Extraction": "kg.model",
    "Fact": "kg.model",
    "Interval": "kg.model",
    "JiangpuError": "kg.errors",
    "KnowledgeGraph": "kg.merge",
    "Mention": "kg.model",
    "Observation": "kg.model",
    "Pipeline": "kg.pipeline",
    "Span": "kg.model",
    "build": "kg.pipeline",
    "extract": "kg.pipeline",
    "query": "kg.rdf",
    "read_turtle": "kg.rdf",
    "write_turtle": "kg.rdf",
}

__all__ = [
    "Dating",
    "Document",
    "Domain",
    "Entity",
    "Evidence",
    "Extraction",
    "Fact",
    "Interval",
    "JiangpuError",
    "KnowledgeGraph",
    "Mention",
    "Observation",
    "Pipeline",
    "Span",
    "__version__",
    "build",
    "extract",
    "query",
    "read_turtle",
    "write_turtle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'kg' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
