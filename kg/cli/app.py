"""The commands gathered, and the one place where an error becomes a line for people and an exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.analyze import analyze
from kg.cli.build import build
from kg.cli.candidates import candidates
from kg.cli.diff import diff
from kg.cli.doctor import doctor
from kg.cli.evaluate import evaluate
from kg.cli.explain import explain
from kg.cli.export import export, formats
from kg.cli.infer import infer
from kg.cli.load import load
from kg.cli.query import query
from kg.cli.recognize import recognize
from kg.cli.review import review
from kg.cli.serve import serve
from kg.cli.stats import stats
from kg.cli.terminal import guard_terminal
from kg.cli.validate import validate
from kg.cli.view import view
from kg.errors import JiangpuError
from kg.version import VERSION

app = typer.Typer(
    name="kg",
    help="Build a knowledge graph, with evidence, from Chinese documents. 从中文文档构建可溯源的知识图谱。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("analyze")(analyze)
app.command("build")(build)
app.command("candidates")(candidates)
app.command("diff")(diff)
app.command("doctor")(doctor)
app.command("evaluate")(evaluate)
app.command("explain")(explain)
app.command("export")(export)
app.command("formats")(formats)
app.command("infer")(infer)
app.command("load")(load)
app.command("query")(query)
app.command("recognize")(recognize)
app.command("review")(review)
app.command("serve")(serve)
app.command("stats")(stats)
app.command("validate")(validate)
app.command("view")(view)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"kg {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Build a knowledge graph, with evidence, from Chinese documents. 从中文文档构建可溯源的知识图谱。."""


def main() -> None:
    """Run the command line; an expected error is one line on standard error and exit status 2."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who called: nothing comes in, what goes out is lost
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A terminal or pipe that cannot show Chinese must not end a build, nor a query in another encoding.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    guard_terminal()
    try:
        app()
    except JiangpuError as error:
        typer.echo(f"kg: {error}", err=True)
        sys.exit(2)
    except OSError as error:  # the rooms answer for their files; a full disk behind standard output has no name
        typer.echo(f"kg: {error.filename or 'standard output'}: {error.strerror or error}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else leaving would try to write once more
        sys.exit(2)
