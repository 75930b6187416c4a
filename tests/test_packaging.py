"""What a user installs: the wheel carries everything, and the locked versions are those the project asks for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kg.version import VERSION

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that `pip install .` would install, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", ROOT, "--quiet", "--no-build-isolation", "--no-deps", "-w", folder]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PIP_NO_INDEX": "1"})
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder that holds the unpacked wheel, as site-packages would."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_the_wheel_carries_the_program_the_ontology_and_the_page(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}

    sources = {p.relative_to(ROOT).as_posix() for p in (ROOT / "kg").rglob("*") if p.is_file()}
    data = {p.relative_to(ROOT).as_posix() for p in (ROOT / "ontology").rglob("*") if p.is_file()}
    expected = {name for name in sources if "__pycache__" not in name} | {f"kg/{name}" for name in data}
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert {"kg/py.typed", "kg/ontology/ontology.ttl"} <= names
    assert any(name.startswith("kg/view/assets/") for name in names)


def test_the_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        files = {name.split(".dist-info/")[-1]: name for name in archive.namelist() if ".dist-info/" in name}
        about = message_from_string(archive.read(files["METADATA"]).decode())
        commands = archive.read(files["entry_points.txt"]).decode()

    assert (about["Name"], about["Version"]) == ("jiangpu", VERSION)
    assert about["License-Expression"] == "Apache-2.0"
    assert about["Requires-Python"] == ">=3.11"
    assert "licenses/LICENSE" in files
    assert "kg = kg.cli:main" in commands


def test_the_installed_package_finds_its_own_domain(installed, tmp_path):
    done = run(installed, tmp_path, "-c", "from kg.domain import Domain; print(Domain.default().path)")

    assert done.stdout.strip() == str(installed / "kg" / "ontology"), done.stderr


def test_the_installed_command_builds_outside_the_checkout(installed, tmp_path):
    (tmp_path / "a.txt").write_text("重庆市总工会举办了2024年职工创新方法培训班。", encoding="utf-8")

    done = run(installed, tmp_path, "-c", "from kg.cli import main; main()", "build", "a.txt", "-o", "out")

    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "graph.graphml",
        "graph.html",
        "graph.ttl",
        "observations.csv",
        "report.json",
    ]


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("build.txt", PROJECT["dependency-groups"]["build"] + PROJECT["build-system"]["requires"]),
        ("run.txt", PROJECT["project"]["dependencies"]),
        ("dev.txt", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_the_locked_versions_are_those_the_project_asks_for(lock, asked):
    locked = versions(ROOT / "requirements" / lock)

    for requirement in map(Requirement, asked):
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{requirement} is not in requirements/{lock}: run `make lock`"
        assert requirement.specifier.contains(locked[name]), f"{lock} has {name} {locked[name]}: run `make lock`"


def test_what_is_tested_is_what_runs():
    run_versions, dev_versions = (
        versions(ROOT / "requirements" / "run.txt"),
        versions(ROOT / "requirements" / "dev.txt"),
    )

    assert run_versions.items() <= dev_versions.items()


def test_every_locked_file_has_hashes_and_names_no_place():
    for lock in LOCKS:
        text = lock.read_text(encoding="utf-8")
        for entry in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry}"
        assert "://" not in text
        assert "index" not in re.sub(r"--hash=\S+", "", text)


def versions(lock: Path) -> dict[str, str]:
    """Locked version by canonical name."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \\;]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
