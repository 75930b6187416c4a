"""What the documentation says is so: shown outputs, commands, options, public names, files, links."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import kg

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted([ROOT / name for name in READMES] + [ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
REFRESH = runpy.run_path(str(ROOT / "docs" / "refresh.py"))
COMMANDS = typer.main.get_command(REFRESH["app"]).commands


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_of(text: str, *languages: str) -> list[str]:
    """The contents of the blocks of `text` that are marked with one of `languages`."""
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_the_outputs_shown_are_those_the_program_prints(name):
    for promise in REFRESH["PROMISE"].finditer(text_of(name)):
        printed = REFRESH["run"](promise["language"], promise["code"])
        assert promise["output"] == printed, f"run `make docs`:\n{promise['code']}"


@pytest.mark.parametrize("name", READMES)
def test_the_outputs_shown_show_something(name):
    outputs = [match["output"].splitlines() for match in REFRESH["PROMISE"].finditer(text_of(name))]

    assert len(outputs) >= 5
    assert all(len(lines) > 2 for lines in outputs), outputs


@pytest.mark.parametrize("page", sorted(REFRESH["PAGES"]), ids=lambda path: path.name)
def test_the_references_are_fresh(page):
    assert page.read_text(encoding="utf-8") == REFRESH["PAGES"][page](), "run `make docs`"


def test_the_notebook_runs_and_is_fresh():
    shown = (ROOT / "docs" / "tour.ipynb").read_text(encoding="utf-8")

    assert shown == REFRESH["tour"](), "run `make docs`"


def test_both_readmes_show_the_same_commands():
    english, chinese = (code_of(text_of(name), "sh", "python", "text") for name in READMES)

    assert english == chinese


@pytest.mark.parametrize("name", ["README.md", "docs/domain.md"])
def test_the_commands_shown_run_as_they_stand(name, tmp_path):
    for folder in ("seeds", "exports", "ontology"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    environment = {**os.environ, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}

    for block in code_of(REFRESH["PROMISE"].sub("", text_of(name)), "sh"):
        # Making .venv and installing are what runs this test; the rest is for the user's shell.
        if re.match(r"make |pip install", block):
            continue
        command = block.replace(". .venv/bin/activate\n", "")
        done = subprocess.run(
            ["bash", "-euc", command], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_make_target_named_exists(page):
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.MULTILINE))

    assert named <= targets


def test_every_command_and_option_explains_itself():
    for name, command in COMMANDS.items():
        assert command.help, name
        for parameter in command.params:
            assert parameter.help, f"kg {name}: {parameter.name}"


@pytest.mark.parametrize("name", [*READMES, "docs/cli.md", "docs/domain.md"])
def test_every_command_named_exists(name):
    named = set(re.findall(r"(?:^|`)kg ([a-z]+)", text_of(name), flags=re.MULTILINE))

    assert {"build", "evaluate"} <= named <= set(COMMANDS)


def test_every_public_name_has_its_docstring():
    for name in kg.__all__:
        assert name == "__version__" or getattr(kg, name).__doc__, name


def test_every_table_of_the_domain_is_described():
    folder = ROOT / "ontology"
    tables = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    rows = "".join(re.findall(r"^\| .*\n", text_of("docs/domain.md"), flags=re.MULTILINE))
    described = set(re.findall(r"`([^`]+\.\w+)`", rows))

    assert {name for name in tables if not name.startswith(".")} == described


def test_every_room_is_described():
    rooms = {path.name for path in (ROOT / "kg").iterdir() if path.is_dir() and list(path.glob("*.py"))} - {
        "__pycache__"
    }

    assert rooms <= set(re.findall(r"`kg/(\w+)/`", text_of("docs/architecture.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
