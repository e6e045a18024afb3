"""Checks of laws and official phrases: cited once, cited right, nothing outdated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ..model import Finding, Template
from ..reader import Library
from ..vocabulary import default_plan_year
from .registry import at, lines, template_check

_TITLE = re.compile(r"《([^《》]{2,60})》")
_RULE_TITLE = re.compile(r"(?:法|条例|规定|办法|意见|章程|准则|规范|规划|纲要|指引|决定)(?:（[^）]*）)?$")
_CITATION = re.compile(r"""法规\(\s*["']([^"']+)["']\s*\)""")
_PHRASE = re.compile(r"""提法\(\s*["']([^"']+)["']\s*\)""")


@template_check("L4")
def titles_written_by_hand(template: Template, library: Library) -> Iterable[Finding]:
    by_name = library.data.policies_by_name
    for line in lines(template):
        for match in _TITLE.finditer(line.text):
            title = match.group(1)
            policy = by_name.get(title) or by_name.get(title.removeprefix("中华人民共和国"))
            if policy and policy.citable:
                macro = f'{{{{ 法规("{policy.name}") }}}}'
                yield at(template, line.number, match.start() + 1, f"手写的法规名称《{title}》", macro,
                         line.raw.replace(match.group(), macro, 1))
            elif _RULE_TITLE.search(title):
                yield at(template, line.number, match.start() + 1, f"没有收录的文件《{title}》",
                         "只引用 data/policies.yml 中的文件；单位自己的制度不加书名号")


@template_check("L5")
def policies_of_the_sector(template: Template, library: Library) -> Iterable[Finding]:
    by_name, sector = library.data.policies_by_name, template.meta.sector
    for offset, row in enumerate(template.body.split("\n")):
        for match in _CITATION.finditer(row):
            policy = by_name.get(match.group(1))
            if policy and "all" not in policy.sectors and sector not in policy.sectors:
                yield at(template, template.body_line + offset, match.start() + 1, f"“{policy.name}”一般不适用于本行业",
                         "适用于" + "、".join(library.data.sectors[s].name for s in policy.sectors))


@template_check("P1")
def outdated_wording(template: Template, library: Library) -> Iterable[Finding]:
    for line in lines(template):
        for entry in library.data.outdated:
            hits = [(line.text.find(pattern), pattern) for pattern in entry.patterns if pattern in line.text]
            hits += [(m.start(), m.group()) for regex in entry.regex if (m := re.search(regex, line.text))]
            for column, pattern in hits[:1]:
                paste = ""
                if entry.action in ("replace", "remove"):
                    paste = line.raw.replace(pattern, entry.instead if entry.action == "replace" else "")
                yield at(template, line.number, column + 1, f"过时的写法“{pattern}”（{entry.why.rstrip('。')}）", entry.instead, paste)


@template_check("P2")
def phrases_valid_in_the_plan_year(template: Template, library: Library) -> Iterable[Finding]:
    if template.meta.kind not in library.data.kinds:
        return
    year = default_plan_year(date.today()) + library.data.kinds[template.meta.kind].year_offset
    for offset, row in enumerate(template.body.split("\n")):
        for match in _PHRASE.finditer(row):
            phrase = library.data.phrases_by_name.get(match.group(1))
            if phrase and not phrase.version(year)[1]:
                yield at(template, template.body_line + offset, match.start() + 1, f"提法“{phrase.name}”没有适用于{year}年的文字",
                         "在 data/phrases.yml 核对并增加该年度的文字")


@template_check("P3")
def phrases_written_by_hand(template: Template, library: Library) -> Iterable[Finding]:
    for line in lines(template):
        for phrase in library.data.phrases:
            for version in phrase.versions:
                if len(version.text) >= 6 and (column := line.text.find(version.text)) >= 0:
                    macro = f'{{{{ 提法("{phrase.name}") }}}}'
                    yield at(template, line.number, column + 1, f"手写的官方提法“{version.text[:20]}”", macro,
                             line.raw.replace(version.text, macro, 1))
