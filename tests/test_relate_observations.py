"""Numbers become observations: about whom, of what, when, and whether planned."""

from decimal import Decimal

import pytest

from kg.domain import Domain
from kg.model import Document, Entity, Mention, Observation, Span
from kg.recognize.quantities import QuantityRecognizer
from kg.recognize.times import TimeRecognizer
from kg.relate import ObservationExtractor
from kg.segment import Segmenter

DOMAIN = Domain.default()
SEGMENTER = Segmenter(DOMAIN)
QUANTITIES = QuantityRecognizer(DOMAIN)
TIMES = TimeRecognizer(DOMAIN)
OBSERVATIONS = ObservationExtractor(DOMAIN)


def observe(text: str, **types: str) -> list[Observation]:
    """The observations of `text`, in which each name given (as a keyword) is an entity of the class given."""
    entities = []
    for number, (name, kind) in enumerate(types.items(), 1):
        spans = [Span(i, i + len(name)) for i in range(len(text)) if text.startswith(name, i)]
        mentions = tuple(Mention("a", span, name, kind, "name", "", 1.0) for span in spans)
        entities.append(Entity(f"e{number}", kind, name, (), mentions))
    cut = SEGMENTER(Document("a", text, ""))
    return list(OBSERVATIONS(cut, entities, QUANTITIES(cut), TIMES(cut)))


def stated(text: str, **types: str) -> list[tuple[str, str, str | None]]:
    names = [f"e{i}" for i in range(1, len(types) + 1)]
    return [([*types][names.index(o.about)], f"{o.value:f}", o.unit) for o in observe(text, **types)]


@pytest.mark.parametrize(
    ("text", "types", "expected"),
    [
        (
            "重庆工匠学院累计办班5206班次，惠及技术工人13.1万人次。",
            {"重庆工匠学院": "School", "技术工人": "Group"},
            [("重庆工匠学院", "5206", "班次"), ("重庆工匠学院", "131000", "人次")],
        ),
        ("全国现有近570万产业工人。", {"产业工人": "Group"}, [("产业工人", "5700000", None)]),
        ("54岁的覃伯安头一个上场。", {"覃伯安": "Person"}, [("覃伯安", "54", "岁")]),
        (
            "长安汽车有员工3.2万人，去年营业收入1500亿元。",
            {"长安汽车": "Company"},
            [("长安汽车", "32000", "人"), ("长安汽车", "150000000000", "元")],
        ),
        (
            "李明今年36岁，带出徒弟12名。王芳今年29岁。",
            {"李明": "Person", "王芳": "Person"},
            [("李明", "36", "岁"), ("李明", "12", "名"), ("王芳", "29", "岁")],
        ),
    ],
)
def test_a_number_is_about_what_it_describes(text, types, expected):
    assert stated(text, **types) == expected


def test_what_holds_of_a_number_is_kept():
    text = "去年，重庆工匠学院培训职工超过1.5万人次。"
    [observation] = observe(text, 重庆工匠学院="School")
    assert (observation.id, observation.measure, observation.period) == ("o1", "职工", "去年")
    assert (observation.value, observation.unit, observation.qualifier) == (Decimal(15000), "人次", "over")
    assert (observation.minimum, observation.maximum) == (Decimal(15000), None)
    assert observation.surface == "超过1.5万人次"
    assert observation.modality is None


def test_every_observation_shows_its_sentence_and_the_words_in_it():
    text = "年度总结\n\n开头一句。去年，重庆工匠学院培训职工1.5万人次。"
    [observation] = observe(text, 重庆工匠学院="School")
    [evidence] = observation.evidence
    assert (
        evidence.quote
        == text[evidence.sentence.begin : evidence.sentence.end]
        == "去年，重庆工匠学院培训职工1.5万人次。"
    )
    assert {m.role: text[m.span.begin : m.span.end] for m in evidence.marks} == {
        "period": "去年",
        "about": "重庆工匠学院",
        "measure": "职工",
        "number": "1.5万",
        "unit": "人次",
    }
    assert 0 < evidence.confidence <= 1


def test_ages_measure_the_age():
    [observation] = observe("今年54岁的覃伯安头一个上场。", 覃伯安="Person")
    assert observation.measure == "年龄"


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("长安汽车的封装量482亿块。", "封装量"),
        ("长安汽车把断丝率降了三成五。", "断丝率"),
        ("长安汽车的误差优于0.1毫米。", "误差"),
    ],
)
def test_a_measure_is_a_noun_that_says_something(text, measure):
    [observation] = observe(text, 长安汽车="Company")
    assert observation.measure == measure


def test_a_plan_is_marked_as_planned():
    done, planned = observe("重庆工匠学院已培训职工500人，明年计划再培训职工800人。", 重庆工匠学院="School")
    assert (done.value, done.modality) == (Decimal(500), None)
    assert (planned.value, planned.modality) == (Decimal(800), "planned")


def test_a_range_is_two_observations():
    low, high = observe("重庆工匠学院每期招收学员30—50名。", 重庆工匠学院="School")
    assert [(o.value, o.unit, o.qualifier) for o in (low, high)] == [(30, "名", "from"), (50, "名", "to")]


@pytest.mark.parametrize(
    "text",
    [
        "第三届大赛由重庆工匠学院承办。",
        "2024年9月15日，重庆工匠学院挂牌。",
        "重庆工匠学院是一支重要力量。",
        "重庆工匠学院发布〔2025〕7号文件。",
        "重庆工匠学院培训职工13.1万人次\n\n正文没有数字。",
    ],
)
def test_numbers_that_are_no_figures_give_none(text):
    assert observe(text, 重庆工匠学院="School") == []


def test_a_number_within_a_name_is_none():
    assert (
        observe("重庆构建33618现代制造业集群体系。", **{"重庆": "Place", "33618现代制造业集群体系": "Industry"}) == []
    )


def test_a_caption_counts():
    [observation] = observe("标题\n\n图为重庆工匠学院的120名学员在上课。", 重庆工匠学院="School")
    assert (observation.value, observation.unit) == (Decimal(120), "名")


def test_observations_are_numbered_in_text_order():
    found = observe("重庆工匠学院有教师20名、学员300名、教室8间。", 重庆工匠学院="School")
    assert [(o.id, o.value) for o in found] == [("o1", 20), ("o2", 300), ("o3", 8)]
    assert found == observe("重庆工匠学院有教师20名、学员300名、教室8间。", 重庆工匠学院="School")


def test_without_entities_there_are_no_observations():
    assert observe("去年培训职工500人。") == []


@pytest.mark.parametrize(
    ("said", "change", "base"),
    [
        ("营业收入同比增长12.3%", "increase", "同比"),
        ("营业收入较上年增长近二成", "increase", "较上年"),
        ("营业收入比2020年提高了15%", "increase", "比2020年"),
        ("能耗环比下降4.2%", "decrease", "环比"),
        ("营业收入增长8%", "increase", None),
        ("营业收入是五年前的3倍", "multiple", "五年前"),
        ("营业收入增长到15亿元", None, None),
        ("营业收入15亿元", None, None),
    ],
)
def test_a_comparison_keeps_its_change_and_base(said, change, base):
    [observation] = observe(f"今年，长安汽车{said}。", 长安汽车="Company")

    assert (observation.change, observation.base) == (change, base)


def test_what_is_done_follows_a_plan_and_is_none():
    text = "重庆工匠学院计划再培训职工800人，累计培训职工500人。"
    planned, done = observe(text, 重庆工匠学院="School")

    assert (planned.modality, done.modality) == ("planned", None)


def test_a_year_within_a_name_or_a_base_is_no_period():
    [reach] = observe("2025年职工技能大赛吸引职工500人。", **{"2025年职工技能大赛": "Competition"})
    [change] = observe("长安汽车的营业收入是2019年的1.4倍。", 长安汽车="Company")

    assert reach.period is None
    assert (change.period, change.base) == (None, "2019年")


def test_every_year_holds_up_to_the_semicolon():
    text = "重庆工匠学院每年培训职工800人；建成教室30间。"
    yearly, rooms = observe(text, 重庆工匠学院="School")

    assert (yearly.period, yearly.interval.recurs if yearly.interval else None) == ("每年", "P1Y")
    assert rooms.period is None
