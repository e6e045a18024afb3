"""What the macros of a template return. Pure but for reading shared sections through the library.

Every value is escaped: what comes from data, from the environment or from front matter can neither open a tag nor
start Markdown mark-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import observance_dates
from .fence_macros import print_macros
from .marks import as_html, escape, mark
from .model import MAX_YEAR, MIN_YEAR, FrontMatter, Kind, Observance, Policy, ScheduleItem, Template
from .plan_sections import SIGNATURE_START
from .reader import Data

#: Plan years: a page also prints dates of the year before and the year after.
FIRST_PLAN_YEAR, LAST_PLAN_YEAR = MIN_YEAR + 1, MAX_YEAR - 1
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
STATUS_NAMES = {"in_force": "现行有效", "expired": "已到期", "ended": "已结束", "event": "会议或事件", "unverified": "未核实"}


def fill(ident: str, text: str, offset: int = 0) -> str:
    """A place that the reader's profile fills, which becomes `<span class="fill" data-fill="unit">…</span>`.

    `offset` is how many years the text is away from the plan year.
    """
    return mark("fill", text, fill=ident, offset=offset)


def default_plan_year(today: date) -> int:
    """Plans for the coming year are written from October on."""
    return today.year + (today.month >= 10)


class SettingsError(ValueError):
    """UNIT or YEAR of the build cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What a build bakes in: the unit's name (None: each sector's own default) and the plan year.

    `ahead`: the plan year is the coming one, because the build was made at the end of a year and was not told which year to take.
    """

    unit: str | None
    year: int
    ahead: bool = False

    @classmethod
    def from_extra(cls, extra: Mapping[str, Any], today: date) -> Settings:
        """Read `extra.unit` and `extra.year` of mkdocs.yml. Raises SettingsError."""
        unit = " ".join(str(extra.get("unit") or "").split()) or None
        if unit and len(unit) > 60:
            raise SettingsError(f"UNIT 有 {len(unit)} 个字，应为不超过 60 个字的单位全称")
        if unit and not unit.isprintable():
            raise SettingsError("UNIT 含有看不见的字符，应为单位全称")
        raw = str(extra.get("year") or "").strip()
        if not raw:
            year = default_plan_year(today)
            return cls(unit, year, ahead=year > today.year)
        if not re.fullmatch(r"[0-9]{4}", raw) or not FIRST_PLAN_YEAR <= int(raw) <= LAST_PLAN_YEAR:
            raise SettingsError(f"YEAR 为“{raw}”，应为 {FIRST_PLAN_YEAR}—{LAST_PLAN_YEAR} 之间的年份，如 YEAR=2027")
        return cls(unit, int(raw))

    def offset(self, kind: Kind) -> int:
        """How many years the texts of a kind are away from the plan year."""
        return kind.year_offset or -int(kind.past and self.ahead)


class Year:
    """`{{ 年度 }}`, `{{ 年度 - 1 }}`: a year relative to the plan year. Reads the page when it is printed."""

    def __init__(self, page_year: Callable[[], tuple[int, int]], shift: int = 0):
        self._page_year = page_year  # -> (plan year, offset of this kind of template)
        self._shift = shift

    def __add__(self, years: int) -> Year:
        return Year(self._page_year, self._shift + years)

    def __sub__(self, years: int) -> Year:
        return self + -years

    def __str__(self) -> str:
        plan_year, kind_offset = self._page_year()
        offset = kind_offset + self._shift
        return fill("year", str(plan_year + offset), offset)


class Word:
    """A word of the page's sector: 教职工 in a school, 职工 in a factory. Read when it is printed."""

    def __init__(self, text: Callable[[], str]):
        self._text = text

    def __str__(self) -> str:
        return self._text()


@dataclass(frozen=True)
class PageContext:
    """The page that is being rendered. `template` is None on pages that are not templates."""

    path: str  # below docs/, e.g. school/annual-plan.md
    sector: str
    template: Template | None


def policy_summary(policy: Policy) -> str:
    """One line on number, dates and state, for the pointer that rests on a citation."""
    parts = [policy.number] if policy.number else []
    if policy.issued:
        parts.append(f"{policy.issued}发布")
    if policy.amended:
        parts.append(f"{policy.amended}修改")
    if policy.effective and policy.effective != policy.issued:
        parts.append(f"{policy.effective}起施行")
    parts.append(STATUS_NAMES[policy.status])
    if policy.checked:
        parts.append(f"核对至{policy.checked}")
    return "；".join(parts)


def _work_numbers(items: list[ScheduleItem]) -> list[str]:
    """①②③ where a month has several works of which some belong to an observance: the table must say which."""
    count = len(items)
    if count == 1 or count > len(_CIRCLED) or not any(item.observance for item in items):
        return [""] * count
    return list(_CIRCLED[:count])


class Vocabulary:
    """All names a template may use, bound to the data and to the page being rendered."""

    def __init__(self, data: Data, settings: Settings, page: Callable[[], PageContext], shared: Callable[[str], Template]):
        self._data, self._settings, self._page, self._shared = data, settings, page, shared

    def names(self) -> dict[str, Any]:
        """Macro name -> value or function: the complete vocabulary of a template."""
        words = {word.name: Word(lambda word=word: self._word(word.id)) for word in self._data.words}
        return {
            "单位": Word(lambda: fill("unit", self._unit())),
            "年度": Year(self._page_year),
            **words,
            "法规": self.policy,
            "提法": self.phrase,
            "节日": self.observance,
            "共用": self.shared_section,
            "月度安排": self.schedule,
            "落款": self.signature,
        }

    # --- values ---

    def _meta(self) -> FrontMatter | None:
        template = self._page().template
        return template.meta if template else None

    def _unit(self) -> str:
        meta = self._meta()
        default = (meta.unit if meta else None) or self._data.sectors[self._page().sector].unit
        return self._settings.unit or default

    def _page_year(self) -> tuple[int, int]:
        meta = self._meta()
        return self._settings.year, self._settings.offset(self._data.kinds[meta.kind]) if meta else 0

    @property
    def _year(self) -> int:
        """The year that `{{ 年度 }}` prints on this page."""
        return sum(self._page_year())

    def _word(self, word_id: str) -> str:
        sector, meta = self._data.sectors[self._page().sector], self._meta()
        if meta and word_id in meta.words:
            return fill(f"word-{word_id}", meta.words[word_id])
        text = sector.words[word_id]
        return fill(f"word-{word_id}", text) if word_id in sector.choices else escape(text)

    # --- macros ---

    def policy(self, name: str) -> str:
        """A law's title as it is cited, linked to its entry. Raises KeyError for a name not in the data."""
        policy = self._data.policies_by_name[name]
        up = "../" * self._page().path.count("/")
        return f'[{escape(policy.cite)}]({up}policies.md#{policy.id} "{escape(policy_summary(policy))}")'

    def phrase(self, name: str) -> str:
        """The official phrase for the plan year. Raises KeyError for a name not in the data."""
        phrase = self._data.phrases_by_name[name]
        version, valid = phrase.version(self._year)
        return mark("phrase" if valid else "phrase phrase-check", version.text, phrase=phrase.id)

    def observance(self, name: str, 届次: bool = False, 只要月份: bool = False) -> str:  # noqa: N803
        """Date of an observance in the plan year, or its number. Raises KeyError, ValueError."""
        item = self._data.observances_by_name[name]
        if 届次:
            return self._observance_span(item, observance_dates.ordinal_text(item, self._year) or item.name, "ordinal")
        span = observance_dates.resolve(item.rule, self._year)
        if span is None:
            raise ValueError(f"“{name}”的日期每年另行公布")
        text = observance_dates.date_text(span, month_only=只要月份)
        return self._observance_span(item, text, "month" if 只要月份 else "date")

    def _observance_span(self, item: Observance, text: str, form: str, shift: int = 0) -> str:
        return mark("observance", text, observance=item.id, form=form, offset=self._page_year()[1] + shift)

    def shared_section(self, name: str) -> str:
        """The text of a shared section, worded for the page's sector. Raises KeyError for an unknown name."""
        return "\n" + print_macros(self._shared(name).body, self.names()).strip("\n") + "\n"

    def schedule(self) -> str:
        """The front matter's schedule as a table with the dates of the plan year."""
        meta = self._meta()
        rows, previous, next_year = [], 0, False
        for month, items in meta.months if meta else []:
            next_year = next_year or month < previous
            previous = month
            label = f"次年{month}月" if next_year else f"{month}月"
            numbers = _work_numbers(items)
            work = "；".join(number + escape(item.do) for number, item in zip(numbers, items, strict=True))
            rows.append(f"| {label} | {work} | {'；'.join(self._marks(items, numbers, next_year)) or '—'} |")
        return "\n".join(["| 月份 | 工作安排 | 时间节点 |", "| --- | --- | --- |", *rows])

    def _marks(self, items: list[ScheduleItem], numbers: list[str], next_year: bool) -> list[str]:
        """The observances of a row of the schedule, each with the number of its work and its date."""
        marks = []
        for number, item in zip(numbers, items, strict=True):
            if item.observance is None:
                continue
            observance = self._data.observances_by_name[item.observance]
            span = observance_dates.resolve(observance.rule, self._year + next_year)
            if span is None or span.unit != "day":
                marks.append(number + escape(item.observance))
            else:
                day = self._observance_span(observance, observance_dates.date_text(span), "date", int(next_year))
                marks.append(f"{number}{escape(item.observance)}（{day}）")
        return marks

    def signature(self) -> str:
        """落款: the union's name and the date, set right below the text."""
        label = next(blank.label for blank in self._data.fields if blank.id == "sign-date")
        day = as_html(mark("fill fill-empty", f"【{label}】", fill="sign-date"))
        union = as_html(f"{fill('unit', self._unit())}{self._word('union')}")
        lines = f'<p class="plan-signature-unit">{union}</p>\n<p class="plan-signature-date">{day}</p>'
        return f"\n{SIGNATURE_START}\n{lines}\n</div>\n"
