"""``kg query``: SPARQL over an exported graph."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Form(StrEnum):
    """How answers are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    TURTLE = "turtle"


def query(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    sparql: Annotated[str, typer.Argument(metavar="SPARQL", help="The query, or - to read it from standard input.")],
    *,
    form: Annotated[
        Form, typer.Option("--format", help="table; csv and json as W3C defines them; turtle for CONSTRUCT.")
    ] = Form.TABLE,
) -> None:
    """Ask a graph a SPARQL query. The prefixes kg:, id:, skos:, schema:, prov:, nif:, rdf:, rdfs:, xsd: are known."""
    from kg.rdf import query as ask

    answer = ask(graph, sys.stdin.read() if sparql == "-" else sparql)
    printed = {Form.TABLE: answer.table, Form.CSV: answer.csv, Form.JSON: answer.json, Form.TURTLE: answer.turtle}
    text = printed[form]()
    # The formats fix their own line ends, which a text stream would translate on some systems.
    sys.stdout.buffer.write(text.encode() if text.endswith("\n") else f"{text}\n".encode())
