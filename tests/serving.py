"""A graph served for tests: in the process for most, on a port for clients and browsers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import uvicorn

from kg.rdf import write_turtle
from kg.serve import Settings, application

# Two graphs beside the one that holds all facts, as the tests of the protocol need them.
NAMED = "\n<urn:a> { <urn:x> <urn:p> 1 }\n<urn:b> { <urn:y> <urn:p> 2 }\n"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


def exported(graph, folder):
    """The graph as a file with the named graphs."""
    path = folder / "graph.trig"
    write_turtle(graph, folder / "graph.ttl")
    path.write_text((folder / "graph.ttl").read_text(encoding="utf-8") + NAMED, encoding="utf-8")
    return path


@contextlib.contextmanager
def listening(settings):
    """The address of a server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(application(settings), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 120
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        assert thread.is_alive(), "the server ended"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(60)


__all__ = ["ENDLESS", "Settings", "exported", "listening"]
