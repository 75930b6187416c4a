"""The knowledge graph as RDF: written and read, inferred from, validated, asked in SPARQL."""

from kg.rdf.provenance import Options, Provenance
from kg.rdf.reading import read_turtle
from kg.rdf.sparql import OpenedGraph, Solutions, open_graph, query
from kg.rdf.vocabulary import Bases
from kg.rdf.writing import to_rdflib, turtle, write_turtle

__all__ = [
    "Bases",
    "OpenedGraph",
    "Options",
    "Provenance",
    "Solutions",
    "open_graph",
    "query",
    "read_turtle",
    "to_rdflib",
    "turtle",
    "write_turtle",
]
