"""What each address answers."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import pyoxigraph as ox
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from kg.serve import sparql as protocol
from kg.serve.negotiation import acceptable
from kg.serve.part import of_rows
from kg.serve.pool import QueryCrashError, QueryTimeoutError
from kg.serve.things import described, summary, triples_of
from kg.serve.worker import Asked
from kg.view import render_html

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.application import Served
    from kg.serve.loaded import Loaded
    from kg.serve.worker import Reply

_MOST_FOUND, _FOUND = 100, 20
_RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_OFFERED = ("text/html", *_RDF, "application/json")
_LANGUAGES = ("zh", "en")


def _served(request: Request) -> Served:
    served: Served = request.state.served
    return served


def _loaded(request: Request) -> Loaded:
    loaded: Loaded = request.state.loaded
    return loaded


async def graph(request: Request) -> Response:
    """The interactive page; its own policy admits what stands in it."""
    return HTMLResponse(_loaded(request).page, headers={"content-security-policy": "frame-ancestors 'none'"})


async def sparql(request: Request) -> Response:
    """The SPARQL endpoint; a browser that asks nothing gets the page to ask on."""
    accept = request.headers.get("accept", "")
    if request.method == "GET" and not request.url.query and "text/html" in accept:
        return RedirectResponse(f"{_root(request)}/query", 303)
    served = _served(request)
    return await protocol.respond(request, _loaded(request).pool, served.settings, served.metrics)


async def query(request: Request) -> Response:
    """A page to write queries on."""
    return _page(request, "query.html", sparql=request.query_params.get("query", ""), things=_loaded(request).things)


async def questions(request: Request) -> Response:
    """The questions of the domain."""
    return _page(request, "questions.html", questions=list(_loaded(request).questions.values()))


async def question(request: Request) -> Response:
    """A question with its answer as a table."""
    asked = _loaded(request).questions.get(request.path_params["name"])
    if asked is None:
        return _missing(request)
    reply, given = await _answer(request)
    table = json.loads(reply.body) if reply.outcome == "answered" else None
    wrong = "" if table else reply.body.decode()
    status = 200 if table else 400
    return _page(
        request, "question.html", status, question=asked, given=given, table=table, wrong=wrong,
        things=_loaded(request).things, asked=request.url.query,
    )  # fmt: skip


async def question_graph(request: Request) -> Response:
    """The part of the graph that the answer to a question names, as a page of its own."""
    if request.path_params["name"] not in _loaded(request).questions:
        return _missing(request)
    reply, _ = await _answer(request)
    if reply.outcome != "answered":
        return PlainTextResponse(reply.body + b"\n", 400)
    part = of_rows(_loaded(request).graph, json.loads(reply.body), _loaded(request).things)
    return HTMLResponse(render_html(part), headers={"content-security-policy": "frame-ancestors 'none'"})


async def search(request: Request) -> Response:
    """What a name, a part of one, pinyin or initials may mean."""
    words = request.query_params.get("q", "")[:200]
    found = _loaded(request).index.search(words, _MOST_FOUND)
    results = [{**summary(_loaded(request).graph, entity), "matched": name} for entity, name in found]
    return _page(request, "search.html", words=words, found=results)


async def thing(request: Request) -> Response:
    """A thing by its IRI, as a page, RDF or JSON; whichever is wished for (RFC 9110, clause 12)."""
    loaded = _loaded(request)
    name = request.path_params["name"]
    wished = acceptable(request.headers.get("accept", ""), _OFFERED)
    if not wished:
        return PlainTextResponse(f"there is {', '.join(_OFFERED)}\n", 406)
    entity = loaded.graph.network.has_node(name)
    try:
        triples = triples_of(loaded.store, loaded.things + name)
    except ValueError:
        triples = []
    if not triples:
        return _missing(request)
    headers = {"Vary": "Accept"}
    if wished[0] == "application/json" and entity:
        return JSONResponse(described(loaded.graph, loaded.graph.entity(name)), headers=headers)
    if wished[0] in _RDF:
        body = ox.serialize(triples, format=_RDF[wished[0]], prefixes=loaded.prefixes)
        return Response(body, headers=headers, media_type=wished[0])
    if entity:
        told = described(loaded.graph, loaded.graph.entity(name))
        return _page(request, "entity.html", told=told, headers=headers)
    return _page(request, "thing.html", thing=name, rows=_rows(loaded, triples), things=loaded.things, headers=headers)


def _rows(loaded: Loaded, triples: list[ox.Triple]) -> list[list[dict[str, str]]]:
    return [[_cell(loaded, term) for term in (t.subject, t.predicate, t.object)] for t in triples]


def _cell(loaded: Loaded, term: Any) -> dict[str, str]:
    """A term as results in JSON tell it, its IRI shortened."""
    if not isinstance(term, ox.NamedNode):
        return {"type": "literal", "value": getattr(term, "value", str(term))}
    short = next((f"{p}:{term.value[len(b) :]}" for p, b in loaded.prefixes.items() if term.value.startswith(b)), "")
    return {"type": "uri", "value": term.value, "short": short or term.value}


async def api_search(request: Request) -> Response:
    """The search as JSON."""
    given = request.query_params.get("limit", str(_FOUND))
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:4]) <= _MOST_FOUND):
        return _wrong(f"limit is a number from 1 to {_MOST_FOUND}, not {given[:40]!r}")
    words = request.query_params.get("q")
    if not words:
        return _wrong("q, the words to search for, is missing")
    loaded = _loaded(request)
    found = loaded.index.search(words[:200], int(given))
    results = [{**summary(loaded.graph, entity), "matched": name} for entity, name in found]
    return JSONResponse({"query": words, "results": results})


async def api_entity(request: Request) -> Response:
    """All that the graph tells of an entity, as JSON."""
    loaded, name = _loaded(request), request.path_params["name"]
    if not loaded.graph.network.has_node(name):
        return JSONResponse({"error": "there is no such entity"}, 404)
    return JSONResponse(described(loaded.graph, loaded.graph.entity(name)))


async def api_questions(request: Request) -> Response:
    """The questions of the domain, as JSON."""
    rows = [
        {"name": q.name, "zh": q.zh, "en": q.en, "given": list(q.given), "sparql": q.sparql}
        for q in _loaded(request).questions.values()
    ]
    return JSONResponse({"questions": rows})


async def api_question(request: Request) -> Response:
    """The answer to a question, as results in JSON."""
    if request.path_params["name"] not in _loaded(request).questions:
        return JSONResponse({"error": "there is no such question"}, 404)
    reply, _ = await _answer(request)
    if reply.outcome != "answered":
        return _wrong(reply.body.decode())
    return Response(reply.body, media_type="application/sparql-results+json")


async def _answer(request: Request) -> tuple[Reply, dict[str, str]]:
    """What the workers answer to the question of the address, with the names that the address gives."""
    from kg.serve.worker import Reply  # noqa: PLC0415

    given = {name: value for name, value in request.query_params.items() if value and name != "lang"}
    asked = Asked(request.path_params["name"], tuple(sorted(given.items())))
    try:
        return await _loaded(request).pool.ask(asked), given
    except (QueryTimeoutError, QueryCrashError):
        return Reply("too large", b"the question took longer or more memory than it may here"), given


async def openapi(_: Request) -> Response:
    """What programs may ask, described by OpenAPI 3.1."""
    return Response(_asset("openapi.json"), media_type="application/json")


async def health(_: Request) -> Response:
    """That the server is there."""
    return PlainTextResponse("ok\n")


async def metrics(request: Request) -> Response:
    """Counts for Prometheus."""
    return Response(_served(request).metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


async def missing(request: Request, _: Exception) -> Response:
    """An address that leads nowhere."""
    return _missing(request)


async def refused(_: Request, error: Exception) -> Response:
    """A method that an address does not answer."""
    return PlainTextResponse("this address answers no such method\n", 405, getattr(error, "headers", None))


def _missing(request: Request) -> Response:
    if request.url.path.startswith(f"{_root(request)}/api/"):
        return JSONResponse({"error": "there is nothing at this address"}, 404)
    return _page(request, "missing.html", 404)


def _wrong(reason: str) -> Response:
    return JSONResponse({"error": reason}, 400)


def _root(request: Request) -> str:
    """The path under which a proxy shows all this."""
    root: str = request.scope.get("root_path", "")
    return root.rstrip("/")


def _page(
    request: Request, name: str, status: int = 200, headers: dict[str, str] | None = None, **told: Any
) -> Response:
    """A page in the language that was chosen last, else in Chinese."""
    chosen = request.query_params.get("lang") or request.cookies.get("lang") or _LANGUAGES[0]
    language = chosen if chosen in _LANGUAGES else _LANGUAGES[0]
    strings = json.loads(_asset("strings.json"))[language]
    other = next(one for one in _LANGUAGES if one != language)
    switch = request.url.include_query_params(lang=other)
    address = f"{switch.path}?{switch.query}"
    told = {"ui": strings, "language": language, "root": _root(request), "switch": address, **told}
    response = HTMLResponse(_templates().get_template(name).render(told), status, headers)
    if "lang" in request.query_params:
        response.set_cookie(
            "lang", language, max_age=31536000, samesite="strict", httponly=True, path=_root(request) or "/"
        )
    return response


@cache
def _asset(name: str) -> str:
    return files("kg.serve").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
