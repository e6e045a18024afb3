"""The checks of shape and schedule in their finer points: headings, ending, months named, tasks against the schedule."""

from __future__ import annotations

from datetime import date

import pytest
from small_project import GOOD, PLACES, findings_of, real_library

from macros import drafts, messages
from macros.checks import schedule
from macros.model import SECTOR_IDS, Finding

GOOD_PLAN = GOOD["key-points"]
FIRST_TASK = "1. 3月底前召开{{ 职代会 }}"


def rules_of(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def changed(old: str, new: str) -> list[Finding]:
    """The findings of the good plan with one passage changed."""
    assert old in GOOD_PLAN
    return findings_of(GOOD_PLAN.replace(old, new, 1))


# --- months -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, months", [
    ("3月底前召开大会", [{3}]),
    ("3月、9月更新公开栏", [{3}, {9}]),
    ("3、6、9、12月各一次", [{3}, {6}, {9}, {12}]),
    ("3和9月公布", [{3}, {9}]),
    ("3月至5月开展竞赛", [{3, 4, 5}]),
    ("3—5月开展竞赛", [{3, 4, 5}]),
    ("3月上旬至5月开展竞赛", [{3, 4, 5}]),
    ("11月至次年2月开展", [{11, 12, 1, 2}]),
    ("{{ 年度 }}年3月至5月", [{3, 4, 5}]),
    ("3个月内答复，第3个月汇报", []),
    ("每月核对，12个工作日内答复", []),
    ("13月、0月、2.5月", []),
    ('{{ 节日("教师节") }}前', [{9}]),
    ('{{ 节日("春节") }}前', [{1, 2}]),
    ('{{ 节日("教师节", 届次=True) }}', []),
])
def test_months_named(text, months):
    """Every month that a text names, in its order; a range or a movable feast is one of several months."""
    assert [set(found) for _, found, _ in schedule.months_named(text, real_library())] == months


@pytest.mark.parametrize("task, rules", [
    ("召开大会，3月底前办结。", []),
    ("5月召开大会。", ["S2"]),
    ("2月至4月召开大会。", []),
    ("4月至6月召开大会。", ["S2"]),
    ("5、6月召开大会。", ["S2", "S2"]),
    ("上年11月的意见逐条答复，3月报告。", []),
    ("去年9月至12月的提案逐件核对。", []),
    ("{{ 年度 - 1 }}年11月的意见逐条答复。", []),
    ("{{ 年度 + 1 }}年1月继续办理。", []),
    ('{{ 节日("教师节") }}前召开大会。', ["S2"]),
    ('{{ 节日("春节") }}前召开大会。', ["S2"]),
])
def test_months_of_tasks_against_the_schedule(task, rules):
    """S2: a month of the plan's year that a task names must be in the schedule under the task's theme."""
    findings = changed("2. 承办处室逐件", f"2. {task}承办处室逐件")
    assert rules_of(findings) == rules, messages.report(findings)


def test_month_is_found_at_its_line_and_column():
    """The place is that of the month in the file, blank lines after the heading included."""
    found, = changed("2. 承办处室逐件", "2. 承办处室4月底前逐件")
    row = GOOD_PLAN.split("\n").index(next(r for r in GOOD_PLAN.split("\n") if r.startswith("2. 承办处室"))) + 1
    assert (found.line, found.column) == (row, len("2. 承办处室") + 1)
    assert "4月 有一项 theme: democracy" in found.expected


@pytest.mark.parametrize("line, rules", [
    ("  4月: [{do: 催办提案, theme: democracy}]", ["S3"]),
    ("  4月: [{do: 组织活动, theme: culture}]", ["S1"]),
    ("  9月: [{do: 表彰, theme: skills, observance: 教师节}]", []),
    ("  9月: [{do: 慰问, theme: skills, observance: 没有的节日}]", ["S4"]),
    ("  10月: [{do: 慰问, theme: skills, observance: 中秋节}]", []),
    ("  11月: [{do: 慰问, theme: skills, observance: 中秋节}]", ["S4"]),
])
def test_schedule_against_the_tasks(line, rules):
    """S1, S3, S4: an item has a part in the text, its month is said there or it is done all year, its observance fits."""
    assert rules_of(changed("  6月: ", f"{line}\n  6月: ")) == rules


def test_work_counted_back_from_a_last_day_needs_no_month():
    """S3: a contract may end in any month, so only the schedule names months."""
    assert rules_of(changed(FIRST_TASK, "1. 召开{{ 职代会 }}")) == ["S3"]
    assert rules_of(changed(FIRST_TASK, "1. 届满前第3个月召开{{ 职代会 }}")) == []


@pytest.mark.parametrize("old, new, fragment", [
    ("{{ 月度安排() }}", "见上。", "正文印了 0 次"),
    ("{{ 月度安排() }}", "{{ 月度安排() }}\n\n{{ 月度安排() }}", "正文印了 2 次"),
])
def test_schedule_is_printed_once(old, new, fragment):
    """S5: what is in the front matter is printed, once."""
    found = [f for f in changed(old, new) if f.rule == "S5"]
    assert len(found) == 1 and fragment in found[0].found


def test_plan_without_schedule():
    """S5: a kind that needs a schedule says what to write, in one line."""
    head, rest = GOOD_PLAN.split("schedule:\n")
    found = [f for f in findings_of(head + rest[rest.index("---\n"):]) if f.rule == "S5"]
    assert [f.line for f in found] == [2, 10]
    assert "\n" not in found[0].paste and found[0].paste.startswith("schedule: {")


def test_summary_needs_no_schedule():
    """S5: a kind without schedule must not print one."""
    text = GOOD["event-summary"].replace("## 存在不足", "{{ 月度安排() }}\n\n## 存在不足")
    assert "S5" in rules_of(findings_of(text, PLACES["event-summary"]))


# --- headings -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("heading", [
    "五一、国庆慰问", "三八节活动", "五一节活动", "十佳班组评选", "一线教师关怀", "第一课堂", "六一开放日", "（五一）慰问",
])
def test_heading_that_begins_like_a_number(heading):
    """F6: names of festivals are no handwritten numbers."""
    assert changed("## 为新教师配师傅", f"## {heading}") == []


@pytest.mark.parametrize("number, rest", [
    ("一、", "配师傅"), ("十二、", "配师傅"), ("二十一、", "配师傅"), ("（一）", "配师傅"), ("(三)", "配师傅"), ("1.", "配师傅"),
    ("3、", "配师傅"), ("第三章", " 配师傅"), ("第十节", "配师傅"),
])
def test_handwritten_number(number, rest):
    """F6: numbers are added by the page; pasting the line offered keeps theme and text."""
    found, = changed("## 为新教师配师傅", f"## {number}{rest}")
    assert found.rule == "F6" and f"“{number}”" in found.found
    assert found.paste == "## 配师傅 {: theme=skills }"


@pytest.mark.parametrize("old, new, rules", [
    ("# {{ 单位 }}", "前言在前。\n\n# {{ 单位 }}", ["F6"]),
    ("# {{ 单位 }}", "## {{ 单位 }}", ["F6", "F7"]),
    ("## 年度目标", "# 年度目标", ["F6"]),
    ("## 年度目标", "### 年度目标", ["F6"]),
    ("年工作要点\n\n{{ 提法", "年工作要点 {: theme=guidance }\n\n{{ 提法", ["F7"]),
    ("## 年度目标", "## 我们的目标", ["F7"]),
    ("## 年度目标", "## 我们的目标 {: id=goals }", ["F7"]),
    ("## 年度目标", "## 我们的目标 {: id=targets }", []),
    ("## 年度目标", "## 年度目标 {: theme=skills id=skills-goal }", []),
    ("## 年度目标", "## 年度目标 {: theme=skills }", ["F7"]),
])
def test_headings(old, new, rules):
    """F6, F7: one title before all else, no level left out, each heading with a theme or a fixed name, ids once."""
    findings = [f for f in changed(old, new) if f.rule in ("F6", "F7")]
    assert rules_of(findings) == rules, messages.report(findings)


def test_second_section_of_a_theme_is_offered_a_free_id():
    """F7: the id offered is used nowhere in the file yet."""
    text = GOOD_PLAN.replace("## 年度目标", "## 目标甲 {: theme=skills id=skills-2 }").replace(
        "## 保障措施", "## 目标乙 {: theme=skills }")
    found, = [f for f in findings_of(text) if f.rule == "F7"]
    assert found.paste == "## 目标乙 {: theme=skills id=skills-3 }"


# --- ending ---------------------------------------------------------------------------------------------

NOTE = '!!! note "填写说明"'


@pytest.mark.parametrize("old, new, fragment", [
    ("{{ 落款() }}\n", "", "落款有 0 处"),
    ("{{ 落款() }}", "{{ 落款() }}\n\n{{ 落款() }}", "落款有 2 处"),
    ("{{ 落款() }}", "特此报告。{{ 落款() }}", "落款与别的文字写在一行"),
    ("{{ 落款() }}\n", "{{ 落款() }}\n\n另附名单一份。\n", "落款之后还有正文"),
    ("{{ 落款() }}\n", "{{ 落款() }}\n\n    另附名单一份。\n", "落款之后还有正文"),
    ("写一句话即可。", "写一句话即可。\n\n另附名单一份。", "落款之后还有正文"),
])
def test_ending(old, new, fragment):
    """F10: signature once and by itself, then the notes, then nothing."""
    found, = [f for f in changed(old, new) if f.rule == "F10"]
    assert fragment in found.found
    if "名单" in new:
        assert GOOD_PLAN.replace(old, new).split("\n")[found.line - 1].strip() == "另附名单一份。"


def test_notes_before_the_signature():
    """F10: first the signature, then the notes."""
    body, notes = GOOD_PLAN.split("{{ 落款() }}\n\n")
    assert "填写说明在落款之前" in [f.found for f in findings_of(f"{body}{notes}\n{{{{ 落款() }}}}\n")]


@pytest.mark.parametrize("characters, found", [(-38, True), (-20, False), (600, True), (500, False)])
def test_length_is_that_of_the_text(characters, found):
    """F9: counted from title to signature in Han characters; the notes do not count."""
    cut = "绩效分配和聘任考核办法有制定或改动的，交大会讨论，代表总数半数以上赞成方为通过。"
    text = GOOD_PLAN.replace(cut, cut[-characters:] if characters < 0 else cut + "办" * characters)
    text = text.replace("动笔前先查：", "动笔前先查：" + "查" * 900)
    assert ("F9" in rules_of(findings_of(text))) == found


@pytest.mark.parametrize("old, new, fragment", [
    ("sector: school", "sector: agency", "sector 是 agency，文件在 school"),
    ("kind: key-points", "kind: weekly-plan", "没有文种 weekly-plan"),
    ("reviewed:", "words: {teacher: 教师}\nreviewed:", "没有行业用语 teacher"),
])
def test_front_matter_names_what_exists(old, new, fragment):
    """F11: sector of the folder, a kind and words that are in the lists."""
    assert fragment in [f.found for f in changed(old, new) if f.rule == "F11"][0]


def test_kind_of_another_sector():
    """F11: a plan by terms is for schools only."""
    text = GOOD["event-summary"].replace("kind: event-summary", "kind: term-plan")
    assert "学期计划不用于本行业" in [f.found for f in findings_of(text, PLACES["event-summary"]) if f.rule == "F11"]


# --- front matter is text too -------------------------------------------------------------------------------

@pytest.mark.parametrize("old, new, rule, line", [
    ("title: 学校工会工作要点样例", "title: 南京某学校工会工作要点", "N6", 2),
    ("audience: 检查规则的测试", "audience: 联系人：张三", "N5", 5),
    ("do: 召开教代会", "do: 召开职代会", "W1", 11),
    ("do: 启用母婴室", "do: 慰问每人500元", "N7", 11),
    ("reviewed:", "words: {party: 北京市委}\nreviewed:", "N6", 8),
    ("reviewed:", "unit: 南京××小学\nreviewed:", "N6", 8),
])
def test_texts_of_the_front_matter_are_checked(old, new, rule, line):
    """What a page prints from the front matter is checked like the body, at its line."""
    assert (rule, line) in [(f.rule, f.line) for f in changed(old, new)]


def test_unit_may_be_a_pattern_of_a_name():
    """B2: ×× in `unit` is what an example of a unit looks like."""
    assert changed("reviewed:", "unit: ××小学\nreviewed:") == []


def test_a_proper_name_is_said_in_every_sector():
    """W1: the name of a law or a notice is no borrowed wording; the word in it, said alone, is."""
    assert "W1" not in rules_of(changed("do: 召开教代会", "do: 参加厂务公开民主管理检查"))
    assert "W1" in rules_of(changed("do: 召开教代会", "do: 推行厂务公开"))


def test_own_words_of_a_template_are_its_sectors():
    """W1: a word that the front matter sets for this page is not foreign there."""
    assert "W1" not in rules_of(changed("reviewed:", "words: {congress: 职代会}\nreviewed:"))


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_no_unwritten_part_of_a_new_draft_passes(sector):
    """Every instruction that `plans new` writes into a draft is found until it is replaced."""
    data = real_library().data
    for kind in data.kinds.values():
        if sector not in kind.sectors:
            continue
        text = drafts.text(data, data.sectors[sector], kind, date(2026, 11, 22))
        findings = findings_of(text, f"docs/{sector}/draft.md")
        listed = data.fields_by_label
        rows = {number for number, row in enumerate(text.split("\n"), 1)
                if any(part.split("】")[0] not in listed for part in row.split("【")[1:])}
        assert rows and rows <= {f.line for f in findings if f.rule == "B1"}, kind.id
