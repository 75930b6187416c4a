"""The knowledge graph as RDF: Turtle out and in, and SPARQL over it."""

from kg.rdf.reading import read_turtle
from kg.rdf.sparql import OpenedGraph, Solutions, open_graph, query
from kg.rdf.vocabulary import Bases
from kg.rdf.writing import to_rdflib, turtle, write_turtle

__all__ = [
    "Bases",
    "OpenedGraph",
    "Solutions",
    "open_graph",
    "query",
    "read_turtle",
    "to_rdflib",
    "turtle",
    "write_turtle",
]
