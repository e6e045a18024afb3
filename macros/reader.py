"""The only file reader: data files, templates, shared sections and pages, with line numbers."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from . import yaml_source
from .model import (
    SECTOR_IDS, Blank, Example, Exemption, Finding, FrontMatter, Heading, Kind, LibraryError, Observance, Outdated,
    Phrase, Policy, ProperName, Row, Rule, Section, Sector, Source, Synonyms, Template, Theme, Variant, Word,
)
from .validation import line_of, validate

ROOT = Path(__file__).resolve().parents[1]

MAX_DATA_BYTES = 1_000_000
MAX_TEXT_BYTES = 64_000
MAX_LINE_CHARS = 1_500

DATA_RULE, BYTES_RULE, SIZE_RULE, HEAD_RULE, HEAD_KEYS_RULE = "Y1", "F2", "F3", "F4", "F5"


# --- bytes to text -----------------------------------------------------------------------------

_OS_PROBLEMS = {
    errno.ENOENT: "没有这个文件", errno.EACCES: "没有读写权限", errno.EPERM: "没有读写权限", errno.EISDIR: "是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹", errno.ENAMETOOLONG: "名称太长", errno.ENOSPC: "磁盘已满", errno.EROFS: "磁盘只能读",
}


def os_problem(error: OSError) -> str:
    """What kept the system from reading or writing a file, in Chinese."""
    return _OS_PROBLEMS.get(error.errno, f"系统错误 {error.errno}")


def read_text(root: Path, path: str, limit: int, rule: str = BYTES_RULE) -> str:
    """The text of a file, with line ends made \\n. Raises LibraryError for anything but bounded UTF-8."""
    file = root / path

    def fail(found: str, expected: str, line: int = 1, number: str = rule) -> LibraryError:
        return LibraryError([Finding(number, path, line, 1, found, expected)])

    try:
        if file.is_symlink():
            raise fail("是一个链接文件", "直接放入文件本身")
        size = file.stat().st_size
        if size > limit:
            raise fail(f"文件有 {size:,} 字节", f"不超过 {limit:,} 字节", number=SIZE_RULE if rule == BYTES_RULE else rule)
        raw = file.read_bytes()
    except OSError as error:
        raise fail(f"文件不能读取（{os_problem(error)}）", "一个可以读取的文本文件") from None
    if raw.startswith(b"\xef\xbb\xbf"):
        raise fail("文件开头有 BOM 标记", "UTF-8 编码，不带 BOM（另存为时选“UTF-8”）")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise fail("有不能识别的字节，可能是 GBK 编码", "UTF-8 编码（另存为时选“UTF-8”）", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- data files ----------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class Data:
    """All data files of the project, validated. Every list keeps the order of its file."""

    words: tuple[Word, ...]
    variants: tuple[Variant, ...]
    proper_names: tuple[ProperName, ...]
    sectors: dict[str, Sector]
    themes: dict[str, Theme]
    kinds: dict[str, Kind]
    headings: tuple[Heading, ...]
    fields: tuple[Blank, ...]
    policies: tuple[Policy, ...]
    phrases: tuple[Phrase, ...]
    outdated: tuple[Outdated, ...]
    observances: tuple[Observance, ...]
    sources: dict[str, Source]
    rules: dict[str, Rule]
    exemptions: tuple[Exemption, ...]
    examples: tuple[Example, ...]
    synonyms: tuple[Synonyms, ...]
    lines: dict[str, dict[yaml_source.Path, int]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def fields_by_label(self) -> dict[str, Blank]:
        return {blank.label: blank for blank in self.fields}

    @cached_property
    def policies_by_name(self) -> dict[str, Policy]:
        by_name = {policy.title: policy for policy in self.policies}
        by_name.update({policy.name: policy for policy in self.policies})
        return by_name

    @cached_property
    def phrases_by_name(self) -> dict[str, Phrase]:
        return {phrase.name: phrase for phrase in self.phrases}

    @cached_property
    def observances_by_name(self) -> dict[str, Observance]:
        by_name = {alias: item for item in self.observances for alias in item.aliases}
        by_name.update({item.name: item for item in self.observances})
        return by_name

    @cached_property
    def words_by_name(self) -> dict[str, Word]:
        return {word.name: word for word in self.words}

    @cached_property
    def heading_ids(self) -> dict[str, str]:
        """Text of a fixed heading -> its id."""
        return {name: heading.id for heading in self.headings for name in heading.names}


#: file name -> {top-level key: model of its rows}
_FILES: dict[str, dict[str, type[Row]]] = {
    "sectors.yml": {"words": Word, "variants": Variant, "proper_names": ProperName, "sectors": Sector},
    "themes.yml": {"themes": Theme},
    "kinds.yml": {"kinds": Kind},
    "headings.yml": {"headings": Heading},
    "fields.yml": {"fields": Blank},
    "policies.yml": {"policies": Policy},
    "phrases.yml": {"phrases": Phrase},
    "outdated.yml": {"outdated": Outdated},
    "observances.yml": {"observances": Observance},
    "sources.yml": {"sources": Source},
    "rules.yml": {"rules": Rule},
    "exemptions.yml": {"exemptions": Exemption},
    "examples.yml": {"examples": Example},
    "synonyms.yml": {"synonyms": Synonyms},
}
#: Rows that the macros and the new templates name themselves: (file, key, id).
_NEEDED = (("sectors.yml", "words", "union"), ("fields.yml", "fields", "sign-date"), ("headings.yml", "headings", "schedule"))


def _load_yaml(root: Path, path: str, keys: Iterable[str]) -> tuple[dict[str, Any], dict[yaml_source.Path, int]]:
    """A data file with just the top-level `keys`, and the line of every value. Raises LibraryError."""
    try:
        value, lines = yaml_source.load(read_text(root, path, MAX_DATA_BYTES, DATA_RULE), path, DATA_RULE)
    except yaml_source.YamlFault as fault:
        raise LibraryError(fault.findings) from None
    if isinstance(value, dict) and set(value) == set(keys):
        return value, lines
    line, found = 1, "文件是空的" if value is None else "不是“键: 值”的形式"
    if isinstance(value, dict):
        line = next((lines[(key,)] for key in value if key not in keys), 1)
        found = "顶层的键是 " + ("、".join(map(str, value)) or "（无）")
    raise LibraryError([Finding(DATA_RULE, path, line, 1, found, f"顶层只有 {'、'.join(keys)}")])


def _load_rows(
    rows: Any, key: str, model: type[Row], path: str, lines: dict[yaml_source.Path, int]
) -> tuple[list[Any], list[Finding]]:
    """The rows under a top-level key, and what is wrong with them. An id stands once."""
    if rows is None:
        return [], []
    if not isinstance(rows, list):
        return [], [Finding(DATA_RULE, path, lines[(key,)], 1, f"{key} 不是列表", "每项以“- ”开头")]
    built, findings, seen = [], [], set()
    for index, row in enumerate(rows):
        item, faults = validate(model, row, path, DATA_RULE, lines, (key, index))
        findings += faults
        ident = getattr(item, "id", None)
        if ident in seen:
            findings.append(Finding(DATA_RULE, path, lines[(key, index)], 1, f"id {ident} 写了两次", "每个 id 只用一次"))
        elif ident:
            seen.add(ident)
        built.append(item)
    return built, findings


def load_data(root: Path = ROOT) -> Data:
    """Read and validate every data file. Raises LibraryError with the faults of all files.

    What one row says about another is looked at once every row is sound.
    """
    findings: list[Finding] = []
    tables: dict[str, list[Any]] = {}
    lines_of: dict[str, dict[yaml_source.Path, int]] = {}
    for name, models in _FILES.items():
        path = f"data/{name}"
        try:
            value, lines_of[name] = _load_yaml(root, path, models)
        except LibraryError as fault:
            findings += fault.findings
            continue
        for key, model in models.items():
            tables[key], faults = _load_rows(value[key], key, model, path, lines_of[name])
            findings += faults
    if findings:
        raise LibraryError(findings)
    by_id = {key: {row.id: row for row in tables[key]} for key in ("sectors", "themes", "kinds", "sources", "rules")}
    lists = {key: tuple(rows) for key, rows in tables.items() if key not in by_id}
    data = Data(**by_id, **lists, lines=lines_of)
    if faults := _cross_check(data):
        raise LibraryError(faults)
    return data


class _Faults:
    """Collects what is wrong between rows, each with the line of the row."""

    def __init__(self, data: Data):
        self.findings: list[Finding] = []
        self._lines = data.lines

    def add(self, name: str, place: yaml_source.Path, found: str, expected: str) -> None:
        self.findings.append(Finding(DATA_RULE, f"data/{name}", line_of(place, self._lines[name]), 1, found, expected))

    def unique(self, name: str, key: str, names_of_rows: Iterable[Iterable[str]]) -> None:
        """No two rows go by the same name."""
        seen: set[str] = set()
        for index, names in enumerate(names_of_rows):
            for label in dict.fromkeys(names):
                if label in seen:
                    self.add(name, (key, index), f"名称“{label}”与前面重复", "名称各不相同")
                seen.add(label)


def _cross_check(data: Data) -> list[Finding]:
    """What one row says about another must be true, across all data files."""
    faults = _Faults(data)
    _check_names(data, faults)
    _check_sectors(data, faults)
    _check_references(data, faults)
    return faults.findings


def _check_names(data: Data, faults: _Faults) -> None:
    faults.unique("sectors.yml", "words", [[row.name] for row in data.words])
    faults.unique("fields.yml", "fields", [[row.label] for row in data.fields])
    faults.unique("policies.yml", "policies", [[row.name, row.title] for row in data.policies])
    faults.unique("phrases.yml", "phrases", [[row.name] for row in data.phrases])
    faults.unique("headings.yml", "headings", [row.names for row in data.headings])
    faults.unique("observances.yml", "observances", [[row.name, *row.aliases] for row in data.observances])
    faults.unique("synonyms.yml", "synonyms", [[*row.words, *row.said] for row in data.synonyms])
    for name, key, ident in _NEEDED:
        if ident not in {row.id for row in getattr(data, key)}:
            faults.add(name, (key,), f"{key} 缺少 id 为 {ident} 的一项", "保留这一项，宏和空模板要用")


def _check_sectors(data: Data, faults: _Faults) -> None:
    word_ids = {word.id for word in data.words}
    for index, sector in enumerate(data.sectors.values()):
        place = ("sectors", index)
        if missing := word_ids - set(sector.words):
            faults.add("sectors.yml", (*place, "words"), f"{sector.name}缺少 {'、'.join(sorted(missing))}", "每个行业写全所有的词")
        for part in ("words", "choices"):
            for word_id in sorted(set(getattr(sector, part)) - word_ids):
                faults.add("sectors.yml", (*place, part, word_id), f"没有定义的词 {word_id}", "先在 words 中定义")
        for word_id, choices in sector.choices.items():
            word = sector.words.get(word_id)
            if word and choices[:1] != [word]:
                faults.add("sectors.yml", (*place, "choices", word_id), f"第一个可选说法是“{''.join(choices[:1])}”", f"“{word}”放在第一位")
    for index, variant in enumerate(data.variants):
        for ident, words in variant.words.items():
            choices = data.sectors[ident].choices if ident in data.sectors else {}
            for word_id, text in words.items():
                if text not in choices.get(word_id, ()):
                    faults.add("sectors.yml", ("variants", index, "words", ident, word_id), f"“{text}”不是可选的说法", "该行业 choices 中已有的说法")
    if tuple(data.sectors) != SECTOR_IDS:
        faults.add("sectors.yml", ("sectors",), "行业为 " + ("、".join(data.sectors) or "（无）"), "依次为 " + "、".join(SECTOR_IDS))


def _check_references(data: Data, faults: _Faults) -> None:
    heading_ids = {heading.id for heading in data.headings}
    for index, kind in enumerate(data.kinds.values()):
        for heading in kind.headings:
            if heading not in heading_ids:
                faults.add("kinds.yml", ("kinds", index, "headings"), f"没有定义的标题 {heading}", "headings.yml 中的 id")
    policy_ids = {policy.id for policy in data.policies}
    for name, key, rows in (("phrases.yml", "phrases", data.phrases), ("outdated.yml", "outdated", data.outdated)):
        for index, row in enumerate(rows):
            if row.policy and row.policy not in policy_ids:
                faults.add(name, (key, index, "policy"), f"没有收录的法规 {row.policy}", "policies.yml 中的 id")
    kept = {source.id for source in data.sources.values() if source.templates}
    for index, source in enumerate(data.sources.values()):
        if source.duplicate_of and source.duplicate_of not in kept:
            faults.add("sources.yml", ("sources", index, "duplicate_of"), f"来源 {source.duplicate_of} 没有收录或也是重复的",
                       "本文件中写了 templates 的 id")
    _check_numbers(data, faults)
    for index, row in enumerate(data.synonyms):
        for key, named, name in (("kinds", row.kinds, "kinds.yml"), ("themes", row.themes, "themes.yml")):
            for ident in (ident for ident in named if ident not in getattr(data, key)):
                faults.add("synonyms.yml", ("synonyms", index, key), f"没有定义的 {ident}", f"{name} 中的 id")
    labels = {field.label for field in data.fields}
    for index, example in enumerate(data.examples):
        for label in sorted(set(example.values) - labels):
            faults.add("examples.yml", ("examples", index, "values", label), f"没有收录的空白“{label}”", "data/fields.yml 中的名称")
    for index, exemption in enumerate(data.exemptions):
        if exemption.rule not in data.rules:
            faults.add("exemptions.yml", ("exemptions", index, "rule"), f"没有这条规则 {exemption.rule}", "rules.yml 中的编号")


def _check_numbers(data: Data, faults: _Faults) -> None:
    """What fields.yml says of numbers in relation to each other."""
    names = {"number": "整数（number）", "money": "金额（money）"}
    of_type = {kind: {field.id for field in data.fields if field.type == kind} for kind in names}
    wholes = {field.id: field.part_of or [] for field in data.fields}

    def beyond(ident: str) -> set[str]:
        """All that a number is a part of, over however many steps."""
        reached: set[str] = set()
        left = [ident]
        while left:
            further = set(wholes.get(left.pop(), ())) - reached
            reached |= further
            left += further
        return reached

    for index, field in enumerate(data.fields):
        for key, ids in field.numbers.items():
            if not set(ids) <= of_type[field.type] - {field.id}:
                faults.add("fields.yml", ("fields", index, key), f"{key} 写的是 {'、'.join(ids)}", f"本文件中另外的{names[field.type]}的 id")
        if field.rate_of and not any(set(field.rate_of) <= same for same in of_type.values()):
            faults.add("fields.yml", ("fields", index, "rate_of"), f"rate_of 写的是 {'、'.join(field.rate_of)}", "本文件中两个整数（number）或者两个金额（money）的 id")
    for index, field in enumerate(data.fields):
        if field.id in beyond(field.id) - set(wholes[field.id]):
            faults.add("fields.yml", ("fields", index, "part_of"), f"part_of 绕了一圈，{field.id} 成了自己的一部分", "部分指向总数，总数不再指回部分")
            return  # the others of the ring have the same fault


# --- templates, shared sections and pages ---------------------------------------------------------

_HEADING = re.compile(r"^(#{1,6})(.*?)#*$")  # as Markdown takes it: the space after # may be absent
_ATTRIBUTES = re.compile(r"[ \t]*\{:[ \t]*([^{}]*?)[ \t]*\}$")
_ATTRIBUTE = re.compile(r"(theme|id)=([a-z0-9]+(?:-[a-z0-9]+)*)")


def parse_attributes(text: str) -> tuple[str, dict[str, str] | None]:
    """Split `文字 {: theme=x id=y }` into the text and its attributes; None when they are not of that form."""
    match = _ATTRIBUTES.search(text)
    if not match:
        return text, {}
    parts = match.group(1).split()
    pairs = [_ATTRIBUTE.fullmatch(part) for part in parts]
    if not parts or not all(pairs) or len({pair.group(1) for pair in pairs}) != len(pairs):
        return text[: match.start()], None
    return text[: match.start()], {pair.group(1): pair.group(2) for pair in pairs}


def split_front_matter(text: str, path: str) -> tuple[str, str, int]:
    """Front matter, body and the 1-based line on which the body starts. Raises LibraryError."""
    lines = text.split("\n")

    def fail(line: int, found: str, expected: str) -> LibraryError:
        return LibraryError([Finding(HEAD_RULE, path, line, 1, found, expected)])

    if lines[0] != "---":
        raise fail(1, f"第一行是“{lines[0][:30]}”", "第一行只写三个减号 ---，下面写文件头")
    for index, line in enumerate(lines[1:], 2):
        if line.rstrip() == "..." or line.startswith("..."):
            raise fail(index, "文件头里有一行“...”", "文件头用 --- 开始，用 --- 结束")
        if line.startswith("---"):
            if line != "---":
                raise fail(index, f"“{line[:30]}”", "文件头结束处只写三个减号 ---")
            return "\n".join(lines[1 : index - 1]), "\n".join(lines[index:]), index + 1
    raise fail(1, "文件头没有结束", "文件头末尾另起一行写 ---")


def parse_sections(body: str, body_line: int) -> tuple[Section, ...]:
    """Cut a body at its headings. Indented lines never count as headings; fenced code is not known here."""
    sections: list[Section] = []
    heading: tuple[str, int, int, str | None, str | None] | None = None
    collected: list[str] = []

    def close() -> None:
        if heading is not None:
            sections.append(Section(*heading, body="\n".join(collected).strip("\n"), body_line=heading[2] + 1))

    for offset, line in enumerate(body.split("\n")):
        if match := _HEADING.match(line):
            close()
            text, attributes = parse_attributes(match.group(2).strip())
            attributes = attributes or {}
            heading = (text, len(match.group(1)), body_line + offset, attributes.get("theme"), attributes.get("id"))
            collected = []
        else:
            collected.append(line)
    close()
    return tuple(sections)


def parse_template(text: str, path: str, model: type[BaseModel] = FrontMatter) -> Template:
    """Build a Template from the text of its file. Raises LibraryError."""
    head, body, body_line = split_front_matter(text, path)
    try:
        value, lines = yaml_source.load(head, path, HEAD_RULE, first_line=2)
    except yaml_source.YamlFault as fault:
        raise LibraryError(fault.findings) from None
    if not isinstance(value, dict):
        raise LibraryError([Finding(HEAD_RULE, path, 2, 1, "文件头不是“键: 值”的形式", "每行一个键，如 title: 学校工会年度工作计划")])
    meta, findings = validate(model, value, path, HEAD_KEYS_RULE, lines)
    if findings:
        raise LibraryError(findings)
    meta_lines = {".".join(map(str, place)): line for place, line in lines.items()}
    return Template(path, meta, body, body_line, meta_lines, parse_sections(body, body_line))


def is_template(path: str) -> bool:
    """Whether a project path is that of a template: docs/<sector>/<name>.md, the sector's index excepted."""
    match path.split("/"):
        case ["docs", sector, name]:
            return sector in SECTOR_IDS and name.endswith(".md") and name != "index.md"
    return False


def contributed_files(root: Path = ROOT) -> list[str]:
    """Every file that contributors write, as project paths: all below docs/<sector>/ and data/sections/."""
    folders = [root / "docs" / sector for sector in SECTOR_IDS] + [root / "data" / "sections"]
    return sorted(
        file.relative_to(root).as_posix()
        for folder in folders if folder.is_dir()
        for file in folder.rglob("*") if file.is_file() or file.is_symlink()
    )


def page_files(root: Path = ROOT) -> list[str]:
    """Markdown pages that are not below a sector folder."""
    contributed = {f"docs/{sector}" for sector in SECTOR_IDS}
    return sorted(
        path for file in (root / "docs").rglob("*.md")
        if "/".join((path := file.relative_to(root).as_posix()).split("/")[:2]) not in contributed
    )


@dataclass(frozen=True)
class Gazetteer:
    """Place names, surnames and posts, for finding what belongs to somebody."""

    provinces: tuple[str, ...]
    cities: tuple[str, ...]
    innocent: tuple[str, ...]
    surnames: tuple[str, ...]
    posts: tuple[str, ...]


def load_gazetteer(root: Path = ROOT) -> Gazetteer:
    """Read data/gazetteer.yml. Raises LibraryError."""
    path = "data/gazetteer.yml"
    value, lines = _load_yaml(root, path, Gazetteer.__annotations__)
    if findings := [
        Finding(DATA_RULE, path, lines[(key,)], 1, f"{key} 不是文字的列表", "列表，如 [甲, 乙]")
        for key, items in value.items()
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items)
    ]:
        raise LibraryError(findings)
    return Gazetteer(**{key: tuple(items) for key, items in value.items()})


@dataclass(frozen=True)
class Library:
    """Data, templates and shared sections, read together."""

    root: Path
    data: Data
    gazetteer: Gazetteer
    templates: tuple[Template, ...]
    shared: dict[str, Template]  # "finance/budget" -> section file


def _stamp(file: str) -> tuple[int, int] | None:
    """Changes when a file changes: its time and size; None without a file."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _data_cached(root: Path, stamps: tuple[tuple[int, int] | None, ...]) -> Data:
    return load_data(root)


def data_cached(root: Path = ROOT) -> Data:
    """load_data, read again only when a data file has changed."""
    return _data_cached(root, tuple(_stamp(f"{root}/data/{name}") for name in _FILES))
