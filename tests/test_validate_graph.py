"""Whether a graph keeps to the shapes is told in words that point at the sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.domain import Domain
from kg.export import FORMATS
from kg.rdf import Options, Provenance, turtle
from kg.rdf.shapes import HEADING, with_relation_shapes
from kg.rdf.validation import validate

DOMAIN = Domain.default()
SENTENCE = "重庆市总工会和市科协共同主办“智汇渝州”大赛，惠及职工近13.1万人次。"


def damaged(graph, folder: Path, old: str, new: str) -> Path:
    text = turtle(graph)
    assert old in text
    path = folder / "graph.ttl"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_every_build_keeps_to_the_shapes_in_every_form(graph, seeds_graph, tmp_path):
    for one in (graph, seeds_graph):
        for provenance in Provenance:
            path = tmp_path / "graph.trig"
            FORMATS["trig"].write(one, path, rdf=Options(provenance=provenance))

            assert validate(path, DOMAIN) == [], provenance


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "kg:confidence 0.7 ;",
            "kg:confidence 1.7 ;",
            "市科协 主办 智汇渝州: 置信度是0到1之间的一个小数 / a confidence is one decimal",
        ),
        (
            "a kg:Association",
            "a kg:Honor",
            "市科协 主办 智汇渝州: “主办”的主体不属于允许的类别 / the head of kg:organizes",
        ),
        ("kg:value 131000.0", 'kg:value "many"', "智汇渝州 近13.1万人次: 观测值须有一个小数类型的数值"),
        (
            'kg:rule "o"',
            'kg:rule ""',
            "市科协 主办 智汇渝州: “规则”须有且仅有一个，值为文本，不为空 / rule: exactly one",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words_with_the_sentence(graph, old, new, told, tmp_path):
    found = validate(damaged(graph, tmp_path, old, new), DOMAIN)
    line = next(str(each) for each in found if told in str(each))

    assert line.startswith(("新闻/a “1”.txt:", "b.txt:"))
    assert SENTENCE in line or "重庆市总工会主办“智汇渝州”大赛。" in line
    assert not any("conform to Shape" in str(each) for each in found)


def test_an_entity_is_shown_where_it_is_mentioned(graph, tmp_path):
    [found] = validate(damaged(graph, tmp_path, 'skos:prefLabel "市科协"@zh', 'skos:prefLabel "市科协"@en'), DOMAIN)

    assert (found.document, found.sentence) == ("新闻/a “1”.txt", "市科协")
    assert "exactly one name in Chinese" in found.message


def test_a_graph_without_evidence_is_still_held_to_the_rest(graph, tmp_path):
    path = tmp_path / "graph.ttl"
    FORMATS["turtle"].write(graph, path, rdf=Options(provenance=Provenance.NONE))
    path.write_text(path.read_text(encoding="utf-8").replace("a kg:Competition", "a kg:Honor"), encoding="utf-8")

    assert any("the tail of kg:organizes" in each.message for each in validate(path, DOMAIN))


def test_the_command_tells_by_its_exit_status(command, graph, tmp_path):
    good = tmp_path / "good.ttl"
    good.write_text(turtle(graph), encoding="utf-8")
    bad = damaged(graph, tmp_path, "a kg:Association", "a kg:Honor")

    assert command("validate", good).status == 0
    done = command("validate", bad)
    assert done.status == 1
    assert SENTENCE in done.out
    assert json.loads(command("validate", bad, "--json").out)[0]["sentence"]
    assert command("validate", tmp_path / "none.ttl").status == 2


def test_the_shapes_of_relations_are_those_the_ontology_gives():
    text = DOMAIN.file("shapes.ttl").read_text(encoding="utf-8")

    assert HEADING in text
    assert with_relation_shapes(text, DOMAIN) == text, "run `make docs`"
