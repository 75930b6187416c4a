"""The figures of a graph as a table: printed, as JSON, and as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kg.errors import GraphError
from kg.export.observations import COLUMNS, read_observations, rows, write_observations
from kg.rdf import write_turtle


@pytest.fixture
def turtle(graph, tmp_path) -> Path:
    path = tmp_path / "graph.ttl"
    write_turtle(graph, path)
    return path


def test_the_figures_are_printed_with_their_sentence(command, turtle):
    run = command("stats", turtle)

    assert run.status == 0
    header, _, *lines = run.out.splitlines()
    assert header.split() == ["about", "measure", "value", "period", "time", "modality", "document", "sentence"]
    assert len(lines) == 2
    [reach] = [line for line in lines if "131000" in line]
    assert "智汇渝州" in reach
    assert "nearly 131000 人次" in reach
    [half] = [line for line in lines if "0.5" in line]
    assert "2024~/2024-11-05~" in half
    assert "planned" in half


def test_the_figures_of_one_subject(command, turtle):
    for name in ("智汇渝州", "“智汇渝州”大赛"):
        found = json.loads(command("stats", turtle, "--about", name, "--json").out)
        assert [(row["about"], row["value"], row["unit"]) for row in found] == [("智汇渝州", "131000", "人次")]
    assert command("stats", turtle, "--about", "重庆", "--json").out == "[]\n"


def test_a_name_that_is_nearly_right_is_answered_with_those_like_it(command, turtle):
    run = command("stats", turtle, "--about", "职工们")

    assert run.status == 2
    assert "nothing is named 职工们; nearest: 职工" in run.err


def test_a_name_that_nothing_bears_is_told(command, turtle):
    run = command("stats", turtle, "--about", "无此名")

    assert run.status == 2
    assert "nothing is named 无此名" in run.err


def test_the_table_opens_in_a_spreadsheet(graph, tmp_path):
    path = tmp_path / "observations.csv"
    write_observations(graph, path)

    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    header, *lines = list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True)))
    assert tuple(header) == COLUMNS
    assert len(lines) == len(graph.observations())


def test_the_table_comes_back_whole(graph, seeds_graph, tmp_path):
    for one in (graph, seeds_graph):
        path = tmp_path / "observations.csv"
        write_observations(one, path)
        assert read_observations(path) == rows(one)


def test_every_row_shows_where_it_stands(seeds_graph):
    found = rows(seeds_graph)

    assert found
    for row in found:
        text = seeds_graph.documents[row["document"]].text
        assert text[int(row["sentence_begin"]) : int(row["sentence_end"])] == row["sentence"]
        assert text[int(row["number_begin"]) : int(row["number_end"])] in row["sentence"]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\udcff"])
def test_what_is_no_such_table_is_refused(content, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(GraphError, match="not a table of observations"):
        read_observations(path)
