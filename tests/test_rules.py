"""Every rule: a bad example that it finds at the right line, good examples that it leaves alone, its number in the list."""

from __future__ import annotations

import ast
import re
from os.path import commonprefix
from pathlib import Path

import pytest
from conftest import ROOT
from small_project import GOOD, PLACES, TESTS, findings_of, findings_of_rule, make_project

from macros import messages
from macros.checks import check_project, registry
from macros.checks.registry import library_check, template_check
from macros.model import Finding
from macros.reader import data_cached

RULES = data_cached(ROOT).rules
BAD = {path.stem: path.read_text("utf-8") for path in sorted((TESTS / "bad").glob("*.md"))}

#: Bad example -> line of the finding, a piece of its message, its level. All stand in docs/school/.
EXPECTED = {
    "b1-blank-not-listed": (22, "清单里没有空白【提案人满意率】", "error"),
    "b2-crosses": (40, "占位写法“××”", "error"),
    "f2-invisible-character": (28, "看不见的字符 U+200B", "error"),
    "f3-long-line": (28, "个字符", "error"),
    "f4-head-not-closed": (9, "文件头里有一行“...”", "error"),
    "f5-unknown-key": (8, "不认识的键 template", "error"),
    "f6-fourth-level": (30, "4 级标题", "error"),
    "f7-no-such-theme": (46, "没有主题 talent", "error"),
    "f8-no-schedule-heading": (14, "缺少“月度安排”部分", "error"),
    "f9-too-short": (14, "正文 5", "error"),
    "f10-no-notes": (52, "没有填写说明", "error"),
    "f11-no-such-kind": (4, "没有文种 monthly-points", "error"),
    "h1-html": (16, "HTML 标签或实体“<b”", "error"),
    "h2-link": (28, "网址“https:", "error"),
    "h3-quote": (18, "引用块", "error"),
    "j1-no-such-macro": (16, "没有名为“党委书记”的宏", "error"),
    "j2-statement": (20, "用了语句", "error"),
    "j3-unknown-observance": (36, "没有收录的节日“女职工日”", "error"),
    "j4-brace-missing": (16, "花括号没有写完整", "error"),
    "l1-law-not-listed": (16, "没有收录的法规“没有收录的法”", "error"),
    "l2-law-not-verified": (16, "“测试未核实办法”的现行状态没有核实", "error"),
    "l3-law-expired": (16, "“测试到期规划”已到期或已结束", "error"),
    "l4-law-by-hand": (16, "手写的法规名称《中华人民共和国工会法》", "error"),
    "l5-law-of-enterprises": (16, "“测试企业办法”一般不适用于本行业", "hint"),
    "n1-phone": (40, "13800138000”", "error"),
    "n2-identity-number": (27, "证件号或账号“11010519491231002X”", "error"),
    "n4-document-number": (40, "〔2017〕32号", "error"),
    "n5-name-of-person": (23, "像是人名“王建国主席”", "error"),
    "n6-place": (32, "地名“南京”", "error"),
    "n7-amount": (40, "金额“500元”", "error"),
    "n8-year": (32, "写死的年份“2026年”", "error"),
    "p1-abolished-body": (40, "过时的写法“卫计委”", "error"),
    "p2-phrase-of-another-year": (16, "提法“测试旧提法”没有适用于", "error"),
    "p3-phrase-by-hand": (16, "手写的官方提法“习近平总书记关于工人阶级", "error"),
    "r1-unknown-source": (7, "没有登记的来源 999-9", "error"),
    "r2-no-shared-section": (42, "没有共用段落 finance/nothing", "error"),
    "s1-theme-without-section": (12, "“趣味运动会”属于主题 culture，正文没有这个主题", "error"),
    "s2-month-not-in-schedule": (28, "“4月”的任务没有列入月度安排（主题 democracy）", "error"),
    "s3-item-without-task": (12, "5月的“通报提案办理”在主题 democracy 的任务里没有写到该月", "hint"),
    "s4-observance-in-wrong-month": (10, "“教师节”不在1月", "error"),
    "s5-schedule-not-printed": (14, "有月度安排，正文印了 0 次", "error"),
    "s6-no-owner": (28, "这一条没有写明责任和依据", "hint"),
    "w1-word-of-enterprises": (40, "“厂务公开”是企业、乡镇街道的用语", "error"),
}
#: Other rules that an example cannot help breaking, at the same line.
ALSO = {"j2-statement": {"H3"}, "j4-brace-missing": {"H3"}}
#: Rules that need another shape of input, and where their tests are.
ELSEWHERE = {
    "F1": "test_misplaced_files", "D1": "test_similarity.py", "D2": "test_similarity.py", "X1": "test_runner.py",
    "Y1": "test_faulty_data_file",
}


def rule_of(name: str) -> str:
    return name.split("-")[0].upper()


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, list[Finding]]:
    """The findings of one run over all bad examples, by example; likeness to each other left out."""
    files = {f"docs/school/{name}.md": text for name, text in BAD.items()}
    project = make_project(tmp_path_factory.mktemp("bad") / "project", files)
    result: dict[str, list[Finding]] = {name: [] for name in BAD}
    for finding in check_project(project):
        if finding.rule not in ("D1", "D2"):
            result[Path(finding.path).stem].append(finding)
    return result


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_example_breaks_just_its_rule(name, found):
    """The rule finds its example once, at the line and level in the table, and no other rule does."""
    line, fragment, level = EXPECTED[name]
    findings = [f for f in found[name] if f.rule not in ALSO.get(name, ())]
    assert [(f.rule, f.line, f.level) for f in findings] == [(rule_of(name), line, level)], messages.report(found[name])
    assert fragment in findings[0].found
    assert {f.line for f in found[name]} == {line}


@pytest.mark.parametrize("name", sorted(BAD))
def test_message_has_the_agreed_form(name, found):
    """Level, rule, file:line:column, what was found, what is expected, what to paste, where it is explained."""
    rule = rule_of(name)
    form = re.compile(
        rf"(错误|提示) {rule} docs/school/{name}\.md:\d+:\d+ [^。].*。 应为：.+。 (请改为：.+ )?"
        rf"说明：docs/contributing/rules\.md#{rule.lower()}")
    line = messages.text_line(next(f for f in found[name] if f.rule == rule))
    assert form.fullmatch(line), line
    assert "。。" not in line


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_examples_are_left_alone(name, tmp_path):
    """The templates that the bad examples are made from break no rule."""
    project = make_project(tmp_path / "project", {PLACES[name]: GOOD[name]})
    assert messages.report(check_project(project)) == ""


def test_bad_examples_differ_from_the_good_one_in_one_place():
    """A bad example is the good one with one change, so that it shows what the rule is about."""
    good = GOOD["key-points"]
    for name, text in BAD.items():
        start, end = commonprefix([good, text]), commonprefix([good[::-1], text[::-1]])
        assert len(start) + len(end) > len(good) * 0.8, name


def test_misplaced_files(tmp_path):
    """F1: a name that no address can be made of, a folder in a sector, a file of another kind."""
    paths = ("docs/school/Year Plan.md", "docs/school/2027/plan.md", "docs/school/photo.png", "data/sections/nothing/x.md")
    files = dict.fromkeys(paths, "")
    findings = check_project(make_project(tmp_path / "project", files))
    assert {(f.rule, f.path, f.line) for f in findings} == {("F1", path, 1) for path in files}
    assert "docs/school/year-plan.md" in {f.paste for f in findings}


def test_file_in_another_encoding(tmp_path):
    """F2: GBK is named as such, with the line of the first byte that is not UTF-8."""
    project = make_project(tmp_path / "project", {"docs/school/gbk.md": ""})
    (project / "docs/school/gbk.md").write_bytes("---\ntitle: 工会".encode("gbk"))
    (project / "docs/school/bom.md").write_bytes("---\n".encode("utf-8-sig"))
    found = {(f.rule, Path(f.path).stem, f.line) for f in check_project(project)}
    assert found == {("F2", "gbk", 2), ("F2", "bom", 1)}


def test_file_of_unbounded_size(tmp_path):
    """F3: a file of many bytes is refused before it is read."""
    project = make_project(tmp_path / "project", {"docs/school/big.md": "---\n" + "工" * 40_000})
    assert [(f.rule, f.line) for f in check_project(project)] == [("F3", 1)]


def test_faulty_data_file(tmp_path):
    """Y1: faults of several data files are found in one run, each at its line, whatever was asked for."""
    project = make_project(tmp_path / "project", {
        "data/themes.yml": "themes:\n  - {id: care, name: 关怀}\n", "data/gazetteer.yml": "provinces: []\n",
        "data/sources.yml": "sources: [\n",
    })
    for only in ((), ("docs/school",)):
        findings = check_project(project, only)
        assert {f.rule for f in findings} == {"Y1"}
        assert {(f.path, f.line) for f in findings} == {
            ("data/themes.yml", 2), ("data/gazetteer.yml", 1), ("data/sources.yml", 2)}


def test_every_rule_has_a_bad_example():
    """A rule is in the list only with an example that breaks it."""
    assert set(EXPECTED) == set(BAD)
    assert {rule_of(name) for name in BAD} | set(ELSEWHERE) == set(RULES)


def rules_in_code() -> set[str]:
    """Every text in the package that looks like the number of a rule, by Python's own parser."""
    texts = set()
    for file in (ROOT / "macros").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z]\d{1,2}", node.value):
                texts.add(node.value)
    return texts


def test_rules_in_code_and_in_the_list_are_the_same():
    """No finding has a number without explanation, and no explained number is dead."""
    assert rules_in_code() == set(RULES)
    assert set(registry.TEMPLATE_CHECKS) | set(registry.LIBRARY_CHECKS) <= set(RULES)


def test_rule_numbers_are_sorted_into_the_list_by_letter():
    """Rules of one letter stand together, in rising order: the page of rules is read that way."""
    seen: list[str] = []
    for rule in RULES:
        letter = rule[0]
        if letter not in seen:
            seen.append(letter)
        assert letter == seen[-1], rule
    for letter in seen:
        numbers = [int(rule[1:]) for rule in RULES if rule[0] == letter]
        assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("register, rule", [(template_check, "S2"), (library_check, "D1")])
def test_a_rule_is_registered_once(register, rule):
    """Two checks under one number would hide each other."""
    with pytest.raises(ValueError, match=rule):
        register(rule)(lambda *_: [])


def test_paste_is_the_corrected_line():
    """Pasting what the message offers removes the finding and changes nothing else of the line."""
    offered = 0
    for name, text in BAD.items():
        for finding in findings_of(text):
            if finding.rule != rule_of(name) or finding.rule not in ("B1", "L4", "P3", "W1", "N5", "F6"):
                continue
            rows = text.split("\n")
            rows[finding.line - 1] = finding.paste
            assert [f for f in findings_of("\n".join(rows)) if f.rule == finding.rule] == [], name
            offered += 1
    assert offered == 6


def test_paste_leaves_equal_words_elsewhere_in_the_line():
    """Only the place that was found is replaced, not the same word in a macro or earlier in the line."""
    text = GOOD["event-summary"].replace(
        "没有影响门诊和病房排班", '依据{{ 法规("学校教职工代表大会规定") }}没有影响教职工排班')
    paste = next(f.paste for f in findings_of(text, PLACES["event-summary"]) if f.rule == "W1")
    assert '{{ 法规("学校教职工代表大会规定") }}没有影响职工排班' in paste


# --- forms of output --------------------------------------------------------------------------------

HOSTILE = "100%,完成:一半%0A\r\n::error file=x::改了\x1b[31m`<b>|![图](http://x)"


def hostile(**changes) -> Finding:
    values = {"rule": "B2", "path": "docs/school/a,b:c.md", "line": 3, "column": 5, "found": HOSTILE, "expected": HOSTILE,
              "paste": HOSTILE, "level": "error"}
    return Finding(**{**values, **changes})


def parse_workflow_command(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as GitHub's runner does: ::name key=value,key=value::data."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match, line

    def plain(text: str, marks: dict[str, str]) -> str:
        for code, char in marks.items():
            text = text.replace(code, char)
        return text.replace("%25", "%")

    marks = {"%0D": "\r", "%0A": "\n"}
    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    return match[1], {k: plain(v, {**marks, "%3A": ":", "%2C": ","}) for k, v in properties.items()}, plain(match[3], marks)


@pytest.mark.parametrize("level, command", [("error", "error"), ("hint", "warning")])
def test_github_line_carries_hostile_text_unharmed(level, command):
    """Percent signs, line ends, colons and commas reach the reader and start no second command."""
    line = messages.github_line(hostile(level=level))
    assert "\n" not in line and "\r" not in line
    name, properties, data = parse_workflow_command(line)
    assert name == command
    assert properties["file"] == "docs/school/a,b:c.md"
    assert (properties["line"], properties["col"]) == ("3", "5")
    assert data.startswith(f"{HOSTILE}。应为：{HOSTILE}。\n请改为：{HOSTILE}\n说明：")


def test_text_line_is_one_line_without_control_characters():
    """A contributed text can neither begin a line of the log (and so a workflow command) nor colour the terminal."""
    line = messages.text_line(hostile())
    assert line.isprintable() and line.startswith("错误 B2 docs/school/a,b:c.md:3:5 100%,完成:一半%0A ::error")


def test_report_is_in_the_order_of_files_and_lines():
    """One line a finding, sorted."""
    findings = [hostile(path="b.md", line=1), hostile(path="a.md", line=10), hostile(path="a.md", line=9)]
    assert [line.split()[2] for line in messages.report(findings).split("\n")] == ["a.md:9:5", "a.md:10:5", "b.md:1:5"]


def test_summary_is_a_table_that_hostile_text_cannot_break():
    """A row a finding; no mark-up, picture or mention of the text's own."""
    table = messages.github_summary([hostile(found=HOSTILE + "@all")]).strip().split("\n")
    assert len(table) == 3 and table[2].count("|") == 5
    for mark in ("<", "`", "![", "](", "@", "http:"):
        assert mark not in table[2]


def test_summary_stays_within_what_github_accepts():
    """A run with very many findings says how many are left out."""
    summary = messages.github_summary([hostile()] * (messages.MAX_SUMMARY_ROWS + 7))
    assert summary.count("\n| 错误") == messages.MAX_SUMMARY_ROWS and "另有 7 处" in summary
    assert messages.github_summary([]) == "检查通过。\n"


@pytest.mark.parametrize("wording, replaced", [
    ("依据《执业医师法》执业", '依据{{ 法规("医师法") }}执业'),
    ("宣传执业医师法", '宣传{{ 法规("医师法") }}'),
    ("标引主题词三个", "标引三个"),
    ("报卫计委备案", ""),
])
def test_paste_for_outdated_wording(wording, replaced):
    """P1: a law becomes its citation without a second pair of title marks; what only a person can decide is left open."""
    finding, = findings_of_rule("P1", wording)
    assert finding.paste == replaced
