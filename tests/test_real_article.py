"""The article that the project grew from: what its graph must say. It is not ours, so it is read where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg

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
