"""The shape of the program: what may import what, what is public, how large a module grows, where words live."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import kg

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "kg"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Every room of the program in the order of the data. A room imports rooms on its own line and on lines above.
LAYERS = (
    ("version", "model", "errors", "domain", "files", "wordlists", "columns", "cache", "timing", "matching"),
    ("read",),
    ("segment",),
    ("recognize",),
    ("resolve",),
    ("relate",),
    ("merge",),
    ("invariants",),
    ("extracting",),
    ("pipeline",),
    ("rdf",),
    ("view",),
    ("export",),
    ("evaluate",),
    ("serve",),
    ("spark",),
    ("kg",),  # the public face, kg/__init__.py
    ("cli", "__main__"),
)
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}

# What a module may be: beyond these sizes it is two.
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
# Han characters in a string literal outside docstrings: more is a word list, and belongs in ontology/.
MOST_HAN = 4


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "kg" if first == "__init__" else first


def is_trainer(path: Path) -> bool:
    """Whether the module makes a model that the domain ships; it is run by hand and no part of the program."""
    return path.stem.startswith("train")


def imported_rooms(path: Path) -> set[tuple[int, str]]:
    """Line and room of everything of the program that the module at `path` imports, for type checking too."""
    package = ["kg", *path.relative_to(PACKAGE).parent.parts]
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            names = [[*base, *(node.module or "").split("."), alias.name] for alias in node.names]
        else:
            continue
        for first, *rest in (list(filter(None, name)) for name in names):
            if first == "kg":
                found.add((node.lineno, rest[0] if rest and is_room(rest[0]) else "kg"))
    return found


def is_room(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


def test_every_room_has_its_place_in_the_order():
    assert {room_of(path) for path in MODULES} <= set(RANK)


def test_a_stage_never_imports_a_later_stage():
    late = [
        f"{name_of(path)}:{line} imports {other}"
        for path in MODULES
        # The public face imports what it shows when that is asked for; a trainer reads gold annotations.
        if room_of(path) != "kg" and not is_trainer(path)
        for line, other in sorted(imported_rooms(path))
        if RANK[other] > RANK[room_of(path)]
    ]

    assert not late


def test_the_program_imports_no_trainer():
    trainers = {path.stem for path in MODULES if is_trainer(path)}
    imported = {
        f"{name_of(path)} imports {name}"
        for path in MODULES
        if not is_trainer(path)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        for name in [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        if name in trainers
    }

    assert not imported


def test_an_import_of_a_later_stage_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "kg")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "kg" / "read").mkdir(parents=True)
    (tmp_path / "kg" / "merge").mkdir()
    (tmp_path / "kg" / "model.py").touch()
    module = tmp_path / "kg" / "read" / "a.py"
    module.write_text(
        "import kg.model\nfrom kg import merge\nfrom kg.merge.graph import X\nfrom ..merge import Y\nfrom . import b\n"
        "def f():\n    import kg\n",
        encoding="utf-8",
    )

    assert imported_rooms(module) == {(1, "model"), (2, "merge"), (3, "merge"), (4, "merge"), (5, "read"), (7, "kg")}


def test_the_public_names_are_sorted_listed_once_and_there():
    assert kg.__all__ == sorted(set(kg.__all__))
    for name in kg.__all__:
        # A subpackage of the same name would take its place as soon as it is imported.
        assert not isinstance(getattr(kg, name), ModuleType), name
        assert not is_room(name), name


def test_the_public_names_change_only_on_purpose():
    # A new name is a promise to keep: add it here, to the README and to the changelog.
    assert kg.__all__ == [
        "Dating",
        "Document",
        "Domain",
        "Entity",
        "Evidence",
        "Extraction",
        "Fact",
        "Interval",
        "JiangpuError",
        "KnowledgeGraph",
        "Mention",
        "Observation",
        "Pipeline",
        "Span",
        "__version__",
        "build",
        "extract",
        "query",
        "read_turtle",
        "write_turtle",
    ]


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = kg.no_such_name


def test_importing_the_package_is_quick_and_loads_no_stage():
    program = (
        "import sys, kg; print(*sorted(m for m in sys.modules if m.split('.')[0] in {'jieba', 'rdflib', 'pyvis'}))"
    )

    heavy = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert heavy.strip() == ""


def test_modules_and_functions_stay_small():
    long = [
        f"{name_of(path)} has {lines} lines"
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]
    long += [
        f"{name_of(path)}:{node.lineno} {node.name} has {lines} lines"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_FUNCTION_LINES
    ]

    assert not long


def prose(tree: ast.Module) -> set[ast.expr]:
    """Strings that speak to people: docstrings (of attributes too) and the help texts of the command line."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) or (isinstance(node, ast.keyword) and node.arg == "help"):
            found.add(node.value)
    return found


def test_chinese_words_are_data_not_code():
    words = [
        f"{name_of(path)}:{node.lineno} {node.value!r}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(re.findall(r"[\u3400-\u9fff]", node.value)) > MOST_HAN
        and node not in prose(tree_of(path))
    ]

    assert not words


def committed_files() -> list[Path]:
    """Every text file of the project that is not made by a tool."""
    caches = {"__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    made = {".git", ".venv", ".venv-bench", "dist", *caches}
    kinds = {"", ".css", ".csv", ".graphml", ".html", ".js", ".json", ".md", ".py", ".toml", ".tsv", ".ttl", ".txt"}
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix in kinds and not made & set(path.relative_to(ROOT).parts)
    )


def test_no_file_names_a_path_of_one_machine():
    named = [
        f"{name_of(path)}: {match}"
        for path in committed_files()
        for match in re.findall(
            r"(?<![\w.:/*])/(?:work|root|home|Users|opt)/[\w.]+", path.read_text(encoding="utf-8", errors="replace")
        )
    ]

    assert not named
