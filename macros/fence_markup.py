"""The fence, part three: the Markdown of a contributed text. Pure.

Templates are headings, paragraphs, flat lists, tables, bold and one admonition; pages may also link and show code.
The lines are not judged by guessing what a Markdown parser would make of them: every sign that HTML or Markdown
could make something of is refused wherever it stands, but for the few places listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .fence_macros import Body, mask_macros
from .model import Finding
from .reader import parse_attributes

NOTE = '!!! note "填写说明"'
MAX_PAGE_INDENT = 8

#: A URL scheme that runs or fetches something, or the beginning of an address.
SCHEME = re.compile(r"(?i)\b(?:javascript|vbscript|data|file|blob)\s*:|https?:|www\.|//[a-z0-9-]+\.")

_TAG = re.compile(r"<[A-Za-z/!?]|&#?[A-Za-z0-9]{1,31};|[<>&]")
_LINK = re.compile(r"!?\[[^\]]*\][(\[]|^\s*(?:[-*+]\s+)?\[[^\]]+\]:")
_EXTENSION = re.compile(r"\[\^|\[TOC\]|^\*\[|~~|==|\+\+|\^\^|:::|--8<--")
_RULE = re.compile(r"^(?:[=-]+|(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})[ \t]*$")
_MARKER = re.compile(r"^(?:\d+\.|[-*+])[ \t]+(?=\S)")
_HEADING = re.compile(r"^#{1,6} +\S")
_BOLD = re.compile(r"\*\*(?=[^\s*])[^*]*(?<=[^\s*])\*\*")
#: What Markdown or one of its extensions might take for mark-up, beyond what has its own message.
_SIGN = re.compile(r"[\[\]\\`~^$_=@#{}!]")
_RAW_TAG = re.compile(r"\{% (?:end)?raw %\}")
_CODE_FENCE = re.compile(r"```[a-z]*")
_PAGE_TAG = re.compile(r"<\S|&[#A-Za-z]")
_PAGE_SCHEME = re.compile(r"(?i)\b(?:javascript|vbscript|data)\s*:")
_LOCAL = r"(?:\.\./)*[a-z0-9][a-z0-9/-]*"
_PAGE_LINK = re.compile(rf"\]\((?:{_LOCAL}\.md(?:#[a-z0-9-]+)?|https://[A-Za-z0-9./-]+)\)")
_PAGE_IMAGE = re.compile(rf"!\[[^\[\]]*\]\({_LOCAL}\.png\)")


@dataclass(frozen=True)
class _Line:
    """One line of a body. `content` is `plain` without indentation and list marker.

    `plain` is a template's line without macros and heading attributes, a page's line without {% raw %} tags.
    """

    body: Body
    number: int  # 1-based line of the body
    raw: str
    plain: str
    content: str

    def found(self, rule: str, what: str, expected: str, needle: str = "", paste: str = "") -> Finding:
        line, column = self.body.first_line + self.number - 1, max(self.raw.find(needle), 0) + 1
        return Finding(rule, self.body.path, line, column, what, expected, paste)


def _lines(body: Body, *, page: bool) -> Iterator[_Line]:
    for number, raw in enumerate(body.text.split("\n"), 1):
        plain = _RAW_TAG.sub("", raw) if page else mask_macros(raw)
        if not page and _HEADING.match(plain):
            text, attributes = parse_attributes(plain)
            plain = plain if attributes is None else text
        content = plain.lstrip(" \t")
        yield _Line(body, number, raw, plain, content[match.end():] if (match := _MARKER.match(content)) else content)


def check_template_markup(body: Body) -> list[Finding]:
    """Templates and shared sections: nothing but headings, paragraphs, flat lists, tables, bold and one admonition."""
    findings: list[Finding] = []
    container = ""  # what an indented line may belong to: "", "item" or "note"
    for line in _lines(body, page=False):
        findings += [*_html_and_links(line), *_blocks(line), *_indent(line, container)] or _signs(line)
        if line.plain.strip(" ") and not line.plain.startswith((" ", "\t")):
            container = "note" if line.raw == NOTE else "item" if _MARKER.match(line.plain) else ""
    return findings


def _html_and_links(line: _Line) -> Iterator[Finding]:
    if line.content.startswith(">"):
        yield line.found("H3", "引用块", "普通段落", ">")
    elif match := _TAG.search(line.plain):
        yield line.found("H1", f"HTML 标签或实体“{match.group()}”", "普通文字；大于、小于写成汉字", match.group())
    if match := _LINK.search(line.plain) or SCHEME.search(line.plain):
        text = match.group().strip()
        yield line.found("H2", f"链接、图片或网址“{text[:30]}”", '不写网址；法规用 {{ 法规("名称") }}', text)


def _blocks(line: _Line) -> Iterator[Finding]:
    """Block mark-up at the beginning of a line or of a list item."""
    content = line.content
    if "`" in line.plain or content.startswith("~~~"):
        yield line.found("H3", "代码标记", "普通文字", "`")
    if _RULE.match(content):
        yield line.found("H3", f"分隔线“{content.strip()[:10]}”", "不用分隔线；标题用 ## 或 ###", content.strip())
    elif match := _EXTENSION.search(line.plain):
        yield line.found("H3", f"扩展标记“{match.group()}”", "只用标题、段落、编号、表格和加粗", match.group())
    if content.startswith(("!!!", "???")) and line.raw != NOTE:
        yield line.found("H3", f"提示框“{line.raw.strip()[:20]}”", NOTE, paste=NOTE)
    if content.startswith("#") and not _HEADING.match(line.plain):
        yield line.found("F6", f"标题“{line.raw[:20]}”写法不对", "标题顶格写，# 后面空一格，如 ## 重点任务")
    if content != line.plain.lstrip(" \t") and _MARKER.match(content):
        yield line.found("H3", "一行里有两个条目符号", "每行一个条目")


def _indent(line: _Line, container: str) -> Iterator[Finding]:
    if not line.plain.strip(" ") or not line.plain.startswith((" ", "\t")):
        return
    depth = len(line.plain) - len(line.plain.lstrip(" \t"))
    is_item = bool(_MARKER.match(line.plain.lstrip(" \t")))
    if is_item and container != "note":
        yield line.found("H3", "条目里又分条目", "只用一层编号；需要再分时另起一条")
    elif depth > 4 or (container == "note" and depth != 4):
        yield line.found("H3", f"行首缩进 {depth} 格", "填写说明里缩进四格，其余段落顶格写")
    elif not container:
        yield line.found("H3", "行首缩进，会变成代码或接到上一段", "段落顶格写")


def _signs(line: _Line) -> Iterator[Finding]:
    if line.raw == NOTE:
        return
    if "{:" in line.plain:
        yield line.found("F7", "行末的 {: … } 写法不对", "标题行末写 {: theme=主题 } 或 {: theme=主题 id=名称 }", "{:")
        return
    text = re.sub(r"^#{1,6} +", "", line.plain)
    if match := _SIGN.search(text):
        yield line.found("H3", f"符号“{match.group()}”", "只写普通文字和中文标点", match.group())
    if "*" in _BOLD.sub("", _MARKER.sub("", text.lstrip(" \t"))):
        yield line.found("H3", "星号不成对", "加粗写成 **文字**，在一行之内", "*")


def check_page_markup(body: Body) -> list[Finding]:
    """Pages may also link, nest lists and show code; raw HTML, scripts and other hosts' images they may not."""
    return [finding for line in _lines(body, page=True) for finding in _page_line(line)]


def _page_line(line: _Line) -> Iterator[Finding]:
    text, content = line.plain, line.plain.lstrip(" \t")
    if match := _PAGE_TAG.search(text):
        yield line.found("H1", f"HTML 标签或实体“{match.group()}”", "Markdown 或宏，代码里也不写", match.group())
    if match := _PAGE_SCHEME.search(text):
        yield line.found("H2", f"“{match.group()}”链接", "站内页面或 https 网址", match.group())
    rest = _PAGE_LINK.sub("", _PAGE_IMAGE.sub("", text))
    if "![" in rest:
        yield line.found("H2", "外部图片，或图片写法不对", "docs/assets/ 里的图片，![说明](../assets/images/a.png)", "![")
    elif match := re.search(r"\](?:[(\[]|:)", rest):
        yield line.found("H2", "链接写法不对", "[文字](页面.md) 或 [文字](https://网址)", match.group())
    if content.startswith(("```", "~~~")) and not _CODE_FENCE.fullmatch(text):
        yield line.found("H3", "代码块写法不对", "顶格写 ``` 和语言名称，如 ```yaml", content[:3])
    if line.content.startswith(">"):
        yield line.found("H3", "引用块", "普通段落", ">")
    if len(text) - len(content) > MAX_PAGE_INDENT:
        yield line.found("H3", f"行首缩进 {len(text) - len(content)} 格", f"不超过 {MAX_PAGE_INDENT} 格")
    if content != line.content and _MARKER.match(line.content):
        yield line.found("H3", "一行里有两个条目符号", "每行一个条目")


def count_headings(body: Body, *, page: bool) -> int:
    """Lines that Markdown may take for a heading or its underline."""
    return sum(bool(re.match(r"#|[=-]+[ \t]*$", line.content)) for line in _lines(body, page=page))
