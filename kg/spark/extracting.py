"""Sources → extractions, wherever the workers are. Each worker loads the domain once and keeps it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from kg.cache import ExtractionCache
from kg.domain import Domain
from kg.errors import SourceError
from kg.extracting import extract_all
from kg.model import Document, Extraction
from kg.pipeline import Pipeline
from kg.read import Fields, Limits, Reader
from kg.spark.columns import Columns, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from kg.read import Source

# A row for each document and each failure; `part` counts those of one source.
EXTRACTED = Columns(
    position="bigint", part="bigint", source="string", document="string", sha256="string", extraction="binary",
    failure="string",
)  # fmt: skip
_FOR_EACH_CORE = 8  # partitions: enough that no core waits long for the last


@dataclass(frozen=True, slots=True)
class Settings:
    """How documents are read and what is extracted; `domain` and `cache` are folders that every worker sees."""

    domain: Path
    encoding: str | None = None
    limits: Limits = field(default_factory=Limits)
    fields: Fields = field(default_factory=Fields)
    unasserted: bool = False
    open_relations: bool = False
    cache: Path | None = None


def extract(spark: SparkSession, sources: Sequence[Source], settings: Settings) -> DataFrame:
    """What the documents of `sources` state, as rows of :data:`EXTRACTED`."""
    given = Columns(position="bigint", source="binary")
    # A worker is in a folder of its own.
    absolute = [replace(s, path=s.path.absolute()) if s.path else s for s in sources]
    frame = spark.createDataFrame([(at, pickle.dumps(s)) for at, s in enumerate(absolute)], given.ddl)
    parts = min(len(sources), spark.sparkContext.defaultParallelism * _FOR_EACH_CORE) or 1
    return frame.repartitionByRange(parts, "position").mapInArrow(partial(_extracted, settings), EXTRACTED.ddl)


def _extracted(settings: Settings, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return EXTRACTED.batches(row for given in rows_of(batches) for row in _rows(settings, given))


def _rows(settings: Settings, given: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    source: Source = pickle.loads(given["source"])  # noqa: S301  (what extract() pickled)
    reader = reader_of(settings)
    kept = cache_of(settings)
    for part, item in enumerate(reader.documents(source, [])):
        known = (given["position"], part, source.shown)
        (answer,) = extract_all([item], lambda: pipeline_of(settings), seconds=settings.limits.seconds, cache=kept)
        if isinstance(answer, Extraction) and isinstance(item, Document):
            yield *known, item.id, item.sha256, answer.to_json(), None
        elif isinstance(answer, SourceError):
            yield *known, None, None, None, answer.reason


@cache
def domain_of(path: Path) -> Domain:
    """The domain at `path`, read once by each worker."""
    return Domain(path)


@cache
def pipeline_of(settings: Settings) -> Pipeline:
    """The pipeline of `settings`, loaded once by each worker."""
    return Pipeline(domain_of(settings.domain), unasserted=settings.unasserted, open_relations=settings.open_relations)


@cache
def reader_of(settings: Settings) -> Reader:
    """The reader of `settings`."""
    return Reader(
        domain_of(settings.domain), encoding=settings.encoding, limits=settings.limits, fields=settings.fields
    )


@cache
def cache_of(settings: Settings) -> ExtractionCache | None:
    """The folder of extractions of `settings`, if it has one."""
    if settings.cache is None:
        return None
    return ExtractionCache(
        settings.cache,
        domain_of(settings.domain),
        unasserted=settings.unasserted,
        open_relations=settings.open_relations,
    )
