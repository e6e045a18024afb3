"""Checks of blanks: only 【…】, only from the list, and no other placeholder."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from ..model import Finding, Template
from ..reader import Library
from .registry import FILLER, at, lines, template_check

_BLANK = re.compile(r"【([^【】]*)】")
_OTHER = re.compile(
    r"×{1,}|[Xx]{2,}|[_＿]{2,}|\.{4,}|某某|某(?=单位|校|医院|公司|县|市|局|镇|月|日|年)|[（(]\s*[）)]|\[\s*\]|〔\s*〕|[?？]{2,}|"
    r"（此处[^）]*）|\*{3,}|□{2,}|…{3,}"
)


@template_check("B1")
def known_blanks(template: Template, library: Library) -> Iterable[Finding]:
    labels = library.data.fields_by_label
    for line in lines(template, keep_blanks=True):
        for match in _BLANK.finditer(line.text):
            label = match.group(1)
            if label in labels:
                continue
            close = difflib.get_close_matches(label, labels, n=1, cutoff=0.5)
            yield at(template, line.number, match.start() + 1, f"清单里没有空白【{label}】",
                     f"data/fields.yml 中的名称，相近的有【{close[0]}】" if close else "data/fields.yml 中的名称，或在其中增加一行",
                     line.raw.replace(match.group(), f"【{close[0]}】") if close else "")


@template_check("B2")
def other_placeholders(template: Template, library: Library) -> Iterable[Finding]:
    for line in lines(template, keep_blanks=True):
        rest = _BLANK.sub(lambda match: "〇" * len(match.group()), line.text)
        if match := re.search(r"[【】]", rest):
            yield at(template, line.number, match.start() + 1, f"“{match.group()}”没有成对", "【名称】")
        # filled-up macros are not placeholders of the author's
        rest = rest.replace(FILLER, "〇")
        is_unit = getattr(template.meta, "unit", None) == line.raw
        if not is_unit and (match := _OTHER.search(rest)):
            yield at(template, line.number, match.start() + 1, f"占位写法“{match.group()[:10]}”", "从空白清单选用，写成 【名称】")
