"""A small graph made by hand that has one of everything, for the tests of what graphs are written as."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from kg.domain import Domain
from kg.merge import KnowledgeGraph, identifier
from kg.model import Document, Entity, Evidence, Fact, Field, Mark, Mention, Metadata, Observation, Span

FIRST = "赛场😀新风\r\n重庆市总工会和市科协共同主办“智汇渝州”大赛，惠及职工近13.1万人次。\n拟建智汇学院。来源：渝州日报"
SECOND = "重庆市总工会主办“智汇渝州”大赛。"
UNION, SCIENCE, GAMES, WORKERS = ("重庆市总工会", "市科协", "智汇渝州", "职工")
IDS = {
    name: identifier(kind, name)
    for name, kind in {
        UNION: "TradeUnion",
        SCIENCE: "Association",
        GAMES: "Competition",
        WORKERS: "Group",
        "智汇学院": "School",
        "渝州日报": "Media",
        "重庆": "Place",
    }.items()
}


def place(text: str, words: str) -> Span:
    begin = text.index(words)
    return Span(begin, begin + len(words))


def make_graph() -> KnowledgeGraph:
    first = Document(
        id="新闻/a “1”.txt",
        text=FIRST,
        sha256=hashlib.sha256(FIRST.encode()).hexdigest(),
        encoding="gb18030",
        metadata=Metadata(
            title=Field("赛场😀新风", Span(0, 5)),
            publisher=Field("渝州日报", place(FIRST, "渝州日报")),
            date_published=Field("2024-11-05"),
            authors=(Field("乙"), Field("甲"), Field("乙")),
        ),
    )
    second = Document("b.txt", SECOND, hashlib.sha256(SECOND.encode()).hexdigest())
    documents = {d.id: d for d in (first, second)}

    def mentions(kind: str, *names: str) -> tuple[Mention, ...]:
        return tuple(
            Mention(d.id, place(d.text, name), name, kind, "name", "gazetteer", 0.95)
            for d in sorted(documents.values(), key=lambda d: d.id)
            for name in names
            if name in d.text
        )

    def says(document: Document, words: str, *marks: tuple[str, str], rule: str, confidence: float) -> Evidence:
        sentence = place(document.text, words)
        spans = tuple(Mark(role, place(document.text, part)) for role, part in sorted(marks))
        return Evidence(document.id, sentence, words, spans, rule, confidence)

    line = FIRST.split("\n")[1]
    entities = [
        Entity(IDS[UNION], "TradeUnion", UNION, ("市总工会",), mentions("TradeUnion", UNION)),
        Entity(IDS["重庆"], "Place", "重庆", (), mentions("Place", "重庆")),
        Entity(IDS[SCIENCE], "Association", SCIENCE, (), mentions("Association", SCIENCE)),
        Entity(IDS[GAMES], "Competition", GAMES, ("“智汇渝州”大赛",), mentions("Activity", "“智汇渝州”大赛", GAMES)),
        Entity(IDS[WORKERS], "Group", WORKERS, (), mentions("Group", WORKERS)),
        Entity(IDS["智汇学院"], "School", "智汇学院", (), mentions("School", "智汇学院")),
        Entity(IDS["渝州日报"], "Media", "渝州日报", (), mentions("Media", "渝州日报")),
    ]
    by_both = says(first, line, ("head", UNION), ("tail", GAMES), ("trigger", "主办"), rule="organize-1", confidence=0.9)
    by_other_rule = says(first, line, ("head", UNION), rule="organize-2", confidence=0.5)
    again = says(second, SECOND, ("head", UNION), ("tail", GAMES), rule="organize-1", confidence=0.125)
    facts = [
        Fact(IDS[UNION], "organizes", IDS[GAMES], (again, by_both, by_other_rule)),
        Fact(IDS[UNION], "undertakes", IDS[GAMES], (says(first, line, rule="u", confidence=1.0),)),
        Fact(IDS[SCIENCE], "organizes", IDS[GAMES], (says(first, line, rule="o", confidence=0.7),)),
        Fact(IDS[GAMES], "targets", IDS[WORKERS], (says(first, line, rule="t", confidence=1e-05),)),
        Fact(
            IDS[UNION],
            "establishes",
            IDS["智汇学院"],
            (says(first, "拟建智汇学院。", rule="e", confidence=0.7),),
            modality="planned",
        ),
    ]
    number = says(first, line, ("about", GAMES), ("number", "13.1万"), ("unit", "人次"), rule="count", confidence=0.8)
    observation = Observation(
        id=identifier("Observation", WORKERS, "1"),
        about=IDS[GAMES],
        measure=WORKERS,
        value=Decimal(131000),
        unit="人次",
        qualifier="nearly",
        period=None,
        modality=None,
        surface="近13.1万人次",
        evidence=(says(second, SECOND, rule="count", confidence=0.3), number),
        maximum=Decimal("1.310E+5"),
    )
    bare = Observation(
        identifier("Observation", "", "2"), IDS[UNION], "", Decimal("0.5"), None, None, "今年", "planned", "半", (number,)
    )
    return KnowledgeGraph(
        Domain.default(), documents=documents.values(), entities=entities, facts=facts, observations=[bare, observation]
    )


@pytest.fixture
def graph() -> KnowledgeGraph:
    return make_graph()


@pytest.fixture
def ids() -> dict[str, str]:
    """The identifiers of the graph's entities by name."""
    return IDS
