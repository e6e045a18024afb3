"""A working copy of the project's sources, for tests that break it and measurements that fill it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
#: What a copy needs in order to build.
PARTS = ("data", "docs", "macros", "overrides", "hooks.py", "shared_build.py", "mkdocs.yml")
_SECTORS = ("school", "hospital", "enterprise", "township", "agency")
_LINK = re.compile(rf"\]\(((?:\.\./)?)({'|'.join(_SECTORS)})/([a-z0-9-]+)\.md(?:#[^)]*)?\)")


def copy_project(target: Path) -> Path:
    """Copy the sources to `target`. The copy's own `macros` package is the one that a build in it uses."""
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


def keep_templates(project: Path, kept: Iterable[str] = ()) -> Path:
    """Take all templates out of a copy but those named (school/key-points …) and those of the filled examples.

    Links of other pages to what is gone lead to the sector instead.
    """
    examples = yaml.safe_load((project / "data/examples.yml").read_text("utf-8"))["examples"]
    staying = {*kept, *(example["template"] for example in examples)}
    for sector in _SECTORS:
        for file in (project / "docs" / sector).glob("*.md"):
            if file.stem != "index" and f"{sector}/{file.stem}" not in staying:
                file.unlink()
    for file in (project / "docs").rglob("*.md"):
        text = file.read_text("utf-8")
        there = _LINK.sub(lambda match: match[0] if f"{match[2]}/{match[3]}" in staying else f"]({match[1]}{match[2]}/index.md)", text)
        if there != text:
            file.write_text(there, "utf-8")
    return project
