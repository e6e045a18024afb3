"""`make proof`: what LibreOffice makes of the Word file. Counts lines and characters in the PDF, times a long draft, keeps page images.

Needs soffice (libreoffice-writer), pdftotext and pdftoppm (poppler-utils) and Chinese fonts (fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from macros import reader
from tools import ensure_browser

ROOT = reader.ROOT
SCRIPTS = ("core", "store", "document", "docx")
#: One character that stands for all: the standard counts full-width characters.
_LINE = "工" * 28
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser."""
    with sync_playwright() as playwright:
        started = ensure_browser.launched(playwright)
        try:
            yield started
        finally:
            started.close()


def write_bare_page(folder: Path) -> Path:
    """A page with nothing but the scripts that make the file, as they lie in docs/."""
    scripts = "".join(f'<script src="{(ROOT / "docs/assets/javascripts" / name).as_uri()}.js"></script>' for name in SCRIPTS)
    page = folder / "bare.html"
    page.write_text(f'<!doctype html><html lang="zh"><head><meta charset="utf-8">{scripts}</head><body></body></html>', "utf-8")
    return page


def make(page: Any, doc: dict[str, Any], options: dict[str, Any] | None = None) -> bytes:
    """The .docx that the page makes of a Doc (see document.js)."""
    code = """async ([doc, options]) => {
      const bytes = new Uint8Array(await (await Plans.docx.blob(doc, options)).arrayBuffer());
      let text = "";
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    }"""
    return base64.b64decode(page.evaluate(code, [doc, options or {}]))


def milliseconds(page: Any, doc: dict[str, Any], runs: int) -> list[float]:
    """How long each run took; the library is read by the first."""
    code = """async ([doc, runs]) => {
      const times = [];
      for (let i = 0; i < runs; i += 1) { const start = performance.now(); await Plans.docx.blob(doc); times.push(performance.now() - start); }
      return times;
    }"""
    return page.evaluate(code, [doc, runs])


def paragraph(text: str) -> dict[str, Any]:
    """A block of plain text."""
    return {"type": "p", "runs": [{"t": text}]}


def full_pages() -> dict[str, Any]:
    """Nothing but body text, for counting."""
    return {"title": "", "intro": [paragraph(_LINE * 80)], "sections": [], "unit": "", "date": ""}


def long_draft() -> dict[str, Any]:
    """About twenty pages: headings, lists with blanks and quotes, a table in each section."""
    sections: list[dict[str, Any]] = []
    for i in range(7):
        sections.append({"level": 2, "heading": f"第{i + 1}项重点工作", "theme": None, "id": None, "from": None, "blocks": [paragraph("围绕“中心工作”抓好落实。" * 12)]})
        for _ in range(3):
            items = [{"type": "li", "n": n, "runs": [
                {"t": "3月上旬征集提案，"}, {"t": "【提案件数】", "f": "proposals", "e": True},
                {"t": "件以内的由承办处室——“谁承办、谁答复”——在10个工作日内书面答复。" * 3}]} for n in (1, 2, 3)]
            sections.append({"level": 3, "heading": "开好职工代表大会，按期答复提案", "theme": None, "id": None, "from": None, "blocks": items})
        cells = [[{"t": text}] for text in ("1月", "走访困难职工，更新档案", "工会委员会", "走访记录")]
        head = [[{"t": text}] for text in ("月份", "工作", "责任", "依据")]
        sections[-1]["blocks"].append({"type": "table", "head": head, "rows": [cells] * 6})
    return {"title": "××市第一中学工会2027年工作计划", "intro": [paragraph("为做好全年工作，制定本计划。")], "sections": sections,
            "unit": "××市第一中学工会委员会", "date": "2027年1月8日"}


def to_pdf(docx: bytes, name: str, folder: Path) -> Path:
    """The PDF that LibreOffice prints."""
    source = folder / f"{name}.docx"
    source.write_bytes(docx)
    subprocess.run(["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)],
                   check=True, capture_output=True, timeout=300, stdin=subprocess.DEVNULL)
    return folder / f"{name}.pdf"


def lines_of(pdf: Path) -> list[list[str]]:
    """The printed lines of each page, top to bottom, without the page number."""
    text = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    pages = []
    for page in text.split("<page ")[1:]:
        rows: dict[int, str] = {}
        for _, y, _, _, word in _WORD.findall(page):
            rows[round(float(y))] = rows.get(round(float(y)), "") + word
        pages.append([row for _, row in sorted(rows.items()) if not re.fullmatch(r"[—\d ]+", row)])
    return pages


def lost_marks(docx: bytes, pdf: Path) -> int:
    """How many punctuation marks of the file are missing in the print. LibreOffice 7.4 drops some at unlucky widths of the text."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        text = "".join(re.findall(r"<w:t [^>]*>([^<]*)", archive.read("word/document.xml").decode()))
    printed = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return sum(max(0, text.count(mark) - printed.count(mark)) for mark in "，。、；：！？（）《》“”")


def footer_places(pdf: Path) -> list[tuple[float, float, float]]:
    """Of each page number: left edge, right edge and middle, in mm from the paper's left and lower edges."""
    text = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    places = []
    for page in text.split("<page ")[1:]:
        words = [word for word in _WORD.findall(page) if re.fullmatch(r"[—\d]+", word[4]) and float(word[1]) > 743]
        places.append((min(float(w[0]) for w in words) * 25.4 / 72, max(float(w[2]) for w in words) * 25.4 / 72,
                       297 - statistics.mean((float(w[1]) + float(w[3])) / 2 for w in words) * 25.4 / 72))
    return places


def main() -> None:
    parser = argparse.ArgumentParser(prog="make proof", description="用 LibreOffice 核对 Word 文件的版式")
    parser.add_argument("--keep", type=Path, help="保存 .docx、.pdf 和页面图片的文件夹")
    parser.add_argument("--doc", type=Path, help="另外排版的一份内容（JSON，结构见 document.js）")
    arguments = parser.parse_args()
    missing = [tool for tool in ("soffice", "pdftotext", "pdftoppm") if not shutil.which(tool)]
    if missing:
        sys.exit(f"缺少 {'、'.join(missing)}：请安装 libreoffice-writer、poppler-utils 和 fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        page = browser.new_page()
        bare = write_bare_page(Path(temporary))
        page.goto(bare.as_uri())
        counted = to_pdf(make(page, full_pages()), "full-pages", folder)
        pages = lines_of(counted)
        lines = [len(rows) for rows in pages[:-1]]
        characters = {len(row) for rows in pages for row in rows} - {26, len(pages[-1][-1])}
        print(f"正文页行数 {lines}，每行字数 {sorted(characters)}，首行 {len(pages[0][0])} 字（应为 22、28、26）")
        draft = long_draft()
        fresh = browser.new_page()  # nothing has been read on it yet
        fresh.goto(bare.as_uri())
        first, *times = milliseconds(fresh, draft, 12)
        docx = make(page, draft)
        printed = to_pdf(docx, "long-draft", folder)
        print(f"长草稿 {len(lines_of(printed))} 页，{len(docx) / 1024:.0f} KB，首次 {first:.0f} 毫秒（含读取组件），以后中位数 {statistics.median(times):.0f} 毫秒")
        for number, (left, right, middle) in enumerate(footer_places(printed)[:2], 1):
            print(f"第 {number} 页页码：左 {left:.1f} 右 {right:.1f}，距下边 {middle:.1f} 毫米（一字线应距版心下边缘 7 毫米，即 28）")
        lost = lost_marks(docx, printed)
        if arguments.doc:
            given = make(page, json.loads(arguments.doc.read_text("utf-8")))
            lost += lost_marks(given, to_pdf(given, arguments.doc.stem, folder))
        print(f"打印后缺少的标点 {lost} 个（应为 0）")
        if arguments.keep:
            for pdf in folder.glob("*.pdf"):
                subprocess.run(["pdftoppm", "-r", "60", "-png", str(pdf), str(folder / pdf.stem)], check=True)
            print(f"页面图片在 {folder}")
        if set(lines) != {22} or characters != {28} or lost:
            sys.exit("版式与 GB/T 9704-2012 不符")


if __name__ == "__main__":
    main()
