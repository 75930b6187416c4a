"""Files as people have them: pages saved by browsers, Word documents, printed PDFs, tables, archives, hostile ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.cli.app import app
from kg.domain import Domain
from kg.errors import SourceError
from kg.model import Document
from kg.pipeline import build
from kg.rdf import query, read_turtle, write_turtle
from kg.read import Fields, Limits, Reading, read_sources
from kg.read.printed import paragraphs

REAL = Path(__file__).parent / "data" / "real"
DOMAIN = Domain.default()


def reading(*sources: str | Path, **options: Any) -> Reading:
    return read_sources(sources, DOMAIN, **options)


def read(*sources: str | Path, **options: Any) -> tuple[dict[str, Document], list[str]]:
    items = list(reading(*sources, **options))
    return (
        {item.id: item for item in items if isinstance(item, Document)},
        [str(item) for item in items if isinstance(item, SourceError)],
    )


def document(name: str, **options: Any) -> Document:
    documents, errors = read(REAL / name, **options)
    assert not errors
    (only,) = documents.values()
    return only


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def people(fields: tuple[Any, ...]) -> list[str]:
    return [field.value for field in fields]


# Pages that browsers saved


def test_a_page_is_its_main_text_under_title_and_bylines():
    page = document("browser_utf8.html")
    assert page.text.splitlines() == [
        "云江市总工会举办职工创新方法培训班",
        "发布时间：2024-09-27 10:30 来源：云江日报 编辑：付弋",
        "9月25日，云江市总工会联合云江市科协举办2024年职工创新方法培训班，来自32家企业的120名职工参加。",
        "培训班为期三天，由云江工匠学院承办。学员们学习了TRIZ创新方法理论，完成创新方案46项。",
        "图为培训现场。 区家豪 摄",
        "“今年我们已培训职工1.3万人次。”云江市总工会副主席霍思齐说。",
        "（记者 郑可心）",
    ]
    told = page.metadata
    assert told.title.span.of(page.text) == told.title.value == "云江市总工会举办职工创新方法培训班"
    assert (told.publisher.value, told.date_published.value) == ("云江日报", "2024-09-27")
    assert (people(told.editors), people(told.authors), people(told.photographers)) == (
        ["付弋"],
        ["郑可心"],
        ["区家豪"],
    )


def test_markup_tells_what_the_text_does_not_and_tables_become_sentences():
    page = document("government_gbk.htm")
    assert page.encoding == "gb18030"
    assert page.metadata.title.value == "关于公布第三批工匠学院名单的通知"
    assert (page.metadata.publisher.value, page.metadata.date_published.value) == ("云江市总工会", "2024-11-05")
    assert people(page.metadata.authors) == ["瞿一诺"]
    assert page.metadata.authors[0].span is None
    assert "云江机电工匠学院，培训职工860名，补助资金25.5万元。" in page.text.splitlines()
    assert "首页" not in page.text


def test_traditional_pages_in_big5_are_read():
    page = document("traditional_big5.html")
    assert page.encoding == "big5"
    assert page.text.splitlines()[0] == page.metadata.title.value == "工會聯合會舉辦技能競賽"
    assert "香江工會聯合會昨日舉辦第三屆職業技能競賽，共有一百二十名職工參加。" in page.text


def test_utf8_under_a_wrong_declaration_is_utf8(tmp_path):
    words = "云江市总工会举办职工创新方法培训班，来自32家企业的120名职工参加。"
    page = put(tmp_path / "a.html", f'<meta charset="gb2312"><title>培训</title><body><p>{words}</p></body>')
    documents, _ = read(page)
    assert words in documents["a.html"].text


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<html><body></body></html>", "no text in this page"),
        ("<html><body><div id='app'></div><script>load()</script></body></html>", "no text in this page"),
        ("<!-- -->", "no page in this HTML file"),
        ("<div>" * 5_000 + "字", "limit of 240 (depth)"),
    ],
)
def test_a_page_without_text_is_answered(tmp_path, markup, reason):
    documents, errors = read(put(tmp_path / "a.html", markup))
    assert not documents
    assert reason in errors[0]


def test_entities_are_not_expanded_from_files_or_into_bombs(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "哈哈"><!ENTITY y "&x;&x;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    page = put(tmp_path / "a.xhtml", f"{bomb}<html><body><p>云江市总工会举办培训班。&y;&f;</p></body></html>")
    (text,) = (document.text for document in read(page)[0].values())
    assert "root:" not in text
    assert "哈哈" not in text


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from(list("<>/=\"'& \n!-[]abdiptrx表云江市总工会。1\x00\x0b\ufeff")), max_size=200))
def test_any_page_is_read_or_answered(tmp_path_factory, markup):
    path = put(tmp_path_factory.mktemp("pages") / "a.html", markup)
    documents, errors = read(path)
    assert len(documents) + len(errors) == 1


# Word documents


def test_a_word_document_gives_its_paragraphs_and_its_tables_as_sentences():
    report = document("report.docx")
    assert report.text.splitlines() == [
        "云江市职工技能竞赛情况通报",
        "来源：云江市总工会 发布时间：2024年11月5日",
        "11月1日，云江市总工会举办第三届“云江工匠杯”职工技能竞赛，共有12家企业参加。",
        "参赛情况",
        "竞赛由云江汽车承办，设焊工、钳工2个项目。",
        "云江汽车，参赛职工120名，奖金5000元。",
        "云江机电有限公司，参赛职工86名，奖金3000元。",
        "责任编辑：付弋",
    ]
    assert (report.metadata.publisher.value, report.metadata.date_published.value) == ("云江市总工会", "2024-11-05")
    assert people(report.metadata.editors) == ["付弋"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ((REAL / "empty.docx").read_bytes(), "no text in this Word document"),
        ((REAL / "report.docx").read_bytes()[:9_000], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Word document, or one with a password"),
        (b"PK\x05\x06" + bytes(18), "no Word document"),
        ("一个文本。".encode(), "no zip archive"),
    ],
)
def test_what_is_no_word_document_is_answered(tmp_path, data, reason):
    documents, errors = read(put(tmp_path / "a.docx", data))
    assert not documents
    assert reason in errors[0]


# PDF


def test_printed_lines_are_joined_into_paragraphs_of_true_characters():
    printed = document("printed.pdf")
    lines = printed.text.splitlines()
    assert lines[:2] == ["云江市工匠学院建设简报", "来源：云江日报\u20032024年10月8日"]
    assert lines[2].startswith(
        "今年以来，云江市总工会联合云江市人力资源和社会保障局推进工匠学院建设，先后命名云江汽车工匠学院、"
    )
    assert lines[2].endswith("帮助860名职工取得高级工以上职业技能等级证书。")
    assert (
        lines[-1] == "云江市财政局安排补助资金120万元，其中云江汽车工匠学院获得30万元，云江机电工匠学院获得25.5万元。"
    )
    assert not any("\u2e80" <= c <= "\u2fdf" for c in printed.text)


def test_page_numbers_and_running_heads_are_no_text():
    def page(at: int) -> list[str]:
        word = "甲乙丙丁"[at - 1] * 9
        return ["云江工会简报", f"{word}这一行文字写满了并且还要继续写到下一", f"行去。这里说{word}。", f"— {at} —"]

    found = paragraphs([page(at) for at in range(1, 5)], DOMAIN.toml("layout.toml")["printed"])
    assert found[1] == ("乙乙乙乙乙乙乙乙乙这一行文字写满了并且还要继续写到下一行去。这里说乙乙乙乙乙乙乙乙乙。", 2)
    assert len(found) == 4


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ((REAL / "scanned.pdf").read_bytes(), "no text in this PDF (a scan?): run OCR"),
        (b"%PDF-1.4\n%%EOF", "damaged"),
        ((REAL / "printed.pdf").read_bytes()[:2_000], "damaged"),
        ("一个文本。".encode(), "damaged"),
    ],
)
def test_a_pdf_without_text_is_answered(tmp_path, data, reason):
    documents, errors = read(put(tmp_path / "a.pdf", data))
    assert not documents
    assert reason in errors[0]


# Records


def test_each_line_of_jsonl_is_a_document_with_what_its_fields_tell():
    documents, errors = read(REAL / "news.jsonl")
    first = documents["news.jsonl/n1"]
    assert first.text.splitlines()[0] == first.metadata.title.value == "云江市总工会举办创新方法培训班"
    assert (first.metadata.publisher.value, first.metadata.date_published.value) == ("云江日报", "2024-09-27")
    assert people(first.metadata.authors) == ["郑可心", "陈屿"]
    assert list(documents) == ["news.jsonl/n1", "news.jsonl/n2"]
    assert [error.split(": ", 1)[1] for error in errors] == [
        "line 3 has the id of line 2: n2",
        "line 4 is no JSON",
        "line 5 has no text in a field text (it has: id, 其他)",
    ]


def test_rows_of_csv_as_excel_writes_it_in_china():
    documents, errors = read(REAL / "excel_gbk.csv")
    assert not errors
    assert documents["excel_gbk.csv/7"].text == "工匠学院揭牌\n云江工匠学院昨日揭牌，\n面向职工开展培训。"
    assert documents["excel_gbk.csv/7"].metadata.publisher.value == "云江晚报"


def test_a_table_of_figures_is_a_document_of_sentences():
    assert document("figures.csv").text.splitlines() == [
        "云江汽车工匠学院，培训职工1200名，补助资金30万元。",
        "云江机电工匠学院，培训职工860名，补助资金25.5万元。",
    ]


def test_the_fields_can_be_named(tmp_path):
    path = put(tmp_path / "a.jsonl", '{"k": "x/../y", "w": "云江工匠学院揭牌。"}\n{"w": "又一条。"}\n')
    documents, errors = read(path, fields=Fields("w", "k"))
    assert {name: d.text for name, d in documents.items()} == {"a.jsonl/x_.._y": "云江工匠学院揭牌。"}
    assert "line 2 has no field k to be its id" in errors[0]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([".jsonl", ".csv", ".tsv", ".zip", ".docx", ".pdf"]), st.binary(max_size=300))
def test_any_bytes_of_any_kind_are_read_or_answered(tmp_path_factory, suffix, data):
    for item in reading(put(tmp_path_factory.mktemp("any") / f"a{suffix}", data)):
        assert isinstance(item, Document | SourceError)


# Archives


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_an_archive_gives_the_documents_in_it_and_nothing_is_unpacked(tmp_path):
    members = {
        "新闻/a.txt": "云江工匠学院揭牌。".encode(),
        "../../etc/b.txt": "乙。".encode(),
        "C:\\d\\c.md": "丙。".encode(),
        "report.docx": (REAL / "report.docx").read_bytes(),
        "news.jsonl": (REAL / "news.jsonl").read_bytes(),
        "in.zip": zipped({"d.txt": "丁。".encode()}),
        "photo.jpg": b"\xff\xd8\xff",
        "__MACOSX/._a.txt": b"\x00",
        "bad.txt": b"",
    }
    path = put(tmp_path / "all.zip", zipped(members))
    found = reading(tmp_path)
    items = list(found)
    assert [item.id for item in items if isinstance(item, Document)] == [
        "all.zip/etc/b.txt",
        "all.zip/C:/d/c.md",
        "all.zip/in.zip/d.txt",
        "all.zip/news.jsonl/n1",
        "all.zip/news.jsonl/n2",
        "all.zip/report.docx",
        "all.zip/新闻/a.txt",
    ]
    assert any("all.zip/bad.txt: the file is empty" in str(item) for item in items if isinstance(item, SourceError))
    assert [Path(name).name for name in found.skipped] == ["photo.jpg"]
    assert list(tmp_path.iterdir()) == [path]


def test_names_as_windows_writes_them_in_china(tmp_path):
    raw = zipped({"????.txt": "甲。".encode()}).replace(b"????", "新闻".encode("gbk"))
    assert list(read(put(tmp_path / "a.zip", raw))[0]) == ["a.zip/新闻.txt"]


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (Limits(expansion=1_000_000), "expansion"),
        (Limits(file_size=100_000), "file_size"),
        (Limits(members=2), "members"),
        (Limits(nesting=0), "nesting"),
        (Limits(length=1_000), "length"),
    ],
)
def test_every_limit_is_named_where_it_is_met(tmp_path, limits, name):
    bomb = zipped({"a.txt": b" " * 3_000_000 + "完。".encode(), "b.txt": b"b", "in.zip": zipped({"c.txt": b"c"})})
    _, errors = read(put(tmp_path / "bomb.zip", bomb), limits=limits)
    assert any(f"({name})" in error for error in errors), errors


def test_the_pages_of_a_pdf_are_limited():
    assert "limit of 1 (pages)" in read(REAL / "printed.pdf", limits=Limits(pages=1))[1][0]


# The whole way


def test_a_graph_is_built_from_every_kind(tmp_path):
    done = CliRunner().invoke(app, ["build", str(REAL), "-o", str(tmp_path / "out"), "--limit", "pages=100"])
    assert done.exit_code == 1, done.output  # the bad ones are answered
    graph = read_turtle(tmp_path / "out" / "graph.ttl")
    facts = {(graph.entity(f.head).name, f.relation, graph.entity(f.tail).name) for f in graph.facts()}
    assert ("云江市总工会", "organizes", "第三届“云江工匠杯”职工技能竞赛") in facts
    figures = {(graph.entity(o.about).name, o.measure, int(o.value), o.unit) for o in graph.observations()}
    assert ("云江机电工匠学院", "补助资金", 255_000, "元") in figures


def test_a_limit_that_is_none_is_answered():
    done = CliRunner().invoke(app, ["build", str(REAL), "-o", "x", "--limit", "size=3"])
    assert done.exit_code == 2
    assert "file_size" in done.output


def test_evidence_says_where_in_the_original_it_stands(tmp_path):
    report, printed, records = document("report.docx"), document("printed.pdf"), read(REAL / "news.jsonl")[0]
    assert report.place(report.text.index("竞赛由云江汽车")) == "paragraph 5"
    assert report.place(report.text.index("云江机电有限公司")) == "table 1"
    assert printed.place(printed.text.index("今年以来")) == "page 1"
    assert printed.place(printed.text.index("云江市财政局")) == "page 2"
    assert records["news.jsonl/n2"].place(5) == "line 2"
    assert document("browser_utf8.html").place(5) is None

    turtle = tmp_path / "graph.ttl"
    graph = build([REAL / "report.docx", REAL / "printed.pdf"])
    write_turtle(graph, turtle)
    assert read_turtle(turtle).documents == graph.documents
    head, tail = "云江市总工会", "第三届“云江工匠杯”职工技能竞赛"
    told = CliRunner().invoke(app, ["explain", str(turtle), head, "organizes", tail])
    assert "report.docx paragraph 3 " in told.output
    rows = query(turtle, 'SELECT ?s { ?s kg:where "page 2" }')
    assert rows.rows
