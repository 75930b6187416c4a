"""``kg build``: documents in, a graph and its views out."""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.cli.progress import EventLog
    from kg.errors import SourceError
    from kg.export import Format
    from kg.merge import KnowledgeGraph
    from kg.rdf.provenance import Options
    from kg.read import Fields, Limits


class Engine(StrEnum):
    """What a build runs on."""

    LOCAL = "local"
    SPARK = "spark"


class Provenance(StrEnum):
    """How RDF says where facts come from."""

    NONE = "none"
    STATEMENTS = "statements"
    NAMED_GRAPHS = "named-graphs"
    RDF12 = "rdf12"


_Unasserted = Annotated[
    bool,
    typer.Option(
        "--include-unasserted",
        help="Also keep what is only planned, wished, denied or claimed, with its modality, apart from the facts.",
    ),
]
_Open = Annotated[
    bool,
    typer.Option("--open", help="Also tell what verbs say of two entities that no relation joins, in their words."),
]
_Formats = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="NAMES",
        help="Comma-separated; `kg formats` lists them and marks those that are written where none is given.",
    ),
]
_Provenance = Annotated[
    Provenance,
    typer.Option(
        help="How RDF says where facts come from: a statement for each fact and sentence (any tool reads it, and only "
        "this and rdf12 can be read back by kg); a named graph for each document; reifiers of RDF 1.2; not at all.",
    ),
]
_Timestamp = Annotated[
    bool,
    typer.Option("--timestamp", help="Tell the time of the build in the RDF; the bytes then differ each time."),
]
_Decisions = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="What people decided; decisions.yaml beside the sources where not given."),
]
_Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE", help="Files, folders (read recursively), or - for standard input.")
]
_Domain = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
]
_Output = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write to.")]
_Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Encoding of the sources; found out where not given.")
]
_TextField = Annotated[
    str | None,
    typer.Option(
        "--text-field", metavar="NAME", help="Field of JSONL and CSV that holds the text; known by its name else."
    ),
]
_IdField = Annotated[
    str | None, typer.Option("--id-field", metavar="NAME", help="Field of JSONL and CSV that names the document.")
]
_Limit = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="Read more or less than is usual: file_size, expansion (of an archive) in bytes, length (of a document) "
        "in characters, members (of an archive; records), nesting (of archives), pages (of a PDF), seconds (to read a "
        "document, and again to find what it states; 0: no limit). Repeatable.",
    ),
]
_Strict = Annotated[
    bool, typer.Option("--strict", help="End at the first document that cannot be built, and write nothing.")
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print neither progress nor summary.")]
_LogJson = Annotated[
    bool, typer.Option("--log-json", help="Tell what happens on standard error as JSON, one event a line.")
]
_Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1,
        help="Read documents in N processes; where not given, in one for each core if there are many documents.",
    ),
]  # fmt: skip
_Engine = Annotated[
    Engine,
    typer.Option(help="What to build on: this machine, or Apache Spark, which writes sharded N-Triples and Parquet."),
]
_Master = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The Spark cluster, such as local[4] or spark://host:7077; else as configured."),
]
_Cache = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Keep what documents state here; unchanged ones are not read anew."),
]


def build(
    sources: _Sources,
    output: _Output,
    *,
    formats: _Formats = "",
    encoding: _Encoding = None,
    text_field: _TextField = None,
    id_field: _IdField = None,
    limit: _Limit = None,
    domain: _Domain = None,
    strict: _Strict = False,
    decisions: _Decisions = None,
    cache: _Cache = None,
    include_unasserted: _Unasserted = False,
    open_relations: _Open = False,
    provenance: _Provenance = Provenance.STATEMENTS,
    timestamp: _Timestamp = False,
    jobs: _Jobs = None,
    engine: _Engine = Engine.LOCAL,
    master: _Master = None,
    log_json: _LogJson = False,
    quiet: _Quiet = False,
) -> None:
    """Read documents and write their knowledge graph.

    Exit status: 0 all documents are built; 1 some failed (each named with its reason, the rest is built);
    2 wrong usage, no document found, one that failed with --strict, or nothing could be written.
    """
    from kg.cli.progress import EventLog
    from kg.domain import Domain

    chosen, rdf = _chosen(formats, provenance, timestamp=timestamp)
    wanted = {
        "domain": Domain(domain) if domain else None,
        "encoding": encoding,
        "limits": _limits(limit or []),
        "fields": _fields(text_field, id_field),
        "unasserted": include_unasserted,
        "open_relations": open_relations,
        "decisions": decisions,
        "cache": cache,
    }
    log = EventLog() if log_json else None
    if engine == Engine.SPARK:
        from kg.cli.cluster import build_on_spark

        if formats or jobs:
            msg = "--engine spark writes N-Triples and Parquet, in the processes that Spark has: no --format, no --jobs"
            raise typer.BadParameter(msg)
        raise typer.Exit(
            build_on_spark(sources, output, wanted, rdf, master=master, strict=strict, log=log, quiet=quiet)
        )
    raise typer.Exit(_build_here(sources, output, chosen, rdf, wanted, jobs=jobs, strict=strict, log=log, quiet=quiet))


def _build_here(
    sources: list[str], output: Path, chosen: Sequence[Format], rdf: Options, wanted: Mapping[str, Any], *,
    jobs: int | None, strict: bool, log: EventLog | None, quiet: bool,
) -> int:  # fmt: skip
    """Build on this machine, tell what came of it, and return the exit status."""
    from kg.cli.progress import progress, tell_problems
    from kg.errors import NoSourceError
    from kg.export import FORMATS, write
    from kg.pipeline import build as build_graph

    begin = time.perf_counter()
    failures: list[SourceError] = []
    skipped: list[str] = []
    with progress(log, shown=not quiet and sys.stderr.isatty()) as advance:
        graph = build_graph(
            sources,
            **wanted,
            without=[output / each.file for each in FORMATS.values()],
            jobs=jobs,
            on_error=None if strict else failures.append,
            on_progress=advance,
            on_skip=skipped.append,
        )
    tell_problems(failures, graph.idle_decisions, log)
    if not graph.documents:
        typer.echo("kg: nothing was built and nothing written", err=True)
        return 2 if all(isinstance(f, NoSourceError) for f in failures) else 1
    paths = write(graph, output, chosen, failures=failures, rdf=rdf)
    if log:
        log.built(graph, paths)
    elif not quiet:
        _summarize(graph, failures, skipped, time.perf_counter() - begin, paths)
    return 1 if failures else 0


def _chosen(formats: str, provenance: Provenance, *, timestamp: bool) -> tuple[tuple[Format, ...], Options]:
    """The formats asked for, which must be able to hold the provenance; by default TriG where Turtle cannot."""
    from kg.export import FORMATS, select
    from kg.rdf.provenance import Options, check
    from kg.rdf.provenance import Provenance as Told

    chosen = select(formats)
    if provenance == Provenance.NAMED_GRAPHS and not formats:
        chosen = tuple(FORMATS["trig"] if each.name == "turtle" else each for each in chosen)
    told = Told(provenance)
    check(told, [each.name for each in chosen if each.rdf])
    return chosen, Options(provenance=told, timestamp=datetime.now(UTC) if timestamp else None)


def _fields(text: str | None, identifier: str | None) -> Fields:
    from kg.read import Fields

    return Fields(text, identifier)


def _limits(given: list[str]) -> Limits:
    """The usual limits, changed as `given`: NAME=NUMBER."""
    from kg.read import Limits

    values: dict[str, int] = {}
    for entry in given:
        name, _, number = entry.partition("=")
        if name not in Limits.__dataclass_fields__ or not number.replace("_", "").isdecimal():
            known = ", ".join(Limits.__dataclass_fields__)
            msg = f"{entry}: give NAME=NUMBER; the names are {known}"
            raise typer.BadParameter(msg, param_hint="--limit")
        values[name] = int(number)
    return Limits(**values)


def _counted(count: int, noun: str, nouns: str = "") -> str:
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


def _summarize(
    graph: KnowledgeGraph, failures: list[SourceError], skipped: list[str], seconds: float, paths: list[Path]
) -> None:
    """Print what was built, per class and relation, and where it lies."""
    from kg.domain import OPEN_RELATION

    domain = graph.domain
    failed = f", {len(failures)} failed" if failures else ""
    typer.echo(
        f"{_counted(len(graph.documents), 'document')}{failed}: "
        f"{_counted(graph.network.number_of_nodes(), 'entity', 'entities')}, "
        f"{_counted(graph.network.number_of_edges(), 'fact')}, "
        f"{_counted(len(graph.observations()), 'observation')} in {seconds:.1f} s"
    )
    if skipped:
        kinds = ", ".join(sorted({Path(name).suffix or "no suffix" for name in skipped}))
        typer.echo(f"{_counted(len(skipped), 'file')} of other kinds passed over ({kinds})")
    for title, counts, labelled in (
        ("entities", graph.count_by_class(), domain.classes),
        ("facts", graph.count_by_relation(), domain.relations),
    ):
        typer.echo(f"\n{title}")
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            typer.echo(f"{count:>7}  {name} {labelled[name].labels.get('zh', '')}".rstrip())
    if graph.unasserted():
        typer.echo("\nplanned, wished, denied or claimed only")
        for modality, count in sorted(Counter(str(f.modality) for f in graph.unasserted()).items()):
            typer.echo(f"{count:>7}  {modality}")
    if graph.open_facts():
        typer.echo(f"\nopen relations\n{len(graph.open_facts()):>7}  {OPEN_RELATION}")
    typer.echo("\nwritten")
    for path in paths:
        typer.echo(f"  {path}")
