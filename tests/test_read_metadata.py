"""What a document says of itself: title, source, date, authors, editors, photographers, each with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import Domain
from kg.read import MetadataReader

GOLD = sorted((Path(__file__).parent / "gold").glob("*.json"))
READ = MetadataReader(Domain.default())


def values(text):
    found = READ(text)
    return {
        "title": found.title and found.title.value,
        "publisher": found.publisher and found.publisher.value,
        "datePublished": found.date_published and found.date_published.value,
        "authors": [name.value for name in found.authors],
        "editors": [name.value for name in found.editors],
        "photographers": [name.value for name in found.photographers],
    }


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_the_gold_metadata_is_found(path):
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert values(text) == json.loads(path.read_text(encoding="utf-8"))["metadata"]


def test_every_value_has_its_place():
    for path in GOLD:
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        found = READ(text)
        for name in (*found.authors, *found.editors, *found.photographers, found.publisher):
            assert name is None or name.span.of(text) == name.value


@pytest.mark.parametrize(
    ("line", "authors", "editors", "photographers"),
    [
        ("（记者 郑可心 通讯员 陈屿）", ["郑可心", "陈屿"], [], []),
        ("(本报记者 罗曼宁 实习生 姚知行 摄影报道)", ["罗曼宁", "姚知行"], [], ["罗曼宁", "姚知行"]),
        ("本报记者　郗然　文/图", ["郗然"], [], ["郗然"]),
        ("（记者 霍思齐 摄影 区家豪）", ["霍思齐"], [], ["区家豪"]),
        ("记者 郭一航 文 李三石 图", ["郭一航"], [], ["李三石"]),
        ("文：阮星　图：招伟", ["阮星"], [], ["招伟"]),
        ("记者 闻人澜 编辑:瞿一诺 发布时间:2024-12-05", ["闻人澜"], ["瞿一诺"], []),
        ("责任编辑：王　宁 校对：李梅 审核：张帆", [], ["王宁"], []),
        ("（邓若溪）", ["邓若溪"], [], []),
        ("（文莉 呼延旭东）", ["文莉", "呼延旭东"], [], []),
        ("□ 记者　皇甫晴", ["皇甫晴"], [], []),
        ("（记者 逄小满 图片由受访者提供）", ["逄小满"], [], []),
        ("来源:台州晚报 记者:岑溪", ["岑溪"], [], []),
        ("图为授牌现场。（陈屿 摄）", [], [], ["陈屿"]),
        ("熊桂伟 摄", [], [], ["熊桂伟"]),
        ("现场开练的共有15人。刀兴旺摄", [], [], ["刀兴旺"]),
        ("图为弓新宇（左）在讲解。闫妮娜/摄", [], [], ["闫妮娜"]),
        ("本报讯（记者 李明）昨天，培训班开课。", ["李明"], [], []),
        # What looks like a credit and is none
        ("记者：亏不亏？", [], [], []),
        ("（记者注：数据截至今年三月）", [], [], []),
        ("（作者系某大学教授）", [], [], []),
        ("这部片子由中央电视台拍摄", [], [], []),
        ("（节选）", [], [], []),
        ("记者从市总工会获悉，培训班开课。", [], [], []),
    ],
)
def test_credits(line, authors, editors, photographers):
    found = values(f"标题\n昨天的事情过去了。\n{line}\n")
    assert (found["authors"], found["editors"], found["photographers"]) == (authors, editors, photographers)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("发布时间：2024-09-27", "2024-09-27"),
        ("编辑:付弋 发布时间:2024-09-27 10:30", "2024-09-27"),
        ("来源：某报 时间：2024年9月7日", "2024-09-07"),
        ("2025年5月19日", "2025-05-19"),
        ("二〇二五年十二月三十一日", "2025-12-31"),
        ("（某市统计局 2024年10月30日）", "2024-10-30"),
        ("２０２５年５月１９日", "2025-05-19"),
        ("2024-11-05 来源：某报", "2024-11-05"),
        ("2024/11/05 10:20:11 来源: 某网", "2024-11-05"),
        ("来源：某报 2024-11-05", "2024-11-05"),
        # Not the document's date
        ("时间：2025年3月27日下午", None),
        ("培训班于2025年3月27日开课。", None),
        ("发布时间：2025-13-45", None),
        ("二〇二四年十十月一日", None),
    ],
)
def test_dates(line, date):
    assert values(f"标题\n昨天的事情过去了。\n{line}\n")["datePublished"] == date


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("标题\n来源:华龙网\n正文在此。\n", "华龙网"),
        ("标题\n正文在此。\n（来源：新华社，有删节）\n", "新华社"),
        ("通知\n各单位：\n正文在此。\n太仓市总工会\n2025年5月19日\n", "太仓市总工会"),
        ("简报\n\n某市改革协调小组办公室 编\n\n正文在此。\n", "某市改革协调小组办公室"),
        ("一封信\n正文在此。\n欧阳铁山\n2025年5月19日\n", None),
        ("标题\n收入来源：打工和种地。\n正文在此。\n", None),
    ],
)
def test_publishers(text, publisher):
    assert values(text)["publisher"] == publisher


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("大标题\n——副标题\n\n正文在此。\n", "大标题——副标题"),
        ("来源：某报\n大标题\n正文在此。\n", "大标题"),
        ("# 大标题\n\n正文在此。\n", "大标题"),
        ("\ufeff\r\n  大标题  \r\n正文在此。\r\n", "大标题"),
        ("正文一句话。\n正文又一句。\n", None),
        ("只有一行", None),
    ],
)
def test_titles(text, title):
    assert values(text)["title"] == title


@given(st.text(alphabet="记者张三摄影 　/：（）\n。编辑来源2024年1月日-十〇文图🙂#>", max_size=80))
def test_any_text_has_metadata_within_it(text):
    found = READ(text)
    fields = [found.title, found.publisher, found.date_published, *found.authors, *found.editors, *found.photographers]
    for field in fields:
        assert field is None or 0 <= field.span.begin < field.span.end <= len(text)
