"""Traditional script and invisible characters: read as if plain, told in the document's own characters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.matching import matched, simplified
from kg.merge import merge
from kg.model import Document, Span
from kg.pipeline import Pipeline
from kg.read import read_sources
from kg.resolve import fold

DOMAIN = Domain.default()
SIMPLIFIED = (
    "云江市总工会举办职工技能竞赛\n"
    "发布时间：2024年11月5日 来源：云江日报 编辑：付弋\n"
    "11月1日，云江市总工会联合云江市科协举办第三届职工技能竞赛，共有一百二十名职工参加。\n"
    "云江机电有限公司总经理霍万里说，公司今年培训技术工人1.3万人次，补助资金25万元。\n"
)
TRADITIONAL = (
    "雲江市總工會舉辦職工技能競賽\n"
    "發布時間：2024年11月5日 來源：雲江日報 編輯：付弋\n"
    "11月1日，雲江市總工會聯合雲江市科協舉辦第三屆職工技能競賽，共有一百二十名職工參加。\n"
    "雲江機電有限公司總經理霍萬里說，公司今年培訓技術工人1.3萬人次，補助資金25萬元。\n"
)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(DOMAIN)


def document(folder: Path, text: str) -> Document:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    (item,) = read_sources([path], DOMAIN)
    assert isinstance(item, Document)
    return item


def told(pipeline, read: Document) -> tuple[object, ...]:
    """What is found, by places in the text alone."""
    found = pipeline.extract(read)
    names = {e.id: (e.type, [m.span for m in e.mentions]) for e in found.entities}
    return (
        names,
        [(f.head, f.relation, f.tail) for f in found.facts],
        [(o.about, o.value, [m for e in o.evidence for m in e.marks], o.interval) for o in found.observations],
    )


def test_traditional_script_tells_what_simplified_script_tells(pipeline, tmp_path):
    plain, traditional = document(tmp_path, SIMPLIFIED), document(tmp_path, TRADITIONAL)
    assert told(pipeline, traditional) == told(pipeline, plain)
    assert len(pipeline.extract(traditional).facts) > 3


def test_names_quotes_and_units_are_the_documents_own_characters(pipeline, tmp_path):
    read = document(tmp_path, TRADITIONAL)
    found = pipeline.extract(read)
    assert found.document.text == TRADITIONAL
    assert {"雲江市總工會", "雲江市科協", "雲江機電有限公司", "霍萬里"} <= {e.name for e in found.entities}
    assert all(m.text == m.span.of(TRADITIONAL) for e in found.entities for m in e.mentions)
    assert ("資金", "25萬元") in {(o.measure, o.surface) for o in found.observations}
    assert read.metadata.title.value == "雲江市總工會舉辦職工技能競賽"
    assert read.metadata.publisher.value == "雲江日報"
    assert read.metadata.date_published.value == "2024-11-05"
    assert read.metadata.editors[0].span.of(TRADITIONAL) == read.metadata.editors[0].value == "付弋"


def test_a_name_in_two_scripts_is_one_thing(pipeline, tmp_path):
    one, other = document(tmp_path, SIMPLIFIED), document(tmp_path, TRADITIONAL)
    extractions = [pipeline.extract(Document(f"{n}.txt", d.text, d.sha256)) for n, d in enumerate((one, other))]
    graph = merge(extractions, DOMAIN)
    (union,) = graph.entities(name="云江市总工会")
    assert set(union.names) >= {"云江市总工会", "雲江市總工會"}
    assert fold("總工會") == fold("总工会")


def test_simplified_text_with_a_name_in_traditional_script_is_no_traditional_text():
    assert matched("著名学者陳寅恪先生的文集由工会图书馆收藏，供职工阅读，每年借出三百次以上。") is None
    assert simplified("李乾") == "李乾"
    assert matched("乾隆年间著书立说于藉此") is None


INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u202e", "\u2066"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, len(SIMPLIFIED)), st.sampled_from(INVISIBLE)), min_size=1, max_size=12))
def test_invisible_characters_change_no_answer_and_no_text(pipeline, places):
    text = SIMPLIFIED
    for at, character in sorted(places, reverse=True):
        text = text[:at] + character + text[at:]
    plain, found = pipeline.extract(SIMPLIFIED), pipeline.extract(text)
    assert found.document.text == text
    assert [e.names for e in found.entities] == [e.names for e in plain.entities]
    assert [(f.head, f.relation, f.tail) for f in found.facts] == [(f.head, f.relation, f.tail) for f in plain.facts]
    assert [o.value for o in found.observations] == [o.value for o in plain.observations]
    for entity in found.entities:
        for mention in entity.mentions:
            assert mention.text == mention.span.of(text)


@given(st.text(st.sampled_from(list("總工會云江市\u200b\n🏭a。𠮷")), max_size=30))
def test_every_place_leads_there_and_back(text):
    form = matched(text)
    if form is None:
        return
    assert len(form.offsets) == len(form.text) + 1
    for at in range(len(form.text)):
        span = form.span(Span(at, at + 1))
        assert len(span) == 1
        assert form.inner(span) == Span(at, at + 1)
