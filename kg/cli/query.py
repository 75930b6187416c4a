"""``kg query``: SPARQL over an exported graph, in one's own words or by the name of a question."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import harmless

if TYPE_CHECKING:
    from kg.domain import Domain


class Form(StrEnum):
    """How answers are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XML = "xml"
    TURTLE = "turtle"


_Graph = Annotated[
    Path | None,
    typer.Argument(metavar="GRAPH", help="A file of RDF that `kg build` wrote, or a store that `kg load` made."),
]
_Sparql = Annotated[
    str | None, typer.Argument(metavar="SPARQL", help="The query, or - to read it from standard input.")
]
_Question = Annotated[
    str | None, typer.Option("--question", metavar="NAME", help="Ask one of the questions that --list names.")
]
_With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="VAR=NAME", help="Narrow a question: the name that a variable stands for."),
]


def query(
    graph: _Graph = None,
    sparql: _Sparql = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="List the questions of the domain and end.")] = False,
    question: _Question = None,
    given: _With = None,
    show: Annotated[bool, typer.Option("--show", help="Print the SPARQL of the question and end.")] = False,
    form: Annotated[
        Form, typer.Option("--format", help="table; csv, json and xml as W3C defines them; turtle for CONSTRUCT.")
    ] = Form.TABLE,
    construct: Annotated[
        bool, typer.Option("--construct", help="Print the triples of a CONSTRUCT or DESCRIBE as Turtle.")
    ] = False,
    inferred: Annotated[
        bool, typer.Option("--inferred", help="Also answer from what follows by the ontology (see kg infer).")
    ] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Ask a graph a SPARQL query. The prefixes kg:, id:, skos:, schema:, prov:, nif:, rdf:, rdfs:, xsd: are known."""
    from kg.domain import Domain
    from kg.rdf import open_graph
    from kg.rdf import query as ask
    from kg.rdf.questions import question as named

    ontology = Domain(domain) if domain else Domain.default()
    if listed:
        _list(ontology)
        return
    chosen = named(ontology, question) if question else None
    if chosen and show:
        typer.echo(chosen.sparql)
        return
    if graph is None or (sparql is None) == (chosen is None):
        msg = "name a GRAPH and a SPARQL query or --question NAME; --list lists the questions"
        raise typer.BadParameter(msg)
    if given and not chosen:
        msg = "--with narrows a --question; write the name into a query of your own"
        raise typer.BadParameter(msg)
    opened = open_graph(graph, inferred=inferred or bool(chosen and chosen.inferred), domain=ontology)
    if chosen:
        answer = chosen.ask(opened, _values(given or []))
    else:
        answer = ask(opened, sys.stdin.read() if sparql == "-" else str(sparql))
    printed = {
        Form.TABLE: answer.table,
        Form.CSV: answer.csv,
        Form.JSON: answer.json,
        Form.XML: answer.xml,
        Form.TURTLE: answer.turtle,
    }
    text = printed[Form.TURTLE if construct else form]()
    if sys.stdout.isatty():
        text = harmless(text)
    # The formats fix their own line ends, which a text stream would translate on some systems.
    sys.stdout.buffer.write(text.encode() if text.endswith("\n") else f"{text}\n".encode())


def _list(domain: Domain) -> None:
    from kg.columns import aligned
    from kg.rdf.questions import questions

    rows = [(q.name, q.zh, q.en, ", ".join(q.given)) for q in questions(domain).values()]
    sys.stdout.buffer.write(aligned(("name", "问题", "question", "--with"), rows).encode())


def _values(given: list[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign:
            msg = f"{each!r} is no VAR=NAME"
            raise typer.BadParameter(msg)
        found[name] = value
    return found
