"""The tables of :mod:`kg.export.tables` in frames: each document tells its rows, what it takes all for is summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as f

from kg.export.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import Column, DataFrame

    from kg.merge import KnowledgeGraph

# What is told of one document and means nothing of all, or is told by another table.
_LEFT_OUT = {"entities": {"observations", "when"}, "facts": {"id", "rules", "quotes"}, "evidence": {"id"}}
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
    """Each table with its name, of the rows told as JSON; `empty` tells the columns."""
    for table in tables(empty):
        left_out = _LEFT_OUT.get(table.name, ())
        columns = ", ".join(f"`{name}` {_SPARK[kind]}" for name, kind in table.columns.items() if name not in left_out)
        lines = told.where(f.col("kind") == table.name)
        frame = lines.select(f.from_json("line", columns).alias("row")).select("row.*")
        summed = _SUMMED.get(table.name)
        yield table.name, frame.groupBy(*summed).agg(*_sums(frame, summed)) if summed else frame


def _sums(frame: DataFrame, apart: tuple[str, ...]) -> list[Column]:
    how = {"confidence": f.max, "since": f.min, "until": f.max}
    return [how.get(name, f.sum)(name).alias(name) for name in frame.columns if name not in apart]
