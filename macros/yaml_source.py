"""YAML read with the line of every value; tags, anchors, aliases and duplicate keys are refused."""

from __future__ import annotations

from typing import Any

import yaml

from .model import Finding

MAX_DEPTH = 6
MAX_NUMBER = 10**12
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Where a value stands: keys and indexes from the top, e.g. ("policies", 3, "name").
Path = tuple[str | int, ...]


class YamlFault(Exception):
    """The text is not YAML of the allowed kind; carries the findings."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__(findings[0].found)


def load(text: str, path: str, rule: str, first_line: int = 1) -> tuple[Any, dict[Path, int]]:
    """Read one YAML document.

    `first_line` is the 1-based line of the file on which `text` starts.
    Returns the value and the 1-based line of every value and key.
    Raises YamlFault, which names file, line, what was found and what is expected.
    """

    def fault(mark: Any, found: str, expected: str) -> YamlFault:
        line = first_line + (mark.line if mark else 0)
        column = (mark.column if mark else 0) + 1
        return YamlFault([Finding(rule, path, line, column, found, expected)])

    try:
        _police_events(text, fault)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Path, int] = {}
            value = _construct(loader, node, (), lines, first_line, fault) if node else None
            return value, lines
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise fault(mark, f"YAML 写法有误（{_plain_problem(error)}）", "键后用半角冒号加空格，缩进用空格，引号成对") from None
    except RecursionError:
        raise fault(None, "嵌套过深", f"嵌套不超过 {MAX_DEPTH} 层") from None


#: Part of what the YAML library says -> what it means.
_PROBLEMS = (
    ("mapping values are not allowed", "一行里出现了两个冒号，或缩进不齐"),
    ("could not find expected ':'", "缺少冒号"),
    ("did not find expected key", "缩进不齐或缺少引号"),
    ("did not find expected '-' indicator", "缩进不齐"),
    ("did not find expected ',' or", "括号没有成对，或缺少逗号"),
    ("did not find the expected", "括号或引号没有成对"),
    ("found unexpected end of stream", "引号没有成对"),
    ("found unexpected document indicator", "引号没有成对"),
    ("found unknown escape character", "双引号里有反斜杠"),
    ("cannot start any token", "有不能开头的符号，如 @、` 或制表符"),
    ("block sequence entries are not allowed", "短横线的位置不对"),
    ("did not find expected node content", "这里缺少内容，或多了括号"),
    ("expected a single document", "出现了第二个文档（多了一行 ---）"),
    ("did not find expected <document start>", "出现了第二个文档，或有不能识别的符号"),
    ("found undefined tag handle", "用了类型标签（!）"),
    ("could not determine a constructor", "用了有特殊含义的符号（= 或 <<）"),
    ("control characters are not allowed", "有不能显示的字符"),
    ("special characters are not allowed", "有不能显示的字符"),
)


def _plain_problem(error: yaml.YAMLError) -> str:
    problem = f"{getattr(error, 'problem', '')} {error}"
    return next((chinese for english, chinese in _PROBLEMS if english in problem), "这里看不懂")


def _police_events(text: str, fault: Any) -> None:
    """Refuse what could make YAML more than plain data, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise fault(event.start_mark, "用了锚点或别名（& 或 *）", "直接写出内容；以 & 或 * 开头的文字请加引号")
        if getattr(event, "tag", None):
            raise fault(event.start_mark, f"用了类型标签 {event.tag}", "只写普通文字、数字、日期")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise fault(event.start_mark, "嵌套过深", f"嵌套不超过 {MAX_DEPTH} 层")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _construct(loader: Any, node: Any, path: Path, lines: dict[Path, int], first_line: int, fault: Any) -> Any:
    lines[path] = node.start_mark.line + first_line
    if isinstance(node, yaml.SequenceNode):
        return [
            _construct(loader, child, (*path, index), lines, first_line, fault)
            for index, child in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise fault(key_node.start_mark, "键不是一个词", "键只写一个词")
            # YAML 1.1 reads the key `on` as the boolean true, `3` as a number: keep the word as it was written.
            key = key_node.value
            if key in result:
                raise fault(key_node.start_mark, f"键“{key}”写了两次", "每个键只写一次")
            result[key] = _construct(loader, value_node, (*path, key), lines, first_line, fault)
            lines[(*path, key)] = key_node.start_mark.line + first_line
        return result
    try:
        value = loader.construct_object(node)
    except (ValueError, OverflowError):
        raise fault(node.start_mark, f"“{node.value[:40]}”不是有效的日期或数字", "日期写 2026-11-22，文字请加引号") from None
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise fault(node.start_mark, f"数字“{node.value[:20]}…”太大", "通常大小的数字，文字请加引号")
    return value
