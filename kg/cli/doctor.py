"""``kg doctor``: whether all that the program needs is there, and how to get what is missing."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROWSERS = ("firefox", "google-chrome", "chromium", "chromium-browser", "microsoft-edge", "msedge", "open")


@dataclass(frozen=True, slots=True)
class _Finding:
    state: Literal["ok", "missing", "wrong"]  # what is missing is optional, what is wrong is not
    what: str
    told: str


def doctor(
    *,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Check what the program needs: versions, libraries, the domain, a browser and fonts to look with, extras.

    Each line is `ok`, `missing` (you can do without) or `wrong`, with what to do about it.
    Exit status: 0 nothing is wrong; 1 something is.
    """
    findings = [*_versions(), *_libraries(), _domain(domain), _browser(), _fonts()]
    for finding in findings:
        typer.echo(f"{finding.state:<9}{finding.what:<20}{finding.told}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _versions() -> Iterator[_Finding]:
    from kg.version import VERSION

    yield _Finding("ok", "kg", VERSION)
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield _Finding("ok", "Python", told)
    encoding = sys.getfilesystemencoding()
    if encoding.lower().replace("-", "") == "utf8":
        yield _Finding("ok", "file names", encoding)
    else:
        yield _Finding("wrong", "file names", f"{encoding} cannot name every file: set PYTHONUTF8=1")


def _libraries() -> Iterator[_Finding]:
    """What the installed distribution says that it needs, and its extras."""
    try:
        needed = metadata.requires("jiangpu") or []
    except metadata.PackageNotFoundError:
        yield _Finding("missing", "jiangpu", "kg is not installed, it runs from its sources: libraries are not checked")
        return
    for requirement in sorted(needed, key=str.casefold):
        name, extra = re.split(r"[^\w.-]", requirement, maxsplit=1)[0], re.search(r"extra == ['\"](\w+)", requirement)
        try:
            yield _Finding("ok", name, metadata.version(name))
        except metadata.PackageNotFoundError:
            if extra:
                yield _Finding("missing", name, f"optional: pip install 'jiangpu[{extra[1]}]'")
            else:
                yield _Finding("wrong", name, f"not installed: pip install '{requirement}'")


def _domain(folder: Path | None) -> _Finding:
    """The domain, and whether all that reads by it loads and runs."""
    try:
        from kg.domain import Domain
        from kg.pipeline import Pipeline

        loaded = Domain(folder) if folder else Domain.default()
        Pipeline(loaded).extract("、".join(c.labels.get("zh", "") for c in loaded.classes.values()))
    except Exception as error:  # noqa: BLE001  (whatever stands in the way is what is asked for)
        return _Finding("wrong", "domain", f"{type(error).__name__}: {error}")
    told = f"loads and reads: {len(loaded.classes)} classes, {len(loaded.relations)} relations"
    return _Finding("ok", "domain", told)


def _browser() -> _Finding:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found or sys.platform in {"win32", "darwin"}:
        return _Finding("ok", "browser", found or "the system's")
    return _Finding("missing", "browser", "none found: open graph.html on a machine that has one")


def _fonts() -> _Finding:
    """Fonts with Chinese characters, where fontconfig can tell; other systems bring theirs."""
    if not (command := shutil.which("fc-list")):
        return _Finding("ok", "Chinese fonts", "not checked: this system has no fc-list")
    listed = subprocess.run(  # noqa: S603  (a fixed command)
        [command, ":lang=zh-cn", "family"], capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    families = sorted({line.split(",")[0] for line in listed.stdout.splitlines() if line})
    if families:
        return _Finding("ok", "Chinese fonts", ", ".join(families[:3]))
    return _Finding("missing", "Chinese fonts", "none found: install Noto CJK (Debian: apt install fonts-noto-cjk)")
