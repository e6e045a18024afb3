"""Checks of laws and official phrases: cited once, cited right, nothing outdated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from ..model import Finding, Outdated, Policy, Template
from ..reader import Data, Library
from ..vocabulary import Settings
from .registry import Line, any_of, at, lines, sectors_of, template_check

TITLE = re.compile(r"《([^《》]{2,60})》")
_BARE_TITLE = re.compile(r"(?<!《)中华人民共和国[\u4e00-\u9fff]{1,12}?法(?![律规])")
RULE_TITLE = re.compile(
    r"(?:(?<![书方兵看做写想说笔])法|法典|条例|规定|办法|细则|意见|通知|决定|章程|准则|规范|标准|规划|纲要|指引|方案)(?:[（(][^）)]*[）)])?$"
)
_CITATION = re.compile(r"""法规\(\s*["']([^"']+)["']\s*\)""")
_PHRASE = re.compile(r"""提法\(\s*["']([^"']+)["']\s*\)""")
_COUNTRY = "中华人民共和国"


def _policy(title: str, library: Library) -> Policy | None:
    by_name = library.data.policies_by_name
    return by_name.get(title) or by_name.get(title.removeprefix(_COUNTRY))


def _citation(policy: Policy) -> str:
    return f'{{{{ 法规("{policy.name}") }}}}'


def _cited_by_hand(template: Template, line: Line, match: re.Match[str], title: str, library: Library) -> Iterable[Finding]:
    policy = _policy(title, library)
    if policy and policy.citable:
        macro = _citation(policy)
        yield at(template, line.number, match.start() + 1, f"手写的法规名称《{title}》", macro, line.replaced(*match.span(), macro))
    elif policy:
        yield at(template, line.number, match.start() + 1, f"《{title}》没有核实、已到期或已结束，不能引用", "改引现行文件，或删去")
    elif RULE_TITLE.search(title):
        yield at(template, line.number, match.start() + 1, f"没有收录的文件《{title}》",
                 "只引用 data/policies.yml 中的文件；单位自己的制度不加书名号")


@template_check("L4", shared=True)
def titles_written_by_hand(template: Template, library: Library) -> Iterable[Finding]:
    for line in lines(template):
        if "《" in line.text:
            for match in TITLE.finditer(line.text):
                yield from _cited_by_hand(template, line, match, match.group(1), library)
        if _COUNTRY in line.text:
            for match in _BARE_TITLE.finditer(line.text):
                yield from _cited_by_hand(template, line, match, match.group(), library)


@template_check("L5", shared=True)
def policies_of_the_sector(template: Template, library: Library) -> Iterable[Finding]:
    by_name, sectors = library.data.policies_by_name, set(sectors_of(template))
    for number, row in enumerate(template.body.split("\n"), template.body_line):
        for match in _CITATION.finditer(row):
            policy = by_name.get(match.group(1))
            if policy and "all" not in policy.sectors and not sectors <= set(policy.sectors):
                yield at(template, number, match.start() + 1, f"“{policy.name}”一般不适用于本行业",
                         "适用于" + "、".join(library.data.sectors[s].name for s in policy.sectors))


@lru_cache(maxsize=4)
def outdated_pattern(data: Data) -> tuple[re.Pattern[str], dict[str, Outdated]]:
    """One pattern for all outdated wordings, and the entry that each of its alternatives stands for.

    Literal wordings are looked up by themselves, regular expressions by the name of their group.
    """
    entries: dict[str, Outdated] = {}
    groups: list[str] = []
    for entry in data.outdated:
        entries.update(dict.fromkeys(entry.patterns, entry))
        for regex in entry.regex:
            name = f"r{len(groups)}"
            groups.append(f"(?P<{name}>{regex})")
            entries[name] = entry
    literals = any_of(text for entry in data.outdated for text in entry.patterns)
    return re.compile("|".join([literals, *groups])), entries


@template_check("P1", shared=True)
def outdated_wording(template: Template, library: Library) -> Iterable[Finding]:
    pattern, entries = outdated_pattern(library.data)
    for line in lines(template):
        for match in pattern.finditer(line.text):
            entry = entries[match.lastgroup or match.group()]
            yield at(template, line.number, match.start() + 1, f"过时的写法“{match.group()}”（{entry.why.rstrip('。')}）",
                     entry.instead, _modernised(line, match, entry, library))


def _modernised(line: Line, match: re.Match[str], entry: Outdated, library: Library) -> str:
    """The line with the outdated wording replaced or removed; empty where only a person can tell what fits."""
    start, end = match.span()
    if entry.action == "remove":
        return line.replaced(start, end, "")
    if entry.action != "replace":
        return ""
    policy = next((row for row in library.data.policies if row.id == entry.policy), None)
    if policy is None or not policy.citable:
        return line.replaced(start, end, entry.instead)
    if line.raw[start - 1 : start] == "《" and line.raw[end : end + 1] == "》":
        start, end = start - 1, end + 1
    return line.replaced(start, end, _citation(policy))


@template_check("P2", shared=True)
def phrases_valid_in_the_plan_year(template: Template, library: Library) -> Iterable[Finding]:
    kind = library.data.kinds.get(getattr(template.meta, "kind", ""))
    settings = Settings.from_extra({}, date.today())
    year = settings.year + (settings.offset(kind) if kind else 0)
    for number, row in enumerate(template.body.split("\n"), template.body_line):
        for match in _PHRASE.finditer(row):
            phrase = library.data.phrases_by_name.get(match.group(1))
            if phrase and not phrase.version(year)[1]:
                yield at(template, number, match.start() + 1, f"提法“{phrase.name}”没有适用于{year}年的文字",
                         "在 data/phrases.yml 核对并增加该年度的文字")


#: Shorter phrases are common words.
_MIN_PHRASE = 6


@lru_cache(maxsize=4)
def _phrase_names(data: Data) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for the texts of all official phrases, the longest first, and text -> name."""
    versions = ((version.text, phrase.name) for phrase in data.phrases for version in phrase.versions)
    names = {text: name for text, name in versions if len(text) >= _MIN_PHRASE}
    return re.compile(any_of(names)), names


@template_check("P3", shared=True)
def phrases_written_by_hand(template: Template, library: Library) -> Iterable[Finding]:
    pattern, names = _phrase_names(library.data)
    for line in lines(template):
        for match in pattern.finditer(line.text):
            macro = f'{{{{ 提法("{names[match.group()]}") }}}}'
            yield at(template, line.number, match.start() + 1, f"手写的官方提法“{match.group()[:20]}”", macro,
                     line.replaced(*match.span(), macro))
