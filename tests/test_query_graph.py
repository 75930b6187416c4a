"""Asking a graph in SPARQL."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rich.cells import cell_len

from kg.errors import GraphError, QueryError
from kg.rdf import open_graph, query, turtle, write_turtle

ROOT = Path(__file__).parent.parent
WHO = """
SELECT ?who ?what {
  ?organizer kg:organizes ?event ; skos:prefLabel ?who .
  ?event skos:prefLabel ?what
} ORDER BY ?who
"""


def test_who_organised_what(graph):
    assert query(graph, WHO).variables == ("who", "what")
    assert query(graph, WHO).rows == [("市科协", "智汇渝州"), ("重庆市总工会", "智汇渝州")]


def test_a_file_answers_like_the_graph(graph, tmp_path):
    path = tmp_path / "graph.ttl"
    write_turtle(graph, path)

    assert query(path, WHO).rows == query(graph, WHO).rows


def test_a_graph_is_opened_once_for_many_queries(graph):
    opened = open_graph(graph)

    assert query(opened, WHO).rows == query(opened, WHO).rows != []


def test_which_sentence_says_so(graph):
    answer = query(
        graph,
        """
        SELECT ?quote ?rule {
          ?statement rdf:predicate kg:targets ; kg:rule ?rule ; prov:wasDerivedFrom/nif:anchorOf ?quote
        }
        """,
    )

    assert answer.rows == [("重庆市总工会和市科协共同主办“智汇渝州”大赛，惠及职工近13.1万人次。", "t")]


def test_numbers_compare_as_numbers(graph):
    rows = query(graph, "SELECT ?v ?u { ?o kg:value ?v FILTER(?v > 1000) OPTIONAL { ?o kg:unit ?u } }").rows

    assert rows == [("131000", "人次")]


def test_what_is_unbound_is_none_and_iris_are_short(graph, ids):
    rows = query(graph, "SELECT ?e ?type ?x { ?e a ?type ; skos:prefLabel '重庆'@zh OPTIONAL { ?e kg:funds ?x } }").rows

    assert rows == [(f"id:{ids['重庆']}", "kg:Place", None)]


def test_the_terms_of_a_row_are_rdf_terms(graph):
    terms = query(graph, "SELECT ?n { ?e a kg:Place ; skos:prefLabel ?n }").terms

    assert terms == [(ox.Literal("重庆", language="zh"),)]


def test_the_table_is_aligned_although_chinese_is_wide(graph):
    lines = query(graph, WHO).table().splitlines()

    assert lines[0].split() == ["who", "what"]
    columns = {cell_len(line[: line.rindex("智")]) for line in lines[2:]}
    assert columns == {cell_len("重庆市总工会") + 2}


def test_csv_has_the_whole_values(graph):
    rows = list(csv.reader(io.StringIO(query(graph, WHO).csv())))

    assert rows == [["who", "what"], ["市科协", "智汇渝州"], ["重庆市总工会", "智汇渝州"]]


def test_json_is_the_w3c_form(graph):
    found = json.loads(query(graph, WHO).json())

    assert found["head"]["vars"] == ["who", "what"]
    assert found["results"]["bindings"][0]["who"] == {"type": "literal", "value": "市科协", "xml:lang": "zh"}


@pytest.mark.parametrize(("kind", "truth"), [("TradeUnion", True), ("Company", False)])
def test_ask_is_true_or_false(graph, kind, truth):
    answer = query(graph, f"ASK {{ ?s a kg:{kind} }}")

    assert answer.boolean is truth
    assert answer.table() == f"{truth}\n".lower()
    assert json.loads(answer.json())["boolean"] is truth
    with pytest.raises(QueryError, match="CSV"):
        answer.csv()


def test_construct_gives_turtle(graph, ids):
    answer = query(graph, "CONSTRUCT { ?e schema:organizer ?o } WHERE { ?o kg:organizes ?e }")
    line = f"id:{ids['智汇渝州']} schema:organizer id:{ids['市科协']} , id:{ids['重庆市总工会']} ."

    assert line in answer.turtle().splitlines()
    assert len(answer.rows) == 2
    with pytest.raises(QueryError, match="triples"):
        answer.csv()


def test_turtle_is_for_triples_only(graph):
    with pytest.raises(QueryError, match="CONSTRUCT"):
        query(graph, WHO).turtle()


@pytest.mark.parametrize(
    ("sparql", "told"),
    [
        ("SELECT * { ?s ?p ", r"line 1, column 18, where it ends"),
        ("SELECT *\n{ ?s nope:p ?o }", r"line 2, column \d+.*unknown prefix; known are .*kg"),
        ("SELECT ?x { ?x a kg:Place } GROUP BY ?y", "contains a variable that is unbound"),
        ("", "begins with SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("who organised it", "begins with SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("INSERT DATA { id:a kg:partOf id:b }", "only reads"),
        ("LOAD <http://a.example/>", "only reads"),
        ("CLEAR ALL", "only reads"),
    ],
)
def test_a_wrong_query_is_told_where(graph, sparql, told):
    with pytest.raises(QueryError, match=told):
        query(graph, sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:9/> AS ?u) SERVICE ?u { ?s ?p ?o } }",
        "SELECT * { FILTER(1<2)SERVICE<http://127.0.0.1:9/>{ ?s ?p '>' } }",
        "SELECT * { BIND('\\'' AS ?q) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { # '\nSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s kg:a\\'b ?p . SERVICE <http://127.0.0.1:9/> { ?s ?p '' } }",
        "SELECT * { ?s <a\\u0041'> <a\u3000'> . SERVICE <http://127.0.0.1:9/> { ?s ?p <'> } }",
    ],
)
def test_no_other_machine_is_asked(graph, sparql):
    with pytest.raises(QueryError, match="sees this graph only"):
        query(graph, sparql)


def test_the_word_service_is_no_offence(graph):
    sparql = 'SELECT * { ?s rdfs:comment \'SERVICE <a>\', """a "SERVICE" b"""; schema:service ?service } # SERVICE\n'

    assert query(graph, sparql).rows == []


def test_a_file_that_is_missing_or_no_turtle_is_named(tmp_path):
    with pytest.raises(GraphError, match="no such file"):
        query(tmp_path / "graph.ttl", WHO)
    (tmp_path / "graph.ttl").write_text("<html>", encoding="utf-8")
    with pytest.raises(GraphError, match="not a Turtle file"):
        query(tmp_path / "graph.ttl", WHO)


def test_any_turtle_can_be_asked(tmp_path):
    path = tmp_path / "other.ttl"
    path.write_text("@prefix ex: <http://ex.example/> . ex:a ex:b 1 .", encoding="utf-8")

    assert query(path, "SELECT ?s { ?s ex:b 1 }").rows == [("ex:a",)]


def test_the_order_of_rows_does_not_depend_on_the_process(graph, tmp_path):
    path = tmp_path / "graph.ttl"
    path.write_text(turtle(graph), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from kg.rdf import query; "
        "print(query(Path(sys.argv[1]), 'SELECT * { ?s ?p ?o }').csv())"
    )
    answers = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        answers.add(done.stdout)

    assert len(answers) == 1
