"""A graph whose every word is known, and what tests do with its page in a real browser."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kg.domain import Domain
from kg.merge import KnowledgeGraph, identifier
from kg.model import (
    Document,
    Entity,
    Evidence,
    Fact,
    Field,
    Mark,
    Mention,
    Metadata,
    Observation,
    Span,
)

TITLE = "工匠进厂记😀"
TEXT = f"{TITLE}\n重庆市总工会主办劳模工匠助企行，长安汽车参加。市总工会还为劳模工匠助企行出资，惠及职工13.1万人次。"
HOSTILE = (
    "<img src=x onerror=window.hacked=1>",
    "</script><script>window.hacked=1</script>",
    '"><a href="javascript:window.hacked=1" onclick="window.hacked=1">href</a>',
    "{{ 7 * 7 }}{% raw %}<!--",
    "\u202e倒着写\u2066🧑‍🏭",
    "=HYPERLINK(1)",
)


def graph_of(names=(), title=TITLE, document_id="a/工匠.txt", extra=0):
    """The union's graph, with more entities of the given names and `extra` numbered ones around the union."""
    document = Document(document_id, TEXT, "", metadata=Metadata(Field(title), Field("匠谱日报"), Field("2025-05-01")))
    given_names = {
        "union": ("TradeUnion", "重庆市总工会", ("市总工会",)),
        "event": ("Activity", "劳模工匠助企行", ()),
        "company": ("Company", "长安汽车", ()),
        "group": ("Group", "职工", ()),
    }
    ids = {key: identifier(kind, name) for key, (kind, name, _) in given_names.items()}
    entities = [
        Entity(ids[key], kind, name, aliases, tuple(mentions_of(document, kind, (name, *aliases))))
        for key, (kind, name, aliases) in given_names.items()
    ]
    first, second = (Span(m.start(), m.end()) for m in re.finditer("[^。\n]+。", TEXT))
    facts = [
        Fact(
            ids["union"], "organizes", ids["event"], (evidence_of(document, first, ["重庆市总工会", "劳模工匠助企行"]),)
        ),
        Fact(ids["union"], "funds", ids["event"], (evidence_of(document, second, ["市总工会", "劳模工匠助企行"]),)),
        Fact(ids["company"], "participatesIn", ids["event"], (evidence_of(document, first, ["长安汽车"]),)),
    ]
    number = evidence_of(document, second, ["职工"])
    observations = [
        Observation("o1", ids["event"], "职工", Decimal(131000), "人次", None, None, None, "13.1万人次", (number,)),
        Observation("o2", ids["event"], "厂", Decimal("0.5"), "家", "over", "2025年", "planned", "半家", (number,)),
    ]
    for name in (*names, *(f"第{i}车间" for i in range(extra))):
        entities.append(Entity(identifier("Company", name), "Company", name, (f"{name}别名",), ()))
        facts.append(Fact(entities[-1].id, "partOf", ids["union"], (evidence_of(document, first, ["长安汽车"]),)))
    return KnowledgeGraph(
        Domain.default(), documents=[document], entities=entities, facts=facts, observations=observations
    )


def mentions_of(document, kind, names):
    for name in names:
        for found in re.finditer(name, document.text):
            yield Mention(document.id, Span(*found.span()), name, kind, "name", "test", 1.0)


def evidence_of(document, sentence, words):
    begins = [document.text.index(word, sentence.begin) for word in words]
    marks = [Mark(role, Span(b, b + len(w))) for role, b, w in zip(("head", "tail"), begins, words, strict=False)]
    return Evidence(document.id, sentence, sentence.of(document.text), tuple(marks), "test.rule", 0.875)


def empty_graph():
    return KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())


def written(page, name):
    """Where on the page the drawing says `name`."""
    for _ in range(50):
        found = page.evaluate("name => window.written[name] ?? null", name)
        if found:
            box = page.locator("#drawing").bounding_box()
            return box["x"] + found["x"], box["y"] + found["y"]
        page.wait_for_timeout(50)
    return pytest.fail(f"the drawing does not say {name}")


def node_of(page, name):
    """The middle of the node whose name is written below it."""
    x, y = written(page, name)
    return x, y - 14


def says(page, where, what):
    """Wait until the element says just that."""
    from playwright.sync_api import expect  # noqa: PLC0415  only there where there is a browser

    expect(page.locator(where)).to_have_text(what)


def open_by_search(page, query):
    page.fill("#search", query)
    page.keyboard.press("Enter")
