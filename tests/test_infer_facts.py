"""What follows from a graph by the ontology, and stays apart from what documents state."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib

from kg.domain import Domain
from kg.errors import DomainError, FormatError, GraphError
from kg.rdf import Bases, Options, open_graph, query, turtle, write_turtle
from kg.rdf.inference import infer, write_inferred

DOMAIN = Domain.default()
IN_SCHEMA_ORG = """
SELECT ?event ?organizer {
  ?e a schema:Event ; schema:name ?event ; schema:organizer ?o . ?o a schema:WorkersUnion ; schema:name ?organizer }"""


def written(graph, folder, **options: object):
    path = folder / "graph.ttl"
    write_turtle(graph, path, options=Options(**options))
    return path


def test_a_query_in_schema_org_words_alone_is_answered(graph):
    assert query(graph, IN_SCHEMA_ORG).rows == []
    assert query(open_graph(graph, inferred=True), IN_SCHEMA_ORG).rows == [("智汇渝州", "重庆市总工会")]


@pytest.mark.parametrize(
    "asked",
    [
        "?union a org:Organization, prov:Agent, kg:Agent, schema:Organization",
        "?x kg:organizedBy ?union . ?union a kg:TradeUnion",
        "?x schema:contributor ?union . ?union a kg:TradeUnion",
        "?o a schema:Observation ; schema:observationAbout ?x ; schema:value ?v",
        "?e kg:when ?d ; time:hasTime ?d",
        "?x schema:alternateName '市总工会'@zh",
    ],
)
def test_what_follows(graph, asked):
    assert query(graph, f"ASK {{ {asked} }}").boolean is False
    assert query(open_graph(graph, inferred=True), f"ASK {{ {asked} }}").boolean is True


def test_part_of_reaches_on_and_has_its_inverse():
    store = ox.Store()
    text = "@prefix kg: <https://kg.example/ontology#> . <a:1> kg:partOf <a:2> . <a:2> kg:partOf <a:3> . "
    text += "<a:1> kg:cooperatesWith <a:4> . <a:1> a kg:Company . <a:2> a kg:Company ."
    store.load(input=text, format=ox.RdfFormat.TURTLE)
    infer(store, DOMAIN)
    said = {
        (q.subject.value, q.predicate.value.split("#")[-1].split("/")[-1], q.object.value)
        for q in store
        if q.object.value.startswith("a:") and q.graph_name != ox.DefaultGraph()
    }

    assert {("a:1", "partOf", "a:3"), ("a:3", "hasPart", "a:1"), ("a:4", "cooperatesWith", "a:1")} <= said
    assert {("a:1", "parentOrganization", "a:2"), ("a:1", "subOrganizationOf", "a:2")} <= said
    assert ("a:1", "partOf", "a:2") not in said


def test_nothing_asserted_is_touched_and_nothing_inferred_is_asserted(graph, tmp_path):
    path = written(graph, tmp_path)
    found = write_inferred(path, tmp_path / "out.trig", DOMAIN)
    quads = list(ox.parse(path=str(tmp_path / "out.trig")))
    inferred = {q.triple for q in quads if "inferred" in str(q.graph_name)}
    asserted = {q.triple for q in quads if q.graph_name == ox.DefaultGraph()}
    before = {q.triple for q in ox.parse(path=str(path))}

    assert len(inferred) == found > 0
    assert not inferred & asserted
    assert before < asserted
    assert {t.predicate.value for t in asserted - before} == {"http://www.w3.org/ns/prov#wasDerivedFrom"}
    assert query(tmp_path / "out.trig", IN_SCHEMA_ORG).rows == []
    assert query(open_graph(tmp_path / "out.trig", inferred=True), IN_SCHEMA_ORG).rows != []


def test_inferring_twice_gives_the_same_bytes(graph, tmp_path):
    write_inferred(written(graph, tmp_path), tmp_path / "a.trig", DOMAIN)
    write_inferred(tmp_path / "a.trig", tmp_path / "b.trig", DOMAIN)

    assert (tmp_path / "a.trig").read_bytes() == (tmp_path / "b.trig").read_bytes()


def test_what_follows_can_be_had_alone_in_any_form(graph, tmp_path):
    path = written(graph, tmp_path)
    found = write_inferred(path, tmp_path / "only.ttl", DOMAIN, only=True)

    assert len(rdflib.Graph().parse(tmp_path / "only.ttl")) == found
    with pytest.raises(FormatError, match="graph of its own"):
        write_inferred(path, tmp_path / "mixed.ttl", DOMAIN)


def test_other_bases_infer_alike(graph, tmp_path):
    path = written(graph, tmp_path, bases=Bases("urn:voc:", "urn:thing:"))

    assert query(open_graph(path, inferred=True), IN_SCHEMA_ORG).rows == [("智汇渝州", "重庆市总工会")]


def test_what_follows_agrees_with_a_reasoner(graph):
    owlrl = pytest.importorskip("owlrl")
    whole = rdflib.Graph().parse(data=turtle(graph), format="turtle")
    whole.parse(DOMAIN.file("ontology.ttl"))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(whole)
    opened = open_graph(graph, inferred=True)
    rules = {"name", "alternateName", "award", "parentOrganization", "subOrganizationOf", "superEvent"}
    ours = {
        (str(q.subject.value), q.predicate.value, str(q.object.value))
        for q in opened.store
        if "inferred" in str(q.graph_name) and q.predicate.value.split("/")[-1] not in rules
    }
    theirs = {(str(s), str(p), str(o).removesuffix(".0")) for s, p, o in whole}  # 131000.0 is 131000

    assert ours
    assert ours <= theirs


def test_a_wrong_rule_of_a_domain_is_named(tmp_path):
    (tmp_path / "ontology.ttl").write_bytes(DOMAIN.file("ontology.ttl").read_bytes())
    (tmp_path / "rules.toml").write_text('[odd]\nconstruct = "{ ?x"\n', encoding="utf-8")

    with pytest.raises(DomainError, match=r"\[odd\]"):
        infer(ox.Store(), Domain(tmp_path))


def test_the_commands_infer_and_load(command, graph, tmp_path):
    path = written(graph, tmp_path)
    assert "triples follow" in command("infer", path, "-o", tmp_path / "out.trig").out
    assert command("infer", path, "-o", tmp_path / "out.ttl").status == 2
    loaded = command("load", tmp_path / "out.trig", tmp_path / "store")
    assert loaded.status == 0, loaded.err
    assert command("load", tmp_path / "out.trig", tmp_path / "store").out == loaded.out
    asked = [command("query", tmp_path / "store", IN_SCHEMA_ORG, *more).out for more in ((), ("--inferred",))]
    assert ["重庆市总工会" in out for out in asked] == [False, True]


def test_a_store_is_left_as_it_was_where_a_file_is_wrong(command, graph, tmp_path):
    (tmp_path / "bad.ttl").write_text("<a:1> <a:2> ", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("x", encoding="utf-8")

    assert command("load", tmp_path / "bad.ttl", tmp_path / "store").status == 2
    assert not (tmp_path / "store").exists()
    command("load", written(graph, tmp_path), tmp_path / "store")
    assert command("load", tmp_path / "bad.ttl", tmp_path / "store").status == 2
    assert query(tmp_path / "store", "ASK { ?s a kg:TradeUnion }").boolean
    assert "no store" in command("load", tmp_path / "graph.ttl", tmp_path / "folder").err
    with pytest.raises(GraphError, match="no store"):
        query(tmp_path / "folder", "ASK { ?s ?p ?o }")
