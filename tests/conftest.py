"""What several test files need: the command run as a user runs it, and graphs that take a while to build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hand_made
import pytest

import kg
from kg.view import write_html

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def command() -> Callable[..., Run]:
    """Run ``kg`` with the given arguments in a process of its own."""

    def run(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **environment: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "kg", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
            check=False,
            timeout=300,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def pipeline() -> kg.Pipeline:
    """One pipeline for all tests: it takes a second to load."""
    return kg.Pipeline()


@pytest.fixture(scope="session")
def seeds_graph() -> kg.KnowledgeGraph:
    """The graph of ``seeds/``."""
    return kg.build(SEEDS)


@pytest.fixture(scope="session")
def graph() -> kg.KnowledgeGraph:
    """The graph of ``hand_made.py``, which has one of everything."""
    return hand_made.make_graph()


@pytest.fixture(scope="session")
def ids() -> dict[str, str]:
    """The identifiers of its entities by name."""
    return hand_made.IDS


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    with playwright.sync_playwright() as started:
        executable = next(filter(None, map(shutil.which, names)), started.chromium.executable_path)
        if not Path(executable).exists():
            pytest.skip("no Chromium on PATH, nor one that `playwright install chromium` put in its place")
        running = started.chromium.launch(executable_path=executable, args=["--headless=new", "--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def reader(browser, tmp_path):
    """Open a graph's page (or one that is written) offline; afterwards nothing may have been asked for, said or run."""
    noise, contexts = [], []
    # What is written on the canvas, and where, is known by listening to its pen.
    listen = """window.written = {}; const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
            window.written[text] = this.getTransform().transformPoint({ x, y }).toJSON();
            return write.call(this, text, x, y, ...rest); };"""

    def read(graph, address="", width=1280) -> Any:
        path = tmp_path / "graph.html"
        if isinstance(graph, Path):
            path.write_bytes(graph.read_bytes())
        else:
            write_html(graph, path)
        context = browser.new_context(offline=True, viewport={"width": width, "height": 800}, reduced_motion="reduce")
        contexts.append(context)
        context.add_init_script(listen)
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: noise.append(request.url) if request.url != path.as_uri() else None)
        page.goto(f"{path.as_uri()}{address}")
        return page

    yield read
    for context in contexts:
        assert context.pages[0].evaluate("window.hacked") is None
        context.close()
    assert noise == []
