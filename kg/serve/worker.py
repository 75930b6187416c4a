"""Queries answered in a process of their own, which can be ended: the engine knows no way to stop a query."""

from __future__ import annotations

import contextlib
import io
import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyoxigraph as ox

from kg.domain import Domain
from kg.errors import JiangpuError, QueryError
from kg.rdf import open_graph
from kg.rdf.questions import question
from kg.rdf.sparql import ask

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from kg.rdf.sparql import OpenedGraph

_DEEPEST = 200  # brackets within brackets: the parser of the engine descends into each, on a stack of its size
_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|\#[^\n]*|[({\[]|[)}\]]')

SOLUTIONS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
_TABULAR = frozenset({ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV})


@dataclass(frozen=True, slots=True)
class Request:
    """A query, the media types that its answer may have (the best first), and the graphs that it is asked of.

    The graphs are those of the protocol (``default-graph-uri``, ``named-graph-uri``) and replace those of the query.
    """

    sparql: str
    solutions: tuple[str, ...] = ("application/sparql-results+json",)
    triples: tuple[str, ...] = ("text/turtle",)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the domain by its name, with the names that its variables stand for."""

    question: str
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a query: an answer of a media type, or why there is none."""

    outcome: Literal["answered", "malformed", "unacceptable", "too large"]
    body: bytes
    media_type: str = "text/plain; charset=utf-8"


class _TooLargeError(Exception):
    """More is written than may be."""


class _Bounded(io.BytesIO):
    """A file in memory that does not grow beyond `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._most:
            raise _TooLargeError
        return super().write(data)


def answer(opened: OpenedGraph, request: Request, most: int) -> Reply:
    """The reply to `request`, of at most `most` bytes.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> opened = open_graph(merge([], Domain.default()))
    >>> answer(opened, Request("ASK { ?s a kg:TradeUnion }"), 1000).body
    b'{"head":{},"boolean":false}'
    """
    if _depth(request.sparql) > _DEEPEST:
        return Reply("malformed", f"the query is nested more than {_DEEPEST} brackets deep".encode())
    try:
        found = ask(opened, request.sparql, {}, **_graphs(request))
        types = request.triples if isinstance(found, ox.QueryTriples) else request.solutions
        form: Any
        for media_type in types:
            form = (TRIPLES if isinstance(found, ox.QueryTriples) else SOLUTIONS)[media_type]
            if isinstance(found, ox.QueryBoolean) and form in _TABULAR:
                continue
            out = _Bounded(most)
            if isinstance(found, ox.QueryTriples):
                ox.serialize(found, out, form, prefixes=opened.prefixes)
            else:
                found.serialize(out, form)
            charset = "; charset=utf-8" if media_type.startswith("text/") else ""
            return Reply("answered", out.getvalue(), media_type + charset)
    except QueryError as error:
        return Reply("malformed", str(error).encode())
    except _TooLargeError:
        return Reply("too large", f"the answer is larger than {most:,} bytes; LIMIT it".encode())
    except (OSError, ValueError, RuntimeError) as error:
        return Reply("malformed", f"the query cannot be answered ({error})".encode())
    return Reply("unacceptable", b"the answer has no such media type")


def _graphs(request: Request) -> dict[str, Any]:
    """What the protocol says of graphs, as the store is told it."""
    if not request.default_graphs and not request.named_graphs:
        return {}
    try:
        default, named = ([ox.NamedNode(i) for i in iris] for iris in (request.default_graphs, request.named_graphs))
    except ValueError as error:
        msg = f"a graph is named by no IRI ({error})"
        raise QueryError(msg) from error
    return {"use_default_graph_as_union": False, "default_graph": default, "named_graphs": named}


def _depth(sparql: str) -> int:
    """How many brackets stand within each other, those in strings, IRIs and comments aside."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(sparql):
        if len(found[0]) == 1:
            depth += 1 if found[0] in "({[" else -1
            deepest = max(deepest, depth)
    return deepest


class _Answering:
    """Answers queries and questions of one graph; what follows by the ontology is worked out when first needed."""

    def __init__(self, source: Path, domain: Path | None, *, inferred: bool, most: int) -> None:
        self._source, self._most = source, most
        self._domain = Domain(domain) if domain else Domain.default()
        self._opened = open_graph(source, inferred=inferred, domain=self._domain)
        self._inferred = self._opened if inferred else None

    def __call__(self, request: Request | Asked) -> Reply:
        if isinstance(request, Request):
            return answer(self._opened, request, self._most)
        try:
            asked = question(self._domain, request.question)
            if asked.inferred and self._inferred is None:
                self._inferred = open_graph(self._source, inferred=True, domain=self._domain)
            opened = self._inferred if asked.inferred and self._inferred else self._opened
            body = asked.ask(opened, dict(request.given)).json().encode()
        except JiangpuError as error:
            return Reply("malformed", str(error).encode())
        if len(body) > self._most:
            return Reply("too large", f"the answer is larger than {self._most:,} bytes".encode())
        return Reply("answered", body, "application/sparql-results+json")


def work(channel: Connection, source: Path, domain: Path | None, *, inferred: bool, memory: int, most: int) -> None:
    """Answer the requests that come through `channel` until it is closed; the first word is whether all is well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who stops the server stops it first
    _bound_memory(memory)
    try:
        answering = _Answering(source, domain, inferred=inferred, most=most)
    except JiangpuError as error:
        channel.send(str(error))
        return
    channel.send("")
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            channel.send(answering(channel.recv()))


def _bound_memory(memory: int) -> None:
    """Let the process have no more than `memory` MiB of address space; Windows has no such bound."""
    try:
        import resource  # noqa: PLC0415 - Unix alone has it
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = memory * 1024 * 1024
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
