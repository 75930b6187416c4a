"""Text cut into blocks, sentences, clauses and tokens: nothing is lost, changed or overlapping."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.domain import Domain
from kg.model import Document
from kg.segment import Layout, Segmenter

ROOT = Path(__file__).parent.parent
DOMAIN = Domain.default()
CUT = Segmenter(DOMAIN)
LAYOUT = Layout(DOMAIN)


def cut(text):
    return CUT(Document("a.txt", text, ""))


def kinds(text):
    return [(block.kind, block.span.of(text)) for block in LAYOUT.blocks(text)]


def check(text):
    segmentation = cut(text)
    at = 0
    for block in segmentation.blocks:
        assert at <= block.span.begin < block.span.end <= len(text)
        assert block.span.of(text) == block.span.of(text).strip()
        at = block.span.end
    at = 0
    for sentence in segmentation.sentences:
        span = sentence.span
        assert at <= span.begin < span.end
        assert sentence.block is segmentation.blocks[sentence.paragraph]
        assert sentence.block.span.covers(span)
        for parts in (sentence.clauses, [token.span for token in sentence.tokens]):
            assert "".join(part.of(text) for part in parts) == span.of(text)
            assert parts[0].begin == span.begin
            assert all(a.end == b.begin for a, b in pairwise(parts))
        assert segmentation.sentence_at(span.begin) is sentence
        assert segmentation.sentence_at(span.end - 1) is sentence
        at = span.end
    for block in segmentation.blocks:  # what no sentence holds is white space
        held = "".join(s.span.of(text) for s in segmentation.sentences if s.block is block)
        assert "".join(held.split()) == "".join(block.span.of(text).split())


MARKS = "。！？!?；，,：:“”‘’（）()《》…、—\n\r\t 　#>-*.1２３万年"
WORDS = "重庆市总工会举办培训班张三说他来了abcＡＢ🙂👩‍🔬é\u0301\u2028\ufeff"


@settings(deadline=None)
@given(st.text(alphabet=MARKS + WORDS, max_size=60) | st.text(max_size=40))
@example("标题\r\n\r\n他说：“走！”然后走了。 尾\r\n")
@example("３，９００万元，10:30开会。")
@example("！！！")
def test_any_text_is_cut_without_loss_or_overlap(text):
    check(text)


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.txt")), ids=lambda path: path.stem)
def test_the_seeds_are_cut_without_loss_or_overlap(path):
    check(path.read_text(encoding="utf-8"))


def test_sentences_take_closing_marks_along():
    text = "标题\n他说：“走！”（笑。）然后走了……真的？！是。\n完。"
    assert [s.span.of(text) for s in cut(text).sentences][1:] == [
        "他说：“走！”",
        "（笑。）",
        "然后走了……真的？！",
        "是。",
        "完。",
    ]


def test_a_number_is_not_cut():
    text = "标题\n现有3,900余家企业,10:30开会,共5场。"
    assert [c.of(text) for c in cut(text).sentences[1].clauses] == ["现有3,900余家企业,", "10:30开会,", "共5场。"]


def test_the_same_text_gives_the_same_cut():
    text = (ROOT / "seeds/d01.txt").read_text(encoding="utf-8")
    assert cut(text) == cut(text)


# What part a line plays


def test_a_feature():
    text = (
        "大标题\n——副标题\n\n来源：某报\n\n开头一段。\n\n政策引领\n\n构建培育体系\n\n中间一段。\n\n"
        "重庆已打造10个工匠学院。熊桂伟 摄\n\n“擂台就摆在港珠澳”\n\n最后一段。\n\n（记者 张三）\n\n编辑：李四\n"
    )
    assert [kind for kind, _ in kinds(text)] == [
        *["title", "title", "byline", "paragraph", "heading", "heading", "paragraph"],
        *["caption", "heading", "paragraph", "byline", "byline"],
    ]
    assert [block.section for block in LAYOUT.blocks(text)] == [0, 0, 0, 0, 1, 2, 2, 2, 3, 3, 3, 3]


def test_a_notice():
    text = (
        "关于举办竞赛的通知\n某工发〔2025〕31号\n\n各单位：\n一、组织机构\n"
        "竞赛由甲主办。\n联系人：王五\n某市总工会\n2025年5月19日\n"
    )
    assert [kind for kind, _ in kinds(text)] == [
        *["title", "byline", "paragraph", "heading", "paragraph", "byline", "byline", "byline"]
    ]


@pytest.mark.parametrize(
    "line",
    [
        "一等奖：张三",
        "第一名 李四（长安汽车）",
        "冠军：某某公司代表队",
        "▲荆州选手邹望舒在邀请赛上夺得单人艇银牌。",
        "问：没签劳动合同，还能申请吗？",
        "记者：师傅对你影响很大？",
        "“怕不怕？”",
        "申报单位：淄博市总工会",
        "2003.9-2007.6 武汉大学，测绘工程本科",
        "2016年 辽宁省测绘科技进步奖二等奖",
        "- 长安汽车技术科长张三",
    ],
)
def test_short_lines_that_are_prose(line):
    assert kinds(f"标题\n开头一段。\n{line}\n最后一段。\n")[2][0] == "paragraph"


@pytest.mark.parametrize(
    "line", ["一、基本情况", "加法：把支点一个个加起来", "底气从哪儿来？", "2024年工作回顾", "## 小标题"]
)
def test_headings(line):
    assert kinds(f"标题\n开头一段。\n{line}\n最后一段。\n")[2][0] == "heading"


def test_a_run_of_short_lines_is_a_list():
    assert [k for k, _ in kinds("标题\n名单如下：\n张三 长安汽车\n李四 中冶赛迪\n王五 某某院\n最后一段。\n")] == [
        *["title", "paragraph", "paragraph", "paragraph", "paragraph", "paragraph"]
    ]


def test_markdown_marks_are_outside_the_blocks():
    assert kinds("# 大标题\n\n## 小标题\n\n> 引文。\n\n* 甲获一等奖\n\n---\n\n完了。\n") == [
        ("title", "大标题"),
        ("heading", "小标题"),
        ("paragraph", "引文。"),
        ("paragraph", "甲获一等奖"),
        ("paragraph", "完了。"),
    ]


def test_one_line_alone_is_prose():
    assert [kind for kind, _ in kinds("重庆市总工会举办了培训班")] == ["paragraph"]


# The corpus


def test_the_gold_texts_are_the_seeds():
    seeds = {path.name: path.read_bytes() for path in (ROOT / "seeds").glob("*.txt")}
    gold = {path.name: path.read_bytes() for path in (ROOT / "tests/gold").glob("*.txt")}
    assert len(seeds) == 13
    assert gold == seeds
    assert sorted(path.stem for path in (ROOT / "tests/gold").glob("*.json")) == sorted(
        Path(name).stem for name in gold
    )


def test_our_chongqing_text_is_our_own():
    article = ROOT.parent / "shared/gold/seed/seed.txt"
    if not article.is_file():
        pytest.skip("the article it retells is not part of the project")
    flat = str.maketrans("，：；（）", ",:;()")
    theirs = article.read_text(encoding="utf-8").translate(flat)
    ours = (ROOT / "seeds/chongqing.txt").read_text(encoding="utf-8").translate(flat)
    # Names are facts; outside them no run of thirteen characters is the same.
    gold = json.loads((ROOT / "tests/gold/chongqing.json").read_text(encoding="utf-8"))
    for entity in sorted(gold["entities"], key=lambda e: -len(e["name"])):
        ours = ours.replace(entity["name"].translate(flat), "\x00")
    assert [ours[i : i + 13] for i in range(len(ours) - 12) if ours[i : i + 13] in theirs] == []


def test_text_without_any_full_stop_is_cut_into_bearable_sentences_that_lose_nothing():
    text = "重庆市总工会举办职工技能竞赛，" * 400

    spans = [s.span for s in CUT(Document("a", text, "")).sentences]

    assert max(map(len, spans)) <= 500
    assert "".join(s.of(text) for s in spans) == text
    assert all(s.of(text).endswith("，") for s in spans)
