"""The tools that run before the tests: a browser is found or got, an old Python is told. Nothing is installed here."""

from __future__ import annotations

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from tools import ensure_browser

TOOL = ROOT / "tools/ensure_python.py"


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    """An empty PATH to put programs on; no browser of Playwright's own; no program is really run."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("PLANS_BROWSER", raising=False)
    monkeypatch.setattr(ensure_browser, "playwright_browser", lambda: None)
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail(f"would really run {args}"))
    return folder


@pytest.fixture
def ran(monkeypatch) -> list[list[str]]:
    """The commands that would have been run; each of them fails."""
    commands: list[list[str]] = []

    def fake(command, **kwargs):
        commands.append(list(command))
        assert kwargs["stdin"] == subprocess.DEVNULL and kwargs["timeout"]
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", fake)
    return commands


def program(folder: Path, name: str) -> str:
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize("name", ensure_browser.NAMES)
def test_an_installed_browser_is_found_and_nothing_is_done(path, name, capsys):
    """Under any of its names a browser on the PATH is enough."""
    expected = program(path, name)
    assert ensure_browser.installed() == expected
    assert ensure_browser.main() == 0
    assert capsys.readouterr() == ("", "")


def test_playwrights_own_browser_is_enough(path, monkeypatch, capsys):
    """Without a system browser the one Playwright has downloaded is used."""
    monkeypatch.setattr(ensure_browser, "playwright_browser", lambda: "/somewhere/chrome")
    assert ensure_browser.main() == 0 and capsys.readouterr().out == ""


def test_a_named_browser_goes_before_all_others(path, tmp_path, monkeypatch):
    """PLANS_BROWSER names the one to use, by path or by name."""
    program(path, "chromium")
    own = program(tmp_path, "my-browser")
    monkeypatch.setenv("PLANS_BROWSER", own)
    assert ensure_browser.installed() == own and ensure_browser.main() == 0


def test_a_named_browser_that_is_not_there_is_told(path, monkeypatch, capsys):
    """A wrong PLANS_BROWSER is an error, not a reason to take another or to install one."""
    program(path, "chromium")
    monkeypatch.setenv("PLANS_BROWSER", "/no/such/browser")
    assert ensure_browser.installed() is None
    assert ensure_browser.main() == 1
    assert "PLANS_BROWSER 指明的“/no/such/browser”不能运行" in capsys.readouterr().err


def test_no_browser_and_no_apt_gives_a_clear_message(path, ran, capsys):
    """Only Playwright's download is tried; when it fails the message says what to do."""
    assert ensure_browser.main() == 1
    assert ran == [[sys.executable, "-m", "playwright", "install", "chromium"]]
    captured = capsys.readouterr()
    assert "没有找到 Chromium 或 Chrome" in captured.out
    assert captured.err == "错误：没有可用的浏览器。请安装 Chromium 或 Chrome，或用 PLANS_BROWSER=路径 指明已有的浏览器。\n"


@pytest.mark.parametrize("user, prefix", [(0, []), (1000, ["sudo", "-n"])])
def test_apt_is_tried_first_as_root_or_with_sudo(path, ran, monkeypatch, user, prefix):
    """With apt-get the system's package comes first; sudo must not ask for a password."""
    program(path, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ensure_browser.main() == 1
    assert ran[0] == [*prefix, "apt-get", "update", "-qq"] and ran[-1][1:3] == ["-m", "playwright"]


def test_a_browser_got_from_apt_ends_the_search(path, monkeypatch, capsys):
    """When the package brings a browser nothing else is downloaded."""
    program(path, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    commands = []

    def fake(command, **kwargs):
        commands.append(command)
        if "install" in command:
            program(path, "chromium")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", fake)
    assert ensure_browser.main() == 0
    assert [command[1] for command in commands] == ["update", "install"]
    assert {"chromium", "fonts-noto-cjk"} <= set(commands[1]) and "正在运行：apt-get update" in capsys.readouterr().out


@pytest.mark.parametrize("problem", [FileNotFoundError("sudo"), subprocess.TimeoutExpired("apt-get", 600)])
def test_a_program_that_cannot_run_is_no_traceback(path, monkeypatch, capsys, problem):
    """A missing sudo or a download that hangs ends in the same clear message."""
    program(path, "apt-get")

    def fail(*args, **kwargs):
        raise problem

    monkeypatch.setattr(subprocess, "run", fail)
    assert ensure_browser.main() == 1 and "错误：没有可用的浏览器" in capsys.readouterr().err


# --- ensure_python ------------------------------------------------------------------------------------------


def test_this_python_is_new_enough(capsys):
    """On a Python that the project supports the tool says nothing."""
    runpy.run_path(str(TOOL))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("version", [(3, 5, 0), (3, 10, 14)])
def test_an_old_python_is_told_in_chinese(monkeypatch, version):
    """The version found, the one needed and how to name another."""
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(TOOL))
    assert f"当前 Python 是 {'.'.join(map(str, version))}，需要 3.11 以上" in end.value.code and "make PYTHON=" in end.value.code


def test_a_missing_venv_module_is_told(monkeypatch):
    """Debian ships venv apart: the package to install is named."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="python3-venv"):
        runpy.run_path(str(TOOL))


def test_the_version_asked_for_is_that_of_the_project():
    """pyproject and the tool name the same version."""
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert "(3, 11)" in TOOL.read_text("utf-8")


def test_the_tool_can_be_read_by_old_pythons():
    """No f-strings and nothing newer than Python 3.4: it must run where the project cannot."""
    source = TOOL.read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign))]
