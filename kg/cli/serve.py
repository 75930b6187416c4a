"""``kg serve``: the graph as a SPARQL endpoint, a page, and things that answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

_CREDENTIALS = "KG_SERVE_CREDENTIALS"


def serve(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="A folder that `kg build` wrote, a file of RDF, or a store that `kg load` made."
        ),
    ],
    *,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port to listen at.")] = 8000,
    root_path: Annotated[
        str, typer.Option(metavar="PATH", help="The path under which a proxy shows all this, such as /kg.")
    ] = "",
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="The most that a query may take.")] = 30.0,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="How many queries run side by side.")] = 2,
    memory: Annotated[int, typer.Option(metavar="MIB", min=256, help="The most memory that a query may take.")] = 4096,
    max_query: Annotated[int, typer.Option(metavar="BYTES", min=100, help="The longest query.")] = 262_144,
    max_answer: Annotated[int, typer.Option(metavar="BYTES", min=1000, help="The longest answer.")] = 67_108_864,
    inferred: Annotated[
        bool, typer.Option("--inferred", help="Also answer from what follows by the ontology (see kg infer).")
    ] = False,
    cors: Annotated[
        str | None,
        typer.Option(metavar="ORIGIN", help="Let the pages of this origin ask, such as https://example.org."),
    ] = None,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Serve a graph: its page at /, SPARQL at /sparql, things at /id/, a search and questions. It is only read.

    Where the environment variable KG_SERVE_CREDENTIALS is set to user:password, these are asked for. The graph is read
    anew when its file changes. Needs: pip install "jiangpu[serve]".
    """
    from kg.errors import TargetError

    try:
        import uvicorn

        from kg.serve import Settings, application
    except ImportError as error:
        msg = f'kg serve needs more than is installed ({error.name}): pip install "jiangpu[serve]"'
        raise TargetError(msg) from error
    from kg.serve.loaded import file_of

    file_of(source)
    limits = timeout, workers, memory, max_query, max_answer
    settings = Settings(source, domain, *limits, inferred=inferred, credentials=_credentials(), cors=cors)
    root = "/" + root_path.strip("/") if root_path.strip("/") else ""
    uvicorn.run(
        application(settings), host=host, port=port, root_path=root, server_header=False, timeout_graceful_shutdown=30
    )


def _credentials() -> str | None:
    """The user and the password that are to be asked for, if any are."""
    from kg.errors import TargetError

    credentials = os.environ.get(_CREDENTIALS) or None
    if credentials and ":" not in credentials:
        msg = f"{_CREDENTIALS} is to be user:password"
        raise TargetError(msg)
    return credentials
