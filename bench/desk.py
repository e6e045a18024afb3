"""`make bench`, the reader's side: what a template page costs on a slow phone, beside the same page of stock Material.

Chromium with the processor slowed four times and a slow mobile network (1.6 Mbit/s, 150 ms), files sent compressed as
hosts of static sites send them. Times are medians of fresh visits.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import docx_layout

PAGE = "school/annual-plan.html"
CPU_SLOWDOWN = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
_COMPRESSED = (".html", ".js", ".css", ".json", ".svg")
_OWN = ("/assets/javascripts/", "/assets/data/")
#: The theme keeps its scripts in the same folder; they are named bundle and workers.
_THEME = ("/assets/javascripts/bundle.", "/assets/javascripts/workers/", "/assets/javascripts/lunr/")
_LCP = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) last = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(last), 300);
})"""
#: 200 places of one blank; from the call to the end of the next frame's layout.
_FILL = """async () => {
  const article = document.querySelector("article");
  const id = article.querySelector("[data-fill].fill-empty").dataset.fill;
  const paragraph = document.createElement("p");
  for (let i = 0; i < 200; i += 1) {
    const span = Plans.el("span", {class: "fill fill-empty", "data-fill": id}, "【空】");
    paragraph.append(span, "，");
  }
  article.querySelector("section.plan-section").append(paragraph);
  const times = [];
  for (let i = 0; i < 9; i += 1) {
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    Plans.profiles.update({fields: {[id]: String(10 + i)}});
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times;
}"""
#: A draft of sixty sections; each action from the click to the end of the next frame's layout.
_DRAFT = """(name) => {
  const buttons = [...document.querySelectorAll(".plan-draft-section button, .plan-draft-bar button")].filter((node) => node.textContent === name && !node.disabled);
  const button = buttons[Math.floor(buttons.length / 2)];
  const start = performance.now();
  button.click();
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""
_SIXTY = """() => {
  const section = (n) => ({k: `s${n}`, level: 2, heading: `标题${n}`, theme: null, id: `a${n}`, from: "school/annual-plan.html", blocks:
    Array.from({length: 4}, () => ({type: "p", runs: [{t: "每季度末核对一次台账，".repeat(8)}, {t: "【会员人数】", f: "member-count", e: true}, {t: "人。"}]}))});
  Plans.store.set("draft:one", {v: 1, rev: "r1", past: [], name: "草稿 1", title: [], intro: [], sections: Array.from({length: 60}, (_, n) => section(n)), undo: [], redo: []});
  Plans.store.set("drafts", {current: "one", list: [{id: "one", name: "草稿 1", n: 60}]});
}"""


class _Compressed(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, text compressed."""

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        if path.suffix not in _COMPRESSED or not path.is_file():
            return super().send_head()
        body = gzip.compress(path.read_bytes(), 9)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, format: str, *args: object) -> None:
        """The output is for the figures."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The site over http: its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Compressed, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Visit:
    """A first visit: milliseconds to the largest paint, KB sent in all, for the search, and for our own scripts."""

    paint: float
    total: float
    search: float
    own: float


def visit(browser: Any, address: str) -> Visit:
    """Open the page as a slow phone does, with nothing kept from before."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"] / 1024}))
    page.goto(f"{address}/{PAGE}", wait_until="load")
    page.wait_for_timeout(2000)
    paint = page.evaluate(_LCP)
    context.close()
    by_url = {urls[request]: size for request, size in sizes.items() if request in urls}

    def part(*names: str, without: tuple[str, ...] = ()) -> float:
        return sum(size for url, size in by_url.items() if any(name in url for name in names) and not any(name in url for name in without))

    return Visit(paint, part("/"), part("/search/", "/workers/search", "/iframe-worker"), part(*_OWN, without=_THEME))


def visits(browser: Any, addresses: dict[str, str], runs: int) -> dict[str, Visit]:
    """Medians of visits in turn, so that a busy moment of the machine meets all."""
    seen: dict[str, list[Visit]] = {name: [] for name in addresses}
    for _ in range(runs):
        for name, address in addresses.items():
            seen[name].append(visit(browser, address))
    return {name: Visit(*(statistics.median(getattr(one, part) for one in each) for part in ("paint", "total", "search", "own")))
            for name, each in seen.items()}


@contextmanager
def slowed(browser: Any, address: str, slowdown: int = CPU_SLOWDOWN) -> Iterator[Any]:
    """A page on a slowed processor, ready to use. It is closed at the end: what slows it takes time of the machine while it is open."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    try:
        yield page
    finally:
        page.context.close()


def fill_milliseconds(browser: Any, address: str) -> float:
    with slowed(browser, f"{address}/{PAGE}") as page:
        return statistics.median(page.evaluate(_FILL))


def draft_milliseconds(browser: Any, address: str, runs: int = 5) -> dict[str, float]:
    """The median of each action on a draft of sixty sections."""
    times: dict[str, list[float]] = {}
    with slowed(browser, f"{address}/draft.html") as page:
        page.evaluate(_SIXTY)
        page.reload()
        page.locator(".plan-draft-paper .plan-draft-section").nth(59).wait_for()
        for _ in range(runs):
            for name in ("上移", "下移", "删除", "撤销", "重做", "撤销"):
                page.wait_for_timeout(100)
                times.setdefault(name, []).append(page.evaluate(_DRAFT, name))
    return {name: statistics.median(each) for name, each in times.items()}


def report(ours: Path, stock: Path, runs: int) -> None:
    """Print the tables for two built sites: ours and stock Material with its search."""
    with docx_layout.chromium() as browser, served(ours) as own_address, served(stock) as stock_address:
        seen = visits(browser, {"本站": own_address, "普通 Material": stock_address}, runs)
        print(f"\n打开一个模板（{PAGE}，处理器慢 {CPU_SLOWDOWN} 倍、慢速 4G，{runs} 次中位数；KB 为压缩后的传输量）\n")
        print("| 页面 | 最大内容绘制 毫秒 | 首次传输 KB | 其中搜索 KB | 不计搜索 KB（目标 ≤ 100） | 本站脚本 KB（目标 ≤ 25） |\n| --- | --- | --- | --- | --- | --- |")
        for name, one in seen.items():
            print(f"| {name} | {one.paint:.0f} | {one.total:.1f} | {one.search:.1f} | {one.total - one.search:.1f} | {one.own:.1f} |", flush=True)
        print(f"\n操作用时（处理器慢 {CPU_SLOWDOWN} 倍，毫秒，中位数）\n\n| 操作 | 用时 | 目标 |\n| --- | --- | --- |")
        print(f"| 填入 200 处空白 | {fill_milliseconds(browser, own_address):.0f} | 50 |")
        for name, time in draft_milliseconds(browser, own_address).items():
            print(f"| 六十节草稿：{name} | {time:.0f} | 100 |")
        with slowed(browser, f"{own_address}/{PAGE}") as page:
            first, *times = docx_layout.milliseconds(page, docx_layout.long_draft(), 6)
        print(f"| 约 20 页的 Word 文件（首次 {first:.0f}，含读取组件） | {statistics.median(times):.0f} | 500 |")
