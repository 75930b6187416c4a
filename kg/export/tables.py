"""The graph as tables: entities, facts, observations, evidence and documents, for spreadsheets and data frames.

One description of the tables serves CSV, SQLite, Parquet and pandas, so that all say the same.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.errors import GraphError
from kg.export.flattening import date_of, flatten
from kg.export.observations import COLUMNS as FIGURES
from kg.export.observations import rows as figures
from kg.export.spreadsheet import inert, plain
from kg.files import write_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph
    from kg.model import Evidence

Kind = Literal["text", "whole", "real"]
Cell = str | int | float | None

_NUMBERS = {"sentence_begin", "sentence_end", "number_begin", "number_end", "evidence"}
_REALS = {"value", "minimum", "maximum", "confidence"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what each column holds, and rows of as many cells. The first column tells rows apart."""

    name: str
    columns: Mapping[str, Kind]
    rows: tuple[tuple[Cell, ...], ...]


def tables(graph: KnowledgeGraph, analysis: Analysis | None = None) -> tuple[Table, ...]:
    """The tables entities, facts, observations, evidence and documents of `graph`.

    Facts tell their ends by identifier (`head`, `tail`) and by name; evidence tells by `kind` and `of` which fact or
    observation it is for (of a dating, which entity was dated). Offsets are code points.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> [table.name for table in tables(merge([], Domain.default()))]
    ['entities', 'facts', 'observations', 'evidence', 'documents']
    """
    flat = flatten(graph, analysis)
    measured: dict[str, Kind] = dict(_MEASURED if analysis else {})
    entities = [
        tuple({"id": name, **said}.get(column) for column in {**_ENTITIES, **measured})
        for name, said in flat.nodes(data=True)
    ]
    names = dict(flat.nodes(data="label"))
    facts = [
        tuple(
            {"id": number, "head": head, "tail": tail, "head_name": names[head], "tail_name": names[tail], **said}[c]
            if c in said or c in _OWN
            else None
            for c in {**_FACTS, **({"bridge": "whole"} if analysis else {})}
        )
        for head, tail, number, said in flat.edges(keys=True, data=True)
    ]
    identifiers = {o.id: o.about for o in graph.observations()}
    observations = [
        tuple(_number(column, {**row, "about_id": identifiers[str(row["id"])]}[column]) for column in _OBSERVATIONS)
        for row in figures(graph)
    ]
    documents = [
        (
            document.id,
            document.metadata.title.value if document.metadata.title else None,
            document.metadata.publisher.value if document.metadata.publisher else None,
            date_of(document),
            len(document.text),
            document.sha256,
        )
        for document in graph.documents.values()
    ]
    return (
        Table("entities", {**_ENTITIES, **measured}, tuple(entities)),
        Table("facts", {**_FACTS, **({"bridge": "whole"} if analysis else {})}, tuple(facts)),
        Table("observations", _OBSERVATIONS, tuple(observations)),
        Table("evidence", _EVIDENCE, tuple(_evidence(graph))),
        Table("documents", _DOCUMENTS, tuple(documents)),
    )


_ENTITIES: dict[str, Kind] = {
    **dict.fromkeys(("id", "label", "type", "class", "aliases"), "text"),
    "mentions": "whole",
    "documents": "whole",
    "confidence": "real",
    "observations": "text",
    "when": "text",
}
_MEASURED: dict[str, Kind] = {"degree": "whole", "pagerank": "real", "betweenness": "real", "community": "whole"}
_OWN = ("id", "head", "tail", "head_name", "tail_name")
_FACTS: dict[str, Kind] = {
    "id": "whole",
    **dict.fromkeys(("head", "head_name", "relation", "label", "tail", "tail_name"), "text"),
    "evidence": "whole",
    "documents": "whole",
    "confidence": "real",
    **dict.fromkeys(("since", "until", "rules", "quotes"), "text"),
}
_OBSERVATIONS: dict[str, Kind] = {
    name: "whole" if name in _NUMBERS else "real" if name in _REALS else "text"
    for name in ("id", "about_id", *FIGURES[1:])
}
_EVIDENCE: dict[str, Kind] = {
    "id": "whole",
    "kind": "text",
    "of": "text",
    "document": "text",
    "begin": "whole",
    "end": "whole",
    "rule": "text",
    "confidence": "real",
    "sentence": "text",
}
_DOCUMENTS: dict[str, Kind] = {
    **dict.fromkeys(("id", "title", "publisher", "date"), "text"),
    "characters": "whole",
    "sha256": "text",
}


def _number(column: str, cell: Cell) -> Cell:
    if cell is None or column not in _NUMBERS | _REALS:
        return cell
    return int(cell) if column in _NUMBERS else float(cell)


def _evidence(graph: KnowledgeGraph) -> Iterator[tuple[Cell, ...]]:
    stated: list[tuple[str, str, Iterable[Evidence]]] = [
        *(("fact", str(number), fact.evidence) for number, fact in enumerate(graph.facts())),
        *(("observation", figure.id, figure.evidence) for figure in graph.observations()),
        *(("dating", dating.about, dating.evidence) for dating in graph.datings()),
    ]
    pieces = ((kind, of, piece) for kind, of, evidence in stated for piece in evidence)
    for at, (kind, of, e) in enumerate(pieces):
        yield at, kind, of, e.document, e.sentence.begin, e.sentence.end, e.rule, e.confidence, e.quote


def write_tables(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write the folder `path` with a CSV file per table (RFC 4180, UTF-8 with the mark by which Excel knows it).

    No cell is a formula (see :func:`kg.export.spreadsheet.inert`).
    :class:`kg.errors.TargetError` where the folder cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_tables(merge([], Domain.default()), Path(folder, "tables"))
    ...     read_tables(Path(folder, "tables")) == tables(merge([], Domain.default()))
    True
    """
    write_folder(path, {f"{table.name}.csv": _csv(table) for table in tables(graph, analysis)})


def read_tables(path: Path) -> tuple[Table, ...]:
    """The tables that :func:`write_tables` wrote to the folder; :class:`kg.errors.GraphError` where it holds none.

    An empty cell is None.
    """
    kinds: dict[Kind, Callable[[str], Cell]] = {"text": plain, "whole": int, "real": float}
    known = {
        "entities": _ENTITIES | _MEASURED,
        "facts": _FACTS | {"bridge": "whole"},
        "observations": _OBSERVATIONS,
        "evidence": _EVIDENCE,
        "documents": _DOCUMENTS,
    }
    found = []
    for name, columns in known.items():
        try:
            with (path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                header, *rows = csv.reader(file, strict=True)
            read = [
                [kinds[columns[c]](cell) if cell else None for c, cell in zip(header, row, strict=True)] for row in rows
            ]
        except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
            msg = f"{path / name}.csv: not a table that kg wrote ({error})"
            raise GraphError(msg) from error
        found.append(Table(name, {column: columns[column] for column in header}, tuple(map(tuple, read))))
    return tuple(found)


def _csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")
