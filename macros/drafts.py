"""A new, empty template that already has the right shape. Writes one file, never over an existing one.

What the writer must still fill stands in 【】 with words that are no blank of the list, so that the check names each place.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from . import reader
from .model import Kind, Sector
from .reader import Data

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_NAME = 60
_SCHEDULE = "{{ 月度安排() }}"


def _front_matter(sector: Sector, kind: Kind, today: date) -> str:
    lines = ["---", f"title: {sector.name}工会{kind.name}", f"sector: {sector.id}", f"kind: {kind.id}",
             "audience: 【写明适用哪些工会】", "summary: 【一句话说清适用场景与特点】", "sources: []", f"reviewed: {today}"]
    if kind.schedule != "none":
        lines += ["schedule:", "  3月: [{do: 【三月做的事】, theme: democracy}]"]
    return "\n".join([*lines, "---"])


def _opening(kind: Kind) -> list[str]:
    if kind.schedule == "none":
        return ["现将{{ 年度 }}年有关工作情况总结如下。"]
    return ['为做好{{ 年度 }}年工会工作，依据{{ 法规("工会法") }}，作如下安排。',
            "## 总体要求 {: theme=guidance }", '{{ 提法("指导思想") }}。【围绕什么、着重抓好哪几件事】']


def _task(kind: Kind, level: int) -> list[str]:
    """One themed section, as an example of all others."""
    item = "【做了什么、做到什么程度】。（依据：【依据】）" if kind.schedule == "none" else "3月底前【做什么、做到什么程度】。（责任：【责任人】；依据：【依据】）"
    return [f"{'#' * level} 【动词开头的任务名称】 {{: theme=democracy }}", f"1. {item}"]


def _parts(kind: Kind, names: dict[str, str]) -> list[str]:
    """The headings the kind requires, each with what stands below it; a themed section; the schedule."""
    holder = next((ident for ident in ("tasks", "review") if ident in kind.headings), None)
    parts = [] if holder else _task(kind, 2)
    for ident in kind.headings:
        below = [_SCHEDULE] if ident == "schedule" else _task(kind, 3) if ident == holder else ["【写明这一部分的内容】"]
        parts += [f"## {names[ident]}", *below]
    if kind.schedule != "none" and "schedule" not in kind.headings:
        parts += [f"## {names['schedule']}", _SCHEDULE]
    return parts


def text(data: Data, sector: Sector, kind: Kind, today: date) -> str:
    """The text of a new template: front matter, required headings, notes on what to write."""
    names = {heading.id: heading.names[0] for heading in data.headings}
    return "\n\n".join([
        _front_matter(sector, kind, today), f"# {{{{ 单位 }}}}{{{{ 本会 }}}}{kind.title}", *_opening(kind), *_parts(kind, names),
        "{{ 落款() }}", '!!! note "填写说明"', "    - 动笔前先查：【查什么、到哪里查】。",
    ]) + "\n"


def create(root: Path, sector_id: str, kind_id: str, name: str, today: date | None = None) -> str:
    """Write docs/<sector>/<name>.md. Returns its project path.

    Raises ValueError for an unknown sector or kind, a wrong name or an existing file; LibraryError for faulty data.
    """
    data = reader.data_cached(root)
    if sector_id not in data.sectors:
        raise ValueError(f"没有行业“{sector_id}”，应为 {'、'.join(data.sectors)}")
    if kind_id not in data.kinds:
        raise ValueError(f"没有文种“{kind_id}”，应为 {'、'.join(data.kinds)}")
    sector, kind = data.sectors[sector_id], data.kinds[kind_id]
    if sector_id not in kind.sectors:
        raise ValueError(f"{kind.name}不用于{sector.name}")
    if not _NAME.fullmatch(name) or len(name) > _MAX_NAME or name == "index":
        raise ValueError(f"文件名“{name}”不合要求，应为不超过 {_MAX_NAME} 个的小写英文、数字和连字符，如 women-plan，不能是 index")
    path = f"docs/{sector_id}/{name}.md"
    draft = text(data, sector, kind, today or date.today())
    try:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with open(root / path, "x", encoding="utf-8", newline="\n") as file:
            file.write(draft)
    except FileExistsError:
        raise ValueError(f"{path} 已经存在，没有改动它；请换一个文件名") from None
    return path
