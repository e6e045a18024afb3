"""Where checks are registered under their rule numbers, and what they have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..model import Finding, Section, Template
from ..reader import Library

#: A check of one template: yields findings with any level; the registry sets rule and default level.
TemplateCheck = Callable[[Template, Library], Iterable[Finding]]
LibraryCheck = Callable[[Library], Iterable[Finding]]

TEMPLATE_CHECKS: dict[str, TemplateCheck] = {}
LIBRARY_CHECKS: dict[str, LibraryCheck] = {}


def template_check(rule: str) -> Callable[[TemplateCheck], TemplateCheck]:
    """Register a check that looks at one template at a time."""
    def register(check: TemplateCheck) -> TemplateCheck:
        if rule in TEMPLATE_CHECKS:
            raise ValueError(f"规则 {rule} 已经登记")
        TEMPLATE_CHECKS[rule] = check
        return check

    return register


def library_check(rule: str) -> Callable[[LibraryCheck], LibraryCheck]:
    """Register a check that compares templates with each other."""
    def register(check: LibraryCheck) -> LibraryCheck:
        LIBRARY_CHECKS[rule] = check
        return check

    return register


_MACRO = re.compile(r"\{\{.*?\}\}")
_MACRO_OR_BLANK = re.compile(r"\{\{.*?\}\}|【[^】\n]*】")
FILLER = "□"


@dataclass(frozen=True)
class Line:
    """A line of reader-facing text. Macros and blanks are filled up, so that columns stay true."""

    number: int
    text: str
    raw: str


def _fill(match: re.Match[str]) -> str:
    return FILLER * len(match.group())


def lines(template: Template, *, keep_blanks: bool = False) -> Iterator[Line]:
    """Every line a reader sees: the texts of the front matter, then the body."""
    pattern = _MACRO if keep_blanks else _MACRO_OR_BLANK
    meta = template.meta
    for key in ("title", "audience", "summary", "unit"):
        if value := getattr(meta, key, None):
            yield Line(template.meta_lines.get(key, 2), pattern.sub(_fill, value), value)
    for month, items in getattr(meta, "schedule", {}).items():
        for index, item in enumerate(items):
            yield Line(template.meta_lines.get(f"schedule.{month}.{index}", 2), pattern.sub(_fill, item.do), item.do)
    for offset, raw in enumerate(template.body.split("\n")):
        yield Line(template.body_line + offset, pattern.sub(_fill, raw), raw)


def at(template: Template, line: int, column: int, found: str, expected: str, paste: str = "", level: str = "") -> Finding:
    """A finding of a check; rule and default level are set by the runner."""
    return Finding("", template.path, line, column, found, expected, paste, level)  # type: ignore[arg-type]


def task_sections(template: Template, library: Library) -> list[Section]:
    """The sections that give tasks: those after the heading 重点任务 where there is one, else all with a theme."""
    heading_ids = library.data.heading_ids
    start = next((i for i, s in enumerate(template.sections) if heading_id(s, heading_ids) == "tasks"), -1)
    return [s for s in template.sections[start + 1 :] if s.theme and s.theme != "guidance"]


def heading_id(section: Section, heading_ids: dict[str, str]) -> str | None:
    """The id a heading gets on the page: its own, its theme's, or that of a fixed heading."""
    return section.id or section.theme or heading_ids.get(section.heading)


def is_plan(template: Template, library: Library) -> bool:
    """Whether the kind carries a schedule of things to do."""
    return library.data.kinds[template.meta.kind].schedule != "none"
