"""How findings are worded for people and for GitHub. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Finding

RULES_PAGE = "docs/contributing/rules.md"
_LEVELS = {"error": "错误", "hint": "提示"}


def text_line(finding: Finding) -> str:
    """`错误 S4 docs/school/x.md:31:7 …。应为：…。请改为：…。说明：docs/contributing/rules.md#s4`."""
    parts = [f"{_LEVELS[finding.level]} {finding.rule} {finding.path}:{finding.line}:{finding.column} {finding.found}。",
             f"应为：{finding.expected}。"]
    if finding.paste:
        parts.append(f"请改为：{finding.paste}")
    parts.append(f"说明：{RULES_PAGE}#{finding.rule.lower()}")
    return " ".join(parts)


def _github(value: str, *, prop: bool = False) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C") if prop else value


def github_line(finding: Finding) -> str:
    """A workflow command that puts the message on the line of the pull request."""
    command = "error" if finding.level == "error" else "warning"
    title = f"{_LEVELS[finding.level]} {finding.rule}"
    body = f"{finding.found}。应为：{finding.expected}。"
    if finding.paste:
        body += f"\n请改为：{finding.paste}"
    body += f"\n说明：{RULES_PAGE}#{finding.rule.lower()}"
    return (f"::{command} file={_github(finding.path, prop=True)},line={finding.line},col={finding.column},"
            f"title={_github(title, prop=True)}::{_github(body)}")


def report(findings: Iterable[Finding]) -> str:
    """All findings, one line each, in the order of files and lines."""
    return "\n".join(text_line(f) for f in sorted(findings, key=lambda f: (f.path, f.line, f.column, f.rule)))


def github_summary(findings: list[Finding]) -> str:
    """All findings as a Markdown table for the summary of a run: GitHub shows only some on the lines."""
    def cell(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;").replace("\n", " ").replace("`", "&#96;")

    if not findings:
        return "检查通过。\n"
    rows = [f"| {_LEVELS[f.level]} {f.rule} | {cell(f.path)}:{f.line} | {cell(f.found)} | {cell(f.expected)} |" for f in findings]
    return "\n".join(["| 规则 | 位置 | 发现 | 应为 |", "| --- | --- | --- | --- |", *rows]) + "\n"
