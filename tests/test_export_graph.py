"""Every format is written for its reader: it comes back as it was, or loads in the tool it is for with equal counts."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ndex2.cx2 import RawCX2NetworkFactory

from kg.errors import GraphError, TargetError
from kg.export import FORMATS, select, write
from kg.export.analysis import analyze
from kg.export.flattening import flatten
from kg.export.gexf import read_gexf, write_gexf
from kg.export.graphml import read_graphml, write_graphml
from kg.export.nodelink import read_cx2, read_cyjs, read_nodelink, write_cx2, write_cyjs, write_nodelink
from kg.export.parquet import read_parquet, write_parquet
from kg.export.sqlite import read_sqlite, write_sqlite
from kg.export.tables import read_tables, tables, write_tables
from kg.merge import KnowledgeGraph
from kg.rdf import read_turtle, write_turtle

NETWORKS = {
    "graphml": (write_graphml, read_graphml),
    "gexf": (write_gexf, read_gexf),
    "cx2": (write_cx2, read_cx2),
    "cyjs": (write_cyjs, read_cyjs),
    "nodelink": (write_nodelink, read_nodelink),
}
TABLES = {
    "tables": (write_tables, read_tables),
    "sqlite": (write_sqlite, read_sqlite),
    "parquet": (write_parquet, read_parquet),
}
HOSTILE = "\x00\x0b\ufffe\r\n\t<&]]>\"'`\\;|#{}[]()😀\u202e=1+1"


def empty(graph: KnowledgeGraph) -> KnowledgeGraph:
    return KnowledgeGraph(graph.domain, documents=(), entities=(), facts=(), observations=())


def renamed(graph: KnowledgeGraph, name: str, words: str) -> KnowledgeGraph:
    """The graph with other words in all its names and figures."""
    return KnowledgeGraph(
        graph.domain,
        documents=graph.documents.values(),
        entities=[replace(e, name=name, aliases=(words, name)) for e in graph.entities()],
        facts=graph.facts(),
        observations=[replace(o, measure=words, surface=name) for o in graph.observations()],
    )


def same(one: nx.MultiDiGraph, other: nx.MultiDiGraph) -> bool:
    def said(flat: nx.MultiDiGraph) -> tuple[object, object]:
        return dict(flat.nodes(data=True)), {n: (a, b, d) for a, b, n, d in flat.edges(keys=True, data=True)}

    return said(one) == said(other)


def blank_is_none(found: tuple) -> list:
    """Tables as they are where an empty cell and no cell are one, as in CSV."""
    return [(t.name, dict(t.columns), [tuple(None if c == "" else c for c in row) for row in t.rows]) for t in found]


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_property_graph_comes_back_as_it_was(graph, tmp_path, name, measured):
    writer, reader = NETWORKS[name]
    analysis = analyze(graph) if measured else None
    writer(graph, tmp_path / "out", analysis)

    assert same(reader(tmp_path / "out"), flatten(graph, analysis))
    assert ("pagerank" in next(iter(reader(tmp_path / "out").nodes(data=True)))[1]) is measured


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("name", TABLES)
def test_tables_come_back_as_they_were(graph, tmp_path, name, measured):
    writer, reader = TABLES[name]
    analysis = analyze(graph) if measured else None
    writer(graph, tmp_path / "out", analysis)

    assert blank_is_none(reader(tmp_path / "out")) == blank_is_none(tables(graph, analysis))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_an_empty_graph_and_the_same_bytes_twice(graph, tmp_path, name):
    for place in ("one", "two"):
        for made in (graph, empty(graph)):
            folder = tmp_path / place / str(len(made.entities()))
            [path] = write(made, folder, select(name))
            assert path.exists()
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@settings(deadline=None, max_examples=25)
@given(name=st.text(st.characters(codec="utf-8"), min_size=1), words=st.text(st.characters(codec="utf-8")))
def test_any_words_survive(graph, tmp_path_factory, name, words):
    hostile = renamed(graph, f"{name}{HOSTILE}", words)
    folder = tmp_path_factory.mktemp("hostile")
    for kind, (writer, reader) in NETWORKS.items():
        writer(hostile, folder / kind)
        assert same(reader(folder / kind), flatten(hostile)), kind
    for kind, (writer, reader) in TABLES.items():
        writer(hostile, folder / kind)
        found = blank_is_none(reader(folder / kind))
        assert found == blank_is_none(tables(hostile)), kind
    for kind in ("yed", "dot", "mermaid", "cypher", "neo4j", "notes"):
        [path] = write(hostile, folder, select(kind))
        assert path.resolve().parent == folder.resolve()
    ET.parse(folder / "graph.yed.graphml")  # noqa: S314
    assert statements(folder / "graph.cypher")


def statements(path: Path) -> list[tuple[str, list[dict]]]:
    """The statements of a Cypher script with the rows they unwind; a literal that is not closed would raise."""
    found = []
    for line in path.read_text(encoding="utf-8").split(";\n")[1:-1]:
        assert line.startswith("UNWIND ")
        keyed = re.sub(r'("(?:[^"\\]|\\.)*")|([A-Za-z_]+):', lambda m: m[1] or f'"{m[2]}":', line[len("UNWIND ") :])
        rows, _ = json.JSONDecoder().raw_decode(keyed)
        found.append((line.rsplit("] AS row ", 1)[1], rows))
    return found


def test_a_cypher_script_tells_every_node_and_relationship(graph, tmp_path):
    [path] = write(graph, tmp_path, select("cypher"))
    made = statements(path)
    nodes = {row["id"]: row["said"] for rest, rows in made for row in rows if "id" in row}
    edges = [(row["head"], row["tail"], row["number"]) for rest, rows in made for row in rows if "head" in row]

    assert nodes == dict(flatten(graph).nodes(data=True))
    assert sorted(edges) == sorted(flatten(graph).edges(keys=True))
    assert "REQUIRE n.id IS UNIQUE" in path.read_text(encoding="utf-8").splitlines()[0]
    assert any(rest.endswith("SET n:TradeUnion:Organization:Agent") for rest, _ in made)
    assert all(len(rows) <= 500 for _, rows in made)


def test_the_headers_are_those_of_neo4js_import(graph, tmp_path):
    [folder] = write(graph, tmp_path, select("neo4j"))
    with (folder / "entities.csv").open(encoding="utf-8", newline="") as file:
        nodes = list(csv.DictReader(file))
    with (folder / "facts.csv").open(encoding="utf-8", newline="") as file:
        edges = list(csv.DictReader(file))
    ids = [node["id:ID(Entity)"] for node in nodes]

    assert len(ids) == len(set(ids)) == len(graph.entities())
    assert len(edges) == len(graph.facts())
    assert {e[":START_ID(Entity)"] for e in edges} | {e[":END_ID(Entity)"] for e in edges} <= set(ids)
    assert {e[":TYPE"] for e in edges} == set(graph.count_by_relation())
    assert {"TradeUnion;Organization;Agent"} == {n[":LABEL"] for n in nodes if n["type:string"] == "TradeUnion"}
    for column in nodes[0]:
        assert re.fullmatch(r"id:ID\(Entity\)|:LABEL|[a-z]+:(string|long|double)", column), column


def test_ladybugdb_loads_the_tables_of_neo4j(graph, tmp_path):
    write(graph, tmp_path, select("neo4j"))
    # In a process of its own: its native library is not to share one with others.
    program = """
import csv, sys, real_ladybug as lb
folder, kinds = sys.argv[1], {"string": "STRING", "long": "INT64", "double": "DOUBLE"}
connection = lb.Connection(lb.Database(folder + "/db"))
def columns(name, own):
    header = next(csv.reader(open(f"{folder}/neo4j/{name}.csv", encoding="utf-8")))[own:]
    return [f"`{n}` {kinds[k]}" for n, k in (h.split(":") for h in header)]
nodes = ", ".join(["id STRING", "labels STRING", *columns("entities", 2), "PRIMARY KEY(id)"])
connection.execute(f"CREATE NODE TABLE Entity({nodes})")
connection.execute(f"COPY Entity FROM '{folder}/neo4j/entities.csv' (HEADER=true, PARALLEL=false)")
edges = ", ".join(["FROM Entity TO Entity", "type STRING", *columns("facts", 3)])
connection.execute(f"CREATE REL TABLE Fact({edges})")
connection.execute(f"COPY Fact FROM '{folder}/neo4j/facts.csv' (HEADER=true, PARALLEL=false)")
print(*connection.execute("MATCH (n:Entity) RETURN count(*)").get_next())
print(*connection.execute("MATCH ()-[f:Fact]->() RETURN count(*)").get_next())
asked = "MATCH (a:Entity)-[f:Fact {type: 'organizes'}]->(b:Entity {label: '智汇渝州'}) RETURN a.label ORDER BY a.label"
rows = connection.execute(asked)
while rows.has_next():
    print(*rows.get_next())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )

    assert done.stdout.split() == [str(len(graph.entities())), str(len(graph.facts())), "市科协", "重庆市总工会"]


def test_cx2_is_what_ndex2_reads(graph, tmp_path):
    write(graph, tmp_path, select("cx2"))
    network = RawCX2NetworkFactory().get_cx2network(str(tmp_path / "graph.cx2"))

    assert len(network.get_nodes()) == len(graph.entities())
    assert len(network.get_edges()) == len(graph.facts())
    assert {n["v"]["name"] for n in network.get_nodes().values()} == {e.name for e in graph.entities()}


def test_gephis_file_has_kinds_colours_and_days(graph, tmp_path):
    write(graph, tmp_path, select("gexf"))
    loaded = nx.read_gexf(tmp_path / "graph.gexf", version="1.3")
    root = ET.parse(tmp_path / "graph.gexf").getroot()  # noqa: S314
    names = {"": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}
    edges = root.findall("graph/edges/edge", names)

    assert (loaded.number_of_nodes(), loaded.number_of_edges()) == (len(graph.entities()), len(graph.facts()))
    kinds = [(e.attrib["source"], e.attrib["target"], e.attrib["kind"]) for e in edges]
    assert len(kinds) == len(set(kinds)), "Gephi tells parallel edges by their kind"
    assert {e.attrib.get("start") for e in edges} == {"2024-11-05"}
    assert len(root.findall("graph/nodes/node/viz:color", names)) == len(graph.entities())
    places = [(p.attrib["x"], p.attrib["y"]) for p in root.findall("graph/nodes/node/viz:position", names)]
    assert len(set(places)) == len(graph.entities())


@pytest.mark.parametrize("name", ["gexf", "cx2", "cyjs"])
def test_a_large_graph_is_left_to_the_tools_own_layout(graph, tmp_path, monkeypatch, name):
    [path] = write(graph, tmp_path / "small", select(name))
    monkeypatch.setattr("kg.export.placing.LARGEST", 1)
    [large] = write(graph, tmp_path / "large", select(name))
    told = re.compile(r'viz:position|"x":')

    assert told.search(path.read_text(encoding="utf-8"))
    assert not told.search(large.read_text(encoding="utf-8"))


def test_duckdb_and_pandas_read_parquet(graph, tmp_path):
    [folder] = write(graph, tmp_path, select("parquet"))
    with closing(duckdb.connect()) as base:
        edges, vertices = (base.read_parquet(str(folder / f"{name}.parquet")) for name in ("edges", "vertices"))
        union = (
            edges.join(vertices.set_alias("v"), "src = v.id")
            .aggregate("v.label, count(*) AS n")
            .order("n DESC")
            .fetchall()
        )
    figures = pd.read_parquet(folder / "observations.parquet")

    assert union[0] == ("重庆市总工会", 2)
    assert sorted(figures["value"]) == [0.5, 131000.0]
    assert pd.read_parquet(folder / "evidence.parquet")["sentence"].str.contains("主办").any()


def test_excel_shows_chinese_and_pandas_reads_the_tables(graph, tmp_path):
    [folder] = write(graph, tmp_path, select("tables"))

    assert {p.name for p in folder.glob("*.csv")} == {f"{t.name}.csv" for t in tables(graph)}
    assert all(p.read_bytes().startswith(b"\xef\xbb\xbf") for p in folder.glob("*.csv"))
    assert len(pd.read_csv(folder / "entities.csv")) == len(graph.entities())
    assert len(pd.read_csv(folder / "facts.csv")) == len(graph.facts())


def test_sqlite_finds_names_and_sentences(graph, tmp_path):
    [path] = write(graph, tmp_path, select("sqlite"))
    with closing(sqlite3.connect(path)) as database:
        named = database.execute("SELECT id FROM search WHERE search MATCH '市总工会' AND kind = 'entity'").fetchall()
        short = database.execute("SELECT kind, text FROM search WHERE instr(text, '惠及')").fetchall()
        plan = database.execute("EXPLAIN QUERY PLAN SELECT * FROM facts WHERE head = 'x'").fetchone()

    assert [graph.entity(i).name for (i,) in named] == ["重庆市总工会"]
    assert [kind for kind, _ in short] == ["sentence"]
    assert "INDEX facts_head" in plan[3]


def test_notes_link_to_notes_that_are_there(graph, tmp_path):
    [folder] = write(graph, tmp_path, select("notes"))
    notes = {p.stem: p.read_text(encoding="utf-8") for p in folder.glob("*.md")}
    linked = {target for text in notes.values() for target in re.findall(r"\[\[([^\]|]+)", text)}

    assert len(notes) == len(graph.entities()) + 1
    assert linked <= set(notes)
    assert "[[智汇渝州]]" in notes["重庆市总工会"]
    assert "近13.1万人次" in notes["智汇渝州"]
    assert "## ← 主办" in notes["智汇渝州"]


def test_notes_of_one_name_are_two(graph, tmp_path):
    [folder] = write(renamed(graph, "李/伟", "x"), tmp_path, select("notes"))

    assert len(list(folder.glob("*.md"))) == len(graph.entities()) + 1


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_all(graph, tmp_path):
    write(renamed(graph, f"名{HOSTILE}", "x"), tmp_path, select("dot"))
    drawn = subprocess.run(
        ["dot", "-Tplain", tmp_path / "graph.dot"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.splitlines()

    assert sum(line.startswith("node ") for line in drawn) == len(graph.entities())
    assert sum(line.startswith("edge ") for line in drawn) == len(graph.facts())


def test_a_mermaid_diagram_says_what_is_left_out(graph, tmp_path, monkeypatch):
    monkeypatch.setattr("kg.export.diagram.MOST", 3)
    [path] = write(graph, tmp_path, select("mermaid"))
    lines = path.read_text(encoding="utf-8").splitlines()

    assert lines[1] == f"%% 3 of {len(graph.entities())} entities, the best connected"
    assert sum(line.strip().startswith("n") and "[" in line for line in lines) == 3
    assert any("主办" in line for line in lines)


def test_a_folder_of_others_is_left_alone(graph, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(TargetError, match="something that kg did not make is there"):
        write(graph, tmp_path, select("tables"))
    assert [p.name for p in (tmp_path / "tables").iterdir()] == ["mine.txt"]


def test_a_folder_of_ours_is_renewed_whole(graph, tmp_path):
    write(graph, tmp_path, select("notes"))
    write(empty(graph), tmp_path, select("notes"))

    assert [p.name for p in (tmp_path / "notes").glob("*.md")] == ["README.md"]
    assert [p.name for p in tmp_path.iterdir()] == ["notes"]


@pytest.mark.parametrize("name", [*NETWORKS, *TABLES])
@pytest.mark.parametrize("content", [None, "", "{}", "<a/>", "\x00"])
def test_what_is_no_such_file_is_named(tmp_path, name, content):
    path = tmp_path / "a"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(GraphError, match=re.escape(str(path))):
        ({**NETWORKS, **TABLES}[name][1])(path)


def test_export_needs_no_documents(graph, command, tmp_path):
    write_turtle(graph, tmp_path / "graph.ttl")
    done = command("export", tmp_path / "graph.ttl", "-o", tmp_path / "out", "--format", "gexf,sqlite", "--analysis")

    assert (done.status, done.err) == (0, "")
    assert done.out.split() == [str(tmp_path / "out" / n) for n in ("graph.gexf", "graph.sqlite")]
    assert same(
        read_gexf(tmp_path / "out" / "graph.gexf"), flatten(read_turtle(tmp_path / "graph.ttl"), analyze(graph))
    )


def test_formats_are_listed_with_what_reads_them(command):
    done = command("formats")

    assert done.status == 0
    for name, one in FORMATS.items():
        assert f"{name} " in done.out
        assert one.zh in done.out
        assert one.readers[0] in done.out


def test_a_graph_is_a_notebooks_object_too(graph, ids):
    frames = graph.to_pandas()
    assert list(frames["entities"].index) == [e.id for e in graph.entities()]
    assert frames["observations"]["value"].sum() == 131000.5
    assert graph.to_networkx().number_of_edges() == graph.to_igraph().ecount() == len(graph.facts())
    assert graph.to_igraph().vs.find(name=ids["智汇渝州"])["label"] == "智汇渝州"
    assert len(graph.to_rdflib()) > 100
    html = graph._repr_html_()
    assert html.startswith(f"<p>{len(graph.entities())} entities")
    assert "<script" not in html.split("srcdoc")[0] + html.split("srcdoc")[1].split('"')[2]
