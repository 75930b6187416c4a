"""Runs that go wrong: documents that take too long or break the program, kills, full disks, files that change."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

import kg.files
import kg.read.sources
from kg.cli.app import app
from kg.domain import Domain
from kg.errors import LimitError, SourceError
from kg.model import Document, Extraction
from kg.pipeline import Pipeline, build
from kg.read import Limits, read_sources
from kg.timing import at_most

SENTENCE = "云江市总工会联合云江市科协举办2024年职工创新方法培训班，近百名职工参加。"
KG = [sys.executable, "-m", "kg"]


def write(path: Path, text: str = SENTENCE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def kg_build(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["build", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    for name in "abc":
        write(tmp_path / "in" / f"{name}.txt", f"{SENTENCE}{name}")
    return tmp_path / "in"


@pytest.fixture
def hostile(monkeypatch):
    """What `extract` does with the document b.txt is put in its place."""

    def put(act) -> None:
        extract = Pipeline.extract

        def extracting(self, document, **options: Any) -> Extraction:
            if isinstance(document, Document) and document.id == "b.txt":
                act()
            return extract(self, document, **options)

        monkeypatch.setattr(Pipeline, "extract", extracting)

    return put


# Time

needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers on this system")


@needs_timer
def test_work_that_takes_too_long_is_ended_even_where_every_exception_is_caught():
    def never() -> None:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    with pytest.raises(LimitError, match=r"limit of 1 seconds \(seconds\)"), at_most(1):
        never()
    time.sleep(0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@needs_timer
def test_a_document_that_takes_too_long_is_named_and_the_others_are_built(folder, hostile):
    hostile(lambda: time.sleep(60))
    failures: list[SourceError] = []
    graph = build(folder, limits=Limits(seconds=5), on_error=failures.append)
    assert list(graph.documents) == ["a.txt", "c.txt"]
    assert [str(f) for f in failures] == ["b.txt: it takes longer than the limit of 5 seconds (seconds); split it"]


@needs_timer
def test_reading_that_takes_too_long_is_ended(folder, monkeypatch):
    monkeypatch.setattr("kg.read.reading.decode", lambda *_: time.sleep(60))
    items = list(read_sources([folder / "a.txt"], Domain.default(), limits=Limits(seconds=1)))
    assert [str(item).split(": ")[1] for item in items] == [
        "it takes longer than the limit of 1 seconds (seconds); split it"
    ]


def test_no_limit_of_time_is_none():
    with at_most(0):
        pass


# Documents that bring the program down


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError(), AssertionError("so"), KeyError("e1")])
def test_a_document_the_program_fails_on_is_named_and_the_others_are_built(folder, tmp_path, hostile, error):
    def fail() -> NoReturn:
        raise error

    hostile(fail)
    done = kg_build(folder, "-o", tmp_path / "out", "--format", "report")
    assert done.exit_code == 1
    assert done.output.startswith("kg: b.txt: the program fails on it (") or "kg: b.txt: the program" in done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert len(report["failures"]) == 1
    with pytest.raises(SourceError, match=r"b\.txt"):
        build(folder)


def test_with_strict_the_first_failure_ends_the_build_and_nothing_is_written(folder, tmp_path):
    write(folder / "b.txt", "")
    strict = subprocess.run(
        [*KG, "build", folder, "-o", tmp_path / "out", "--strict"], capture_output=True, encoding="utf-8", check=False
    )
    assert strict.returncode == 2
    assert strict.stderr == f"kg: {folder.as_posix()}/b.txt: the file is empty\n"
    assert not (tmp_path / "out").exists()


# Kills


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_build_leaves_whole_files_only_and_the_next_goes_on_and_cleans_up(tmp_path):
    for number in range(16):
        write(tmp_path / "in" / f"{number:02}.txt", f"{SENTENCE}第{number}期。" * 20)
    arguments = ["build", tmp_path / "in", "-o", tmp_path / "out", "--cache", tmp_path / "cache", "-q"]
    first = subprocess.Popen([*KG, *map(str, arguments)])
    until = time.monotonic() + 60
    while time.monotonic() < until and len(list(tmp_path.glob("cache/*/*.json"))) < 3:
        time.sleep(0.02)
    first.kill()
    first.wait()
    kept = list(tmp_path.glob("cache/*/*.json"))
    assert len(kept) >= 3
    assert all(json.loads(path.read_bytes())["document"] for path in kept)
    assert not (tmp_path / "out" / "graph.ttl").exists()

    again = kg_build(*arguments[1:])
    assert again.exit_code == 0
    clean = kg_build(tmp_path / "in", "-o", tmp_path / "clean", "-q")
    assert clean.exit_code == 0
    for path in (tmp_path / "clean").iterdir():
        assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes(), path.name


def test_what_a_killed_write_left_is_removed_by_the_next_and_nothing_else(tmp_path):
    out = tmp_path / "out"
    names = [".graph.ttl.x1.part", ".graph.ttl.x2.part", ".mine.part"]
    left, _, mine = [write(out / name) for name in names]
    folder = write(out / ".tables.x3.part" / "new" / "a.csv").parent.parent
    for path in (left, mine, folder):
        os.utime(path, (0, 0))
    assert kg_build(write(tmp_path / "a.txt"), "-o", out, "--format", "turtle").exit_code == 0
    assert sorted(p.name for p in out.iterdir()) == [".graph.ttl.x2.part", ".mine.part", "graph.ttl"]


# Disks and permissions


def test_a_full_disk_is_one_line_and_what_was_there_stays(folder, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert kg_build(folder, "-o", out).exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(_handle) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kg.files.os, "fsync", full)
    done = failed(folder, out)
    assert "cannot be written (No space left on device)" in done
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def failed(folder: Path, out: Path) -> str:
    done = kg_build(folder, "-o", out)
    assert done.exit_code != 0
    return str(done.exception)


@pytest.fixture
def mounted(tmp_path, request):
    """A file system in memory with the options asked for, where the system lets us make one."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", request.param, "tmpfs", place]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("mounted", ["size=4k"], indirect=True)
def test_every_kind_of_writer_answers_a_full_disk_and_leaves_no_part(mounted, tmp_path):
    write(tmp_path / "a.txt", SENTENCE * 40)
    for name in ("turtle", "html", "tables", "sqlite", "notes"):
        done = kg_build(tmp_path / "a.txt", "-o", mounted / "out", "--format", name)
        assert "cannot be written (" in str(done.exception), name
        assert not [path for path in mounted.rglob("*") if path.is_file()], name


@pytest.mark.parametrize("mounted", ["ro"], indirect=True)
def test_a_read_only_target_is_one_line(mounted, folder):
    for target in (mounted, mounted / "out"):
        done = kg_build(folder, "-o", target)
        assert "cannot be written (Read-only file system)" in str(done.exception)


# Files that change or vanish


def test_a_file_that_changes_while_it_is_read_is_named(folder, monkeypatch):
    real = os.fstat

    def grown(handle) -> os.stat_result:
        with (folder / "b.txt").open("a", encoding="utf-8") as file:
            file.write("又一句。")
        return real(handle)

    monkeypatch.setattr(kg.read.sources.os, "fstat", grown)
    (item,) = read_sources([folder / "b.txt"], Domain.default())
    assert "it changed while it was read; build again" in str(item)


def test_a_file_that_may_not_be_read_is_named_and_the_others_are_read(folder, monkeypatch):
    really = Path.open

    def guarded(self, *arguments: Any, **options: Any) -> Any:
        if self.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return really(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", guarded)
    items = list(read_sources([folder], Domain.default()))
    assert [item.id for item in items if isinstance(item, Document)] == ["a.txt", "c.txt"]
    (error,) = (item for item in items if isinstance(item, SourceError))
    assert str(error).endswith("b.txt: no permission to read it")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301


def test_a_file_that_vanishes_is_named_and_the_others_are_read(folder):
    reading = iter(read_sources([folder], Domain.default()))
    first = next(reading)
    (folder / "b.txt").unlink()
    rest = list(reading)
    assert isinstance(first, Document)
    assert first.id == "a.txt"
    assert [isinstance(item, SourceError) for item in rest] == [True, False]
    assert "no such file" in str(rest[0])
