"""The bench of posts: who holds which post where."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "bench" / "title_triples.py"
STATED = "湘潭大学校长覃冬介绍了情况。"


def test_what_is_found_asserted_and_missed_is_counted(tmp_path, monkeypatch, capsys):
    row = {
        "text": STATED,
        "triples": [["湘潭大学", "校长", "覃冬", "", ""], ["湘潭大学", "校长", "没有此人", "", ""]],
        "negatives": [["湘潭大学", "书记", "覃冬", "", ""]],
    }
    data = tmp_path / "a.jsonl"
    data.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["title_triples.py", str(data)])

    runpy.run_path(str(SCRIPT), run_name="__main__")
    out = capsys.readouterr().out

    assert "found                 1 of     2  0.500" in out
    assert "asserted              0 of     1  0.000" in out
    assert "    1  person: not found" in out
