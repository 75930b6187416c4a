"""``kg doctor``: what is there, what is missing and what to do about it."""

from __future__ import annotations

import os

import pytest
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


def test_the_folder_to_write_to_is_checked(tmp_path):
    assert "can be written" in run("--output", str(tmp_path / "new" / "out")).output
    (tmp_path / "file").touch()
    done = run("--output", str(tmp_path / "file" / "out"))
    assert "wrong    output" in done.output


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ('openjdk version "17.0.15" 2025-04-15', "ok       Java                17.0.15"),
        ('java version "1.8.0_392"', "wrong    Java"),
        ("", "wrong    Java"),
    ],
)
def test_java_is_checked_where_asked_for(monkeypatch, tmp_path, shown, told):
    java = tmp_path / "java"
    java.write_text(f"#!/bin/sh\necho '{shown}' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    done = run("--java")
    assert told in done.output
    assert "Spark" in done.output
    assert "Java" not in run().output


def test_traditional_script_and_time_limits_are_told():
    done = run()
    assert "ok       traditional script" in done.output
    assert "limit of time" in done.output
