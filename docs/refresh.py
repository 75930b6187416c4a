"""Refresh what the documentation takes from the program: reference pages, a notebook, the outputs shown in the READMEs.

The shapes of relations in ``ontology/shapes.ttl`` are made from the ontology here too.

In a README, a block marked ``sh`` or ``python`` that is directly followed by a block marked ``text`` is a promise:
the second is what running the first prints. ``make docs`` runs the first ones and writes the second ones anew;
``tests/test_documentation.py`` fails where they have grown stale.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import typer
from nbclient import NotebookClient

import kg
from kg.cli.app import app
from kg.domain import Domain
from kg.rdf.reference import reference
from kg.rdf.shapes import with_relation_shapes

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
_LINES = r"(?:(?!```).*\n)*"
PROMISE = re.compile(
    rf"(?P<shown>^```(?P<language>sh|python)\n(?P<code>{_LINES})```\n\n```text\n)(?P<output>{_LINES})(?=```$)",
    re.MULTILINE,
)


@cache
def run(language: str, code: str) -> str:
    """Run `code` in the root and return what it prints; `subprocess.CalledProcessError` where it fails."""
    scripts = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((scripts, os.environ.get("PATH", ""))),
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    command = ["bash", "-euc", code] if language == "sh" else [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(  # noqa: S603 - the code is our own documentation
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def refreshed(text: str) -> str:
    """The README `text` with every promised output as the program prints it now."""
    return PROMISE.sub(lambda match: match["shown"] + run(match["language"], match["code"]), text)


def command_reference() -> str:
    """Every command with its arguments and options, in Markdown."""
    root: Any = typer.main.get_command(app)
    parts = ["# Command reference", "", "Made by `make docs` from the program itself.", "", *_section("kg", root)]
    for name, command in sorted(root.commands.items()):
        parts += _section(f"kg {name}", command)
    return "\n".join(parts).rstrip() + "\n"


def _section(name: str, command: Any) -> list[str]:
    """Usage, description and parameters of one command."""
    usage = " ".join((name, *command.collect_usage_pieces(command.context_class(command, info_name=name))))
    lines = [f"## `{name}`", "", "```text", usage, "```", "", inspect.cleandoc(command.help or ""), ""]
    rows = [[_spelling(parameter), parameter.help or ""] for parameter in command.params]
    cells = [" | ".join(cell.replace("|", r"\|") for cell in row) for row in rows]
    return [*lines, "| | |", "|---|---|", *(f"| {row} |" for row in cells), ""] if rows else lines


def _spelling(parameter: Any) -> str:
    """How a parameter is typed: ``-o DIR``, ``--output DIR``."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    kind = parameter.type_descriptor.annotation
    choices = (
        "|".join(member.value for member in kind) if isinstance(kind, type) and issubclass(kind, Enum) else "VALUE"
    )
    value = "" if parameter.is_flag else f" {parameter.metavar or choices}"
    spellings = ", ".join(f"`{name}{value}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return f"{spellings} (required)" if parameter.required else spellings


def python_reference() -> str:
    """Every public name of the package with its docstring, in Markdown."""
    parts = ["# Python reference", "", "Made by `make docs` from the program itself.", ""]
    for name in sorted(kg.__all__, key=str.casefold):
        thing = getattr(kg, name)
        if callable(thing):
            parts += [f"## `kg.{name}`", "", *_described(name, thing)]
        if inspect.isclass(thing):
            for method, member in inspect.getmembers(thing, lambda m: inspect.isfunction(m) or inspect.ismethod(m)):
                if method in vars(thing) and not method.startswith("_"):
                    parts += _described(f"{name}.{method}", member)
    return "\n".join(parts).rstrip() + "\n"


def _described(name: str, thing: Any) -> list[str]:
    """The signature and the docstring, its reStructuredText roles as code and its examples as blocks."""
    try:
        signature = str(inspect.signature(thing)).replace("'", "").replace("(self, ", "(").replace("(self)", "()")
    except ValueError:  # an exception class has none
        signature = ""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.getdoc(thing) or "").replace("``", "`")
    text = re.sub(r"(?m)^>>> (?:.|\n(?!\n))*", lambda match: f"```pycon\n{match[0].rstrip()}\n```", text)
    return ["```text", f"{name}{signature}", "```", "", text, ""]


def ontology_reference() -> str:
    """Every class and property of the ontology, in Markdown with a diagram."""
    return reference(Domain.default())


def tour() -> str:
    """The notebook with what its cells give now; a cell marked "page" shows a megabyte, which is not kept."""
    notebook = nbformat.read(ROOT / "docs" / "tour.ipynb", as_version=4)
    kernel = NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(ROOT)}})
    kernel.execute()
    for cell in notebook.cells:
        if "page" in cell.metadata.get("tags", ()):
            cell.outputs = []
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    return f"{nbformat.writes(notebook)}\n"


PAGES = {
    ROOT / "docs" / "cli.md": command_reference,
    ROOT / "docs" / "ontology.md": ontology_reference,
    ROOT / "docs" / "python.md": python_reference,
}
SHAPES = ROOT / "ontology" / "shapes.ttl"
NOTEBOOK = ROOT / "docs" / "tour.ipynb"


def main() -> None:
    """Write the documentation anew where it is stale, and say what changed."""
    made = [(SHAPES, with_relation_shapes(SHAPES.read_text(encoding="utf-8"), Domain.default()))]
    made += [(path, make()) for path, make in PAGES.items()] + [(NOTEBOOK, tour())]
    made += [(path, refreshed(path.read_text(encoding="utf-8"))) for path in READMES]
    for path, text in made:
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"refreshed {path.relative_to(ROOT)}")  # noqa: T201 - the script's only report


if __name__ == "__main__":
    main()
