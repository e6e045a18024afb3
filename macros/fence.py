"""The fence around contributed text: what a Markdown file may contain before any engine renders it.

Templates are Jinja, so a contributed file is code unless it is fenced in. Here Jinja's own lexer and
parser read each file, and everything that is not on the list of allowed forms is refused. The same goes
for raw HTML, links, images, code and for front matter beyond the known keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes
from pydantic import BaseModel

from .model import Finding, FrontMatter, LibraryError, PageFrontMatter, SharedFrontMatter, Template
from .reader import (
    HEAD_RULE, MAX_LINE_CHARS, MAX_TEXT_BYTES, Data, contributed_files, is_template, page_files, parse_attributes,
    parse_template, read_text,
)

MAX_LINES = 600
MAX_EXPRESSIONS = 400
MAX_BLANKS = 200
MAX_YEAR_SHIFT = 20

#: Names that stand for a value, beside the sector words of data/sectors.yml.
VALUES = ("单位", "年度")
#: Macro -> (number of positional texts, keyword -> required type).
TEMPLATE_MACROS: dict[str, tuple[int, dict[str, type]]] = {
    "法规": (1, {}),
    "提法": (1, {}),
    "节日": (1, {"届次": bool, "只要月份": bool}),
    "共用": (1, {}),
    "月度安排": (0, {}),
    "落款": (0, {}),
}
#: Macros that only pages kept by the maintainers use.
PAGE_MACROS: dict[str, tuple[int, dict[str, type]]] = {
    "首页": (0, {}),
    "模板一览": (1, {}),
    "法规一览": (0, {}),
    "提法一览": (0, {}),
    "节日一览": (0, {}),
    "来源一览": (0, {}),
    "规则一览": (0, {}),
    "空白一览": (0, {}),
    "用语一览": (0, {}),
    "主题一览": (0, {}),
    "文种一览": (0, {}),
}

_jinja = Environment()  # only lexes and parses; it never renders

_HTML = re.compile(r"<[A-Za-z/!?]|&#?[A-Za-z0-9]{1,31};")
_SCHEME = re.compile(r"(?i)\b(?:javascript|vbscript|data|file|blob)\s*:|https?://|www\.|//[a-z0-9-]+\.")
_LINK = re.compile(r"!?\[[^\]]*\][(\[]|^\s{0,3}\[[^\]]+\]:|<[^>\s]+@[^>\s]+>")
_SETEXT_OR_RULE = re.compile(r"^ {0,3}(?:={2,}|-{2,}|(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})[ \t]*$")
_LIST_ITEM = re.compile(r"^(?:\d{1,3}\.|[-*+])[ \t]+\S")
_NESTED_ITEM = re.compile(r"^[ \t]+(?:\d{1,3}\.|[-*+])[ \t]+\S")
_ADMONITION = re.compile(r'^!!! note "填写说明"$')


def check_file(root: Path, path: str, data: Data) -> tuple[Template | None, list[Finding]]:
    """Read one Markdown file through the fence. Never raises for faulty content.

    `path` is relative to the project. Returns the parsed file (None if it could not be parsed) and the findings.
    """
    placed = _check_place(path, data)
    if placed:
        return None, placed
    try:
        text = read_text(root, path, MAX_TEXT_BYTES)
    except LibraryError as fault:
        return None, fault.findings
    return check_text(text, path, data)


def check_text(text: str, path: str, data: Data) -> tuple[Template | None, list[Finding]]:
    """The fence for the text of one file; see check_file."""
    findings = list(_check_characters(text, path)) + list(_check_size(text, path))
    if findings:  # nothing that parses runs over text of unbounded size or with hidden characters
        return None, findings
    shared, page = path.startswith("data/sections/"), not is_template(path) and not path.startswith("data/")
    model: type[BaseModel] = SharedFrontMatter if shared else PageFrontMatter if page else FrontMatter
    try:
        template = parse_template(text, path, model)
    except LibraryError as fault:
        return None, fault.findings
    findings += _check_front_matter_text(template)
    findings += _check_jinja(template, data, shared=shared, page=page)
    if page:
        findings += _check_page_markup(template)
    else:
        findings += _check_markup(template)
    return template, findings


def check_project(root: Path, data: Data) -> list[Finding]:
    """The fence for every Markdown file that is rendered. Empty when all may be rendered."""
    findings: list[Finding] = []
    for path in contributed_files(root) + page_files(root):
        findings += check_file(root, path, data)[1]
    return findings


# --- place, characters, size ------------------------------------------------------------------------

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.md")


def _check_place(path: str, data: Data) -> list[Finding]:
    parts = path.split("/")
    folder = "/".join(parts[:-1])
    if parts[0] == "docs" and len(parts) > 1 and parts[1] not in data.sectors:
        return []
    if parts[:2] == ["data", "sections"]:
        good_folder = len(parts) == 4 and parts[2] in data.themes
        expected = "data/sections/<主题>/<名称>.md，主题见 data/themes.yml"
    else:
        good_folder = len(parts) == 3
        expected = f"docs/{parts[1] if len(parts) > 1 else ''}/<名称>.md，不再分文件夹"
    if not good_folder:
        return [Finding("F1", path, 1, 1, f"文件放在 {folder}", expected)]
    if not _NAME.fullmatch(parts[-1]):
        stem = re.sub(r"[^a-z0-9]+", "-", parts[-1].rsplit(".", 1)[0].lower()).strip("-") or "annual-plan"
        return [Finding("F1", path, 1, 1, f"文件名 {parts[-1]!r}", "小写英文字母、数字和连字符，以 .md 结尾", f"{folder}/{stem}.md")]
    return []


#: Characters outside plain Chinese text that a template may use.
_ALLOWED_OTHER = set("·—–…“”‘’〔〕【】《》〈〉、。，；：？！（）％°℃×÷±≥≤→①②③④⑤⑥⑦⑧⑨⑩㎡　")


def _check_characters(text: str, path: str) -> Iterable[Finding]:
    reported: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if line.isascii() and line.isprintable():
            continue
        for column, char in enumerate(line, 1):
            if char in reported or "\u4e00" <= char <= "\u9fff" or char in _ALLOWED_OTHER or " " <= char <= "~":
                continue
            reported.add(char)
            code, category = f"U+{ord(char):04X}", unicodedata.category(char)
            name = unicodedata.name(char, "")
            if char == "\t":
                yield Finding("F2", path, number, column, "制表符", "用空格缩进")
            elif char == "\0":
                yield Finding("F2", path, number, column, "空字符（NUL）", "普通文字")
            elif category in ("Cf", "Cc", "Zl", "Zp", "Zs"):
                yield Finding("F2", path, number, column, f"看不见的字符 {code} {name}", "普通文字和空格")
            elif category in ("Co", "Cs", "Cn"):
                yield Finding("F2", path, number, column, f"没有统一含义的字符 {code}", "普通汉字")
            elif unicodedata.normalize("NFKC", char) != char and not "\uff00" <= char <= "\uffef":
                yield Finding("F2", path, number, column, f"与“{unicodedata.normalize('NFKC', char)}”形近的字符 {code}",
                              "普通汉字或字母", line.replace(char, unicodedata.normalize("NFKC", char)))
            elif char in "｛｝＜＞＆｜｀＃＂＇＝＼":
                yield Finding("F2", path, number, column, f"全角符号“{char}”", "去掉，或改用通常的标点")
            elif category[0] == "L" and not name.startswith("CJK"):
                yield Finding("F2", path, number, column, f"其他文字的字母“{char}”（{code} {name}）", "汉字或英文字母")
            elif category in ("So", "Sk", "Mn", "Me"):
                yield Finding("F2", path, number, column, f"符号“{char}”（{code}）", "公文不用表情和装饰符号")


def _check_size(text: str, path: str) -> Iterable[Finding]:
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        yield Finding("F3", path, MAX_LINES + 1, 1, f"共 {len(lines):,} 行", f"不超过 {MAX_LINES} 行")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE_CHARS:
            yield Finding("F3", path, number, 1, f"这一行有 {len(line):,} 个字符", f"每行不超过 {MAX_LINE_CHARS} 个字符，分成几段")
    if (blanks := text.count("【")) > MAX_BLANKS:
        yield Finding("F3", path, 1, 1, f"有 {blanks} 处空白", f"不超过 {MAX_BLANKS} 处")


# --- front matter -------------------------------------------------------------------------------------

def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


_PLAIN = re.compile(r"[{}<>&|`\\\[\]#*_\n]|%\}|\{%")


def _check_front_matter_text(template: Template) -> Iterable[Finding]:
    """Titles and summaries are printed in many places, unescaped by some engines: only plain text."""
    for value in _texts(template.meta):
        if match := _PLAIN.search(value) or _SCHEME.search(value):
            yield Finding("F5", template.path, 2, 1, f"文件头中的“{value[:40]}”含有“{match.group()}”", "文件头只写普通文字，不用宏、标记和网址")


# --- Jinja ----------------------------------------------------------------------------------------------

def _check_jinja(template: Template, data: Data, *, shared: bool, page: bool) -> Iterable[Finding]:
    body, path, first = template.body, template.path, template.body_line

    def finding(rule: str, line: int, found: str, expected: str, needle: str = "") -> Finding:
        text = body.split("\n")[line - 1] if line <= body.count("\n") + 1 else ""
        return Finding(rule, path, first + line - 1, max(text.find(needle), 0) + 1, found, expected)

    expressions, allowed_tokens = 0, {"raw_begin", "raw_end"} if page else set()
    try:
        for line, token, value in _jinja.lex(body):
            if token == "variable_begin":
                expressions += 1
            elif token in ("block_begin", "comment_begin", "raw_begin", "linestatement_begin", "linecomment_begin"):
                if token not in allowed_tokens:
                    form = {"comment_begin": "注释 {# … #}"}.get(token, "语句 {% … %}")
                    yield finding("J2", line, f"用了{form}", "模板里只写 {{ 名称 }} 和 {{ 名称(\"…\") }}", value.strip())
                    return
        tree = _jinja.parse(body)
    except TemplateSyntaxError as error:
        yield finding("J4", error.lineno, f"花括号没有写完整（{_plain_jinja(error)}）", "{{ 名称 }}，花括号成对、引号成对", "{{")
        return
    except RecursionError:
        yield finding("F3", 1, "表达式嵌套过深", "{{ 名称 }}")
        return
    if expressions > MAX_EXPRESSIONS:
        yield finding("F3", 1, f"有 {expressions} 处宏", f"不超过 {MAX_EXPRESSIONS} 处")
        return
    names = set(VALUES) | set(data.words_by_name)
    macros = {**TEMPLATE_MACROS, **(PAGE_MACROS if page else {})}
    if shared:
        macros.pop("共用")
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            yield finding("J2", output.lineno, f"用了语句（{type(output).__name__}）", "{{ 名称 }}")
            continue
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                yield from _check_expression(node, names, macros, data, finding)


def _plain_jinja(error: TemplateSyntaxError) -> str:
    message = error.message or ""
    for english, chinese in (
        ("unexpected end of template", "到文件末尾还没有结束"), ("unexpected '}'", "多了一个右花括号"),
        ("unexpected char", "有不能识别的字符"), ("expected token", "写法不全"), ("unknown tag", "用了语句"),
    ):
        if english in message:
            return chinese
    return message[:60]


def _check_expression(node: nodes.Node, names: set[str], macros: dict, data: Data, finding) -> Iterable[Finding]:
    line = node.lineno
    if isinstance(node, nodes.Name):
        if node.name in macros:
            yield finding("J3", line, f"“{node.name}”后面缺少括号", _usage(node.name, macros), node.name)
        elif node.name not in names:
            yield finding("J1", line, f"没有名为“{node.name}”的宏", "、".join(sorted(names | set(macros))), node.name)
        return
    if isinstance(node, (nodes.Add, nodes.Sub)):
        shift = node.right
        if not (isinstance(node.left, nodes.Name) and node.left.name == "年度"):
            yield finding("J2", line, "对“年度”以外的内容做了加减", "{{ 年度 - 1 }}、{{ 年度 + 1 }}", "{{")
        elif not (isinstance(shift, nodes.Const) and type(shift.value) is int and 0 < shift.value <= MAX_YEAR_SHIFT):
            yield finding("J2", line, "“年度”加减的不是小的整数", f"1 到 {MAX_YEAR_SHIFT} 的整数", "年度")
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        name = node.node.name
        if name not in macros:
            yield finding("J1", line, f"没有名为“{name}()”的宏", "、".join(f"{macro}()" for macro in sorted(macros)), name)
            return
        yield from _check_arguments(node, name, macros, data, finding)
        return
    form = {
        nodes.Getattr: "用了属性（点号）", nodes.Getitem: "用了下标（方括号）", nodes.Filter: "用了过滤器（竖线）",
        nodes.Const: "直接写了一个值", nodes.Call: "调用了宏以外的东西", nodes.Mul: "做了乘法", nodes.Pow: "做了乘方",
        nodes.Concat: "做了拼接", nodes.CondExpr: "用了条件", nodes.Test: "用了判断", nodes.Compare: "做了比较",
        nodes.List: "写了列表", nodes.Dict: "写了字典", nodes.Tuple: "写了多个值", nodes.Mod: "做了求余",
    }.get(type(node), f"用了不允许的写法（{type(node).__name__}）")
    yield finding("J2", line, form, "{{ 名称 }} 或 {{ 名称(\"…\") }}", "{{")


def _usage(name: str, macros: dict) -> str:
    positional, keywords = macros[name]
    parts = ['"…"'] * positional + [f"{keyword}=True" for keyword in keywords]
    return "{{ " + f"{name}({', '.join(parts)})" + " }}"


def _check_arguments(node: nodes.Call, name: str, macros: dict, data: Data, finding) -> Iterable[Finding]:
    positional, keywords = macros[name]
    usage, line = _usage(name, macros), node.lineno
    if node.dyn_args or node.dyn_kwargs:
        yield finding("J2", line, "用了 * 展开参数", usage, name)
        return
    values = [arg.value if isinstance(arg, nodes.Const) else None for arg in node.args]
    if len(values) != positional or not all(isinstance(value, str) for value in values):
        yield finding("J3", line, f"“{name}”的参数不对", usage, name)
        return
    for keyword in node.kwargs:
        wanted = keywords.get(keyword.key)
        if wanted is None or not isinstance(keyword.value, nodes.Const) or type(keyword.value.value) is not wanted:
            yield finding("J3", line, f"“{name}”的参数 {keyword.key} 不对", usage, name)
            return
    if name == "共用" and not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", values[0]):
        yield finding("J3", line, f"共用段落“{values[0]}”", "主题/名称，如 finance/budget", name)
    elif name == "节日" and values[0] not in data.observances_by_name:
        yield finding("J3", line, f"没有收录的节日“{values[0]}”", "data/observances.yml 中的名称", name)
    elif name == "节日" and data.observances_by_name[values[0]].rule.type == "announced":
        yield finding("J3", line, f"“{values[0]}”的日期每年另行公布", "写出名称即可，不写日期", name)
    elif name == "提法" and values[0] not in data.phrases_by_name:
        yield finding("J3", line, f"没有收录的提法“{values[0]}”", "、".join(data.phrases_by_name), name)
    elif name == "法规" and values[0] not in data.policies_by_name:
        yield finding("L1", line, f"没有收录的法规“{values[0]}”", "data/policies.yml 中的名称", name)
    elif name == "法规" and not (policy := data.policies_by_name[values[0]]).citable:
        if policy.status == "unverified":
            yield finding("L2", line, f"“{values[0]}”的现行状态没有核实，不能引用", "改引已核实的法规，或只写“按上级工会规定”", name)
        else:
            yield finding("L3", line, f"“{values[0]}”已到期或已结束，不能引用", "改引现行文件", name)
    elif name == "模板一览" and values[0] not in data.sectors:
        yield finding("J3", line, f"没有这个行业“{values[0]}”", "、".join(data.sectors), name)


# --- Markdown -------------------------------------------------------------------------------------------

def _check_markup(template: Template) -> Iterable[Finding]:
    """Templates are headings, paragraphs, flat lists, tables, bold and one admonition: nothing else."""
    path = template.path
    container = ""  # what an indented line may belong to
    previous = ""
    for number, line in enumerate(template.body.split("\n"), template.body_line):
        def found(rule: str, what: str, expected: str, column: int = 1, paste: str = "") -> Finding:
            return Finding(rule, path, number, column, what, expected, paste)

        stripped = re.sub(r"\{\{.*?\}\}", "", line)  # the arguments of macros were checked above
        if match := _HTML.search(stripped):
            yield found("H1", f"HTML 标签或实体“{match.group()}”", "普通文字；小于号写“小于”", line.find(match.group()) + 1)
        if match := _LINK.search(stripped) or _SCHEME.search(stripped):
            yield found("H2", f"链接、图片或网址“{match.group().strip()[:30]}”", "不写网址；法规用 {{ 法规(\"名称\") }}",
                        line.find(match.group().strip()) + 1)
        if "`" in stripped or stripped.lstrip().startswith("~~~"):
            yield found("H3", "代码标记", "普通文字")
        if stripped.startswith(">"):
            yield found("H3", "引用块", "普通段落")
        if _SETEXT_OR_RULE.match(stripped):
            yield found("H3", f"分隔线“{stripped.strip()[:10]}”", "不用分隔线；标题用 ## 或 ###")
        if re.search(r"\[\^|\[TOC\]|^\*\[|~~|==|\+\+|\^\^|:::|--8<--", stripped):
            yield found("H3", "扩展标记", "只用标题、段落、编号、表格和加粗")
        if "{:" in stripped or "{%" in stripped:
            heading = re.match(r"^#{1,6}\s", line)
            if not heading or parse_attributes(line)[1] is None:
                yield found("F7", "行末的 {: … } 写法不对", "标题行末写 {: theme=主题 } 或 {: theme=主题 id=名称 }", line.find("{:") + 1)
        if line.strip() and not line.startswith((" ", "\t")):
            container = "admonition" if _ADMONITION.match(line) else "item" if _LIST_ITEM.match(line) else ""
            if line.startswith(("!!!", "???")) and not container:
                yield found("H3", f"提示框“{line[:20]}”", '!!! note "填写说明"', paste='!!! note "填写说明"')
        elif line.strip():
            if _NESTED_ITEM.match(line) and container != "admonition":
                yield found("H3", "条目里又分条目", "只用一层编号；需要再分时另起一条")
            elif not container and (len(line) - len(line.lstrip()) >= 4) and not previous.strip():
                yield found("H3", "行首缩进四格，会变成代码", "段落顶格写")
        previous = line


def _check_page_markup(template: Template) -> Iterable[Finding]:
    """Pages may link, show code and images; raw HTML and scripts they may not."""
    fenced = False
    for number, line in enumerate(template.body.split("\n"), template.body_line):
        if re.match(r"^\s*(?:```|~~~)", line):
            fenced = not fenced
        if fenced:
            continue
        plain = re.sub(r"`[^`]*`", "", line)
        if match := re.search(r"<[A-Za-z/!?]", plain):
            yield Finding("H1", template.path, number, match.start() + 1, "HTML 标签", "Markdown 或宏")
        if match := re.search(r"(?i)\b(?:javascript|vbscript|data)\s*:", plain):
            yield Finding("H2", template.path, number, match.start() + 1, f"“{match.group()}”链接", "站内页面或 https 网址")
        if match := re.search(r"!\[[^\]]*\]\((?:https?:)?//", plain):
            yield Finding("H2", template.path, number, match.start() + 1, "外部图片", "docs/assets/ 里的图片")
