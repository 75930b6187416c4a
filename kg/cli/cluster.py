"""``kg build --engine spark``: the session, and what is told of a build that runs elsewhere."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import kg
from kg.cli.progress import tell_problems
from kg.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyspark.sql import SparkSession

    from kg.cli.progress import EventLog
    from kg.rdf.provenance import Options
    from kg.spark import Built


def build_on_spark(
    sources: Sequence[str], output: Path, wanted: Mapping[str, Any], rdf: Options, *,
    master: str | None, strict: bool, log: EventLog | None, quiet: bool,
) -> int:  # fmt: skip
    """Build on the cluster at `master`, tell what came of it, and return the exit status."""
    with session(master, shown=not quiet and not log and sys.stderr.isatty()) as spark:
        from kg.domain import Domain
        from kg.pipeline import decided
        from kg.read import read_sources
        from kg.spark import FILES, build
        from kg.spark.extracting import Settings

        domain = wanted["domain"] or Domain.default()
        limits, cache = wanted["limits"], wanted["cache"]
        found = read_sources(sources, domain, limits=limits, without=[output / name for name in FILES]).found
        settings = Settings(
            domain.path.resolve(),
            wanted["encoding"],
            limits,
            wanted["fields"],
            wanted["unasserted"],
            wanted["open_relations"],
            cache.resolve() if cache else None,
        )
        decisions = decided(sources, wanted["decisions"], domain)
        built = build(spark, found, output.resolve(), settings, decisions=decisions, options=rdf, strict=strict)
    tell_problems(built.failures, built.idle, log)
    _summarize(built, output, log, quiet=quiet)
    return 1 if built.failures else 0


@contextmanager
def session(master: str | None, *, shown: bool) -> Iterator[SparkSession]:
    """A Spark session, ended at the end; :class:`kg.errors.TargetError` says what it takes where none can be had."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        msg = f'--engine spark needs more than is installed ({error.name}): pip install "jiangpu[spark]"'
        raise TargetError(msg) from error
    logging = Path(kg.__file__).parent / "spark" / "log4j2.properties"
    builder = SparkSession.builder.appName("jiangpu").config("spark.ui.showConsoleProgress", str(shown).lower())
    builder = builder.config("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={logging.as_uri()}")
    if master:
        builder = builder.master(master)
    if master and master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "16")
    try:
        spark = builder.getOrCreate()
    except PySparkException as error:
        msg = f"Spark does not start ({str(error).splitlines()[0]}); it needs Java 17: kg doctor --java tells"
        raise TargetError(msg) from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def _summarize(built: Built, output: Path, log: EventLog | None, *, quiet: bool) -> None:
    from kg.spark import FILES

    files = [str(output / name) for name in FILES]
    if log:
        log.tell("built", **built.counts, files=files)
    elif not quiet:
        typer.echo(", ".join(f"{count:,} {name}" for name, count in built.counts.items()))
        typer.echo("\n".join(files))
