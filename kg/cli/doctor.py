"""``kg doctor``: whether all that the program needs is there, and how to get what is missing."""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROWSERS = ("firefox", "google-chrome", "chromium", "chromium-browser", "microsoft-edge", "msedge", "open")

_MEMORY = 2  # GiB
_ROOM = 100  # MiB
_JAVA = 17


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
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder you mean to write to.")
    ] = None,
    java: Annotated[
        bool, typer.Option("--java", "--spark", help="Also check Java and Spark, for corpora beyond one machine.")
    ] = False,
) -> None:
    """Check what the program needs: versions, libraries, the domain, a browser and fonts, cores and room, extras.

    Each line is `ok`, `missing` (you can do without) or `wrong`, with what to do about it.
    Exit status: 0 nothing is wrong; 1 something is.
    """
    findings = [*_versions(), *_libraries(), _domain(domain), _script(), _browser(), _fonts(), *_resources()]
    if output is not None:
        findings.append(_target(output))
    if java:
        findings += _spark()
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
    needs: dict[str, str] = {}  # by library, what to install
    extras: dict[str, list[str]] = {}
    for requirement in sorted(needed, key=str.casefold):
        name, extra = re.split(r"[^\w.-]", requirement, maxsplit=1)[0], re.search(r"extra == ['\"](\w+)", requirement)
        if extra:
            extras.setdefault(name, []).append(f"'jiangpu[{extra[1]}]'")
        else:
            needs[name] = requirement
    for name in sorted({*needs, *extras}, key=str.casefold):
        try:
            yield _Finding("ok", name, metadata.version(name))
        except metadata.PackageNotFoundError:
            if name in needs:
                yield _Finding("wrong", name, f"not installed: pip install '{needs[name]}'")
            else:
                yield _Finding("missing", name, f"optional: pip install {' or '.join(extras[name])}")


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


def _script() -> _Finding:
    """Whether traditional script is read."""
    try:
        from kg.matching import simplified

        if simplified("總工會") == "总工会":
            return _Finding("ok", "traditional script", "read by way of simplified script (OpenCC)")
        told = "OpenCC has lost its dictionaries: pip install --force-reinstall opencc"
    except Exception as error:  # noqa: BLE001  (a library for another system fails in its own way)
        told = f"{type(error).__name__}: {error}"
    return _Finding("wrong", "traditional script", told)


def _resources() -> Iterator[_Finding]:
    """Cores, memory and whether a limit of time can be kept."""
    yield _Finding("ok", "cores", str(os.cpu_count() or 1))
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        yield _Finding(
            "ok" if memory >= _MEMORY else "missing", "memory", f"{memory:.1f} GiB; {_MEMORY} are comfortable"
        )
    if hasattr(signal, "setitimer"):
        yield _Finding("ok", "limit of time", "kept for each document (--limit seconds=N)")
    else:
        yield _Finding("missing", "limit of time", "this system has no timers: a document may take as long as it likes")


def _target(folder: Path) -> _Finding:
    """Whether `folder` can be written to, and how much room is left there."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
        room = shutil.disk_usage(there).free / 2**20
    except OSError as error:
        return _Finding("wrong", "output", f"{folder}: cannot be written ({error.strerror or error})")
    state: Literal["ok", "missing"] = "ok" if room >= _ROOM else "missing"
    return _Finding(state, "output", f"{folder}: can be written, {room:,.0f} MiB free")


def _spark() -> Iterator[_Finding]:
    """Java, its version, and PySpark."""
    command = shutil.which("java")
    if not command:
        yield _Finding("missing", "Java", f"not found: install Java {_JAVA} or newer (Debian: apt install default-jre)")
    else:
        shown = subprocess.run(  # noqa: S603  (a fixed command)
            [command, "-version"], capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        match = re.search(r'version "(?:1\.)?(\d+)[^"]*"', shown.stderr + shown.stdout)
        if match and int(match[1]) >= _JAVA:
            yield _Finding("ok", "Java", match.group().removeprefix("version ").strip('"'))
        else:
            yield _Finding(
                "wrong", "Java", f"{command} is older than Java {_JAVA}, or does not run: install a newer one"
            )
    try:
        yield _Finding("ok", "Spark", metadata.version("pyspark"))
    except metadata.PackageNotFoundError:
        yield _Finding("missing", "Spark", 'optional: pip install "jiangpu[spark]"')


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
