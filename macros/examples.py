"""A template filled in for an invented unit, as a page shows it. Pure.

The text has no places to fill and no section of a plan: nobody's profile may change it, and nobody should copy it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from . import marks, plain_markdown, reader
from .model import Example, Template
from .vocabulary import Settings

_BLANK = re.compile(r"【([^【】\n]+)】")


def filled(example: Example, template: Template, data: reader.Data, shared: Callable[[str], Template]) -> str:
    """The template as Markdown with the example's values, headings numbered. A blank without a value stays a blank."""
    def value(match: re.Match[str]) -> str:
        return marks.mark("plan-example-value", example.values[match[1]]) if match[1] in example.values else match[0]

    return _BLANK.sub(value, plain_markdown.text(template, Settings(example.unit, example.year), data, shared, example.unit))
