"""Checks that the schedule and the tasks say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import observance_dates
from ..model import Finding, Template
from ..reader import Library
from .registry import at, numbered_rows, printed_sections, task_sections, template_check

_MONTH = r"(?:1[0-2]|[1-9])"
_RANGE = re.compile(rf"(?<![\d.—–-])({_MONTH})(?:月(?:上旬|中旬|下旬|初|底)?)?(?:[—–~-]|至)(?:次年)?({_MONTH})月")
#: 3月; also 3、6、9、12月, each of which is named.
_LISTED = re.compile(rf"(?<![\d.])(?:{_MONTH}[、和])*{_MONTH}月")
_NUMBER = re.compile(r"\d+")
_OBSERVANCE = re.compile(r"""节日\(\s*["']([^"']+)["'][^)]*\)""")
#: Just before a month: it belongs to another year than the plan's.
_DISTANT = re.compile(r"(?:[上去前]年|往年|年度 ?[-+] ?\d+ ?\}\}年)度?$")
#: Said otherwise than by a month: again and again, or counted back from the day when a contract or a term ends.
_WITHOUT_MONTH = re.compile(r"届满前|每月|每季|每学期|每半年|每周|每两周|全年|每年|每天|每日|随时|常年|当月|当日|季度末|月末")


def _span(first: int, last: int) -> frozenset[int]:
    return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))


def months_named(text: str, library: Library) -> list[tuple[int, frozenset[int], str]]:
    """Months that a text names: (position, months of which one suffices, the words)."""
    found: list[tuple[int, frozenset[int], str]] = []
    taken: list[tuple[int, int]] = []
    for match in _RANGE.finditer(text):
        found.append((match.start(), _span(int(match.group(1)), int(match.group(2))), match.group()))
        taken.append(match.span())
    for listed in _LISTED.finditer(text):
        for match in _NUMBER.finditer(text, *listed.span()):
            if not any(start <= match.start() < end for start, end in taken):
                found.append((match.start(), frozenset({int(match.group())}), f"{match.group()}月"))
    for match in _OBSERVANCE.finditer(text):
        item = library.data.observances_by_name.get(match.group(1))
        if item and "届次" not in match.group() and (months := observance_dates.possible_months(item.rule)):
            found.append((match.start(), months, item.name))
    return sorted(found, key=lambda row: row[0])


@template_check("S1")
def scheduled_themes_have_sections(template: Template, library: Library) -> Iterable[Finding]:
    themes = {section.theme for section in printed_sections(template, library)}
    for month, items in template.meta.months:
        for index, item in enumerate(items):
            if item.theme not in themes:
                yield at(template, template.meta_lines.get(f"schedule.{month}月.{index}", 2), 1,
                         f"{month}月的“{item.do}”属于主题 {item.theme}，正文没有这个主题",
                         "正文已有的主题：" + "、".join(sorted(theme for theme in themes if theme)))


@template_check("S2")
def months_of_tasks_are_scheduled(template: Template, library: Library) -> Iterable[Finding]:
    if not template.meta.schedule or template.meta.kind not in library.data.kinds:
        return
    scheduled: dict[str, set[int]] = {}
    for month, items in template.meta.months:
        for item in items:
            scheduled.setdefault(item.theme, set()).add(month)
    for section in task_sections(template, library):
        for number, row in numbered_rows(template, section):
            for position, months, words in months_named(row, library):
                if _DISTANT.search(row[max(0, position - 20) : position]):
                    continue
                if not months & scheduled.get(section.theme, set()):
                    month = min(months)
                    yield at(template, number, position + 1,
                             f"“{words}”的任务没有列入月度安排（主题 {section.theme}）", f"文件头 schedule 的 {month}月 有一项 theme: {section.theme}",
                             f"  {month}月: [{{do: ……, theme: {section.theme}}}]")


@template_check("S3")
def scheduled_items_are_backed(template: Template, library: Library) -> Iterable[Finding]:
    text: dict[str, str] = {}
    for section in printed_sections(template, library):
        if section.theme:
            text[section.theme] = text.get(section.theme, "") + "\n" + section.heading + "\n" + section.body
    named = {theme: [months for _, months, _ in months_named(body, library)] for theme, body in text.items()}
    for month, items in template.meta.months:
        for index, item in enumerate(items):
            body = text.get(item.theme)
            if body is None or _WITHOUT_MONTH.search(body) or any(month in months for months in named[item.theme]):
                continue
            yield at(template, template.meta_lines.get(f"schedule.{month}月.{index}", 2), 1,
                     f"{month}月的“{item.do}”在主题 {item.theme} 的任务里没有写到该月", f"该主题的任务里写明{month}月")


@template_check("S4")
def observances_fall_in_their_month(template: Template, library: Library) -> Iterable[Finding]:
    """Observances that are in no list are found by the fence."""
    names = library.data.observances_by_name
    for month, items in template.meta.months:
        for index, item in enumerate(items):
            if item.observance not in names:
                continue
            months = observance_dates.possible_months(names[item.observance].rule)
            if months and month not in months:
                yield at(template, template.meta_lines.get(f"schedule.{month}月.{index}.observance", 2), 1,
                         f"“{item.observance}”不在{month}月", "、".join(f"{m}月" for m in sorted(months)))


@template_check("S5")
def schedule_is_printed(template: Template, library: Library) -> Iterable[Finding]:
    if template.meta.kind not in library.data.kinds:
        return
    kind = library.data.kinds[template.meta.kind]
    printed = template.body.count("月度安排()")
    if kind.schedule == "required" and not template.meta.schedule:
        yield at(template, 2, 1, "文件头没有 schedule", f"{kind.name}必备月度安排", "schedule: {3月: [{do: ……, theme: ……}]}")
    elif kind.schedule == "none" and (template.meta.schedule or printed):
        yield at(template, template.meta_lines.get("schedule", 2), 1, "总结里有月度安排", f"{kind.name}不用月度安排")
    if bool(template.meta.schedule) != bool(printed) or printed > 1:
        found = f"有月度安排，正文印了 {printed} 次" if template.meta.schedule else "正文要印月度安排，文件头没有 schedule"
        yield at(template, template.body_line, 1, found, "“月度安排”标题下写一次", "{{ 月度安排() }}")
