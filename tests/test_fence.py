"""The fence, file by file: everything in hostile_contributions is refused with a message of its own."""

from __future__ import annotations

import os
import random
import re
from datetime import date
from pathlib import Path

import hostile_contributions as hostile
import jinja2
import markdown
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from hostile_contributions import BODY_LINE, GOOD, GOOD_BODY, HEAD, HEAD_LINE, PAGE_HEAD, SHARED_HEAD, template_with

from macros import fence, messages, reader, yaml_source
from macros.model import Finding, LibraryError
from macros.vocabulary import PageContext, Settings, Vocabulary

DATA = reader.data_cached(ROOT)
TEMPLATE, PAGE, SHARED = "docs/school/hostile.md", "docs/hostile.md", "data/sections/finance/hostile.md"


def cases(table: dict) -> list:
    return [pytest.param(*case, id=name) for name, case in table.items()]


def findings_of(text: str, path: str) -> list[Finding]:
    return fence.check_text(text, path, DATA)[1]


def assert_refused(findings: list[Finding], path: str, rule: str, message: str, line: int) -> None:
    """One of the findings is the expected one, and all of them can be shown to people."""
    told = [f for f in findings if f.rule == rule and f.line == line and message in f.found]
    assert told, [(f.rule, f.line, f.found) for f in findings]
    assert {f.path for f in findings} == {path}
    assert all(f.rule in DATA.rules and f.expected and f.level == "error" and f.column >= 1 for f in findings)
    assert all(re.search(r"[\u4e00-\u9fff]", f.found + f.expected) for f in findings)
    assert all(messages.text_line(f).isprintable() or "\u3000" in messages.text_line(f) for f in findings)


# --- hostile texts --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "rule", "message", "offset"), [
    pytest.param(*case, *([0] if len(case) == 3 else []), id=name)
    for table in (hostile.MACROS, hostile.MARKUP, hostile.CHARACTERS) for name, case in table.items()
])
def test_hostile_text_in_a_template(text, rule, message, offset):
    """Code, mark-up and odd characters in a template are refused on their own line."""
    assert_refused(findings_of(template_with(text), TEMPLATE), TEMPLATE, rule, message, BODY_LINE + offset)


@pytest.mark.parametrize(("text", "rule", "message", "offset"), [
    pytest.param(*case, *([0] if len(case) == 3 else []), id=name) for name, case in hostile.HEAD_LINES.items()
])
def test_hostile_line_in_the_front_matter(text, rule, message, offset):
    """Keys and YAML of other meaning are refused on their own line."""
    found = findings_of(hostile.template_with_head(text), TEMPLATE)
    assert_refused(found, TEMPLATE, rule, message, HEAD_LINE + offset)


@pytest.mark.parametrize(("key", "value", "rule", "message"), cases(hostile.HEAD_VALUES))
def test_hostile_value_in_the_front_matter(key, value, rule, message):
    """The values of known keys are plain text of the right kind."""
    lines = GOOD.split("\n")
    number = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:"))
    lines[number] = f"{key}: {value}"
    assert_refused(findings_of("\n".join(lines), TEMPLATE), TEMPLATE, rule, message, number + 1)


@pytest.mark.parametrize(("text", "rule", "message", "line"), cases(hostile.WHOLE))
def test_hostile_whole_text(text, rule, message, line):
    """Texts without front matter and texts without bounds are refused."""
    assert_refused(findings_of(text, TEMPLATE), TEMPLATE, rule, message, line)


@pytest.mark.parametrize(("raw", "rule", "message", "line"), cases(hostile.BYTES))
def test_hostile_bytes(tmp_path, raw, rule, message, line):
    """Only plain UTF-8 of bounded size is read."""
    file = tmp_path / TEMPLATE
    file.parent.mkdir(parents=True)
    file.write_bytes(raw)
    assert_refused(fence.check_file(tmp_path, TEMPLATE, DATA)[1], TEMPLATE, rule, message, line)


@pytest.mark.parametrize(("text", "rule", "message", "offset"), [
    pytest.param(*case, *([0] if len(case) == 3 else []), id=name) for name, case in hostile.PAGE_BODY.items()
])
@pytest.mark.parametrize("path", [PAGE, "docs/school/index.md"])
def test_hostile_text_in_a_page(path, text, rule, message, offset):
    """Pages may link and show code, but the fence does not depend on where code begins and ends."""
    assert_refused(findings_of(f"{PAGE_HEAD}{text}\n", path), path, rule, message, 4 + offset)


@pytest.mark.parametrize(("text", "rule", "message"), cases(hostile.PAGE_HEAD_LINES))
def test_hostile_line_in_the_front_matter_of_a_page(text, rule, message):
    """Pages have a short list of keys, too."""
    found = findings_of(f"---\ntitle: 试验页面\n{text}\n---\n# 页面\n", PAGE)
    assert_refused(found, PAGE, rule, message, 3)


@pytest.mark.parametrize(("text", "rule", "message"), cases(hostile.SHARED_BODY))
def test_hostile_text_in_a_shared_section(text, rule, message):
    """Shared sections are fenced in like templates and cannot use each other."""
    assert_refused(findings_of(f"{SHARED_HEAD}{text}\n", SHARED), SHARED, rule, message, 6)


def test_the_tables_try_enough():
    """A table that loses its cases would pass; the good text they start from does pass."""
    tables = (hostile.MACROS, hostile.MARKUP, hostile.CHARACTERS, hostile.HEAD_LINES, hostile.HEAD_VALUES, hostile.WHOLE,
              hostile.BYTES, hostile.PLACES, hostile.PAGE_BODY, hostile.PAGE_HEAD_LINES, hostile.SHARED_BODY)
    assert sum(map(len, tables)) > 400
    assert findings_of(GOOD, TEMPLATE) == []
    assert findings_of(f"{PAGE_HEAD}# 页面\n", PAGE) == []
    assert findings_of(f"{SHARED_HEAD}文字\n", SHARED) == []


@pytest.mark.parametrize(("status", "rule", "message"), [
    (("unverified",), "L2", "的现行状态没有核实，不能引用"), (("expired", "ended"), "L3", "已到期或已结束，不能引用"),
])
def test_law_that_may_not_be_cited(status, rule, message):
    """A law that was not verified, or is no longer in force, is refused."""
    policy = next(policy for policy in DATA.policies if policy.status in status)
    found = findings_of(template_with(f'依据{{{{ 法规("{policy.name}") }}}}。'), TEMPLATE)
    assert_refused(found, TEMPLATE, rule, f"“{policy.name}”{message}", BODY_LINE)


def test_observance_whose_date_a_notice_sets():
    """A date that nobody can compute is refused."""
    item = next(item for item in DATA.observances if item.rule.type == "announced")
    found = findings_of(template_with(f'{{{{ 节日("{item.name}") }}}}'), TEMPLATE)
    assert_refused(found, TEMPLATE, "J3", f"“{item.name}”的日期每年另行公布", BODY_LINE)


def test_all_faults_of_a_file_in_one_run():
    """Characters, front matter, macros and mark-up are reported together, each on its line."""
    head = HEAD.replace("reviewed:", "template: x.html\nreviewed:")
    text = f"{head}{GOOD_BODY}\n甲\u200b乙\n\n{{{{ 单位.x }}}}{{{{ config }}}}\n\n<b>{{% if %}}\n"
    found = {(f.rule, f.line) for f in findings_of(text, TEMPLATE)}
    first = BODY_LINE + 1
    assert {("F5", 8), ("F2", first), ("J2", first + 4), ("H1", first + 4)} <= found
    text = f"{GOOD}\n{{{{ 单位.x }}}}{{{{ config }}}}\n\n{{{{ 法规(1) }}}}\n"
    expected = [("J2", BODY_LINE), ("J1", BODY_LINE), ("J3", BODY_LINE + 2)]
    assert [(f.rule, f.line) for f in findings_of(text, TEMPLATE)] == expected


# --- files and folders ----------------------------------------------------------------------------------

@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with one good file of each sort."""
    for path, text in {
        TEMPLATE: GOOD, PAGE: PAGE_HEAD + "# 页面\n", SHARED: SHARED_HEAD + "文字\n", "docs/school/index.md": PAGE_HEAD + "文字\n",
        "docs/assets/vendor/x/a.min.js": "1", "docs/assets/vendor/x/LICENSE": "x",
    }.items():
        write(tmp_path, path, text)
    assert fence.check_project(tmp_path, DATA) == []
    return tmp_path


def write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(("path", "message"), cases(hostile.PLACES))
def test_file_out_of_place(tree, path, message):
    """A file that does not belong there is refused whatever it contains, and named legibly."""
    write(tree, path, GOOD)
    found = fence.check_project(tree, DATA)
    assert len(found) == 1
    assert (found[0].rule, found[0].line) == ("F1", 1) and message in found[0].found
    assert messages.text_line(found[0]).isprintable()
    messages.report(found).encode("utf-8")
    assert found[0].path == path or not path.isprintable()


@pytest.mark.parametrize("path", [
    "docs/linked", "docs/linked.md", "docs/school/linked", "docs/school/linked.md", "docs/assets/linked",
    "docs/assets/linked.txt", "data/sections/linked", "data/sections/finance/linked.md",
])
@pytest.mark.parametrize("target", ["folder", "file", "nothing"])
def test_link_in_the_tree(tree, tmp_path_factory, path, target):
    """Engines follow links out of the project; the fence refuses each, whatever it leads to."""
    outside = tmp_path_factory.mktemp("outside")
    write(outside, "folder/secret.md", GOOD)
    write(outside, "file", GOOD)
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).symlink_to(outside / target)
    assert [(f.rule, f.path, f.found) for f in fence.check_project(tree, DATA)] == [("F1", path, "是一个链接文件")]


@pytest.mark.parametrize("folder", ["docs", "docs/school", "data/sections"])
def test_folder_that_is_itself_a_link(tree, tmp_path_factory, folder):
    """A whole folder cannot be swapped for a link either."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "moved"
    (tree / folder).rename(elsewhere)
    (tree / folder).symlink_to(elsewhere)
    assert [(f.path, f.found) for f in fence.check_project(tree, DATA) if f.found == "是一个链接文件"] == [(folder, "是一个链接文件")]


def test_pipe_does_not_hang(tree):
    """Reading a named pipe would wait for ever."""
    os.mkfifo(tree / "docs/school/pipe.md")
    assert [f.found for f in fence.check_project(tree, DATA)] == ["是设备或管道"]


def test_shared_section_that_is_not_there(tree):
    """A template that uses a missing shared section is named before anything is rendered."""
    write(tree, TEMPLATE, template_with('{{ 共用("finance/nowhere") }}'))
    found = fence.check_project(tree, DATA)
    assert_refused(found, TEMPLATE, "R2", "没有共用段落 finance/nowhere", BODY_LINE)


def test_every_file_is_reported_in_one_run(tree):
    """check_project does not stop at the first file."""
    paths = ["docs/agency/a.md", "docs/hospital/b.md", "docs/c.md", "data/sections/finance/d.md"]
    for path in paths:
        write(tree, path, "{{ 单位.x }}")
    assert {f.path for f in fence.check_project(tree, DATA)} == set(paths)


def test_changed_file_is_read_again(tree):
    """A file that has passed does not pass for ever, even when its size and time are put back."""
    file, before = tree / TEMPLATE, (tree / TEMPLATE).stat()
    changed = GOOD.replace("试验方案", "<b></b>", 1)
    changed += " " * (before.st_size - len(changed.encode()))
    file.write_text(changed, "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert [f.rule for f in fence.check_project(tree, DATA)] == ["F5"]
    with pytest.raises(LibraryError):
        fence.fenced_templates(tree)


def test_windows_line_ends_make_no_difference(tmp_path):
    """CRLF gives the very same template as LF."""
    for name, text in {"lf": GOOD, "crlf": GOOD.replace("\n", "\r\n")}.items():
        file = tmp_path / name / TEMPLATE
        file.parent.mkdir(parents=True)
        file.write_bytes(text.encode())
    lf, crlf = (fence.check_file(tmp_path / name, TEMPLATE, DATA) for name in ("lf", "crlf"))
    assert lf == crlf and lf[1] == []


# --- what must pass ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", fence.project_files(ROOT))
def test_every_file_of_the_project_passes(path):
    """The library itself keeps to the rules."""
    assert fence.check_file(ROOT, path, DATA)[1] == []


def test_project_files_are_all_there_is():
    """No Markdown file escapes the walk."""
    paths = set(fence.project_files(ROOT))
    assert set(reader.contributed_files(ROOT)) | set(reader.page_files(ROOT)) <= paths
    assert {file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").rglob("*") if file.is_file()} <= paths


@pytest.mark.parametrize("text", [
    "{{单位}}{{ 年度+1 }}{{ 年度 - 20 }}",
    "{{ 法规('工会法') }}、{{ 法规( \"工会法\" ) }}",
    '{{ 节日("教师节") }}、{{ 节日("教师节", 届次=True) }}、{{ 节日("教师节", 只要月份=True, 届次=False) }}',
    "{{ 月度安排() }}",
    "## {{ 职代会 }}和{{ 公开 }} {: theme=democracy id=openness-2 }",
    "### 标题 {: id=tasks }",
    "1. **{{ 职工 }}**做事，**会员**也做。（责任：甲；依据：乙）\n2. 做事\n\n    续写一段",
    "- 甲\n- 乙",
    "| 甲 | 乙 |\n| --- | :-: |\n| {{ 单位 }} | 【会员人数】 |",
    '!!! note "填写说明"\n\n    - 甲\n    - 乙\n\n    文字',
    "2—3月，1～2次，35℃以上，达到90%（含）；二〇二六年，第1条、第2款：“甲”《乙》〔丙〕①",
    "　　缩进两字的段落",
    "㙍、𠮷是生僻字",
])
def test_allowed_text_passes(text):
    """The fence does not get in the way of an honest contributor."""
    assert findings_of(template_with(text), TEMPLATE) == []


@pytest.mark.parametrize("text", [
    "{% raw %}\n`{{ 单位 }}`、{: onclick=x }\n{% endraw %}",
    "[甲](index.md)、[乙](../school/index.md#women)、[丙](https://www.acftu.org/)",
    "![图](assets/images/a.png)", "```yaml\ntitle: 甲\n---\n```", "- 甲\n    - 乙\n\n**丙**、*丁*、`戊`", "a < b，http://127.0.0.1:8000",
    '{{ 首页() }}', '{{ 模板一览("school") }}',
])
def test_allowed_text_of_a_page_passes(text):
    """Pages of the maintainers may do what the guides need."""
    assert findings_of(f"{PAGE_HEAD}# 页面\n\n{text}\n", PAGE) == []


# --- what comes out ---------------------------------------------------------------------------------------

PIECES = [
    "文字", "a", " ", "    ", "\n", "\n\n", "\n    ", "\n- ", "1. ", "- ", "* ", "**", "*", "_", "#", "## ", "\n## 标题 ",
    "{: theme=women }", "{: onclick=x }", "{", "}", "{{ 单位 }}", '{{ 法规("工会法") }}', "{{ 年度 - 1 }}", "{{ 落款() }}",
    "{{ 职工 }}", '{{ 节日("教师节") }}', "{{ 月度安排() }}", "{{-", "-}}", "{% raw %}", "{% endraw %}", "<", "<b>",
    "<script>alert(1)</script>", ">", "> ", "&", "&#60;", "&lt;", "[", "]", "](", "](javascript:x)", "](https://a.b/c)",
    "](../a.md)", "![", "[x]: y", "(", ")", "`", "```", "~~~", "```yaml", "\\", "|", "| a | b |\n| --- | --- |\n",
    "---", "===", "-", "=", '!!! note "填写说明"\n\n    ', "!!! danger", "!", ":", '"', "'", "【会员人数】", "[TOC]", "[^1]",
    "--8<--", "+", "@", "<a@b.c>", "http://x.y", "data:", "　", "~~", '"x" onclick="y"',
]
PLAIN_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ol", "ul", "li", "table", "thead", "tbody", "tr", "th", "td",
              "strong", "div", "section", "span", "a", "br"}
PAGE_TAGS = PLAIN_TAGS | {"code", "pre", "em", "img", "hr"}
PLAIN_ATTRIBUTES = {"id", "class", "title", "style", "alt", "start", "href", "src"}
OWN_LINK = re.compile(r"#.*|[a-z0-9./-]+\.(md|png)(#[a-z0-9-]+)?")


class Renderer:
    """Renders texts that have passed as the engines do, for a unit with the most awkward name."""

    def __init__(self, path: str):
        good = fence.check_text(GOOD, TEMPLATE, DATA)[0]
        context = PageContext(path.removeprefix("docs/"), "school", good if reader.is_template(path) else None)
        settings = Settings("<b onclick=x>**|`\"'{{ 7*7 }}[x](javascript:1)", 2027)
        self._names = Vocabulary(DATA, settings, lambda: context, lambda name: good).names()
        self._jinja = jinja2.Environment(undefined=jinja2.StrictUndefined)
        extensions = ["admonition", "tables", "pymdownx.superfences", "toc", "macros.plan_sections"]
        self._markdown = markdown.Markdown(extensions=extensions)

    def __call__(self, body: str) -> BeautifulSoup:
        text = self._jinja.from_string(body).render(self._names)
        return BeautifulSoup(self._markdown.reset().convert(text), "html.parser")


def alien_parts(page: BeautifulSoup, *, is_page: bool) -> list[str]:
    """Elements, attributes and addresses that no honest text leads to."""
    found = []
    for element in page.find_all(True):
        if element.name not in (PAGE_TAGS if is_page else PLAIN_TAGS):
            found.append(element.name)
        for name, value in element.attrs.items():
            if name not in PLAIN_ATTRIBUTES and not name.startswith("data-"):
                found.append(name)
            if name == "style" and not re.fullmatch(r"text-align: \w+;", value):
                found.append(value)
            external = is_page and name == "href" and re.fullmatch(r"https://[A-Za-z0-9./-]+", value)
            if name in ("href", "src") and not external and not OWN_LINK.fullmatch(value):
                found.append(value)
    return found


@pytest.mark.parametrize("path", [TEMPLATE, PAGE])
def test_whatever_passes_renders_to_plain_elements(path):
    """Random texts: what the fence lets through becomes only plain elements, in the parser the engines use."""
    chance, render, passed = random.Random(7), Renderer(path), 0
    start = HEAD + "# 标题\n\n" if path == TEMPLATE else PAGE_HEAD
    for _ in range(1000):
        text = start + "".join(chance.choices(PIECES, k=chance.randint(1, 7))) + "\n"
        template, findings = fence.check_text(text, path, DATA)
        if not findings:
            passed += 1
            assert alien_parts(render(template.body), is_page=path == PAGE) == [], text
    assert passed > 60


def test_random_bytes_never_raise(tmp_path):
    """Whatever the bytes, the answer is a list of findings."""
    chance = random.Random(3)
    file = write(tmp_path, TEMPLATE, "")
    alphabet = [*(p.encode() for p in PIECES), b"\xff", b"\0", b"\r", b"\x1b", "\u202e".encode(), b"---\n", b"...\n",
                b"title: ", b"&a *a"]
    for _ in range(400):
        file.write_bytes(b"---\n" * chance.randint(0, 1) + b"".join(chance.choices(alphabet, k=chance.randint(0, 12))))
        assert fence.check_file(tmp_path, TEMPLATE, DATA)[1]


# --- YAML -------------------------------------------------------------------------------------------------

def test_yaml_keeps_lines_and_words():
    """Values come with the line on which they stand; keys stay as they were written."""
    value, lines = yaml_source.load("a: 1\non:\n  - {x: 甲, 3: yes}\n  - 2026-11-22\n", "x.yml", "Y1", first_line=10)
    assert value == {"a": 1, "on": [{"x": "甲", "3": True}, date(2026, 11, 22)]}
    assert (lines[("a",)], lines[("on",)], lines[("on", 0)], lines[("on", 0, "x")], lines[("on", 1)]) == (10, 11, 12, 12, 13)


@pytest.mark.parametrize("text", [
    "a: [1", "a: {b", "a: ]",
    'a: "x', "a: @x", "a: `x", "\ta: x", "a\nb: c", "a: 1\n  b: 2", "- a\nb: 1", "a: -\n  b", 'a: "\\q"',
    ": b", 'a: "x" y', "a: %x", "a: =", "a: 0b_", "a: \x07", "a: 1\n--- \nb: 2", "!a: 1", "{a: 1}: 2", "a: " + "[" * 2000,
])
def test_broken_yaml_is_explained_in_chinese(text):
    """No message of the YAML library reaches a contributor in English."""
    with pytest.raises(yaml_source.YamlFault) as caught:
        yaml_source.load(text, "x.yml", "Y1")
    finding = caught.value.findings[0]
    assert not re.search(r"[a-z]{4,}", finding.found.replace("YAML", "")), finding.found
    assert (finding.rule, finding.path) == ("Y1", "x.yml") and 1 <= finding.line <= text.count("\n") + 2
