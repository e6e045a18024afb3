"""The fence, part two: the macros of a contributed text. Pure.

Templates are Jinja, so a contributed file is code unless it is fenced in. Jinja's own lexer and parser read the
text, and everything that is not on the list of allowed forms is refused. What passes must also be written in one of
the literal forms of `_FORM`, so that other readers of the text (people, checks) see what the engines see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from .model import Finding
from .reader import Data

MAX_EXPRESSIONS = 400
MAX_YEAR_SHIFT = 20
MAX_SHARED = 10

#: Names that stand for a value, beside the sector words of data/sectors.yml.
VALUES = ("单位", "年度")
#: Macro -> (number of positional texts, keyword -> required type).
Macros = dict[str, tuple[int, dict[str, type]]]
TEMPLATE_MACROS: Macros = {
    "法规": (1, {}),
    "提法": (1, {}),
    "节日": (1, {"届次": bool, "只要月份": bool}),
    "共用": (1, {}),
    "月度安排": (0, {}),
    "落款": (0, {}),
}
#: Macros that only pages kept by the maintainers use.
PAGE_MACROS: Macros = {
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
    "主题矩阵": (0, {}),
    "范例": (1, {}),
    "主题段落": (1, {}),
    "文种一览": (0, {}), "模板目录": (0, {}),
}
SHARED = "共用"
#: Macros that print whole blocks, which would change the meaning of what stands on the same line.
BLOCKS = {SHARED, "月度安排", "落款", *PAGE_MACROS}

#: `{{ 单位 }}`, `{{ 年度 - 1 }}`, `{{ 法规("工会法") }}`, `{{ 节日("教师节", 届次=True) }}`.
_FORM = re.compile(
    r"\{\{ *(?P<name>[^\W\d]\w*)"
    r"(?: *(?P<sign>[+-]) *(?P<years>\d{1,2})"
    r"""| *\( *(?:(?:"(?P<double>[^"'\\{}\n]*)"|'(?P<single>[^"'\\{}\n]*)')(?P<keywords>(?: *, *\w+ *= *(?:True|False))*))? *\))?"""
    r" *\}\}"
)
_KEYWORD = re.compile(r"(\w+) *= *(True|False)")
#: `{: theme=x }` at the end of a heading, which means nothing to Jinja.
_ATTRIBUTES = re.compile(r"\{:[^{}\n]*\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_IN_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_RAW = re.compile(r"\{% raw %\}(.*?)\{% endraw %\}", re.DOTALL)
_EXAMPLE = '{{ 名称 }} 或 {{ 名称("…") }}'

_jinja = Environment()  # only lexes and parses; it never renders


@dataclass(frozen=True)
class Body:
    """The text below the front matter, and where it stands."""

    path: str
    text: str
    first_line: int  # 1-based line of the file

    def finding(self, rule: str, line: int, found: str, expected: str, needle: str = "") -> Finding:
        """A finding in a 1-based line of the body, in the column where `needle` begins."""
        lines = self.text.split("\n")
        column = lines[line - 1].find(needle) if line <= len(lines) else 0
        return Finding(rule, self.path, self.first_line + line - 1, max(column, 0) + 1, found, expected)


def mask_macros(line: str) -> str:
    """A line with a neutral character in place of each macro and of what check_macros refuses."""
    return _IN_BRACES.sub("□", line)


def check_macros(body: Body, data: Data, *, page: bool = False, shared: bool = False) -> list[Finding]:
    """Everything in the body that Jinja would act on must be of an allowed form. `page`: kept by the maintainers."""
    if not page and _plainly_sound(body.text, data):
        return list(_unusual_forms(body, raw_allowed=False))
    return _check_as_jinja(body, data, page=page, shared=shared)


def _plainly_sound(text: str, data: Data) -> bool:
    """Whether nothing stands in braces but macros in their literal form, each of which passes on its own.

    Spares most texts Jinja's parser: a library has many pages and few different macros. False only means unknown.
    """
    forms = [match.group() for match in _FORM.finditer(text)]
    rest = _ATTRIBUTES.sub("□", _FORM.sub("□", text))
    return "{" not in rest and "}" not in rest and len(forms) <= MAX_EXPRESSIONS and all(_sound(form, data) for form in set(forms))


@lru_cache(maxsize=4096)
def _sound(form: str, data: Data) -> bool:
    """Whether a macro passes wherever it stands; shared sections depend on what else the text uses."""
    return SHARED not in form and not _check_as_jinja(Body("", form, 1), data, page=False, shared=False)


def _check_as_jinja(body: Body, data: Data, *, page: bool, shared: bool) -> list[Finding]:
    """What Jinja's own parser finds in the body, held against the allowed forms."""
    macros = {**TEMPLATE_MACROS, **(PAGE_MACROS if page else {})}
    names = {*VALUES, *data.words_by_name}
    findings: list[Finding] = []
    try:
        tokens = list(_jinja.lex(body.text))
        findings += _statements(body, tokens, raw_allowed=page)
        if (count := sum(token == "variable_begin" for _, token, _ in tokens)) > MAX_EXPRESSIONS:
            return [*findings, body.finding("F3", 1, f"有 {count} 处宏", f"不超过 {MAX_EXPRESSIONS} 处")]
        outputs = list(_jinja.parse(body.text).find_all(nodes.Output))
    except TemplateSyntaxError as error:
        # a statement that Jinja does not know was already reported as a statement
        return findings or [body.finding("J4", error.lineno, f"花括号没有写完整（{_plain_problem(error)}）",
                                         "{{ 名称 }}，花括号成对、引号成对", "{{")]
    except RecursionError:
        line = body.text[: body.text.find("{{")].count("\n") + 1
        return [*findings, body.finding("F3", line, "表达式嵌套过深", "{{ 名称 }}", "{{")]
    used: set[str] = set()
    for output in outputs:
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                findings += _Expression(body, names, macros, data, shared, used).check(node)
    return findings or list(_unusual_forms(body, raw_allowed=page))


def _statements(body: Body, tokens: list[tuple[int, str, str]], *, raw_allowed: bool) -> Iterator[Finding]:
    for index, (line, token, value) in enumerate(tokens):
        if token == "comment_begin":
            yield body.finding("J2", line, "用了注释 {# … #}", _EXAMPLE, value.strip())
        elif token == "raw_begin" and not raw_allowed:
            yield body.finding("J2", line, "用了语句 {% raw %}", _EXAMPLE, "{%")
        elif token == "block_begin":
            word = next((text for _, kind, text in tokens[index + 1 :] if kind != "whitespace"), "")
            if not word.startswith("end"):
                yield body.finding("J2", line, f"用了语句 {{% {word} %}}", _EXAMPLE, "{%")


def _unusual_forms(body: Body, *, raw_allowed: bool) -> Iterator[Finding]:
    text = _RAW.sub(lambda match: "\n" * match.group().count("\n"), body.text) if raw_allowed else body.text
    for number, line in enumerate(text.split("\n"), 1):
        rest = _FORM.sub("", line)
        if match := _BRACES.search(rest):
            snippet = rest[match.start() : match.start() + 30].strip()
            yield body.finding("J2", number, f"宏的写法“{snippet}”不是约定的形式", f"{_EXAMPLE}，写在一行里，不加别的符号", match.group())
        for match in _FORM.finditer(line):
            if match.group("name") in BLOCKS and match.group() != line.rstrip(" "):
                found = f"“{match.group('name')}”与别的文字写在一行，或没有顶格"
                yield body.finding("J3", number, found, "单独写一行，顶格", match.group())


#: Part of what Jinja says -> what it means.
_PROBLEMS = (
    ("of template", "到文件末尾还没有结束"), ("Missing end", "到文件末尾还没有结束"), ("Expected an expression", "括号里没有内容"),
    ("unexpected char", "引号没有成对，或有不能识别的字符"), ("escape", "引号里有反斜杠"), ("Unicode character", "引号里有反斜杠"),
    ("unexpected '", "括号没有成对，或写法不全"), ("expected", "写法不全"), ("invalid syntax", "写法不全"),
)


def _plain_problem(error: TemplateSyntaxError) -> str:
    return next((chinese for english, chinese in _PROBLEMS if english in (error.message or "")), "这里看不懂")


def _usage(name: str, macros: Macros) -> str:
    positional, keywords = macros[name]
    parts = ['"…"'] * positional + [f"{keyword}=True" for keyword in keywords]
    return "{{ " + f"{name}({', '.join(parts)})" + " }}"


_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Getattr: "用了属性（点号）", nodes.Getitem: "用了下标（方括号）", nodes.Filter: "用了过滤器（竖线）",
    nodes.Const: "直接写了一个值", nodes.TemplateData: "直接写了一个值", nodes.Call: "调用了宏以外的东西",
    nodes.Mul: "做了乘法", nodes.Div: "做了除法", nodes.FloorDiv: "做了除法", nodes.Pow: "做了乘方", nodes.Mod: "做了求余",
    nodes.Concat: "做了拼接", nodes.CondExpr: "用了条件", nodes.Test: "用了判断", nodes.Compare: "做了比较",
    nodes.Not: "用了逻辑运算", nodes.And: "用了逻辑运算", nodes.Or: "用了逻辑运算", nodes.Neg: "写了正负号", nodes.Pos: "写了正负号",
    nodes.List: "写了列表", nodes.Dict: "写了字典", nodes.Tuple: "写了多个值",
}


@dataclass(frozen=True)
class _Expression:
    """Checks what stands between two pairs of braces. `used` collects the shared sections of the file."""

    body: Body
    names: set[str]
    macros: Macros
    data: Data
    shared: bool
    used: set[str]

    def check(self, node: nodes.Node) -> Iterator[Finding]:
        if isinstance(node, nodes.Name):
            yield from self._name(node)
        elif isinstance(node, (nodes.Add, nodes.Sub)):
            yield from self._year(node)
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            yield from self._call(node, node.node.name)
        else:
            yield self._fault("J2", node, _REFUSED.get(type(node), "用了不允许的写法"), _EXAMPLE, "{{")

    def _fault(self, rule: str, node: nodes.Node, found: str, expected: str, needle: str) -> Finding:
        return self.body.finding(rule, node.lineno, found, expected, needle)

    def _name(self, node: nodes.Name) -> Iterator[Finding]:
        if node.name in self.macros:
            yield self._fault("J3", node, f"“{node.name}”后面缺少括号", _usage(node.name, self.macros), node.name)
        elif node.name not in self.names:
            expected = "、".join(sorted(self.names | set(self.macros)))
            yield self._fault("J1", node, f"没有名为“{node.name}”的宏", expected, node.name)

    def _year(self, node: nodes.BinExpr) -> Iterator[Finding]:
        shift = node.right
        if not (isinstance(node.left, nodes.Name) and node.left.name == "年度"):
            yield self._fault("J2", node, "对“年度”以外的内容做了加减", "{{ 年度 - 1 }}、{{ 年度 + 1 }}", "{{")
        elif not (isinstance(shift, nodes.Const) and type(shift.value) is int and 0 < shift.value <= MAX_YEAR_SHIFT):
            yield self._fault("J2", node, "“年度”加减的不是小的整数", f"1 到 {MAX_YEAR_SHIFT} 的整数", "年度")

    def _call(self, node: nodes.Call, name: str) -> Iterator[Finding]:
        if name not in self.macros:
            expected = "、".join(f"{macro}()" for macro in sorted(self.macros))
            yield self._fault("J1", node, f"没有名为“{name}()”的宏", expected, name)
        elif node.dyn_args or node.dyn_kwargs:
            yield self._fault("J2", node, "用了 * 展开参数", _usage(name, self.macros), name)
        elif found := self._wrong_arguments(node, name):
            yield self._fault("J3", node, found, _usage(name, self.macros), name)
        elif node.args:
            yield from self._argument(node, name, node.args[0].value)

    def _wrong_arguments(self, node: nodes.Call, name: str) -> str:
        positional, keywords = self.macros[name]
        values = [arg.value if isinstance(arg, nodes.Const) else None for arg in node.args]
        if len(values) != positional or not all(isinstance(value, str) for value in values):
            return f"“{name}”的参数不对"
        seen: set[str] = set()
        for keyword in node.kwargs:
            wanted = keywords.get(keyword.key)
            if wanted is None or not isinstance(keyword.value, nodes.Const) or type(keyword.value.value) is not wanted:
                return f"“{name}”的参数 {keyword.key} 不对"
            if keyword.key in seen:
                return f"“{name}”的参数 {keyword.key} 写了两次"
            seen.add(keyword.key)
        return ""

    def _argument(self, node: nodes.Call, name: str, value: str) -> Iterator[Finding]:
        """The text between the quotes must name something that is there."""
        data = self.data
        fault: tuple[str, str, str] | None = None
        if name == SHARED:
            fault = self._shared_fault(value)
        elif name == "节日" and value not in data.observances_by_name:
            fault = "J3", f"没有收录的节日“{value}”", "data/observances.yml 中的名称"
        elif name == "节日" and data.observances_by_name[value].rule.type == "announced":
            fault = "J3", f"“{value}”的日期每年另行公布", "写出名称即可，不写日期"
        elif name == "提法" and value not in data.phrases_by_name:
            fault = "J3", f"没有收录的提法“{value}”", "、".join(data.phrases_by_name)
        elif name == "法规":
            fault = self._policy_fault(value)
        elif name == "模板一览" and value not in data.sectors:
            fault = "J3", f"没有这个行业“{value}”", "、".join(data.sectors)
        elif name == "范例" and value not in {example.id for example in data.examples}:
            fault = "J3", f"没有这个范例“{value}”", "、".join(example.id for example in data.examples)
        elif name == "主题段落" and value not in data.themes:
            fault = "J3", f"没有这个主题“{value}”", "、".join(data.themes)
        if fault:
            rule, found, expected = fault
            yield self._fault(rule, node, found, expected, name)

    def _shared_fault(self, value: str) -> tuple[str, str, str] | None:
        if self.shared:
            return "J2", f"共用段落里又用了共用段落“{value}”", "把文字直接写在这里"
        if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", value):
            return "J3", f"共用段落“{value}”", "主题/名称，如 finance/budget"
        if value in self.used:
            return "J3", f"共用段落“{value}”用了两次", "每个共用段落只用一次"
        self.used.add(value)
        if len(self.used) > MAX_SHARED:
            return "F3", f"用了 {len(self.used)} 个共用段落", f"不超过 {MAX_SHARED} 个"
        return None

    def _policy_fault(self, value: str) -> tuple[str, str, str] | None:
        policy = self.data.policies_by_name.get(value)
        if policy is None:
            return "L1", f"没有收录的法规“{value}”", "data/policies.yml 中的名称"
        if policy.status == "unverified":
            return "L2", f"“{value}”的现行状态没有核实，不能引用", "改引已核实的法规，或只写“按上级工会规定”"
        if not policy.citable:
            return "L3", f"“{value}”已到期或已结束，不能引用", "改引现行文件"
        return None


def print_macros(text: str, names: Mapping[str, Any]) -> str:
    """A text that has passed check_macros, with its macros printed as Jinja would print them.

    `names` gives each value and each function. Pages need no compiling this way.
    """
    return _FORM.sub(lambda match: str(_value(match, names[match["name"]])), text)


def _value(match: re.Match[str], named: Any) -> Any:
    if match["years"]:
        return named + int(match["sign"] + match["years"])
    if not callable(named):
        return named
    arguments = [text for text in (match["double"], match["single"]) if text is not None]
    return named(*arguments, **{key: value == "True" for key, value in _KEYWORD.findall(match["keywords"] or "")})


def shared_sections(body: Body) -> Iterator[tuple[int, str]]:
    """The shared sections that a checked body uses: (1-based line of the body, name)."""
    for number, line in enumerate(body.text.split("\n"), 1):
        for match in re.finditer(rf"""\{{\{{ *{SHARED} *\( *["']([a-z0-9/-]+)["']""", line):
            yield number, match.group(1)
