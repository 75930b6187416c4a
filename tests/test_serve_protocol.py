"""The rules of the SPARQL 1.1 Protocol (W3C, 21 March 2013) that a query-only endpoint is to keep, one test each."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("starlette", reason="the extra jiangpu[serve] is not installed")

import pyoxigraph as ox
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import ENDLESS, Settings, exported, listening
from SPARQLWrapper import JSON, POSTDIRECTLY, TURTLE, SPARQLWrapper
from starlette.testclient import TestClient

from kg.serve import application

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ONE = "SELECT ?o { <urn:x> <urn:p> ?o }"


@pytest.fixture(scope="module")
def settings(graph, tmp_path_factory):
    source = exported(graph, tmp_path_factory.mktemp("served"))
    return Settings(source, timeout=3, most_query=5000, most_answer=100_000)


@pytest.fixture(scope="module")
def client(settings):
    with TestClient(application(settings), base_url="http://127.0.0.1") as opened:
        yield opened


def values(response):
    return [row["o"]["value"] for row in response.json()["results"]["bindings"]]


def test_a_query_comes_by_get(client):
    response = client.get("/sparql", params={"query": "ASK { ?s a kg:TradeUnion }"})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert response.json()["boolean"] is True


def test_a_query_comes_as_a_form(client):
    response = client.post("/sparql", data={"query": "ASK {}"})

    assert response.json()["boolean"] is True


def test_a_query_comes_as_itself(client):
    response = client.post("/sparql", content="ASK {}", headers={"Content-Type": f"{DIRECT}; charset=utf-8"})

    assert response.json()["boolean"] is True


def test_chinese_comes_whole(client):
    query = 'SELECT ?o { BIND ("重庆市总工会" AS ?o) }'

    for response in (
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query.encode(), headers={"Content-Type": DIRECT}),
    ):
        assert values(response) == ["重庆市总工会"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client, method):
    response = client.request(method, "/sparql", params={"query": "ASK {}"})

    assert response.status_code == 405
    assert "GET" in response.headers["allow"]


def test_several_queries_are_refused(client):
    response = client.get("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D")

    assert response.status_code == 400
    assert "one query" in response.text


@pytest.mark.parametrize("kind", ["text/plain", "", "application/json", "multipart/form-data"])
def test_a_query_of_another_media_type_is_refused(client, kind):
    response = client.post("/sparql", content="ASK {}", headers={"Content-Type": kind} if kind else {})

    assert response.status_code == 415


def test_a_form_in_the_address_of_a_post_is_refused(client):
    response = client.post("/sparql?query=ASK%20%7B%7D", data={"query": "ASK {}"})

    assert response.status_code == 400


def test_what_is_not_utf8_is_refused(client):
    direct = client.post("/sparql", content="ASK {}".encode("utf-16"), headers={"Content-Type": DIRECT})
    form = client.post("/sparql", content=b"query=%ff%fe", headers={"Content-Type": FORM})

    assert (direct.status_code, form.status_code) == (400, 400)


def test_a_wrong_query_is_told_where_it_is_wrong(client):
    response = client.get("/sparql", params={"query": "ASK { ?s unknown:p ?o }"})

    assert response.status_code == 400
    assert "unknown prefix" in response.text


@pytest.mark.parametrize("update", ["INSERT DATA { <urn:a> <urn:b> 1 }", "DROP ALL", "LOAD <http://127.0.0.1/x>"])
def test_updates_are_refused_however_they_come(client, update):
    before = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?o) { ?s ?p ?x }"}).json()

    assert client.post("/sparql", data={"update": update}).status_code == 403
    assert (
        client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}).status_code == 403
    )
    assert client.post("/sparql", content=update, headers={"Content-Type": DIRECT}).status_code == 400
    assert client.get("/sparql", params={"query": update}).status_code == 400
    assert client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?o) { ?s ?p ?x }"}).json() == before


def test_no_other_machine_is_asked(client):
    response = client.get("/sparql", params={"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"})

    assert response.status_code == 400
    assert "SERVICE" in response.text


def test_without_a_dataset_everything_is_asked(client):
    assert values(client.get("/sparql", params={"query": ONE})) == ["1"]


@pytest.mark.parametrize(("graphs", "found"), [(["urn:a"], ["1"]), (["urn:b"], []), (["urn:a", "urn:b"], ["1"])])
def test_default_graphs_are_chosen_by_get_and_post(client, graphs, found):
    given = {"query": ONE, "default-graph-uri": graphs}

    assert values(client.get("/sparql", params=given)) == found
    assert values(client.post("/sparql", data=given)) == found
    address = "/sparql?" + "&".join(f"default-graph-uri={graph}" for graph in graphs)
    assert values(client.post(address, content=ONE, headers={"Content-Type": DIRECT})) == found


def test_named_graphs_are_chosen(client):
    query = "SELECT ?o { GRAPH ?g { ?s <urn:p> ?o } }"

    assert values(client.get("/sparql", params={"query": query, "named-graph-uri": "urn:b"})) == ["2"]
    assert values(client.get("/sparql", params={"query": query, "default-graph-uri": "urn:b"})) == []


def test_the_dataset_of_the_protocol_comes_before_that_of_the_query(client):
    query = "SELECT ?o FROM <urn:b> { ?s <urn:p> ?o }"

    assert values(client.get("/sparql", params={"query": query})) == ["2"]
    assert values(client.get("/sparql", params={"query": query, "default-graph-uri": "urn:a"})) == ["1"]


def test_a_graph_that_is_no_iri_is_refused(client):
    assert client.get("/sparql", params={"query": ONE, "default-graph-uri": "no iri"}).status_code == 400


@pytest.mark.parametrize(
    ("accept", "given", "begins"),
    [
        ("", "application/sparql-results+json", "{"),
        ("*/*", "application/sparql-results+json", "{"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("application/json", "application/json", "{"),
        ("text/csv", "text/csv; charset=utf-8", "o\r\n1\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?o\n1\n"),
        ("text/html, application/sparql-results+xml;q=0.9, */*;q=0.1", "application/sparql-results+xml", "<?xml"),
    ],
)
def test_rows_come_in_the_form_wished_for(client, accept, given, begins):
    response = client.get("/sparql", params={"query": ONE}, headers={"Accept": accept})

    assert response.headers["content-type"] == given
    assert response.text.startswith(begins)
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s <urn:q> ?o } { ?s <urn:p> ?o }", "DESCRIBE <urn:x>"])
def test_triples_come_in_the_form_wished_for(client, media_type, query):
    response = client.get("/sparql", params={"query": query}, headers={"Accept": media_type})

    assert response.headers["content-type"].partition(";")[0] == media_type
    assert len(list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type)))) >= 1


def test_a_form_that_an_answer_does_not_have_is_refused(client):
    assert client.get("/sparql", params={"query": ONE}, headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/csv"}).status_code == 406


def test_who_asks_nothing_is_told_what_can_be_asked(client):
    response = client.get("/sparql")
    described = rdflib.Graph().parse(data=response.text, format="turtle")

    assert any(str(o).endswith("#SPARQL11Query") for o in described.objects())


def test_a_browser_is_led_to_the_page_to_ask_on(client):
    response = client.get("/sparql", headers={"Accept": "text/html"}, follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (303, "/query")


def test_an_endless_query_is_cut_off_and_the_next_is_answered(client):
    response = client.get("/sparql", params={"query": ENDLESS})

    assert response.status_code == 503
    assert "longer than the 3 seconds" in response.text
    for _ in range(3):
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_query_that_is_too_long_is_refused(client):
    long = "ASK { } #" + "x" * 10_000_000

    assert client.post("/sparql", data={"query": long}).status_code == 413
    assert client.post("/sparql", content=long, headers={"Content-Type": DIRECT}).status_code == 413


def test_an_answer_that_is_too_large_is_refused(client):
    response = client.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"})

    assert response.status_code in {413, 503}
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_query_nested_without_end_is_refused(client):
    query = "SELECT * " + "{" * 900 + "}" * 900

    response = client.post("/sparql", content=query, headers={"Content-Type": DIRECT})

    assert response.status_code == 400
    assert "nested" in response.text


def test_other_programs_speak_with_it(settings):
    with listening(settings) as address:
        asked = SPARQLWrapper(f"{address}/sparql", returnFormat=JSON)
        asked.setQuery("SELECT ?name { ?s a kg:TradeUnion ; skos:prefLabel ?name }")
        names = [row["name"]["value"] for row in asked.queryAndConvert()["results"]["bindings"]]
        asked.setMethod("POST")
        asked.setRequestMethod(POSTDIRECTLY)
        again = [row["name"]["value"] for row in asked.queryAndConvert()["results"]["bindings"]]
        asked.setQuery("CONSTRUCT WHERE { <urn:x> <urn:p> ?o }")
        asked.setReturnFormat(TURTLE)
        triples = rdflib.Graph().parse(data=asked.queryAndConvert(), format="turtle")
        store = rdflib.Graph(SPARQLStore(f"{address}/sparql", returnFormat="json"))
        rows = list(store.query("SELECT ?o { <urn:x> <urn:p> ?o }"))

    assert names
    assert again == names
    assert len(triples) == 1
    assert [row[0].toPython() for row in rows] == [1]


def test_results_are_the_json_of_the_recommendation(client):
    found = json.loads(client.get("/sparql", params={"query": ONE}).content)

    assert found["head"] == {"vars": ["o"]}
    assert found["results"]["bindings"] == [
        {"o": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}
    ]
