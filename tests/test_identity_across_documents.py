"""Who is who across documents: what a reader of many documents sees as one thing, as two, and as undecided."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from kg.domain import Domain
from kg.evaluate.clustering import b_cubed
from kg.merge import KnowledgeGraph, candidates, merge
from kg.rdf import query

BENCH = runpy.run_path(str(Path(__file__).parent.parent / "bench" / "identity.py"))
DOMAIN = Domain.default()


@pytest.fixture(scope="module")
def cases():
    return BENCH["read_cases"]()


@pytest.fixture(scope="module")
def extractions(cases, pipeline):
    return [pipeline.extract(c.document, entities=c.entities) for c in cases]


@pytest.fixture(scope="module")
def united(extractions) -> KnowledgeGraph:
    return merge(extractions, DOMAIN)


def named_in(graph: KnowledgeGraph, document: str, name: str) -> str:
    (found,) = {e.id for e in graph.entities() for m in e.mentions if m.document == document and m.text == name}
    return found


def test_names_of_the_gold_end_in_the_right_things_and_merging_by_name_is_worse(cases, extractions, united):
    gold = {item: thing for case in cases for item, thing in case.things.items()}
    ours = b_cubed(gold, BENCH["clusters"](united))
    by_name = b_cubed(gold, BENCH["by_name"](extractions))

    assert len(cases) >= 40
    assert ours.f1 >= 0.95
    assert by_name.f1 < 0.85


def test_recognised_names_end_in_the_right_things(cases, pipeline):
    gold = {item: thing for case in cases for item, thing in case.things.items()}
    graph = merge([pipeline.extract(c.document) for c in cases], DOMAIN)

    assert b_cubed(gold, BENCH["clusters"](graph)).f1 >= 0.95


def test_documents_that_the_rules_were_not_written_by_come_out_as_well(pipeline):
    cases = BENCH["read_cases"](BENCH["OTHER_GOLD"])
    gold = {item: thing for case in cases for item, thing in case.things.items()}
    extractions = [pipeline.extract(c.document, entities=c.entities) for c in cases]

    assert len(cases) >= 40
    assert b_cubed(gold, BENCH["clusters"](merge(extractions, DOMAIN))).f1 >= 0.95
    assert b_cubed(gold, BENCH["by_name"](extractions)).f1 < 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("cq-1", "重庆市总工会"), ("cq-2", "市总工会")),
        (("cq-3", "重庆总工会"), ("cq-2", "市总工会")),
        (("fz-2", "市总工会"), ("fz-1", "福州市总工会")),
        (("cq-3", "重庆市南岸区总工会"), ("cq-5", "南岸区总工会")),
        (("fz-1", "鼓楼区总工会"), ("fz-3", "福州市鼓楼区总工会")),
        (("lw-1", "长安汽车"), ("lw-2", "重庆长安汽车股份有限公司")),
        (("rn-1", "江汉重型装备股份有限公司"), ("rn-2", "江汉矿山机械厂")),
        (("lw-1", "李伟"), ("lw-2", "李伟")),
        (("ab-1", "中华全国总工会"), ("ab-3", "全总")),
        (("ct-3", "重庆市职工职业技能大赛"), ("ct-2", "2024年重庆市职工职业技能大赛")),
    ],
)
def test_two_names_are_one_thing(united, one, other):
    assert named_in(united, *one) == named_in(united, *other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("fz-2", "市总工会"), ("cq-2", "市总工会")),
        (("fz-1", "鼓楼区总工会"), ("nj-1", "鼓楼区总工会")),
        (("cq-1", "南岸区总工会"), ("cq-1", "重庆市总工会")),
        (("lw-1", "李伟"), ("lw-3", "李伟")),
        (("lw-1", "李伟"), ("lw-5", "李伟")),
        (("hd-1", "宏达机械"), ("hd-3", "宏达机械")),
        (("ct-3", "重庆市职工职业技能大赛"), ("ct-4", "重庆市职工职业技能大赛")),
        (("hs-1", "人民医院"), ("hs-2", "人民医院")),
        (("tn-2", "城关区"), ("tn-3", "城关区")),
    ],
)
def test_one_name_is_two_things(united, one, other):
    assert named_in(united, *one) != named_in(united, *other)


def test_what_nothing_settles_is_a_candidate_with_its_reason(united):
    unknown = named_in(united, "gl-0", "鼓楼区总工会")
    pairs = {frozenset((c.first.id, c.second.id)): c for c in candidates(united)}

    assert frozenset((unknown, named_in(united, "fz-1", "鼓楼区总工会"))) in pairs
    people = pairs[frozenset((named_in(united, "lw-1", "李伟"), named_in(united, "lw-5", "李伟")))]
    assert people.reason == "same-name"
    assert "李伟" in people.explanation


def test_unions_of_two_cities_are_no_candidates_though_both_are_the_municipal_union_at_home(united):
    pairs = {frozenset((c.first.id, c.second.id)) for c in candidates(united)}
    one, other = named_in(united, "fz-2", "市总工会"), named_in(united, "cq-2", "市总工会")

    assert frozenset((one, other)) not in pairs


def test_all_unions_of_sichuan_are_one_query(united):
    asked = """SELECT DISTINCT ?name {
      ?union a kg:TradeUnion ; kg:areaCode ?code ; skos:prefLabel ?name FILTER STRSTARTS(?code, "51")
    } ORDER BY ?name"""

    assert query(united, asked).rows == [("四川省总工会",), ("成都市总工会",)]


def test_places_lie_in_places(united):
    asked = """SELECT DISTINCT ?name {
      ?place a kg:Place ; schema:containedInPlace/skos:prefLabel "重庆"@zh ; skos:prefLabel ?name }"""

    assert query(united, asked).rows == [("南岸区",)]
