"""How findings are worded for people and for GitHub. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from .model import Finding

RULES_PAGE = "docs/contributing/rules.md"
#: GitHub refuses summaries of more than 1 MiB.
MAX_SUMMARY_ROWS = 1000
_LEVELS = {"error": "错误", "hint": "提示"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MARKDOWN = re.compile(r"[\\`*_~\[\]|!#:@]")


def _full_stop(text: str) -> str:
    return text.rstrip("。") + "。"


def text_line(finding: Finding) -> str:
    """`错误 S4 docs/school/x.md:31:7 …。 应为：…。 请改为：… 说明：docs/contributing/rules.md#s4`, always one line."""
    place = f"{finding.path}:{finding.line}:{finding.column}"
    parts = [f"{_LEVELS[finding.level]} {finding.rule} {place} {_full_stop(finding.found)}", _full_stop(f"应为：{finding.expected}")]
    if finding.paste:
        parts.append(f"请改为：{finding.paste}")
    parts.append(f"说明：{RULES_PAGE}#{finding.rule.lower()}")
    return _CONTROLS.sub(" ", " ".join(parts))


def _github(value: str, *, prop: bool = False) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C") if prop else value


def github_line(finding: Finding) -> str:
    """A workflow command that puts the message on the line of the pull request."""
    command = "error" if finding.level == "error" else "warning"
    title = f"{_LEVELS[finding.level]} {finding.rule}"
    body = f"{_full_stop(finding.found)}{_full_stop(f'应为：{finding.expected}')}"
    if finding.paste:
        body += f"\n请改为：{finding.paste}"
    body += f"\n说明：{RULES_PAGE}#{finding.rule.lower()}"
    return (f"::{command} file={_github(finding.path, prop=True)},line={finding.line},col={finding.column},"
            f"title={_github(title, prop=True)}::{_github(body)}")


def report(findings: Iterable[Finding]) -> str:
    """All findings, one line each, in the order of files and lines."""
    return "\n".join(text_line(f) for f in sorted(findings, key=lambda f: (f.path, f.line, f.column, f.rule)))


def _cell(text: str) -> str:
    """Text that means itself in a cell of a Markdown table."""
    plain = html.escape(_CONTROLS.sub(" ", text), quote=False)
    return _MARKDOWN.sub(lambda match: f"&#{ord(match.group())};", plain)


def github_summary(findings: list[Finding]) -> str:
    """All findings as a Markdown table for the summary of a run: GitHub shows only some on the lines."""
    if not findings:
        return "检查通过。\n"
    rows = [f"| {_LEVELS[f.level]} {f.rule} | {_cell(f.path)}:{f.line} | {_cell(f.found)} | {_cell(f.expected)} |"
            for f in findings[:MAX_SUMMARY_ROWS]]
    rest = len(findings) - len(rows)
    end = [f"\n另有 {rest} 处，见运行记录。"] if rest else []
    return "\n".join(["| 规则 | 位置 | 发现 | 应为 |", "| --- | --- | --- | --- |", *rows, *end]) + "\n"
