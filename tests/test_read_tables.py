"""Tables of figures in CSV, Word and web pages: row × column → about, measure, value, unit."""

from __future__ import annotations

import csv
import html
import io
from pathlib import Path

import docx
import pytest

from kg.domain import Domain
from kg.model import Document
from kg.pipeline import Pipeline
from kg.read import read_sources
from kg.read.tables import Tables

DOMAIN = Domain.default()
CARS, MOTORS, SCHOOL = "云江汽车有限公司", "云江机电有限公司", "云江机电工匠学院"
# Each table with the figures it holds: about, measure, value, unit, period.
TABLES = {
    "unit in the head": (
        [["单位", "参训职工（名）", "补助金额（万元）"], [CARS, "120", "3.5"], [SCHOOL, "86", "2"]],
        [
            (CARS, "参训职工", 120, "名", None),
            (CARS, "补助金额", 35_000, "元", None),
            (SCHOOL, "参训职工", 86, "名", None),
            (SCHOOL, "补助金额", 20_000, "元", None),
        ],
    ),
    "serial numbers and a total": (
        [["序号", "企业", "奖金：元"], ["1", CARS, "5,000"], ["2", MOTORS, "3,000"], ["", "合计", "8,000"]],
        [(CARS, "奖金", 5_000, "元", None), (MOTORS, "奖金", 3_000, "元", None)],
    ),
    "years across": (
        [["单位", "2023年", "2024年"], [f"{CARS}培训职工（名）", "110", "120"]],
        [(CARS, "培训职工", 110, "名", "2023年"), (CARS, "培训职工", 120, "名", "2024年")],
    ),
    "bare years across": (
        [["指标", "2023", "2024"], [f"{CARS}培训职工（名）", "110", "120"]],
        [(CARS, "培训职工", 110, "名", "2023年"), (CARS, "培训职工", 120, "名", "2024年")],
    ),
    "things across": (
        [["指标", CARS, MOTORS], ["职工人数（名）", "1200", "860"], ["补助资金（万元）", "30", "25.5"]],
        [
            (CARS, "职工人数", 1200, "名", None),
            (MOTORS, "职工人数", 860, "名", None),
            (CARS, "补助资金", 300_000, "元", None),
            (MOTORS, "补助资金", 255_000, "元", None),
        ],
    ),
    "a column of units": (
        [["企业", "指标", "数值", "计量单位"], [CARS, "培训职工", "120", "名"], [MOTORS, "奖金", "3.5", "万元"]],
        [(CARS, "培训职工", 120, "名", None), (MOTORS, "奖金", 35_000, "元", None)],
    ),
    "two rows of heads": (
        [["单位", "培训", "培训"], ["单位", "人次", "资金（万元）"], [CARS, "120", "3.5"], [MOTORS, "86", "2"]],
        [
            (CARS, "培训人次", 120, None, None),
            (CARS, "培训资金", 35_000, "元", None),
            (MOTORS, "培训人次", 86, None, None),
            (MOTORS, "培训资金", 20_000, "元", None),
        ],
    ),
    "one unit for all": (
        [["单位：万元", "单位：万元"], ["企业", "补助资金"], [CARS, "120"], [MOTORS, "—"]],
        [(CARS, "补助资金", 1_200_000, "元", None)],
    ),
    "percent twice": (
        [["企业", "建会率（%）"], [CARS, "96.5"], [MOTORS, "88%"]],
        [(CARS, "建会率", 96.5, "%", None), (MOTORS, "建会率", 88, "%", None)],
    ),
    "no units": (
        [["企业", "职工人数", "技术工人数"], [CARS, "1200", "300"]],
        [(CARS, "职工人数", 1200, None, None), (CARS, "技术工人数", 300, None, None)],
    ),
}


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(DOMAIN)


def as_csv(rows: list[list[str]], path: Path) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    (path / "a.csv").write_text(out.getvalue(), encoding="gb18030")
    return path / "a.csv"


def as_page(rows: list[list[str]], path: Path) -> Path:
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{row}</tr>" for row in cells)
    lead = "云江市总工会昨日公布了各单位的有关情况，具体数据如下表所示，请各单位认真核对并及时反馈意见。"
    page = f"<title>情况通报</title><body><article><p>{lead}</p><table>{table}</table><p>{lead}</p></article></body>"
    (path / "a.html").write_text(page, encoding="utf-8")
    return path / "a.html"


def as_word(rows: list[list[str]], path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("情况如下：")
    table = document.add_table(len(rows), len(rows[0]))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            table.cell(at, column).text = cell
    document.save(path / "a.docx")
    return path / "a.docx"


def figures(pipeline: Pipeline, path: Path) -> list[tuple[object, ...]]:
    (item,) = read_sources([path], DOMAIN)
    assert isinstance(item, Document), item
    found = pipeline.extract(item)
    names = {entity.id: entity.name for entity in found.entities}
    assert all(e.rule == "table" for o in found.observations for e in o.evidence)
    return [(names[o.about], o.measure, float(o.value), o.unit, o.period) for o in found.observations]


@pytest.mark.parametrize("made", [as_csv, as_page, as_word])
@pytest.mark.parametrize("name", TABLES)
def test_the_figures_of_a_table_are_observations(pipeline, tmp_path, name, made):
    rows, expected = TABLES[name]
    assert figures(pipeline, made(rows, tmp_path)) == expected


def test_a_unit_in_the_line_above_holds_for_the_whole_table(pipeline, tmp_path):
    document = docx.Document()
    document.add_paragraph("表1 补助资金安排（单位：万元）")
    table = document.add_table(2, 2)
    for cell, words in zip((c for row in table.rows for c in row.cells), ["企业", "补助", CARS, "12"], strict=True):
        cell.text = words
    document.save(tmp_path / "a.docx")
    assert figures(pipeline, tmp_path / "a.docx") == [(CARS, "补助", 120_000, "元", None)]


def test_merged_cells_stand_in_each_row_and_column(pipeline, tmp_path):
    document = docx.Document()
    table = document.add_table(3, 3)
    rows = [["企业", "指标", "人数（名）"], [CARS, "参训", "12"], ["", "取证", "9"]]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            table.cell(at, column).text = cell
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(tmp_path / "a.docx")
    assert [f[0] for f in figures(pipeline, tmp_path / "a.docx")] == [CARS, CARS]


def test_a_table_of_words_alone_tells_them_with_their_heads():
    told = Tables(DOMAIN.toml("layout.toml")["tables"])
    rows = [["姓名", "单位"], ["霍思齐", CARS], ["付弋", MOTORS]]
    assert [row.sentence for row in told(rows)] == ["姓名，单位。", f"霍思齐，{CARS}。", f"付弋，{MOTORS}。"]
