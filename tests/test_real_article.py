"""The article that the project grew from: what its graph must say. It is not ours, so it is read where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.rdf import open_graph, query

ARTICLE = Path(__file__).parent.parent.parent / "shared" / "gold" / "seed" / "seed.txt"

pytestmark = pytest.mark.skipif(
    not ARTICLE.is_file(), reason=f"the article is not ours to ship: no {ARTICLE.name} beside"
)


@pytest.fixture(scope="module")
def article() -> kg.KnowledgeGraph:
    return kg.build(ARTICLE)


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("重庆市总工会", "TradeUnion"),
        ("重庆市科协", "Association"),
        ("长安汽车", "Company"),
        ("重庆工匠学院", "School"),
        ("刘太钟", "Person"),
        ("劳模工匠助企行", "Activity"),
        ("“目录+计分”人才认定机制", "Mechanism"),
        ("网上劳动和技能竞赛平台", "Platform"),
    ],
)
def test_its_names_are_found_and_typed(article, name, cls):
    assert [e.type for e in article.entities(name=name)] == [cls]


def test_both_organizers_of_the_training_course_are_found(article):
    (course,) = article.entities(name="2024年职工创新方法培训班")

    organizers = {article.entity(f.head).name for f in article.facts(relation="organizes", tail=course.id)}

    assert organizers == {"重庆市总工会", "重庆市科协"}


def test_its_figures_are_normalised(article):
    figures = [o for o in article.observations() if o.unit]

    assert len(figures) >= 10
    (reached,) = [o for o in figures if o.unit == "人次"]
    assert (reached.value, reached.surface) == (131000, "13.1万人次")


def test_every_fact_and_figure_shows_the_sentence_that_says_it(article):
    with ARTICLE.open(encoding="utf-8", newline="") as file:
        text = file.read()

    for stated in (*article.facts(), *article.observations()):
        for evidence in stated.evidence:
            assert text[evidence.sentence.begin : evidence.sentence.end] == evidence.quote
    for entity in article.entities():
        assert all(text[m.span.begin : m.span.end] == m.text for m in entity.mentions)


# What the issue asks of the graph, by SPARQL: about, measure, value, unit, modality, and the bound below.
ASKED = """
SELECT ?name ?modality ?least {
  ?o a kg:Observation ; kg:about/skos:prefLabel ?name ; kg:value ?value ; kg:unit ?unit .
  OPTIONAL { ?o kg:modality ?modality } OPTIONAL { ?o kg:minimum ?least }
  FILTER (?value = %s && ?unit = "%s")
} ORDER BY ?name
"""


@pytest.fixture(scope="module")
def opened(article):
    return open_graph(article)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (10, "所", [("重庆工匠学院", None, None)]),
        (5206, "班次", [("重庆工匠学院", None, None)]),
        (131000, "人次", [("重庆工匠学院", None, None)]),
    ],
    ids=["academies", "classes", "reached"],
)
def test_sparql_tells_what_a_figure_is_about(opened, value, unit, expected):
    assert query(opened, ASKED % (value, unit)).rows == expected


@pytest.mark.parametrize(
    ("value", "unit", "modality", "least"),
    [
        (30, "所", "planned", None),
        (860, "个", None, None),
        (15000, "人", None, "15000"),
        (300000, "元", None, None),
        (500000, "元", None, None),
        (2500, "家", None, "2500"),
        (2200000, "名", None, "2200000"),
    ],
    ids=["planned", "studios", "talents", "30 万元", "50 万元", "bodies", "workers"],
)
def test_sparql_finds_every_figure_asked_for_with_its_bound_and_whether_it_is_a_plan(
    opened, value, unit, modality, least
):
    assert [row[1:] for row in query(opened, ASKED % (value, unit)).rows] == [(modality, least)]


def test_sparql_tells_when_the_workers_took_part(opened):
    answer = query(
        opened, 'SELECT ?begin ?end { ?o kg:value 2200000.0 ; kg:unit "名" ; kg:begin ?begin ; kg:end ?end }'
    )

    assert answer.rows == [("2024", "2024-09-27")]
