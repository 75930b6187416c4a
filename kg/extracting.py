"""Documents → extractions, one process or several: in the order of the documents, and each failure by itself."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kg.errors import SourceError, failure
from kg.model import Document, Extraction
from kg.timing import at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.cache import ExtractionCache

    Load = Callable[[], "Extracting"]
    Answer = Extraction | SourceError

_AHEAD = 4  # documents under way for each process: enough that none waits, few enough to be held in memory
_WORTH = 24  # documents after which starting further processes gains more than it costs


class Extracting(Protocol):
    """What extracts a document: :class:`kg.pipeline.Pipeline`."""

    def extract(self, document: Document) -> Extraction:
        """Everything that `document` states."""
        ...


def cores() -> int:
    """How many processor cores this process may use.

    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def extract_all(
    items: Iterable[Document | SourceError],
    load: Load,
    *,
    seconds: int = 0,
    cache: ExtractionCache | None = None,
    jobs: int | None = 1,
) -> Iterator[Answer]:
    """The extraction of each document in turn; what is an error already is passed on, and so is what failed.

    `load` makes what extracts, once in each of `jobs` processes, when the first document is not in the `cache`; where
    `jobs` is None, this process extracts until there are so many documents that one for each core is worth starting.
    A document may take so many `seconds` (0: as long as it takes).

    >>> from functools import partial
    >>> from kg.pipeline import Pipeline
    >>> documents = [Document("a", "重庆下雨。", ""), SourceError("b", "the file is empty")]
    >>> [type(answer).__name__ for answer in extract_all(documents, partial(Pipeline))]
    ['Extraction', 'SourceError']
    """
    alone, side_by_side = _Alone(load, seconds), _SideBySide(load, seconds, jobs or cores())
    extract: _Alone | _SideBySide = alone if jobs in {1, None} else side_by_side
    waiting: deque[Answer | _Waiting] = deque()
    begun = 0
    try:
        for item in items:
            known = item if isinstance(item, SourceError) else cache.get(item) if cache else None
            if known is not None:
                waiting.append(known)
            elif isinstance(item, Document):
                begun += 1
                if jobs is None and begun > _WORTH and cores() > 1:
                    extract = side_by_side
                waiting.append(_Waiting(item, extract.submit(item)))
            while waiting and (len(waiting) > extract.ahead or not isinstance(waiting[0], _Waiting)):
                yield _awaited(waiting.popleft(), side_by_side, cache)
        while waiting:
            yield _awaited(waiting.popleft(), side_by_side, cache)
    finally:
        side_by_side.close()


class _Waiting(NamedTuple):
    document: Document
    future: Future[Answer]


def _awaited(first: Answer | _Waiting, extract: _SideBySide, cache: ExtractionCache | None) -> Answer:
    """The answer, waited for where it is not there yet; an extraction is put into the cache."""
    if not isinstance(first, _Waiting):
        return first
    answer = extract.result(*first)
    if cache and isinstance(answer, Extraction):
        cache.put(answer)
    return answer


class _Alone:
    """Extracts in this process."""

    ahead = 0

    def __init__(self, load: Load, seconds: int) -> None:
        self._load, self._seconds = load, seconds
        self._extractor: Extracting | None = None

    def submit(self, document: Document) -> Future[Answer]:
        self._extractor = self._extractor or self._load()
        future: Future[Answer] = Future()
        future.set_result(_extracted(self._extractor, document, self._seconds))
        return future


class _SideBySide:
    """Extracts in several processes; where one dies, the documents that were under way are tried one by one."""

    def __init__(self, load: Load, seconds: int, jobs: int) -> None:
        self._load, self._seconds, self._jobs = load, seconds, jobs
        self.ahead = jobs * _AHEAD
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, document: Document) -> Future[Answer]:
        self._pool = self._pool or self._started(self._jobs)
        try:
            return self._pool.submit(_extract, document)
        except BrokenProcessPool:
            self._pool = None
            return self.submit(document)

    def result(self, document: Document, future: Future[Answer]) -> Answer:
        try:
            return future.result()
        except BrokenProcessPool:
            return self._by_itself(document)

    def _by_itself(self, document: Document) -> Answer:
        """Which document it is that kills its process is seen when each has one of its own."""
        with self._started(1) as alone:
            try:
                return alone.submit(_extract, document).result()
            except BrokenProcessPool:
                reason = "the process that reads it is killed, perhaps for want of memory; please report it"
                return SourceError(document.id, reason)

    def _started(self, jobs: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # a copy of a process with threads may never wake up
        return ProcessPoolExecutor(jobs, context, initializer=_start, initargs=(self._load, self._seconds))

    def close(self) -> None:
        """End the processes; what has not begun is not begun."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)


_here: tuple[Extracting, int] | None = None  # in a process of _SideBySide: what extracts, and how long it may take


def _start(load: Load, seconds: int) -> None:
    global _here  # noqa: PLW0603 - a process pool keeps what it has loaded nowhere else
    _here = load(), seconds


def _extract(document: Document) -> Answer:
    if _here is None:
        msg = "the process was not started"
        raise RuntimeError(msg)
    return _extracted(_here[0], document, _here[1])


def _extracted(extractor: Extracting, document: Document, seconds: int) -> Answer:
    """What `extractor` finds; whatever it fails with is this document's error."""
    try:
        with at_most(seconds):
            return extractor.extract(document)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is this document's)
        return failure(document.id, error)
