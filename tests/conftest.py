"""What several test files need: the command run as a user runs it, and graphs that take a while to build."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hand_made
import pytest

import kg

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
