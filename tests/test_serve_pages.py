"""Colleagues look at a served graph and programs ask it: pages, things, search, questions, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
import time
from urllib.parse import quote

import pytest

pytest.importorskip("starlette", reason="the extra jiangpu[serve] is not installed")

import pyoxigraph as ox
from pages import HOSTILE, graph_of
from serving import Settings
from starlette.testclient import TestClient

from kg.rdf import write_turtle
from kg.serve import application


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("exports")
    write_turtle(graph_of(names=HOSTILE), path / "graph.ttl")
    return path


@pytest.fixture(scope="module")
def client(folder):
    with TestClient(application(Settings(folder, timeout=10)), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module")
def union(client):
    return client.get("/api/search", params={"q": "重庆市总工会"}).json()["results"][0]["id"]


@pytest.mark.parametrize("words", ["重庆市总工会", "市总工会", "庆市总", "cqszgh", "chongqingshi"])
def test_a_union_is_found_by_name_alias_pinyin_and_initials(client, words):
    found = client.get("/api/search", params={"q": words}).json()["results"]

    assert found[0]["name"] == "重庆市总工会"
    assert found[0]["class"]["label"]["zh"] == "工会"


def test_a_thing_answers_as_page_rdf_and_json(client, union):
    page = client.get(f"/id/{union}", headers={"Accept": "text/html,*/*;q=0.8"})
    turtle = client.get(f"/id/{union}", headers={"Accept": "text/turtle"})
    data = client.get(f"/id/{union}", headers={"Accept": "application/json"})

    assert "劳模工匠助企行" in page.text
    assert "市总工会还为劳模工匠助企行出资" in page.text  # the sentence
    assert {r.headers["vary"] for r in (page, turtle, data)} == {"Accept"}
    triples = list(ox.parse(turtle.content, format=ox.RdfFormat.TURTLE))
    assert any(t.object == ox.Literal("重庆市总工会", language="zh") for t in triples)
    assert {fact["relation"]["id"] for fact in data.json()["facts"]} >= {"organizes", "funds"}


def test_linked_data_of_any_node_can_be_followed(client, union):
    turtle = client.get(f"/id/{union}", headers={"Accept": "application/n-triples"}).text
    names = sorted(set(re.findall(r"<https://kg.example/id/([^>]+)>", turtle)))

    assert len(names) > 1
    for name in names[:10]:
        assert client.get(f"/id/{quote(name)}", headers={"Accept": "text/html"}).status_code == 200


def test_an_entity_tells_its_facts_figures_and_sentences(client):
    event = client.get("/api/search", params={"q": "劳模工匠助企行"}).json()["results"][0]["id"]
    told = client.get(f"/api/entity/{event}").json()

    evidence = next(fact for fact in told["facts"] if fact["relation"]["id"] == "funds")["evidence"][0]
    assert evidence["sentence"].startswith("市总工会还为")
    assert {row["value"] for row in told["figures"]} == {"131000", "0.5"}


def test_the_questions_are_answered_as_table_graph_and_json(client):
    listed = client.get("/questions").text
    page = client.get("/questions/who-organizes", params={"organizer": "市总工会"})
    part = client.get("/questions/who-organizes/graph", params={"organizer": "市总工会"})
    data = client.get("/api/questions/who-organizes").json()

    assert "谁主办了什么？" in listed
    assert "<td>" in page.text
    assert "劳模工匠助企行" in page.text
    assert "劳模工匠助企行" in part.text
    assert "长安汽车" not in part.text.partition('id="graph-data"')[2] or "长安汽车" not in json.dumps(data)
    assert data["results"]["bindings"][0]["event"]["value"] == "劳模工匠助企行"


def test_a_question_of_what_nobody_is_called_says_so(client):
    page = client.get("/questions/who-organizes", params={"organizer": "无此工会"})
    data = client.get("/api/questions/who-organizes", params={"organizer": "无此工会"})

    assert page.status_code == 400
    assert "nothing is named so" in page.text
    assert data.status_code == 400


def test_the_pages_speak_two_languages_and_remember(folder):
    with TestClient(application(Settings(folder)), base_url="http://127.0.0.1") as fresh:
        assert 'lang="zh-CN"' in fresh.get("/questions").text
        assert 'lang="en"' in fresh.get("/questions?lang=en").text
        assert "Questions" in fresh.get("/questions").text


@pytest.mark.parametrize(
    "address",
    [
        "/id/nothing",
        "/api/entity/nothing",
        "/questions/nothing",
        "/api/questions/nothing",
        "/nothing",
        "/static/nothing",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2f..%2f..%2fpyproject.toml", "/id/..%2f..%2fetc",
        "/static//etc/passwd", "/id/%00", "/api/entity/%F0%9F%92%A9", "/id/a%20b%3Cc%3E", "/questions/%2e%2e",
    ],
)  # fmt: skip
def test_no_path_leads_out(client, address):
    response = client.get(address)

    assert response.status_code in {400, 404}
    assert "import" not in response.text


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", "1e3", "１", "", "9" * 50])
def test_a_wrong_limit_is_told(client, limit):
    response = client.get("/api/search", params={"q": "工会", "limit": limit})

    assert response.status_code == 400
    assert "limit is a number" in response.json()["error"]


def test_words_are_text_wherever_they_show(client):
    for words in HOSTILE:
        page = client.get("/search", params={"q": words})
        assert "<script>window" not in page.text
        assert "<img src=x" not in page.text
        assert 'onclick="' not in page.text
        for found in client.get("/api/search", params={"q": words}).json()["results"]:
            shown = client.get(f"/id/{quote(found['id'])}", headers={"Accept": "text/html"}).text
            assert "<script>window" not in shown
            assert "<img src=x" not in shown


def test_every_answer_bears_what_keeps_browsers_safe(client, union):
    for address in ("/", "/query", f"/id/{union}", "/api/search?q=a", "/nothing", "/sparql?query=x"):
        headers = client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


def test_another_origin_may_ask_only_where_that_is_wanted(folder):
    with TestClient(application(Settings(folder, cors="https://a.example")), base_url="http://127.0.0.1") as fresh:
        allowed = fresh.get("/api/search?q=a", headers={"Origin": "https://a.example"})
        other = fresh.get("/api/search?q=a", headers={"Origin": "https://b.example"})

    assert allowed.headers["access-control-allow-origin"] == "https://a.example"
    assert "access-control-allow-origin" not in other.headers


def test_a_password_is_asked_for_where_one_is_set(folder):
    settings = Settings(folder, credentials="匠谱:a:b")
    with TestClient(application(settings), base_url="http://127.0.0.1") as fresh:
        assert fresh.get("/").status_code == 401
        assert "Basic" in fresh.get("/").headers["www-authenticate"]
        assert fresh.get("/", headers={"Authorization": "Basic !!"}).status_code == 401
        assert fresh.get("/", auth=("匠谱".encode(), b"wrong")).status_code == 401
        assert fresh.get("/", auth=("匠谱".encode(), b"a:b")).status_code == 200
        assert fresh.get("/health").status_code == 200


def test_what_is_answered_is_counted(client):
    client.get("/sparql", params={"query": "ASK {}"})
    client.get("/never-heard-of")
    text = client.get("/metrics").text

    assert 'kg_queries_total{outcome="answered"}' in text
    assert 'kg_requests_total{method="GET",route="/sparql",status="200"}' in text
    assert "kg_entities 10.0" in text
    assert "never-heard-of" not in text


def test_the_graph_is_served_anew_when_its_file_changes(folder, tmp_path):
    shutil.copy(folder / "graph.ttl", tmp_path / "graph.ttl")
    with TestClient(application(Settings(tmp_path, watch=0.1)), base_url="http://127.0.0.1") as fresh:
        assert fresh.get("/api/search?q=新来的厂").json()["results"] == []
        (tmp_path / "graph.ttl").write_text("no Turtle", encoding="utf-8")
        time.sleep(0.5)
        assert fresh.get("/api/search?q=重庆市总工会").json()["results"]  # the last good one
        write_turtle(graph_of(names=("新来的厂",)), tmp_path / "graph.ttl")
        until = time.monotonic() + 60
        while not fresh.get("/api/search?q=新来的厂").json()["results"]:
            assert time.monotonic() < until, "the new graph was not served"
            time.sleep(0.1)
        assert fresh.get("/sparql", params={"query": 'ASK { ?s skos:prefLabel "新来的厂"@zh }'}).json()["boolean"]
        assert 'kg_reloads_total{outcome="failed"} 1.0' in fresh.get("/metrics").text


def test_a_store_is_served_too(folder, tmp_path, command):
    assert command("load", folder / "graph.ttl", tmp_path / "store").status == 0

    with TestClient(application(Settings(tmp_path / "store")), base_url="http://127.0.0.1") as fresh:
        assert fresh.get("/api/search?q=cqszgh").json()["results"][0]["name"] == "重庆市总工会"
        assert fresh.get("/sparql", params={"query": "ASK { ?s a kg:TradeUnion }"}).json()["boolean"]


def test_behind_a_proxy_links_lead_to_its_path(folder):
    with TestClient(application(Settings(folder)), base_url="http://127.0.0.1", root_path="/kg") as fresh:
        page = fresh.get("/kg/questions").text

    assert 'href="/kg/questions/who-organizes"' in page
    assert 'href="/questions' not in page


def test_the_description_names_what_answers(client):
    described = client.get("/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    for path in described["paths"]:
        example = path.replace("{name}", "who-organizes")
        assert client.get(example, params={"q": "工会", "query": "ASK {}"}).status_code in {200, 400, 404}


@pytest.mark.parametrize(("source", "reason"), [("nothing", "no such file"), (".", "neither a store")])
def test_what_cannot_be_served_is_said_at_once(tmp_path, command, source, reason):
    run = command("serve", tmp_path / source)

    assert run.status == 2
    assert reason in run.err
    assert len(run.err.splitlines()) == 1
