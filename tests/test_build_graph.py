"""`kg build`: what a user sees when real, odd and hostile sources go in."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.errors import SourceError

SENTENCE = "2024年9月，重庆市总工会、重庆市科协共同主办职工创新方法培训班，近百名职工参加。"
TRADITIONAL = "臺北市總工會與新北市總工會共同舉辦技能競賽，一百二十名職工參加了這次比賽。"
KG = [sys.executable, "-c", "from kg.cli import main; main()"]
DEFAULT_FILES = {"graph.ttl", "graph.html", "graph.graphml", "observations.csv", "report.json"}


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_a_folder_becomes_a_graph_and_a_summary(command, tmp_path):
    write(tmp_path / "news" / "a.txt", SENTENCE)
    write(tmp_path / "news" / "scan.jpg", "not read yet")
    write(tmp_path / "news" / "deep" / "b.md", "# 标题\n\n南岸区总工会举办了职工运动会。\n")

    run = command("build", tmp_path / "news", "-o", tmp_path / "out")

    assert (run.status, run.err) == (0, "")
    assert run.out.startswith("2 documents: ")
    assert "1 file of other kinds passed over (.jpg)" in run.out
    assert "TradeUnion 工会" in run.out
    assert names(tmp_path / "out") == DEFAULT_FILES
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [d["id"] for d in report["documents"]] == ["a.txt", "deep/b.md"]


@pytest.mark.parametrize("target", ["", "exports"])
def test_what_a_build_wrote_among_its_sources_is_no_source_of_the_next(command, tmp_path, target):
    write(tmp_path / "a.txt", SENTENCE)

    first = command("build", tmp_path, "-o", tmp_path / target)
    before = {name: (tmp_path / target / name).read_bytes() for name in DEFAULT_FILES}
    again = command("build", tmp_path, "-o", tmp_path / target)

    assert (first.status, again.status) == (0, 0)
    assert again.out.startswith("1 document: ")
    assert {name: (tmp_path / target / name).read_bytes() for name in DEFAULT_FILES} == before


def test_standard_input_is_a_source(command, tmp_path):
    run = command("build", "-", "-o", tmp_path / "out", stdin=SENTENCE.encode())

    assert run.status == 0
    assert "重庆市总工会" in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")


def test_only_the_formats_asked_for_are_written(command, tmp_path):
    run = command("build", "-", "-o", tmp_path / "out", "--format", "turtle,report", stdin=SENTENCE.encode())

    assert run.status == 0
    assert names(tmp_path / "out") == {"graph.ttl", "report.json"}


def test_an_unknown_format_is_wrong_usage_and_names_those_there_are(command, tmp_path):
    run = command("build", "-", "-o", tmp_path / "out", "--format", "word", stdin=SENTENCE.encode())

    assert run.status == 2
    assert "word" in run.err
    assert "turtle" in run.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_every_usual_encoding_gives_the_same_names(command, tmp_path, encoding):
    text = TRADITIONAL if encoding == "big5" else SENTENCE
    source = write(tmp_path / "a.txt", text, encoding)

    run = command("build", source, "-o", tmp_path / "out", "--format", "turtle")

    assert run.status == 0
    turtle = (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")
    assert text in turtle
    assert ("總工會" if encoding == "big5" else "重庆市总工会") in turtle


def test_a_bad_document_is_named_with_its_reason_and_the_others_are_built(command, tmp_path):
    write(tmp_path / "in" / "good.txt", SENTENCE)
    write(tmp_path / "in" / "empty.txt", "")
    (tmp_path / "in" / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")

    run = command("build", tmp_path / "in", "-o", tmp_path / "out")

    assert run.status == 1
    assert len(run.err.splitlines()) == 2
    assert "empty.txt" in run.err
    assert "binary.txt" in run.err
    assert run.out.startswith("1 document, 2 failed")
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert len(report["failures"]) == 2
    assert names(tmp_path / "out") == DEFAULT_FILES


@pytest.mark.parametrize(
    ("make", "status", "said"),
    [
        (lambda p: p / "missing.txt", 2, "no such file"),
        (lambda p: (p / "folder").mkdir() or p / "folder", 2, "no documents in this folder"),
        (lambda p: write(p / "empty.txt", ""), 1, "empty"),
        (lambda p: write(p / "blank.txt", " \n\t\n"), 1, "white space"),
        (lambda p: (p / "zip.txt", (p / "zip.txt").write_bytes(b"PK\x03\x04\0\0"))[0], 1, "zip.txt"),
    ],
    ids=["missing", "empty folder", "empty file", "blank file", "binary file"],
)
def test_where_nothing_can_be_built_nothing_is_written(command, tmp_path, make, status, said):
    source = make(tmp_path)

    run = command("build", source, "-o", tmp_path / "out")

    assert run.status == status
    assert said in run.err
    assert "Traceback" not in run.err
    assert not (tmp_path / "out").exists()


def test_no_source_at_all_is_wrong_usage(command, tmp_path):
    run = command("build", "-o", tmp_path / "out")

    assert run.status == 2
    assert "SOURCE" in run.err


def test_a_target_that_cannot_be_written_is_one_clear_line(command, tmp_path):
    write(tmp_path / "out", "a file, not a folder")

    run = command("build", "-", "-o", tmp_path / "out", stdin=SENTENCE.encode())

    assert run.status == 2
    assert len(run.err.splitlines()) == 1
    assert "cannot be written" in run.err
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file, not a folder"


def test_a_failed_write_leaves_what_was_there_and_no_part_of_the_new(command, tmp_path):
    out = tmp_path / "out"
    (out / "graph.html").mkdir(parents=True)  # a folder stands where the page should go
    write(out / "graph.html" / "mine.txt", "kept")

    run = command("build", "-", "-o", out, stdin=SENTENCE.encode())

    assert run.status == 2
    assert "graph.html" in run.err
    assert (out / "graph.html" / "mine.txt").is_file()
    assert not [n for n in names(out) if n.endswith(".part")]


def test_no_progress_bar_in_a_pipe(command, tmp_path):
    run = command("build", "-", "-o", tmp_path / "out", "--quiet", stdin=SENTENCE.encode())

    assert (run.status, run.out, run.err) == (0, "", "")


def test_a_terminal_that_knows_no_chinese_does_not_end_a_build(command, tmp_path):
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}

    run = command("build", "-", "-o", tmp_path / "out", stdin=SENTENCE.encode(), **ascii_only)

    assert run.status == 0
    assert names(tmp_path / "out") == DEFAULT_FILES


def test_the_library_raises_or_hands_over_what_cannot_be_read(tmp_path):
    good, empty = write(tmp_path / "good.txt", SENTENCE), write(tmp_path / "empty.txt", "")
    failures: list[SourceError] = []

    graph = kg.build([good, empty], on_error=failures.append)

    assert list(graph.documents) == ["good.txt"]
    assert [f.source for f in failures] == [empty.as_posix()]
    with pytest.raises(SourceError, match=r"empty\.txt"):
        kg.build([good, empty])


def test_the_example_of_the_readme_is_understood(pipeline):
    extraction = pipeline.extract(SENTENCE)
    entities = {e.id: e for e in extraction.entities}
    classes = {e.name: e.type for e in extraction.entities}

    assert classes["重庆市总工会"] == "TradeUnion"
    assert classes["重庆市科协"] == "Association"
    organizers = {entities[f.head].name for f in extraction.facts if f.relation == "organizes"}
    assert organizers == {"重庆市总工会", "重庆市科协"}
    (figure,) = extraction.observations
    assert (figure.value, figure.unit, figure.qualifier) == (100, "名", "nearly")


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                SENTENCE,
                "市总工会说，",
                "（以下简称“产改”）",
                "\r\n",
                "\n\n",
                "３，９００余家",
                "13.1万人次",
                "👷🏽‍♀️",
                "𠮷野家",
                "“目录+计分”人才认定机制",
                "来源：某报",
                "熊桂伟 摄",
                "\u3000\u3000",
                "！？。",
                "”“",
                "《》",
                "ＡＢＣ",
                "e\u0301",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=12,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fragments=FRAGMENTS)
def test_whatever_the_text_every_span_slices_to_its_quote(pipeline, fragments):
    text = "".join(fragments).encode("utf-8", "replace").decode()

    extraction = pipeline.extract(text)

    assert extraction.document.text == text
    for entity in extraction.entities:
        assert entity.mentions
        for mention in entity.mentions:
            assert text[mention.span.begin : mention.span.end] == mention.text != ""
    for stated in (*extraction.facts, *extraction.observations):
        assert stated.evidence
        for evidence in stated.evidence:
            assert text[evidence.sentence.begin : evidence.sentence.end] == evidence.quote
            assert all(
                evidence.sentence.covers(mark.span) for mark in evidence.marks if mark.role in {"head", "number"}
            )


def test_an_extraction_survives_being_written_to_json_and_read_back(pipeline):
    extraction = pipeline.extract(SENTENCE)

    assert kg.Extraction.from_json(extraction.to_json()) == extraction


def test_reading_the_same_folder_from_elsewhere_gives_the_same_bytes(command, tmp_path):
    write(tmp_path / "news" / "a.txt", SENTENCE)
    write(tmp_path / "news" / "b.txt", "南岸区总工会举办了职工运动会。")
    command("build", tmp_path / "news", "-o", tmp_path / "one")
    command("build", ".", "-o", tmp_path / "two", cwd=tmp_path / "news", PYTHONHASHSEED="7")

    for name in DEFAULT_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert os.fspath(tmp_path) not in (tmp_path / "one" / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "1" * 9000,
        "一" * 500 + "亿" * 500,
        "“" * 500 + "重庆市总工会" + "”" * 500,
        "（" * 900,
        "重庆市总工会" * 300,
        "。" * 900,
    ],
    ids=["digits", "numerals", "quotes", "brackets", "names", "stops"],
)
def test_degenerate_text_ends_soon_and_without_an_error(pipeline, text):
    extraction = pipeline.extract(text)

    assert extraction.document.text == text
    assert all(len(e.quote) <= 500 for o in extraction.observations for e in o.evidence)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize(
    "arguments", [("recognize", "a.txt"), ("recognize", "a.txt", "--json"), ("build", "a.txt", "-o", "out")]
)
def test_a_full_disk_behind_standard_output_is_one_line(tmp_path, arguments):
    write(tmp_path / "a.txt", SENTENCE)
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run([*KG, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert run.returncode == 2
    assert run.stderr.decode().startswith("kg: standard output: ")
    assert run.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_standard_input_and_output_are_empty_ones(tmp_path):
    write(tmp_path / "a.txt", SENTENCE)
    for arguments, status in ((["recognize", "-", "<&-"], 2), (["build", "a.txt", "-o", "out", ">&-"], 0)):
        line = f"{shlex.join(KG)} {' '.join(arguments)}"
        run = subprocess.run(["sh", "-c", line], capture_output=True, cwd=tmp_path, check=False)
        assert run.returncode == status
        assert b"Traceback" not in run.stderr


def test_plans_and_denials_come_on_request_only_and_never_as_facts(command, tmp_path):
    text = "重庆市总工会主办了重庆市职工技能大赛。重庆市总工会明年将举办重庆市职工技能大赛。"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    usual = kg.build(tmp_path)
    whole = kg.build(tmp_path, unasserted=True)

    assert usual.unasserted() == []
    assert {f.modality for f in whole.unasserted()} == {"planned"}
    assert whole.facts() == usual.facts()
    run = command("build", tmp_path, "-o", tmp_path / "out", "--format", "turtle", "--include-unasserted")
    assert run.status == 0
    assert "planned, wished, denied or claimed only\n      1  planned" in run.out
    assert "a kg:UnassertedStatement ;" in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")


def test_open_relations_come_on_request_only_and_apart(command, tmp_path):
    text = "重庆市总工会走访了长安汽车。重庆市总工会主办了重庆市职工技能大赛。"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    usual, whole = kg.build(tmp_path), kg.build(tmp_path, open_relations=True)

    assert usual.open_facts() == []
    assert whole.facts() == usual.facts()
    assert {f.predicate for f in whole.open_facts()} == {"走访"}
    run = command("build", tmp_path, "-o", tmp_path / "out", "--format", "turtle", "--open")
    assert run.status == 0
    assert "open relations\n      1  relatedTo" in run.out
    assert 'kg:predicate "走访"@zh' in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")
