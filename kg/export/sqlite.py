"""SQLite: the tables of the graph with indexes, and a full-text search over names and sentences.

The search (FTS5) is by trigrams: ``SELECT * FROM search WHERE search MATCH '工匠学院'`` finds words of three characters
and more; shorter ones are found by ``WHERE instr(text, '职工')`` (not by LIKE: SQLite 3.40 finds none by that).
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.export.tables import Kind, Table, tables
from kg.files import write_atomically

if TYPE_CHECKING:
    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph

_TYPES: dict[Kind, str] = {"text": "TEXT", "whole": "INTEGER", "real": "REAL"}
_KINDS: dict[str, Kind] = {stored: kind for kind, stored in _TYPES.items()}
_INDEXES = (
    ("entities", "label"),
    ("entities", "type"),
    ("facts", "head"),
    ("facts", "tail"),
    ("facts", "relation"),
    ("observations", "about_id"),
    ("evidence", "of"),
    ("evidence", "document"),
)
# What is searched: the names of entities, and the sentences that state something.
_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5(kind UNINDEXED, id UNINDEXED, text, tokenize='trigram');
INSERT INTO search SELECT 'entity', id, label || coalesce('; ' || aliases, '') FROM entities ORDER BY rowid;
INSERT INTO search SELECT 'sentence', min(id), sentence FROM evidence GROUP BY document, "begin", "end" ORDER BY 2;
"""


def write_sqlite(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    """Write the tables of `graph` to the database `path`; :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> empty = merge([], Domain.default())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_sqlite(empty, Path(folder, "graph.sqlite"))
    ...     read_sqlite(Path(folder, "graph.sqlite")) == tables(empty)
    True
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.sqlite")
        with closing(sqlite3.connect(made)) as database:
            for table in tables(graph, analysis):
                _create(database, table)
            for name, column in _INDEXES:
                database.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
            database.executescript(_SEARCH)
            database.commit()
        write_atomically(path, made.read_bytes())


def read_sqlite(path: Path) -> tuple[Table, ...]:
    """The tables that :func:`write_sqlite` wrote; :class:`kg.errors.GraphError` where `path` holds none."""
    found = []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            for name in ("entities", "facts", "observations", "evidence", "documents"):
                columns = {row[1]: _KINDS[row[2]] for row in database.execute(f'PRAGMA table_info("{name}")')}
                rows = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608 - fixed names
                found.append(Table(name, columns, tuple(rows)))
    except (sqlite3.Error, KeyError) as error:
        msg = f"{path}: not a database that kg wrote ({error})"
        raise GraphError(msg) from error
    return tuple(found)


def _create(database: sqlite3.Connection, table: Table) -> None:
    columns = ", ".join(f'"{name}" {_TYPES[kind]}' for name, kind in table.columns.items())
    database.execute(f'CREATE TABLE "{table.name}" ({columns})')
    marks = ", ".join("?" * len(table.columns))
    database.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', table.rows)  # noqa: S608 - fixed names
    database.execute(f'CREATE UNIQUE INDEX "{table.name}_id" ON "{table.name}" ("id")')
