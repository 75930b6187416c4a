"""What people decide lasts: decisions are checked, replayed at every build, and told as provenance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from test_merge_documents import extraction

from kg.domain import Domain
from kg.errors import DecisionError
from kg.merge import KnowledgeGraph, candidates, merge, read_decisions
from kg.rdf import query, read_turtle, to_rdflib, write_turtle
from kg.rdf.writing import turtle

DOMAIN = Domain.default()
SIGNED = ", author: 王芳, date: 2026-03-01, reason: 核实过"
PEOPLE = [
    extraction(n, f"李伟在{c}。", [("Person", "李伟"), ("Company", c)], [(0, "worksFor", 1)])
    for n, c in (("a.txt", "甲公司"), ("b.txt", "乙公司"), ("c.txt", "甲公司"))
]
MERGE = "- {do: merge, things: [{name: 李伟, documents: [a.txt]}, {name: 李伟, documents: [b.txt]}]" + SIGNED + "}\n"
SPLIT = "- {do: split, thing: {name: 李伟, class: Person}, documents: [c.txt]" + SIGNED + "}\n"


def decided(tmp_path: Path, text: str, documents=PEOPLE) -> KnowledgeGraph:
    path = tmp_path / "decisions.yaml"
    path.write_text(text, encoding="utf-8")
    return merge(documents, DOMAIN, read_decisions(path, DOMAIN))


def people(graph: KnowledgeGraph) -> list[set[str]]:
    return sorted(({m.document for m in e.mentions} for e in graph.entities("Person")), key=sorted)


def test_people_that_somebody_knows_to_be_one_are_merged(tmp_path):
    assert people(decided(tmp_path, "")) == [{"a.txt", "c.txt"}, {"b.txt"}]
    assert people(decided(tmp_path, MERGE)) == [{"a.txt", "b.txt", "c.txt"}]


def test_people_that_somebody_knows_to_be_two_are_split_and_no_longer_asked_about(tmp_path):
    graph = decided(tmp_path, SPLIT)

    assert people(graph) == [{"a.txt"}, {"b.txt"}, {"c.txt"}]
    asked = {frozenset(m.document for e in (c.first, c.second) for m in e.mentions) for c in candidates(graph)}
    assert asked == {frozenset({"a.txt", "b.txt"})}


def test_a_thing_is_renamed_and_retyped(tmp_path):
    both = (
        "- {do: rename, thing: 甲公司, name: 甲集团"
        + SIGNED
        + "}\n- {do: retype, thing: 乙公司, class: School"
        + SIGNED
        + "}\n"
    )
    graph = decided(tmp_path, both)

    (company,) = graph.entities("Company")
    assert (company.name, company.aliases) == ("甲集团", ("甲公司",))
    assert [e.name for e in graph.entities("School")] == ["乙公司"]


def test_a_fact_is_rejected_and_another_added_with_its_source(tmp_path):
    reject = "- {do: reject, head: 李伟, relation: worksFor, tail: 甲公司" + SIGNED + "}\n"
    assert len(decided(tmp_path, reject).facts()) == 1

    add = (
        "- {do: add, head: {name: 李伟, documents: [a.txt]}, relation: worksFor, tail: 乙公司, "
        "document: b.txt, quote: 李伟在乙公司" + SIGNED + "}\n"
    )
    graph = decided(tmp_path, add)
    (first,) = (e for e in graph.entities("Person") if e.mentions[0].document == "a.txt")
    (fact,) = (f for f in graph.facts(head=first.id) if graph.entity(f.tail).name == "乙公司")
    assert (fact.evidence[0].quote, fact.evidence[0].rule) == ("李伟在乙公司", "decision")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("- {do: forget, thing: 甲}", "not forget"),
        ("- {do: rename, thing: 甲, name: 乙, date: 2026-03-01, reason: r}", "author missing"),
        ("- {do: rename, thing: 甲, name: 乙, colour: red" + SIGNED + "}", "colour unknown"),
        ("- {do: retype, thing: 甲, class: Ghost" + SIGNED + "}", "Ghost is no class"),
        ("- {do: reject, head: 甲, relation: haunts, tail: 乙" + SIGNED + "}", "haunts is no relation"),
        ("- {do: merge, things: [甲]" + SIGNED + "}", "two or more"),
        ("- {do: rename, thing: 甲, name: 乙, author: a, date: yesterday, reason: r}", "no date"),
        ("- {do: rename, do: merge}", "stands twice"),
        ("do: rename", "a list of decisions"),
        ("- [", "not a YAML file"),
        (
            "- {thing: 甲, do: rename, name: 乙, author: a, date: 2026-11-31, reason: r}",
            "is no date.*line 2",
        ),
    ],
)
def test_a_wrong_decision_is_answered_with_its_place_and_reason(tmp_path, entry, why):
    with pytest.raises(DecisionError, match=why) as raised:
        decided(tmp_path, MERGE + entry if entry.startswith("- {") else entry)

    assert "decisions.yaml" in str(raised.value)
    assert not entry.startswith("- {do: re") or "decision 2" in str(raised.value) or "twice" in why


def test_a_decision_that_fits_nothing_changes_nothing_and_is_told(tmp_path):
    entries = "thing: 无名, name: 乙", "thing: 李伟, name: 李炜"
    graph = decided(tmp_path, "".join(f"- {{do: rename, {entry}{SIGNED}}}\n" for entry in entries))

    assert [reason for _, reason in graph.idle_decisions] == [
        "nothing is named 无名",
        "2 things are named 李伟; say in which documents",
    ]
    assert graph.entities() == merge(PEOPLE, DOMAIN).entities()


def test_decisions_are_provenance_and_survive_the_turtle(tmp_path):
    graph = decided(tmp_path, MERGE + SPLIT)
    asked = """SELECT ?who ?why { ?d a kg:Decision ; prov:wasAssociatedWith/schema:name ?who ;
      dcterms:description ?why ; prov:influenced/skos:prefLabel "李伟"@zh } LIMIT 1"""
    assert query(graph, asked).rows == [("王芳", "核实过")]

    write_turtle(graph, tmp_path / "g.ttl")
    again = read_turtle(tmp_path / "g.ttl")
    assert again.decisions == graph.decisions
    assert again.kept_apart == graph.kept_apart
    assert turtle(again) == turtle(graph)


@settings(max_examples=20, deadline=None)
@given(st.permutations(PEOPLE), st.permutations([MERGE, SPLIT]), st.booleans())
def test_decisions_replay_to_the_same_graph_for_any_order_of_documents(tmp_path_factory, order, decisions, add):
    text = "".join(decisions)
    folder = tmp_path_factory.mktemp("d")
    reference = turtle(decided(folder, text))

    assert turtle(decided(folder, text, order)) == reference
    # Removing what was added restores the bytes.
    more = (
        [*order, extraction("z.txt", "李伟在甲公司。", [("Person", "李伟"), ("Company", "甲公司")])] if add else order
    )
    decided(folder, text, more)
    assert turtle(decided(folder, text, [x for x in more if x.document.id != "z.txt"])) == reference


def test_a_graph_with_decisions_conforms_to_the_shapes(tmp_path):
    shapes, ontology = (Graph().parse(DOMAIN.path / name) for name in ("shapes.ttl", "ontology.ttl"))
    documents = [replace(x, document=replace(x.document, sha256="0" * 64)) for x in PEOPLE]
    data = to_rdflib(decided(tmp_path, MERGE + SPLIT, documents))

    conforms, _, told = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")

    assert conforms, told
