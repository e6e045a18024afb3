"""The command `plans`: reads arguments, calls, prints, sets the exit code. The only place that prints."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from . import drafts, messages, publish, reader
from .checks import check_project, closest_sections, load
from .model import SECTOR_IDS, LibraryError


def _project_path(root: Path, given: str) -> str:
    """An existing path as the user gave it, from the project or from the current folder, made relative to the project.

    Raises ValueError for one that does not exist or lies elsewhere.
    """
    path = next((path for path in (root / given, Path.cwd() / given) if path.exists()), None)
    if path is None:
        raise ValueError(f"没有这个文件或文件夹：{given}")
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise ValueError(f"{given} 不在项目文件夹里") from None


def _check(arguments: argparse.Namespace, root: Path) -> int:
    only = [_project_path(root, given) for given in arguments.paths]
    findings = check_project(root, only)
    if arguments.format == "github":
        for finding in findings:
            print(messages.github_line(finding))
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with open(summary, "a", encoding="utf-8") as file:
                file.write(messages.github_summary(findings))
    else:
        for finding in findings:
            print(messages.text_line(finding))
    errors = sum(finding.level == "error" for finding in findings)
    print(f"检查完毕：{errors} 处错误，{len(findings) - errors} 处提示。")
    return 1 if errors else 0


def _new(arguments: argparse.Namespace, root: Path) -> int:
    path = drafts.create(root, arguments.sector, arguments.kind, arguments.name)
    print(f"已生成 {path}\n照文件里的说明填写，然后运行 make check。")
    return 0


def _similar(arguments: argparse.Namespace, root: Path) -> int:
    library, findings = load(root)
    if library is None:
        raise LibraryError(findings)
    for score, here, there in closest_sections(library, arguments.count):
        print(f"{score:.0%} {here.path}:{here.line} “{here.name}” 与 {there.path}:{there.line} “{there.name}”")
    return 0


def _publish(arguments: argparse.Namespace, root: Path) -> int:
    site = (root / arguments.site).resolve()
    if not site.is_dir():
        raise ValueError(f"没有网站文件夹 {arguments.site}，先运行 make build")
    publish.after_build(site, root)
    print(f"已处理 {arguments.site}")
    return 0


#: What argparse says in English -> the same in Chinese.
_ARGPARSE_WORDS = (
    (r"usage: ", "用法："), (r"positional arguments:", "参数："), (r"options:", "选项："), (r"show this help message and exit", "显示说明"),
    (r"the following arguments are required: (.*)", r"缺少 \1"), (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"argument (.*): invalid choice: (.*?) \(choose from (.*)\)", r"\1 写成了 \2，应为 \3"),
    (r"argument (.*): expected one argument", r"\1 后面没有写内容"),
)


def _in_chinese(text: str) -> str:
    for english, chinese in _ARGPARSE_WORDS:
        text = re.sub(english, chinese, text)
    return text


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def format_usage(self) -> str:
        return _in_chinese(super().format_usage())

    def format_help(self) -> str:
        return _in_chinese(super().format_help())

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"错误：{_in_chinese(message)}\n{self.format_usage()}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="plans", description="工会计划模板库的命令")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    check = commands.add_parser("check", help="检查模板和数据文件")
    check.add_argument("paths", nargs="*", metavar="文件", help="只显示这些文件或文件夹的结果")
    check.add_argument("--format", choices=("text", "github"), default="text", help="结果的形式")
    check.set_defaults(run=_check)
    new = commands.add_parser("new", help="生成一个空模板")
    new.add_argument("--sector", required=True, metavar="行业", help="、".join(SECTOR_IDS))
    new.add_argument("--kind", required=True, metavar="文种", help="如 annual-plan，见 data/kinds.yml")
    new.add_argument("--name", required=True, metavar="文件名", help="小写英文、数字和连字符，不带 .md")
    new.set_defaults(run=_new)
    similar = commands.add_parser("similar", help="列出最相近的段落")
    similar.add_argument("--count", type=int, default=20, metavar="对数", help="列出多少对，默认 20")
    similar.set_defaults(run=_similar)
    after = commands.add_parser("publish", help="网站生成之后的处理（别的生成工具用）")
    after.add_argument("--site", default="site", metavar="文件夹", help="网站文件夹，默认 site")
    after.set_defaults(run=_publish)
    return parser


def main(argv: Sequence[str] | None = None, root: Path = reader.ROOT) -> int:
    """Entry point. Returns the exit code: 0 fine, 1 errors found, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments, root)
    except LibraryError as fault:
        print(messages.report(fault.findings), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"错误：{error.filename or '文件'} 不能读写（{reader.os_problem(error)}）", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
