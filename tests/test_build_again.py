"""Building again: only what changed is read, a killed build goes on, and the bytes are those of a full build."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kg
from kg.pipeline import Pipeline
from kg.rdf.writing import turtle

ROOT = Path(__file__).parent.parent
TEXTS = {
    "a.txt": "福州市总工会举办了焊工培训班，惠及职工200人。市总工会主席李伟参加。",
    "b.txt": "南京市总工会与鼓楼区总工会在南京联合举办招聘会。",
    "c.txt": "重庆市总工会联合重庆市科协举办2024年职工创新方法培训班。",
    "d.txt": "长安汽车焊工李伟获得全国五一劳动奖章。",
}


@pytest.fixture
def sources(tmp_path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def extracted(monkeypatch) -> list[str]:
    """The documents that are read, as they are read."""
    read: list[str] = []
    extract = Pipeline.extract
    monkeypatch.setattr(Pipeline, "extract", lambda self, d, **more: (read.append(d.id), extract(self, d, **more))[1])
    return read


def test_only_what_changed_is_read_and_the_bytes_are_those_of_a_full_build(sources, tmp_path, extracted):
    cache = tmp_path / "cache"
    before = turtle(kg.build(sources, cache=cache))
    assert extracted == sorted(TEXTS)
    extracted.clear()

    (sources / "b.txt").write_text("四川省总工会命名了30个工作室。", encoding="utf-8")
    changed = turtle(kg.build(sources, cache=cache))
    assert extracted == ["b.txt"]
    assert changed == turtle(kg.build(sources))
    extracted.clear()

    (sources / "b.txt").write_text(TEXTS["b.txt"], encoding="utf-8")
    assert turtle(kg.build(sources, cache=cache)) == before
    (sources / "d.txt").unlink()
    assert turtle(kg.build(sources, cache=cache)) != before
    assert extracted == []


def test_other_options_read_anew(sources, tmp_path, extracted):
    kg.build(sources, cache=tmp_path / "cache")
    kg.build(sources, cache=tmp_path / "cache", unasserted=True)

    assert len(extracted) == 2 * len(TEXTS)


def test_a_damaged_entry_is_read_anew(sources, tmp_path, extracted):
    before = turtle(kg.build(sources, cache=tmp_path / "cache"))
    extracted.clear()
    entry = min((tmp_path / "cache").rglob("*.json"))
    entry.write_bytes(entry.read_bytes()[:100])

    assert turtle(kg.build(sources, cache=tmp_path / "cache")) == before
    assert len(extracted) == 1


def test_a_build_killed_at_any_moment_goes_on_to_the_same_bytes(sources, tmp_path):
    for number in range(12):
        shutil.copy(sources / "a.txt", sources / f"more{number}.txt")
    cache, out = tmp_path / "cache", tmp_path / "out"
    chance = random.Random(6)
    full = tmp_path / "full"
    start = [sys.executable, "-m", "kg", "build", sources, "--format", "turtle", "-q", "-o"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(10):
        build = subprocess.Popen([*start, out, "--cache", cache], env=environment)
        time.sleep(chance.uniform(0.3, 3))
        build.send_signal(signal.SIGKILL)
        build.wait()

    subprocess.run([*start, out, "--cache", cache], env=environment, check=True)
    subprocess.run([*start, full], env=environment, check=True)

    assert (out / "graph.ttl").read_bytes() == (full / "graph.ttl").read_bytes()


def test_the_difference_of_two_builds_is_told(sources, tmp_path, command):
    command("build", sources, "-o", tmp_path / "old", "--format", "turtle", "-q")
    (sources / "b.txt").unlink()
    command("build", sources, "-o", tmp_path / "new", "--format", "turtle", "-q")
    old, new = tmp_path / "old" / "graph.ttl", tmp_path / "new" / "graph.ttl"

    told = command("diff", old, new)
    assert told.status == 1
    assert "- b.txt" in told.out
    assert "南京市总工会" in told.out
    assert command("diff", old, old).out == "The two graphs say the same.\n"


def test_a_person_reviews_what_is_undecided_and_the_next_build_knows(sources, tmp_path, command):
    command("build", sources, "-o", tmp_path, "--format", "turtle", "-q")
    listed = command("candidates", tmp_path / "graph.ttl")
    assert "李伟" in listed.out

    answers = "m\n同一人\nq\n".encode()
    done = command("review", tmp_path / "graph.ttl", sources / "decisions.yaml", "--author", "王芳", stdin=answers)
    assert done.status == 0, done.err
    assert "do: merge" in (sources / "decisions.yaml").read_text(encoding="utf-8")

    command("build", sources, "-o", tmp_path, "--format", "turtle", "-q")
    assert command("candidates", tmp_path / "graph.ttl").out.count("李伟") == 0
