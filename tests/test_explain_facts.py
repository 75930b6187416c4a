"""Asking why a graph states a fact."""

from __future__ import annotations

import json

import pytest

from kg.errors import QueryError
from kg.merge.lookup import explain, find, nearest
from kg.rdf import write_turtle


@pytest.fixture(scope="module")
def path(graph, tmp_path_factory):
    target = tmp_path_factory.mktemp("graph") / "graph.ttl"
    write_turtle(graph, target)
    return target


def test_each_sentence_is_shown_with_its_words_rule_certainty_and_place(command, path):
    run = command("explain", path, "重庆市总工会", "organizes", "智汇渝州")

    assert (run.status, run.err) == (0, "")
    assert "[重庆市总工会|head]和市科协共同[主办|trigger]“[智汇渝州|tail]”大赛，惠及职工近13.1万人次。" in run.out
    assert "organize-1  confidence 0.125" in run.out
    assert "新闻/a “1”.txt 7–43" in run.out
    assert "head    重庆市总工会  7–13" in run.out


def test_what_the_sentence_does_not_name_was_carried_on(command, path):
    run = command("explain", path, "智汇渝州", "targets", "职工")

    assert "head    智汇渝州  carried on from an earlier sentence" in run.out


@pytest.mark.parametrize("head", ["市总工会", "TradeUnion-chongqingshizonggonghui-88bd05"])
@pytest.mark.parametrize("relation", ["organizes", "主办", "kg:organizes"])
def test_aliases_identifiers_and_labels_are_understood(graph, head, relation):
    assert [len(f.evidence) for f in explain(graph, head, relation, "“智汇渝州”大赛").facts] == [3]


def test_the_same_as_json(command, path):
    run = command("explain", path, "市科协", "主办", "智汇渝州", "--json")
    answer = json.loads(run.out)
    [fact] = answer["facts"]
    [evidence] = fact["evidence"]

    assert (fact["head"]["name"], fact["relation"], fact["tail"]["name"]) == ("市科协", "organizes", "智汇渝州")
    assert (evidence["rule"], evidence["confidence"], evidence["document"]) == ("o", 0.7, "新闻/a “1”.txt")
    assert (answer["others"], answer["unknown"]) == ([], [])


def test_an_unknown_name_is_told_with_those_that_are_near(command, path):
    run = command("explain", path, "重庆总工会", "主办", "智汇渝州")

    assert run.status == 1
    assert run.out.startswith("重庆总工会: not in the graph; nearest: 重庆市总工会 (TradeUnion-")
    assert "智汇渝州:" not in run.out


def test_what_else_joins_the_two_is_told(command, path):
    run = command("explain", path, "智汇渝州", "助推", "市科协")

    assert run.status == 1
    assert "市科协 —organizes 主办→ 智汇渝州" in run.out


def test_two_that_nothing_joins(command, path):
    run = command("explain", path, "市科协", "主办", "职工")

    assert (run.status, run.out.strip()) == (1, "No fact joins the two.")


def test_an_unknown_relation_is_wrong_usage_and_names_those_there_are(command, path, graph):
    run = command("explain", path, "市科协", "admires", "智汇渝州")

    assert run.status == 2
    assert "organizes 主办" in run.err
    with pytest.raises(QueryError, match="admires"):
        explain(graph, "市科协", "admires", "智汇渝州")


def test_a_name_counts_before_an_alias_and_nonsense_has_nothing_near(graph, ids):
    assert [e.id for e in find(graph, "重庆市总工会")] == [ids["重庆市总工会"]]
    assert nearest(graph, "乙丙丁") == []


def test_a_plan_is_told_as_a_plan_and_is_no_fact(command, path):
    run = command("explain", path, "重庆市总工会", "建立", "智汇学院")

    assert run.status == 1
    assert "重庆市总工会 —establishes 建立→ 智汇学院 (planned: no fact)" in run.out
    assert "拟建智汇学院。" in run.out


@pytest.mark.parametrize("relation", ["relatedTo", "惠及"])
def test_an_open_relation_is_found_by_its_words(command, path, relation):
    run = command("explain", path, "智汇渝州", relation, "职工")

    assert run.status == 0
    assert "智汇渝州 —relatedTo 惠及→ 职工" in run.out
    assert "open  confidence 0.6" in run.out
