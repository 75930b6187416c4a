"""Parquet for Spark's GraphFrames, DuckDB and pandas: vertices and edges by the names GraphFrames wants, and the rest.

Needs pyarrow, which ``pip install 'jiangpu[tables]'`` brings.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.errors import FormatError, GraphError
from kg.export.tables import Table, tables
from kg.files import write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph

# Table, file, and what GraphFrames calls a column.
_FILES = {"entities": "vertices", "facts": "edges"}
_RENAMED = {"facts": {"head": "src", "tail": "dst"}}


def write_parquet(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write the folder `path` with vertices, edges, observations, evidence and documents, a Parquet file each.

    :class:`kg.errors.FormatError` where pyarrow is missing, :class:`kg.errors.TargetError` where the folder cannot
    be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> empty = merge([], Domain.default())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_parquet(empty, Path(folder, "parquet"))
    ...     read_parquet(Path(folder, "parquet")) == tables(empty)
    True
    """
    arrow, parquet = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    types = {"text": arrow.string(), "whole": arrow.int64(), "real": arrow.float64()}
    files = {}
    for table in tables(graph, analysis):
        renamed = _RENAMED.get(table.name, {})
        fields = [arrow.field(renamed.get(name, name), types[kind]) for name, kind in table.columns.items()]
        columns = [list(column) for column in zip(*table.rows, strict=True)] or [[] for _ in fields]
        data = arrow.table(
            [arrow.array(column, field.type) for column, field in zip(columns, fields, strict=True)],
            schema=arrow.schema(fields),
        )
        out = io.BytesIO()
        parquet.write_table(data, out, compression="zstd")
        files[f"{_FILES.get(table.name, table.name)}.parquet"] = out.getvalue()
    write_folder(path, files)


def read_parquet(path: Path) -> tuple[Table, ...]:
    """The tables that :func:`write_parquet` wrote; :class:`kg.errors.GraphError` where the folder holds none."""
    arrow, parquet = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    kinds = {arrow.string(): "text", arrow.int64(): "whole", arrow.float64(): "real"}
    found = []
    for name in ("entities", "facts", "observations", "evidence", "documents"):
        file = path / f"{_FILES.get(name, name)}.parquet"
        back = {new: old for old, new in _RENAMED.get(name, {}).items()}
        try:
            data = parquet.read_table(file)
            columns: Any = {back.get(field.name, field.name): kinds[field.type] for field in data.schema}
        except (OSError, KeyError, arrow.ArrowException) as error:
            msg = f"{file}: not a table that kg wrote ({error})"
            raise GraphError(msg) from error
        found.append(Table(name, columns, tuple(zip(*(c.to_pylist() for c in data.columns), strict=True))))
    return tuple(found)


def _arrow(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        msg = "Parquet needs pyarrow: pip install 'jiangpu[tables]'"
        raise FormatError(msg) from error
