"""Turtle and TriG, written so that people can read it and machines compare it: sections, sorted subjects, stable bytes.

rdflib's own serialiser sorts the whole graph in memory and is slow; this writer streams descriptions in the order
in which they come and needs the memory of one.
"""

from __future__ import annotations

import io
import re
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import XSD

from kg.errors import InvariantError
from kg.files import write_atomically
from kg.rdf.provenance import Options, Provenance, check, sections
from kg.rdf.terms import TripleTerm
from kg.rdf.vocabulary import Bases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.merge import KnowledgeGraph
    from kg.rdf.terms import Description, Term

# A local name that every parser reads; anything else is written as a whole IRI.
_LOCAL = re.compile(r"[A-Za-z_\u4e00-\u9fff]([A-Za-z0-9_.\u4e00-\u9fff-]*[A-Za-z0-9_\u4e00-\u9fff-])?")
_BARE = {XSD.decimal: re.compile(r"[+-]?[0-9]+\.[0-9]+"), XSD.integer: re.compile(r"[+-]?[0-9]+")}
# Escaped: what ends a string or a line, controls, and what is invisible or turns the writing direction.
# U+FFFE and U+FFFF stay as they are: rapper refuses their escapes.
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_turtle(
    graph: KnowledgeGraph, path: str | Path, *, bases: Bases | None = None, options: Options | None = None
) -> None:
    """Write `graph` to `path` as RDF 1.1 Turtle; :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_turtle(merge([], Domain.default()), Path(folder, "graph.ttl"))
    ...     Path(folder, "graph.ttl").read_text(encoding="utf-8").splitlines()[0]
    '@prefix kg: <https://kg.example/ontology#> .'
    """
    write_atomically(Path(path), turtle(graph, bases=bases, options=options))


def to_rdflib(graph: KnowledgeGraph, *, bases: Bases | None = None) -> Graph:
    """The same triples as an rdflib graph.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> from rdflib.namespace import SDO
    >>> [str(name) for name in to_rdflib(merge([], Domain.default())).objects(None, SDO.name)]
    ['jiangpu']
    """
    options = Options(bases or Bases())
    triples = Graph(bind_namespaces="none")
    for prefix, iri in options.bases.prefixes.items():
        triples.bind(prefix, iri)
    for section in sections(graph, options):
        for subject, pairs in section.descriptions:
            for predicate, value in pairs:
                triples.add((subject, predicate, value))  # type: ignore[arg-type]  # no triple terms here
    return triples


def turtle(graph: KnowledgeGraph, *, bases: Bases | None = None, options: Options | None = None) -> str:
    """The Turtle document of `graph`; :class:`kg.errors.FormatError` for named graphs, which Turtle cannot hold."""
    options = options or Options(bases or Bases())
    check(options.provenance, ["turtle"])
    return trig(graph, options)


def trig(graph: KnowledgeGraph, options: Options) -> str:
    """The TriG document of `graph`, which is Turtle where there are no named graphs.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> trig(merge([], Domain.default()), Options()).splitlines()[0]
    '@prefix kg: <https://kg.example/ontology#> .'
    """
    out = io.StringIO()
    if options.provenance == Provenance.RDF12:
        out.write('VERSION "1.2"\n')
    out.writelines(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in options.bases.prefixes.items())
    writer = _Writer(options.bases)
    for section in sections(graph, options):
        out.write(f"\n# {section.heading}\n")
        if section.graph is not None:
            out.write(f"\n{writer.iri(section.graph)} {{\n")
        out.writelines(writer.blocks(section.descriptions))
        if section.graph is not None:
            out.write("}\n")
    return out.getvalue()


class _Writer:
    def __init__(self, bases: Bases) -> None:
        # The longest base first, so that a base within another is still found.
        self._prefixes = sorted(bases.prefixes.items(), key=lambda p: (-len(p[1]), p[0]))
        self._compacted: dict[URIRef, str] = {}

    def blocks(self, descriptions: Iterator[Description]) -> Iterator[str]:
        for subject, pairs in descriptions:
            lines = []
            for predicate, group in groupby(pairs, key=itemgetter(0)):
                name = "a" if predicate == RDF.type else self.iri(predicate)
                lines.append(f"{name} {', '.join(dict.fromkeys(self._term(value) for _, value in group))}")
            yield f"\n{self.iri(subject)} " + " ;\n    ".join(lines) + " .\n"

    def _term(self, term: Term) -> str:
        if isinstance(term, URIRef):
            return self.iri(term)
        if isinstance(term, TripleTerm):
            return f"<<( {' '.join(map(self.iri, term))} )>>"
        if term.language:
            return f"{_quoted(term)}@{term.language}"
        kind = term.datatype
        if kind is None or kind == XSD.string:
            return _quoted(term)
        bare = _BARE.get(kind)
        return str(term) if bare and bare.fullmatch(term) else f"{_quoted(term)}^^{self.iri(kind)}"

    def iri(self, iri: URIRef) -> str:
        """The IRI as a prefixed name where it has one."""
        found = self._compacted.get(iri)
        if found is None:
            found = self._compacted[iri] = self._compact(iri)
        return found

    def _compact(self, iri: URIRef) -> str:
        for prefix, base in self._prefixes:
            if iri.startswith(base) and _LOCAL.fullmatch(iri[len(base) :]):
                return f"{prefix}:{iri[len(base) :]}"
        return f"<{iri}>"


def _quoted(text: Literal) -> str:
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":
        msg = f"half a character (U+{ord(character):04X}) cannot be written; the source was decoded wrongly"
        raise InvariantError(msg)
    return _SHORT.get(character) or f"\\u{ord(character):04X}"
