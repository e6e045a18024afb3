"""What the macros of a template return. Pure but for reading shared sections through the library.

Every value is escaped here: what comes from data, from the environment or from front matter can neither
open a tag nor start Markdown mark-up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from . import observance_dates
from .model import MAX_YEAR, MIN_YEAR, FrontMatter, Observance, Policy, Template
from .plan_sections import SIGNATURE_START
from .reader import Data

_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+.!|~^=:-]")
STATUS_NAMES = {"in_force": "现行有效", "expired": "已到期", "ended": "已结束", "event": "会议或事件", "unverified": "未核实"}


def escape(text: str) -> str:
    """Text that means itself in HTML and in Markdown, on one line."""
    plain = html.escape(" ".join(str(text).split()))
    return _MARKDOWN.sub(lambda match: f"&#{ord(match.group())};", plain)


def fill(ident: str, text: str, **attributes: Any) -> str:
    """A place that the reader's profile fills: `<span class="fill" data-fill="unit">…</span>`."""
    extra = "".join(f' data-{name}="{html.escape(str(value))}"' for name, value in attributes.items())
    return f'<span class="fill" data-fill="{ident}"{extra}>{escape(text)}</span>'


def default_plan_year(today: date) -> int:
    """Plans for the coming year are written from October on."""
    return today.year + (today.month >= 10)


class SettingsError(ValueError):
    """UNIT or YEAR of the build cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What a build bakes in: the unit's name (None: each sector's own default) and the plan year."""

    unit: str | None
    year: int

    @classmethod
    def from_extra(cls, extra: Mapping[str, Any], today: date) -> Settings:
        """Read `extra.unit` and `extra.year` of mkdocs.yml. Raises SettingsError."""
        unit = " ".join(str(extra.get("unit") or "").split()) or None
        if unit and len(unit) > 60:
            raise SettingsError(f"UNIT 有 {len(unit)} 个字，应为不超过 60 个字的单位全称")
        raw = str(extra.get("year") or "").strip()
        if not raw:
            return cls(unit, default_plan_year(today))
        if not re.fullmatch(r"\d{4}", raw) or not MIN_YEAR <= int(raw) <= MAX_YEAR:
            raise SettingsError(f"YEAR 为“{raw}”，应为 {MIN_YEAR}—{MAX_YEAR} 之间的年份，如 YEAR=2027")
        return cls(unit, int(raw))


class Year:
    """`{{ 年度 }}`, `{{ 年度 - 1 }}`: a year relative to the plan year. Reads the page when it is printed."""

    def __init__(self, page_year: Callable[[], tuple[int, int]], shift: int = 0):
        self._page_year = page_year  # -> (plan year, offset of this kind of template)
        self._shift = shift

    def __add__(self, years: int) -> Year:
        return Year(self._page_year, self._shift + int(years))

    def __sub__(self, years: int) -> Year:
        return self + -years

    def __str__(self) -> str:
        plan_year, kind_offset = self._page_year()
        offset = kind_offset + self._shift
        return fill("year", str(plan_year + offset), **({"offset": offset} if offset else {}))


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
    return "；".join(parts).replace('"', "”")


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
        return self._settings.year, self._data.kinds[meta.kind].year_offset if meta else 0

    @property
    def year(self) -> int:
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
        return f'[{policy.cite}]({up}policies.md#{policy.id} "{policy_summary(policy)}")'

    def phrase(self, name: str) -> str:
        """The official phrase for the plan year. Raises KeyError for a name not in the data."""
        phrase = self._data.phrases_by_name[name]
        version, valid = phrase.version(self.year)
        state = "" if valid else " phrase-check"
        return f'<span class="phrase{state}" data-phrase="{phrase.id}">{escape(version.text)}</span>'

    def observance(self, name: str, 届次: bool = False, 只要月份: bool = False) -> str:  # noqa: N803
        """Date of an observance in the plan year, or its number. Raises KeyError, ValueError."""
        item = self._data.observances_by_name[name]
        if 届次:
            return self._observance_span(item, observance_dates.ordinal_text(item, self.year) or item.name, "ordinal")
        span = observance_dates.resolve(item.rule, self.year)
        if span is None:
            raise ValueError(f"“{name}”的日期每年另行公布")
        text = observance_dates.date_text(span, month_only=只要月份)
        return self._observance_span(item, text, "month" if 只要月份 else "date")

    def _observance_span(self, item: Observance, text: str, form: str) -> str:
        offset = self._page_year()[1]
        extra = f' data-offset="{offset}"' if offset else ""
        return f'<span class="observance" data-observance="{item.id}" data-form="{form}"{extra}>{escape(text)}</span>'

    def shared_section(self, name: str) -> str:
        """The text of a shared section, worded for the page's sector. Raises KeyError for an unknown name."""
        body = self._shared(name).body
        return "\n" + SandboxedEnvironment(undefined=StrictUndefined).from_string(body).render(self.names()).strip("\n") + "\n"

    def schedule(self) -> str:
        """The front matter's schedule as a table with the dates of the plan year."""
        meta = self._meta()
        rows, previous, next_year = [], 0, False
        for month, items in (meta.schedule if meta else {}).items():
            next_year = next_year or month < previous
            previous = month
            label = f"次年{month}月" if next_year else f"{month}月"
            work = "；".join(escape(item.do) for item in items)
            rows.append(f"| {label} | {work} | {'；'.join(self._marks(items, next_year)) or '—'} |")
        return "\n".join(["| 月份 | 工作安排 | 时间节点 |", "| --- | --- | --- |", *rows])

    def _marks(self, items: Any, next_year: bool) -> list[str]:
        marks = []
        for item in items:
            if item.on is None:
                continue
            observance = self._data.observances_by_name[item.on]
            span = observance_dates.resolve(observance.rule, self.year + next_year)
            if span is None or span.unit != "day":
                marks.append(escape(item.on))
            else:
                day = self._observance_span(observance, observance_dates.date_text(span), "date")
                marks.append(f"{escape(item.on)}（{day}）")
        return marks

    def signature(self) -> str:
        """落款: the union's name and the date, set right below the text."""
        date_blank = next((blank for blank in self._data.fields if blank.type == "date" and blank.id == "sign-date"), None)
        day = f'<span class="fill fill-empty" data-fill="sign-date">【{escape(date_blank.label)}】</span>' if date_blank else ""
        union = f"{fill('unit', self._unit())}{self._word('union')}"
        return f'\n{SIGNATURE_START}\n<p class="plan-signature-unit">{union}</p>\n<p class="plan-signature-date">{day}</p>\n</div>\n'
