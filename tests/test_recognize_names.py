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
ALONE = DOMAIN.toml("recognize.toml")["calibration"]["alone"]


def mentions(text: str) -> tuple[Mention, ...]:
    return RECOGNIZER(SEGMENTER(Document("t", text, "")))


def names(text: str) -> dict[str, str]:
    """Those that are sure enough for a graph even where nothing is said of them."""
    return {m.text: m.type for m in mentions(text) if m.confidence >= ALONE}


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


# One word, read as a name of the class told or (None) as no name, by what stands around it.
FALSE_FRIENDS = {
    "和平": [
        ("天津市和平区总工会举办了技能培训班。", "和平", None),
        ("和平区总工会主席王磊走访慰问职工。", "和平区", "Place"),
        ("两国人民都盼望和平，反对战争。", "和平", None),
    ],
    "长安": [
        ("他从长安出发，沿着丝绸之路一路西行。", "长安", "Place"),
        ("长安大学的学生到车间实习。", "长安大学", "School"),
        ("长安大学的学生到车间实习。", "长安", None),
    ],
    "黄河": [
        ("技术员黄河说，这项工艺他练了十年。", "黄河", "Person"),
        ("全国劳动模范黄河在车间里带出了三十名徒弟。", "黄河", "Person"),
        ("黄河流域的工会干部在郑州参加培训。", "黄河", "Place"),
    ],
    "高明": [
        ("焊工高明获得全国五一劳动奖章。", "高明", "Person"),
        ("他的棋艺十分高明，大家都佩服。", "高明", None),
    ],
    "向阳": [
        ("钳工李向阳获得全国五一劳动奖章。", "李向阳", "Person"),
        ("技术员向阳说，这台设备已经改造完成。", "向阳", "Person"),
    ],
    "建设": [
        ("班长陈建设说，安全生产不能放松。", "陈建设", "Person"),
        ("工会干部张建设介绍了培训情况。", "张建设", "Person"),
        ("建设银行发布了年报。", "建设银行", "Company"),
        ("大力推进产业工人队伍建设。", "建设", None),
        ("城市建设日新月异。", "建设", None),
    ],
    "北大 and 人大": [
        ("北大与该公司签订了合作协议。", "北大", "School"),
        ("市人大常委会审议了职工权益保障条例。", "市人大常委会", "GovernmentBody"),
        ("全国人大代表、焊工王强提出了建议。", "人大", None),
    ],
    "like a place": [
        ("青岛啤酒今年招收了两百名技术工人。", "青岛啤酒", "Company"),
        ("他从青岛坐火车去济南。", "青岛", "Place"),
        ("重庆钢铁与职工签订了集体合同。", "重庆钢铁", "Company"),
        ("重庆的夏天很热。", "重庆", "Place"),
        ("北京汽车的工程师来到车间。", "北京汽车", "Company"),
        ("长江电力的职工参加了技能竞赛。", "长江电力", "Company"),
        ("东风吹来，桃花开了。", "东风", None),
    ],
    "王府井": [
        ("活动在王府井步行街举行。", "王府井步行街", "Place"),
        ("环卫工人在王府井大街清扫积雪。", "王府井大街", "Place"),
        ("王府井集团工会举办了服务技能竞赛。", "王府井集团", "Company"),
    ],
    "三峡": [
        ("三峡集团举办了职工技能竞赛。", "三峡集团", "Company"),
        ("长江三峡集团工会慰问一线职工。", "长江三峡集团工会", "TradeUnion"),
        ("船队从三峡出发，前往武汉。", "三峡", "Place"),
        ("轮船驶过三峡。", "三峡", "Place"),
    ],
    "irony": [
        ("他的“好心”换来的却是一场空。", "好心", None),
        ("这样的“创新”只会浪费职工的时间。", "创新", None),
        ("连日来，市总工会的“送清凉”行动走进工地。", "送清凉", "Activity"),
    ],
    "一带一路": [
        ("第二届“一带一路”国际技能大赛金牌选手来到学校。", "一带一路", None),
        ("首届“一带一路”沿线国家职工技能竞赛昨日开幕。", "首届“一带一路”沿线国家职工技能竞赛", "Competition"),
        ("共建“一带一路”倡议提出十年来，合作成果丰硕。", "“一带一路”倡议", "Strategy"),
    ],
}


@pytest.mark.parametrize(("text", "name", "kind"), [case for cases in FALSE_FRIENDS.values() for case in cases])
def test_a_word_is_read_by_what_stands_around_it(text, name, kind):
    assert names(text).get(name) == kind


def test_a_place_begins_a_contest_behind_its_ordinal():
    assert names("首届福州市职工技能大赛昨日开幕。").get("福州") == "Place"


def test_a_name_does_not_end_within_a_word():
    assert "技术工人线" not in names("今年开展技术工人线上线下培训5206班次，惠及职工3000人次。")


def test_a_name_is_not_cut_short_of_its_head_noun():
    found = names("近日，三峡地区的总工会联合举办第二届峡江职工技能大赛。")
    assert "第二届峡江职工技能大" not in found
    assert found.get("第二届峡江职工技能大赛") == "Competition"


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


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("社区启动“星光课后”陪伴行动，志愿者轮流值班。", "“星光课后”陪伴行动", "Activity"),
        ("“海岛渔嫂”职工职业技能培训在舟山开班。", "“海岛渔嫂”职工职业技能培训", "Training"),
        ("分厂成立了“红围巾”攻关小组。", "“红围巾”攻关小组", "Organization"),
    ],
)
def test_a_quoted_core_and_the_noun_behind_it_are_one_name(text, name, kind):
    assert {m.text: m.type for m in mentions(text)}.get(name) == kind


def test_a_quoted_list_of_several_is_not_one_name():
    found = {m.text for m in mentions("全市实施“强基、赋能、筑巢、扬帆”四大工程。")}

    assert not any("四大工程" in name for name in found)


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
