"""Reading data files and Markdown files: whatever is wrong, the reader says where and what, in Chinese."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import markdown
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from macros import listings, model, reader
from macros.model import Finding, LibraryError

#: data file -> the key of its rows (the last one where there are two).
SHIPPED = {file.name: yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) for file in sorted((ROOT / "data").glob("*.yml"))}
KEYS = {name: list(tables)[-1] for name, tables in SHIPPED.items() if name != "gazetteer.yml"}
FILES = [*KEYS, "gazetteer.yml"]
EXEMPTION = {"rule": "F9", "path": "docs/school/x.md", "text": "正文", "reason": "试"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder with the data files only."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("sections"))
    return tmp_path


def all_faults(root: Path) -> list[Finding]:
    """What is wrong with the data files; each message is checked for clearness."""
    found: list[Finding] = []
    for load in (reader.load_data, reader.load_gazetteer):
        try:
            load(root)
        except LibraryError as fault:
            found += fault.findings
    for finding in found:
        assert finding.path.startswith("data/") and finding.line >= 1 and finding.rule == "Y1"
        for words in (finding.found, finding.expected):
            assert re.search(r"[\u4e00-\u9fff]", words), words
            assert not re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}|[\[{]'|\^|None|True|False", words), words
    return found


def by_file(root: Path) -> dict[str, Finding]:
    """The faults of files that have just one each."""
    found = all_faults(root)
    faults = {finding.path.removeprefix("data/"): finding for finding in found}
    assert len(faults) == len(found), found
    return faults


def the_fault(root: Path) -> Finding:
    """The only thing that is wrong."""
    found = all_faults(root)
    assert len(found) == 1, found
    return found[0]


def row_of(name: str) -> dict[str, Any]:
    """A sound row of a data file."""
    rows = SHIPPED[name][KEYS[name]] or [EXEMPTION]
    return dict(rows[0])


def append(root: Path, name: str, row: Any) -> int:
    """Put a row at the end of a data file. Returns its line."""
    file = root / "data" / name
    text = file.read_text("utf-8").rstrip("\n").replace(f"\n{KEYS[name]}: []", f"\n{KEYS[name]}:")
    text += "\n  - " + json.dumps(row, ensure_ascii=False)
    file.write_text(text, "utf-8")
    return text.count("\n") + 1


def replace(root: Path, name: str, old: str, new: str) -> int:
    """Replace the first place of a text in a data file. Returns its line."""
    file = root / "data" / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


# --- every data file, broken in the ways files break: one run tells the faults of all ---------------------


def test_the_data_files_of_the_project_are_sound(root):
    """What is shipped loads, and so does its copy."""
    assert all_faults(ROOT) == all_faults(root) == []


def test_missing_files(root):
    """Each data file that is not there is named."""
    for name in FILES:
        (root / "data" / name).unlink()
    faults = by_file(root)
    assert set(faults) == set(FILES) and all("没有这个文件" in fault.found for fault in faults.values())


def test_missing_folder(tmp_path):
    """Without a data folder every file is named as missing."""
    assert set(by_file(tmp_path)) == set(FILES)


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有说明\n"])
def test_empty_files(root, text):
    """A file without content is called empty."""
    for name in FILES:
        (root / "data" / name).write_text(text, "utf-8")
    assert {name: fault.found for name, fault in by_file(root).items()} == dict.fromkeys(FILES, "文件是空的")


@pytest.mark.parametrize("start", ['\n  - {id: a, "', "\n  - [甲, {乙", "\n\t- 甲", "\n  - 甲: 乙: 丙", "\n ]"])
def test_half_written_yaml(root, start):
    """Files that break off are named, with the line on which reading ended."""
    for name in FILES:
        (root / "data" / name).write_text(f"{KEYS.get(name, 'provinces')}:{start}", "utf-8")
    faults = by_file(root)
    assert set(faults) == set(FILES)
    assert all(2 <= fault.line <= 3 and "YAML 写法有误" in fault.found for fault in faults.values())


def test_wrong_top_keys(root):
    """A misspelt top-level key is named with its line and with what belongs there."""
    keys = {name: KEYS.get(name, "provinces") for name in FILES}
    lines = {name: replace(root, name, f"\n{key}:", f"\n{key}s:") + 1 for name, key in keys.items()}
    faults = by_file(root)
    assert {name: fault.line for name, fault in faults.items()} == lines
    assert all(f"{keys[name]}s" in fault.found and keys[name] in fault.expected for name, fault in faults.items())


@pytest.mark.parametrize("text", ["- 甲\n", "甲\n", "7\n"])
def test_top_level_is_no_mapping(root, text):
    """A list or a bare word at the top is refused."""
    for name in FILES:
        (root / "data" / name).write_text(text, "utf-8")
    assert {name: fault.found for name, fault in by_file(root).items()} == dict.fromkeys(FILES, "不是“键: 值”的形式")


def test_wrong_encoding(root):
    """Files saved as GBK are named with the first line that cannot be read."""
    for name in FILES:
        file = root / "data" / name
        file.write_bytes(b"# plain\n" + file.read_text("utf-8").encode("gb18030"))
    faults = by_file(root)
    assert set(faults) == set(FILES) and all(fault.line == 2 and "GBK" in fault.found for fault in faults.values())


def test_byte_order_marks(root):
    """A BOM is refused, as it would become part of the first key."""
    for name in FILES:
        file = root / "data" / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    faults = by_file(root)
    assert set(faults) == set(FILES) and all("BOM" in fault.found for fault in faults.values())


def test_link_folder_and_oversize_are_refused(root):
    """Data must be plain files of bounded size."""
    data = root / "data"
    (data / "themes.yml").rename(data / "elsewhere.txt")
    (data / "themes.yml").symlink_to(data / "elsewhere.txt")
    (data / "kinds.yml").unlink()
    (data / "kinds.yml").mkdir()
    (data / "rules.yml").write_text("#" * (reader.MAX_DATA_BYTES + 1))
    faults = by_file(root)
    assert set(faults) == {"themes.yml", "kinds.yml", "rules.yml"}
    assert "链接" in faults["themes.yml"].found and "文件夹" in faults["kinds.yml"].found and "字节" in faults["rules.yml"].found


def test_a_key_written_twice(root):
    """YAML would silently keep the last of two equal keys."""
    line = replace(root, "themes.yml", "{id: guidance,", "{id: guidance, id: other,")
    fault = the_fault(root)
    assert fault.line == line and "写了两次" in fault.found


# --- rows --------------------------------------------------------------------------------------------------


def test_unknown_keys(root):
    """A key that is not known is named, with the keys that are."""
    lines = {name: append(root, name, {**row_of(name), "colour": "red"}) for name in KEYS}
    faults = by_file(root)
    assert {name: (fault.line, fault.found) for name, fault in faults.items()} == {
        name: (line, "不认识的键 colour") for name, line in lines.items()}
    assert all(key in faults[name].expected for name in KEYS for key in row_of(name))


def test_missing_keys(root):
    """A key that must be there is named."""
    keys = {name: {"exemptions.yml": "reason", "synonyms.yml": "words"}.get(name) or list(row_of(name))[1] for name in KEYS}
    lines = {name: append(root, name, {k: v for k, v in row_of(name).items() if k != key}) for name, key in keys.items()}
    assert {name: (fault.line, fault.found) for name, fault in by_file(root).items()} == {
        name: (lines[name], f"缺少 {key}") for name, key in keys.items()}


def test_duplicate_ids(root):
    """An id used twice is reported on the second line."""
    with_ids = [name for name in KEYS if name not in ("exemptions.yml", "synonyms.yml")]
    lines = {name: append(root, name, row_of(name)) for name in with_ids}
    assert {name: (fault.line, fault.found) for name, fault in by_file(root).items()} == {
        name: (lines[name], f"id {row_of(name)['id']} 写了两次") for name in with_ids}


@pytest.mark.parametrize("row", ["甲", ["甲"], None, 7])
def test_rows_are_no_mappings(root, row):
    """A row that is a bare word, a list, nothing or a number is refused."""
    lines = {name: append(root, name, row) for name in KEYS}
    faults = by_file(root)
    assert {name: fault.line for name, fault in faults.items()} == lines
    assert all("不是“键: 值”的形式" in fault.found for fault in faults.values())


def test_rows_are_no_list(root):
    """A word where the list of rows belongs is refused."""
    for name, key in KEYS.items():
        text = (root / "data" / name).read_text("utf-8")
        (root / "data" / name).write_text(re.sub(rf"(?ms)^{key}:.*", f"{key}: 甲\n", text), "utf-8")
    assert {name: fault.found for name, fault in by_file(root).items()} == {name: f"{key} 不是列表" for name, key in KEYS.items()}


@pytest.mark.parametrize("value", [True, 7, None, ["甲"], {"甲": 1}])
def test_texts_that_yaml_read_as_something_else(root, value):
    """An unquoted yes, a number, nothing, a list or a mapping is no text: the key and the remedy are named."""
    special = {"exemptions.yml": "reason", "headings.yml": "id", "outdated.yml": "instead", "rules.yml": "title"}
    keys = {name: special.get(name, list(row_of(name))[1]) for name in KEYS if name != "synonyms.yml"}  # it has lists only
    lines = {name: append(root, name, {**row_of(name), key: value}) for name, key in keys.items()}
    faults = by_file(root)
    assert {name: fault.line for name, fault in faults.items()} == lines
    assert all(faults[name].found.startswith(f"{key} 是") and "加引号" in faults[name].expected for name, key in keys.items())


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "true"])
def test_words_that_yaml_takes_for_booleans_are_not_taken_for_numbers(root, word):
    """An unquoted yes, no, on or off is neither text nor 1."""
    replace(root, "fields.yml", "label: 会员人数", f"label: {word}")
    replace(root, "kinds.yml", "year_offset: -1", f"year_offset: {word}")
    replace(root, "observances.yml", "days_off: 1", f"days_off: {word}")
    replace(root, "observances.yml", "month: 1, day: 1", f"month: {word}, day: 1")
    found = all_faults(root)
    assert [fault.path for fault in found] == ["data/kinds.yml", "data/fields.yml"] + ["data/observances.yml"] * 2
    assert all("yes、no" in fault.found + fault.expected for fault in found)


def test_the_key_on_stays_a_word(root):
    """YAML 1.1 reads the key `on` as true; the message shows what was written."""
    append(root, "themes.yml", {**row_of("themes.yml"), "on": "x"})
    assert the_fault(root).found == "不认识的键 on"


#: file, changes to a sound row, part of what was found, part of what is expected
BAD_VALUES = [
    ("fields.yml", {"id": "Member_Count"}, "Member_Count", "小写英文"),
    ("fields.yml", {"id": "x" * 61}, "太长", "60"),
    ("fields.yml", {"label": "会员（人数）"}, "会员（人数）", "不用标点"),
    ("fields.yml", {"label": "会" * 31}, "label", "30"),
    ("fields.yml", {"type": "integer"}, "integer", "text、number、rate、date、money"),
    ("fields.yml", {"hint": ""}, "太短", "至少 1 个字"),
    ("fields.yml", {"part_of": "staff-count"}, "只有整数（number）和金额（money）可以写 part_of", ""),
    ("fields.yml", {"type": "rate", "sum_of": ["member-count", "staff-count"]}, "只有整数（number）和金额（money）可以写 sum_of", ""),
    ("fields.yml", {"type": "number", "part_of_sum": ["staff-count"]}, "项数太少", "至少 2 项"),
    ("fields.yml", {"type": "money", "between": [1, 3]}, "只有整数（number）可以写 between", ""),
    ("fields.yml", {"type": "number", "between": [3]}, "项数太少", "至少 2 项"),
    ("fields.yml", {"type": "number", "between": ["三", None]}, "between 是“三”，不是整数", "不加引号"),
    ("fields.yml", {"type": "number", "between": [None, None]}, "between 两头都没有写数", ""),
    ("fields.yml", {"type": "number", "between": [3, 1]}, "最少 3 大于最多 1", ""),
    ("fields.yml", {"type": "number", "one_of": []}, "项数太少", ""),
    ("fields.yml", {"type": "number", "renewal": ["提出续订要求"]}, "只有日期", ""),
    ("fields.yml", {"type": "date", "renewal": "提出续订要求"}, "不是列表", ""),
    ("fields.yml", {"type": "number", "own_year": True}, "只有日期", ""),
    ("fields.yml", {"type": "number", "rate_of": ["member-count", "staff-count"]}, "只有百分比", ""),
    ("policies.yml", {"issued": "2026-13-45"}, "2026-13-45", "按文件开头的说明"),
    ("policies.yml", {"issued": "2026-02-30"}, "没有 2026-02-30 这一天", ""),
    ("policies.yml", {"issued": "2026-13"}, "没有 2026-13 这一天", ""),
    ("policies.yml", {"issued": "2026年3月"}, "2026年3月", "2026-11-22"),
    ("policies.yml", {"status": "valid"}, "valid", "in_force"),
    ("policies.yml", {"category": "leaflet"}, "leaflet", "law"),
    ("policies.yml", {"cite": None}, "缺少 cite", ""),
    ("policies.yml", {"category": None}, "缺少 category", ""),
    ("policies.yml", {"sectors": ["shop"]}, "shop", "all、school、hospital、enterprise、township、agency"),
    ("policies.yml", {"sectors": "all"}, "不是列表", "列表"),
    ("outdated.yml", {"regex": ["十四五(规划"]}, "十四五(规划", ""),
    ("outdated.yml", {"regex": ["[甲"]}, "[甲", ""),
    ("outdated.yml", {"action": "delete"}, "delete", "replace、remove、flag"),
    ("phrases.yml", {"versions": []}, "项数太少", "至少 1 项"),
    ("phrases.yml", {"versions": [{"from": 1800, "text": "甲"}]}, "1800", "不小于 1900"),
    ("phrases.yml", {"versions": [{"from": 2300, "text": "甲"}]}, "2300", "不大于 2199"),
    ("phrases.yml", {"versions": [{"from": "2026", "text": "甲"}]}, "不是整数", "不加引号"),
    ("phrases.yml", {"versions": [{"from": 2026, "until": 2025, "text": "甲"}]}, "早于起点", ""),
    ("phrases.yml", {"versions": [{"from": 2026, "text": "甲"}, {"from": 2028, "text": "乙"}]}, "重叠", ""),
    ("phrases.yml", {"versions": [{"from": 2028, "text": "甲"}, {"from": 2026, "until": 2027, "text": "乙"}]}, "重叠", ""),
    ("phrases.yml", {"versions": [{"since": 2026, "from": 2026, "text": "甲"}]}, "不认识的键 since", "from、until、text"),
    ("kinds.yml", {"length": [1, 2, 3]}, "项数太多", "至多 2 项"),
    ("kinds.yml", {"length": [1]}, "项数太少", "至少 2 项"),
    ("kinds.yml", {"length": ["一", 2]}, "不是整数", "整数"),
    ("kinds.yml", {"schedule": "maybe"}, "maybe", "required、optional、none"),
    ("kinds.yml", {"sectors": ["school", "shop"]}, "shop", "school"),
    ("sectors.yml", {"id": "shop"}, "shop", "school、hospital"),
    ("sectors.yml", {"words": {"Staff": "职工"}}, "键“Staff”", "小写英文"),
    ("sectors.yml", {"words": ["职工"]}, "不是“键: 值”的形式", "键: 值"),
    ("sources.yml", {"id": "3-1"}, "3-1", "003-1"),
    ("sources.yml", {"templates": [], "duplicate_of": None}, "有且只有一个", ""),
    ("sources.yml", {"templates": ["school/x.md"], "duplicate_of": "003-1"}, "有且只有一个", ""),
    ("rules.yml", {"id": "F100"}, "F100", "规则编号"),
    ("rules.yml", {"level": "warning"}, "warning", "error、hint"),
    ("rules.yml", {"since": "昨天"}, "昨天", "2026-11-22"),
    ("exemptions.yml", {"rule": "f1"}, "f1", "规则编号"),
    ("observances.yml", {"importance": "low"}, "low", "high、normal"),
    ("observances.yml", {"days_off": "三"}, "不是数", "数"),
    ("observances.yml", {"ordinal": {"kind": "count"}}, "缺少 first_year", ""),
    ("observances.yml", {"ordinal": {"kind": "count", "first_year": 2000, "x": 1}}, "不认识的键 x", "kind、first_year"),
]


def test_bad_values(root):
    """Each bad value gives one message that shows the value and says what belongs there; one run tells all."""
    lines = [append(root, name, {**row_of(name), **change}) for name, change, _, _ in BAD_VALUES]
    told = {(fault.path, fault.line): fault for fault in all_faults(root)}
    assert len(told) == len(BAD_VALUES) == len(all_faults(root))
    for line, (name, _, found, expected) in zip(lines, BAD_VALUES, strict=True):
        fault = told[f"data/{name}", line]
        assert found in fault.found and expected in fault.expected, fault


BAD_RULES = [
    ({"type": "fixed", "month": 2, "day": 29}, "不是每年都有2月29日"),
    ({"type": "fixed", "month": 4, "day": 31}, "不是每年都有4月31日"),
    ({"type": "fixed", "month": 4}, "day"),
    ({"type": "fixed", "month": 4, "day": 1, "n": 2}, "实际写了 day、month、n"),
    ({"type": "fixed", "month": 13, "day": 1}, "13"),
    ({"type": "fixed", "month": 1, "day": 32}, "32"),
    ({"type": "fixed", "month": 1, "day": 0}, "0"),
    ({"type": "weekly"}, "weekly"),
    ({"type": "lunar", "month": 12, "day": 8}, "农历12月8日"),
    ({"type": "lunar", "month": 5, "day": 30}, "农历5月30日"),
    ({"type": "lunar_new_year_eve", "day": 1}, "应当写 （无）"),
    ({"type": "solar_term", "term": "清名"}, "清名"),
    ({"type": "solar_term", "term": "DONG_ZHI"}, "DONG_ZHI"),
    ({"type": "nth_weekday", "month": 5, "n": 5, "weekday": 7}, "5"),
    ({"type": "nth_weekday", "month": 5, "n": 2, "weekday": 8}, "8"),
    ({"type": "week_containing", "month": 2, "day": 30}, "不是每年都有2月30日"),
    ({"type": "range", "start": "05-01", "end": "04-25"}, "颠倒"),
    ({"type": "range", "start": "02-30", "end": "04-25"}, "不是每年都有 02-30"),
    ({"type": "range", "start": "4月25日", "end": "05-01"}, "4月25日"),
    ({"type": "season", "from_month": 12}, "to_month"),
    ({}, "缺少 type"),
]


def test_bad_date_rules(root):
    """A rule that gives no date in some year is refused when it is read, not when a page is built."""
    rest = {"id": "new-one", "name": "新节日", "sectors": ["all"], "importance": "normal"}
    lines = [append(root, "observances.yml", {**rest, "rule": rule}) for rule, _ in BAD_RULES]
    faults = all_faults(root)
    assert [fault.line for fault in faults] == lines
    assert [found for fault, (_, found) in zip(faults, BAD_RULES, strict=True) if found not in fault.found] == []


def test_dates_may_be_written_with_or_without_quotes(root):
    """YAML reads an unquoted date as a date; both spellings give the same text."""
    replace(root, "policies.yml", 'issued: "1992-04-03"', "issued: 1992-04-03")
    assert reader.load_data(root).policies[0].issued == reader.load_data(ROOT).policies[0].issued == "1992-04-03"


@pytest.mark.parametrize("bad", ["provinces: 甲", "provinces: [甲, 7]", "provinces: [甲, yes]", "provinces:"])
def test_gazetteer_lists_are_lists_of_words(root, bad):
    """A list of names holds only words."""
    file = root / "data/gazetteer.yml"
    text = re.sub(r"(?ms)^provinces:.*?(?=^[a-z]+:)", bad + "\n", file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    fault = the_fault(root)
    assert (fault.path, fault.found) == ("data/gazetteer.yml", "provinces 不是文字的列表")
    assert text.split("\n")[fault.line - 1].startswith("provinces")


# --- what one file says about another --------------------------------------------------------------------------


def row(ident: str, file: str, /, **changes: Any) -> Callable[[Path], int]:
    """A way to break the data: append a changed row."""
    return lambda root: append(root, file, {**row_of(file), "id": ident, **changes})


def edit(name: str, old: str, new: str) -> Callable[[Path], int]:
    """A way to break the data: replace a text."""
    return lambda root: replace(root, name, old, new)


WRONG_REFERENCES = [
    (row("new", "fields.yml", label="会员人数"), "名称“会员人数”与前面重复"),
    (row("new", "fields.yml", label="新空白", type="number", part_of="no-field"), "part_of 写的是 no-field"),
    (row("new", "fields.yml", label="新空白", type="number", part_of="activity-rate"), "part_of 写的是 activity-rate"),
    (row("new", "fields.yml", label="新空白", type="number", part_of=["staff-count", "new"]), "part_of 写的是 staff-count、new"),
    (row("new", "fields.yml", label="新空白", type="money", part_of="staff-count"), "part_of 写的是 staff-count"),
    (row("new", "fields.yml", label="新空白", type="number", part_of_sum=["staff-count", "no-field"]), "part_of_sum 写的是 staff-count、no-field"),
    (row("new", "fields.yml", label="新空白", type="number", sum_of=["staff-count", "budget-total"]), "sum_of 写的是 staff-count、budget-total"),
    (edit("fields.yml", 'example: "134"}', 'example: "134", part_of: member-count}'), "part_of 绕了一圈，member-count 成了自己的一部分"),
    (row("new", "fields.yml", label="新空白", type="rate", rate_of=["member-count", "budget-total"]), "rate_of 写的是 member-count、budget-total"),
    (row("new", "policies.yml", title="别的"), "名称“工会法”与前面重复"),
    (row("new", "policies.yml", name="别的"), "名称“中华人民共和国工会法”与前面重复"),
    (row("new", "policies.yml", name="别的", title="工会法"), "名称“工会法”与前面重复"),
    (row("new", "phrases.yml"), "名称“指导思想”与前面重复"),
    (row("new", "headings.yml", names=["新标题", "重点任务"]), "名称“重点任务”与前面重复"),
    (row("new", "observances.yml", name="新节日", aliases=["三八节"]), "名称“三八节”与前面重复"),
    (edit("sectors.yml", "{id: ethics, name: 职业道德,", "{id: ethics, name: 职工,"), "名称“职工”与前面重复"),
    (row("new", "phrases.yml", name="新提法", policy="no-law"), "没有收录的法规 no-law"),
    (row("new", "outdated.yml", policy="no-law"), "没有收录的法规 no-law"),
    (row("new", "kinds.yml", headings=["tasks", "no-heading"]), "没有定义的标题 no-heading"),
    (row("999-1", "sources.yml", templates=[], duplicate_of="999-9"), "来源 999-9 没有收录"),
    (row("999-1", "sources.yml", templates=[], duplicate_of="999-1"), "来源 999-1 没有收录或也是重复的"),
    (lambda root: append(root, "exemptions.yml", {**EXEMPTION, "rule": "Z9"}), "没有这条规则 Z9"),
    (edit("sectors.yml", "      staff: 干部职工\n", ""), "机关缺少 staff"),
    (edit("sectors.yml", "      staff: 干部职工\n", "      staff: 干部职工\n      tool: 甲\n"), "没有定义的词 tool"),
    (edit("sectors.yml", "      staff: [干部职工, 职工]", "      tool: [干部职工, 职工]"), "没有定义的词 tool"),
    (edit("sectors.yml", "      staff: [干部职工, 职工]", "      staff: [职工, 干部职工]"), "第一个可选说法是“职工”"),
    (edit("sectors.yml", "{own-unit: 全街道,", "{own-unit: 本街道,"), "“本街道”不是可选的说法"),
    (edit("sectors.yml", "      staff: [干部职工, 职工]", "      staff: []"), "第一个可选说法是“”"),
    (edit("fields.yml", "id: sign-date", "id: signing-date"), "fields 缺少 id 为 sign-date 的一项"),
]


@pytest.mark.parametrize("damage, found", WRONG_REFERENCES)
def test_rows_contradict_each_other(root, damage, found):
    """A name used twice or a reference to nothing is told with the line of the row that is wrong."""
    line = damage(root)
    fault = the_fault(root)
    assert found in fault.found
    assert abs(fault.line - line) <= 1 or "缺少" in fault.found


def test_a_sector_is_missing(root):
    """The five sectors stand in their order."""
    file = root / "data/sectors.yml"
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("  - id: agency")], "utf-8")
    assert "依次为 school、hospital、enterprise、township、agency" in [fault.expected for fault in all_faults(root)]


@pytest.mark.parametrize("name", KEYS)
def test_no_rows_at_all(root, name):
    """An empty table loads, or what needed its rows is told; it never ends in a traceback."""
    text = (root / "data" / name).read_text("utf-8")
    (root / "data" / name).write_text(re.sub(rf"(?ms)^{KEYS[name]}:.*", f"{KEYS[name]}:\n", text), "utf-8")
    needed = {"sectors.yml", "headings.yml", "fields.yml", "policies.yml", "kinds.yml", "themes.yml"}
    assert bool(all_faults(root)) == (name in needed)


def test_all_faults_of_several_files_in_one_run(root):
    """Five files are broken in five ways: one run tells all of them, each with its line."""
    (root / "data/themes.yml").unlink()
    (root / "data/headings.yml").write_text("headings: [", "utf-8")
    first = append(root, "fields.yml", {**row_of("fields.yml"), "type": "integer", "colour": "red"})
    second = append(root, "fields.yml", row_of("fields.yml"))
    third = append(root, "observances.yml", {**row_of("observances.yml"), "rule": {"type": "weekly"}})
    (root / "data/rules.yml").write_bytes("rules: 规则".encode("gb18030"))
    found = all_faults(root)
    told = {(fault.path, fault.line) for fault in found}
    assert {("data/themes.yml", 1), ("data/fields.yml", first), ("data/fields.yml", second),
            ("data/observances.yml", third), ("data/rules.yml", 1)} <= told
    assert "data/headings.yml" in {path for path, _ in told} and len(found) == 7


# --- the data itself ---------------------------------------------------------------------------------------------


def test_every_category_of_policies_has_a_heading():
    """The policies page groups by category: none may lack its name."""
    assert set(get_args(model.Category)) == set(listings.CATEGORY_NAMES)


def test_every_pattern_is_explained():
    """A message never shows a regular expression."""
    assert all(re.search(r"[\u4e00-\u9fff]", words) and "^" not in words for words in model.PATTERN_WORDS.values())


def test_data_are_read_again_only_when_a_file_has_changed(root):
    """The cache serves the same object until a data file changes."""
    before = reader.data_cached(root)
    assert reader.data_cached(root) is before
    replace(root, "themes.yml", "name: 民主管理", "name: 民主参与")
    after = reader.data_cached(root)
    assert after is not before and after.themes["democracy"].name == "民主参与"


# --- Markdown files ------------------------------------------------------------------------------------------------

HEAD = """---
title: 学校工会工作计划
sector: school
kind: annual-plan
audience: 中小学工会
summary: 一句话说清特点
reviewed: 2026-11-22
"""


def parse(head: str = HEAD, body: str = "# 标题\n") -> model.Template:
    return reader.parse_template(f"{head}---\n{body}", "docs/school/x.md")


def head_fault(head: str) -> Finding:
    with pytest.raises(LibraryError) as caught:
        parse(head)
    [finding] = caught.value.findings
    return finding


def test_a_template_keeps_its_lines():
    """Front matter, headings and bodies know the lines of the file they stand on."""
    template = parse(HEAD + "schedule:\n  3月: [{do: 开会, theme: democracy}]\n", "# 标题\n\n## 部分 {: theme=care id=x }\n\n文字\n")
    assert template.meta.months == [(3, [model.ScheduleItem(do="开会", theme="democracy")])]
    assert template.meta.reviewed == date(2026, 11, 22) and template.url == "school/x.md"
    assert (template.meta_lines["title"], template.meta_lines["schedule.3月.0"], template.body_line) == (2, 9, 11)
    title, section = template.sections
    assert (title.heading, title.level, title.line) == ("标题", 1, 11)
    assert section == model.Section("部分", 2, 13, "care", "x", "文字", 14)


@pytest.mark.parametrize("text, line, found", [
    ("# 没有文件头\n", 1, "第一行是“# 没有文件头”"),
    ("", 1, "第一行是“”"),
    ("---\ntitle: x\n", 1, "文件头没有结束"),
    ("---\ntitle: x\n...\n---\n", 3, "“...”"),
    ("---\ntitle: x\n... 甲\n---\n", 3, "“...”"),
    ("---\ntitle: x\n--- \n正文", 3, "“--- ”"),
    ("---\ntitle: x\n----\n正文", 3, "“----”"),
    ("---\n---\n正文", 2, "不是“键: 值”的形式"),
    ("---\n- 甲\n---\n正文", 2, "不是“键: 值”的形式"),
    ("---\ntitle: [\n---\n正文", 3, "YAML 写法有误"),
])
def test_front_matter_that_does_not_begin_or_end(text, line, found):
    """The place where front matter breaks is named with its line in the file."""
    with pytest.raises(LibraryError) as caught:
        reader.parse_template(text, "docs/school/x.md")
    [fault] = caught.value.findings
    assert (fault.rule, fault.line) == ("F4", line) and found in fault.found


@pytest.mark.parametrize("old, new, line, found, expected", [
    ("title: 学校工会工作计划", "title: 短", 2, "title 是“短”，太短", "至少 4 个字"),
    ("title: 学校工会工作计划", "title: 学校工会工作计划\ntemplate: x.html", 3, "不认识的键 template", "title"),
    ("sector: school", "sector: shop", 3, "sector 是“shop”", "school"),
    ("sector: school", "sector: yes", 3, "sector 是是非值", "school"),
    ("reviewed: 2026-11-22", "reviewed: 昨天", 7, "reviewed 是“昨天”，不是日期", "2026-11-22"),
    ("reviewed: 2026-11-22", "reviewed: 20261122", 7, "不是日期", "2026-11-22"),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-31", 7, "不是有效的日期", ""),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-22 10:00:00", 7, "不是日期", ""),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-22\nschedule: {3: [{do: 开会, theme: care}]}", 8, "键“3”", "1月 到 12月"),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-22\nschedule: {13月: [{do: 开会, theme: care}]}", 8, "键“13月”", "1月 到 12月"),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-22\nschedule: {3月: []}", 8, "项数太少", "至少 1 项"),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-22\nschedule: {3月: [{do: 开会, on: 节, theme: care}]}", 8, "不认识的键 on", "observance"),
    ("reviewed: 2026-11-22", "reviewed: 2026-11-22\nsources: [3-1]", 8, "“3-1”", "003-1"),
])
def test_bad_front_matter(old, new, line, found, expected):
    """A bad value of a contributor's front matter is named with its line and the remedy."""
    assert old in HEAD
    fault = head_fault(HEAD.replace(old, new))
    assert (fault.line, found in fault.found, expected in fault.expected) == (line, True, True), fault


def test_a_date_in_quotes_is_a_date():
    """Contributors may put the date in quotes."""
    assert parse(HEAD.replace("2026-11-22", '"2026-11-22"')).meta.reviewed == date(2026, 11, 22)


@pytest.mark.parametrize("text, expected", [
    ("标题 {: theme=care }", ("标题", {"theme": "care"})),
    ("标题 {: theme=care id=care-2 }", ("标题", {"theme": "care", "id": "care-2"})),
    ("标题{:id=x}", ("标题", {"id": "x"})),
    ("标题", ("标题", {})),
    ("标题 {: theme=care } 后", ("标题 {: theme=care } 后", {})),
    ("标题 {: theme=Care }", ("标题", None)),
    ("标题 {: theme=care theme=care }", ("标题", None)),
    ("标题 {: onclick=x }", ("标题", None)),
    ("标题 {: .big }", ("标题", None)),
    ("标题 {: }", ("标题", None)),
    ("标题 {: theme=care onclick=x }", ("标题", None)),
])
def test_attributes_of_a_heading(text, expected):
    """Only theme and id are attributes; anything else in the braces makes them void."""
    assert reader.parse_attributes(text) == expected


@settings(deadline=None)
@given(st.lists(st.sampled_from(["#", "##", "### ", "####", "#######", "文", " 字", "    #", "\n", "\n\n", "##甲##", "1. ", "| "])))
def test_headings_are_those_that_markdown_makes(pieces):
    """The reader sees a heading just where Markdown makes one, with or without a space after the #."""
    body = "".join(pieces)
    page = BeautifulSoup(f"<div>{markdown.markdown(body)}</div>", "lxml").div
    made = [(int(tag.name[1]), tag.get_text().strip()) for tag in page.find_all(re.compile(r"^h[1-6]$"), recursive=False)]
    assert [(section.level, section.heading.strip("# ")) for section in reader.parse_sections(body, 1)] == [
        (level, text.strip("# ")) for level, text in made]


@pytest.mark.parametrize("raw, found", [
    (b"\xef\xbb\xbf---\n", "BOM"), ("---\n标题".encode("gb18030"), "GBK"), (b"x" * 11, "11 字节"), ("标题".encode("utf-16"), "GBK"),
])
def test_bytes_that_are_no_text(tmp_path, raw, found):
    """Only bounded UTF-8 without a mark is read."""
    (tmp_path / "x.md").write_bytes(raw)
    with pytest.raises(LibraryError) as caught:
        reader.read_text(tmp_path, "x.md", 10)
    assert found in caught.value.findings[0].found


def test_line_ends_of_every_system(tmp_path):
    """Windows and old Mac line ends become plain ones, so that line numbers are true."""
    (tmp_path / "x.md").write_bytes(b"a\r\nb\rc\n")
    assert reader.read_text(tmp_path, "x.md", 100) == "a\nb\nc\n"


def test_a_faulty_byte_is_named_with_its_line(tmp_path):
    """The line of the first byte that cannot be read is told."""
    (tmp_path / "x.md").write_bytes(b"a\nb\n\xff\n")
    with pytest.raises(LibraryError) as caught:
        reader.read_text(tmp_path, "x.md", 100)
    assert caught.value.findings[0].line == 3


@pytest.mark.parametrize("path, answer", [
    ("docs/school/annual-plan.md", True), ("docs/school/index.md", False), ("docs/school/a/b.md", False),
    ("docs/index.md", False),
    ("docs/shop/x.md", False), ("data/school/x.md", False), ("docs/school/x.txt", False),
])
def test_which_paths_are_templates(path, answer):
    """A template is docs/<sector>/<name>.md, and nothing else."""
    assert reader.is_template(path) is answer


def test_every_markdown_file_is_either_contributed_or_a_page(tmp_path):
    """No file below docs/ or data/sections/ is overlooked, whatever its name."""
    names = ["docs/index.md", "docs/school/index.md", "docs/school/x.md", "docs/school/deep/y.md", "docs/school/z.html",
             "docs/contributing/rules.md", "data/sections/care/visit.md"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "docs/school/link.md").symlink_to(tmp_path / "docs/index.md")
    contributed, pages = reader.contributed_files(tmp_path), reader.page_files(tmp_path)
    assert not set(contributed) & set(pages)
    assert {*contributed, *pages} == {*names, "docs/school/link.md"}
    assert pages == ["docs/contributing/rules.md", "docs/index.md"]


def test_a_folder_without_files(tmp_path):
    """A project without docs has no files, and that is no error."""
    assert reader.contributed_files(tmp_path) == [] == reader.page_files(tmp_path)
