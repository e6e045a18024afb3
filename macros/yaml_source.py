"""YAML read with the line of every value; tags, anchors, aliases and duplicate keys are refused."""

from __future__ import annotations

from typing import Any

import yaml

from .model import Finding

MAX_DEPTH = 6
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


def _plain_problem(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", "") or error).split("\n")[0]
    return {
        "mapping values are not allowed here": "一行里出现了两个冒号，或缩进不齐",
        "could not find expected ':'": "缺少冒号",
        "did not find expected key": "缩进不齐或缺少引号",
        "found character '\\t' that cannot start any token": "用了制表符",
        "found character that cannot start any token": "有不能开头的符号，如 @、` 或制表符",
        "expected a single document in the stream": "出现了第二个文档（多了一行 ---）",
    }.get(problem, problem)


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
            # YAML 1.1 reads the key `on` as the boolean true: keep the word as it was written.
            key = loader.construct_object(key_node)
            if not isinstance(key, int) or isinstance(key, bool):
                key = key_node.value
            if key in result:
                raise fault(key_node.start_mark, f"键“{key}”写了两次", "每个键只写一次")
            result[key] = _construct(loader, value_node, (*path, key), lines, first_line, fault)
            lines[(*path, key)] = key_node.start_mark.line + first_line
        return result
    try:
        return loader.construct_object(node)
    except ValueError:
        raise fault(node.start_mark, f"“{node.value}”不是有效的日期或数字", "日期写 2026-11-22，文字请加引号") from None
