"""A colleague opens the served pages in a browser that reaches nothing but this server."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the extra jiangpu[serve] is not installed")

from pages import HOSTILE, graph_of
from serving import Settings, listening

from kg.rdf import write_turtle


@pytest.fixture
def tab(browser, tmp_path):
    """A page of the browser and the address; whatever else is asked for, said or run is an error."""
    write_turtle(graph_of(names=HOSTILE), tmp_path / "graph.ttl")
    noise = []
    with listening(Settings(tmp_path)) as address:
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        # The browser tells of a status 400 by itself.
        page.on(
            "console", lambda m: noise.append(f"{m.text} {m.location}") if "400 (Bad Request)" not in m.text else None
        )
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda r: noise.append(r.url) if not r.url.startswith((address, "data:")) else None)
        yield page, address
        assert page.evaluate("window.hacked") is None
        context.close()
    assert noise == []


def test_from_a_question_to_the_thing_to_the_graph(tab):
    page, address = tab
    page.goto(f"{address}/query")
    page.select_option("#question", label="谁主办了什么？")

    page.locator("#answer td", has_text="劳模工匠助企行").first.wait_for()

    page.evaluate("""document.querySelector('.CodeMirror').CodeMirror.setValue(
        'SELECT ?union { ?union a kg:TradeUnion }')""")
    page.click("#run")
    page.locator("#answer a").first.click()
    page.locator("h1", has_text="重庆市总工会").wait_for()
    assert page.locator("blockquote", has_text="市总工会还为劳模工匠助企行出资").count() >= 1

    page.get_by_role("link", name="在图谱中查看").click()
    page.locator(".panel h2", has_text="重庆市总工会").wait_for()


def test_a_wrong_query_is_told_on_the_page(tab):
    page, address = tab
    page.goto(f"{address}/query")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('ASK { ?s nothing:p 1 }')")

    page.click("#run")
    page.locator(".wrong", has_text="unknown prefix").wait_for()


def test_the_search_leads_to_the_thing_in_either_language(tab):
    page, address = tab
    page.goto(f"{address}/questions")
    page.get_by_role("link", name="English").click()
    page.fill("input[type=search]", "cqszgh")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="重庆市总工会").click()

    page.locator("h2", has_text="Facts").wait_for()


def test_hostile_names_are_text_on_every_page(tab):
    page, address = tab
    page.goto(f"{address}/query")
    page.evaluate("""document.querySelector('.CodeMirror').CodeMirror.setValue(
        'SELECT ?name ?s { ?s skos:prefLabel ?name }')""")
    page.click("#run")

    page.locator("#answer td", has_text="onerror").first.wait_for()
    for name in HOSTILE[:3]:
        page.goto(f"{address}/search")
        page.fill("input[type=search]", name)
        page.keyboard.press("Enter")
        page.locator("main h1").wait_for()
