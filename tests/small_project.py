"""Small projects for tests of the checks: the real data files, no sources or exemptions, and the templates given."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from conftest import ROOT

from macros import fence, reader
from macros.checks import registry, runner
from macros.model import Finding, Template
from macros.reader import Library

TESTS = ROOT / "tests"
GOOD = {path.stem: path.read_text("utf-8") for path in sorted((TESTS / "good").glob("*.md"))}
#: Where each good template belongs.
PLACES = {"key-points": "docs/school/key-points.md", "event-summary": "docs/hospital/event-summary.md"}

#: Rows that the bad examples need and that do not change with the real data.
_POLICIES = """
  - {id: test-unverified, name: 测试未核实办法, title: 测试未核实办法, status: unverified}
  - {id: test-expired, name: 测试到期规划, title: 测试到期规划, cite: 《测试到期规划》, category: plan, status: expired}
  - {id: test-enterprise, name: 测试企业办法, title: 测试企业办法, cite: 《测试企业办法》, category: union-rule, status: in_force,
     sectors: [enterprise]}
"""
_PHRASES = """
  - id: test-old
    name: 测试旧提法
    note: 只在二十多年前适用
    checked: "2001-01-01"
    versions: [{from: 2001, until: 2001, text: 二十多年前的提法}]
"""


def make_project(root: Path, files: Mapping[str, str] = {}) -> Path:
    """A project at `root` with the real data and these files: project path -> text."""
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("sections"))
    with open(root / "data/policies.yml", "a", encoding="utf-8") as file:
        file.write(_POLICIES)
    with open(root / "data/phrases.yml", "a", encoding="utf-8") as file:
        file.write(_PHRASES)
    (root / "docs").mkdir()
    empty = {"data/sources.yml": "sources: []\n", "data/exemptions.yml": "exemptions: []\n"}
    for path, text in {**empty, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@lru_cache(maxsize=1)
def real_library() -> Library:
    """The real data and gazetteer, without any template."""
    return Library(ROOT, reader.data_cached(ROOT), reader.load_gazetteer(ROOT), (), {})


def findings_of(text: str, path: str = PLACES["key-points"], shared: Mapping[str, str] = {}) -> list[Finding]:
    """What the fence and the checks of one template say to a text. `shared`: name -> text of each shared section."""
    real = real_library()
    sections = {name: fence.check_text(body, f"data/sections/{name}.md", real.data)[0] for name, body in shared.items()}
    template, findings = fence.check_text(text, path, real.data)
    if template is None:
        return findings
    library = Library(ROOT, real.data, real.gazetteer, (template,), sections)
    return findings + runner.check_template(template, library)


@lru_cache(maxsize=None)
def _parsed(name: str) -> Template:
    return reader.parse_template(GOOD[name], PLACES[name])


def findings_of_rule(rule: str, sentence: str, name: str = "key-points") -> list[Finding]:
    """What one check says to a good template that has the sentence as its first line, whatever the fence says."""
    template = replace(_parsed(name), body=f"{sentence}\n{_parsed(name).body}")
    return list(registry.TEMPLATE_CHECKS[rule](template, real_library()))
