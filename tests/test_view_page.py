"""The page that people open: what stands in the file, and what a reader sees in a real browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import HOSTILE, TEXT, TITLE, empty_graph, graph_of, node_of, open_by_search, says, written

from kg.domain import Domain
from kg.errors import TargetError
from kg.view import render_html, write_html
from kg.view.labels import pinyin, wrap
from kg.view.layout import Box, place
from kg.view.network import OPENING, build_network, opening
from kg.view.palette import styles
from kg.view.payload import payload

# What stands in the file


def test_the_page_refers_to_nothing_outside():
    html = render_html(graph_of())
    assert html.startswith("<!doctype html>\n<html lang")
    assert set(re.findall(r'<(?:link|script|img|iframe)[^>]*(?:src|href)="([^"]*)"', html)) == {"data:,"}
    own = html[: html.index("vis-network")] + html[html.rindex('id="data-graph"') :]
    own = re.sub(r"<script>/\*\*\s+\* vis-network.*?</script>", "", own, flags=re.DOTALL)
    assert set(re.findall(r"https?://[^'\"\s]+", own)) <= {"http://www.w3.org/2000/svg"}
    assert "sourceMappingURL" not in html
    assert "default-src &#39;none&#39;" in html
    assert "unsafe" not in re.findall(r"Security-Policy\" content=\"([^\"]*)", html)[0]


def test_hostile_words_never_become_markup():
    plain, hostile = render_html(graph_of()), render_html(graph_of(HOSTILE, HOSTILE[1], HOSTILE[0] + ".txt"))
    for sequence in ("<script", "</script", "<img", "<a ", "<!--"):
        assert hostile.lower().count(sequence) == plain.lower().count(sequence)
    blocks = re.findall(r'<script type="application/json" id="data-(\w+)">(.*?)</script>', hostile, flags=re.DOTALL)
    data = {name: json.loads(text) for name, text in blocks}
    assert set(HOSTILE) <= {entity["names"][0] for entity in data["graph"]["entities"]}


def test_the_same_graph_gives_the_same_bytes(tmp_path):
    write_html(graph_of(extra=40), tmp_path / "one.html")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, 'tests'); import pages as t;"
        "from kg.view import write_html; write_html(t.graph_of(extra=40), Path(sys.argv[1]))"
    )
    there = tmp_path / "two.html"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", code, str(there)], check=True, env=environment, cwd=root)
    assert there.read_bytes() == (tmp_path / "one.html").read_bytes()


def test_a_page_that_cannot_be_written_is_an_error_that_names_the_file(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TargetError, match=r"graph\.html"):
        write_html(empty_graph(), tmp_path / "file" / "graph.html")


def test_parallel_facts_are_drawn_apart():
    edges = build_network(graph_of()).edges
    pair = [edge for edge in edges if "smooth" in edge]
    assert len(pair) == 2
    assert pair[0]["smooth"]["roundness"] != pair[1]["smooth"]["roundness"]


def test_every_name_has_its_pinyin():
    entities = {entity["names"][0]: entity for entity in payload(graph_of())["entities"]}
    assert entities["重庆市总工会"]["pinyin"] == ["chong qing shi zong gong hui", "shi zong gong hui"]
    assert pinyin("“1+N”制度TRIZ") == "1n zhi du triz"


def test_long_names_are_broken_where_a_line_may_begin():
    assert wrap("长安汽车") == "长安汽车"
    assert wrap("“一带一路”国际技能大赛") == "“一带一路”\n国际技能大赛"
    assert wrap("很" * 40).endswith("…")
    assert max(len(line) for line in wrap("很" * 40).split("\n")) <= 9


def test_a_large_graph_opens_on_its_most_connected_part():
    graph = graph_of(extra=OPENING + 100)
    data = payload(graph)
    union = next(i for i, entity in enumerate(data["entities"]) if entity["names"][0] == "重庆市总工会")
    assert len(data["shown"]) == OPENING
    assert union in data["focus"]
    placed = [node["id"] for node in build_network(graph).nodes if "x" in node]
    assert placed == data["shown"]
    assert opening(3, [(0, 1)], limit=2) == ([0, 1], [0, 1])


def test_classes_of_a_family_share_a_shape_and_every_class_its_colour():
    domain = Domain.default()
    found = styles(domain, domain.classes)
    assert len({style.shape for name, style in found.items() if domain.is_a(name, "Event")}) == 1
    concrete = [style.color for style in found.values()]
    assert len(set(concrete)) == len(concrete)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 25).flatmap(lambda n: st.tuples(
    st.lists(st.tuples(st.floats(5, 90), st.floats(5, 40), st.floats(5, 80)), min_size=n, max_size=n),
    st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40),
)))  # fmt: skip
def test_nothing_lies_on_top_of_anything_else(drawn):
    boxes, edges = [Box(*sizes) for sizes in drawn[0]], drawn[1]
    points = place(boxes, edges)
    for i, (x, y) in enumerate(points):
        for j in range(i):
            (u, v), a, b = points[j], boxes[i], boxes[j]
            beside = abs(x - u) >= a.half + b.half
            assert beside or y + a.below <= v - b.above or v + b.below <= y - a.above


# What a reader sees


def test_names_are_drawn_in_chinese(reader):
    page = reader(graph_of())
    assert written(page, "重庆市总工会") != written(page, "长安汽车")
    says(page, "#status", "显示 4 个实体、3 条事实")


def test_an_empty_graph_says_so(reader):
    says(reader(empty_graph()), "#empty", "图里还没有实体。")


def test_a_click_on_a_node_shows_its_facts_and_sentences(reader):
    page = reader(graph_of())
    page.mouse.click(*node_of(page, "重庆市总工会"))
    panel = page.locator("#panel")
    says(page, "#panel h2", "重庆市总工会")
    assert "市总工会" in panel.locator(".aliases").inner_text()
    assert "主办 1" in panel.inner_text()
    quotes = panel.locator("blockquote").all_inner_texts()
    assert "重庆市总工会主办劳模工匠助企行，长安汽车参加。" in quotes
    assert panel.locator("mark.role-head").all_inner_texts() == ["市总工会", "重庆市总工会"]
    assert TITLE in panel.locator(".whence").first.inner_text()
    assert "a/工匠.txt" in panel.locator(".whence").first.inner_text()
    panel.locator("a.entity", has_text="劳模工匠助企行").first.click()
    says(page, "#panel h2", "劳模工匠助企行")
    text = " ".join(panel.inner_text().split())
    assert "主办本活动的 1" in text
    assert "13.1万人次" in text
    assert "超过 0.5家" in text
    assert "计划" in text


def test_a_click_on_an_edge_shows_the_fact(reader):
    page = reader(graph_of())
    (x, y), (u, v) = node_of(page, "长安汽车"), node_of(page, "劳模工匠助企行")
    page.mouse.click((x + u) / 2, (y + v) / 2)
    panel = page.locator("#panel")
    says(page, "#panel .statement", "长安汽车参加劳模工匠助企行")
    assert "置信度 0.88" in panel.inner_text()
    assert panel.locator("mark.role-head").inner_text() == "长安汽车"


@pytest.mark.parametrize("query", ["cqszgh", "chongqingshi", "cqshizong", "市总工会", "SZGH"])
def test_search_finds_by_characters_alias_pinyin_and_initials(reader, query):
    page = reader(graph_of())
    page.keyboard.press("/")
    page.keyboard.type(query)
    assert page.locator("#hits .hit-name").first.inner_text() == "重庆市总工会"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    says(page, "#panel h2", "重庆市总工会")
    assert "node=TradeUnion-chongqingshizonggonghui" in page.url
    page.keyboard.press("Escape")
    says(page, "#panel h2", "概览")


def test_search_says_when_there_is_nothing(reader):
    page = reader(graph_of())
    page.fill("#search", "没有这个")
    assert page.inner_text("#hits") == "没有找到“没有这个”"


def test_filters_change_what_is_counted(reader):
    page = reader(graph_of())
    page.get_by_role("checkbox", name="企业").uncheck()
    says(page, "#status", re.compile("3 个实体、2 条事实"))
    page.get_by_role("checkbox", name="资助").uncheck()
    says(page, "#status", re.compile("1 条事实"))
    page.reload()
    assert "1 条事实" in page.inner_text("#status")


def test_the_language_switch_turns_every_word_of_the_page(reader):
    page = reader(graph_of(), "#node=TradeUnion-chongqingshizonggonghui-88bd05")
    page.click("#language")
    says(page, "#status", "4 entities and 3 facts shown")
    assert "trade union" in page.inner_text("#panel")
    interface = page.locator("header.bar, .filters section:not(:has(.docs)), .notes").all_inner_texts()
    assert re.findall(r"[\u4e00-\u9fff]+", " ".join(interface)) == ["匠", "中文"]
    assert "lang=en" in page.url


def test_the_words_of_both_languages_are_the_same_set():
    here = Path(__file__).parent.parent / "kg" / "view" / "assets"
    strings = json.loads((here / "strings.json").read_text(encoding="utf-8"))
    assert strings["zh"].keys() == strings["en"].keys()
    used = set()
    for path in [*here.glob("*.js"), here / "template.html"]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"""(?:\bt\(|\{ text\(|data-(?:text|label|placeholder)=)["']([\w.]+[\w])["']""", text))
    assert len(used) > 50
    assert used <= strings["zh"].keys()


def test_tables_are_sorted_filtered_and_saved(reader):
    page = reader(graph_of(HOSTILE), "#view=tables")
    rows = page.locator("tbody tr")
    assert rows.count() == 2
    page.click("[data-sort=value]")
    assert "131,000" in rows.first.inner_text()
    page.click("[data-sort=value]")
    assert "0.5" in rows.first.inner_text()
    page.fill(".sheet-bar input", "人次")
    assert rows.count() == 1
    page.get_by_role("link", name="实体").click()
    says(page, ".sheet-bar [role=status]", "10 行")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert saved.startswith("名称,类别,别名")
    assert "\n'=HYPERLINK(1)," in saved.replace("\r\n", "\n")


def test_the_document_shows_the_sentence_and_its_mentions(reader):
    page = reader(graph_of(), "#node=TradeUnion-chongqingshizonggonghui-88bd05")
    page.locator(".whence a").last.click()
    page.wait_for_selector("article .here")
    assert page.inner_text("article .here").startswith("重庆市总工会主办")
    assert page.inner_text("article .text").strip() == TEXT
    page.locator(".here .named", has_text="长安汽车").locator("a").click()
    says(page, "#panel h2", "长安汽车")


def test_hostile_words_never_run_and_show_as_text(reader):
    graph = graph_of(HOSTILE, HOSTILE[1], HOSTILE[0] + ".txt")
    page = reader(graph)
    for view in ("graph", "tables", "documents"):
        page.locator(f"a[data-view={view}]").click()
        page.wait_for_selector(f"#view-{view}:not([hidden])")
    page.locator(".listing a").click()
    page.wait_for_selector("article .text")
    for name in HOSTILE:
        open_by_search(page, name)
        says(page, "#panel h2", name)
        assert HOSTILE[1] in page.locator(".whence").first.inner_text()
    page.get_by_role("link", name="图谱").click()
    page.mouse.move(*node_of(page, HOSTILE[5]))
    page.wait_for_timeout(400)


def test_a_large_graph_says_what_is_left_out_and_finds_it(reader):
    page = reader(graph_of(extra=OPENING + 100))
    assert f"全图共 {OPENING + 104} 个实体" in page.inner_text("#partial")
    page.fill("#search", f"第{OPENING + 99}车间")
    page.keyboard.press("Enter")
    says(page, "#panel h2", f"第{OPENING + 99}车间")
    written(page, f"第{OPENING + 99}车间")


def test_a_phone_shows_everything_within_its_width(reader):
    page = reader(graph_of(), "#node=TradeUnion-chongqingshizonggonghui-88bd05", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#filters-open")
    page.get_by_role("checkbox", name="企业").uncheck()
    page.click("#filters-close")
    says(page, "#status", re.compile("3 个实体"))


def test_light_and_dark_follow_the_system_and_the_button(reader):
    page = reader(graph_of())
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html[data-theme=dark]")
    page.click("#theme")
    page.wait_for_selector("html[data-theme=light]")
    assert "theme=light" in page.url
