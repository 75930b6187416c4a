"""How far a build is: a bar for people, events for programs."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rich.progress import Task

    from kg.errors import SourceError
    from kg.merge import Decision, KnowledgeGraph

_EVERY = 1.0  # seconds between two events that only say how far


@contextmanager
def progress(log: EventLog | None, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Events where there is a `log`, else a bar on standard error with the rate and the time left, or nothing."""
    if log:
        with log.progress() as advance:
            yield advance
        return
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Documents a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading documents", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class EventLog:
    """Events on standard error, a JSON object a line: ``progress``, ``failure``, ``built``.

    >>> EventLog().line("failure", source="a.txt")
    '{"event": "failure", "source": "a.txt"}'
    """

    @staticmethod
    def line(event: str, **told: object) -> str:
        """An event as it is written."""
        return json.dumps({"event": event, **told}, ensure_ascii=False)

    def tell(self, event: str, **told: object) -> None:
        """Write an event, with the seconds since the beginning."""
        sys.stderr.write(self.line(event, **told) + "\n")

    def built(self, graph: KnowledgeGraph, paths: list[Path]) -> None:
        """Tell what was built, and where it lies."""
        counts = {"documents": len(graph.documents), "entities": len(graph.network), "facts": len(graph.facts())}
        self.tell("built", **counts, figures=len(graph.observations()), files=[str(path) for path in paths])

    @contextmanager
    def progress(self) -> Iterator[Callable[[int, int], None]]:
        """What tells how far, once a second and at the end."""
        begin = last = time.monotonic()
        reached = (0, 0)

        def advance(done: int, total: int) -> None:
            nonlocal last, reached
            reached, now = (done, total), time.monotonic()
            if now - last >= _EVERY:
                last = now
                rate = done / (now - begin)
                self.tell(
                    "progress", done=done, total=total, per_second=round(rate, 2), left=round((total - done) / rate, 1)
                )

        yield advance
        self.tell("progress", done=reached[0], total=reached[1], seconds=round(time.monotonic() - begin, 2))


def tell_problems(failures: Iterable[SourceError], idle: Iterable[tuple[Decision, str]], log: EventLog | None) -> None:
    """Tell on standard error what failed, as events where there is a `log`, and which decisions change nothing."""
    for failure in failures:
        if log:
            log.tell("failure", source=failure.source, reason=failure.reason)
        else:
            typer.echo(f"kg: {failure}", err=True)
    for decision, reason in idle:
        names = ", ".join(thing.name for thing in decision.things)
        typer.echo(f"kg: a decision of {decision.date} ({decision.kind} {names}) changes nothing: {reason}", err=True)
