"""`make bench`: building beside plain Material, growth of building and checking, a reader's page, search. Prints Markdown tables."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench import desk, measure, peers, search, synthetic
from macros import reader
from tools.project_copy import copy_project

ROOT = reader.ROOT


def _environment() -> dict[str, str]:
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "YEAR": "2027"}


def _copy(folder: Path, count: int) -> Path:
    project = copy_project(folder / f"ours-{count}")
    synthetic.add_templates(project, count)
    return project


def _build(project: Path) -> measure.Cost:
    return measure.run([sys.executable, "-m", "mkdocs", "build", "--clean"], project, _environment())


def _beside_plain(folder: Path, count: int, runs: int) -> None:
    copy = _copy(folder, count)
    projects = {"本站": copy, "普通 Material": peers.plain(folder / "plain", copy),
                "普通 Material 加 mkdocs-macros": peers.with_macros(folder / "macros", copy),
                "普通 Material 加内置搜索": peers.stock(folder / "stock", copy)}
    runs_of: dict[str, list[measure.Cost]] = {name: [] for name in projects}
    for _ in range(runs):  # in turn, so that a busy moment of the machine meets all of them
        for name, project in projects.items():
            runs_of[name].append(_build(project))
    costs = {name: measure.middle(costs) for name, costs in runs_of.items()}
    print(f"\n与普通 Material 相比（{count} 个模拟模板加全部真实页面，本站含搜索数据，中位数，{runs} 次）\n")
    print("| 生成 | 处理器秒 | 墙钟秒 | 主进程内存 MB | 墙钟：本站为其几倍（目标 ≤ 1.25） | 处理器：几倍 |\n| --- | --- | --- | --- | --- | --- |")
    ours = costs["本站"]
    for name, cost in costs.items():
        print(f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory:.0f} | {ours.wall / cost.wall:.2f} | {ours.cpu / cost.cpu:.2f} |", flush=True)


def _growth(folder: Path, sizes: list[int]) -> None:
    print("\n随模板数量的增长（含搜索数据）\n")
    print("| 模板数 | 生成 处理器秒 | 生成 墙钟秒 | 每千个 | 主进程内存 MB | 输出 MB | 检查 处理器秒 | 检查 墙钟秒 | 每千个 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for count in sizes:
        project = _copy(folder, count)
        build = _build(project)
        check = measure.run([sys.executable, "-m", "macros.cli", "check"], project, _environment(), good=(0, 1))
        thousand = 1000 / count
        print(f"| {count} | {build.cpu:.1f} | {build.wall:.1f} | {build.cpu * thousand:.1f} | {build.memory:.0f} | "
              f"{measure.size(project / 'site'):.1f} | {check.cpu:.1f} | {check.wall:.1f} | {check.cpu * thousand:.1f} |", flush=True)
        shutil.rmtree(project)


def _desk(folder: Path, runs: int) -> None:
    ours = _copy(folder, 0)
    stock = peers.stock(folder / "stock", ours)
    for project in (ours, stock):
        _build(project)
    desk.report(ours / "site", stock / "site", runs)


def _search(folder: Path, count: int) -> None:
    ours = _copy(folder, count)
    stock = peers.stock(folder / "stock", ours)
    for project in (ours, stock):
        _build(project)
    templates = sum(1 for path in reader.contributed_files(ours) if reader.is_template(path))
    search.report(ours / "site", stock / "site", f"{count} 个模拟模板加全部真实页面" if count else "真实模板", templates)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="测量生成和检查的时间、大小")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 3000], help="模拟模板的数量")
    parser.add_argument("--only", choices=("build", "growth", "desk", "search"), help="只测一项：与普通 Material 相比、随数量增长、读者的页面、搜索")
    parser.add_argument("--runs", type=int, default=3, help="与普通 Material 相比时各测几次")
    arguments = parser.parse_args()
    def wanted(part: str) -> bool:
        return arguments.only in (None, part)

    with tempfile.TemporaryDirectory() as folder:
        if wanted("build"):
            for count in (100, 1000):
                with tempfile.TemporaryDirectory() as inner:
                    _beside_plain(Path(inner), count, arguments.runs if count < 1000 else 1)
        if wanted("growth"):
            _growth(Path(folder), arguments.sizes)
        if wanted("desk"):
            _desk(Path(folder), arguments.runs)
        if wanted("search"):
            for count in (0, 1000):
                with tempfile.TemporaryDirectory() as inner:
                    _search(Path(inner), count)


if __name__ == "__main__":
    main()
