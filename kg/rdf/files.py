"""RDF files of every serialisation read, by pyoxigraph; what a file's name ends in tells which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import GraphError
from kg.rdf.store import open_store
from kg.rdf.vocabulary import INFERRED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _STATEMENT, _REIFIES = (ox.NamedNode(_RDF + name) for name in ("type", "Statement", "reifies"))
_PARTS = tuple(ox.NamedNode(_RDF + name) for name in ("subject", "predicate", "object"))


def read_quads(path: Path) -> tuple[list[ox.Quad], dict[str, str]]:
    """The quads and the prefixes of the RDF file at `path`; :class:`kg.errors.GraphError` where it is none."""
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix(".").lower()) or ox.RdfFormat.TURTLE
    try:
        parser = ox.parse(path=str(path), format=form)
        return list(parser), dict(parser.prefixes)
    except (OSError, SyntaxError, ValueError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        msg = f"{path}: not a {form.name} file that can be read ({reason})"
        raise GraphError(msg) from error


def parse(path: Path) -> tuple[list[ox.Triple], dict[str, str]]:
    """The triples, inferred ones left out, and the prefixes of the file or store at `path`; reifiers as statements."""
    quads, prefixes = _stored(path) if path.is_dir() else read_quads(path)
    asserted = (quad.triple for quad in quads if not is_inferred(quad.graph_name))
    return list(unreified(asserted)), prefixes


def _stored(folder: Path) -> tuple[list[ox.Quad], dict[str, str]]:
    """The quads and the prefixes of the store in `folder`."""
    store, prefixes = open_store(folder)
    return list(store), prefixes


def is_inferred(graph: object) -> bool:
    """Whether `graph` is the one that holds what was inferred.

    >>> is_inferred(ox.NamedNode("https://kg.example/id/inferred")), is_inferred(ox.DefaultGraph())
    (True, False)
    """
    return isinstance(graph, ox.NamedNode) and graph.value.endswith(INFERRED)


def unreified(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples with every reifier of RDF 1.2 as a node of class rdf:Statement, or of its own class."""
    reified: list[ox.Triple] = []
    typed: set[object] = set()
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            reified.append(triple)
            continue
        if triple.predicate == _TYPE:
            typed.add(triple.subject)
        yield triple
    for node, _, said in reified:
        if node not in typed:
            yield ox.Triple(node, _TYPE, _STATEMENT)
        for predicate, term in zip(_PARTS, said, strict=True):
            yield ox.Triple(node, predicate, term)
