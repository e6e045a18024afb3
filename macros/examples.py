"""A template filled in for an invented unit, as a page shows it. Pure.

The text has no places to fill and no section of a plan: nobody's profile may change it, and nobody should copy it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from . import marks, reader
from .fence_macros import print_macros
from .model import Example, Template
from .numbering import HeadingNumbers
from .vocabulary import PageContext, Settings, Vocabulary

_BLANK = re.compile(r"【([^【】\n]+)】")
_NOTE = "\n!!! note"
_SIGN_DATE = "sign-date"


def filled(example: Example, template: Template, data: reader.Data, shared: Callable[[str], Template]) -> str:
    """The template as Markdown with the example's values, headings numbered. A blank without a value stays a blank."""
    settings = Settings(example.unit, example.year)
    page = PageContext(f"examples/{example.id}.md", template.meta.sector, template)
    vocabulary = Vocabulary(data, settings, lambda: page, shared)
    date = next(field.label for field in data.fields if field.id == _SIGN_DATE)
    union = f"{example.unit}{data.sectors[template.meta.sector].words['union']}"
    names = {**vocabulary.names(), "落款": lambda: f"\n\n{marks.escape(union)}  \n【{date}】\n"}
    text = marks.plain(print_macros(template.body.split(_NOTE)[0], names))

    def value(match: re.Match[str]) -> str:
        return marks.mark("plan-example-value", example.values[match[1]]) if match[1] in example.values else match[0]

    return _numbered(_BLANK.sub(value, text))


def _numbered(text: str) -> str:
    """Headings with their numbers in place of their attributes."""
    numbers, lines = HeadingNumbers(), []
    for line in text.split("\n"):
        if match := re.match(r"(##+) +(.*)", line):
            heading, _ = reader.parse_attributes(match[2])
            line = f"{match[1]} {numbers.next(len(match[1]))}{heading}"
        lines.append(line)
    return "\n".join(lines)
