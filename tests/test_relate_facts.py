"""What a reader of relations sees: which facts a text states, which it does not, and the words that state them."""

from __future__ import annotations

from functools import cache

import pytest

from kg.domain import Domain
from kg.model import Entity, Fact
from kg.recognize.annotated import Annotated, parse_annotated
from kg.relate import OpenRelationExtractor, RelationExtractor
from kg.relate.analysis import Analyst
from kg.relate.clauses import Marks
from kg.relate.frames import Frame, Frames
from kg.relate.train import entities_of
from kg.segment import Segmenter

DOMAIN = Domain.default()
FRAMES = {frame.id: frame for frame in Frames(DOMAIN, Marks(DOMAIN)).all}


@cache
def segmenter() -> Segmenter:
    return Segmenter(DOMAIN)


@cache
def analyst() -> Analyst:
    return Analyst(DOMAIN)


@cache
def extractor(*, learned: bool = True, unasserted: bool = False) -> RelationExtractor:
    return RelationExtractor(DOMAIN, learned=learned, unasserted=unasserted)


def read(source: str) -> tuple[Annotated, tuple[Entity, ...]]:
    """An annotated text and its entities; a place or company that begins a longer name is a mention of its own."""
    annotated = parse_annotated(source, "d")
    return annotated, entities_of(annotated, with_pronouns=True)


def facts(source: str, *, learned: bool = True, unasserted: bool = False) -> list[Fact]:
    annotated, entities = read(source)
    return list(extractor(learned=learned, unasserted=unasserted)(segmenter()(annotated.document), entities))


def triples(source: str, *, learned: bool = True) -> set[tuple[str, str, str]]:
    return {(f.head, f.relation, f.tail) for f in facts(source, learned=learned)}


def stated_by(frame: Frame, source: str) -> set[tuple[str, str]]:
    """The pairs of names that `frame` alone reads off `source` as fact."""
    annotated, entities = read(source)
    found = set()
    for analysis in analyst()(segmenter()(annotated.document), entities):
        for p in analysis.proposals:
            if p.frame.id == frame.id and not any(s.span.covers(p.trigger) for s in analysis.scopes):
                found.add((p.head.entity, p.tail.entity))
    return found


@pytest.mark.parametrize(
    ("name", "example"), [(n, e) for n, f in FRAMES.items() for e in f.positive], ids=lambda value: value[:40]
)
def test_frame_reads_its_positive_examples(name: str, example: str):
    source, _, stated = example.partition("⇒")
    expected = {tuple(part.strip() for part in pair.split(">")) for pair in stated.split(";")}

    assert stated_by(FRAMES[name], source.strip()) == expected


@pytest.mark.parametrize(
    ("name", "example"), [(n, e) for n, f in FRAMES.items() for e in f.negative], ids=lambda value: value[:40]
)
def test_frame_passes_over_its_near_misses(name: str, example: str):
    assert stated_by(FRAMES[name], example) == set()


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_has_examples_of_both_kinds(name: str):
    assert FRAMES[name].positive
    assert FRAMES[name].negative


def test_a_place_that_begins_a_name_is_where_the_organization_is():
    source = "【重庆市总工会|TradeUnion】与【重庆|Place】【四川工匠|Honor】、【四川|Place】来客见面。"

    assert ("重庆市总工会", "locatedIn", "重庆") in triples(source, learned=False)
    assert not any(head == "四川工匠" for head, _, _ in triples(source, learned=False))


def test_a_company_that_begins_the_name_of_its_unit_is_the_whole_of_it():
    source = "【上汽大众|Company】请来客。【上汽大众安亭工厂|Company】和【上汽大众工匠学院|School】也来了。"
    found = triples(source, learned=False)

    assert ("上汽大众安亭工厂", "partOf", "上汽大众") in found
    assert ("上汽大众工匠学院", "partOf", "上汽大众") not in found


@pytest.mark.parametrize("learned", [False, True])
def test_cooperation_is_written_once_in_text_order(learned: bool):  # noqa: FBT001
    source = "【市总工会|TradeUnion】联合【市科协|Association】共同举办了【技能大赛|Competition】。"
    found = {t for t in triples(source, learned=learned) if t[1] == "cooperatesWith"}

    assert found == {("市总工会", "cooperatesWith", "市科协")}


@pytest.mark.parametrize("learned", [False, True])
def test_both_who_hold_an_event_together_organize_it(learned: bool):  # noqa: FBT001
    source = "由【市总工会|TradeUnion】、【市科协|Association】联合主办的【技能大赛|Competition】8日开赛。"

    assert {
        ("市总工会", "organizes", "技能大赛"),
        ("市科协", "organizes", "技能大赛"),
    } <= triples(source, learned=learned)


def test_each_of_several_receives_its_own_honour():
    source = "【覃冬|Person】、【沈一|Person】分别获得【金奖|Honor】、【银奖|Honor】。"

    assert triples(source, learned=False) == {("覃冬", "receives", "金奖"), ("沈一", "receives", "银奖")}


def test_a_subject_is_carried_on_to_the_next_sentence_but_not_past_a_heading():
    carried = "【市总工会|TradeUnion】忙了一年。今年举办了【技能大赛|Competition】。"
    parted = "工会的一年\n\n【市总工会|TradeUnion】忙了一年。\n\n新的开始\n\n今年举办了【技能大赛|Competition】。"

    assert triples(carried, learned=False) == {("市总工会", "organizes", "技能大赛")}
    assert triples(parted, learned=False) == set()


@pytest.mark.parametrize("learned", [False, True])
def test_a_private_use_character_of_the_text_is_no_argument(learned: bool):  # noqa: FBT001
    marks = Marks(DOMAIN)
    stray = "".join(marks[name] for name in DOMAIN.classes)
    apart = f"{stray}举办了【技能大赛|Competition】。", f"【市总工会|TradeUnion】举办了{marks['Competition']}。"
    source = "\n\n新的开始\n\n".join(apart)

    assert triples(source, learned=learned) == set()


@pytest.mark.parametrize("learned", [False, True])
@pytest.mark.parametrize(
    "source",
    [
        "【市总工会|TradeUnion】拟举办【技能大赛|Competition】。",
        "【市总工会|TradeUnion】明年将举办【技能大赛|Competition】。",
        "【市总工会|TradeUnion】尚未举办【技能大赛|Competition】。",
        "如果【市总工会|TradeUnion】举办【技能大赛|Competition】，大家都去。",
        "据传【市总工会|TradeUnion】举办了【技能大赛|Competition】。",
        "【市总工会|TradeUnion】举办【技能大赛|Competition】了吗？",
    ],
)
def test_plans_conditions_denials_hearsay_and_questions_are_no_facts(source: str, learned: bool):  # noqa: FBT001
    assert triples(source, learned=learned) == set()


def test_what_is_not_asserted_is_told_on_request_with_its_modality():
    found = facts("【市总工会|TradeUnion】拟举办【技能大赛|Competition】。", learned=False, unasserted=True)

    assert [(f.relation, f.modality) for f in found] == [("organizes", "planned")]


def test_titles_headings_and_captions_state_no_relation():
    source = "【市总工会|TradeUnion】举办【技能大赛|Competition】\n\n大家都来了。\n\n图为【市总工会】举办【技能大赛】。"

    assert triples(source) == set()


def test_every_fact_shows_the_sentence_and_the_words_that_state_it():
    source = "天晴。【市总工会|TradeUnion】举办了【技能大赛|Competition】。"
    text = parse_annotated(source).document.text
    (fact,) = [f for f in facts(source) if f.relation == "organizes"]
    (evidence,) = fact.evidence

    assert evidence.quote == evidence.sentence.of(text) == "市总工会举办了技能大赛。"
    assert {m.role: m.span.of(text) for m in evidence.marks} == {
        "head": "市总工会",
        "tail": "技能大赛",
        "trigger": "举办",
    }
    assert evidence.rule == "organizes"
    assert 0 < evidence.confidence <= 1


def test_no_fact_leaves_the_signature_of_its_relation():
    source = (
        "【市总工会|TradeUnion】【主席|Role】【覃冬|Person】在【南宁|Place】为【技能大赛|Competition】授牌，"
        "【产业学院|School】依托【云课平台|Platform】培训【技术工人|Group】，推动【制造业|Industry】升级。"
    )
    _, entities = read(source)
    types = {e.id: e.type for e in entities}
    for learned in (False, True):
        for fact in facts(source, learned=learned):
            assert DOMAIN.relations[fact.relation].admits(types[fact.head], types[fact.tail])


def opened(source: str) -> set[tuple[str, str | None, str]]:
    annotated, entities = read(source)
    segmentation = segmenter()(annotated.document)
    known = extractor(learned=False)(segmentation, entities)
    return {(f.head, f.predicate, f.tail) for f in OpenRelationExtractor(DOMAIN)(segmentation, entities, known)}


@pytest.mark.parametrize(
    ("source", "predicate"),
    [
        ("【市总工会|TradeUnion】走访了【成飞|Company】。", "走访"),
        ("【市总工会|TradeUnion】8日又在【南宁|Place】走访了《【成飞|Company】》，大家很高兴。", "走访"),
        ("天晴，【市总工会|TradeUnion】拜访了【成飞|Company】。", "拜访"),
    ],
)
def test_a_verb_between_two_names_is_an_open_relation_in_its_own_words(source, predicate):
    assert opened(source) == {("市总工会", predicate, "成飞")}


@pytest.mark.parametrize(
    "source",
    [
        "【市总工会|TradeUnion】拟走访【成飞|Company】。",
        "【市总工会|TradeUnion】没有走访【成飞|Company】。",
        "【市总工会|TradeUnion】走访【成飞|Company】职工。",
        "【市总工会|TradeUnion】干部走访了【成飞|Company】。",
        "【市总工会|TradeUnion】的干部走访了【成飞|Company】。",
        "在【市总工会|TradeUnion】走访了【成飞|Company】。",
        "听说【市总工会|TradeUnion】走访了【成飞|Company】。",
        "【市总工会|TradeUnion】走访了山村，【成飞|Company】也来了。",
        "【市总工会|TradeUnion】把他介绍给【成飞|Company】。",
        "【市总工会|TradeUnion】、【成飞|Company】走访了山村。",
    ],
)
def test_where_another_may_be_meant_nothing_is_open(source):
    assert opened(source) == set()


def test_what_the_ontology_says_is_not_said_again_in_open_words():
    assert opened("【市总工会|TradeUnion】举办了【技能大赛|Competition】。") == set()
