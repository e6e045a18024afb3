"""`make bench`: building beside plain Material, growth of building and checking. Prints a Markdown table each."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from bench import measure, synthetic
from macros import fence, reader

ROOT = reader.ROOT
PARTS = ("data", "docs", "macros", "overrides", "hooks.py", "mkdocs.yml")
_SEARCH = re.compile(r"  - search:\n(?:      .*\n)+  - offline\n")


def _environment() -> dict[str, str]:
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "YEAR": "2027"}


def _copy(folder: Path, count: int) -> Path:
    project = folder / f"ours-{count}"
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, project / name)
    synthetic.add_templates(project, count)
    return project


def _without_search(project: Path) -> None:
    config = project / "mkdocs.yml"
    text, changed = _SEARCH.subn("", config.read_text("utf-8"))
    assert changed == 1, "mkdocs.yml 的 search、offline 两项不在预期位置"
    config.write_text(text, "utf-8")


def _plain(folder: Path, project: Path) -> Path:
    """The same pages as plain text for plain Material with the same theme options: no macros, extension or hook of ours."""
    plain = folder / "plain"
    shutil.copytree(project / "docs", plain / "docs")
    data = reader.load_data(project)
    for path in reader.contributed_files(project) + reader.page_files(project):
        template, _ = fence.check_file(project, path, data)
        body = re.sub(r"\{%.*?%\}", "", template.body)
        body = re.sub(r"\{\{.*?\}\}", "某单位", re.sub(r" ?\{:.*?\}", "", body))
        body = re.sub(r"\]\([^)]*\.md[^)]*\)", "](#)", body)
        (plain / path).write_text(f"---\ntitle: {template.meta.title}\n---\n{body}", "utf-8")
    config = (project / "mkdocs.yml").read_text("utf-8")
    for ours in (r"strict: true\n", r"  custom_dir: .*\n", r"hooks:\n(?:  .*\n)+", r"plugins:\n(?:  .*\n)+", r"  - macros\.plan_sections\n"):
        config, changed = re.subn(f"^{ours}", "", config, flags=re.MULTILINE)
        assert changed == 1, f"mkdocs.yml 中没有 {ours}"
    (plain / "mkdocs.yml").write_text(f"{config}\nplugins: []\n", "utf-8")
    return plain


def _build(project: Path, runs: int) -> measure.Cost:
    return measure.median([sys.executable, "-m", "mkdocs", "build", "--clean"], project, _environment(), runs)


def _beside_plain(folder: Path, count: int, runs: int) -> None:
    project = _copy(folder, count)
    _without_search(project)
    ours, theirs = _build(project, runs), _build(_plain(folder, project), runs)
    print(f"\n与普通 Material 相比（{count} 个模拟模板加全部真实页面，均不含搜索，中位数，{runs} 次）\n")
    print("| 生成 | 处理器秒 | 墙钟秒 | 内存 MB |\n| --- | --- | --- | --- |")
    for name, cost in (("本站", ours), ("普通 Material", theirs)):
        print(f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory:.0f} |")
    print(f"| 比值（目标 ≤ 1.25） | {ours.cpu / theirs.cpu:.2f} | {ours.wall / theirs.wall:.2f} | |")


def _growth(folder: Path, sizes: list[int]) -> None:
    print("\n随模板数量的增长（含搜索）\n")
    print("| 模板数 | 生成 处理器秒 | 生成 墙钟秒 | 每千个 | 内存 MB | 输出 MB | 检查 处理器秒 | 检查 墙钟秒 | 每千个 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for count in sizes:
        project = _copy(folder, count)
        build = _build(project, 1)
        check = measure.run([sys.executable, "-m", "macros.cli", "check"], project, _environment(), good=(0, 1))
        thousand = 1000 / count
        print(f"| {count} | {build.cpu:.1f} | {build.wall:.1f} | {build.cpu * thousand:.1f} | {build.memory:.0f} | "
              f"{measure.size(project / 'site'):.1f} | {check.cpu:.1f} | {check.wall:.1f} | {check.cpu * thousand:.1f} |", flush=True)
        shutil.rmtree(project)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="测量生成和检查的时间、大小")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 3000], help="模拟模板的数量")
    parser.add_argument("--runs", type=int, default=3, help="与普通 Material 相比时各测几次")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in (100, 1000):
            with tempfile.TemporaryDirectory() as inner:
                _beside_plain(Path(inner), count, arguments.runs if count < 1000 else 1)
        _growth(Path(folder), arguments.sizes)


if __name__ == "__main__":
    main()
