"""Data models: what the data files and the templates are made of. Imports nothing of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SECTOR_IDS = ("school", "hospital", "enterprise", "township", "agency")
MIN_YEAR, MAX_YEAR = 2000, 2099

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]
#: A full date, or year and month where the day was not verified.
DateText = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
SectorId = Literal["school", "hospital", "enterprise", "township", "agency"]
Month = Annotated[int, Field(ge=1, le=12)]
Year = Annotated[int, Field(ge=1900, le=2199)]


class Row(BaseModel):
    """A row of a data file: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Word(Row):
    id: Id
    name: Text
    hint: Text


class Sector(Row):
    id: SectorId
    name: Text
    summary: Text
    unit: Text
    words: dict[Id, Text]
    choices: dict[Id, list[Text]] = {}
    may_mention: list[SectorId] = []


class Theme(Row):
    id: Id
    name: Text
    summary: Text


class Kind(Row):
    id: Id
    name: Text
    summary: Text
    period: Literal["year", "half", "term", "any"]
    length: tuple[int, int]
    schedule: Literal["required", "optional", "none"]
    year_offset: int = 0
    headings: list[Id]
    sectors: list[SectorId] = list(SECTOR_IDS)


class Heading(Row):
    id: Id
    names: list[Text]


class Blank(Row):
    """A fill-in field: the label stands between 【】 in a template."""

    id: Id
    label: Text
    type: Literal["text", "number", "rate", "date", "money"]
    hint: Text
    example: Text


class Policy(Row):
    """A law, rule, congress or plan. Fields that were not verified are absent."""

    id: Id
    name: Text
    title: Text
    status: Literal["in_force", "expired", "ended", "event", "unverified"]
    category: Text | None = None
    cite: Text | None = None
    issuer: Text | None = None
    number: Text | None = None
    issued: DateText | None = None
    effective: DateText | None = None
    amended: DateText | None = None
    amended_effective: DateText | None = None
    amended_by: Text | None = None
    watch: Text | None = None
    checked: DateText | None = None
    governs: Text | None = None
    sectors: list[Literal["all"] | SectorId] = ["all"]

    @property
    def citable(self) -> bool:
        return self.cite is not None and self.status in ("in_force", "event")


class PhraseVersion(Row):
    since: Year = Field(alias="from")
    until: Year | None = None
    text: Text


class Phrase(Row):
    id: Id
    name: Text
    note: Text
    checked: DateText
    policy: Id | None = None
    versions: Annotated[list[PhraseVersion], Field(min_length=1)]

    def version(self, year: int) -> tuple[PhraseVersion, bool]:
        """The version to print for a plan year, and whether it is valid in that year."""
        for version in self.versions:
            if version.since <= year and (version.until is None or year <= version.until):
                return version, True
        earlier = [v for v in self.versions if v.since <= year]
        return (earlier[-1] if earlier else self.versions[0]), False


class Outdated(Row):
    id: Id
    patterns: list[Text]
    regex: list[Text] = []
    instead: Text
    why: Text
    kind: Id
    action: Literal["replace", "remove", "flag"]
    policy: Id | None = None

    @model_validator(mode="after")
    def _regex_compiles(self) -> Outdated:
        for pattern in self.regex:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"正则表达式 {pattern!r} 不能使用：{error}") from error
        return self


class DateRule(Row):
    type: Literal[
        "fixed", "lunar", "lunar_new_year_eve", "solar_term", "nth_weekday", "last_weekday",
        "week_containing", "range", "month", "season", "announced",
    ]
    month: Month | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    n: Annotated[int, Field(ge=1, le=5)] | None = None
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    term: Text | None = None
    start: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")] | None = None
    end: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")] | None = None
    from_month: Month | None = None
    to_month: Month | None = None

    _NEEDS = {
        "fixed": {"month", "day"}, "lunar": {"month", "day"}, "lunar_new_year_eve": set(),
        "solar_term": {"term"}, "nth_weekday": {"month", "n", "weekday"},
        "last_weekday": {"month", "weekday"}, "week_containing": {"month", "day"},
        "range": {"start", "end"}, "month": {"month"}, "season": {"from_month", "to_month"},
        "announced": set(),
    }

    @model_validator(mode="after")
    def _has_just_its_parts(self) -> DateRule:
        given = {name for name in type(self).model_fields if name != "type" and getattr(self, name) is not None}
        needs = self._NEEDS[self.type]
        if given != needs:
            raise ValueError(f"日期规则 {self.type} 应当写 {sorted(needs) or '（无）'}，实际写了 {sorted(given) or '（无）'}")
        return self


class Ordinal(Row):
    kind: Literal["count", "anniversary"]
    first_year: Year


class Observance(Row):
    id: Id
    name: Text
    aliases: list[Text] = []
    rule: DateRule
    ordinal: Ordinal | None = None
    sectors: list[Literal["all"] | SectorId]
    holiday: Text | None = None
    days_off: float | None = None
    activity: Text | None = None
    importance: Literal["high", "normal"]
    note: Text | None = None


SourceId = Annotated[str, StringConstraints(pattern=r"^\d{3}-\d$")]


class Source(Row):
    """One public article that the library consolidates, or says why it does not."""

    id: SourceId
    page: Text
    title: Text
    sector: SectorId
    kind: Text
    templates: list[Text] = []
    duplicate_of: SourceId | None = None
    note: Text

    @model_validator(mode="after")
    def _has_an_outcome(self) -> Source:
        if bool(self.templates) == bool(self.duplicate_of):
            raise ValueError("须写 templates（收入哪些模板）或 duplicate_of（与哪篇重复），二者有且只有一个")
        return self


class Rule(Row):
    """A numbered check. Numbers are never reused."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{1,2}$")]
    level: Literal["error", "hint"]
    title: Text
    why: Text
    fix: Text
    since: DateText


class Exemption(Row):
    """A finding that is accepted, with its reason. One that no longer fires is itself an error."""

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{1,2}$")]
    path: Text
    text: Text
    reason: Text


class ScheduleItem(Row):
    do: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    theme: Id
    on: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


class FrontMatter(Row):
    """The head of a template file. Nothing else is allowed there."""

    title: Annotated[str, StringConstraints(min_length=4, max_length=40)]
    sector: SectorId
    kind: Id
    audience: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    summary: Annotated[str, StringConstraints(min_length=6, max_length=120)]
    sources: list[SourceId] = []
    reviewed: date
    schedule: dict[Month, Annotated[list[ScheduleItem], Field(min_length=1, max_length=12)]] = {}
    unit: Annotated[str, StringConstraints(min_length=2, max_length=20)] | None = None
    words: dict[Id, Annotated[str, StringConstraints(min_length=1, max_length=20)]] = {}


class SharedFrontMatter(Row):
    """The head of a shared section, data/sections/<theme>/<name>.md."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    sectors: Annotated[list[SectorId], Field(min_length=1)]
    reviewed: date


class PageFrontMatter(Row):
    """The head of a page that is not a template (home, policies, guides)."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=160)] | None = None
    sector: SectorId | None = None
    hide: list[Literal["navigation", "toc", "path"]] = []


@dataclass(frozen=True)
class Finding:
    """One message of a check: where, what was found, what is expected, what to paste instead."""

    rule: str
    path: str
    line: int
    column: int
    found: str
    expected: str
    paste: str = ""
    level: Literal["error", "hint"] = "error"


@dataclass(frozen=True)
class Section:
    """A heading of a template with the lines below it, up to the next heading."""

    heading: str  # text without mark-up, numbering or attribute
    level: int  # 1, 2 or 3
    line: int  # 1-based line of the heading in the file
    theme: str | None
    id: str | None
    body: str
    body_line: int


@dataclass(frozen=True)
class Template:
    """A template file, read and validated."""

    path: str  # relative to the project, with forward slashes
    meta: FrontMatter  # or the front matter of a shared section or a page
    body: str
    body_line: int  # 1-based line of the file on which the body starts
    meta_lines: dict[str, int] = field(default_factory=dict, compare=False)
    sections: tuple[Section, ...] = ()

    @property
    def url(self) -> str:
        return self.path.removeprefix("docs/")


class LibraryError(Exception):
    """Data files or contributed files cannot be used; carries every finding."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__(f"{len(findings)} 处错误")
