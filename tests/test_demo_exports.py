"""exports/ is what `make demo` gives: the same bytes from any order, hash seed and place."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMES = ("graph.graphml", "graph.html", "graph.ttl", "observations.csv", "report.json")


def build(target: Path, *sources: str, seed: int) -> None:
    """Run ``kg build`` in the checkout, as the demo does."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "build", *sources, "-o", str(target), "--quiet"]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rebuilt")
    build(folder, "seeds", seed=1)
    return folder


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shuffled")
    sources = [f"seeds/{path.name}" for path in sorted((ROOT / "seeds").glob("*.txt"))]
    random.Random(7).shuffle(sources)
    build(folder, *sources, seed=2)
    return folder


def test_the_exports_are_all_there_and_nothing_else(rebuilt):
    assert sorted(path.name for path in rebuilt.iterdir()) == sorted(NAMES)
    assert {path.name for path in (ROOT / "exports").iterdir()} >= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_rebuild_of_the_seeds_gives_the_exports(rebuilt, name):
    assert (rebuilt / name).read_bytes() == (ROOT / "exports" / name).read_bytes(), (
        "run `make demo` and commit exports/"
    )


@pytest.mark.parametrize("name", NAMES)
def test_neither_order_nor_hash_seed_changes_a_byte(rebuilt, shuffled, name):
    assert (shuffled / name).read_bytes() == (rebuilt / name).read_bytes()
