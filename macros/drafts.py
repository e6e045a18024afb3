"""A new, empty template that already has the right shape. Writes one file, never over an existing one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from . import reader
from .model import Kind, Sector
from .reader import Data

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _front_matter(sector: Sector, kind: Kind, today: date) -> str:
    lines = ["---", f"title: {sector.name}工会{kind.name}", f"sector: {sector.id}", f"kind: {kind.id}",
             f"audience: 写明适用的{sector.name}工会", "summary: 一句话说清适用场景与特点", "sources: []", f"reviewed: {today}"]
    if kind.schedule != "none":
        lines += ["schedule:", "  3: [{do: 三月做的事, theme: democracy}]"]
    return "\n".join([*lines, "---"])


def text(data: Data, sector: Sector, kind: Kind, today: date) -> str:
    """The text of a new template: front matter, required headings, notes on what to write."""
    names = {heading.id: heading.names[0] for heading in data.headings}
    title_word = "年工作总结" if kind.year_offset else "年工作计划"
    parts = [_front_matter(sector, kind, today), f"# {{{{ 单位 }}}}{{{{ 本会 }}}}{{{{ 年度 }}}}{title_word}",
             '为做好{{ 年度 }}年工会工作，依据{{ 法规("工会法") }}，制定本计划。']
    if kind.schedule != "none":
        parts += ["## 总体要求 {: theme=guidance }", '{{ 提法("指导思想") }}。']
    for ident in kind.headings:
        if ident == "schedule":
            continue
        parts += [f"## {names[ident]}", "写明这一部分的内容。"]
        if ident == "tasks":
            parts += ["### 动词开头的任务名称 {: theme=democracy }",
                      "1. 3月底前做什么、做到什么程度。（责任：工会委员会；依据：会议记录）"]
    if kind.schedule != "none":
        parts += [f"## {names['schedule']}", "{{ 月度安排() }}"]
    parts += ["{{ 落款() }}", '!!! note "填写说明"', "    - 动笔前先查：写明查什么、到哪里查。"]
    return "\n\n".join(parts) + "\n"


def create(root: Path, sector_id: str, kind_id: str, name: str, today: date | None = None) -> str:
    """Write docs/<sector>/<name>.md. Returns its project path.

    Raises ValueError for an unknown sector or kind, a wrong name or an existing file; LibraryError for faulty data.
    """
    data = reader.load_data(root)
    if sector_id not in data.sectors:
        raise ValueError(f"没有行业 {sector_id}，应为 {'、'.join(data.sectors)}")
    if kind_id not in data.kinds:
        raise ValueError(f"没有文种 {kind_id}，应为 {'、'.join(data.kinds)}")
    kind = data.kinds[kind_id]
    if sector_id not in kind.sectors:
        raise ValueError(f"{kind.name}不用于{data.sectors[sector_id].name}")
    if not _NAME.fullmatch(name) or name == "index":
        raise ValueError(f"文件名 {name!r} 不合要求，应为小写英文、数字和连字符，如 women-plan，不能是 index")
    path = f"docs/{sector_id}/{name}.md"
    try:
        with open(root / path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text(data, data.sectors[sector_id], kind, today or date.today()))
    except FileExistsError:
        raise ValueError(f"{path} 已经存在，没有改动它；请换一个文件名") from None
    return path
