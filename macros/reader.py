"""The only file reader: data files, templates, shared sections and pages, with line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from . import yaml_source
from .model import (
    SECTOR_IDS, Blank, Exemption, Finding, FrontMatter, Heading, Kind, LibraryError, Observance, Outdated,
    Phrase, Policy, Row, Rule, Section, Sector, Source, Template, Theme, Word,
)

ROOT = Path(__file__).resolve().parents[1]

MAX_DATA_BYTES = 1_000_000
MAX_TEXT_BYTES = 64_000
MAX_LINE_CHARS = 1_500

DATA_RULE, BYTES_RULE, SIZE_RULE, HEAD_RULE, HEAD_KEYS_RULE = "Y1", "F2", "F3", "F4", "F5"

_R = TypeVar("_R", bound=Row)


# --- bytes to text -----------------------------------------------------------------------------

def read_text(root: Path, path: str, limit: int, rule: str = BYTES_RULE) -> str:
    """The text of a file, with line ends made \\n. Raises LibraryError for anything but bounded UTF-8."""
    file = root / path

    def fail(found: str, expected: str, line: int = 1, column: int = 1, number: str = rule) -> LibraryError:
        return LibraryError([Finding(number, path, line, column, found, expected)])

    try:
        if file.is_symlink():
            raise fail("是一个链接文件", "直接放入文件本身")
        size = file.stat().st_size
        if size > limit:
            raise fail(f"文件有 {size:,} 字节", f"不超过 {limit:,} 字节", number=SIZE_RULE if rule == BYTES_RULE else rule)
        raw = file.read_bytes()
    except OSError as error:
        raise fail(f"文件不能读取（{error.strerror}）", "一个可以读取的文本文件") from None
    if raw.startswith(b"\xef\xbb\xbf"):
        raise fail("文件开头有 BOM 标记", "UTF-8 编码，不带 BOM（另存为时选“UTF-8”）")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise fail("有不能识别的字节，可能是 GBK 编码", "UTF-8 编码（另存为时选“UTF-8”）", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- validation messages ------------------------------------------------------------------------

def _expected(error: dict[str, Any]) -> tuple[str, str]:
    """What was found and what is expected, in Chinese, for one pydantic error."""
    kind, context = error["type"], error.get("ctx") or {}
    value = error.get("input")
    shown = f"“{value}”" if isinstance(value, (str, int, float)) else "这一项"
    name = error["loc"][-1] if error["loc"] else ""
    if kind == "missing":
        return f"缺少 {name}", f"写上 {name}"
    if kind == "extra_forbidden":
        return f"不认识的键 {name}", "只写规定的键"
    if kind == "literal_error":
        return shown, context.get("expected", "").replace(" or ", "、").replace(", ", "、")
    if kind in ("string_type",):
        return f"{shown}不是文字", "文字（必要时加引号）"
    if kind in ("string_too_short", "too_short"):
        return f"{shown}太短", f"至少 {context.get('min_length')} 个"
    if kind in ("string_too_long", "too_long"):
        return f"{str(value)[:40]}…太长", f"至多 {context.get('max_length')} 个"
    if kind == "string_pattern_mismatch":
        return shown, f"符合 {context.get('pattern')}"
    if kind in ("int_type", "int_parsing", "int_from_float"):
        return f"{shown}不是整数", "整数"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        return shown, f"{'不小于' if 'ge' in context else '不大于'} {bound}"
    if kind.startswith("date"):
        return f"{shown}不是日期", "日期写成 2026-11-22"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return f"{shown}不是“键: 值”的形式", "键: 值"
    if kind in ("list_type", "tuple_type"):
        return f"{shown}不是列表", "列表，如 [甲, 乙]"
    if kind == "value_error":
        return str(context.get("error", error["msg"])), "按文件开头的说明填写"
    return f"{shown}（{error['msg']}）", "按文件开头的说明填写"


def _validate(
    model: type[BaseModel], value: Any, path: str, rule: str, lines: dict, prefix: yaml_source.Path = ()
) -> tuple[Any, list[Finding]]:
    """Build a model; the findings name the line of each faulty value."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        findings = []
        for item in error.errors():
            place = (*prefix, *(part for part in item["loc"] if not (isinstance(part, str) and part == "[key]")))
            while place and place not in lines:
                place = place[:-1]
            found, expected = _expected(item)
            findings.append(Finding(rule, path, lines.get(place, lines.get((), 1)), 1, found, expected))
        return None, findings


# --- data files ----------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class Data:
    """All data files of the project, validated. Every list keeps the order of its file."""

    words: tuple[Word, ...]
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


#: file name -> [(top-level key, model, how a row is named when it must be unique)]
_FILES: dict[str, list[tuple[str, type[Row], str]]] = {
    "sectors.yml": [("words", Word, "id"), ("sectors", Sector, "id")],
    "themes.yml": [("themes", Theme, "id")],
    "kinds.yml": [("kinds", Kind, "id")],
    "headings.yml": [("headings", Heading, "id")],
    "fields.yml": [("fields", Blank, "id")],
    "policies.yml": [("policies", Policy, "id")],
    "phrases.yml": [("phrases", Phrase, "id")],
    "outdated.yml": [("outdated", Outdated, "id")],
    "observances.yml": [("observances", Observance, "id")],
    "sources.yml": [("sources", Source, "id")],
    "rules.yml": [("rules", Rule, "id")],
    "exemptions.yml": [("exemptions", Exemption, "")],
}


def load_data(root: Path = ROOT) -> Data:
    """Read and validate every data file. Raises LibraryError with all faults of all files."""
    findings: list[Finding] = []
    tables: dict[str, list[Any]] = {}
    lines_of: dict[str, dict[yaml_source.Path, int]] = {}
    for name, tables_of_file in _FILES.items():
        path = f"data/{name}"
        try:
            value, lines = yaml_source.load(read_text(root, path, MAX_DATA_BYTES, DATA_RULE), path, DATA_RULE)
        except (LibraryError, yaml_source.YamlFault) as fault:
            findings += fault.findings
            continue
        lines_of[name] = lines
        keys = [key for key, _, _ in tables_of_file]
        if not isinstance(value, dict) or set(value) != set(keys):
            found = "、".join(map(str, value)) if isinstance(value, dict) else "不是“键: 值”的形式"
            findings.append(Finding(DATA_RULE, path, 1, 1, f"顶层为 {found}", f"顶层只有 {'、'.join(keys)}"))
            continue
        for key, model, unique in tables_of_file:
            rows, seen = value[key] or [], set()
            if not isinstance(rows, list):
                findings.append(Finding(DATA_RULE, path, lines[(key,)], 1, f"{key} 不是列表", "每项以“- ”开头"))
                continue
            for index, row in enumerate(rows):
                built, faults = _validate(model, row, path, DATA_RULE, lines, (key, index))
                findings += faults
                if built is None:
                    continue
                if unique and (ident := getattr(built, unique)) in seen:
                    findings.append(Finding(
                        DATA_RULE, path, lines[(key, index)], 1, f"{unique} {ident} 写了两次", "每个 id 只用一次"))
                elif unique:
                    seen.add(ident)
                tables.setdefault(key, []).append(built)
    if findings:
        raise LibraryError(findings)
    data = Data(
        words=tuple(tables["words"]),
        sectors={row.id: row for row in tables["sectors"]},
        themes={row.id: row for row in tables["themes"]},
        kinds={row.id: row for row in tables["kinds"]},
        headings=tuple(tables["headings"]),
        fields=tuple(tables["fields"]),
        policies=tuple(tables["policies"]),
        phrases=tuple(tables["phrases"]),
        outdated=tuple(tables["outdated"]),
        observances=tuple(tables["observances"]),
        sources={row.id: row for row in tables["sources"]},
        rules={row.id: row for row in tables["rules"]},
        exemptions=tuple(tables.get("exemptions", [])),
        lines=lines_of,
    )
    if faults := _cross_check(data):
        raise LibraryError(faults)
    return data


def _cross_check(data: Data) -> list[Finding]:
    """What one row says about another must be true, across all data files."""
    findings: list[Finding] = []

    def fault(name: str, place: yaml_source.Path, found: str, expected: str) -> None:
        lines = data.lines[name]
        while place and place not in lines:
            place = place[:-1]
        findings.append(Finding(DATA_RULE, f"data/{name}", lines.get(place, 1), 1, found, expected))

    word_ids = {word.id for word in data.words}
    for index, sector in enumerate(data.sectors.values()):
        place = ("sectors", index)
        if missing := word_ids - set(sector.words):
            fault("sectors.yml", (*place, "words"), f"{sector.name}缺少 {'、'.join(sorted(missing))}", "每个行业写全所有的词")
        for word_id in sorted((set(sector.words) | set(sector.choices)) - word_ids):
            fault("sectors.yml", (*place, "words", word_id), f"没有定义的词 {word_id}", "先在 words 中定义")
        for word_id, choices in sector.choices.items():
            if word_id in sector.words and choices[:1] != [sector.words[word_id]]:
                fault("sectors.yml", (*place, "choices", word_id), f"第一个可选说法是“{choices[0] if choices else ''}”",
                      f"“{sector.words[word_id]}”放在第一位")
    if tuple(data.sectors) != SECTOR_IDS:
        fault("sectors.yml", ("sectors",), "行业为 " + "、".join(data.sectors), "、".join(SECTOR_IDS))

    def unique(name: str, key: str, labels: list[tuple[int, str]]) -> None:
        seen: dict[str, int] = {}
        for index, label in labels:
            if label in seen:
                fault(name, (key, index), f"名称“{label}”与前面重复", "名称各不相同")
            seen[label] = index

    unique("fields.yml", "fields", [(i, row.label) for i, row in enumerate(data.fields)])
    unique("policies.yml", "policies", [(i, row.name) for i, row in enumerate(data.policies)])
    unique("phrases.yml", "phrases", [(i, row.name) for i, row in enumerate(data.phrases)])
    unique("headings.yml", "headings", [(i, name) for i, row in enumerate(data.headings) for name in row.names])
    unique("observances.yml", "observances",
           [(i, name) for i, row in enumerate(data.observances) for name in (row.name, *row.aliases)])

    heading_ids = {heading.id for heading in data.headings}
    for index, kind in enumerate(data.kinds.values()):
        for heading in kind.headings:
            if heading not in heading_ids:
                fault("kinds.yml", ("kinds", index, "headings"), f"没有定义的标题 {heading}", "headings.yml 中的 id")
    policy_ids = {policy.id for policy in data.policies}
    for name, key, rows in (("phrases.yml", "phrases", data.phrases), ("outdated.yml", "outdated", data.outdated)):
        for index, row in enumerate(rows):
            if row.policy and row.policy not in policy_ids:
                fault(name, (key, index, "policy"), f"没有收录的法规 {row.policy}", "policies.yml 中的 id")
    for index, source in enumerate(data.sources.values()):
        if source.duplicate_of and source.duplicate_of not in data.sources:
            fault("sources.yml", ("sources", index, "duplicate_of"), f"没有收录的来源 {source.duplicate_of}", "本文件中的 id")
    for index, exemption in enumerate(data.exemptions):
        if exemption.rule not in data.rules:
            fault("exemptions.yml", ("exemptions", index, "rule"), f"没有这条规则 {exemption.rule}", "rules.yml 中的编号")
    return findings


# --- templates, shared sections and pages ---------------------------------------------------------

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*$")
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
    """Cut a body at its headings. Indented and fenced lines never count as headings."""
    sections: list[Section] = []
    heading: tuple[str, int, int, str | None, str | None] | None = None
    collected: list[str] = []

    def close() -> None:
        if heading is not None:
            sections.append(Section(*heading, body="\n".join(collected).strip("\n"), body_line=heading[2] + 1))

    for offset, line in enumerate(body.split("\n")):
        if match := _HEADING.match(line):
            close()
            text, attributes = parse_attributes(match.group(2))
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
    meta, findings = _validate(model, value, path, HEAD_KEYS_RULE, lines)
    if findings:
        raise LibraryError(findings)
    meta_lines = {".".join(map(str, place)): line for place, line in lines.items()}
    return Template(path, meta, body, body_line, meta_lines, parse_sections(body, body_line))


def is_template(path: str) -> bool:
    """Whether a project path is that of a template: docs/<sector>/<name>.md, the sector's index excepted."""
    parts = path.split("/")
    return len(parts) == 3 and parts[0] == "docs" and parts[1] in SECTOR_IDS and parts[2].endswith(".md") and parts[2] != "index.md"


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
    try:
        value, lines = yaml_source.load(read_text(root, path, MAX_DATA_BYTES, DATA_RULE), path, DATA_RULE)
    except yaml_source.YamlFault as fault:
        raise LibraryError(fault.findings) from None
    names = list(Gazetteer.__annotations__)
    findings = []
    if not isinstance(value, dict) or set(value) != set(names):
        findings.append(Finding(DATA_RULE, path, 1, 1, "顶层的键不对", "顶层只有 " + "、".join(names)))
    else:
        for key, items in value.items():
            if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
                findings.append(Finding(DATA_RULE, path, lines[(key,)], 1, f"{key} 不是文字的列表", "[甲, 乙]"))
    if findings:
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

    @cached_property
    def by_path(self) -> dict[str, Template]:
        return {template.path: template for template in self.templates}


def stamp(root: Path = ROOT) -> tuple[Any, ...]:
    """Changes when any data file or contributed file changes: name, size and time of each."""
    names = [f"data/{name}" for name in _FILES] + contributed_files(root)
    result = []
    for name in names:
        try:
            status = (root / name).lstat()
            result.append((name, status.st_mtime_ns, status.st_size))
        except OSError:
            result.append((name, None, None))
    return tuple(result)


@lru_cache(maxsize=4)
def _data_cached(root: Path, stamped: tuple[Any, ...]) -> Data:
    return load_data(root)


def data_cached(root: Path = ROOT) -> Data:
    """load_data, read again only when a data file has changed."""
    stamped = tuple(
        (name, (file := root / "data" / name).exists() and (file.stat().st_mtime_ns, file.stat().st_size)) for name in _FILES
    )
    return _data_cached(root, stamped)
