"""Reading sources: what a user gets from files, folders and standard input, and how bad ones are answered."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.domain import Domain
from kg.errors import SourceError
from kg.model import Document
from kg.read import Limits, Reader, Source, read_sources
from kg.read.encodings import decode

SIMPLIFIED = "重庆市总工会举办了2024年职工创新方法培训班，近百名职工参加。"
TRADITIONAL = "香港工會聯合會舉辦職業技能培訓班，近百名職工參加。"


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.default()


def read(domain, *sources: str | Path, **options: Any):
    items = list(read_sources(sources, domain, **options))
    return (
        {item.id: item for item in items if isinstance(item, Document)},
        [str(item) for item in items if isinstance(item, SourceError)],
    )


def put(path: Path, content: str | bytes = SIMPLIFIED) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# What is read


def test_a_folder_is_searched_through_in_the_order_of_ids(domain, tmp_path):
    for name in ("b.txt", "a/z.md", "a/b/c.markdown", "UPPER.TXT"):
        put(tmp_path / name, name)
    documents, errors = read(domain, tmp_path)
    assert list(documents) == ["UPPER.TXT", "a/b/c.markdown", "a/z.md", "b.txt"]
    assert documents["a/z.md"].text == "a/z.md"
    assert not errors


def test_other_kinds_and_hidden_files_are_skipped_and_told_of(domain, tmp_path):
    for name in ("a.txt", "b.jpg", "c", ".hidden.txt", ".git/d.txt"):
        put(tmp_path / name)
    reading = read_sources([tmp_path], domain)
    assert [d.id for d in reading] == ["a.txt"]
    assert [Path(name).name for name in reading.found.skipped] == ["b.jpg", "c"]


def test_a_named_file_is_read_whatever_its_name_ends_in(domain, tmp_path):
    documents, _ = read(domain, put(tmp_path / "news.log"), put(tmp_path / "README"))
    assert sorted(documents) == ["README", "news.log"]


def test_standard_input_is_a_source(domain, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SIMPLIFIED.encode("gb18030")), encoding="utf-8"))
    documents, errors = read(domain, "-")
    assert documents["stdin.txt"].text == SIMPLIFIED
    assert not errors


def test_the_count_is_known_before_anything_is_read(domain, tmp_path):
    put(tmp_path / "a.txt")
    put(tmp_path / "b.txt", b"")
    reading = read_sources([tmp_path, tmp_path / "missing"], domain)
    assert len(reading) == 3 == len(list(reading))


def test_markdown_keeps_its_marks_and_offsets(domain, tmp_path):
    text = "# 标题\n\n> 引文。\n\n- 一等奖：张三\n"
    documents, _ = read(domain, put(tmp_path / "a.md", text))
    assert documents["a.md"].text == text
    assert documents["a.md"].metadata.title.value == "标题"


# What a document is called


def test_one_file_given_twice_is_read_once(domain, tmp_path):
    put(tmp_path / "sub/a.txt")
    documents, _ = read(domain, tmp_path, tmp_path / "sub/a.txt", tmp_path / "sub/../sub/a.txt")
    assert list(documents) == ["sub/a.txt"]


def test_same_id_and_same_content_is_one_document(domain, tmp_path):
    documents, _ = read(domain, put(tmp_path / "x/a.txt"), put(tmp_path / "y/a.txt"))
    assert list(documents) == ["a.txt"]


def test_same_id_and_other_content_is_told_apart_by_parent_folders(domain, tmp_path):
    given_ = [put(tmp_path / name, name) for name in ("x/p/a.txt", "y/p/a.txt", "z/a.txt")]
    expected = {"x/p/a.txt": "x/p/a.txt", "y/p/a.txt": "y/p/a.txt", "z/a.txt": "z/a.txt"}
    for _ in range(4):
        random.Random(7).shuffle(given_)
        documents, _ = read(domain, *given_)
        assert {d.id: d.text for d in documents.values()} == expected


def test_standard_input_beside_a_file_of_its_name(domain, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"piped"), encoding="utf-8"))
    documents, _ = read(domain, "-", put(tmp_path / "in/stdin.txt", "from a file"))
    assert {d.id: d.text for d in documents.values()} == {"-/stdin.txt": "piped", "in/stdin.txt": "from a file"}


def test_loops_of_links_end_and_links_are_followed(domain, tmp_path):
    put(tmp_path / "in/a.txt", "a")
    put(tmp_path / "out/b.txt", "b")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/linked").symlink_to(tmp_path / "out", target_is_directory=True)
    (tmp_path / "in/again.txt").symlink_to(tmp_path / "in/a.txt")
    documents, errors = read(domain, tmp_path / "in")
    assert sorted(documents) == ["a.txt", "linked/b.txt"]
    assert not errors


def test_a_link_to_itself_is_answered_and_the_rest_is_read(domain, tmp_path):
    put(tmp_path / "a.txt", "a")
    (tmp_path / "self.txt").symlink_to("self.txt")
    documents, errors = read(domain, tmp_path)
    assert list(documents) == ["a.txt"]
    assert len(errors) == 1
    assert errors[0].startswith(f"{tmp_path.as_posix()}/self.txt: ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_odd_file_names_become_ids_that_every_output_can_hold(domain, tmp_path):
    names = [b"\xff\xd6.txt", b"a\nb.txt", b"a\\nb.txt", "重 庆\u3000🙂.txt".encode()]
    for name in names:
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)), os.fsdecode(name).encode("utf-8", "replace"))
    documents, errors = read(domain, tmp_path)
    assert sorted(documents) == ["\\udcff\\udcd6.txt", "a\\\\nb.txt", "a\\nb.txt", "重 庆\u3000🙂.txt"]
    assert not errors
    for name in documents:
        name.encode()


# Encodings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_simplified_text_is_read_in_every_encoding(encoding):
    assert decode(SIMPLIFIED.encode(encoding))[0] == SIMPLIFIED


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gb18030", "big5", "cp950", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_traditional_text_is_read_in_every_encoding(encoding):
    assert decode(TRADITIONAL.encode(encoding))[0] == TRADITIONAL


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SIMPLIFIED.encode(), "utf-8"),
        (SIMPLIFIED.encode("gbk"), "gb18030"),
        (TRADITIONAL.encode("big5"), "big5"),
        ("佢哋喺香港嘅工會返工，有冇人話畀你知呢件事？".encode("big5hkscs"), "big5hkscs"),
        (SIMPLIFIED.encode("utf-16"), "utf-16-le"),
    ],
)
def test_the_encoding_is_named(data, encoding):
    assert decode(data)[1] == encoding


def test_short_texts_are_decided_right():
    seeds = Path(__file__).parent.parent / "seeds"
    texts = [line for path in sorted(seeds.glob("*.txt")) for line in path.read_text(encoding="utf-8").split()]
    pieces = [text[:16] for text in texts if len(text) >= 16 and sum("一" <= c <= "鿿" for c in text[:16]) >= 8]
    assert len(pieces) > 100
    for encoding in ("gb18030", "utf-16-le", "utf-16-be"):
        assert [p for p in pieces if decode(p.encode(encoding))[0] != p] == []


def test_the_encoding_can_be_given(domain, tmp_path):
    path = put(tmp_path / "a.txt", "日本の首都は東京です。".encode("shift_jis"))
    assert "name its encoding" in read(domain, path)[1][0]
    assert read(domain, path, encoding="shift_jis")[0]["a.txt"].text == "日本の首都は東京です。"
    assert "no such encoding: klingon" in read(domain, path, encoding="klingon")[1][0]
    assert "not valid utf-8 at byte 0" in read(domain, path, encoding="utf-8")[1][0]


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


@given(ANY_TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
@example("全角ＡＢＣ１２３🙂👩‍🔬\r\n第二行\r第三行\u2028", "utf-8")
@example("\ufeff两个标记", "utf-8-sig")
def test_any_text_comes_back_as_it_was(text, encoding):
    if text.startswith("\ufeff") and encoding == "utf-8":
        text = "x" + text  # there it is a mark, and no part of the text
    data = text.encode(encoding)
    if data.startswith((b"PK\x03\x04", b"%PDF-", b"GIF8", b"{\\rtf")):
        return
    assert decode(data)[0] == text


@given(st.binary())
def test_any_bytes_are_text_or_an_answer(data):
    try:
        text, _ = decode(data)
    except ValueError as error:
        text = str(error)
    assert "\x00" not in text
    text.encode()  # no lone surrogate


def test_line_ends_and_the_absence_of_the_mark(domain, tmp_path):
    documents, _ = read(domain, put(tmp_path / "a.txt", b"\xef\xbb\xbf" + "甲\r\n乙\r丙\n".encode()))
    assert documents["a.txt"].text == "甲\r\n乙\r丙\n"


# Answers to what cannot be read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t\xe3\x80\x80", "nothing but white space"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"PK\x03\x04....", "Word document or a zip archive"),
        (b"\x89PNG\r\n\x1a\n....", "an image"),
        (b"\xff\xd8\xff\xe0....", "an image"),
        (b"text\x00with\x00nul", "binary file"),
        (bytes(range(256)), "name its encoding"),
        (SIMPLIFIED.encode()[1:], "not valid UTF-8 at byte 0"),
    ],
)
def test_a_bad_file_is_answered_and_the_rest_is_read(domain, tmp_path, content, reason):
    put(tmp_path / "bad.txt", content)
    put(tmp_path / "good.txt")
    documents, errors = read(domain, tmp_path)
    assert list(documents) == ["good.txt"]
    assert len(errors) == 1
    assert errors[0].startswith(f"{tmp_path.as_posix()}/bad.txt: ")
    assert reason in errors[0]
    assert "\n" not in errors[0]


def test_what_is_not_there(domain, tmp_path):
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    put(tmp_path / "file.txt")
    for missing in ("missing.txt", "file.txt/inside.txt", "broken.txt"):
        documents, errors = read(domain, tmp_path / missing)
        assert not documents
        assert len(errors) == 1
        assert missing in errors[0]
    assert "no such file or folder" in read(domain, tmp_path / "missing.txt")[1][0]
    assert len(read(domain, "nul\x00byte")[1]) == 1


def test_an_empty_name_is_not_the_folder_one_is_in(domain, tmp_path, monkeypatch):
    put(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    documents, errors = read(domain, "")
    assert not documents
    assert errors == ["'': no such file or folder"]


def test_a_folder_without_documents(domain, tmp_path):
    put(tmp_path / "only/a.jpg")
    (tmp_path / "folder.txt").mkdir()
    _, errors = read(domain, tmp_path / "only", tmp_path / "folder.txt")
    assert [e.split(": ")[1].split(";")[0] for e in errors] == [
        "no documents in this folder",
        "no documents in this folder (1 of other kinds)",
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(domain, tmp_path):
    put(tmp_path / "a.txt").chmod(0)
    assert read(domain, tmp_path / "a.txt")[1] == [f"{tmp_path.as_posix()}/a.txt: no permission to read it"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_be_listed_and_not_entered(domain, tmp_path):
    put(tmp_path / "in/a.txt")
    (tmp_path / "in").chmod(0o444)
    try:
        errors = read(domain, tmp_path / "in")[1]
    finally:
        (tmp_path / "in").chmod(0o755)
    assert errors == [f"{tmp_path.as_posix()}/in/a.txt: no permission to read it"]


def test_an_unreadable_file_is_answered_in_one_line(domain, tmp_path, monkeypatch):
    reading = read_sources([put(tmp_path / "a.txt")], domain)

    def refuse(*_args: Any, **_options: Any) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert [str(item) for item in reading] == [f"{tmp_path.as_posix()}/a.txt: no permission to read it"]


def test_the_limit_is_named(domain, tmp_path):
    path = put(tmp_path / "a.txt", "a" * 101)
    assert not read(domain, path, limits=Limits(file_size=101))[1]
    assert "larger than the limit of 100 bytes" in read(domain, path, limits=Limits(file_size=100))[1][0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_in_a_folder_does_not_hang(domain, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("pipe.txt")
    put(tmp_path / "a.txt")
    assert list(read(domain, tmp_path)[0]) == ["a.txt"]


def test_a_reader_can_be_sent_one_source(domain, tmp_path):
    path = put(tmp_path / "a.txt")
    source = Source(("a.txt",), 1, "a.txt", path)
    document = Reader(domain)(source)
    assert (document.id, document.text, document.encoding) == ("a.txt", SIMPLIFIED, "utf-8")
