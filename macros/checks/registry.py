"""Where checks are registered under their rule numbers, and what they have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..model import Finding, Section, Template
from ..reader import Library

#: A check of one template: yields findings with any level; the runner sets rule and default level.
TemplateCheck = Callable[[Template, Library], Iterable[Finding]]
LibraryCheck = Callable[[Library], Iterable[Finding]]

TEMPLATE_CHECKS: dict[str, TemplateCheck] = {}
LIBRARY_CHECKS: dict[str, LibraryCheck] = {}
#: Rules of TEMPLATE_CHECKS that hold for shared sections too.
SHARED_RULES: set[str] = set()


def template_check(rule: str, *, shared: bool = False) -> Callable[[TemplateCheck], TemplateCheck]:
    """Register a check that looks at one template at a time; `shared`: at one shared section too.

    Raises ValueError where the rule has such a check already.
    """
    def register(check: TemplateCheck) -> TemplateCheck:
        _register(TEMPLATE_CHECKS, rule, check)
        if shared:
            SHARED_RULES.add(rule)
        return check

    return register


def library_check(rule: str) -> Callable[[LibraryCheck], LibraryCheck]:
    """Register a check that looks at the library as a whole. Raises ValueError like template_check."""
    return lambda check: _register(LIBRARY_CHECKS, rule, check)


def _register(checks: dict, rule: str, check):
    if rule in checks:
        raise ValueError(f"规则 {rule} 已经登记")
    checks[rule] = check
    return check


def any_of(texts: Iterable[str]) -> str:
    """A regular expression for any of these texts, the longest first and always in the same order; without any, for none."""
    return "|".join(map(re.escape, sorted(set(texts), key=lambda text: (-len(text), text)))) or r"(?!)"


_MACRO = re.compile(r"\{\{.*?\}\}")
_MACRO_OR_BLANK = re.compile(r"\{\{.*?\}\}|【[^】\n]*】")
#: Stands for each character of a macro or blank. The fence lets no author type it.
FILLER = "□"
_SHARED = re.compile(r"""共用\(\s*["']([^"']+)["']\s*\)""")


@dataclass(frozen=True)
class Line:
    """A line of reader-facing text: `raw` as written, `text` with macros and blanks filled up.

    Both have the same length, so that a position in one is a position in the other. `number` is the 1-based line
    of the file.
    """

    number: int
    text: str
    raw: str

    def replaced(self, start: int, end: int, new: str) -> str:
        """The line as written, with just the characters from `start` to `end` replaced."""
        return self.raw[:start] + new + self.raw[end:]


def _fill(match: re.Match[str]) -> str:
    return FILLER * len(match.group())


def _plain(pattern: re.Pattern[str], raw: str) -> str:
    return pattern.sub(_fill, raw) if "{" in raw or "【" in raw else raw


def _front_matter_texts(template: Template) -> Iterator[tuple[str, str]]:
    """Every text of the front matter that a page shows, with its place: ("schedule.3月.0", "召开教代会")."""
    meta = template.meta
    for key in ("title", "audience", "summary", "unit"):
        if value := getattr(meta, key, None):
            yield key, value
    for word, value in getattr(meta, "words", {}).items():
        yield f"words.{word}", value
    for month, items in getattr(meta, "schedule", {}).items():
        for index, item in enumerate(items):
            yield f"schedule.{month}.{index}", item.do


@lru_cache(maxsize=4)  # every check of a template asks for them
def _body_lines(body: str, first: int, pattern: re.Pattern[str]) -> tuple[Line, ...]:
    return tuple(Line(number, _plain(pattern, raw), raw) for number, raw in enumerate(body.split("\n"), first) if raw)


def lines(template: Template, *, keep_blanks: bool = False) -> Iterator[Line]:
    """Every line a reader sees: the texts of the front matter, then the body. Empty ones are left out."""
    pattern = _MACRO if keep_blanks else _MACRO_OR_BLANK
    for place, value in _front_matter_texts(template):
        yield Line(template.meta_lines.get(place, 2), _plain(pattern, value), value)
    yield from _body_lines(template.body, template.body_line, pattern)


def at(template: Template, line: int, column: int, found: str, expected: str, paste: str = "", level: str = "") -> Finding:
    """A finding of a check; rule and default level are set by the runner."""
    return Finding("", template.path, line, column, found, expected, paste, level)  # type: ignore[arg-type]


def sectors_of(template: Template) -> list[str]:
    """The sectors whose pages show the text: one for a template, one or more for a shared section."""
    return getattr(template.meta, "sectors", None) or [template.meta.sector]


def shared_uses(template: Template) -> Iterator[tuple[int, int, str]]:
    """Each use of a shared section: (line, column, "theme/name")."""
    for number, row in enumerate(template.body.split("\n"), template.body_line):
        for match in _SHARED.finditer(row):
            yield number, match.start() + 1, match.group(1)


def printed_sections(template: Template, library: Library) -> list[Section]:
    """The sections of the page: the template's own, then those of the shared sections it uses."""
    used = [library.shared[name] for _, _, name in shared_uses(template) if name in library.shared]
    return [*template.sections, *(section for shared in used for section in shared.sections)]


def numbered_rows(template: Template, section: Section) -> Iterator[tuple[int, str]]:
    """Every line of a section below its heading, with its number in the file."""
    last = min((other.line for other in template.sections if other.line > section.line), default=None)
    rows = template.body.split("\n")
    start, end = section.line - template.body_line + 1, None if last is None else last - template.body_line
    return enumerate(rows[start:end], section.line + 1)


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
