"""Whatever comes in is read or answered: files of every kind, cut, changed and put together anew, the whole way."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.errors import SourceError
from kg.invariants import check_extraction
from kg.merge import merge
from kg.model import Document
from kg.pipeline import Pipeline
from kg.rdf import read_turtle, write_turtle
from kg.read import KINDS, Limits, Reader, Source
from kg.read.reading import CONTAINERS
from kg.read.tables import Tables, is_data

DOMAIN = Domain.default()
REAL = Path(__file__).parent / "data" / "real"
LIMITS = Limits(file_size=1_000_000, length=20_000, expansion=5_000_000, members=200, pages=20, seconds=60)
BOUNDED = settings(
    derandomize=True, deadline=None, max_examples=40, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(DOMAIN, limits=LIMITS)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(DOMAIN)


def answers(reader: Reader, name: str, data: bytes) -> list[Document | SourceError]:
    found = list(reader.documents(Source((name,), 1, name, data=data), []))
    assert all(isinstance(item, Document | SourceError) for item in found)
    for item in found:
        if isinstance(item, Document):
            item.text.encode()  # no lone surrogates
            begins = [begin for begin, _ in item.places]
            assert begins == sorted(begins)
            assert all(cell.number.of(item.text).strip() for cell in item.cells)
        else:
            assert str(item).isprintable() or "\u3000" in str(item)
            assert "the program fails" not in str(item), item
    return found


@st.composite
def changed(draw, suffix: str) -> bytes:
    """A real file of the kind in which pieces are cut, doubled, flipped, or put in from others."""
    files = [path.read_bytes() for path in sorted(REAL.glob(f"*{suffix}"))] or [b"a"]
    data = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        size = draw(st.integers(1, 400))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.just(bytes(data[at : at + size]) * 3),
                st.binary(max_size=12),
                st.sampled_from(files).map(lambda other: other[: len(other) // 2][-200:]),
                st.sampled_from([b"<table>" * 50, b"&#x0;", b"\xff\xfe", b"\x00", b"endobj", b'"', b"{" * 50, b"--a"]),
            )
        )
        data[at : at + draw(st.sampled_from([0, len(piece), size]))] = piece
    return bytes(data)


@pytest.mark.parametrize("suffix", sorted({*KINDS, *CONTAINERS}))
def test_a_changed_file_is_read_or_answered(reader, suffix):
    @BOUNDED
    @given(changed(suffix))
    def any_change(data) -> None:
        answers(reader, f"a{suffix}", data)

    any_change()


@BOUNDED
@given(st.data())
def test_changed_markup_in_a_word_document_is_read_or_answered(reader, data):
    with zipfile.ZipFile(REAL / "figures.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    markup = bytearray(parts["word/document.xml"])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(markup)))
        markup[at : at + data.draw(st.integers(0, 300))] = data.draw(
            st.sampled_from([b"", b'<w:tc><w:tcPr><w:gridSpan w:val="-1"/></w:tcPr></w:tc>', b"<w:tbl/>", b"<w:p>"])
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**parts, "word/document.xml": bytes(markup)}.items():
            archive.writestr(name, content)
    answers(reader, "a.docx", out.getvalue())


CELLS = st.one_of(
    st.sampled_from(["", "—", "12", "3.5%", "2024", "，。", "\u200b"]),
    st.sampled_from(["单位", "数值", "合计", "云江汽车有限公司", "人数（名）", "金额：万元"]),
)


@BOUNDED
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.text(max_size=10))
def test_any_table_is_told_and_its_cells_stand_in_its_sentences(rows, before):
    is_data(rows)
    for told in Tables(DOMAIN.toml("layout.toml")["tables"])(rows, before):
        for cell in told.cells:
            assert cell.number.of(told.sentence).strip()
            for span in (cell.row, cell.column):
                assert span is None or span.end <= len(told.sentence)


WORDS = st.one_of(
    st.sampled_from(["云江市总工会", "霍思齐", "第三届职工技能竞赛", "举办", "120名职工", "1.3万人次", "，", "。"]),
    st.sampled_from(
        ["“", "”", "（以下简称“", "）", "２０２４年", "去年", "同比增长", "％", "總工會", "舉辦", "·", "《"]
    ),
    st.sampled_from(["\u200b", "\u202e", "\ufeff", "\x1b[2J", "=cmd|", "</script>", '"""', "\\", "{{", "🧑‍🏭", "𠮷"]),
    st.sampled_from(["e\u0301", "\u2028", "\x85", "\t", "\r", "\n", "\x0c"]),
)


@BOUNDED
@given(st.lists(WORDS, min_size=1, max_size=30).map("".join))
def test_any_text_goes_the_whole_way_and_comes_back(pipeline, tmp_path_factory, text):
    document = Document("a.txt", text, "0" * 64)
    extraction = pipeline.extract(document)
    check_extraction(extraction, DOMAIN)
    path = tmp_path_factory.mktemp("turtle") / "a.ttl"
    graph = merge([extraction], DOMAIN)
    write_turtle(graph, path)
    again = read_turtle(path)
    assert again.documents.keys() == graph.documents.keys()
    assert len(again.facts()) == len(graph.facts())
    assert len(again.observations()) == len(graph.observations())
