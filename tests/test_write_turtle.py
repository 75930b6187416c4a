"""A graph goes out as Turtle that every parser reads alike, and comes back whole."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import PROV, RDF, SDO, SKOS, XSD

from kg.domain import Domain
from kg.errors import GraphError, InvariantError, TargetError
from kg.merge import KnowledgeGraph, identifier
from kg.model import Document, Entity, Evidence, Fact, Field, Mark, Mention, Metadata, Observation, Span
from kg.rdf import Bases, read_turtle, to_rdflib, turtle, write_turtle
from kg.rdf.vocabulary import NIF

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent
KG = rdflib.Namespace(Bases().schema)
ID = rdflib.Namespace(Bases().things)
DOMAIN = Domain.default()
RAPPER = shutil.which("rapper")
# Line ends, quotes, escapes, controls, invisible and turning characters, no characters at all, rare planes.
HOSTILE = (
    '\'"""\' \\ \\u0041 \r\n\t\x00\x01\x0b\x7f\x85\xad\u061c\u200b\u200d\u202e\u2028\ufeff\ufdd0 '
    "😀𠮷 <a> {b} ^^@zh . # \U0010ffff"
)


def count_in_rapper(path: Path) -> int:
    command = ["rapper", "-c", "-i", "turtle", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stderr.split("returned ")[1].split()[0])


def written(graph: KnowledgeGraph, folder: Path) -> Path:
    path = folder / "graph.ttl"
    write_turtle(graph, path)
    return path


def assert_same(one: KnowledgeGraph, other: KnowledgeGraph) -> None:
    assert other.documents == one.documents
    assert other.entities() == one.entities()
    assert other.facts() == one.facts()
    assert other.unasserted() == one.unasserted()
    assert other.open_facts() == one.open_facts()
    assert other.observations() == one.observations()
    assert other.datings() == one.datings()


def small(
    text: str = "甲办乙。",
    name: str = "甲",
    identifier_: str = "a.txt",
    rule: str = "r",
    confidence: float = 0.5,
    **number: object,
) -> KnowledgeGraph:
    """A graph of one document, one entity, one figure; any words anywhere."""
    document = Document(identifier_, text, "0" * 64, metadata=Metadata(title=Field(name), editors=(Field(text),)))
    whole = Span(0, len(text))
    entity = Entity(
        identifier("Group", name),
        "Group",
        name,
        (name + "2",),
        (Mention(document.id, whole, text, "Group", "name", rule, confidence),),
    )
    evidence = Evidence(document.id, whole, text, (Mark("number", whole),), rule, confidence)
    figure = Observation(
        **{
            "id": identifier("Observation", name),
            "about": entity.id,
            "measure": text,
            "value": Decimal(1),
            "unit": name,
            "qualifier": None,
            "period": text,
            "modality": None,
            "surface": text,
            "evidence": (evidence,),
            **number,
        }
    )
    return KnowledgeGraph(DOMAIN, documents=[document], entities=[entity], facts=[], observations=[figure])


def test_a_graph_comes_back_whole(graph, tmp_path):
    assert_same(graph, read_turtle(written(graph, tmp_path), DOMAIN))


def test_the_graph_of_the_seeds_comes_back_whole(seeds_graph, tmp_path):
    assert_same(seeds_graph, read_turtle(written(seeds_graph, tmp_path), seeds_graph.domain))


def test_a_graph_read_back_is_written_the_same(graph, tmp_path):
    path = written(graph, tmp_path)

    assert turtle(read_turtle(path, DOMAIN)) == path.read_text(encoding="utf-8")


def test_every_parser_finds_the_same_triples(graph, tmp_path):
    path = written(graph, tmp_path)
    by_rdflib = rdflib.Graph().parse(path, format="turtle")
    by_oxigraph = {tuple(map(str, quad.triple)) for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)}

    assert set(by_rdflib) == set(to_rdflib(graph))
    assert len(by_oxigraph) == len(by_rdflib)


@pytest.mark.skipif(not RAPPER, reason="rapper (raptor2-utils) is not installed")
def test_rapper_finds_as_many_triples(graph, seeds_graph, tmp_path):
    for one in (graph, seeds_graph):
        assert count_in_rapper(written(one, tmp_path)) == len(to_rdflib(one))


@pytest.mark.skipif(not RAPPER, reason="rapper (raptor2-utils) is not installed")
@pytest.mark.parametrize("text", [HOSTILE, "\ufffe", "\uffff", "a\ufffeb\uffff"])
def test_rapper_reads_hostile_words(text, tmp_path):
    graph = small(text=text, name=f"{text}甲")

    assert count_in_rapper(written(graph, tmp_path)) == len(to_rdflib(graph))


@settings(deadline=None, max_examples=150)
@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1) | st.just(HOSTILE),
    name=st.text(st.characters(codec="utf-8"), min_size=1),
    document=st.text(st.characters(codec="utf-8"), min_size=1),
    rule=st.text(st.characters(codec="utf-8"), min_size=1),
    confidence=st.floats(0, 1),
    value=st.decimals(allow_nan=False, allow_infinity=False),
)
def test_any_words_come_back_as_they_were(tmp_path_factory, text, name, document, rule, confidence, value):  # noqa: PLR0917
    graph = small(text, name, document, rule, confidence, value=value, minimum=value)
    path = written(graph, tmp_path_factory.mktemp("hostile"))

    assert_same(graph, read_turtle(path, DOMAIN))
    assert set(rdflib.Graph().parse(path, format="turtle")) == set(to_rdflib(graph))


@pytest.mark.parametrize(
    "document", ["a b.txt", "a“b”\"c'.txt", "二〇二四/新闻 1.txt", "A.txt", "a.txt", "😀", "%20#?.txt"]
)
def test_documents_of_any_name_get_ascii_names_and_keep_theirs(document, tmp_path):
    path = written(small(identifier_=document), tmp_path)

    assert [d.id for d in read_turtle(path, DOMAIN).documents.values()] == [document]
    assert Bases().document(document).isascii()


def test_documents_whose_names_differ_only_in_case_stay_apart():
    assert Bases().document("A.txt") != Bases().document("a.txt")


def test_a_fact_is_a_direct_triple(graph, ids):
    triples = to_rdflib(graph)

    assert (ID[ids["重庆市总工会"]], KG.organizes, ID[ids["智汇渝州"]]) in triples
    assert triples.value(ID[ids["重庆市总工会"]], SKOS.prefLabel) == rdflib.Literal("重庆市总工会", lang="zh")
    assert set(triples.objects(ID[ids["重庆市总工会"]], RDF.type)) == {KG.TradeUnion}


def test_what_is_planned_is_no_triple_of_its_own(graph, ids):
    triples = to_rdflib(graph)
    [planned] = triples.subjects(RDF.type, KG.UnassertedStatement)

    assert not list(triples.triples((None, KG.establishes, None)))
    assert triples.value(planned, RDF.object) == ID[ids["智汇学院"]]
    assert triples.value(planned, KG.modality) == rdflib.Literal("planned")
    assert (planned, RDF.type, RDF.Statement) not in triples


def test_an_open_relation_has_its_own_words_and_is_none_of_the_closed_ones(graph, ids):
    triples = to_rdflib(graph)
    [statement] = triples.subjects(RDF.type, KG.OpenStatement)

    assert triples.value(statement, KG.predicate) == rdflib.Literal("惠及", lang="zh")
    assert triples.value(statement, RDF.predicate) == KG.relatedTo
    assert (ID[ids["智汇渝州"]], KG.relatedTo, ID[ids["职工"]]) in triples
    assert (statement, RDF.type, RDF.Statement) not in triples


def test_every_statement_rests_on_a_sentence_that_stands_in_the_text(graph):
    triples = to_rdflib(graph)
    statements = list(triples.subjects(RDF.type, RDF.Statement))

    assert len(statements) == sum(len(f.evidence) for f in graph.facts())
    for statement in statements:
        sentence = triples.value(statement, PROV.wasDerivedFrom)
        text = str(triples.value(triples.value(sentence, NIF.referenceContext), NIF.isString))
        begin, end = (int(triples.value(sentence, p)) for p in (NIF.beginIndex, NIF.endIndex))
        assert text[begin:end] == str(triples.value(sentence, NIF.anchorOf))


def test_an_observation_has_its_number_as_a_decimal(graph):
    triples = to_rdflib(graph)
    node = triples.value(predicate=KG.surface, object=rdflib.Literal("近13.1万人次"))

    assert triples.value(node, KG.value).datatype == XSD.decimal
    assert triples.value(node, KG.value).toPython() == 131000
    assert str(triples.value(node, KG.unit)) == "人次"
    assert len(list(triples.objects(node, PROV.wasDerivedFrom))) == 2


def test_a_byline_is_the_outlet_where_that_is_known(graph, ids):
    triples = to_rdflib(graph)
    article = Bases().document("新闻/a “1”.txt")

    assert triples.value(article, SDO.publisher) == ID[ids["渝州日报"]]
    assert triples.value(article, SDO.datePublished) == rdflib.Literal("2024-11-05", datatype=XSD.date)
    assert {str(a) for a in triples.objects(article, SDO.author)} == {"甲", "乙"}


def test_only_entities_bear_a_class_of_the_domain(graph):
    triples = to_rdflib(graph)
    classed = [s for name in DOMAIN.classes for s in triples.subjects(RDF.type, KG[name])]

    assert len(classed) == len(set(classed)) == len(graph.entities())
    assert set(triples.subjects(SKOS.prefLabel)) == set(classed)


def test_the_order_of_what_comes_in_does_not_matter(graph):
    def shuffled(things: list) -> list:
        return random.Random(7).sample(things, len(things))

    other = KnowledgeGraph(
        graph.domain,
        documents=shuffled(list(graph.documents.values())),
        entities=shuffled(graph.entities()),
        facts=shuffled([*graph.facts(), *graph.unasserted(), *graph.open_facts()]),
        observations=shuffled(graph.observations()),
        datings=shuffled(graph.datings()),
    )

    assert turtle(other) == turtle(graph)


def test_the_bytes_do_not_depend_on_the_hash_seed(graph):
    program = (
        "import sys; sys.path.insert(0, 'tests'); from hand_made import make_graph; from kg.rdf import turtle; "
        "sys.stdout.buffer.write(turtle(make_graph()).encode())"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        assert done.stdout.decode() == turtle(graph)


def test_both_base_iris_can_be_chosen(graph, tmp_path):
    bases = Bases("https://example.org/voc/", "urn:graph:")
    path = tmp_path / "graph.ttl"
    write_turtle(graph, path, bases=bases)

    assert "kg.example" not in path.read_text(encoding="utf-8")
    assert_same(graph, read_turtle(path, DOMAIN))
    assert set(rdflib.Graph().parse(path, format="turtle")) == set(to_rdflib(graph, bases=bases))


@pytest.mark.parametrize("base", ["", "no scheme", "https://a b/", "https://a/<"])
def test_a_base_that_is_no_iri_is_refused(base):
    with pytest.raises(ValueError, match="no absolute IRI"):
        Bases(things=base)


def test_half_a_character_is_refused(tmp_path):
    with pytest.raises(InvariantError, match=r"U\+DC80"):
        write_turtle(small(rule="\udc80"), tmp_path / "graph.ttl")
    assert not list(tmp_path.iterdir())


def test_a_target_that_cannot_be_written_is_named_and_nothing_is_left(graph, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for target in (tmp_path / "file" / "graph.ttl", tmp_path):
        with pytest.raises(TargetError, match="cannot be written"):
            write_turtle(graph, target)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_an_earlier_graph_is_kept_where_writing_fails(graph, tmp_path, monkeypatch):
    path = written(graph, tmp_path)
    before = path.read_bytes()

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(TargetError, match="No space left"):
        write_turtle(small(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        ("<a> <b>", "not a Turtle file"),
        ("\x00\x01", "not a Turtle file"),
        ("<http://a.example/a> <http://a.example/b> 1 .", "no graph that kg wrote"),
    ],
)
def test_a_file_that_is_no_graph_is_refused_with_the_reason(content, reason, tmp_path):
    path = tmp_path / "graph.ttl"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(GraphError, match=reason) as caught:
        read_turtle(path, DOMAIN)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('nif:anchorOf "重庆市总工会"', 'nif:anchorOf "重庆市工会"'),
        ("nif:beginIndex 7 ", "nif:beginIndex 8 "),
        ('kg:confidence 0.9 ;\n    kg:rule "organize-1"', 'kg:rule "organize-1"'),
        ("a kg:TradeUnion", "a kg:Guild"),
    ],
)
def test_a_graph_that_was_tampered_with_is_refused(graph, old, new, tmp_path):
    path = written(graph, tmp_path)
    whole = path.read_text(encoding="utf-8")
    assert old in whole
    path.write_text(whole.replace(old, new), encoding="utf-8")

    with pytest.raises(GraphError, match="no graph that kg wrote"):
        read_turtle(path, DOMAIN)


def test_a_new_rule_or_certainty_changes_no_name(graph):
    def names(g: KnowledgeGraph) -> set[rdflib.term.Node]:
        return set(to_rdflib(g).subjects())

    surer = [
        replace(f, evidence=tuple(replace(e, rule="new", confidence=1.0) for e in f.evidence))
        for f in (*graph.facts(), *graph.unasserted(), *graph.open_facts())
    ]
    other = KnowledgeGraph(
        DOMAIN,
        documents=graph.documents.values(),
        entities=graph.entities(),
        facts=surer,
        observations=graph.observations(),
        datings=graph.datings(),
    )

    assert names(other) == names(graph)


def test_a_fact_of_many_sentences_has_one_edge_and_many_statements(graph, ids):
    triples = to_rdflib(graph)
    head, tail = ID[ids["重庆市总工会"]], ID[ids["智汇渝州"]]
    statements = [
        s
        for s in triples.subjects(RDF.subject, head)
        if (s, RDF.predicate, KG.organizes) in triples and (s, RDF.object, tail) in triples
    ]

    assert len(statements) == 3
    assert len({triples.value(s, PROV.wasDerivedFrom) for s in statements}) == 2
    assert isinstance(graph.facts(relation="organizes")[0], Fact)
