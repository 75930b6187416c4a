"""Extractions of many documents → one knowledge graph."""

from kg.merge.graph import KnowledgeGraph
from kg.merge.identity import identifier
from kg.merge.merging import merge

__all__ = ["KnowledgeGraph", "identifier", "merge"]
