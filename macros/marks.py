"""Marks: what a macro prints where the page gets a span, for the Markdown extension to make an element of. Pure.

A mark is plain text between private characters, which no contributed text may contain. HTML in its place would send
every page through Markdown's HTML parser, and would have to be guarded against what stands inside.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown.util import AtomicString

_START, _BETWEEN, _END = "\ue000", "\ue001", "\ue002"
#: class; data-* attributes as name=value, with spaces between; text.
PATTERN = f"{_START}([^{_BETWEEN}]*){_BETWEEN}([^{_BETWEEN}]*){_BETWEEN}([^{_END}]*){_END}"
_MARK = re.compile(PATTERN)
#: What could open a tag, an entity or Markdown mark-up, or end a mark.
_SPECIAL = re.compile(r"""[&<>"'\\`*_{}\[\]()#+.!|~^=:\ue000-\ue002-]""")


def escape(text: str) -> str:
    """Text that means itself in HTML, in Markdown and in a mark, on one line. Blanks 【…】 stay blanks."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", " ".join(text.split()))


def mark(css: str, text: str, **data: str | int) -> str:
    """A span of text with its data-* attributes, of which ids and numbers are made; an offset of 0 is left out."""
    attributes = " ".join(f"{name}={value}" for name, value in data.items() if value)
    return f"{_START}{css}{_BETWEEN}{attributes}{_BETWEEN}{escape(text)}{_END}"


def element(match: re.Match[str]) -> etree.Element:
    """The span that a match of PATTERN stands for. Its text is final: Markdown does not read it again."""
    css, attributes, text = match.groups()[-3:]
    span = etree.Element("span", {"class": css})
    for pair in attributes.split():
        name, _, value = pair.partition("=")
        span.set(f"data-{name}", value)
    span.text = AtomicString(text)  # Markdown prints numeric entities as they are
    return span


def plain(text: str) -> str:
    """The text with what each mark says and no mark."""
    return _MARK.sub(lambda match: match[3], text)


def as_html(text: str) -> str:
    """The text with each mark as HTML, for blocks that are HTML anyway."""
    def written(match: re.Match[str]) -> str:
        span = element(match)
        attributes = " ".join(f'{name}="{value}"' for name, value in span.items())
        return f"<span {attributes}>{span.text}</span>"

    return _MARK.sub(written, text)
