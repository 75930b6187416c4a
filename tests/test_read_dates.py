"""Time words are read as intervals of the calendar, counted from the day the document was published."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.domain import Domain
from kg.model import Dating, Document, Field, Interval, Metadata
from kg.rdf import Bases, to_rdflib
from kg.recognize.intervals import Calendar
from kg.recognize.times import TimeRecognizer
from kg.segment import Segmenter

DOMAIN = Domain.default()
CALENDAR = Calendar(DOMAIN)
PIPELINE = kg.Pipeline(DOMAIN)
DAY = date(2024, 11, 5)
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
PRECISION = {4: "year", 7: "month", 10: "day"}
KG = rdflib.Namespace(Bases().schema)
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "dates.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def news(text: str, day: str | None = "2024-11-05") -> Document:
    return Document("a.txt", text, "0" * 64, metadata=Metadata(date_published=Field(day) if day else None))


def row_of(interval: Interval | None) -> list[str]:
    if interval is None:
        return ["-", "-", "-", "-"]
    if interval.recurs:
        return ["-", "-", interval.recurs, "-"]
    first, last = (side.isoformat() if side else ".." for side in (interval.first, interval.last))
    precision = max(len(side) for side in (interval.begin, interval.end) if side)
    return [first, last, PRECISION[precision], "vague" if interval.vague else "-"]


def datings(text: str) -> list[tuple[str, str, str | None, str | None]]:
    found = PIPELINE.extract(news(text))
    names = {e.id: e.name for e in found.entities}
    return [(names[d.about], d.period, d.interval.edtf, d.modality) for d in found.datings]


def test_the_table_is_long_enough():
    assert len(ROWS) >= 120


@pytest.mark.parametrize(("words", "day", *"abcd"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_an_expression_is_read(words, day, a, b, c, d):  # noqa: PLR0917
    assert row_of(CALENDAR(words, None if day == "-" else date.fromisoformat(day))) == [a, b, c, d]


@given(DAYS)
def test_any_day_comes_back_however_it_is_written(day):
    told = Interval(day.isoformat(), day.isoformat())
    for words in (
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{''.join('〇一二三四五六七八九'[int(c)] for c in str(day.year))}年{day.month}月{day.day}日",
    ):
        assert CALENDAR(words, None) == told
    assert CALENDAR("昨天", day + timedelta(1)) == told
    assert CALENDAR("今天", day) == told


@given(DAYS, st.sampled_from(sorted({row[0] for row in ROWS})))
def test_no_interval_ends_before_it_begins(day, words):
    found = CALENDAR(words, day)
    if found and found.first and found.last:
        assert found.first <= found.last


@given(st.text(alphabet="0123456789一二十年月日底初末今去前近至到—截起以来季度半上下旬周每世纪代", max_size=12))
def test_no_words_break_the_reader(words):
    found = CALENDAR(words, DAY)
    assert found is None or found.recurs or found.first or found.last


def test_what_nobody_dated_stays_open():
    cut = Segmenter(DOMAIN)(news("2023年办班，去年又办。", day=None))

    assert [(t.text, t.interval.edtf if t.interval else None) for t in TimeRecognizer(DOMAIN)(cut)] == [
        ("2023年", "2023"),
        ("去年", None),
    ]


def test_a_month_without_a_year_leans_on_the_year_named_before():
    cut = Segmenter(DOMAIN)(news("2022年3月启动，9月15日结束。次年又办，9月结束。"))

    found = {t.text: t.interval.edtf if t.interval else None for t in TimeRecognizer(DOMAIN)(cut)}
    assert found == {"2022年3月": "2022-03", "9月15日": "2022-09-15", "次年": None, "9月": "2024-09"}


def test_an_observation_tells_when_it_holds():
    [figure] = PIPELINE.extract(news("截至2023年底，重庆工匠学院培训职工1.5万人次。")).observations

    assert figure.period == "截至2023年底"
    assert figure.interval == Interval(None, "2023-12", vague=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "9月15日，重庆市总工会举办了“智汇渝州”职业技能大赛。",
            [("“智汇渝州”职业技能大赛", "9月15日", "2024-09-15", None)],
        ),
        (
            "重庆市总工会主办的2023年职工创新方法培训班十分热闹。",
            [("2023年职工创新方法培训班", "2023年", "2023", None)],
        ),
        (
            "明年3月，重庆市总工会计划举办“智汇渝州”职业技能大赛。",
            [("“智汇渝州”职业技能大赛", "明年3月", "2025-03", "planned")],
        ),
        ("去年，职工人数增加，“智汇渝州”职业技能大赛很受欢迎。", []),
    ],
)
def test_an_event_tells_when_it_took_place(text, expected):
    assert datings(text) == expected


def test_a_dating_shows_its_sentence():
    text = "9月15日，重庆市总工会举办了“智汇渝州”职业技能大赛。"
    [dating] = PIPELINE.extract(news(text)).datings
    [evidence] = dating.evidence

    assert isinstance(dating, Dating)
    assert evidence.quote == text
    assert {m.role: m.span.of(text) for m in evidence.marks}["period"] == "9月15日"


def test_the_graph_says_when(tmp_path):
    source = tmp_path / "a.txt"
    head = "标题\n发布时间：2024-11-05\n\n"
    text = "9月15日，重庆市总工会举办了“智汇渝州”职业技能大赛，今年以来惠及职工500人。\n"
    source.write_text(head + text, encoding="utf-8")

    graph = kg.build(source)

    [document] = graph.documents.values()
    assert document.metadata.date_published
    triples = to_rdflib(graph)
    [dating] = triples.objects(predicate=KG.when)
    assert triples.value(dating, KG.begin) == rdflib.Literal("2024-09-15", datatype=rdflib.XSD.date)
    [figure] = triples.subjects(rdflib.RDF.type, KG.Observation)
    assert triples.value(figure, KG.begin) == rdflib.Literal("2024", datatype=rdflib.XSD.gYear, normalize=False)
    assert triples.value(figure, KG.end) == rdflib.Literal("2024-11-05", datatype=rdflib.XSD.date)


def test_since_when_is_not_when():
    assert datings("2022年以来，重庆市总工会举办了“智汇渝州”职业技能大赛。") == []
    assert datings("重庆市总工会今年开展培训，当日举办了“智汇渝州”职业技能大赛。") == []
