"""The questions that a graph of the domain must answer, and what they answer on seeds/.

Expected are rows that the seeds state in so many words; an answer may hold more. `...` stands for anything.
"""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from kg.domain import Domain
from kg.errors import DomainError, QueryError
from kg.rdf import open_graph, query, turtle
from kg.rdf.questions import question, questions

DOMAIN = Domain.default()
COURSE = "今年，重庆市总工会联合重庆市科协举办2024年职工创新方法培训班。"
TRAINING, TAICANG = "2024年职工创新方法培训班", "2025年太仓市“娄东工匠杯”职工劳动和技能竞赛"
EXPECTED = {
    "who-organizes": [
        ("重庆市总工会", TRAINING),
        ("重庆市科协", TRAINING),
        ("太仓市总工会", TAICANG),
        ("二重", "订单班"),
    ],
    "who-works-where": [("刘太钟", "重庆秋田齿轮有限责任公司", ...), ("文小山", "东方汽轮机有限公司", ...)],
    "unions-of-a-province": [
        ("重庆", "重庆市总工会"),
        ("上海", "徐汇区总工会"),
        ("陕西", "眉县总工会"),
        ("江苏", "太仓市总工会"),
    ],
    "academies-by-province": [("重庆", "1"), ("山西", "1")],
    "what-a-sentence-supports": [
        (COURSE, "重庆市总工会", "kg:organizes", TRAINING),
        (COURSE, "重庆市科协", "kg:organizes", TRAINING),
        (COURSE, "重庆市科协", "kg:cooperatesWith", "重庆市总工会"),
    ],
    "which-sentence-says-so": [
        ("重庆市总工会", "kg:organizes", TRAINING, "chongqing.txt", "137", "170", COURSE, ...),
    ],
    "figures-about": [
        ("产业工人", "产业工人", "5700000", None, "nearly", None),
        (TAICANG, "专项资金", "420000", "元", None, None),
    ],
    "planned-figures": [("重庆工匠学院", "工匠学院", "30", "所", ...)],
    "who-received-what": [("卢仁峰", "大国工匠"), ("叶林伟", "全国劳动模范"), ("杜衡", "全国劳动模范")],
    "who-cooperates": [
        ("重庆市总工会", "全国铁路总工会"),
        ("全国铁路总工会", "重庆市总工会"),
        ("二重", "四川工程职业技术大学"),
    ],
    "who-established-what": [
        ("大连理工大学", "流体机械联合实验室", "kg:Workshop"),
        ("县人社局", "职工夜校", "kg:School"),
    ],
    "policies-launched": [
        ("重庆", "“目录+计分”人才认定机制", "kg:Mechanism"),
        ("重庆", "“1+N”制度措施体系", "kg:Mechanism"),
    ],
    "whom-it-serves": [("重庆工匠学院", "“33618”现代制造业集群体系")],
    "parts-of-a-whole": [("东方电气集团", "东方汽轮机有限公司"), ("佛山市", "狮山镇"), ("上海市总工会", "权益保障部")],
    "when-events-were": [(TRAINING, "2024年", "2024", "2024"), (..., "今年9月", "2025-09", "2025-09")],
    "who-developed-what": [("顾长河", "可调式研磨芯棒")],
    "who-studied-where": [("杜衡", "武汉理工大学"), ("王文山", "包头职业技术学院"), ("邵正阳", "江苏大学")],
    "most-mentioned": [("顾长河", "kg:Person", ..., "1")],
    "documents-about": [
        ("重庆市总工会", "chongqing.txt", "匠人这样长成——重庆推进产业工人队伍建设改革观察", "2024-10-08")
    ],
    "doubtful-facts": [(..., ..., ..., ..., ...)],
    "how-the-graph-was-made": [("jiangpu", ..., "chongqing.txt", ...), ("jiangpu", ..., "d12.txt", ...)],
    "schema-org-organizers": [(TRAINING, "重庆市总工会"), (TAICANG, "太仓市总工会")],
}


@pytest.fixture(scope="module")
def opened(seeds_graph):
    return {inferred: open_graph(seeds_graph, inferred=inferred) for inferred in (False, True)}


def rows(opened, name: str, **given: str) -> list[tuple[str | None, ...]]:
    asked = question(DOMAIN, name)
    return asked.ask(opened[asked.inferred], given).rows


def fits(row: tuple, pattern: tuple) -> bool:
    return len(row) == len(pattern) and all(p is ... or p == cell for p, cell in zip(pattern, row, strict=True))


def test_there_are_questions_enough_each_with_a_title_and_an_answer():
    found = questions(DOMAIN)

    assert len(found) >= 15
    assert set(found) == set(EXPECTED)
    for each in found.values():
        assert each.zh.endswith(("？", "者")), each.name
        assert each.en
        assert all(f"?{name}" in each.sparql for name in each.given)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_it_answers_on_the_seeds(opened, name):
    found = rows(opened, name)

    for pattern in EXPECTED[name]:
        assert any(fits(row, pattern) for row in found), f"{pattern} is not among {found[:50]}"


@pytest.mark.parametrize("inferred", [False, True])
def test_all_unions_of_a_province_are_found_through_what_lies_in_it(opened, inferred):
    asked = question(DOMAIN, "unions-of-a-province")
    found = asked.ask(opened[inferred], {"province": "上海"}).rows

    assert found == [("上海", "上海市总工会"), ("上海", "徐汇区总工会")]


def test_provinces_are_known_to_wikidata_and_towns_lie_in_them(opened):
    same = query(opened[False], "SELECT ?n ?item { ?p owl:sameAs ?item ; skos:prefLabel ?n } ORDER BY ?n").rows
    town = query(
        opened[False], "SELECT ?n { ?t skos:prefLabel '狮山镇'@zh ; schema:containedInPlace/skos:prefLabel ?n }"
    ).rows

    assert ("重庆", "http://www.wikidata.org/entity/Q11725") in same
    assert ("上海", "http://www.wikidata.org/entity/Q8686") in same
    assert not {"南汇新城镇", "佛山市"} & {row[0] for row in same}
    assert town == [("佛山市",)]


def test_a_question_is_narrowed_by_a_name(opened):
    assert rows(opened, "who-studied-where", person="杜衡") == [("杜衡", "武汉理工大学")]
    assert {row[1] for row in rows(opened, "what-a-sentence-supports", sentence=COURSE)} == {
        "重庆市总工会",
        "重庆市科协",
    }
    with pytest.raises(QueryError, match="what can: person, school"):
        rows(opened, "who-studied-where", place="重庆")


def test_a_thing_may_be_called_by_another_of_its_names(graph):
    opened = open_graph(graph)
    asked = question(DOMAIN, "who-organizes")

    assert asked.ask(opened, {"organizer": "市总工会"}).rows == [("重庆市总工会", "智汇渝州")]
    with pytest.raises(QueryError, match="省总工会: nothing is named so"):
        asked.ask(opened, {"organizer": "省总工会"})


def test_the_least_sure_come_first(opened):
    certainties = [float(row[0]) for row in rows(opened, "doubtful-facts")]

    assert certainties == sorted(certainties)
    assert len(certainties) == 10


def test_the_command_lists_asks_and_shows(command, graph, tmp_path):
    path = tmp_path / "graph.ttl"
    path.write_text(turtle(graph), encoding="utf-8")
    listed = command("query", "--list").out

    assert all(each.zh in listed and name in listed for name, each in questions(DOMAIN).items())
    asked = command("query", path, "--question", "who-organizes", "--with", "organizer=市科协", "--format", "csv").out
    assert list(csv.reader(io.StringIO(asked))) == [["organizer", "event"], ["市科协", "智汇渝州"]]
    assert "kg:organizes" in command("query", "--question", "who-organizes", "--show").out


def test_the_command_gives_every_form(command, graph, tmp_path):
    path = tmp_path / "graph.ttl"
    path.write_text(turtle(graph), encoding="utf-8")

    def ask(*more: str) -> str:
        return command("query", path, "--question", "who-organizes", *more).out

    assert "智汇渝州" in ask()
    assert json.loads(ask("--format", "json"))["head"]["vars"] == ["organizer", "event"]
    results = ET.fromstring(ask("--format", "xml"))  # noqa: S314 - our own output
    assert results.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    assert len(results.findall(".//{*}result")) == 2
    made = command("query", path, "CONSTRUCT { ?e schema:organizer ?o } { ?o kg:organizes ?e }", "--construct").out
    assert "schema:organizer" in made


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("SELECT * { ?s ?p ?o }", "--question", "who-organizes"),
        ("--question", "nothing"),
        ("--question", "who-organizes", "--with", "organizer"),
        ("--question", "who-organizes", "--with", "place=重庆"),
        ("SELECT * { ?s ?p ?o }", "--with", "place=重庆"),
        ("SELECT * { ?s ?p ?o }", "--construct"),
    ],
)
def test_wrong_usage_is_told(command, graph, arguments, tmp_path):
    path = tmp_path / "graph.ttl"
    path.write_text(turtle(graph), encoding="utf-8")
    done = command("query", path, *arguments)

    assert done.status == 2
    assert done.err
    assert "Traceback" not in done.err


def test_a_domain_without_questions_has_none(tmp_path):
    (tmp_path / "ontology.ttl").write_bytes(DOMAIN.file("ontology.ttl").read_bytes())

    assert questions(Domain(tmp_path)) == {}
    (tmp_path / "questions.toml").write_text("[a]\nzh = 'x'\n", encoding="utf-8")
    with pytest.raises(DomainError, match="en"):
        questions(Domain(tmp_path))
