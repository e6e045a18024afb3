"""Data models: what the data files and the templates are made of. Imports nothing of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

SectorId = Literal["school", "hospital", "enterprise", "township", "agency"]
SectorOrAll = Literal["all", SectorId]
SECTOR_IDS: tuple[str, ...] = get_args(SectorId)
MIN_YEAR, MAX_YEAR = 2000, 2099

#: Pattern of a text -> what it asks for, in the words of a message.
PATTERN_WORDS: dict[str, str] = {}


def _shaped(pattern: str, words: str, **limits: int) -> StringConstraints:
    PATTERN_WORDS[pattern] = words
    return StringConstraints(pattern=pattern, **limits)


def _iso_text(value: Any) -> Any:
    """A date that YAML has read as such, as the text it was written as."""
    return value.isoformat() if type(value) is date else value


def _real_date(text: str) -> str:
    try:
        date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        raise ValueError(f"没有 {text} 这一天") from None
    return text


def _date_value(value: Any) -> Any:
    """A date that was put in quotes, as the date it means."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


Id = Annotated[str, _shaped(r"^[a-z0-9]+(-[a-z0-9]+)*$", "小写英文、数字和连字符，如 annual-plan", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]
#: Stands in a template as {{ 名称 }}.
MacroName = Annotated[str, _shaped(r"^[\u4e00-\u9fff]{1,10}$", "一个词，只用汉字")]
#: Stands in a template as 【名称】.
Label = Annotated[str, _shaped(r"^[\u4e00-\u9fff0-9A-Za-z]{1,30}$", "不超过 30 个汉字、字母或数字，不用标点")]
#: A full date, or year and month where the day was not verified.
DateText = Annotated[
    str, _shaped(r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$", "日期写成 2026-11-22，日子未核实的写成 2026-11"),
    BeforeValidator(_iso_text), AfterValidator(_real_date),
]
MonthDay = Annotated[str, _shaped(r"^[0-9]{2}-[0-9]{2}$", "月和日，写成 04-25")]
Reviewed = Annotated[date, BeforeValidator(_date_value)]
Month = Annotated[int, Field(ge=1, le=12)]
Year = Annotated[int, Field(ge=1900, le=2199)]


class Row(BaseModel):
    """A row of a data file: unknown keys are refused, values do not change, nothing is converted (yes is not 1)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Word(Row):
    id: Id
    name: MacroName
    hint: Text


class Sector(Row):
    id: SectorId
    name: Text
    summary: Text
    unit: Text
    words: dict[Id, Text]
    choices: dict[Id, list[Text]] = {}
    may_mention: list[SectorId] = []


class Variant(Row):
    """Words for units of a sort that their names tell."""

    name: Text
    when: Annotated[list[Text], Field(min_length=1)]  # parts of the unit's name
    but_not: list[Text] = []  # words that contain such a part and mean something else
    words: Annotated[dict[SectorId, dict[Id, Text]], Field(min_length=1)]


class ProperName(Row):
    """A name from laws and notices that has a word of one sector in it and is said in all."""

    name: Text


class Theme(Row):
    id: Id
    name: Text
    summary: Text
    variants: Text  # why the sections of this theme differ from one template to the next


class Kind(Row):
    id: Id
    name: Text
    summary: Text
    when: Text  # when this kind of paper is wanted
    when_not: Text  # and when another is
    title: Text
    length: Annotated[list[int], Field(min_length=2, max_length=2)]
    schedule: Literal["required", "optional", "none"]
    year_offset: int = 0
    past: bool = False  # tells of what is over, so never of a year that has not begun
    headings: list[Id]
    sectors: list[SectorId] = list(SECTOR_IDS)


class Heading(Row):
    id: Id
    names: list[Text]


def _listed(value: Any) -> Any:
    """One of several, written without the brackets."""
    return [value] if isinstance(value, str) else value


Several = Annotated[list[Id], Field(min_length=2)]


class Blank(Row):
    """A fill-in field: the label stands between 【】 in a template."""

    id: Id
    label: Label
    type: Literal["text", "number", "rate", "date", "money"]
    hint: Text
    example: Text
    part_of: Annotated[list[Id], BeforeValidator(_listed)] | None = None  # numbers that this one cannot exceed, each by itself
    part_of_sum: Several | None = None  # numbers that this one cannot exceed when they are added up
    sum_of: Several | None = None  # numbers that make this one when they are added up
    rate_of: Annotated[list[Id], Field(min_length=2, max_length=2)] | None = None  # the part and the whole that make this rate
    between: Annotated[list[int | None], Field(min_length=2, max_length=2)] | None = None  # the least and the most that it can be
    one_of: Annotated[list[int], Field(min_length=1)] | None = None  # all that it can be
    renewal: Annotated[list[Text], Field(min_length=1)] | None = None  # words of the work in a schedule by which what ends on this day is renewed
    own_year: bool = False  # a day that lies in the year that the text is about

    @model_validator(mode="after")
    def _relations_fit_the_type(self) -> Blank:
        for keys, types, words in (
            (("part_of", "part_of_sum", "sum_of"), ("number", "money"), "整数（number）和金额（money）"), (("between", "one_of"), ("number",), "整数（number）"),
            (("rate_of",), ("rate",), "百分比（rate）"), (("renewal", "own_year"), ("date",), "日期（date）"),
        ):
            if self.type not in types and (given := [key for key in keys if getattr(self, key)]):
                raise ValueError(f"只有{words}可以写 {'、'.join(given)}")
        if self.between:
            least, most = self.between
            if least is None and most is None:
                raise ValueError("between 两头都没有写数")
            if least is not None and most is not None and least > most:
                raise ValueError(f"between 的最少 {least} 大于最多 {most}")
        return self

    @property
    def numbers(self) -> dict[str, list[str]]:
        """Key -> the numbers of its own type that this one is compared with."""
        return {key: ids for key in ("part_of", "part_of_sum", "sum_of") if (ids := getattr(self, key))}


#: Kinds of documents, and with them the headings of the policies page.
Category = Literal[
    "law", "law-decision", "administrative-regulation", "annual-notice", "judicial-interpretation", "department-rule",
    "joint-rule", "joint-opinion", "joint-guidance", "union-rule", "union-plan", "central-document", "central-opinion",
    "party-rule", "party-campaign", "national-standard", "event", "speech", "phrase", "plan",
]


class Policy(Row):
    """A law, rule, congress or plan. Fields that were not verified are absent."""

    id: Id
    name: Text
    title: Text
    status: Literal["in_force", "expired", "ended", "event", "unverified"]
    category: Category | None = None
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
    sectors: list[SectorOrAll] = ["all"]

    @model_validator(mode="after")
    def _can_be_printed(self) -> Policy:
        if self.citable and not (self.cite and self.category):
            raise ValueError(f"状态为 {self.status} 的条目缺少 {'category' if self.cite else 'cite'}")
        return self

    @property
    def citable(self) -> bool:
        return self.status in ("in_force", "event")


class PhraseVersion(Row):
    since: Year = Field(alias="from")
    until: Year | None = None
    text: Text


def _versions_in_order(versions: list[PhraseVersion]) -> list[PhraseVersion]:
    for version in versions:
        if version.until is not None and version.until < version.since:
            raise ValueError(f"使用年度的终点 {version.until} 早于起点 {version.since}")
    for earlier, later in zip(versions, versions[1:], strict=False):
        if earlier.until is None or earlier.until >= later.since:
            raise ValueError(f"{later.since} 年起的文字与前一条的使用年度重叠")
    return versions


class Phrase(Row):
    id: Id
    name: Text
    note: Text
    checked: DateText
    policy: Id | None = None
    versions: Annotated[list[PhraseVersion], Field(min_length=1), AfterValidator(_versions_in_order)]

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
                raise ValueError(f"正则表达式“{pattern}”从第 {(error.pos or 0) + 1} 个字符起有误") from None
        return self


SOLAR_TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)
#: Type of a date rule -> the parts it is made of.
RULE_PARTS: dict[str, set[str]] = {
    "fixed": {"month", "day"}, "lunar": {"month", "day"}, "lunar_new_year_eve": set(), "solar_term": {"term"},
    "nth_weekday": {"month", "n", "weekday"}, "last_weekday": {"month", "weekday"}, "week_containing": {"month", "day"},
    "range": {"start", "end"}, "month": {"month"}, "season": {"from_month", "to_month"}, "announced": set(),
}


def _is_in_every_year(month: int, day: int) -> bool:
    try:
        date(2001, month, day)
    except ValueError:
        return False
    return True


class DateRule(Row):
    """When an observance takes place. A rule that is accepted gives a date in every year."""

    type: Literal[
        "fixed", "lunar", "lunar_new_year_eve", "solar_term", "nth_weekday", "last_weekday",
        "week_containing", "range", "month", "season", "announced",
    ]
    month: Month | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    n: Annotated[int, Field(ge=1, le=4)] | None = None  # not every month has a fifth one
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    term: Text | None = None
    start: MonthDay | None = None
    end: MonthDay | None = None
    from_month: Month | None = None
    to_month: Month | None = None

    @model_validator(mode="after")
    def _has_just_its_parts(self) -> DateRule:
        given = {name for name in type(self).model_fields if name != "type" and getattr(self, name) is not None}
        needs = RULE_PARTS[self.type]
        if given != needs:
            raise ValueError(f"日期规则 {self.type} 应当写 {'、'.join(sorted(needs)) or '（无）'}，"
                             f"实际写了 {'、'.join(sorted(given)) or '（无）'}")
        return self

    @model_validator(mode="after")
    def _gives_a_date_in_every_year(self) -> DateRule:
        match self.type:
            case "fixed" | "week_containing":
                if not _is_in_every_year(self.month, self.day):
                    raise ValueError(f"不是每年都有{self.month}月{self.day}日")
            case "lunar":
                # later months may begin after the end of the Gregorian year; not every month has 30 days
                if self.month > 10 or self.day > 29:
                    raise ValueError(f"农历{self.month}月{self.day}日不是每个公历年都有一次")
            case "solar_term":
                if self.term not in SOLAR_TERMS:
                    raise ValueError(f"没有节气“{self.term}”")
            case "range":
                for text in (self.start, self.end):
                    if not _is_in_every_year(*map(int, text.split("-"))):
                        raise ValueError(f"不是每年都有 {text}")
                if self.start > self.end:
                    raise ValueError(f"起止日期 {self.start} 至 {self.end} 颠倒")
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
    sectors: list[SectorOrAll]
    holiday: Text | None = None
    days_off: float | None = None
    activity: Text | None = None
    importance: Literal["high", "normal"]
    note: Text | None = None


SourceId = Annotated[str, _shaped(r"^[0-9]{3}-[0-9]$", "来源编号，如 003-1")]


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


RuleId = Annotated[str, _shaped(r"^[A-Z][0-9]{1,2}$", "规则编号，如 F1")]


class Rule(Row):
    """A numbered check. Numbers are never reused."""

    id: RuleId
    level: Literal["error", "hint"]
    title: Text
    why: Text
    fix: Text
    since: DateText


class Exemption(Row):
    """A finding that is accepted, with its reason. One that no longer fires is itself an error."""

    rule: RuleId
    path: Text
    text: Text
    reason: Text


class Example(Row):
    """A template filled in for an invented unit."""

    id: SectorId
    template: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9-]+$")]
    unit: Text
    year: Year
    note: Text
    values: dict[str, Text]  # label of a blank -> what the unit wrote


SearchWord = Annotated[str, StringConstraints(min_length=1, max_length=20, to_lower=True)]


class Synonyms(Row):
    """Words that mean the same to a reader who searches, and what they point to."""

    words: Annotated[list[SearchWord], Field(min_length=1)]
    said: list[SearchWord] = []  # other ways to ask for the same; only read in a query, not looked for in the texts
    sectors: list[SectorId] = []
    kinds: list[Id] = []
    themes: list[Id] = []
    periods: list[Literal["year", "first-half", "second-half", "any"]] = []
    strict: bool = False  # these words alone do not make a text an answer: "学校" stands in many
    filler: bool = False  # words that do not change what is looked for


class ScheduleItem(Row):
    do: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    theme: Id
    observance: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


#: Keys of front matter must be words: Zensical refuses numbers there.
MonthKey = Annotated[str, _shaped(r"^(1[0-2]|[1-9])月$", "1月 到 12月")]


class FrontMatter(Row):
    """The head of a template file. Nothing else is allowed there."""

    title: Annotated[str, StringConstraints(min_length=4, max_length=40)]
    sector: SectorId
    kind: Id
    audience: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    summary: Annotated[str, StringConstraints(min_length=6, max_length=120)]
    sources: list[SourceId] = []
    reviewed: Reviewed
    schedule: dict[MonthKey, Annotated[list[ScheduleItem], Field(min_length=1, max_length=12)]] = {}
    unit: Annotated[str, StringConstraints(min_length=2, max_length=20)] | None = None
    words: dict[Id, Annotated[str, StringConstraints(min_length=1, max_length=20)]] = {}

    @property
    def months(self) -> list[tuple[int, list[ScheduleItem]]]:
        """The schedule as (month, items), in the order of the file."""
        return [(int(key.removesuffix("月")), items) for key, items in self.schedule.items()]


class SharedFrontMatter(Row):
    """The head of a shared section, data/sections/<theme>/<name>.md."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    sectors: Annotated[list[SectorId], Field(min_length=1)]
    reviewed: Reviewed


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

    def __reduce__(self) -> tuple[type[LibraryError], tuple[list[Finding]]]:
        return type(self), (self.findings,)
