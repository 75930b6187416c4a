"""The tables of :mod:`kg.export.tables` in frames: each document tells its rows, what it takes all for is summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as f

from kg.export.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import Column, DataFrame

    from kg.merge import KnowledgeGraph

_KINDS = {
    "entities": "id string, label string, type string, class string, aliases string, mentions bigint,"
    " documents bigint, confidence double",
    "facts": "head string, head_name string, relation string, label string, tail string, tail_name string,"
    " evidence bigint, documents bigint, confidence double, since string, until string",
    "observations": "",
    "evidence": "kind string, of string, document string, begin bigint, end bigint, rule string, confidence double,"
    " sentence string",
    "documents": "",
}
_SPARK = {"text": "string", "whole": "bigint", "real": "double"}
_SUMMED: dict[str, tuple[str, ...]] = {
    "entities": ("id", "label", "type", "class", "aliases"),
    "facts": ("head", "head_name", "relation", "label", "tail", "tail_name"),
}


def rows(graph: KnowledgeGraph) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a graph of one document, by table; evidence of a fact tells which by its head, relation and tail.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> list(rows(merge([], Domain.default())))
    []
    """
    facts: dict[str, str] = {}
    for table in tables(graph):
        for values in table.rows:
            row = dict(zip(table.columns, values, strict=True))
            if table.name == "facts":
                facts[str(row["id"])] = " ".join(str(row[part]) for part in ("head", "relation", "tail"))
            elif table.name == "evidence" and row["kind"] == "fact":
                row["of"] = facts[str(row["of"])]
            yield table.name, row


def frames(told: DataFrame, empty: KnowledgeGraph) -> Iterator[tuple[str, DataFrame]]:
    """Each table with its name, of the rows told as JSON; `empty` tells the columns of those that are as they were."""
    for table in tables(empty):
        columns = _KINDS[table.name] or ", ".join(f"`{name}` {_SPARK[kind]}" for name, kind in table.columns.items())
        lines = told.where(f.col("kind") == table.name)
        frame = lines.select(f.from_json("line", columns).alias("row")).select("row.*")
        summed = _SUMMED.get(table.name)
        yield table.name, frame.groupBy(*summed).agg(*_sums(frame, summed)) if summed else frame


def _sums(frame: DataFrame, apart: tuple[str, ...]) -> list[Column]:
    how = {"confidence": f.max, "since": f.min, "until": f.max}
    return [how.get(name, f.sum)(name).alias(name) for name in frame.columns if name not in apart]
