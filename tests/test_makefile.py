"""The make targets are the only way in: what they run must be strict and complete."""

from __future__ import annotations

import re
import subprocess

import pytest
from conftest import ROOT, clean_environment

TARGETS = ("serve", "build", "check", "new", "test", "bench", "lock", "help")


def recipe(target: str, *variables: str) -> str:
    """What make would run for a target, without running it."""
    result = subprocess.run(["make", "-n", "-B", target, *variables], cwd=ROOT, env=clean_environment(), capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_help_names_every_target():
    """`make help` lists what there is, in Chinese."""
    shown = subprocess.run(["make", "help"], cwd=ROOT, env=clean_environment(), capture_output=True, text=True).stdout
    for target in TARGETS[:-2]:
        assert re.search(rf"^  {target}\t.*[\u4e00-\u9fff]", shown, re.MULTILINE), target


@pytest.mark.parametrize("target", ["build", "serve"])
def test_builds_are_not_quiet(target):
    """MkDocs counts no warnings when it is told to be quiet, so that `strict` would pass everything."""
    command = next(line for line in recipe(target).splitlines() if "-m mkdocs" in line)
    assert not re.search(r"\s(-q|--quiet|--no-strict)\b", command)


def test_serve_listens_on_this_machine_only():
    """The preview is not offered to the network."""
    assert "--dev-addr 127.0.0.1:8000" in recipe("serve")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_hashes_and_name_no_host(name):
    """Every package has an exact version and hashes; the file works with any index."""
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text and "--index" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text.strip())
    for package in packages:
        assert re.match(r"[a-z0-9._-]+==[^\s;]+", package), package[:60]
        assert "--hash=sha256:" in package, package[:60]
    assert re.search(r"^mkdocs==1\.", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wanted_package_is_locked(name):
    """A package added to the .in file and not locked would be missing on a new machine."""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / f"{name}.lock").read_text("utf-8"), re.MULTILINE))
    for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines():
        if line and line[0] not in "#-":
            wanted = re.split(r"[<>=!~ \[]", line)[0].lower().replace("_", "-")
            assert wanted in locked, wanted


def test_continuous_integration_only_calls_make_test():
    """.ci/run knows nothing that make does not."""
    commands = [line for line in (ROOT / ".ci/run").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert commands[-1] == "exec make test"
    assert all(command.startswith(("set ", "cd ", "exec make")) for command in commands)
