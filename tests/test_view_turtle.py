"""``kg view``: a page of any exported Turtle, and of what a query gave."""

from __future__ import annotations

import re

import pytest
from hand_made import GAMES, IDS, UNION
from pages import says

from kg.errors import GraphError
from kg.rdf import write_turtle
from kg.view import read_any, render_html

CONSTRUCT = "CONSTRUCT { ?s kg:organizes ?o } WHERE { ?s kg:organizes ?o }"


@pytest.fixture
def exported(tmp_path, graph):
    write_turtle(graph, tmp_path / "graph.ttl")
    return tmp_path / "graph.ttl"


def test_the_page_of_an_export_is_that_of_the_build(command, exported, graph):
    run = command("view", exported)
    assert run.status == 0, run.err
    assert run.out.strip().endswith("graph.html: 7 entities")
    assert exported.with_suffix(".html").read_text(encoding="utf-8") == render_html(graph)


def test_what_a_query_constructed_is_a_page(command, exported, tmp_path, reader):
    answer = tmp_path / "answer.ttl"
    answer.write_text(command("query", exported, CONSTRUCT, "--format", "turtle").out, encoding="utf-8")
    assert command("view", answer, "-o", tmp_path / "plain.html").status == 0
    page = reader(tmp_path / "plain.html", f"#node={IDS[UNION]}")
    says(page, "#status", "显示 3 个实体、2 条事实")
    assert "主办 1" in page.inner_text("#panel")
    assert command("view", answer, "--of", exported, "-o", tmp_path / "full.html").status == 0
    page = reader(tmp_path / "full.html", f"#node={IDS[UNION]}")
    says(page, "#panel h2", UNION)
    assert page.locator("#panel blockquote").count() > 0
    assert GAMES in page.inner_text("#panel")


def test_names_classes_and_numbers_of_any_triples_are_shown(tmp_path):
    path = tmp_path / "any.ttl"
    path.write_text(
        """@prefix s: <https://schema.org/> . @prefix x: <http://例子/> . @prefix k: <https://kg.example/ontology#> .
        x:甲 a k:Company ; s:name "甲厂"@zh, "Factory A"@en ; s:knows x:乙, [ s:name "丙" ] ; s:employees 12 .""",
        encoding="utf-8",
    )
    graph = read_any(path)
    first = next(e for e in graph.entities() if e.name == "甲厂")
    assert (first.type, first.aliases) == ("Company", ("Factory A",))
    assert first.id.isascii()
    assert {e.name for e in graph.entities()} >= {"甲厂", "丙"}
    assert [(o.measure, o.value) for o in graph.observations(first.id)] == [("employees", 12)]
    assert "甲厂" in render_html(graph)


def test_what_is_no_graph_is_named_with_its_reason(command, tmp_path):
    (tmp_path / "bad.ttl").write_text("这不是 Turtle", encoding="utf-8")
    (tmp_path / "bare.ttl").write_text("<a:b> a <a:c> .", encoding="utf-8")
    run = command("view", tmp_path / "bad.ttl")
    assert run.status == 2
    assert re.match(r"kg: .*bad\.ttl: not a Turtle file", run.err)
    with pytest.raises(GraphError, match="without a triple"):
        read_any(tmp_path / "bare.ttl")


def test_the_limit_is_told(command, exported):
    run = command("view", exported, "--max-nodes", "3")
    assert "3 entities; 4 less connected ones are left out (--max-nodes)" in run.out
