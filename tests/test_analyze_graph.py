"""What the shape of a graph tells, and the command that prints it."""

from __future__ import annotations

import json
import random

import igraph
import networkx as nx
import pytest

from kg.export.analysis import analyze
from kg.merge import KnowledgeGraph
from kg.rdf import write_turtle


def pagerank(network: nx.MultiDiGraph, damping: float = 0.85) -> dict[str, float]:
    """By the definition: repeat until it stands still; what ends nowhere goes everywhere."""
    rank = dict.fromkeys(network, 1 / len(network))
    for _ in range(200):
        lost = sum(share for name, share in rank.items() if not network.out_degree(name))
        new = dict.fromkeys(network, (1 - damping + damping * lost) / len(network))
        for head, tail in network.edges():
            new[tail] += damping * rank[head] / network.out_degree(head)
        rank = new
    return rank


def test_the_measures_are_networkxs(seeds_graph):
    found = analyze(seeds_graph)
    simple = nx.Graph(seeds_graph.network)
    simple.remove_edges_from(nx.selfloop_edges(simple))
    between, rank = nx.betweenness_centrality(simple), pagerank(seeds_graph.network)

    for name, measured in found.centrality.items():
        assert measured.degree == seeds_graph.network.degree(name)
        assert measured.betweenness == pytest.approx(between[name], abs=1e-5)
        assert measured.pagerank == pytest.approx(rank[name], abs=1e-5)
    assert {frozenset(pair) for pair in found.bridges} == {frozenset(pair) for pair in nx.bridges(simple)}


def test_communities_are_dense_and_numbered_by_size(seeds_graph):
    groups = analyze(seeds_graph).communities()
    simple = nx.Graph(seeds_graph.network)

    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
    assert sorted(name for group in groups for name in group) == sorted(simple)
    assert nx.community.modularity(simple, groups) > 0.8


def test_lots_are_always_the_same_and_leave_pythons_alone(seeds_graph):
    random.seed(1)
    before = random.getstate()
    first = analyze(seeds_graph)
    assert random.getstate() == before
    igraph.Graph.Erdos_Renyi(50, 0.1).community_leiden()
    assert analyze(seeds_graph) == first


def test_betweenness_is_left_out_where_it_would_take_too_long(graph, monkeypatch):
    monkeypatch.setattr("kg.export.analysis.LARGEST", 2)

    assert {m.betweenness for m in analyze(graph).centrality.values()} == {None}


def test_the_command_prints_tables_or_json(graph, command, tmp_path):
    write_turtle(graph, tmp_path / "graph.ttl")
    table, data = (command("analyze", tmp_path / "graph.ttl", *more) for more in ((), ("--json",)))
    told = json.loads(data.out)

    assert (table.status, table.err, data.err) == (0, "", "")
    assert f"{len(analyze(graph).bridges)} bridges, 3 entities without a fact" in table.out
    assert "重庆市总工会" in table.out
    assert {e["name"] for e in told["entities"]} == {e.name for e in graph.entities()}
    assert len(told["bridges"]) == len(analyze(graph).bridges)


def test_an_empty_graph_has_no_measures(graph):
    nothing = KnowledgeGraph(graph.domain, documents=(), entities=(), facts=(), observations=())

    assert analyze(nothing).centrality == {}
    assert analyze(nothing).communities() == []
