"""Finding one's way in the page: filters, paths, hiding, communities, marks, pictures, and an address that keeps it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hand_made import GAMES, IDS, UNION
from pages import HOSTILE, graph_of, node_of, open_by_search, says

from kg.domain import Domain
from kg.merge.decisions import read_decisions

PARK = "#node=TradeUnion-chongqingshizonggonghui-88bd05"


def slide(page, name, keys):
    slider = page.get_by_role("slider", name=name)
    slider.focus()
    for key in keys:
        page.keyboard.press(key)
    return slider


def saved(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_bytes()


def test_only_facts_of_the_chosen_documents_are_shown(reader, graph):
    page = reader(graph)
    says(page, "#status", "显示 7 个实体、4 条事实")
    page.get_by_role("checkbox", name="b.txt").check()
    says(page, "#status", "显示 3 个实体、1 条事实")
    page.reload()
    says(page, "#status", "显示 3 个实体、1 条事实")
    page.get_by_role("button", name="清除全部筛选").click()
    says(page, "#status", "显示 7 个实体、4 条事实")


def test_the_period_slider_leaves_what_was_then(reader, seeds_graph):
    page = reader(seeds_graph)
    shown = len(seeds_graph.facts())
    says(page, "#status", re.compile(f"{shown} 条事实"))
    slide(page, "从", ["PageUp"] * 4)
    assert "from=20" in page.url
    late = int(re.search(r"(\d+) 条事实", page.inner_text("#status"))[1])
    slide(page, "从", ["Home"])
    slide(page, "到", ["Home", "ArrowRight"])
    early = int(re.search(r"(\d+) 条事实", page.inner_text("#status"))[1])
    assert early < shown
    assert 0 < late < shown


def test_the_confidence_slider_leaves_what_is_sure(reader, graph):
    page = reader(graph)
    slide(page, "置信度", ["End", "ArrowLeft", "ArrowLeft"])
    says(page, "#status", re.compile("2 条事实"))
    assert "conf=0.9" in page.url
    assert page.get_by_role("slider", name="置信度").evaluate("node => node === document.activeElement")


def test_filters_hold_for_the_tables_and_their_csv(reader, graph):
    page = reader(graph, "#view=tables&table=facts&conf=0.9")
    says(page, ".sheet-bar [role=status]", "2 行")
    assert len(saved(page, "下载 CSV").decode("utf-8-sig").split("\r\n")) == 2 + 2


def test_a_path_is_found_between_two_entities_and_told(reader):
    page = reader(graph_of(), PARK)
    page.get_by_role("button", name="找路径").click()
    says(page, "#start strong", "重庆市总工会")
    open_by_search(page, "长安汽车")
    says(page, "#panel .statement", "重庆市总工会相隔 2 步长安汽车")
    assert page.locator(".path > li").count() == 2
    assert "长安汽车参加" in page.inner_text(".path blockquote:has-text('长安汽车') >> nth=0").replace("，", "")
    page.get_by_role("button", name="只看这些").click()
    says(page, "#status", "显示 3 个实体、3 条事实")


def test_no_path_is_said(reader):
    page = reader(graph_of(), PARK)
    page.get_by_role("button", name="找路径").click()
    open_by_search(page, "职工")
    says(page, "#panel .hint", "它们之间没有路径：在图里互不相连。")


def test_the_steps_around_an_entity_alone(reader):
    page = reader(graph_of(extra=5), "#node=Company-changanqiche-0c1d4f")
    open_by_search(page, "长安汽车")
    page.get_by_role("button", name="只看这些").click()
    says(page, "#status", re.compile("显示 2 个实体"))
    page.get_by_role("group", name="看几步以内").get_by_role("button", name="2").click()
    says(page, "#status", re.compile("显示 3 个实体"))
    page.get_by_role("group", name="看几步以内").get_by_role("button", name="3").click()
    says(page, "#status", re.compile("显示 8 个实体"))


def test_what_is_hidden_is_gone_and_comes_back(reader):
    page = reader(graph_of(), PARK)
    page.get_by_role("button", name="隐藏").click()
    says(page, "#status", "显示 3 个实体、1 条事实")
    page.reload()
    says(page, "#status", "显示 3 个实体、1 条事实")
    page.get_by_role("button", name="恢复 重庆市总工会").click()
    says(page, "#status", "显示 4 个实体、3 条事实")


def test_what_is_pinned_outlasts_the_filters(reader):
    page = reader(graph_of(), PARK)
    page.get_by_role("button", name="固定").click()
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name="工会").uncheck()
    page.get_by_role("checkbox", name="企业").uncheck()
    says(page, "#status", re.compile("显示 3 个实体"))


def test_physics_is_off_until_asked_for(reader):
    page = reader(graph_of(extra=6))
    before = node_of(page, "重庆市总工会")
    page.wait_for_timeout(300)
    assert node_of(page, "重庆市总工会") == before
    page.get_by_role("button", name="让节点自行散开").click()
    page.wait_for_timeout(600)
    assert node_of(page, "重庆市总工会") != before
    page.get_by_role("button", name="让节点自行散开").click()


def test_communities_and_parts_are_told_and_shown(reader, seeds_graph):
    page = reader(seeds_graph)
    panel = page.locator("#panel")
    assert "社群" in panel.inner_text()
    assert re.search(r"图有 \d+ 个互不相连的部分，最大的有 \d+ 个实体", panel.inner_text())
    size = int(panel.locator(".groups .count").first.inner_text())
    panel.locator(".groups a").first.click()
    says(page, "#panel .kind", "社群")
    assert panel.locator(".groups li").count() == size
    page.get_by_role("button", name="只看这些").click()
    says(page, "#status", re.compile(f"显示 {size} 个实体"))
    page.get_by_role("button", name="圈出社群").click()
    assert "groups=1" in page.url


def test_when_and_how_much_more_is_told(reader, graph):
    page = reader(graph, f"#node={IDS[GAMES]}")
    assert "2024-09 至 2024-09-15" in page.inner_text(".datings")
    assert "约 至 2025" in page.inner_text(".datings")
    page.goto(page.url.split("#")[0] + f"#node={IDS[UNION]}")
    assert "较上年增加" in page.locator(".figures").inner_text().replace("\n", "")
    assert "约 2024 至 2024-11-05" in page.inner_text(".figures")
    assert "智汇学院" in page.inner_text("#panel section:has(h3:text('计划、否定、转述与其他说法'))")


def test_a_fact_marked_as_wrong_gives_lines_that_a_build_takes(reader, tmp_path):
    graph = graph_of((HOSTILE[1], "“带引号”\\的: 厂#1"))
    page = reader(graph, PARK)
    for name in ("主办", HOSTILE[1], "带引号"):
        labels = page.locator("button.wrong").evaluate_all("buttons => buttons.map((b) => b.ariaLabel)")
        place = next(i for i, label in enumerate(labels) if name in label and label.startswith("这条不对"))
        page.locator("button.wrong").nth(place).click()
    page.get_by_role("button", name="写成 decisions.yaml").click()
    page.get_by_label("谁").fill('王"芳')
    page.get_by_label("为什么").fill("原文说的是: 市科协 # 不是")
    (tmp_path / "decisions.yaml").write_bytes(saved(page, "存为文件"))
    decisions = read_decisions(tmp_path / "decisions.yaml", Domain.default())
    assert [d.kind for d in decisions] == ["reject"] * 3
    assert {d.author for d in decisions} == {'王"芳'}
    assert {d.reason for d in decisions} == {"原文说的是: 市科协 # 不是"}
    names = {(d.things[0].name, d.relation, d.things[1].name) for d in decisions}
    assert ("重庆市总工会", "organizes", "劳模工匠助企行") in names
    assert {head for head, _, _ in names} >= {HOSTILE[1], "“带引号”\\的: 厂#1"}
    page.get_by_role("button", name="关闭").last.click()
    page.reload()
    says(page, "#marked span", "已标出 3 条不对的事实")


@pytest.mark.parametrize("format_", ["PNG", "SVG"])
def test_a_picture_of_the_view_is_saved(reader, format_):
    page = reader(graph_of(HOSTILE), PARK + "&groups=1")
    node_of(page, "重庆市总工会")
    data = saved(page, re.compile(format_))
    if format_ == "PNG":
        assert data.startswith(b"\x89PNG")
        assert len(data) > 5000
        return
    root = ET.fromstring(data)  # noqa: S314  our own
    space = "{http://www.w3.org/2000/svg}"
    texts = {"".join(node.itertext()) for node in root.iter(f"{space}text")}
    assert {"重庆市总工会", "劳模工匠助企行"} <= texts
    assert root.find(f"{space}script") is None
    assert {node.tag for node in root.iter()} <= {
        space + tag for tag in ["svg", "defs", "marker", "rect", "g", "path", "polygon", "text", "tspan"]
    }


@pytest.mark.parametrize(
    "address", ["#docs=%25&hide=x&path=a,b&group=99&from=0000-13&conf=9&steps=7", "#%", "#wrong=~~"]
)
def test_an_address_that_makes_no_sense_is_no_obstacle(reader, address):
    page = reader(graph_of(), address)
    page.wait_for_selector("#panel h2")
    says(page, "#panel h2", "概览")


def test_the_address_brings_a_colleague_to_the_same_place(reader):
    page = reader(graph_of(), PARK + "&norel=funds&steps=2&lang=en&theme=dark&only=1")
    says(page, "#panel h2", "重庆市总工会")
    says(page, "#status", "3 entities and 2 facts shown")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.go_back()


def test_everything_is_reached_by_keyboard_alone(reader):
    page = reader(graph_of())
    page.keyboard.press("/")
    page.keyboard.type("cqszgh")
    page.keyboard.press("Enter")
    says(page, "#panel h2", "重庆市总工会")
    assert page.evaluate("document.activeElement.closest('#panel') !== null")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#panel .whence a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("article .here")
    page.locator("#view-documents .here a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel h2")
