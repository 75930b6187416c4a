"""A reader gives the recognizer a text and gets every name in it, bounded and typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.model import Document, Mention, Span
from kg.recognize import Recognizer
from kg.recognize.annotated import parse_annotated
from kg.recognize.joining import Joining
from kg.segment import Segmenter

DOMAIN = Domain.default()
RECOGNIZER = Recognizer(DOMAIN)
SEGMENTER = Segmenter(DOMAIN)


def mentions(text: str) -> tuple[Mention, ...]:
    return RECOGNIZER(SEGMENTER(Document("t", text, "")))


def names(text: str) -> dict[str, str]:
    return {m.text: m.type for m in mentions(text)}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("近日，和平区总工会举办了职工技能培训班。", "和平区总工会", "TradeUnion"),
        ("来自长安汽车的职工参加了比赛。", "长安汽车", "Company"),
        ("他毕业于北大，如今在人大任教。", "北大", "School"),
        ("高明区总工会主席介绍，今年新建工会12家。", "高明区", "Place"),
        ("“一带一路”国际技能大赛在重庆举行。", "“一带一路”国际技能大赛", "Competition"),
        ("由重庆市总工会主办的活动昨日启动。", "重庆市总工会", "TradeUnion"),
        ("东风汽车有限公司技术科长张建国获得全国五一劳动奖章。", "张建国", "Person"),
        ("日前，国务院印发《职业技能提升行动方案》。", "职业技能提升行动方案", "Policy"),
    ],
)
def test_a_name_is_found_and_typed(text, name, kind):
    assert names(text).get(name) == kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("来自长安汽车的职工参加了比赛。", "长安"),
        ("和平区总工会举办了培训班。", "和平"),
        ("高明区总工会举办了培训班。", "高明"),
        ("“一带一路”国际技能大赛在重庆举行。", "一带一路"),
        ("这位所谓的“专家”其实从没进过车间。", "专家"),
        ("问题的“硬骨头”还没有啃下来。", "硬骨头"),
    ],
)
def test_a_false_friend_is_left_alone(text, name):
    assert name not in names(text)


def test_the_place_that_begins_a_name_is_a_mention_within_it():
    found = mentions("重庆市总工会昨天举办了技能大赛。")
    assert [(m.text, m.type) for m in found[:2]] == [("重庆市总工会", "TradeUnion"), ("重庆", "Place")]


def test_the_place_behind_an_ordinal_is_found():
    assert names("第九届广州市环卫行业职业技能竞赛昨天落幕。").get("广州") == "Place"


def test_stacked_places_are_told_apart():
    found = names("她是浙江温州永嘉县人，来自瓯北街道。")
    assert {"浙江", "温州", "永嘉县"} <= set(found)


def test_enclosing_marks_are_no_part_of_a_name():
    for mention in mentions("市总工会启动“劳模工匠助企行”，印发《工匠培育办法》，举办“匠心”杯技能大赛。"):
        assert mention.text.count("“") == mention.text.count("”")
        assert not (mention.text[0] in "“《" and mention.text[-1] in "”》")


def test_a_name_is_marked_wherever_it_stands():
    text = "重庆工匠学院成立。\n学员说，重庆工匠学院的课很实用，重庆工匠学院离家近。"
    assert sum(m.text == "重庆工匠学院" for m in mentions(text)) == 3


@settings(max_examples=40, deadline=None)
@given(
    st.text(
        alphabet="重庆市总工会举办第三届“一带一路”《》（）、，。\n张建国A1 获得技能大赛有限公司\U00020000", max_size=60
    )
)
def test_mentions_slice_nest_and_stay_the_same(text):
    found = mentions(text)
    assert found == mentions(text)
    assert [(m.span.begin, -m.span.end) for m in found] == sorted((m.span.begin, -m.span.end) for m in found)
    for mention in found:
        assert mention.text == mention.span.of(text)
        assert mention.text.strip() == mention.text != ""
        assert mention.type in DOMAIN.classes
        assert 0 <= mention.confidence <= 1
    for one in found:
        for other in found:
            assert not one.span.overlaps(other.span) or one.span.covers(other.span) or other.span.covers(one.span)


def test_annotated_text_gives_its_mentions_back():
    source = (
        "【重庆市总工会|TradeUnion】举办比赛，{它=重庆市总工会}很忙。\n+ 重庆 | Place\n@ a | b | c\n\n"
        "【市总=重庆市总工会】说。"
    )
    annotated = parse_annotated(source)
    assert annotated.document.text == "重庆市总工会举办比赛，它很忙。\n\n市总说。\n"
    assert [(m.text, m.kind) for m in annotated.mentions] == [
        ("重庆市总工会", "name"),
        ("它", "pronoun"),
        ("市总", "alias"),
    ]
    assert all(m.span.of(annotated.document.text) == m.text for m in annotated.mentions)
    assert annotated.inner == (("重庆", "Place"),)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (("麦积区", "Place"), ("人社局", "GovernmentBody"), ["麦积区人社局"]),
        (("低空经济产业", "Industry"), ("工匠学院", "School"), ["低空经济产业工匠学院"]),
        (("广州", "Place"), ("环卫工人", "Group"), ["广州", "环卫工人"]),
    ],
)
def test_what_qualifies_a_body_belongs_to_its_name_and_what_qualifies_people_does_not(first, second, found):
    text = first[0] + second[0]
    spans = Span(0, len(first[0])), Span(len(first[0]), len(text))
    parts = [
        Mention("a", span, name, kind, "name", "test", 0.9)
        for span, (name, kind) in zip(spans, (first, second), strict=True)
    ]

    joined = Joining(DOMAIN)(text, parts)

    assert [m.text for m in joined] == found
