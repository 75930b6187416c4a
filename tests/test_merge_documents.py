"""What a reader sees when several documents speak of the same things."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.errors import InvariantError
from kg.invariants import check_extraction, check_graph
from kg.merge import identifier, merge
from kg.model import Document, Entity, Evidence, Extraction, Fact, Field, Mark, Mention, Metadata, Observation, Span

DOMAIN = Domain.default()


def extraction(
    name: str,
    text: str,
    entities: list[tuple[str, str]],
    facts: list[tuple[int, str, int]] = (),
    observations: list[tuple[int, str, str]] = (),
) -> Extraction:
    """An extraction of a one-sentence document; entities are (class, name|alias|…), facts join their indices."""
    found = []
    for number, (kind, names) in enumerate(entities, 1):
        canonical, *aliases = names.split("|")
        mentions = tuple(
            Mention(name, Span(text.index(n), text.index(n) + len(n)), n, kind, "name", "test", 0.9)
            for n in (canonical, *aliases)
            if n in text
        )
        found.append(Entity(f"e{number}", kind, canonical, tuple(aliases), mentions))
    whole = Span(0, len(text))
    evidence = Evidence(name, whole, text, (Mark("head", Span(0, 1)),), "test", 0.8)
    return Extraction(
        Document(name, text, name),
        tuple(found),
        tuple(Fact(f"e{h + 1}", r, f"e{t + 1}", (evidence,)) for h, r, t in facts),
        tuple(
            Observation(f"o{n}", f"e{about + 1}", measure, Decimal(value), "人", None, None, None, value, (evidence,))
            for n, (about, measure, value) in enumerate(observations, 1)
        ),
    )


UNION, CITY, ROLE = ("TradeUnion", "福州市总工会|市总工会"), ("Place", "福州市|福州"), ("Role", "班长")


def test_one_name_in_two_documents_is_one_entity_with_the_mentions_and_aliases_of_both():
    graph = merge(
        [
            extraction("a", "福州市总工会开会，市总工会说。", [UNION]),
            extraction("b", "福州市总工会培训职工。", [("TradeUnion", "福州市总工会")]),
        ],
        DOMAIN,
    )

    (union,) = graph.entities("TradeUnion")
    assert union.name == "福州市总工会"
    assert union.aliases == ("市总工会",)
    assert {m.document for m in union.mentions} == {"a", "b"}


def test_unions_of_different_cities_stay_apart_though_both_are_called_the_city_union():
    graph = merge(
        [
            extraction("a", "福州市总工会开会，市总工会说。", [UNION]),
            extraction("b", "南平市总工会开会，市总工会说。", [("TradeUnion", "南平市总工会|市总工会")]),
        ],
        DOMAIN,
    )

    assert [e.name for e in graph.entities("TradeUnion")] == ["福州市总工会", "南平市总工会"]


def test_a_place_is_one_whether_its_suffix_is_written_or_not():
    graph = merge(
        [extraction("a", "福州市，福州。", [CITY]), extraction("b", "福州下雨。", [("Place", "福州")])],
        DOMAIN,
    )

    (city,) = graph.entities("Place")
    assert set(city.names) == {"福州市", "福州"}


def test_two_people_of_one_name_are_two_until_something_joins_them():
    def person(name: str, company: str) -> Extraction:
        text = f"李伟任职于{company}。"
        return extraction(name, text, [("Person", "李伟"), ("Company", company)], [(0, "worksFor", 1)])

    apart = merge([person("a", "甲公司"), person("b", "乙公司")], DOMAIN)
    together = merge([person("a", "甲公司"), person("b", "甲公司")], DOMAIN)

    assert len(apart.entities("Person")) == 2
    assert len({e.id for e in apart.entities("Person")}) == 2
    assert len(together.entities("Person")) == 1


def test_a_journalist_who_writes_for_one_paper_is_one_person():
    def by(name: str, paper: str) -> Extraction:
        written = extraction(name, "（记者 李伟）", [("Person", "李伟")])
        (person,) = written.entities
        byline = replace(person, mentions=tuple(replace(m, kind="metadata") for m in person.mentions))
        document = replace(written.document, metadata=Metadata(publisher=Field(paper)))
        return replace(written, document=document, entities=(byline,))

    graph = merge([by("a", "甲报"), by("b", "甲报"), by("c", "乙报")], DOMAIN)

    assert sorted(len(e.mentions) for e in graph.entities("Person")) == [1, 2]


def test_the_same_fact_in_two_documents_has_the_evidence_of_both():
    both = [
        extraction(n, f"福州市总工会在福州。{n}", [UNION, ("Place", "福州")], [(0, "locatedIn", 1)]) for n in ("a", "b")
    ]

    (fact,) = merge(both, DOMAIN).facts()

    assert [e.document for e in fact.evidence] == ["a", "b"]


def test_cooperation_is_written_once_whichever_side_a_document_names_first():
    names = [("Company", "甲公司"), ("Company", "乙公司")]
    graph = merge(
        [
            extraction("a", "甲公司与乙公司签约。", names, [(0, "cooperatesWith", 1)]),
            extraction("b", "乙公司与甲公司签约。", names, [(1, "cooperatesWith", 0)]),
        ],
        DOMAIN,
    )

    assert len(graph.facts(relation="cooperatesWith")) == 1


def test_thousands_of_figures_of_one_measure_stay_apart():
    figures = [(0, "职工", str(number)) for number in range(20_000)]

    assert len(merge([extraction("a", "福州市总工会开会。", [UNION], [], figures)], DOMAIN).observations()) == 20_000


def test_what_is_planned_is_kept_out_of_the_facts():
    planned = extraction("a", "福州市总工会在福州。", [UNION, ("Place", "福州")], [(0, "locatedIn", 1)])
    planned = replace(planned, facts=tuple(replace(f, modality="planned") for f in planned.facts))

    graph = merge([planned], DOMAIN)

    assert graph.facts() == []
    assert graph.network.number_of_edges() == 0
    assert [(f.relation, f.modality) for f in graph.unasserted()] == [("locatedIn", "planned")]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(4)), st.randoms(use_true_random=False))
def test_the_graph_does_not_depend_on_the_order_of_documents(order: list[int], chance: random.Random):
    documents = [
        extraction("a", "福州市总工会在福州。", [UNION, CITY], [(0, "locatedIn", 1)], [(0, "职工", "12")]),
        extraction("b", "李伟在福州市总工会。", [("Person", "李伟"), UNION], [(0, "worksFor", 1)]),
        extraction("c", "李伟在乙公司。", [("Person", "李伟"), ("Company", "乙公司")], [(0, "worksFor", 1)]),
        extraction("d", "李伟是福州市总工会的。", [("Person", "李伟"), UNION], [(0, "worksFor", 1)]),
    ]
    reference = merge(documents, DOMAIN)

    shuffled = [documents[i] for i in order]
    chance.shuffle(shuffled)
    graph = merge(shuffled, DOMAIN)

    assert graph.entities() == reference.entities()
    assert graph.facts() == reference.facts()
    assert graph.observations() == reference.observations()


def test_identifiers_are_ascii_and_tell_classes_and_homonyms_apart():
    assert identifier("Place", "重庆市") == "Place-chongqingshi-" + identifier("Place", "重庆市")[-6:]
    assert identifier("Honor", "大国工匠").isascii()
    assert identifier("Person", "李伟", "a") != identifier("Person", "李伟", "b")
    assert identifier("Person", "李伟") != identifier("Role", "李伟")


def test_entities_are_found_by_superclass_and_by_any_spelling_of_a_name():
    graph = merge([extraction("a", "“福茶”学院在福州。", [("School", "“福茶”学院"), CITY])], DOMAIN)

    assert [e.name for e in graph.entities("Organization")] == ["“福茶”学院"]
    assert graph.entities(name="福茶学院") == graph.entities("School")


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (lambda x: replace(x, facts=(replace(x.facts[0], evidence=()),)), "without evidence"),
        (lambda x: replace(x, facts=(replace(x.facts[0], relation="studiedAt"),)), "studiedAt"),
        (lambda x: replace(x, entities=(replace(x.entities[0], mentions=()), x.entities[1])), "without a mention"),
        (lambda x: replace(x, document=replace(x.document, text="别的文字" * 9)), "福州市总工会"),
    ],
)
def test_a_build_that_breaks_a_promise_fails_and_says_which(broken, named):
    sound = extraction("a", "福州市总工会在福州。", [UNION, ("Place", "福州")], [(0, "locatedIn", 1)])
    check_extraction(sound, DOMAIN)
    check_graph(merge([sound], DOMAIN))

    with pytest.raises(InvariantError, match=named):
        check_extraction(broken(sound), DOMAIN)
