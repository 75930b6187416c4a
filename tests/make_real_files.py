"""Makes the files in ``data/real`` as programs that people use write them: ``python tests/make_real_files.py``.

The tests need none of these programs: what they wrote is kept. Those that are not here are passed over, and so is what
was made before, unless its file is removed. Texts, people and organisations are invented.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent / "data" / "real"
TITLE = "云江市总工会举办职工技能竞赛"
HEAD = "发布时间：2024年11月5日 来源：云江日报 编辑：付弋"
NEWS = (
    "11月1日，云江市总工会联合云江市科协举办第三届职工技能竞赛，共有一百二十名职工参加。",
    (
        "竞赛由云江汽车有限公司承办，设焊工、钳工两个项目。"
        "云江汽车有限公司总经理霍万里说，公司今年培训技术工人1.3万人次，投入资金25万元。"
    ),
    "云江机电工匠学院为竞赛提供实训场地，今年已帮助八百六十名职工取得高级工以上职业技能等级证书。",
)
TRADITIONAL = (
    "雲江市總工會舉辦職工技能競賽",
    "發布時間：2024年11月5日 來源：雲江日報 編輯：付弋",
    "11月1日，雲江市總工會聯合雲江市科協舉辦第三屆職工技能競賽，共有一百二十名職工參加。",
    "競賽由雲江汽車有限公司承辦。雲江汽車有限公司總經理霍萬里說，公司今年培訓技術工人1.3萬人次，投入資金25萬元。",
)
TABLE = (
    ("序号", "企业", "参赛职工（名）", "奖金（万元）"),
    ("1", "云江汽车有限公司", "120", "3.5"),
    ("2", "云江机电有限公司", "86", "2"),
    ("", "合计", "206", "5.5"),
)
TEXT = "\n".join((TITLE, HEAD, *NEWS)) + "\n"


def page(body: str, head: str = '<meta charset="utf-8">', title: str = TITLE) -> str:
    return f"<!DOCTYPE html>\n<html><head>{head}<title>{title}_云江工会网</title></head><body>{body}</body></html>\n"


def article(*lines: str) -> str:
    title, head, *paragraphs = lines or (TITLE, HEAD, *NEWS)
    menu = "".join(f'<li><a href="/{at}">{name}</a></li>' for at, name in enumerate(("首页", "新闻", "公告", "服务")))
    told = "".join(f"<p>　　{each}</p>" for each in paragraphs)
    return (
        f'<div class="nav"><ul>{menu}</ul></div><div class="main"><h1>{title}</h1><p class="info">{head}</p>'
        f'<div class="content">{told}</div></div><div class="footer"><p>版权所有：某网站　备案号：00000000</p></div>'
    )


def table(rows: tuple[tuple[str, ...], ...] = TABLE) -> str:
    return "<table border=1>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in r)}</tr>" for r in rows) + "</table>"


# Texts


def texts() -> dict[str, bytes]:
    return {
        "windows_gb18030.txt": TEXT.replace("\n", "\r\n").encode("gb18030"),
        "notepad_utf16.txt": ("\ufeff" + TEXT.replace("\n", "\r\n")).encode("utf-16-le"),
        "utf16_be_without_mark.txt": TEXT.encode("utf-16-be"),
        "utf8_with_mark.md": ("\ufeff# " + TEXT.replace("\n", "\n\n")).encode(),
        "old_mac.txt": TEXT.replace("\n", "\r").encode("gb18030"),
        "big5.txt": ("\r\n".join(TRADITIONAL) + "\r\n").encode("cp950"),
        "traditional_utf8.txt": ("\n".join(TRADITIONAL) + "\n").encode(),
        "four_bytes_gb18030.txt": (TEXT + "活动在𠮷祥里社区举行，\U00020bb7字为异体。\n").encode("gb18030"),
        "zero_width.txt": TEXT.replace("总工", "总\u200b工").replace("，", "，\u2060").encode(),
        "ends_with_ctrl_z.txt": TEXT.encode("gb18030") + b"\x1a",
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(64),
    }


# Web pages


def pages() -> dict[str, bytes]:
    script = "<script>document.write('重庆市总工会举办了假的培训班。')</script><style>p{color:red}</style>"
    chat = (
        f'<div id="js_article"><h1 id="activity-name">{TITLE}</h1><span id="js_name">云江日报</span>'
        f'<em id="publish_time">2024-11-05 09:30</em><div id="js_content" style="visibility: visible;">'
        + "".join(f'<section><span style="font-size: 16px;">{each}</span></section>' for each in NEWS)
        + '</div><p>预览时标签不可点</p></div><div id="js_pc_qr_code">微信扫一扫关注该公众号</div>'
    )
    office = "<o:p></o:p>".join(f"<p class=MsoNormal><span lang=ZH-CN>{each}</span></p>" for each in NEWS)
    return {
        "saved_gb18030.html": page(article() + script, '<meta charset="gb18030">').encode("gb18030"),
        "saved_utf16.html": ("\ufeff" + page(article())).encode("utf-16-le"),
        "declared_wrongly.htm": page(
            article(), '<meta http-equiv=Content-Type content="text/html;charset=gb2312">'
        ).encode(),
        "strict.xhtml": (
            '<?xml version="1.0" encoding="GB2312"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>'
            f"{TITLE}</title></head><body>{article()}</body></html>"
        ).encode("gb2312"),
        "public_account.html": page(chat).encode(),
        "word_as_page.htm": page(f"<h1>{TITLE}</h1>{office}", '<meta charset="gb2312">').encode("gb18030"),
        "figures_in_page.html": page(article() + f"<p>各企业参赛和获奖的情况如下。</p>{table()}").encode(),
        "traditional_utf8.html": page(article(*TRADITIONAL), title=TRADITIONAL[0]).encode(),
        "loaded_by_scripts.html": page('<div id="app"></div><script src="/app.js"></script>').encode(),
    }


# Records and archives


def records() -> dict[str, bytes]:
    rows = [",".join(row) for row in TABLE]
    return {
        "excel_unicode_text.tsv": ("\ufeff" + "\r\n".join("\t".join(row) for row in TABLE) + "\r\n").encode(
            "utf-16-le"
        ),
        "excel_utf8_with_mark.csv": ("\ufeff" + "\r\n".join(rows) + "\r\n").encode(),
        "semicolons.csv": "\n".join(";".join(row) for row in TABLE).encode("gb18030"),
        "windows.jsonl": ("\ufeff" + f'{{"id": "a/1", "标题": "{TITLE}", "正文": "{NEWS[0]}"}}\r\n').encode(),
        "articles_big5.csv": f"編號,標題,內容\n1,{TRADITIONAL[0]},{TRADITIONAL[2]}\n".encode("cp950"),
    }


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 11, 5, 0, 0, 0)), data)
    return out.getvalue()


def archives() -> dict[str, bytes]:
    names = {"????/????.txt": TEXT.encode("gb18030"), "readme.bin": b"\0"}
    inner = zipped({"b.txt": TEXT.encode(), "__MACOSX/._b.txt": b"\0"})
    locked = bytearray(zipped({"a.txt": TEXT.encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    return {
        "windows_names.zip": zipped(names).replace(b"????/????", "竞赛/新闻".encode("gbk")),
        "nested.zip": zipped({"in/inner.zip": inner, "../up.txt": TEXT.encode()}),
        "encrypted.zip": bytes(locked),
    }


# Word


def word() -> dict[str, bytes]:
    import docx  # noqa: PLC0415
    from docx.oxml import parse_xml  # noqa: PLC0415

    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def saved(document: docx.document.Document) -> bytes:
        document.core_properties.author = ""
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    def told() -> docx.document.Document:
        document = docx.Document()
        document.add_heading(TITLE, 0)
        for line in (HEAD, *NEWS):
            document.add_paragraph(line)
        return document

    figures = told()
    grid = figures.add_table(len(TABLE), 4)
    for at, row in enumerate(TABLE):
        for column, cell in enumerate(row):
            grid.cell(at, column).text = cell
    grid.cell(3, 0).merge(grid.cell(3, 1)).text = "合计"
    changed = docx.Document()
    paragraph = changed.add_paragraph("11月1日，云江市总工会")
    for xml in (
        f'<w:del {namespace} w:id="1" w:author="a"><w:r><w:delText>取消</w:delText></w:r></w:del>',
        f'<w:ins {namespace} w:id="2" w:author="a"><w:r><w:t>{NEWS[0][11:30]}。</w:t></w:r></w:ins>',
    ):
        paragraph._p.append(parse_xml(xml))
    layout = docx.Document()
    cell = layout.add_table(1, 1).cell(0, 0)
    cell.text = TITLE
    for line in (HEAD, *NEWS):
        cell.add_paragraph(line)
    headed = told()
    headed.sections[0].header.paragraphs[0].text = "内部资料　注意保存"
    headed.sections[0].footer.paragraphs[0].text = "第 1 页"
    old = docx.Document()
    for line in TRADITIONAL:
        old.add_paragraph(line)
    return {
        "figures.docx": saved(figures),
        "tracked_changes.docx": saved(changed),
        "laid_out_by_a_table.docx": saved(layout),
        "head_and_foot.docx": saved(headed),
        "traditional.docx": saved(old),
    }


# What other programs make


def by_libreoffice() -> dict[str, bytes]:
    if not (command := shutil.which("soffice")):
        return {}
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "a.html")
        source.write_text(
            page(f"<h1>{TITLE}</h1><p>{HEAD}</p>" + "".join(f"<p>{n}</p>" for n in NEWS) + table()), "utf-8"
        )
        for name, kind in (
            ("libreoffice.docx", "docx:Office Open XML Text"),
            ("libreoffice_old.doc", "doc:MS Word 97"),
            ("libreoffice.pdf", "pdf:writer_web_pdf_Export"),
        ):
            arguments = [command, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--writer"]
            subprocess.run([*arguments, "--convert-to", kind, "--outdir", folder, source], check=True)
            made[name] = source.with_suffix(Path(name).suffix).read_bytes()
        cells = Path(folder, "b.csv")
        cells.write_text("\n".join(",".join(row) for row in TABLE), "utf-8")
        filters = ["--infilter=CSV:44,34,76,1", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1"]
        place = ["--outdir", f"{folder}/out"]
        subprocess.run([*arguments[:-1], *filters, *place, cells], check=True)
        made["libreoffice.csv"] = Path(folder, "out", "b.csv").read_bytes()
    return made


_LATEX = r"""\documentclass[%s]{ctexart}
\usepackage[a4paper,margin=2.5cm]{geometry}
\title{%s}\author{}\date{}
\begin{document}\maketitle
%s
\end{document}
"""


def by_latex() -> dict[str, bytes]:
    if not (command := shutil.which("xelatex")):
        return {}
    made = {}
    body = "\n\n".join((HEAD, *NEWS))
    for name, options, text in (
        ("latex.pdf", "UTF8,fontset=none", body),
        ("latex_two_columns.pdf", "UTF8,fontset=none,twocolumn", "\n\n".join([body] * 3)),
    ):
        fonts = r"\setCJKmainfont{Noto Serif CJK SC}\begin{document}"
        source = (_LATEX % (options, TITLE, text)).replace(r"\begin{document}", fonts)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.tex").write_text(source, "utf-8")
            subprocess.run([command, "-interaction=batchmode", "a.tex"], cwd=folder, check=True)
            made[name] = Path(folder, "a.pdf").read_bytes()
    return made


def by_chromium() -> dict[str, bytes]:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError:
        return {}
    if not (command := shutil.which("chromium") or shutil.which("google-chrome")):
        return {}
    made = {}
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=command, args=["--no-sandbox"])
        tab = browser.new_page()
        source = Path(folder, "a.html")
        seen = "document.querySelector('.info').insertAdjacentHTML('afterend','<p>阅读：1024</p>')"
        source.write_text(page(f"{article()}<script>{seen}</script>"), "utf-8")
        tab.goto(source.as_uri())
        made["chromium_dom.html"] = tab.content().encode()
        session = tab.context.new_cdp_session(tab)
        made["chromium_single_file.mhtml"] = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"].encode()
        made["chromium_printed.pdf"] = tab.pdf(format="A5", margin={"top": "2cm", "left": "2cm", "right": "2cm"})
        picture = tab.screenshot(type="jpeg", quality=20)
        source.write_text("<img src=a.jpg width=100%>", "utf-8")
        Path(folder, "a.jpg").write_bytes(picture)
        tab.goto(source.as_uri())
        made["chromium_picture.pdf"] = tab.pdf(format="A5")
        browser.close()
    return made


def locked(data: bytes) -> bytes:
    import pypdf  # noqa: PLC0415

    writer = pypdf.PdfWriter(io.BytesIO(data))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def main() -> None:
    """Write what is not there yet."""
    for make in (texts, pages, records, archives, word, by_libreoffice, by_latex, by_chromium):
        for name, data in make().items():
            path = HERE / name
            if not path.exists():
                path.write_bytes(data)
                print(f"{len(data):>9,}  {name}")  # noqa: T201
    if (HERE / "latex.pdf").exists() and not (HERE / "password.pdf").exists():
        (HERE / "password.pdf").write_bytes(locked((HERE / "latex.pdf").read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
