"""The columns of a frame, told once for Spark and for Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TYPES = {
    "string": pa.string(),
    "binary": pa.binary(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "array<string>": pa.list_(pa.string()),
    "array<struct<block:string,trait:binary>>": pa.list_(pa.struct({"block": pa.string(), "trait": pa.binary()})),
}
_AT_ONCE = 64  # rows that a batch holds


class Columns:
    """Names and types, which Spark reads as :attr:`ddl` and Arrow as :attr:`schema`.

    >>> columns = Columns(document="string", names="array<string>")
    >>> columns.ddl
    'document string, names array<string>'
    >>> columns.table([("a", ["b"])]).to_pylist()
    [{'document': 'a', 'names': ['b']}]
    """

    def __init__(self, **types: str) -> None:
        self.ddl = ", ".join(f"{name} {kind}" for name, kind in types.items())
        self.schema = pa.schema([(name, _TYPES[kind]) for name, kind in types.items()])

    def table(self, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
        """A table of `rows`, each a value for every column."""
        values = list(zip(*rows, strict=True)) or [()] * len(self.schema)
        return pa.table([pa.array(v, f.type) for v, f in zip(values, self.schema, strict=True)], schema=self.schema)

    def batches(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[pa.RecordBatch]:
        """`rows` in batches of a few, so that memory is that of a few."""
        held: list[tuple[Any, ...]] = []
        for row in rows:
            held.append(row)
            if len(held) == _AT_ONCE:
                yield from self.table(held).to_batches()
                held = []
        if held:
            yield from self.table(held).to_batches()


def rows_of(batches: Iterable[pa.RecordBatch]) -> Iterator[Mapping[str, Any]]:
    """The rows of Arrow batches one by one."""
    for batch in batches:
        for at in range(batch.num_rows):
            yield batch.slice(at, 1).to_pylist()[0]
