"""Files as people have them: pages saved by browsers, Word documents, printed PDFs, tables, archives, hostile ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.errors import SourceError
from kg.model import Document
from kg.read import Limits, Reading, read_sources

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
    assert (people(told.editors), people(told.authors), people(told.photographers)) == (["付弋"], ["郑可心"], ["区家豪"])


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
