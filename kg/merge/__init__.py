"""Extractions of many documents → one knowledge graph."""

from kg.merge.candidates import Candidate, candidates
from kg.merge.decisions import Decision, Thing, read_decisions
from kg.merge.graph import KnowledgeGraph
from kg.merge.identity import identifier
from kg.merge.merging import merge

__all__ = [
    "Candidate",
    "Decision",
    "KnowledgeGraph",
    "Thing",
    "candidates",
    "identifier",
    "merge",
    "read_decisions",
]
