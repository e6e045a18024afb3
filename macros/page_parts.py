"""What a built page consists of: its article, its sections, the data it names. Pure; reads HTML that an engine wrote.

The sections are those that macros.plan_sections made, so their tags are known to the letter, and cutting them out needs no parser.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_TAG = re.compile(r'<section class="plan-section"([^>]*)>|</section>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ARTICLE = re.compile(r"<article[^>]*>(.*?)</article>", re.DOTALL)
_NOT_TEXT = re.compile(r'<(div class="admonition.*?</div>|details.*?</details>|a class="headerlink".*?</a>)', re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>')
_HEADING = re.compile(r"<h([23])[^>]*>(.*?)</h[23]>", re.DOTALL)
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class PageSection:
    """A section as it stands on its page. `html` is its heading and own text; the sections within it are sections of their own."""

    ident: str
    theme: str  # empty when it has none
    html: str = ""
    contains: bool = False  # whether it has sections within
    level: int = 0  # 2 or 3
    heading: str = ""  # as plain text, without its number


def sections(page: str) -> list[PageSection]:
    """The sections of a template's page, in order."""
    found: list[PageSection] = []
    opened: list[PageSection] = []
    last = 0
    for tag in _TAG.finditer(page):
        if opened:
            opened[-1].html += page[last : tag.start()]
        last = tag.end()
        if tag.group() == "</section>":
            if opened:
                opened.pop()
            continue
        if opened:
            opened[-1].contains = True
        attributes = dict(_ATTRIBUTE.findall(tag.group(1)))
        found.append(PageSection(attributes.get("id", ""), attributes.get("data-theme", "")))
        opened.append(found[-1])
    for section in found:
        section.html = _PERMALINK.sub("", section.html).strip()
        if heading := _HEADING.match(section.html):
            section.level, section.heading = int(heading[1]), _NUMBER.sub("", text(heading[2]))
    return found


def text(part: str) -> str:
    """The plain text of HTML."""
    return html.unescape(_MARKUP.sub("", part)).strip()


def article(page: str) -> str:
    """The HTML of the article; empty when there is none."""
    match = _ARTICLE.search(page)
    return match.group(1) if match else ""


def han_length(article_html: str) -> int:
    """How many Chinese characters a reader sees in the plan's own text, the notes left out."""
    return len(_HAN.findall(_MARKUP.sub("", _NOT_TEXT.sub("", article_html))))


def named(page: str, attribute: str) -> list[str]:
    """The values of data-<attribute> in order, each as often as it stands there."""
    return re.findall(rf'data-{attribute}="([^"]+)"', page)
