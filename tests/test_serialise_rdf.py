"""The same graph in every serialisation, whoever reads it; and what it says of where its facts come from."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import PROV, RDF
from test_write_turtle import HOSTILE, assert_same, small

from kg.errors import FormatError, GraphError, InvariantError
from kg.export import FORMATS
from kg.rdf import Bases, Options, Provenance, query, read_turtle, to_rdflib, turtle

KG = rdflib.Namespace(Bases().schema)
SERIALISATIONS = {"turtle": "turtle", "trig": "trig", "ntriples": "nt", "nquads": "nquads", "jsonld": "json-ld"}
SERIALISATIONS["rdfxml"] = "xml"
# rdflib warns of its own insides when it reads a dataset.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Dataset:DeprecationWarning", "ignore:ConjunctiveGraph:DeprecationWarning"
)
RAPPER = shutil.which("rapper")
IN_RAPPER = {"turtle": "turtle", "trig": "trig", "ntriples": "ntriples", "nquads": "nquads", "rdfxml": "rdfxml"}


def written(graph, name: str, folder: Path, **options: object) -> Path:
    path = folder / FORMATS[name].file
    FORMATS[name].write(graph, path, rdf=Options(**options))
    return path


def isomorphic(one: rdflib.Graph, other: rdflib.Graph) -> bool:
    """Without blank nodes the same graph is the same set of triples."""
    assert not [term for triple in one for term in triple if isinstance(term, rdflib.BNode)]
    return set(one) == set(other)


def by_rdflib(path: Path, form: str) -> rdflib.Graph:
    """Everything in the file, of whatever graph."""
    found = rdflib.Dataset(default_union=True) if form in {"trig", "nquads", "json-ld"} else rdflib.Graph()
    found.parse(path, format=form)
    whole = rdflib.Graph()
    for triple in found.triples((None, None, None)):
        whole.add(triple)
    return whole


def by_oxigraph(path: Path) -> rdflib.Graph:
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    lines = ox.serialize((quad.triple for quad in ox.parse(path=str(path), format=form)), format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(lines, format="nt")


@pytest.mark.parametrize("name", SERIALISATIONS)
def test_every_serialisation_says_the_same(graph, seeds_graph, name, tmp_path):
    for one in (graph, seeds_graph):
        path = written(one, name, tmp_path)
        expected = to_rdflib(one)

        assert isomorphic(by_rdflib(path, SERIALISATIONS[name]), expected)
        assert isomorphic(by_oxigraph(path), expected)
        assert_same(one, read_turtle(path, one.domain))


@pytest.mark.skipif(not RAPPER, reason="rapper (raptor2-utils) is not installed")
@pytest.mark.parametrize("name", IN_RAPPER)
def test_rapper_reads_the_same(graph, seeds_graph, name, tmp_path):
    for one in (graph, seeds_graph):
        path = written(one, name, tmp_path)
        done = subprocess.run(["rapper", "-q", "-i", IN_RAPPER[name], str(path)], capture_output=True, check=True)

        assert isomorphic(rdflib.Graph().parse(done.stdout, format="nt"), to_rdflib(one))


@pytest.mark.parametrize("name", [name for name in SERIALISATIONS if name != "rdfxml"])
def test_hostile_words_stay_as_they_are(name, tmp_path):
    graph = small(HOSTILE, f"{HOSTILE}甲", rule=HOSTILE)

    assert isomorphic(by_oxigraph(written(graph, name, tmp_path)), to_rdflib(graph))


def test_xml_keeps_line_ends_and_says_what_it_cannot_hold(tmp_path):
    held = small("甲\r\n乙\r丙\n", "a\rb")

    assert isomorphic(by_rdflib(written(held, "rdfxml", tmp_path), "xml"), to_rdflib(held))
    with pytest.raises(FormatError, match=r"U\+000B"):
        written(small("甲\x0b乙。"), "rdfxml", tmp_path)


@pytest.mark.parametrize("name", SERIALISATIONS)
def test_half_a_character_is_refused(name, tmp_path):
    with pytest.raises(InvariantError, match="half a character"):
        written(small(rule="\udc80"), name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_json_ld_has_a_context_and_plain_values(graph, ids, tmp_path):
    text = written(graph, "jsonld", tmp_path).read_text(encoding="utf-8")

    assert (
        '"skos:prefLabel": {\n   "@id": "http://www.w3.org/2004/02/skos/core#prefLabel",\n   "@language": "zh"' in text
    )
    assert f'"@id": "id:{ids["重庆市总工会"]}"' in text
    assert '"skos:prefLabel": "重庆市总工会"' in text


@pytest.mark.parametrize("name", SERIALISATIONS)
def test_the_bytes_are_the_same_each_time(graph, name, tmp_path):
    first = written(graph, name, tmp_path).read_bytes()

    assert written(graph, name, tmp_path).read_bytes() == first


def test_without_provenance_facts_stay_and_words_go(graph, tmp_path):
    found = by_rdflib(written(graph, "turtle", tmp_path, provenance=Provenance.NONE), "turtle")
    whole = to_rdflib(graph)
    relations = {KG[name] for name in graph.domain.relations}

    assert {t for t in found if t[1] in relations} == {t for t in whole if t[1] in relations}
    assert set(found.objects(None, KG.value)) == set(whole.objects(None, KG.value))
    assert not list(found.subjects(RDF.type, RDF.Statement))
    assert "重庆市总工会和市科协共同主办" not in "".join(map(str, found.objects()))
    assert {t for t in found if t not in whole} == {
        (rdflib.URIRef(f"{Bases().things}graph"), KG.provenance, rdflib.Literal("none"))
    }


def test_each_document_has_a_graph_of_what_it_states(graph, ids, tmp_path):
    path = written(graph, "trig", tmp_path, provenance=Provenance.NAMED_GRAPHS)
    where = query(
        path,
        f"SELECT ?file {{ GRAPH ?g {{ id:{ids['重庆市总工会']} kg:organizes ?event }} "
        "?g prov:wasDerivedFrom/dcterms:identifier ?file } ORDER BY ?file",
    )

    assert where.rows == [("b.txt",), ("新闻/a “1”.txt",)]
    assert query(path, f"SELECT ?who {{ ?who kg:organizes id:{ids['智汇渝州']} }}").rows
    plain = by_rdflib(written(graph, "turtle", tmp_path, provenance=Provenance.NONE), "turtle")
    named = by_rdflib(path, "trig")
    relations = {KG[name] for name in (*graph.domain.relations, "when", "value", "relatedTo", "about")}
    assert {t for t in named if t[1] in relations} == {t for t in plain if t[1] in relations}


def test_reifiers_say_as_much_as_statements(graph, seeds_graph, tmp_path):
    for one in (graph, seeds_graph):
        path = written(one, "turtle", tmp_path, provenance=Provenance.RDF12)

        assert_same(one, read_turtle(path, one.domain))
        assert len(path.read_bytes()) < len(turtle(one).encode())
    asked = query(path, "SELECT ?s { ?e kg:organizes ?x ~ ?r . ?r prov:wasDerivedFrom/nif:anchorOf ?s }")
    assert asked.rows


@pytest.mark.parametrize(
    ("name", "provenance"),
    [("turtle", "named-graphs"), ("ntriples", "named-graphs"), ("rdfxml", "named-graphs"), ("jsonld", "rdf12")],
)
def test_a_format_that_cannot_hold_a_provenance_says_which_can(graph, name, provenance, tmp_path):
    with pytest.raises(FormatError, match=f"{name} cannot hold provenance as {provenance}; .*trig"):
        written(graph, name, tmp_path, provenance=Provenance(provenance))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("provenance", ["none", "named-graphs"])
def test_a_graph_without_its_evidence_is_not_read_back(graph, provenance, tmp_path):
    path = written(graph, "trig", tmp_path, provenance=Provenance(provenance))

    with pytest.raises(GraphError, match=f"written with --provenance {provenance}"):
        read_turtle(path, graph.domain)


def test_the_time_of_the_build_is_told_only_where_asked(graph, tmp_path):
    now = datetime(2024, 10, 8, 9, 30, tzinfo=UTC)
    told = by_rdflib(written(graph, "turtle", tmp_path, timestamp=now), "turtle")

    assert [str(t) for t in told.objects(None, PROV.endedAtTime)] == ["2024-10-08T09:30:00+00:00"]
    assert not list(to_rdflib(graph).objects(None, PROV.endedAtTime))


def test_the_command_writes_what_is_asked_for(command, tmp_path):
    (tmp_path / "a.txt").write_text("重庆市总工会举办了创新方法培训班。\n", encoding="utf-8")
    done = command(
        "build",
        "a.txt",
        "-o",
        "out",
        "--format",
        "trig,nquads",
        "--provenance",
        "named-graphs",
        "--timestamp",
        cwd=tmp_path,
    )

    assert done.status == 0, done.err
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["graph.nq", "graph.trig"]
    assert re.search(r'endedAtTime "20\d\d-', (tmp_path / "out" / "graph.trig").read_text(encoding="utf-8"))
    default = command("build", "a.txt", "-o", "all", "--provenance", "named-graphs", cwd=tmp_path)
    assert default.status == 0, default.err
    assert (tmp_path / "all" / "graph.trig").exists()
    refused = command("build", "a.txt", "-o", "no", "--format", "turtle", "--provenance", "named-graphs", cwd=tmp_path)
    assert (refused.status, (tmp_path / "no").exists()) == (2, False)
    assert "cannot hold" in refused.err
