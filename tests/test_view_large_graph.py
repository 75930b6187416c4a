"""Graphs beyond what an ordinary drawing carries: a canvas, a limit, and a word about what is left out."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from pages import open_by_search, says

from kg.domain import Domain
from kg.merge import KnowledgeGraph
from kg.model import Document, Entity, Evidence, Fact, Field, Mention, Metadata, Span
from kg.view import render_html, write_html
from kg.view.network import CANVAS_ABOVE, build_network
from kg.view.payload import payload

SENTENCE = "重庆市总工会与长安汽车合作。"
CLASSES = ("Company", "TradeUnion", "Person", "School", "Competition", "Honor", "Place")
RELATIONS = ("cooperatesWith", "partOf", "organizes", "locatedIn")


def large_graph(size, facts):
    """`size` entities in circles of a hundred that know each other; one fact in ten leads out of the circle."""
    dice = random.Random(1)
    document = Document("大图.txt", SENTENCE, "", metadata=Metadata(Field("大图"), None, Field("2025-05-01")))
    mentions = (Mention("大图.txt", Span(0, 6), SENTENCE[:6], "TradeUnion", "name", "t", 1.0),)
    entities = [Entity(f"E-{i:05}", CLASSES[i % 7], f"第{i}号工会", (), mentions) for i in range(size)]
    evidence = (Evidence("大图.txt", Span(0, len(SENTENCE)), SENTENCE, (), "t", 0.9),)
    pairs = set()
    while len(pairs) < facts:
        circle = 100 * dice.randrange(size // 100)
        head = circle + int(100 * dice.random() ** 3)
        tail = circle + dice.randrange(100) if dice.random() < 0.9 else dice.randrange(size)
        pairs.add((head, tail))
    stated = [
        Fact(entities[head].id, RELATIONS[tail % 4], entities[tail].id, evidence)
        for head, tail in sorted(pairs)
        if head != tail
    ]
    return KnowledgeGraph(Domain.default(), documents=[document], entities=entities, facts=stated, observations=())


@pytest.fixture(scope="module")
def middling(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "graph.html"
    write_html(large_graph(CANVAS_ABOVE + 500, 4000), path)
    return path


def test_a_large_graph_is_drawn_whole_and_answers(reader, middling):
    page = reader(middling)
    says(page, "#status", re.compile("显示 2,000 个实体"))
    assert page.locator("#partial").is_hidden()
    open_by_search(page, "第1987号工会")
    says(page, "#panel h2", "第1987号工会")
    assert page.locator("#panel blockquote").first.inner_text() == SENTENCE
    page.wait_for_function("window.written['第1987号工会']")
    box, at = page.locator("#drawing").bounding_box(), page.evaluate("window.written['第1987号工会']")
    page.keyboard.press("Escape")
    says(page, "#panel h2", "概览")
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"] + 5)
    says(page, "#panel h2", "第1987号工会")
    page.get_by_role("button", name="只看这些").click()
    assert "2,000" not in page.inner_text("#status")
    page.get_by_role("button", name="English").click()
    says(page, "#status", re.compile("entities and"))


def test_filters_of_a_large_graph_change_what_is_counted(reader, middling):
    page = reader(middling)
    page.get_by_role("checkbox", name="企业").uncheck()
    says(page, "#status", re.compile("显示 1,714 个实体"))
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("<?xml")


def test_hostile_names_in_a_large_graph_are_text(reader):
    graph = large_graph(CANVAS_ABOVE + 100, 3000)
    hostile = "<img src=x onerror=window.hacked=1>"
    entities = [
        Entity(e.id, e.type, hostile, e.aliases, e.mentions) if e.id == "E-00000" else e for e in graph.entities()
    ]
    page = reader(KnowledgeGraph(graph.domain, documents=graph.documents.values(), entities=entities,
                                 facts=graph.facts(), observations=()))  # fmt: skip
    open_by_search(page, hostile)
    says(page, "#panel h2", hostile)
    box = page.locator("#drawing").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".tip:has-text('onerror')")


def test_the_limit_keeps_the_best_connected_and_says_what_is_left_out(reader, tmp_path):
    graph = large_graph(400, 900)
    write_html(graph, tmp_path / "part.html", max_nodes=100)
    page = reader(tmp_path / "part.html")
    assert "另有 300 个实体" in page.inner_text("#partial")
    says(page, "#panel dl", re.compile("100"))
    kept = {entity["id"] for entity in payload(graph)["entities"]}
    assert len(kept) == 400
    assert render_html(graph, 100) == render_html(graph, 100)


def test_every_node_of_a_large_graph_has_a_place_of_its_own():
    nodes = build_network(large_graph(CANVAS_ABOVE + 100, 3000)).nodes
    assert len({(node["x"], node["y"]) for node in nodes}) == len(nodes)


def test_twenty_thousand_are_ready_within_five_seconds_and_zoom_smoothly(reader, tmp_path):
    write_html(large_graph(20_000, 40_000), tmp_path / "large.html")
    begin = time.monotonic()
    page = reader(tmp_path / "large.html")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert time.monotonic() - begin < 5
    says(page, "#status", re.compile("显示 20,000 个实体"))
    box = page.locator("#drawing").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate("""() => { window.frames_ = 0; window.begun = performance.now();
        const count = () => { window.frames_ += 1; requestAnimationFrame(count); }; requestAnimationFrame(count); }""")
    for turn in range(24):
        page.mouse.wheel(0, -120 if turn < 12 else 120)
        page.wait_for_timeout(50)
    assert page.evaluate("window.frames_ / (performance.now() - window.begun) * 1000") > 5
