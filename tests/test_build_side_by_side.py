"""A user with many documents has them read by several processes: the same graph, and each failure by itself."""

from __future__ import annotations

import json
import os
import signal
from functools import partial

import pytest

from kg.extracting import extract_all
from kg.model import Document, Extraction

TEXTS = [
    f"{city}市总工会今年举办职工技能培训班{n}期，培训职工{n}0人。"
    for n, city in enumerate(("重庆", "成都", "福州", "宝鸡"), 2)
]


class Fragile:
    """Extracts nothing from a document, fails on some, and dies of others."""

    def extract(self, document):
        """As said above."""
        if document.text == "fail":
            msg = "没有"
            raise ValueError(msg)
        if document.text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return Extraction(document, (), (), ())


def answers(texts, jobs):
    documents = [Document(f"{n}.txt", text, "") for n, text in enumerate(texts)]
    return [
        a.document.id if isinstance(a, Extraction) else f"{a.source}!"
        for a in extract_all(documents, Fragile, jobs=jobs)
    ]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(TEXTS[number % len(TEXTS)] + f"第{number}号。", encoding="utf-8")
    return folder


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_the_files_are_the_same_however_many_read(sources, tmp_path, command, jobs):
    assert command("build", sources, "-o", tmp_path / "one", "--jobs", "1").status == 0
    assert command("build", sources, "-o", tmp_path / "more", "--jobs", jobs).status == 0

    for path in sorted((tmp_path / "one").iterdir()):
        assert (tmp_path / "more" / path.name).read_bytes() == path.read_bytes(), path.name


def test_without_a_number_many_documents_are_the_same_too(sources, tmp_path, command):
    assert command("build", sources, "-o", tmp_path / "auto").status == 0
    assert command("build", sources, "-o", tmp_path / "one", "--jobs", "1").status == 0

    assert (tmp_path / "auto" / "graph.ttl").read_bytes() == (tmp_path / "one" / "graph.ttl").read_bytes()


def test_the_cache_serves_several_processes(sources, tmp_path, command):
    first = command("build", sources, "-o", tmp_path / "a", "--cache", tmp_path / "cache", "--jobs", "2")
    again = command("build", sources, "-o", tmp_path / "b", "--cache", tmp_path / "cache", "--jobs", "2")

    assert (first.status, again.status) == (0, 0)
    assert (tmp_path / "a" / "graph.ttl").read_bytes() == (tmp_path / "b" / "graph.ttl").read_bytes()


def test_answers_come_in_the_order_of_the_documents():
    assert answers(["a", "fail", "b", "c"], 2) == ["0.txt", "1.txt!", "2.txt", "3.txt"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no process can be killed so here")
def test_a_document_that_kills_its_process_fails_alone():
    texts = ["a", "b", "die", *"cdefghijklmnop"]

    assert answers(texts, 2) == [f"{n}.txt" + "!" * (text == "die") for n, text in enumerate(texts)]


def test_what_is_loaded_is_loaded_only_when_it_is_needed():
    assert list(extract_all([], partial(pytest.fail, "loaded for nothing"))) == []


def test_programs_can_follow_a_build(sources, tmp_path, command):
    (sources.parent / "bad").mkdir(exist_ok=True)
    (sources.parent / "bad" / "empty.txt").write_bytes(b"")
    run = command("build", sources, sources.parent / "bad", "-o", tmp_path, "--log-json", "--jobs", "1")
    events = [json.loads(line) for line in run.err.splitlines()]

    assert run.status == 1
    assert run.out == ""
    assert [e["event"] for e in events if e["event"] != "progress"] == ["failure", "built"]
    assert next(e for e in events if e["event"] == "progress")["total"] == 41
    assert next(e for e in events if e["event"] == "failure")["source"].endswith("empty.txt")
    assert next(e for e in events if e["event"] == "built")["documents"] == 40
