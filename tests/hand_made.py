"""A small graph made by hand that has one of everything, for the tests of what graphs are written as."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from kg.domain import Domain
from kg.merge import KnowledgeGraph, identifier
from kg.model import (
    Dating,
    Document,
    Entity,
    Evidence,
    Fact,
    Field,
    Interval,
    Mark,
    Mention,
    Metadata,
    Observation,
    Span,
)

FIRST = "赛场😀新风\r\n重庆市总工会和市科协共同主办“智汇渝州”大赛，惠及职工近13.1万人次。\n拟建智汇学院。来源：渝州日报"
SECOND = "重庆市总工会主办“智汇渝州”大赛。"
LINE = FIRST.split("\n")[1]
UNION, SCIENCE, GAMES, WORKERS, PAPER = "重庆市总工会", "市科协", "智汇渝州", "职工", "渝州日报"
KINDS = {
    UNION: "TradeUnion",
    SCIENCE: "Association",
    GAMES: "Competition",
    WORKERS: "Group",
    "智汇学院": "School",
    PAPER: "Media",
    "重庆": "Place",
}
ALIASES = {UNION: ("市总工会",), GAMES: ("“智汇渝州”大赛",)}
IDS = {name: identifier(kind, name) for name, kind in KINDS.items()}


def place(text: str, words: str) -> Span:
    begin = text.index(words)
    return Span(begin, begin + len(words))


def documents() -> tuple[Document, Document]:
    stated = Metadata(
        title=Field("赛场😀新风", Span(0, 5)),
        publisher=Field(PAPER, place(FIRST, PAPER)),
        date_published=Field("2024-11-05"),
        authors=(Field("乙"), Field("甲"), Field("乙")),
    )
    first = Document("新闻/a “1”.txt", FIRST, hashlib.sha256(FIRST.encode()).hexdigest(), "gb18030", stated)
    return first, Document("b.txt", SECOND, hashlib.sha256(SECOND.encode()).hexdigest())


def entity(name: str) -> Entity:
    kind = KINDS[name]
    # One mention is of another class than its entity: the resolver may know better than the recognizer.
    mentions = [
        Mention(d.id, place(d.text, n), n, "Activity" if n != name else kind, "name", "gazetteer", 0.95)
        for d in sorted(documents(), key=lambda d: d.id)
        for n in (*ALIASES.get(name, ()), name)
        if n in d.text
    ]
    mentions.sort(key=lambda m: (m.document, m.span))
    return Entity(IDS[name], kind, name, ALIASES.get(name, ()), tuple(mentions))


def says(document: Document, words: str, *marks: tuple[str, str], rule: str, confidence: float) -> Evidence:
    spans = sorted((Mark(role, place(document.text, part)) for role, part in marks), key=lambda m: (m.span, m.role))
    return Evidence(document.id, place(document.text, words), words, tuple(spans), rule, confidence)


def facts() -> list[Fact]:
    first, second = documents()
    whole = ("head", UNION), ("tail", GAMES), ("trigger", "主办")
    organizes = (
        says(second, SECOND, *whole[:2], rule="organize-1", confidence=0.125),
        says(first, LINE, *whole, rule="organize-1", confidence=0.9),
        says(first, LINE, whole[0], rule="organize-2", confidence=0.5),
    )
    planned = says(first, "拟建智汇学院。", rule="e", confidence=0.7)
    return [
        Fact(IDS[UNION], "organizes", IDS[GAMES], organizes),
        Fact(IDS[UNION], "undertakes", IDS[GAMES], (says(first, LINE, rule="u", confidence=1.0),)),
        Fact(IDS[SCIENCE], "organizes", IDS[GAMES], (says(first, LINE, rule="o", confidence=0.7),)),
        Fact(IDS[GAMES], "targets", IDS[WORKERS], (says(first, LINE, rule="t", confidence=1e-05),)),
        Fact(IDS[UNION], "establishes", IDS["智汇学院"], (planned,), modality="planned"),
        Fact(
            IDS[GAMES], "relatedTo", IDS[WORKERS], (says(first, LINE, rule="open", confidence=0.6),), predicate="惠及"
        ),
    ]


def observations() -> list[Observation]:
    first, second = documents()
    number = says(first, LINE, ("about", GAMES), ("number", "13.1万"), ("unit", "人次"), rule="count", confidence=0.8)
    reach = Observation(
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
    half = Observation(
        id=identifier("Observation", "", "2"),
        about=IDS[UNION],
        measure="",
        value=Decimal("0.5"),
        unit=None,
        qualifier=None,
        period="今年",
        change="increase",
        base="较上年",
        interval=Interval("2024", "2024-11-05", vague=True),
        modality="planned",
        surface="半",
        evidence=(number,),
    )
    return [half, reach]


def datings() -> list[Dating]:
    first, second = documents()
    told = says(second, SECOND, ("about", GAMES), ("trigger", "主办"), rule="held", confidence=0.8)
    often = says(first, LINE, rule="held", confidence=0.8)
    when, open_ = Interval("2024-09", "2024-09-15"), Interval(None, "2025", vague=True)
    return [
        Dating(identifier("Dating", "", "1"), IDS[GAMES], "9月至15日", when, None, (told, often)),
        Dating(identifier("Dating", "", "2"), IDS[GAMES], "到2025年前后", open_, "planned", (often,)),
    ]


def make_graph() -> KnowledgeGraph:
    return KnowledgeGraph(
        Domain.default(),
        documents=documents(),
        entities=map(entity, KINDS),
        facts=facts(),
        observations=observations(),
        datings=datings(),
    )
