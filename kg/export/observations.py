"""The figures of a graph as a table: for spreadsheets as CSV, for programs as rows."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.export.spreadsheet import inert, plain
from kg.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from pathlib import Path

    from kg.merge import KnowledgeGraph
    from kg.model import Observation, Span

Row = dict[str, str | None]
COLUMNS = (
    *("id", "about", "class", "measure", "value", "unit", "qualifier", "minimum", "maximum", "change", "base"),
    *("period", "begin", "end", "edtf", "recurs", "modality", "surface", "document", "sentence_begin", "sentence_end"),
    *("number_begin", "number_end", "confidence", "rule", "evidence", "sentence"),
)


def rows(graph: KnowledgeGraph, observations: Iterable[Observation] | None = None) -> list[Row]:
    """One row per observation, by whom it is about and where it stands; all of `graph` where none are given.

    The columns are :data:`COLUMNS`: offsets are code points of the document, `evidence` is how many sentences state
    the figure, and the sentence and what goes with it are those of the first.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> rows(merge([], Domain.default()))
    []
    """
    stated = graph.observations() if observations is None else observations
    found = [(_key(graph, o), _row(graph, o)) for o in stated]
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def write_observations(graph: KnowledgeGraph, path: Path) -> None:
    """Write :func:`rows` to `path` as CSV (RFC 4180) in UTF-8 with the mark by which Excel knows it.

    No cell is a formula (see :func:`kg.export.spreadsheet.inert`).
    :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_observations(merge([], Domain.default()), Path(folder, "observations.csv"))
    ...     read_observations(Path(folder, "observations.csv"))
    []
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({name: inert(cell or "") for name, cell in row.items()} for row in rows(graph))
    write_atomically(path, out.getvalue().encode("utf-8-sig"))


def read_observations(path: Path) -> list[Row]:
    """The rows that :func:`write_observations` wrote; :class:`kg.errors.GraphError` where `path` holds none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = tuple(reader.fieldnames or ())
            found = [{name: plain(cell) if cell else None for name, cell in row.items()} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: not a table of observations that can be read ({error})"
        raise GraphError(msg) from error
    if header != COLUMNS:
        msg = f"{path}: not a table of observations that kg wrote"
        raise GraphError(msg)
    return found


def _key(graph: KnowledgeGraph, observation: Observation) -> tuple[str, str, str, Span, Span, str]:
    first = observation.evidence[0]
    marks = {m.role: m.span for m in first.marks}
    name = graph.entity(observation.about).name
    return name, observation.about, first.document, first.sentence, marks.get("number", first.sentence), observation.id


def _row(graph: KnowledgeGraph, observation: Observation) -> Row:
    entity, first, interval = graph.entity(observation.about), observation.evidence[0], observation.interval
    number = next((m.span for m in first.marks if m.role == "number"), None)
    figure = {name: getattr(observation, name) for name in ("value", "minimum", "maximum")}
    words = ("id", "measure", "unit", "qualifier", "change", "base", "period", "modality", "surface")
    said: dict[str, object] = {
        **{name: getattr(observation, name) for name in words},
        **{name: None if amount is None else _plain(amount) for name, amount in figure.items()},
        "about": entity.name,
        "class": entity.type,
        **{name: getattr(interval, name, None) for name in ("begin", "end", "edtf", "recurs")},
        "document": first.document,
        "sentence_begin": first.sentence.begin,
        "sentence_end": first.sentence.end,
        "number_begin": number.begin if number else None,
        "number_end": number.end if number else None,
        "confidence": first.confidence,
        "rule": first.rule,
        "evidence": len(observation.evidence),
        "sentence": first.quote,
    }
    return {name: None if said[name] in (None, "") else str(said[name]) for name in COLUMNS}


def _plain(amount: Decimal) -> str:
    """The number without exponent and without noughts behind the point."""
    digits = f"{amount:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
