"""The command `plans`: reads arguments, calls, prints, sets the exit code. The only place that prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import drafts, messages, publish, reader
from .checks import check_project
from .model import LibraryError


def _project_path(root: Path, given: str) -> str:
    """A path as the user gave it, made relative to the project. Raises ValueError."""
    path = (Path.cwd() / given).resolve() if not (root / given).exists() else (root / given).resolve()
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        raise ValueError(f"{given} 不在项目文件夹里") from None


def _check(arguments: argparse.Namespace, root: Path) -> int:
    only = []
    for given in arguments.paths:
        path = _project_path(root, given)
        if not (root / path).exists():
            raise ValueError(f"没有这个文件或文件夹：{given}")
        only.append(path)
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


def _publish(arguments: argparse.Namespace, root: Path) -> int:
    site = (root / arguments.site).resolve()
    if not site.is_dir():
        raise ValueError(f"没有网站文件夹 {arguments.site}，先运行 make build")
    publish.after_build(site)
    print(f"已处理 {arguments.site}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plans", description="工会计划模板库的命令", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示说明")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    check = commands.add_parser("check", help="检查模板和数据文件")
    check.add_argument("paths", nargs="*", metavar="文件", help="只显示这些文件或文件夹的结果")
    check.add_argument("--format", choices=("text", "github"), default="text", help="结果的形式")
    check.set_defaults(run=_check)
    new = commands.add_parser("new", help="生成一个空模板")
    new.add_argument("--sector", required=True, help="行业：school hospital enterprise township agency")
    new.add_argument("--kind", required=True, help="文种，如 annual-plan")
    new.add_argument("--name", required=True, help="文件名，小写英文和连字符，不带 .md")
    new.set_defaults(run=_new)
    after = commands.add_parser("publish", help="网站生成之后的处理（别的生成工具用）")
    after.add_argument("--site", default="site", help="网站文件夹")
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
    except (ValueError, OSError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
