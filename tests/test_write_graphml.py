"""Property graphs for graph tools, the report, and the choice of what is written."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import igraph
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import FormatError, GraphError, SourceError, TargetError
from kg.export import DEFAULT, FORMATS, select, write
from kg.export.flattening import flatten
from kg.export.graphml import read_graphml, write_graphml
from kg.export.report import report
from kg.merge import KnowledgeGraph
from kg.version import VERSION


def same(one: nx.MultiDiGraph, other: nx.MultiDiGraph) -> bool:
    return dict(one.nodes(data=True)) == dict(other.nodes(data=True)) and list(one.edges(keys=True, data=True)) == list(
        other.edges(keys=True, data=True)
    )


def renamed(graph: KnowledgeGraph, name: str, words: str) -> KnowledgeGraph:
    """The graph with other words in all its names and figures."""
    return KnowledgeGraph(
        graph.domain,
        documents=graph.documents.values(),
        entities=[replace(e, name=name, aliases=(words, name)) for e in graph.entities()],
        facts=graph.facts(),
        observations=[replace(o, measure=words, surface=name, value=Decimal(1)) for o in graph.observations()],
    )


def test_graphml_comes_back_as_it_was(graph, tmp_path):
    write_graphml(graph, tmp_path / "graph.graphml")

    assert same(read_graphml(tmp_path / "graph.graphml"), flatten(graph))


def test_igraph_reads_labels_and_parallel_edges(graph, ids, tmp_path):
    write_graphml(graph, tmp_path / "graph.graphml")
    loaded = igraph.Graph.Read_GraphML(str(tmp_path / "graph.graphml"))

    assert loaded.vcount() == len(graph.entities())
    assert loaded.ecount() == len(graph.facts())
    union, games = (loaded.vs.find(id=ids[name]) for name in ("重庆市总工会", "智汇渝州"))
    assert union["label"] == "重庆市总工会"
    assert union["aliases"] == "市总工会"
    parallel = loaded.es.select(_source=union.index, _target=games.index)
    assert sorted(parallel["relation"]) == ["organizes", "undertakes"]
    assert sorted(parallel["label"]) == ["主办", "承办"]


def test_nodes_and_edges_tell_what_they_rest_on(graph, ids):
    flat = flatten(graph)
    node = flat.nodes[ids["智汇渝州"]]
    edges = [d for _, _, d in flat.out_edges(ids["重庆市总工会"], data=True)]
    [organizes] = [d for d in edges if d["relation"] == "organizes"]

    assert node["class"] == "竞赛"
    assert node["documents"] == 2
    assert node["observations"] == "职工 近13.1万人次"
    assert organizes["evidence"] == 3
    assert organizes["documents"] == 2
    assert organizes["confidence"] == 0.9
    assert organizes["quotes"].count("主办") == 2
    assert {d["relation"] for d in edges} == {"organizes", "undertakes"}, "what is planned is no edge"


def test_edges_are_numbered(graph):
    assert sorted(key for _, _, key in flatten(graph).edges(keys=True)) == list(range(len(graph.facts())))


@settings(deadline=None, max_examples=60)
@given(name=st.text(st.characters(codec="utf-8"), min_size=1), words=st.text(st.characters(codec="utf-8")))
def test_any_words_survive_or_are_left_out_as_xml_demands(graph, tmp_path_factory, name, words):
    hostile = renamed(graph, f"{name}\x00\x0b\ufffe\r\n<&]]>\"'", words)
    path = tmp_path_factory.mktemp("hostile") / "graph.graphml"
    write_graphml(hostile, path)

    assert same(read_graphml(path), flatten(hostile))
    assert igraph.Graph.Read_GraphML(str(path)).vcount() == len(hostile.entities())


def test_an_empty_graph_is_written_too(graph, tmp_path):
    empty = KnowledgeGraph(graph.domain, documents=(), entities=(), facts=(), observations=())
    paths = write(empty, tmp_path, select("turtle,graphml,report"))

    assert [p.name for p in paths] == ["graph.ttl", "graph.graphml", "report.json"]
    assert read_graphml(paths[1]).number_of_nodes() == 0


def test_the_bytes_do_not_depend_on_lxml(graph, tmp_path, monkeypatch):
    write_graphml(graph, tmp_path / "a")
    monkeypatch.setitem(sys.modules, "lxml", None)
    write_graphml(graph, tmp_path / "b")

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert ET.parse(tmp_path / "a").getroot().tag.endswith("graphml")  # noqa: S314


@pytest.mark.parametrize("content", [None, "", "<a/>", "<graphml", "\x00"])
def test_what_is_no_graphml_is_named(content, tmp_path):
    path = tmp_path / "graph.graphml"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(GraphError, match=r"graph\.graphml: not a GraphML file"):
        read_graphml(path)


def test_the_report_counts_and_names_failures(graph, tmp_path):
    failures = [SourceError("z.txt", "the file is empty"), SourceError("y.bin", "not text")]
    [path] = write(graph, tmp_path, select("report"), failures=failures)
    found = json.loads(path.read_text(encoding="utf-8"))

    assert found["program"] == {"name": "jiangpu", "version": VERSION}
    assert found["domain"] == {"digest": graph.domain.digest}
    assert found["counts"] == {"documents": 2, "entities": 7, "facts": 4, "observations": 2, "failures": 2}
    assert found["classes"]["TradeUnion"] == 1
    assert found["relations"]["organizes"] == 2
    assert found["failures"] == [
        {"source": "y.bin", "reason": "not text"},
        {"source": "z.txt", "reason": "the file is empty"},
    ]
    first, second = found["documents"]
    assert (first["id"], first["title"], first["facts"]) == ("b.txt", None, 1)
    assert (second["title"], second["entities"], second["observations"]) == ("赛场😀新风", 7, 2)
    assert found == report(graph, failures)


def test_formats_are_chosen_by_name():
    assert [f.name for f in select("")] == list(DEFAULT)
    assert [f.file for f in select(" GraphML , report,graphml")] == ["graph.graphml", "report.json"]
    with pytest.raises(FormatError, match="pdf: no such format; there are turtle, html, graphml, observations, report"):
        select("turtle,pdf")


def test_every_format_says_what_it_is():
    assert len({f.file for f in FORMATS.values()}) == len(FORMATS)
    for chosen in FORMATS.values():
        assert chosen.zh
        assert chosen.en
        assert chosen.readers


def test_a_folder_that_is_a_file_is_named(graph, tmp_path):
    (tmp_path / "out").write_text("kept", encoding="utf-8")

    for name in ("turtle", "graphml", "report"):
        with pytest.raises(TargetError, match="cannot be written"):
            write(graph, tmp_path / "out", select(name))
    assert (tmp_path / "out").read_text(encoding="utf-8") == "kept"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
