"""The page for those who read it with other means than a mouse and sharp eyes: no serious finding of axe-core."""

from __future__ import annotations

from pathlib import Path

import pytest
from hand_made import IDS, UNION
from test_view_large_graph import large_graph

from kg.view import write_html
from kg.view.network import CANVAS_ABOVE

STATES = {
    "overview": "",
    "entity": f"#node={IDS[UNION]}&groups=1",
    "path": f"#path={IDS[UNION]},{IDS['职工']}",
    "filters": f"#norel=organizes&noclass=Place&docs=b.txt&conf=0.5&hide={IDS[UNION]}&pin={IDS['职工']}",
    "tables": "#view=tables",
    "facts": "#view=tables&table=facts&lang=en",
    "document": f"#view=documents&doc=b.txt&at=0-5&node={IDS[UNION]}",
    "community": "#group=0",
}


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return Path(package.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def findings(browser, axe, tmp_path, graph):
    """What axe-core has to say of a state of the page, as (rule, impact, element)."""
    contexts = []

    def find(address, scheme="light", width=1280, act=None, graph=graph) -> list[tuple[str, str, str]]:
        write_html(graph, tmp_path / "graph.html")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
        )
        contexts.append(context)
        page = context.new_page()
        page.goto((tmp_path / "graph.html").as_uri() + address)
        page.wait_for_selector("#classes li", state="attached")
        if act:
            act(page)
        page.evaluate(axe)
        found = page.evaluate("axe.run()")
        assert len(found["passes"]) > 15
        return [(v["id"], v["impact"], v["nodes"][0]["html"]) for v in found["violations"]]

    yield find
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(findings, name, scheme):
    assert findings(STATES[name], scheme) == []


def test_axe_finds_nothing_on_a_phone(findings):
    assert findings(STATES["entity"], width=390) == []


def test_axe_finds_nothing_in_the_dialog(findings):
    def mark(page) -> None:
        page.locator("button.wrong").first.click()
        page.locator("#marked .edged").click()

    assert findings(STATES["entity"], act=mark) == []


def test_axe_finds_nothing_on_the_page_of_a_large_graph(findings):
    assert findings("#node=E-00000", graph=large_graph(CANVAS_ABOVE + 100, 3000)) == []
