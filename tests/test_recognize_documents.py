"""A person asks what is found in documents and why, and reads it or hands it to jq."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from kg.domain import Domain

SENTENCE = "重庆市总工会主席张建国介绍，长安汽车今年培训职工13.1万人次。\n"
OTHER = "他毕业于北大，如今在人大任教。\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two documents, an empty one and one that is no text."""
    root = tmp_path_factory.mktemp("documents")
    (root / "b").mkdir()
    for name, content in (("a.txt", SENTENCE), ("b/c.md", OTHER), ("empty.txt", ""), ("picture.png", "no text")):
        (root / name).write_text(content, encoding="utf-8")
    return root


def test_every_name_is_marked_with_its_class(folder, command):
    run = command("recognize", folder / "a.txt")

    assert (run.status, run.err) == (0, "")
    assert "[重庆市总工会|TradeUnion]" in run.out
    assert "[长安汽车|Company]" in run.out
    assert re.sub(r"\[(.*?)\|\w+\]", r"\1", run.out).strip() == SENTENCE.strip()


def test_why_tells_what_found_each_name_and_how_sure_it_is(folder, command):
    run = command("recognize", "--why", folder / "a.txt")
    rows = json.loads(command("recognize", "--json", folder / "a.txt").out)

    assert run.status == 0
    for row in rows:
        assert f"{row['type']} {row['rule']} {row['confidence']:.2f}]" in run.out
    assert re.search(r"\[\[重庆\|Place \S+ [\d.]+\]市总工会\|TradeUnion \S+ [\d.]+\]", run.out)


def test_one_file_gives_one_list_of_mentions(command):
    run = command("recognize", "--json", "-", stdin=SENTENCE.encode())

    rows = json.loads(run.out)
    assert [row["text"] for row in rows][:2] == ["重庆市总工会", "重庆"]
    assert all(SENTENCE[row["begin"] : row["end"]] == row["text"] for row in rows)
    assert all(row["rule"] and 0 <= row["confidence"] <= 1 and row["entity"] for row in rows)


def test_several_documents_give_one_object_a_line(folder, command):
    run = command("recognize", "--json", folder / "a.txt", folder / "b")

    documents = [json.loads(line) for line in run.out.splitlines()]
    assert run.status == 0
    assert [document["id"] for document in documents] == ["a.txt", "c.md"]
    assert all(set(document) == {"id", "title", "mentions"} for document in documents)
    alone = json.loads(command("recognize", "--json", folder / "a.txt").out)
    assert documents[0]["mentions"] == alone


def test_the_form_does_not_hang_on_how_many_documents_a_folder_holds(folder, command):
    run = command("recognize", "--json", folder / "b")

    assert json.loads(run.out)["id"] == "c.md"


def test_the_title_of_a_document_is_told(tmp_path, command):
    (tmp_path / "a.txt").write_text(f"重庆市总工会举办职工技能大赛\n\n{SENTENCE}", encoding="utf-8")

    assert json.loads(command("recognize", "--json", tmp_path).out)["title"] == "重庆市总工会举办职工技能大赛"


def test_several_documents_are_told_apart(folder, command):
    run = command("recognize", folder / "a.txt", folder / "b")

    assert run.out.index("== a.txt ==") < run.out.index("重庆市总工会") < run.out.index("== c.md ==")


def test_a_document_that_cannot_be_read_is_named_and_the_others_are_shown(folder, command):
    run = command("recognize", "--json", folder)

    assert run.status == 1
    assert [json.loads(line)["id"] for line in run.out.splitlines()] == ["a.txt", "b/c.md"]
    assert run.err == f"kg: {folder / 'empty.txt'}: the file is empty\n"


@pytest.mark.parametrize("name", ["empty.txt", "missing.txt"])
def test_where_no_document_can_be_read_the_status_is_2(folder, command, name):
    run = command("recognize", "--json", folder / name)

    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("kg: ")
    assert name in run.err
    assert run.err.count("\n") == 1


def test_a_domain_of_ones_own_is_what_names_are_recognized_by(tmp_path, command):
    shutil.copytree(Domain.default().file("ontology.ttl").parent, tmp_path / "domain")
    rules = tmp_path / "domain" / "recognize.toml"
    text, count = re.subn(r"(?m)^least = .*$", "least = 1.1", rules.read_text(encoding="utf-8"))
    assert count == 1
    rules.write_text(text, encoding="utf-8")

    run = command("recognize", "--json", "-", "--domain", tmp_path / "domain", stdin=SENTENCE.encode())
    default = command("recognize", "--json", "-", stdin=SENTENCE.encode())

    assert json.loads(run.out) == []
    assert json.loads(default.out) != []


def test_a_folder_that_is_no_domain_is_one_line(tmp_path, command):
    run = command("recognize", "-", "--domain", tmp_path, stdin=OTHER.encode())

    assert run.status == 2
    assert run.err.count("\n") == 1
    assert tmp_path.name in run.err
