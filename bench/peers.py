"""The same library built without this project's code: what the time of a build is held against."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from macros import fence, reader
from macros.fence_macros import TEMPLATE_MACROS
from macros.model import Template

_MACRO = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_ATTRIBUTES = re.compile(r" ?\{:.*?\}")
_LINK = re.compile(r"\]\([^)]*\.md[^)]*\)")
#: What of mkdocs.yml is this project's own.
_OURS = (r"strict: true\n", r"  custom_dir: .*\n", r"hooks:\n(?:  .*\n)+", r"plugins:\n(?:  .*\n)+", r"  - macros\.plan_sections\n")
_STAND_IN = "某单位"
_MODULE = "peer_macros"


def plain(folder: Path, project: Path) -> Path:
    """Plain Material with the theme options of the project: the macros already printed, no extension, no hook."""
    return _peer(folder, project, lambda template, body: _MACRO.sub(_STAND_IN, body), "plugins: []")


def with_macros(folder: Path, project: Path) -> Path:
    """The same with mkdocs-macros: templates keep their macros, which print a fixed word."""
    peer = _peer(
        folder, project, lambda template, body: body if reader.is_template(template.path) else _MACRO.sub(_STAND_IN, body),
        f"plugins:\n  - macros: {{module_name: {_MODULE}, on_undefined: strict, on_error_fail: true}}")
    values = {**dict.fromkeys(reader.load_data(project).words_by_name, _STAND_IN), "单位": _STAND_IN, "年度": 2027}
    (peer / f"{_MODULE}.py").write_text(
        f"def define_env(env):\n    env.variables.update({values!r})\n    for name in {list(TEMPLATE_MACROS)!r}:\n"
        f"        env.macro(lambda *args, **kwargs: {_STAND_IN!r}, name)\n", "utf-8")
    return peer


def stock(folder: Path, project: Path) -> Path:
    """Plain Material with its own search, as its users have it."""
    return _peer(folder, project, lambda template, body: _MACRO.sub(_STAND_IN, body), "plugins:\n  - search: {lang: [zh, en]}",
                 (*_OURS, r"extra_css:\n(?:  .*\n)+", r"extra_javascript:\n(?:  .*\n)+"))


def _peer(folder: Path, project: Path, prepared: Callable[[Template, str], str], plugins: str, without: tuple[str, ...] = _OURS) -> Path:
    shutil.copytree(project / "docs", folder / "docs")
    for template in _files(project):
        body = _LINK.sub("](#)", prepared(template, _ATTRIBUTES.sub("", template.body)))
        (folder / template.path).write_text(f"---\ntitle: {template.meta.title}\n---\n{body}", "utf-8")
    config = (project / "mkdocs.yml").read_text("utf-8")
    for ours in without:
        config, changed = re.subn(f"^{ours}", "", config, flags=re.MULTILINE)
        assert changed == 1, f"mkdocs.yml 中没有 {ours}"
    (folder / "mkdocs.yml").write_text(f"{config}\n{plugins}\n", "utf-8")
    return folder


def _files(project: Path) -> Iterator[Template]:
    data = reader.load_data(project)
    for path in reader.contributed_files(project) + reader.page_files(project):
        if path.endswith(".md") and path.startswith("docs/"):
            template, _ = fence.check_file(project, path, data)
            yield template
