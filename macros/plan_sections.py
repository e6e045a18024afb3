"""Markdown extension for templates: sections, numbered headings, blanks. Pure, works in any engine.

A document is taken for a template when a heading carries `{: theme=… }` or `{: id=… }`. Then
* each level 2 and 3 heading gets its number as text, so that copied text keeps it;
* each heading with what follows becomes `<section class="plan-section" id data-theme>`;
* a numbered list of one item becomes a paragraph: official papers number nothing that stands alone;
* `【会员人数】` becomes a fill span in any document.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from . import marks, reader
from .numbering import HeadingNumbers
from .reader import Data

_BLANK = r"【([^【】\n]{1,30})】"
#: How the macro 落款() begins; it closes the open sections.
SIGNATURE_START = '<div class="plan-signature">'
_HEADING_LEVELS = {"h2": 2, "h3": 3}


class BlankPattern(InlineProcessor):
    """`【会员人数】` -> `<span class="fill fill-empty" data-fill="member-count">【会员人数】</span>`."""

    def __init__(self, md: Markdown, library_data: Callable[[], Data]):
        super().__init__(_BLANK, md)
        self._library_data = library_data

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, Any, Any]:
        blank = self._library_data().fields_by_label.get(m.group(1))
        if blank is None:
            return None, None, None
        span = etree.Element("span", {"class": "fill fill-empty", "data-fill": blank.id})
        span.text = AtomicString(m.group())  # or the pattern would match again inside bold text
        return span, m.start(0), m.end(0)


class MarkPattern(InlineProcessor):
    """What macros print -> `<span class="fill" data-fill="unit">…</span>`."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, Any, Any]:
        return marks.element(m), m.start(0), m.end(0)


def _trailing_text(element: etree.Element) -> tuple[etree.Element, str]:
    """Where the last text of a heading stands: its own text or the tail of its last child."""
    if len(element):
        return element[-1], "tail"
    return element, "text"


def _take_attributes(heading: etree.Element) -> dict[str, str]:
    """Cut `{: theme=x id=y }` off the end of a heading. Empty, and the heading as it was, when there is none."""
    owner, slot = _trailing_text(heading)
    text, attributes = reader.parse_attributes(getattr(owner, slot) or "")
    if attributes:
        setattr(owner, slot, text)
    return attributes or {}


def _unused(ident: str, used: set[str]) -> str:
    """The id, or the id with -2, -3 … when it is already taken. Takes it."""
    candidate, number = ident, 1
    while candidate in used:
        number += 1
        candidate = f"{ident}-{number}"
    used.add(candidate)
    return candidate


class HeadingAttributes(Treeprocessor):
    """Reads `{: theme=x id=y }`, gives headings their stable ids and numbers. Runs before `toc`."""

    def __init__(self, md: Markdown, library_data: Callable[[], Data]):
        super().__init__(md)
        self._library_data = library_data

    def run(self, root: etree.Element) -> None:
        headings = [child for child in root if child.tag in ("h1", *_HEADING_LEVELS)]
        found = [(element, _take_attributes(element)) for element in headings]
        if not any(attributes for _, attributes in found):
            return
        heading_ids, numbers, used = self._library_data().heading_ids, HeadingNumbers(), set()
        for element, attributes in found:
            if element.tag == "h1":
                element.set("id", _unused("title", used))
                continue
            theme = attributes.get("theme")
            ident = attributes.get("id") or theme or heading_ids.get("".join(element.itertext()).strip())
            if ident:
                element.set("id", _unused(ident, used))
            element.set("data-plan", theme or "")
            element.text = numbers.next(_HEADING_LEVELS[element.tag]) + (element.text or "")


class SectionWrapper(Treeprocessor):
    """Wraps each heading and what follows it in a section. Runs after `toc`, which reads the ids."""

    def run(self, root: etree.Element) -> None:
        children = list(root)
        if not any("data-plan" in child.attrib for child in children):
            return
        for child in children:
            root.remove(child)
        open_sections: list[tuple[int, etree.Element]] = []
        for child in children:
            if "data-plan" in child.attrib:
                level = _HEADING_LEVELS[child.tag]
                while open_sections and open_sections[-1][0] >= level:
                    open_sections.pop()
                parent = open_sections[-1][1] if open_sections else root
                section = etree.SubElement(parent, "section", {"class": "plan-section"})
                if ident := child.attrib.pop("id", None):
                    section.set("id", ident)
                if theme := child.attrib.pop("data-plan"):
                    section.set("data-theme", theme)
                open_sections.append((level, section))
            elif self._leaves_sections(child):
                open_sections.clear()
            (open_sections[-1][1] if open_sections else root).append(child)

    def _leaves_sections(self, element: etree.Element) -> bool:
        """The signature block and the notes for the reader belong to no section."""
        if element.tag == "div":
            return "admonition" in (element.get("class") or "").split()
        # raw HTML blocks are still placeholders here
        match = HTML_PLACEHOLDER_RE.fullmatch((element.text or "").strip())
        raw = self.md.htmlStash.rawHtmlBlocks[int(match.group(1))] if match else ""
        return isinstance(raw, str) and raw.startswith(SIGNATURE_START)


class LoneItems(Treeprocessor):
    """Makes a paragraph of the one numbered item of a section. Runs before the sections are wrapped."""

    def run(self, root: etree.Element) -> None:
        if not any("data-plan" in child.attrib for child in root):
            return
        parts: list[list[etree.Element]] = [[]]
        for child in root:
            if "data-plan" in child.attrib:
                parts.append([])
            elif child.tag == "ol":
                parts[-1].append(child)
        for lists in parts[1:]:
            if len(lists) == 1 and len(lists[0]) == 1:
                self._replace(root, lists[0])

    @staticmethod
    def _replace(root: etree.Element, numbered: etree.Element) -> None:
        """Put what the item contains where the list stood: its words as a paragraph, and any blocks behind them."""
        item, place = numbered[0], list(root).index(numbered)
        inline = next((i for i, child in enumerate(item) if child.tag in ("p", "ol", "ul")), len(item))
        blocks = list(item)[inline:]
        if (item.text or "").strip() or inline:
            words = etree.Element("p")
            words.text = item.text
            words.extend(list(item)[:inline])
            blocks.insert(0, words)
        root.remove(numbered)
        for block in reversed(blocks):
            root.insert(place, block)


class PolicyLinks(Treeprocessor):
    """Marks links to the policies page, so that the page can show a law's state for a given year."""

    def run(self, root: etree.Element) -> None:
        for link in root.iter("a"):
            page, _, anchor = (link.get("href") or "").partition("#")
            if anchor and page.split("/")[-1] == "policies.md":
                link.set("class", "policy")
                link.set("data-policy", anchor)


class PlanSections(Extension):
    """Python-Markdown extension; option `root` is the project folder (tests use their own)."""

    def __init__(self, **kwargs: Any):
        self.config = {"root": [str(reader.ROOT), "project folder with data/"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        # Data are read when text is converted, not here: engines load extensions before faulty data end the build in plain words.
        root = Path(self.getConfig("root"))

        @cache
        def library_data() -> Data:
            return reader.data_cached(root)

        self.reset = library_data.cache_clear
        md.registerExtension(self)
        # before any other pattern: what a mark contains is not Markdown
        md.inlinePatterns.register(MarkPattern(marks.PATTERN, md), "plan_mark", 200)
        md.inlinePatterns.register(BlankPattern(md, library_data), "plan_blank", 65)
        # inline patterns run at 20, toc at 5
        md.treeprocessors.register(HeadingAttributes(md, library_data), "plan_headings", 12)
        md.treeprocessors.register(PolicyLinks(md), "plan_policies", 11)
        md.treeprocessors.register(LoneItems(md), "plan_lone_items", 4.5)
        md.treeprocessors.register(SectionWrapper(md), "plan_sections", 4)


def makeExtension(**kwargs: Any) -> PlanSections:  # noqa: N802 - the name Python-Markdown looks for
    return PlanSections(**kwargs)
