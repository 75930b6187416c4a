"""SPARQL over a graph, answered by pyoxigraph; nothing is ever fetched from a network."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from kg.columns import aligned
from kg.domain import Domain
from kg.errors import QueryError
from kg.merge import KnowledgeGraph
from kg.rdf.files import is_inferred, read_quads
from kg.rdf.inference import infer
from kg.rdf.store import open_store
from kg.rdf.vocabulary import QUERY_PREFIXES, Bases
from kg.rdf.writing import turtle

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

# The parts of a query within which words are no keywords, and the words that may be.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r'|<[^<>"{}|^`\x00-\x20]*>'
    r"|\#[^\n\r]*"
    r"|[?$]\w+"
    r"|[\w.-]*:(?:[\w.:%-]|\\.)*"
    r"|(?P<word>\w+)",
    re.IGNORECASE | re.DOTALL,
)
_FORM = re.compile(r"\b(select|ask|construct|describe)\b", re.IGNORECASE)
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True)
class OpenedGraph:
    """A graph loaded for querying, and the prefixes that queries may use without declaring them.

    A query sees all that is asserted, in whatever named graph, and what is inferred where `inferred` is set.
    """

    store: ox.Store
    prefixes: dict[str, str]
    inferred: bool = False

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What of the store a query sees, as the store is told it."""
        named = list(self.store.named_graphs())
        hidden = [graph for graph in named if is_inferred(graph)]
        if not named:
            return {}
        if self.inferred or not hidden:
            return {"use_default_graph_as_union": True}
        shown = [graph for graph in named if graph not in hidden]
        return {"default_graph": [ox.DefaultGraph(), *shown], "named_graphs": shown}


class Solutions:
    """The answer to a query: rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT or DESCRIBE.

    :attr:`rows` holds every term as its text, IRIs shortened by the prefixes and None where a variable is
    unbound; :attr:`terms` holds the RDF terms.
    """

    def __init__(self, opened: OpenedGraph, sparql: str, given: Mapping[str, Term] | None = None) -> None:
        self._opened = opened
        self._sparql = sparql
        self._given = {ox.Variable(name): term for name, term in (given or {}).items()}
        answer = self._ask()
        self.boolean = bool(answer) if isinstance(answer, ox.QueryBoolean) else None
        self.variables: tuple[str, ...] = ()
        if isinstance(answer, ox.QuerySolutions):
            self.variables = tuple(v.value for v in answer.variables)
        elif isinstance(answer, ox.QueryTriples):
            self.variables = ("subject", "predicate", "object")
        self._is_triples = isinstance(answer, ox.QueryTriples)

    @cached_property
    def terms(self) -> list[tuple[Term | None, ...]]:
        """The RDF terms of every row."""
        answer = self._ask()
        if isinstance(answer, ox.QuerySolutions):
            return [tuple(row) for row in answer]
        if isinstance(answer, ox.QueryTriples):
            return [(t.subject, t.predicate, t.object) for t in answer]
        return []

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        """Every row as text."""
        return [tuple(None if term is None else self._text(term) for term in row) for row in self.terms]

    def _ask(self) -> Answer:
        return ask(self._opened, self._sparql, self._given)

    def table(self) -> str:
        """The rows in aligned columns, Chinese characters two cells wide; the truth of an ASK as one word.

        >>> from kg.domain import Domain
        >>> from kg.merge import merge
        >>> print(query(merge([], Domain.default()), "SELECT ?name { ?s schema:name ?name }").table(), end="")
        name
        ───────
        jiangpu
        """
        if self.boolean is not None:
            return f"{str(self.boolean).lower()}\n"
        return aligned(self.variables, self.rows)

    def csv(self) -> str:
        """The rows as W3C SPARQL 1.1 CSV (RFC 4180, lines end in CR LF); :class:`kg.errors.QueryError` for an ASK."""
        return self._results(ox.QueryResultsFormat.CSV)

    def json(self) -> str:
        """The answer as W3C SPARQL 1.1 JSON; :class:`kg.errors.QueryError` for triples, which have no such form."""
        return self._results(ox.QueryResultsFormat.JSON)

    def xml(self) -> str:
        """The answer as W3C SPARQL XML; :class:`kg.errors.QueryError` for triples, which have no such form."""
        return self._results(ox.QueryResultsFormat.XML)

    def turtle(self) -> str:
        """The triples of a CONSTRUCT or DESCRIBE as Turtle; :class:`kg.errors.QueryError` for other queries."""
        if not self._is_triples:
            msg = "only CONSTRUCT and DESCRIBE give triples; ask for a table, csv, json or xml"
            raise QueryError(msg)
        triples = (ox.Triple(*row) for row in sorted(self.terms, key=str))  # type: ignore[arg-type]
        written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=self._opened.prefixes)
        return cast("bytes", written).decode()

    def _results(self, form: ox.QueryResultsFormat) -> str:
        answer = self._ask()
        if isinstance(answer, ox.QueryTriples):
            msg = "CONSTRUCT and DESCRIBE give triples; ask for them as turtle or as a table"
            raise QueryError(msg)
        if isinstance(answer, ox.QueryBoolean) and form == ox.QueryResultsFormat.CSV:
            msg = "ASK gives true or false, which has no CSV form; ask for it as a table or as json"
            raise QueryError(msg)
        out = io.BytesIO()
        answer.serialize(out, form)
        return out.getvalue().decode()

    def _text(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            for prefix, base in self._opened.prefixes.items():
                if term.value.startswith(base):
                    return f"{prefix}:{term.value[len(base) :]}"
            return term.value
        return str(term) if isinstance(term, ox.Triple) else term.value


def query(
    source: str | Path | KnowledgeGraph | OpenedGraph, sparql: str, given: Mapping[str, Term] | None = None
) -> Solutions:
    """Ask `source` (a file of RDF, a store, a graph, or what :func:`open_graph` gave) a SPARQL query.

    The prefixes kg:, id:, skos:, schema:, prov:, nif: and the others of the file need no declaration; `given` are
    the values of variables. :class:`kg.errors.QueryError` says where a query is wrong, :class:`kg.errors.GraphError`
    why a file is none.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> graph = merge([], Domain.default())
    >>> query(graph, "SELECT ?name { ?program a prov:SoftwareAgent ; schema:name ?name }").rows
    [('jiangpu',)]
    >>> query(graph, "ASK { ?s a kg:TradeUnion }").boolean
    False
    """
    return Solutions(source if isinstance(source, OpenedGraph) else open_graph(source), sparql, given)


def open_graph(
    source: str | Path | KnowledgeGraph, *, inferred: bool = False, domain: Domain | None = None
) -> OpenedGraph:
    """Load `source` once for many queries, with what follows by the ontology of `domain` where `inferred` is set.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> opened = open_graph(merge([], Domain.default()))
    >>> [query(opened, "ASK { ?s a void:Dataset }").boolean for _ in range(2)]
    [True, True]
    """
    if not isinstance(source, KnowledgeGraph) and Path(source).is_dir():
        return OpenedGraph(*open_store(Path(source)), inferred)
    store = ox.Store()
    bases = Bases()
    prefixes = {**QUERY_PREFIXES, **bases.prefixes}
    if isinstance(source, KnowledgeGraph):
        domain = domain or source.domain
        store.bulk_load(input=turtle(source), format=ox.RdfFormat.TURTLE)
    else:
        quads, declared = read_quads(Path(source))
        prefixes.update(declared)
        bases = Bases(prefixes["kg"], prefixes["id"])
        store.bulk_extend(quads)
    if inferred and not any(map(is_inferred, store.named_graphs())):
        infer(store, domain or Domain.default(), bases)
    return OpenedGraph(store, prefixes, inferred)


def ask(opened: OpenedGraph, sparql: str, given: Mapping[ox.Variable, Term], **graphs: Any) -> Answer:
    """What the engine answers, of the graphs that `graphs` say where they say any; :class:`kg.errors.QueryError`."""
    words = {token["word"].lower() for token in _TOKEN.finditer(sparql) if token["word"]}
    if "service" in words:
        msg = "SERVICE would ask another machine; a query sees this graph only"
        raise QueryError(msg)
    # A query that names its graphs (FROM) is asked of those.
    seen = graphs or ({} if "from" in words else opened.seen)
    try:
        return opened.store.query(sparql, prefixes=opened.prefixes, substitutions=dict(given), **seen)
    except SyntaxError as error:
        raise QueryError(_explain(str(error), sparql, opened.prefixes)) from error
    except (OSError, ValueError, RuntimeError) as error:
        msg = f"the query cannot be answered ({error})"
        raise QueryError(msg) from error


def _explain(message: str, sparql: str, prefixes: dict[str, str]) -> str:
    """The parser's message for people: the place and the words there, without its list of character ranges."""
    found = _POSITION.match(message)
    if not found:
        return f"the query is wrong: {message}"
    line, column, expected = int(found[1]), int(found[2]), found[3]
    lines = sparql.splitlines() or [""]
    rest = lines[line - 1][column - 1 : column + 29] if line <= len(lines) else ""
    place = f"the query is wrong at line {line}, column {column}, " + (f"at {rest!r}" if rest else "where it ends")
    if "Prefix not found" in expected:
        return f"{place}: unknown prefix; known are {', '.join(sorted(prefixes))}"
    if reason := re.search(r"(?:^| )([A-Z][a-z]* \w+(?: \w+)+)", expected):
        return f"{place}: {reason[1]}"
    if not _FORM.search(sparql):
        return f"{place}: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, and only reads"
    return place
