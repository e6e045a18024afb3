"""`make bench`, search: how well and how fast it answers, beside Material's own search and Pagefind on the same texts.

The queries and what answers them are those of the tests. Peers name no sections of ours, so the comparison is by page; our
sections are counted as well. First results are timed with the processor slowed four times, later ones with and without; the
workers of the peers are not slowed by that.
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from bench import docx_layout
from bench.desk import CPU_SLOWDOWN, served, slowed
from macros import reader

QUERIES = reader.ROOT / "tests/search_queries.yml"
_FIRST = ("assets/javascripts/find-engine.js", "assets/javascripts/find-panel.js", "assets/data/find-names.js")
#: Milliseconds, by the page's own clock, until the first result is there; the clock starts before anything is touched.
_WATCH = """(selector) => { const start = performance.now(); window.firstSeen = new Promise((done) => {
  new MutationObserver((_, watch) => { if (document.querySelector(selector)) { watch.disconnect(); done(performance.now() - start); } }).observe(document, {childList: true, subtree: true});
}); }"""
_SEEN = "() => window.firstSeen"
_ADDRESS = "(link) => link.href.replace(/[?].*?(?=#|$)/, '').replace('.html', '')"


def _queries() -> list[dict[str, Any]]:
    return yaml.safe_load(QUERIES.read_text("utf-8"))["queries"]


def _kilobytes(site: Path, *files: str) -> float:
    return sum(len(gzip.compress((site / file).read_bytes(), 9)) for file in files) / 1024


def fits(place: str, pattern: str) -> bool:
    """Whether a place (sector/file#section) is one that a label means; `sector/file` means the page and all its sections."""
    (page, _, section), (path, _, wanted) = place.partition("#"), pattern.partition("#")
    return fnmatchcase(page, path) and (not wanted or (bool(section) and fnmatchcase(section, wanted)))


def quality(found: dict[str, list[str]], places: list[str], by_page: bool) -> tuple[float, float, int]:
    """Recall among the first five, mean reciprocal rank, queries without any result. `found`: query -> places, best first."""
    recalls, ranks, nothing = [], [], 0
    for query in _queries():
        patterns = [pattern.partition("#")[0] if by_page else pattern for pattern in query["relevant"]]
        wanted = {place for place in places if any(fits(place, pattern) for pattern in patterns)}
        results = [place.partition("#")[0] for place in found[query["q"]]] if by_page else found[query["q"]]
        results = list(dict.fromkeys(results))
        good = [any(fits(place, pattern) for pattern in patterns) for place in results]
        recalls.append(sum(good[:5]) / min(5, len(wanted)))
        ranks.append(1 / (good.index(True) + 1) if any(good) else 0)
        nothing += not results
    return statistics.mean(recalls), statistics.mean(ranks), nothing


def _ask_all(ask: Callable[[str], list[str]], queries: list[str], address: str) -> tuple[dict[str, list[str]], list[float]]:
    """Results and milliseconds of each query."""
    found, times = {}, []
    for query in queries:
        started = time.perf_counter()
        links = ask(query)
        times.append((time.perf_counter() - started) * 1000)
        found[query] = [link.removeprefix(f"{address}/") for link in links]
    return found, times


def ours(browser: Any, address: str, queries: list[str], slowdown: int) -> tuple[float, dict[str, list[str]], list[float]]:
    """Milliseconds from the key "/" to the first results, then all queries with everything loaded."""
    with slowed(browser, f"{address}/index.html", slowdown) as page:
        page.evaluate(_WATCH, ".plan-find-link")
        page.keyboard.press("/")
        page.locator(".plan-find-box").wait_for()
        page.keyboard.insert_text("女职工")
        first = page.evaluate(_SEEN)
        page.wait_for_function("() => Plans.find.text")
        page.wait_for_timeout(3000)

        def ask(query: str) -> list[str]:
            return page.evaluate("(query) => { const box = document.querySelector('.plan-find-box'); box.value = query; box.dispatchEvent(new InputEvent('input'));"
                                 f" document.body.getBoundingClientRect(); return [...document.querySelectorAll('.plan-find-link')].map({_ADDRESS}); }}", query)

        return first, *_ask_all(ask, queries, address)


def material(browser: Any, address: str, queries: list[str], slowdown: int) -> tuple[float, dict[str, list[str]], list[float]]:
    """Material's own search, typed into its box."""
    with slowed(browser, f"{address}/index.html", slowdown) as page:
        box = page.locator("[data-md-component=search-query]")
        wait = """(query) => new Promise((done) => {
          const list = document.querySelector('.md-search-result__list'), meta = document.querySelector('.md-search-result__meta'), box = document.querySelector('[data-md-component=search-query]');
          const finish = () => { watch.disconnect(); clearTimeout(end); done([...list.querySelectorAll('.md-search-result__link')].map(LINK)); };
          const watch = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(finish, 30); });
          let quiet, end = setTimeout(finish, 15000);
          watch.observe(list, {childList: true, subtree: true}); watch.observe(meta, {childList: true, subtree: true, characterData: true});
          box.value = ''; box.dispatchEvent(new Event('keyup')); box.value = query; box.focus(); box.dispatchEvent(new Event('keyup'));
        })""".replace("LINK", _ADDRESS)
        page.evaluate(_WATCH, ".md-search-result__link")
        box.focus()
        page.keyboard.insert_text("女职工")
        page.keyboard.press("End")
        first = page.evaluate(_SEEN)
        return first, *_ask_all(lambda query: page.evaluate(wait, query), queries, address)


def pagefind(browser: Any, address: str, queries: list[str], slowdown: int) -> tuple[float, dict[str, list[str]], list[float]]:
    """Pagefind by its interface, ten results with their texts."""
    with slowed(browser, f"{address}/index.html", slowdown) as page:
        ask = """async (query) => {
          window.pagefind ??= await import('/pagefind/pagefind.js');
          const {results} = await window.pagefind.search(query);
          const pages = await Promise.all(results.slice(0, 10).map((each) => each.data()));
          return pages.map((each) => location.origin + each.url.replace('.html', ''));
        }"""
        started = time.perf_counter()
        page.evaluate(ask, "女职工")
        first = (time.perf_counter() - started) * 1000
        return first, *_ask_all(lambda query: page.evaluate(ask, query), queries, address)


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def report(own: Path, stock: Path, title: str, templates: int) -> None:
    """Print the table for two built sites: ours, and stock Material with its search (Pagefind indexes the same pages)."""
    subprocess.run([sys.executable, "-m", "pagefind", "--site", str(stock)], check=True, capture_output=True)
    catalogue = json.loads((own / "library.json").read_text("utf-8"))["templates"]
    pages = [each["page"].removesuffix(".html") for each in catalogue]
    sections = [f"{page}#{section['id']}" for page, each in zip(pages, catalogue, strict=True) for section in each["sections"]]
    queries = [query["q"] for query in _queries()]
    with docx_layout.chromium() as browser, served(own) as own_address, served(stock) as stock_address:
        print(f"\n搜索（{title}；{len(queries)} 个查询；“以后”含画出结果）\n")
        print("| 搜索 | 按页 前五召回 | 按页 MRR | 按段 前五召回 | 按段 MRR | 无结果 | 首次 KB | 首次 毫秒（慢 {0} 倍） | 以后 中位（慢 {0} 倍） | 以后 p95（慢 {0} 倍） | 以后 中位 | 以后 p95 |\n".format(CPU_SLOWDOWN) + "| --- " * 12 + "|")
        for name, ask, address, size in (
            ("本站", ours, own_address, _kilobytes(own, *_FIRST)),
            ("Material 内置", material, stock_address, _kilobytes(stock, "search/search_index.json")),
            ("Pagefind", pagefind, stock_address, None),
        ):
            first, found, times = ask(browser, address, queries, CPU_SLOWDOWN)
            _, _, unslowed = ask(browser, address, queries, 1)
            recall, rank, nothing = quality(found, pages, by_page=True)
            by_section = ["—", "—"]
            if ask is ours:
                by_section = [f"{figure:.3f}" for figure in quality(found, [*pages, *sections], by_page=False)[:2]]
            later = " | ".join(f"{statistics.median(each):.1f} | {_p95(each):.1f}" for each in (times, unslowed))
            print(f"| {name} | {recall:.3f} | {rank:.3f} | {' | '.join(by_section)} | {nothing} | {'按需' if size is None else f'{size:.1f}'} | {first:.0f} | {later} |", flush=True)
        text = _kilobytes(own, "assets/data/find-text.js")
        print(f"\n随后读取：正文 {text:.0f} KB，每个模板 {text / templates:.2f} KB（目标 ≤ 3）；拼音和繁体 {_kilobytes(own, 'assets/data/find-letters.js'):.1f} KB。")
