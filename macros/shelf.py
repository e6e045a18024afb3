"""The theme pages: every section of a theme, from all templates, side by side. Written after a build from the built pages.

Rendering the sections a second time would cost as much as the templates themselves; here they are cut out of their pages.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from .catalog import Entry
from .page_parts import PageSection
from .reader import Data

FOLDER = "themes"
#: What the macro 主题段落() leaves on a theme page.
PLACE = re.compile(r'<div class="plan-shelf" data-theme="([a-z-]+)"></div>')
_NUMBER = re.compile(r"^(\s*<h[23][^>]*>)(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
_LEVEL = re.compile(r"(</?h)2\b")


def place(theme: str) -> str:
    """Where the sections of a theme will stand."""
    return f'<div class="plan-shelf" data-theme="{theme}"></div>'


def fill(site: Path, data: Data, entries: list[Entry]) -> None:
    """Put the sections into the theme pages of a built site. A page that is filled already stays as it is."""
    pages = {file: text for file in sorted((site / FOLDER).glob("*.html")) if PLACE.search(text := file.read_text("utf-8"))}
    by_theme: dict[str, list[str]] = {}
    for entry in entries if pages else ():
        for section in entry.sections:
            if section.theme and section.ident and not section.contains:  # one that contains others is left to them
                by_theme.setdefault(section.theme, []).append(_part(entry, section, data))
    for file, text in pages.items():
        file.write_text(PLACE.sub(lambda match: _shelf(match.group(1), by_theme.get(match.group(1), [])), text), "utf-8")


def _shelf(theme: str, entries: list[str]) -> str:
    return f'<div class="plan-shelf" data-theme="{theme}" data-filled>{"".join(entries)}</div>'


def _part(entry: Entry, section: PageSection, data: Data) -> str:
    """One section with where it comes from; it keeps its own words, years and links, which lie one folder up as before."""
    meta, path = entry.template.meta, entry.path
    ident = f"{path.removesuffix('.html').replace('/', '-')}-{section.ident}"
    body = _LEVEL.sub(r"\g<1>3", _NUMBER.sub(r"\1", section.html))
    where = f"{data.sectors[meta.sector].name} · {data.kinds[meta.kind].name}"
    return (f'<section class="plan-section" id="{ident}" data-theme="{section.theme}" data-sector="{meta.sector}" data-kind="{meta.kind}" '
            f'data-from="{path}">{body}<p class="plan-shelf-from" data-not-text>{html.escape(where)}，选自'
            f'<a href="../{path}#{section.ident}">{html.escape(meta.title)}</a></p></section>')
