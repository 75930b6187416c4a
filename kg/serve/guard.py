"""What stands before every route: who may come in, what every answer bears, and what is counted."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import Match

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.serve.application import Served

_OPEN = frozenset({"/health"})  # is asked by machines that know no password, and tells nothing
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware: credentials, security headers, counts; the graph of a request stays until it is answered."""

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app, self._served = app, served
        self._credentials = (served.settings.credentials or "").encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loaded = self._served.now
        scope["state"] = {**scope.get("state", {}), "served": self._served, "loaded": loaded}
        begun, status = time.monotonic(), 500

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    if name not in headers:
                        headers[name] = value
            await send(message)

        challenge = {"WWW-Authenticate": 'Basic realm="kg", charset="UTF-8"'}
        barred = PlainTextResponse("a name and a password are asked for here\n", 401, challenge)
        try:
            with loaded.visitors:
                await (self._app if self._may(scope) else barred)(scope, receive, answered)
        finally:
            route = _route(scope)
            self._served.metrics.requests.labels(route, _method(scope), str(status)).inc()
            self._served.metrics.seconds.labels(route).observe(time.monotonic() - begun)

    def _may(self, scope: Scope) -> bool:
        """Whether who asks may come in; the comparison takes as long whatever they give."""
        if not self._credentials or scope["path"].removeprefix(scope.get("root_path", "")) in _OPEN:
            return True
        scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
        try:
            told = base64.b64decode(given.strip(), validate=True)
        except (binascii.Error, ValueError):
            told = b""
        return scheme.lower() == "basic" and hmac.compare_digest(told, self._credentials)


def _method(scope: Scope) -> str:
    """One of few, whatever is sent."""
    method = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"} else "other"


def _route(scope: Scope) -> str:
    """The pattern that a request fits, so that paths which strangers invent make no counters."""
    for route in scope["app"].routes if "app" in scope else ():
        if route.matches(scope)[0] is not Match.NONE:
            return str(route.path)
    return "none"
