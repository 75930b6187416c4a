"""The workers that queries are given to: one query each at a time, and an end for those that take too long."""

from __future__ import annotations

import asyncio
import multiprocessing
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.serve.worker import work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from kg.serve.settings import Settings
    from kg.serve.worker import Asked, Reply, Request

_STARTING = 600  # seconds that a worker may take to read the graph


class QueryTimeoutError(Exception):
    """A query took longer than it may, or waited so long for its turn."""


class QueryCrashError(Exception):
    """A query ended the process that answered it, most likely for want of memory."""


class _Worker:
    """A process that answers queries, and the end of the pipe that leads to it."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self._channel: Connection
        self._channel, theirs = context.Pipe()
        self._process = context.Process(
            target=work,
            args=(theirs, settings.source, settings.domain),
            kwargs={"inferred": settings.inferred, "memory": settings.memory, "most": settings.most_answer},
            daemon=True,
        )
        self._process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        """:class:`GraphError` where the worker cannot read the graph."""
        reason = self._channel.recv() if self._channel.poll(_STARTING) else "reading it took too long"
        if reason:
            raise GraphError(reason)

    def ask(self, request: Request | Asked, timeout: float) -> Reply:
        """The reply to `request`; the worker is of no more use after an error."""
        try:
            self._channel.send(request)
            if not self._channel.poll(timeout):
                raise QueryTimeoutError
            reply: Reply = self._channel.recv()
        except (EOFError, OSError) as error:
            raise QueryCrashError from error
        return reply

    def end(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(OSError):
            self._channel.close()
        self._process.kill()
        self._process.join()


class Pool:
    """A number of workers over one graph.

    A query waits for a worker that is free; waiting and answering together may take :attr:`Settings.timeout` seconds.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: list[_Worker] = []
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._replacing: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def start(self) -> None:
        """Start the workers and wait until they have read the graph; :class:`GraphError` where one cannot."""
        self._workers = [_Worker(self._settings) for _ in range(self._settings.workers)]
        try:
            await asyncio.gather(*(asyncio.to_thread(worker.wait_until_ready) for worker in self._workers))
        except GraphError:
            await self.close()
            raise
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def ask(self, request: Request | Asked) -> Reply:
        """The reply to `request`; :class:`QueryTimeoutError` or :class:`QueryCrashError` where there is none."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.timeout
        try:
            worker = await asyncio.wait_for(self._free.get(), self._settings.timeout)
        except TimeoutError as error:
            raise QueryTimeoutError from error
        try:
            reply = await asyncio.shield(asyncio.to_thread(worker.ask, request, max(until - loop.time(), 0.01)))
        except (QueryTimeoutError, QueryCrashError, asyncio.CancelledError):
            self._replace(worker)
            raise
        self._free.put_nowait(worker)
        return reply

    def _replace(self, worker: _Worker) -> None:
        """Another worker in the place of one that is lost, without waiting for it."""
        task = asyncio.get_running_loop().create_task(self._renew(worker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _renew(self, worker: _Worker) -> None:
        await asyncio.to_thread(worker.end)
        if worker in self._workers:
            self._workers.remove(worker)
        if self._is_closed:
            return
        fresh = _Worker(self._settings)
        self._workers.append(fresh)
        try:
            await asyncio.to_thread(fresh.wait_until_ready)
        except (GraphError, OSError, EOFError):
            await asyncio.to_thread(fresh.end)  # the graph is gone for now; the others go on
            return
        self._free.put_nowait(fresh)

    async def close(self) -> None:
        """End the workers at once."""
        self._is_closed = True
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in self._workers))
        self._workers.clear()
