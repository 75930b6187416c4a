"""The web application (ASGI): its routes, and what every answer has in common."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import JiangpuError
from kg.serve import pages
from kg.serve.guard import Guard
from kg.serve.loaded import load, stamp
from kg.serve.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kg.serve.loaded import Loaded
    from kg.serve.settings import Settings

_LOG = logging.getLogger("kg.serve")


class Served:
    """The graph that is served now, and the one after it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.now: Loaded
        self._stamp: object = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Read the graph for the first time; :class:`kg.errors.GraphError` where it cannot be read."""
        self._stamp = stamp(self.settings.source)
        self._take(await load(self.settings))

    async def watch(self) -> None:
        """Look at the source now and then, and serve it anew where it has changed; the old one ends what it began."""
        while True:
            await asyncio.sleep(self.settings.watch)
            found = stamp(self.settings.source)
            if found in {None, self._stamp}:
                continue
            self._stamp = found
            try:
                fresh = await load(self.settings)
            except (JiangpuError, OSError) as error:
                self.metrics.reloads.labels("failed").inc()
                _LOG.warning("what was there before is served on: %s", error)
                continue
            old = self.now
            self._take(fresh)
            self.metrics.reloads.labels("done").inc()
            _LOG.info("%s has changed and is served anew", self.settings.source)
            task = asyncio.get_running_loop().create_task(_leave(old))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _take(self, loaded: Loaded) -> None:
        self.now = loaded
        self.metrics.entities.set(len(loaded.graph.entities()))
        self.metrics.facts.set(len(loaded.graph.facts()))

    async def stop(self) -> None:
        """End the workers."""
        for task in self._leaving:
            task.cancel()
        await self.now.pool.close()


async def _leave(old: Loaded) -> None:
    """Wait until nobody is served by `old`, and end its workers."""
    await old.visitors.left()
    await old.pool.close()


def application(settings: Settings) -> Starlette:
    """The application that serves what `settings` name.

    >>> from pathlib import Path
    >>> from kg.serve.settings import Settings
    >>> "/sparql" in {route.path for route in application(Settings(Path("exports"))).routes}
    True
    """
    served = Served(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await served.start()
        watching = asyncio.create_task(served.watch())
        yield
        watching.cancel()
        await served.stop()

    middleware = [Middleware(Guard, served=served)]
    if settings.cors:
        allowed = Middleware(CORSMiddleware, allow_origins=[settings.cors], allow_methods=["GET", "POST"])
        middleware.insert(0, allowed)
    return Starlette(
        routes=[
            Route("/", pages.graph),
            Route("/sparql", pages.sparql, methods=["GET", "POST"]),
            Route("/query", pages.query),
            Route("/questions", pages.questions),
            Route("/questions/{name}", pages.question),
            Route("/questions/{name}/graph", pages.question_graph),
            Route("/search", pages.search),
            Route("/id/{name}", pages.thing),
            Route("/api/search", pages.api_search),
            Route("/api/entity/{name}", pages.api_entity),
            Route("/api/questions", pages.api_questions),
            Route("/api/questions/{name}", pages.api_question),
            Route("/openapi.json", pages.openapi),
            Route("/health", pages.health),
            Route("/metrics", pages.metrics),
            Mount("/static", StaticFiles(packages=[("kg.serve", "assets/static")]), name="static"),
        ],
        middleware=middleware,
        exception_handlers={404: pages.missing, 405: pages.refused},
        lifespan=lifespan,
    )
