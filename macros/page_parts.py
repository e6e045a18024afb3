"""What a built page consists of: its article, its sections, the data it names. Pure; reads HTML that an engine wrote.

The sections are those that macros.plan_sections made, so their tags are known to the letter, and cutting them out needs no parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r'<section class="plan-section"([^>]*)>|</section>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ARTICLE = re.compile(r"<article[^>]*>(.*?)</article>", re.DOTALL)
_NOT_TEXT = re.compile(r'<(div class="admonition.*?</div>|details.*?</details>|a class="headerlink".*?</a>)', re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class PageSection:
    """A section of a theme as it stands on its page: heading and text, in HTML."""

    ident: str
    theme: str
    html: str  # what stands between the tags of the section


def sections(page: str) -> Iterator[PageSection]:
    """The sections of a theme, in order; one that contains others is left to them."""
    opened: list[tuple[int, dict[str, str], bool]] = []
    for tag in _TAG.finditer(page):
        if tag.group() != "</section>":
            if opened:
                opened[-1] = (*opened[-1][:2], True)
            opened.append((tag.end(), dict(_ATTRIBUTE.findall(tag.group(1))), False))
        elif opened:
            start, attributes, contains = opened.pop()
            if not contains and "id" in attributes and "data-theme" in attributes:
                yield PageSection(attributes["id"], attributes["data-theme"], page[start : tag.start()])


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
