"""With `--engine spark` the same documents give the same triples, with decisions, archives and failures."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import json
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason='needs Spark: pip install "jiangpu[spark]"')
if not shutil.which("java"):
    pytest.skip("needs Java 17", allow_module_level=True)

import pyarrow.parquet

import kg.spark

SEEDS = Path(__file__).parent.parent / "seeds"
SIGNED = ", author: 王芳, date: 2025-11-02, reason: 试验}"
DECISIONS = f"""
- {{do: merge, things: [太仓市总工会, 福州市总工会]{SIGNED}
- {{do: split, thing: {{name: 重庆市总工会}}, documents: [a.txt]{SIGNED}
- {{do: rename, thing: 太仓市, name: 江苏太仓{SIGNED}
- {{do: retype, thing: 太仓市第四批“娄东工匠”, class: Organization{SIGNED}
- {{do: reject, head: 重庆市总工会, relation: organizes, tail: 2024年职工创新方法培训班{SIGNED}
- {{do: add, head: 重庆市科协, relation: cooperatesWith, tail: 太仓市总工会, document: chongqing.txt,
   quote: 重庆市总工会联合重庆市科协{SIGNED}
- {{do: rename, thing: 没有这个名字, name: 也没有{SIGNED}
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The seeds, namesakes in other documents, an archive, a file that cannot be read, and decisions."""
    folder = tmp_path_factory.mktemp("sources")
    for path in SEEDS.glob("*.txt"):
        shutil.copy(path, folder)
    texts = {
        "a.txt": "11月1日，重庆市总工会举办技能竞赛，李明获得一等奖。重庆长江重装有限公司（原重庆长江机械厂）承办。",
        "b.txt": "11月1日，市总工会举办技能竞赛。福州市总工会技术员李明、重庆长江机械厂职工参加，共120人。",
        "c.txt": "重庆长江重装有限公司李明介绍，2024年11月1日的技能竞赛有120人参加。鼓楼区总工会也派了人。\u2028\x85完",
        "d.txt": "福州市鼓楼区总工会技术员李明说，福州市总工会今年培训职工1.3万人次。",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.make_archive(str(folder / "more"), "zip", folder, "a.txt")
    with zipfile.ZipFile(folder / "twice.zip", "w") as archive:
        archive.writestr("b.txt", "成都市总工会举办技能竞赛。")
        archive.writestr("../b.txt", "宝鸡市总工会举办技能竞赛。")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "decisions.yaml").write_text(DECISIONS, encoding="utf-8")
    return folder


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module", params=[(), ("--include-unasserted", "--open", "--provenance", "rdf12")])
def both(request, sources, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    here = run("build", sources, "-o", out / "here", "--format", "ntriples,report,parquet", *request.param)
    there = run("build", sources, "-o", out / "there", "--engine", "spark", "--master", "local[2]", *request.param)
    assert (here.returncode, there.returncode) == (1, 1), there.stderr  # for the empty file
    return out, here, there


def triples(folder):
    return [line for path in sorted(folder.glob("part-*")) for line in lines(path)]


def lines(path):
    """Lines end at a line feed; a literal may hold other ends of lines."""
    return path.read_bytes().decode().removesuffix("\n").split("\n")


def test_the_triples_are_the_same(both):
    out, _, _ = both
    here = lines(out / "here" / "graph.nt")
    there = triples(out / "there" / "graph.nt")

    assert set(there) == set(here)
    assert len(there) == len(set(there))
    assert any("Decision-" in line for line in there)


def test_what_failed_and_what_changes_nothing_is_told_alike(both):
    _, here, there = both

    for told in (
        "empty.txt: the file is empty",
        "there are two documents called twice.zip/b.txt; the second is left out",
        "(rename 没有这个名字) changes nothing: nothing is named 没有这个名字",
    ):
        assert told in here.stderr
        assert told in there.stderr


def test_the_report_counts_the_same(both):
    out, _, _ = both
    here, there = (json.loads((out / each / "report.json").read_text(encoding="utf-8")) for each in ("here", "there"))

    assert there.pop("documents", None) is None
    assert there["failures"][0]["reason"] == here["failures"][0]["reason"]
    for part in ("program", "domain", "counts", "classes", "relations"):
        assert there[part] == here[part]


@pytest.mark.parametrize(("there", "here"), [("entities", "vertices"), ("observations", "observations")])
def test_the_tables_hold_the_same_rows(both, there, here):
    out, _, _ = both
    rows = pyarrow.parquet.read_table(out / "there" / "parquet" / there).to_pylist()
    columns = rows[0].keys()
    known = pyarrow.parquet.read_table(out / "here" / "parquet" / f"{here}.parquet").to_pylist()

    assert sorted(map(repr, rows)) == sorted(repr({c: row[c] for c in columns}) for row in known)


def test_facts_are_summed_over_documents(both):
    out, _, _ = both
    facts = pyarrow.parquet.read_table(out / "there" / "parquet" / "facts").to_pylist()
    known = pyarrow.parquet.read_table(out / "here" / "parquet" / "edges.parquet").to_pylist()
    counted = {(f["head"], f["relation"], f["tail"]): (f["evidence"], f["documents"], f["confidence"]) for f in facts}

    assert counted == {
        (f["src"], f["relation"], f["dst"]): (f["evidence"], f["documents"], f["confidence"]) for f in known
    }


def test_a_build_that_was_killed_goes_on(sources, tmp_path):
    command = [sys.executable, "-m", "kg", "build", sources / "a.txt", "-o", tmp_path, "--engine", "spark"]
    build = subprocess.Popen([*map(str, command), "--master", "local[1]"], start_new_session=True)
    for _ in range(1200):
        time.sleep(0.1)
        if list(tmp_path.glob(".work/*/extracted/_SUCCESS")):
            break
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    (kept,) = tmp_path.glob(".work/*/extracted/_SUCCESS")
    before = kept.stat().st_mtime_ns
    assert not (tmp_path / "graph.nt").exists()

    again = subprocess.Popen([*map(str, command), "--master", "local[1]"])
    while again.poll() is None:
        with contextlib.suppress(FileNotFoundError):  # it goes when the build is complete
            assert kept.stat().st_mtime_ns == before
        time.sleep(0.05)
    assert again.returncode == 0
    assert triples(tmp_path / "graph.nt")
    assert not (tmp_path / ".work").exists()


def test_no_documents_and_wrong_options_are_told_as_ever(tmp_path):
    spark = "--engine", "spark", "--master", "local[1]"
    nothing = run("build", tmp_path / "none.txt", "-o", tmp_path / "out", *spark)
    wrong = run("build", SEEDS, "-o", tmp_path / "out", *spark, "--format", "turtle")

    assert nothing.returncode == 2
    assert "none.txt: no such file or folder" in nothing.stderr
    assert wrong.returncode == 2
    assert "N-Triples and Parquet" in wrong.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(kg.spark.__path__)])
def test_examples_hold(name):
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    assert doctest.testmod(importlib.import_module(f"kg.spark.{name}")).failed == 0
