"""A template as plain Markdown with the default words: for reading elsewhere, for assistants, for filled examples. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from . import marks, reader
from .fence_macros import print_macros
from .model import Template
from .numbering import HeadingNumbers
from .vocabulary import PageContext, Settings, Vocabulary

_NOTE = "\n!!! note"
_LINK = re.compile(r'\[([^\]]+)\]\([^)\s]*(?: "[^"]*")?\)')
_SIGN_DATE = "sign-date"


def text(template: Template, settings: Settings, data: reader.Data, shared: Callable[[str], Template], unit: str = "") -> str:
    """The plan itself, macros printed and headings numbered, without the notes for the reader. Marks stay marks.

    `unit`: the name that signs, where it is not the sector's placeholder.
    """
    meta = template.meta
    page = PageContext(template.url, meta.sector, template)
    vocabulary = Vocabulary(data, settings, lambda: page, shared)
    date = next(field.label for field in data.fields if field.id == _SIGN_DATE)
    signer = f"{unit or meta.unit or data.sectors[meta.sector].unit}{data.sectors[meta.sector].words['union']}"
    names = {**vocabulary.names(), "落款": lambda: f"\n\n{marks.escape(signer)}  \n【{date}】\n"}
    return numbered(marks.plain(print_macros(template.body.split(_NOTE)[0], names)))


def without_markup(markdown: str) -> str:
    """Links as their text, entities as their characters."""
    return html.unescape(_LINK.sub(r"\1", markdown)).strip() + "\n"


def numbered(markdown: str) -> str:
    """Headings with their numbers in place of their attributes."""
    numbers, lines = HeadingNumbers(), []
    for line in markdown.split("\n"):
        if match := re.match(r"(##+) +(.*)", line):
            heading, _ = reader.parse_attributes(match[2])
            line = f"{match[1]} {numbers.next(len(match[1]))}{heading}"
        lines.append(line)
    return "\n".join(lines)
