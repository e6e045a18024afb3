"""A site built by several processes is the site that one process builds; nothing that a build tells is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import BUILD_TIMEOUT, clean_environment

MKDOCS = "import os, runpy, sys; {} sys.argv = ['mkdocs', *sys.argv[1:]]; runpy.run_module('mkdocs', run_name='__main__')"
ONE_CORE = "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]);"
#: Both processes get some of these: they are dealt out in turn.
LINKING = ("guides/summary.md", "guides/annual-plan.md", "guides/special-plan.md", "guides/key-points.md", "themes/women.md", "themes/skills.md")


def build(folder: Path, *arguments: str, first: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", MKDOCS.format(first), "build", *arguments], cwd=folder, env=clean_environment(YEAR="2027"),
                          capture_output=True, text=True, encoding="utf-8", timeout=BUILD_TIMEOUT, stdin=subprocess.DEVNULL)


def files(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file() and file.suffix != ".gz"}


def test_one_process_builds_the_same_site(site, project, tmp_path):
    result = build(project, "--site-dir", str(tmp_path / "site"), first=ONE_CORE)
    assert result.returncode == 0, result.stderr
    alone, shared = files(tmp_path / "site"), files(site)
    assert set(alone) == set(shared) and len(alone) > 200
    assert [name for name in alone if alone[name] != shared[name]] == []


def test_faulty_links_are_told_whichever_process_meets_them(project):
    """Links to anchors that are not there, between pages of different processes; each is told once."""
    for number, path in enumerate(LINKING):
        file = project / "docs" / path
        file.write_text(f"{file.read_text('utf-8')}\n[没有](../{LINKING[number - 1]}#no-such-{number})\n", "utf-8")
    result = build(project)
    assert result.returncode == 1
    for number, path in enumerate(LINKING):
        assert result.stderr.count(f"'{path}' contains a link '../{LINKING[number - 1]}#no-such-{number}'") == 1, result.stderr
    assert "6 warnings" in result.stdout + result.stderr and "Traceback" not in result.stderr


def test_a_fault_in_either_process_is_told_and_no_page_is_written(project):
    """As with one process: the page is named, the message is there, and no page is written before all are read."""
    listings = project / "macros/listings.py"
    text = listings.read_text("utf-8")
    listings.write_text(text.replace("def shelf_of(self, theme: str) -> str:", "def shelf_of(self, theme: str) -> str:\n        raise ValueError('broken on purpose')", 1), "utf-8")
    assert listings.read_text("utf-8") != text
    result = build(project)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert "broken on purpose" in said and "themes/" in said, said
    assert not list((project / "site").rglob("*.html"))
