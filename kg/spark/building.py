"""The stages joined, on Spark: sources in, sharded N-Triples and Parquet out."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pyspark import StorageLevel
from pyspark.sql import functions as f

from kg.cache import program_digest
from kg.errors import InvariantError, SourceError, TargetError
from kg.files import write_atomically
from kg.merge import KnowledgeGraph
from kg.merge.places import places_of
from kg.model import Entity
from kg.rdf import Options
from kg.rdf.provenance import check
from kg.spark import identity
from kg.spark.columns import Columns, rows_of
from kg.spark.deciding import Deciding
from kg.spark.extracting import domain_of, extract, pipeline_of
from kg.spark.tables import frames
from kg.spark.things import things
from kg.spark.writing import TRIPLE, Common, datings, lines_of, tell
from kg.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from kg.merge.decisions import Decision
    from kg.read import Source
    from kg.read.sources import Found
    from kg.spark.extracting import Settings

FILES = TRIPLES, TABLES, REPORT = "graph.nt", "parquet", "report.json"
_WORK = ".work"
_MEMBER = ["document", "entity"]
_PLACE = Columns(area="string", unknown="boolean", id="string", name="string", aliases="array<string>")


class Built(NamedTuple):
    """What came of a build: counts, what failed, decisions that change nothing and why."""

    counts: dict[str, int]
    failures: list[SourceError]
    idle: list[tuple[Decision, str]]


def build(
    spark: SparkSession,
    sources: Found,
    output: Path,
    settings: Settings,
    *,
    decisions: Sequence[Decision] = (),
    options: Options | None = None,
    strict: bool = False,
) -> Built:
    """Write what `sources` state to the folder `output`, which every worker sees, and tell what came of it.

    ``graph.nt`` holds the triples in shards, each once, ``parquet`` the tables of :mod:`kg.spark.tables`. What was
    extracted is kept in ``.work`` until the build is complete: one that was ended goes on from there.
    :class:`kg.errors.TargetError` where `output` cannot be written; :class:`kg.errors.SourceError` where there is no
    document, or with `strict` where one fails.
    """
    options = options or Options()
    check(options.provenance, ["ntriples"])
    domain = domain_of(settings.domain)
    if sources.errors and (strict or not sources.sources):
        raise sources.errors[0]
    work = output / _WORK / _digest(sources.sources, settings)
    pipeline_of(settings)  # a domain that is wrong is told here and not by a worker
    extracted = _kept(spark, work / "extracted", lambda: extract(spark, sources.sources, settings))
    documents, failed = _documents(extracted, options)
    failures = [*sources.errors, *failed]
    if failures and (strict or documents.isEmpty()):
        raise failures[0]
    found = identity.entities(documents, settings.domain).persist(StorageLevel.MEMORY_AND_DISK)
    deciding = Deciding(decisions)
    clusters = deciding.on_clusters(found, identity.clusters(found)).persist(StorageLevel.MEMORY_AND_DISK)
    named = things(found, clusters, deciding.given).persist(StorageLevel.MEMORY_AND_DISK)
    called = found.select(*_MEMBER, "folded").join(clusters, _MEMBER).join(named, "cluster")
    stated = _stated(documents, called)
    settled = deciding.on_facts(stated, called, domain)
    places = tuple(_places(named, settings.domain))
    common = Common(settings.domain, options, places, tuple(settled.apart), deciding.touched, deciding.facts)
    told = tell(stated, common).persist(StorageLevel.DISK_ONLY)
    decided = KnowledgeGraph(domain, documents=(), entities=(), facts=(), observations=(), decisions=settled.decisions)
    lines = spark.createDataFrame([(line,) for line in lines_of(decided, options)], "line string")
    triples = told.where(f.col("kind") == TRIPLE).select("line").unionByName(lines).distinct()
    triples.sortWithinPartitions("line").write.mode("overwrite").text(str(work / TRIPLES))
    for name, frame in frames(told, decided):
        frame.write.mode("overwrite").parquet(str(work / TABLES / name))
    counts = _report(spark, work, settings, failures)
    for name in FILES:
        _move(work / name, output / name)
    shutil.rmtree(output / _WORK)
    spark.catalog.clearCache()
    return Built(counts, failures, settled.idle)


def _digest(sources: Sequence[Source], settings: Settings) -> str:
    """What the extractions depend on; files by their size and time."""
    about = [program_digest(), domain_of(settings.domain).digest, repr(settings)]
    for source in sources:
        status = source.path.stat() if source.path else None
        about.append(f"{source.id} {status.st_size} {status.st_mtime_ns}" if status else repr(source))
    return hashlib.sha256("\x1f".join(about).encode()).hexdigest()[:16]


def _kept(spark: SparkSession, path: Path, make: Callable[[], DataFrame]) -> DataFrame:
    """The frame that is kept at `path`, made first where none is."""
    if not (path / "_SUCCESS").is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"{path.parent}: {error.strerror or error}"
            raise TargetError(msg) from error
        make().write.mode("overwrite").parquet(str(path))
    return spark.read.parquet(str(path))


def _documents(extracted: DataFrame, options: Options) -> tuple[DataFrame, list[SourceError]]:
    """The documents, the first of those of one id, and what failed."""
    failed = extracted.where(f.col("failure").isNotNull()).select("position", "part", "source", "failure").collect()
    failures = [SourceError(row.source, row.failure) for row in sorted(failed)]
    documents = extracted.where(f.col("document").isNotNull())
    twice = documents.groupBy("document").count().where("count > 1").select("document").persist()
    if twice.count():
        place = f.struct("position", "part")
        first = (
            documents.join(twice, "document")
            .groupBy("document")
            .agg(f.min(place).alias("first"), f.min_by("sha256", place).alias("same"))
        )
        marked = documents.join(first, "document", "left")
        others = marked.where((place != f.col("first")) & (f.col("sha256") != f.col("same")))
        for row in others.select("source", "document").collect():
            reason = f"there are two documents called {row.document}; the second is left out"
            failures.append(SourceError(row.source, reason))
        documents = marked.where(f.col("first").isNull() | (place == f.col("first"))).drop("first", "same")
    nodes = documents.select("document").mapInArrow(partial(_nodes, options), "node string, document string")
    clash = nodes.groupBy("node").count().where("count > 1").head()
    if clash:
        msg = f"two documents would bear the name {clash.node}; rename one of them"
        raise InvariantError(msg)
    return documents, failures


def _nodes(options: Options, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    columns = Columns(node="string", document="string")
    return columns.batches((str(options.bases.document(row["document"])), row["document"]) for row in rows_of(batches))


def _stated(documents: DataFrame, called: DataFrame) -> DataFrame:
    """Documents with their things, and with the events that an earlier document dates alike, in its words."""
    each = f.struct("entity", "id", "type", "name", "aliases", "area")
    by_document = called.groupBy("document").agg(f.collect_list(each).alias("things"))
    stated = documents.select("document", "extraction").join(by_document, "document", "left")
    stated = stated.persist(StorageLevel.MEMORY_AND_DISK)
    dated = datings(stated).persist(StorageLevel.MEMORY_AND_DISK)
    first = dated.groupBy("id").agg(f.min("document").alias("first"), f.min_by("dating", "document").alias("dating"))
    later = dated.select("id", "document").join(first, "id").where(f.col("document") != f.col("first"))
    return stated.join(later.groupBy("document").agg(f.collect_list("dating").alias("dated")), "document", "left")


def _places(named: DataFrame, domain: Path) -> Iterator[tuple[str, Entity]]:
    """The place of each code: there are no more than the gazetteer has."""
    coded = named.where((f.col("area") != "") & (f.col("type") == "Place")).select("area", "id", "name", "aliases")
    chosen = f.min(f.struct("unknown", "id", "name", "aliases")).alias("place")
    for row in coded.mapInArrow(partial(_known, domain), _PLACE.ddl).groupBy("area").agg(chosen).collect():
        yield row.area, Entity(row.place.id, "Place", row.place.name, tuple(row.place.aliases), ())


def _known(path: Path, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A town bears the code of its county too, so it matters whether the gazetteer calls the place so."""
    codes = places_of(domain_of(path))
    return _PLACE.batches(
        (
            row["area"],
            not any(row["area"] in codes.codes(name) for name in (row["name"], *row["aliases"])),
            *(row[column] for column in ("id", "name", "aliases")),
        )
        for row in rows_of(batches)
    )


def _report(spark: SparkSession, work: Path, settings: Settings, failures: Sequence[SourceError]) -> dict[str, int]:
    """Write the report of :mod:`kg.export.report` but for the documents, which the table ``documents`` tells."""

    def table(name: str) -> DataFrame:
        return spark.read.parquet(str(work / TABLES / name))

    names = "documents", "entities", "facts", "observations"
    counts = {name: table(name).count() for name in names} | {"failures": len(failures)}
    kinds = {"classes": ("entities", "type"), "relations": ("facts", "relation")}
    told = {
        "program": {"name": "jiangpu", "version": VERSION},
        "domain": {"digest": domain_of(settings.domain).digest},
        "counts": counts,
        **{key: dict(sorted(map(tuple, table(t).groupBy(c).count().collect()))) for key, (t, c) in kinds.items()},
        "failures": [{"source": x.source, "reason": x.reason} for x in sorted(failures, key=lambda x: x.source)],
    }
    write_atomically(work / REPORT, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return counts


def _move(made: Path, target: Path) -> None:
    """`made` at the place of `target`, which is there, old or new, but for a moment."""
    old = made.with_name(f"{made.name}.old")
    if target.exists():
        target.rename(old)
    made.rename(target)
