"""``kg doctor``: what is there, what is missing and what to do about it."""

from __future__ import annotations

from typer.testing import CliRunner

import kg.cli.doctor as room
from kg.cli.app import app


def run(*options: str):
    return CliRunner().invoke(app, ["doctor", *options])


def test_a_sound_installation_is_told_as_such():
    done = run()
    states = {line.split()[0] for line in done.output.splitlines()}
    assert done.exit_code == (1 if "wrong" in states else 0)
    assert "ok       Python" in done.output
    assert "loads and reads" in done.output


def test_a_broken_domain_is_wrong(tmp_path):
    done = run("--domain", str(tmp_path))
    assert done.exit_code == 1
    assert "wrong    domain" in done.output


def test_what_is_missing_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(room.shutil, "which", lambda _name: None)
    monkeypatch.setattr(room.sys, "platform", "linux")
    monkeypatch.setattr(room.metadata, "requires", lambda _name: ["nosuchthing>=1", 'norsuch; extra == "tables"'])
    done = run()
    assert done.exit_code == 1
    assert "not installed: pip install 'nosuchthing>=1'" in done.output
    assert "optional: pip install 'jiangpu[tables]'" in done.output
    assert "missing  browser" in done.output
