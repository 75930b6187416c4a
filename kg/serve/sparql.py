"""The SPARQL 1.1 Protocol (W3C Recommendation of 21 March 2013), its query operation; updates are refused."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse, Response

from kg.serve.negotiation import acceptable
from kg.serve.pool import QueryCrashError, QueryTimeoutError
from kg.serve.worker import SOLUTIONS, TRIPLES, Request

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from kg.serve.metrics import Metrics
    from kg.serve.pool import Pool
    from kg.serve.settings import Settings
    from kg.serve.worker import Reply

_FORM, _DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_STATUS = {
    "answered": HTTPStatus.OK,
    "malformed": HTTPStatus.BAD_REQUEST,
    "unacceptable": HTTPStatus.NOT_ACCEPTABLE,
    "too large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
_DESCRIPTION = """\
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .

[] a sd:Service ;
    sd:endpoint <{endpoint}> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV,
        formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples, formats:JSON-LD, formats:RDF_XML .
"""


class RefusedError(Exception):
    """A request that is not answered, with the status and the reason."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


async def respond(http: HttpRequest, pool: Pool, settings: Settings, metrics: Metrics) -> Response:
    """The answer to a request of the protocol."""
    try:
        asked = await _asked(http, settings)
        if asked is None:
            return Response(_DESCRIPTION.format(endpoint=_address(http)), media_type="text/turtle; charset=utf-8")
        reply = await pool.ask(asked)
    except RefusedError as error:
        metrics.queries.labels("refused").inc()
        return PlainTextResponse(error.reason + "\n", error.status)
    except QueryTimeoutError:
        metrics.queries.labels("timeout").inc()
        reason = f"the query took longer than the {settings.timeout:g} seconds that one may take here; narrow it\n"
        return PlainTextResponse(reason, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"})
    except QueryCrashError:
        metrics.queries.labels("crash").inc()
        reason = "the query needed more memory than one may have here; narrow it\n"
        return PlainTextResponse(reason, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"})
    metrics.queries.labels(reply.outcome).inc()
    return _written(reply)


def _written(reply: Reply) -> Response:
    headers = {"Vary": "Accept"}
    if reply.outcome != "answered":
        return PlainTextResponse(reply.body + b"\n", _STATUS[reply.outcome], headers)
    return Response(reply.body, _STATUS[reply.outcome], headers, media_type=reply.media_type)


def _address(http: HttpRequest) -> str:
    """The address of the endpoint as who asked knows it, without characters that would end an IRI."""
    address = str(http.url.replace(query="", fragment=""))
    return "".join(c for c in address if c.isprintable() and c not in '<>"{}|^`\\ ')


async def _asked(http: HttpRequest, settings: Settings) -> Request | None:
    """The query of a request (clause 2.1 of the protocol); None where it asks what the service can do."""
    try:
        given = _pairs(http.url.query, settings)
        if http.method == "POST":
            kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
            body = await _body(http, settings)
            if kind == _DIRECT:
                if any(name == "query" for name, _ in given):
                    raise RefusedError(HTTPStatus.BAD_REQUEST, "the query is in the body, and again in the address")
                given.append(("query", body))
            elif kind == _FORM:
                if any(name in {"query", "default-graph-uri", "named-graph-uri"} for name, _ in given):
                    raise RefusedError(HTTPStatus.BAD_REQUEST, "a form is sent in the body, not in the address")
                given += _pairs(body, settings)
            elif kind == "application/sparql-update":
                raise RefusedError(HTTPStatus.FORBIDDEN, "this endpoint answers queries; it cannot be updated")
            else:
                reason = f"a query is sent as {_DIRECT} or in a form ({_FORM}), not as {kind or 'nothing named'!r}"
                raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, reason)
    except UnicodeDecodeError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the query is not in UTF-8") from error
    return _query(given, http)


def _query(given: list[tuple[str, str]], http: HttpRequest) -> Request | None:
    if any(name == "update" for name, _ in given):
        raise RefusedError(HTTPStatus.FORBIDDEN, "this endpoint answers queries; it cannot be updated")
    queries = [value for name, value in given if name == "query"]
    if not queries and http.method in {"GET", "HEAD"} and not given:
        return None
    if len(queries) != 1:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"a request holds one query, not {len(queries)}")
    accept = http.headers.get("accept", "")
    return Request(
        queries[0],
        acceptable(accept, tuple(SOLUTIONS)),
        acceptable(accept, tuple(TRIPLES)),
        tuple(value for name, value in given if name == "default-graph-uri"),
        tuple(value for name, value in given if name == "named-graph-uri"),
    )


def _pairs(text: str, settings: Settings) -> list[tuple[str, str]]:
    _check_size(len(text), settings)
    try:
        return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"too much is asked at once ({error})") from error


async def _body(http: HttpRequest, settings: Settings) -> str:
    parts, size = [], 0
    async for part in http.stream():
        size += len(part)
        _check_size(size, settings)
        parts.append(part)
    return b"".join(parts).decode()


def _check_size(size: int, settings: Settings) -> None:
    if size > settings.most_query:
        reason = f"a query may be {settings.most_query:,} bytes long here"
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
