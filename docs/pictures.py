"""Take the pictures of the page that docs/page.md shows: ``python docs/pictures.py``, with Chromium on the PATH.

They are of the graph of ``seeds/``, which anyone can build, and of a made graph of 20,000 entities; fonts differ
from machine to machine, so no test compares them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import kg
from kg.view import write_html

ROOT = Path(__file__).parent.parent
UNION, OTHER = "TradeUnion-chongqingshizonggonghui-88bd05", "TradeUnion-taicangshizonggonghui-2790f9"
WRONG = f"{UNION}~organizes~Activity-laomogongjiangzhuqixing-433f3f"
DESK, PHONE = (1280, 800), (390, 844)
# Each picture: its name, the address that brings the page there, the window, light or dark, and what is clicked.
PICTURES = (
    ("page", f"#node={UNION}", DESK, "light", ""),
    ("page-overview", "#groups=1", DESK, "light", ""),
    ("page-around", f"#node={UNION}&steps=2&only=1", DESK, "dark", ""),
    ("page-path", f"#path={UNION},{OTHER}", DESK, "light", ""),
    ("page-tables", "#view=tables&from=2024-01", DESK, "light", ""),
    ("page-document", f"#view=documents&doc=chongqing.txt&node={UNION}", DESK, "light", ""),
    ("page-wrong", f"#node={UNION}&lang=en&wrong={WRONG}", DESK, "light", "#marked .edged"),
    ("page-phone", f"#node={UNION}", PHONE, "light", ""),
    ("page-large", "", DESK, "light", ""),
)


def main() -> None:
    """Build ``seeds/`` and take every picture."""
    sys.path.insert(0, str(ROOT / "tests"))
    from test_view_large_graph import large_graph  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        small, large = Path(folder, "graph.html"), Path(folder, "large.html")
        write_html(kg.build(ROOT / "seeds"), small)
        write_html(large_graph(20_000, 40_000), large)
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless=new", "--no-sandbox"]
        )
        for name, address, (width, height), scheme, click in PICTURES:
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce", offline=True)
            page.goto((large if name == "page-large" else small).as_uri() + address)
            page.wait_for_timeout(700)
            if click:
                page.click(click)
                page.wait_for_timeout(700)
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
