"""The other serialisations: TriG, N-Triples, N-Quads, RDF/XML and JSON-LD with a context.

All say what the Turtle says, in its order; pyoxigraph writes them, JSON-LD is our own for the sake of its context.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib import RDF, Literal, URIRef
from rdflib.namespace import XSD

from kg.errors import FormatError, InvariantError
from kg.files import write_atomically
from kg.rdf.provenance import Options, check, sections
from kg.rdf.terms import TripleTerm
from kg.rdf.writing import trig

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.merge import KnowledgeGraph
    from kg.rdf.terms import Description, Term

# What XML cannot hold, escaped or not.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_trig(graph: KnowledgeGraph, path: Path, *, options: Options | None = None) -> None:
    """Write `graph` to `path` as TriG; :class:`kg.errors.TargetError` where that cannot be written."""
    write_atomically(path, trig(graph, options or Options()))


def write_ntriples(graph: KnowledgeGraph, path: Path, *, options: Options | None = None) -> None:
    """Write `graph` to `path` as N-Triples, a triple on each line."""
    write_atomically(path, ntriples(graph, options or Options()))


def ntriples(graph: KnowledgeGraph, options: Options) -> bytes:
    r"""The N-Triples document of `graph`; :class:`kg.errors.FormatError` for named graphs, which it cannot hold.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> ntriples(merge([], Domain.default()), Options()).count(b" .\n")
    10
    """
    check(options.provenance, ["ntriples"])
    return _lines(graph, options, ox.RdfFormat.N_TRIPLES)


def write_nquads(graph: KnowledgeGraph, path: Path, *, options: Options | None = None) -> None:
    """Write `graph` to `path` as N-Quads, a quad on each line."""
    write_atomically(path, _lines(graph, options or Options(), ox.RdfFormat.N_QUADS))


def write_rdfxml(graph: KnowledgeGraph, path: Path, *, options: Options | None = None) -> None:
    """Write `graph` to `path` as RDF/XML; :class:`kg.errors.FormatError` where XML cannot hold a character of it."""
    options = options or Options()
    check(options.provenance, ["rdfxml"])
    if found := _not_xml(graph):
        msg = f"XML cannot hold U+{ord(found):04X}, which stands in a document; write turtle, ntriples or jsonld"
        raise FormatError(msg)
    written = _lines(graph, options, ox.RdfFormat.RDF_XML)
    # An XML reader takes a carriage return for a line feed unless it is escaped.
    write_atomically(path, written.replace(b"\r", b"&#13;"))


def write_jsonld(graph: KnowledgeGraph, path: Path, *, options: Options | None = None) -> None:
    """Write `graph` to `path` as JSON-LD 1.1 with a context."""
    text = json.dumps(jsonld(graph, options or Options()), ensure_ascii=False, indent=1)
    try:
        write_atomically(path, f"{text}\n")
    except UnicodeEncodeError as error:
        msg = "half a character cannot be written; the source was decoded wrongly"
        raise InvariantError(msg) from error


def _lines(graph: KnowledgeGraph, options: Options, form: ox.RdfFormat) -> bytes:
    text = trig(graph, options)
    quads = ox.parse(text, format=ox.RdfFormat.TRIG)
    given = quads if form.supports_datasets else (quad.triple for quad in quads)
    written = ox.serialize(given, format=form, prefixes=options.bases.prefixes)
    return written or b""


def _not_xml(graph: KnowledgeGraph) -> str:
    for document in graph.documents.values():
        found = _NO_XML.search(document.text)
        if found:
            return found[0]
    return ""


def jsonld(graph: KnowledgeGraph, options: Options) -> dict[str, Any]:
    """The JSON-LD document of `graph`: plain values where the context says what they are.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> jsonld(merge([], Domain.default()), Options())["@graph"][0]["@type"]
    'void:Dataset'
    """
    check(options.provenance, ["jsonld"])
    told = [(s.graph, list(s.descriptions)) for s in sections(graph, options)]
    writer = _JsonWriter(options.bases.prefixes, (d for _, descriptions in told for d in descriptions))
    nodes: list[dict[str, Any]] = []
    for name, descriptions in told:
        written = [writer.node(*described) for described in descriptions]
        nodes += written if name is None else [{"@id": writer.iri(name), "@graph": written}]
    return {"@context": writer.context, "@graph": nodes}


class _JsonWriter:
    """Nodes with the context that they need: a predicate whose values are all alike says so once, there."""

    def __init__(self, prefixes: dict[str, str], descriptions: Iterable[Description]) -> None:
        self._prefixes = sorted(prefixes.items(), key=lambda p: (-len(p[1]), p[0]))
        kinds: dict[URIRef, set[str]] = {}
        for _, pairs in descriptions:
            for predicate, value in pairs:
                kinds.setdefault(predicate, set()).add(self._kind(value))
        self._kinds = {p: next(iter(found)) for p, found in kinds.items() if len(found) == 1}
        self.context: dict[str, Any] = dict(prefixes)
        for predicate, kind in sorted(self._kinds.items()):
            name, coercion = self.iri(predicate), self._coercion(kind)
            if coercion and predicate not in {RDF.type, URIRef(name)}:
                self.context[name] = {"@id": str(predicate), **coercion}

    def iri(self, iri: str) -> str:
        for prefix, base in self._prefixes:
            # What is left must not look like the authority of an IRI, and a prefixed name has one colon.
            if iri.startswith(base) and re.fullmatch(r"[\w.-]+", iri[len(base) :]):
                return f"{prefix}:{iri[len(base) :]}"
        return iri

    @staticmethod
    def _kind(value: Term) -> str:
        if isinstance(value, TripleTerm):
            raise TypeError(value)
        if isinstance(value, URIRef):
            return "@id"
        return f"@{value.language}" if value.language else str(value.datatype or XSD.string)

    def _coercion(self, kind: str) -> dict[str, str]:
        if kind == str(XSD.string):
            return {}
        if kind.startswith("@") and kind != "@id":
            return {"@language": kind[1:]}
        return {"@type": kind if kind == "@id" else self.iri(kind)}

    def node(self, subject: URIRef, pairs: Iterable[tuple[URIRef, Term]]) -> dict[str, Any]:
        found: dict[str, list[Any]] = {}
        for predicate, value in pairs:
            if predicate == RDF.type:
                found.setdefault("@type", []).append(self.iri(str(value)))
                continue
            values = found.setdefault(self.iri(predicate), [])
            written = self._value(predicate, value)
            if written not in values:
                values.append(written)
        plain = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
        return {"@id": self.iri(subject), **plain}

    def _value(self, predicate: URIRef, value: Term) -> Any:
        kind = self._kind(value)
        if kind == str(XSD.string) or (
            kind != "@id" and self._kinds.get(predicate) == kind and self.iri(predicate) != predicate
        ):
            return str(value)
        if isinstance(value, URIRef):
            return self.iri(value) if predicate in self._kinds else {"@id": self.iri(value)}
        if isinstance(value, Literal) and value.language:
            return {"@value": str(value), "@language": value.language}
        return {"@value": str(value), "@type": self.iri(kind)}
