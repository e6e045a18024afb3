"""Data for search, written into the built site as classic scripts, since a page opened from a folder can fetch nothing.

find-names.js comes first, small however many templates there are: titles and synonyms. find-sections.js (headings and themes),
find-letters.js (pinyin, Traditional characters, other ways to ask) and find-text.js (every section as its page shows it, with default words) follow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import catalog, desk_data, fence, reader
from .catalog import Entry
from .model import PageFrontMatter
from .reader import Data

#: Pages for those who write templates, and pages that only lead to others.
_NOT_FOR_READERS = ("docs/contributing/", "docs/index.md", "docs/sources.md", "docs/library.md")
READINGS, TRADITIONAL = "data/readings.txt", "data/traditional.txt"


def _pages(root: Path, data: Data) -> list[list[str]]:
    """Pages other than templates, and the entries of the policies page: address, title, what it is about."""
    found = []
    for path in reader.page_files(root):
        meta = fence.fenced_file(root, path).meta
        if isinstance(meta, PageFrontMatter) and not path.startswith(_NOT_FOR_READERS):
            found.append([path.removeprefix("docs/").replace(".md", ".html"), meta.title, meta.description or ""])
    found += [[f"{sector.id}/index.html", f"{sector.name}工会模板", sector.summary] for sector in data.sectors.values()]
    found += [[f"policies.html#{policy.id}", policy.title, policy.governs or ""] for policy in data.policies if policy.citable]
    return found


def _synonyms(data: Data) -> list[list[Any]]:
    """words, sectors, kinds, themes, periods, strict. The names of themes count as words too."""
    rows = [[row.words, row.sectors, row.kinds, row.themes, row.periods, int(row.strict)] for row in data.synonyms if not row.filler]
    known = {word for row in data.synonyms for word in (*row.words, *row.said)}
    return rows + [[[theme.name], [], [], [theme.id], [], 0] for theme in data.themes.values() if theme.name not in known]


def _shown(entry: Entry) -> list[Any]:
    """The sections that have a text of their own."""
    return [section for section in entry.sections if section.ident and not section.html.endswith(("</h2>", "</h3>"))]


def names(entries: list[Entry], data: Data, year: int) -> dict[str, Any]:
    """What is needed to understand a query and to answer it by titles, sectors and kinds."""
    return {
        "year": year,
        "sectors": {sector.id: sector.name for sector in data.sectors.values()},
        "kinds": {kind.id: kind.name for kind in data.kinds.values()},
        "themes": {theme.id: theme.name for theme in data.themes.values()},
        "periods": catalog.PERIOD_NAMES,
        "synonyms": _synonyms(data),
        "fillers": [word for row in data.synonyms if row.filler for word in row.words],
        "templates": [[entry.path, meta.title, meta.sector, meta.kind, list(entry.periods)] for entry in entries for meta in [entry.template.meta]],
    }


def sections(entries: list[Entry], root: Path, data: Data) -> dict[str, Any]:
    """For each template audience, summary and sections (id, heading, theme), in the order of names(); and the other pages."""
    return {
        "templates": [[meta.audience, meta.summary, [[section.ident, section.heading, section.theme] for section in _shown(entry)]]
                      for entry in entries for meta in [entry.template.meta]],
        "pages": _pages(root, data),
    }


def text(entries: list[Entry]) -> list[list[str]]:
    """For each template the HTML of its sections, in the order of sections()."""
    return [[section.html for section in _shown(entry)] for entry in entries]


def letters(root: Path, data: Data) -> dict[str, Any]:
    """How what is typed may be read: sounds, Traditional characters, and for each row of the synonyms what else is said for it."""
    return {
        "readings": (root / READINGS).read_text("utf-8"), "traditional": (root / TRADITIONAL).read_text("utf-8"),
        "said": [row.said for row in data.synonyms if not row.filler],
    }


def write(site: Path, root: Path, entries: list[Entry], year: int) -> None:
    """Write the four files. `entries` in the order in which equal answers are shown. Raises LibraryError."""
    folder, data = site / desk_data.FOLDER, reader.data_cached(root)
    for name, value in {"names": names(entries, data, year), "sections": sections(entries, root, data), "letters": letters(root, data), "text": text(entries)}.items():
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        (folder / f"find-{name}.js").write_text(f"Plans.find.{name}={written};\n", "utf-8")
