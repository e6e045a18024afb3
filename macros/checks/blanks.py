"""Checks of blanks: only 【…】, only from the list, and no other placeholder."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from ..model import Finding, Template
from ..reader import Library
from .registry import FILLER, at, lines, template_check

BLANK = re.compile(r"【([^【】]*)】")
UNPAIRED = re.compile(r"[【】]")
_SOMEBODY = r"单位|学校|校|医院|公司|企业|厂|县|市|区|局|镇|乡|街道|社区|村|同志|领导|月|日|年"
PLACEHOLDER = re.compile(
    r"×{2,}|(?<![\d】])×(?=[\u4e00-\u9fff])|(?<![A-Za-z])[Xx](?:[Xx]+|(?=[年月日周校院局厂县市区镇乡人名元%]))|"
    rf"某某|某(?={_SOMEBODY})|(?<!二)〇{{2,}}|"
    r"[_＿]{2,}|\.{4,}|…{3,}|\*{3,}|\*\*[年月日]\*\*|[?？]{2,}|[（(]\s*[）)]|\[\s*\]|〔\s*〕|"
    r"[（(](?:此处|请填|填写|待填|待定|待补)[^）)]*[）)]|"
    # nothing but dots where a text should be
    r"(?:^|(?<=[：:|（]))\s*…+\s*(?=$|[|；）])"
)


@template_check("B1", shared=True)
def known_blanks(template: Template, library: Library) -> Iterable[Finding]:
    labels = library.data.fields_by_label
    for line in lines(template, keep_blanks=True):
        for match in BLANK.finditer(line.text):
            label = match.group(1)
            if label in labels:
                continue
            close = difflib.get_close_matches(label, labels, n=1, cutoff=0.5)
            yield at(template, line.number, match.start() + 1, f"清单里没有空白【{label}】",
                     f"data/fields.yml 中的名称，相近的有【{close[0]}】" if close else "data/fields.yml 中的名称，或在其中增加一行",
                     line.replaced(*match.span(), f"【{close[0]}】") if close else "")


@template_check("B2", shared=True)
def other_placeholders(template: Template, library: Library) -> Iterable[Finding]:
    unit = getattr(template.meta, "unit", None)  # ××学校 is what a unit's name looks like there
    for line in lines(template, keep_blanks=True):
        rest = BLANK.sub(lambda match: FILLER * len(match.group()), line.text)
        for match in UNPAIRED.finditer(rest):
            yield at(template, line.number, match.start() + 1, f"“{match.group()}”没有成对", "【名称】")
        if unit == line.raw:
            continue
        for match in PLACEHOLDER.finditer(rest):
            yield at(template, line.number, match.start() + 1, f"占位写法“{match.group()[:10]}”", "从空白清单选用，写成 【名称】")
