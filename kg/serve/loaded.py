"""A graph that is being served: read once, with its page, its index and its workers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.domain import Domain
from kg.errors import GraphError
from kg.rdf import open_graph, read_turtle
from kg.serve.index import Index
from kg.serve.pool import Pool
from kg.view import MAX_NODES, render_html

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from kg.merge import KnowledgeGraph
    from kg.rdf.questions import Question
    from kg.serve.settings import Settings

_EXPORTED = "graph.ttl"


class Visitors:
    """Counts those who are being served; it can be waited until there are none."""

    def __init__(self) -> None:
        self._count = 0
        self._gone = asyncio.Event()
        self._gone.set()

    def __enter__(self) -> None:
        self._count += 1
        self._gone.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if not self._count:
            self._gone.set()

    async def left(self) -> None:
        """Return when there is none."""
        await self._gone.wait()


@dataclass(slots=True)
class Loaded:
    """What answers come from: the graph and its RDF, the page, the names, the workers and the questions."""

    graph: KnowledgeGraph
    store: ox.Store
    prefixes: dict[str, str]
    page: str
    index: Index
    pool: Pool
    questions: dict[str, Question]
    visitors: Visitors = field(default_factory=Visitors)

    @property
    def things(self) -> str:
        """The IRI that begins the names of all things."""
        return self.prefixes["id"]


async def load(settings: Settings) -> Loaded:
    """Read what `settings` name and start the workers; :class:`GraphError` says why it cannot be served."""
    source = file_of(settings.source)
    pool = Pool(replace(settings, source=source))
    _, parts = await asyncio.gather(pool.start(), asyncio.to_thread(_parts, source, settings))
    return Loaded(*parts[:5], pool, parts[5])


def _parts(
    source: Path, settings: Settings
) -> tuple[KnowledgeGraph, ox.Store, dict[str, str], str, Index, dict[str, Question]]:
    from kg.rdf.questions import questions  # noqa: PLC0415

    domain = Domain(settings.domain) if settings.domain else Domain.default()
    graph = read_turtle(source, domain)
    opened = open_graph(source)
    return graph, opened.store, opened.prefixes, render_html(graph, MAX_NODES), Index(graph), questions(domain)


def file_of(source: Path) -> Path:
    """What is read of `source`: itself, or the Turtle in a folder of exports.

    :class:`GraphError` where there is neither.
    """
    if source.is_dir() and not (source / "CURRENT").is_file():
        exported = source / _EXPORTED
        if not exported.is_file():
            msg = f"{source}: neither a store that `kg load` made nor a folder with a {_EXPORTED} that `kg build` wrote"
            raise GraphError(msg)
        return exported
    if not source.exists():
        msg = f"{source}: there is no such file or folder"
        raise GraphError(msg)
    return source


def stamp(source: Path) -> tuple[int, int, int] | None:
    """What tells one state of the source from another; None where it is gone."""
    try:
        file = file_of(source)
        found = (file / "CURRENT" if file.is_dir() else file).stat()
    except (GraphError, OSError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
