"""What a reader wants to know of a template before using it, put on its page after a build."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import quote

from .catalog import Entry
from .model import Template
from .reader import Data

_ABOUT = re.compile(r'<p class="plan-about">.*?</p>', re.DOTALL)
#: Kinds that look back on what the other plans.
_TWINS = {
    "annual-plan": ("summary", "summary-plan"), "summary": ("annual-plan",), "summary-plan": ("annual-plan",),
    "half-year-plan": ("half-year-summary-plan",), "half-year-summary-plan": ("half-year-plan",), "term-plan": ("summary", "term-plan"),
    "key-points": ("annual-plan",), "special-plan": ("annual-plan",), "event-summary": ("special-plan",),
}
MAX_RELATED = 6


def add(page: str, entry: Entry, year: int, data: Data, relations: Relations, edit: str) -> str:
    """The page of a template with its facts below what it is for. A page that has them stays as it is.

    `year` is the one that the page speaks of; `edit` is the address at which the files below docs/ are edited; empty when there is none.
    """
    if 'class="plan-facts"' in page:
        return page
    return _ABOUT.sub(lambda match: match.group() + _facts(entry, year, data, relations, edit), page, count=1)


def _facts(entry: Entry, year: int, data: Data, relations: Relations, edit: str) -> str:
    template, meta, kind = entry.template, entry.template.meta, data.kinds[entry.template.meta.kind]
    until = holds_until(entry.phrases, year, data)
    policies = {policy.id: policy for policy in data.policies}
    cited = [policies[ident] for ident in entry.policies]
    rows = [("什么时候用", html.escape(kind.when)), ("什么时候不用", html.escape(kind.when_not)),
            ("写作指南", f'<a href="../guides/{kind.id}.html">怎样写{html.escape(kind.name)}</a>')]
    if cited:
        titles = "、".join(f'<a href="../policies.html#{policy.id}">{html.escape(policy.cite)}</a>' for policy in cited)
        rows.append(("引用的法规", re.sub("(?<=》</a>)、(?=<a [^>]*>《)", "", titles)))  # GB/T 15834: nothing between 》 and 《
    for example in data.examples:
        if f"{example.template}.md" == template.url:
            rows.append(("填好的范例", f'<a href="../examples/{example.id}.html">{html.escape(example.unit)}工会的这份计划（虚构）</a>'))
    if meta.sources:
        rows.append(("归并的来源", "、".join(f'<a href="../sources.html#source-{ident}">{ident}</a>' for ident in meta.sources)))
    if others := relations.of(template):
        rows.append(("相关模板", "、".join(f'<a href="../{other.url.replace(".md", ".html")}">{html.escape(other.meta.title)}</a>' for other in others)))
    if edit:
        history, report = edit.replace("/edit/", "/commits/", 1), f"{edit.partition('/edit/')[0]}/issues/new?template=fault.yml&page={quote(meta.title)}"
        rows.append(("修改记录", f'<a href="{html.escape(history)}{template.url}">查看本模板的历次修改</a>'))
        rows.append(("发现错误", f'<a href="{html.escape(report)}">报告这个模板的问题</a>（在代码仓库填一张表，要先登录）'))
    short = [f"约{round(entry.length, -2)}字", f"空白{len(set(entry.blanks))}项、{len(entry.blanks)}处", f"{meta.reviewed}核对"]
    if until:
        short.append(f"提法用到{until}年")
    body = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return f'<details class="plan-facts" data-not-text><summary>{" · ".join(short)}</summary><dl>{body}</dl></details>'


def holds_until(phrase_ids: Iterable[str], year: int, data: Data) -> int | None:
    """The last year for which every official phrase of a text is known to hold; None when none of them ends."""
    phrases = {phrase.id: phrase for phrase in data.phrases}
    ends = [version.until for ident in set(phrase_ids) if ident in phrases for version in [phrases[ident].version(year)[0]]]
    return min((end for end in ends if end is not None), default=None)


class Relations:
    """Which templates a reader of one may want as well."""

    def __init__(self, templates: Iterable[Template]):
        self._by_place: dict[tuple[str, str], list[Template]] = {}
        self._by_name: dict[str, list[Template]] = {}
        self._by_kind: dict[str, list[Template]] = {}
        for template in templates:
            meta = template.meta
            self._by_place.setdefault((meta.sector, meta.kind), []).append(template)
            self._by_name.setdefault(_name(template), []).append(template)
            self._by_kind.setdefault(meta.kind, []).append(template)

    def of(self, template: Template) -> list[Template]:
        """Its counterparts in the sector first, then the same paper in other sectors, then the same kind."""
        meta = template.meta
        twins = [other for kind in _TWINS[meta.kind] for other in self._some(self._by_place.get((meta.sector, kind), ()), template)]
        alone = meta.kind in ("special-plan", "event-summary")  # one of these says little to another sector
        same_kind = self._by_place[meta.sector, meta.kind] if alone else self._by_kind[meta.kind]
        found = {other.path: other for other in [*twins[:2], *self._some(self._by_name[_name(template)], template), *self._some(same_kind, template)]}
        return list(found.values())[:MAX_RELATED]

    @staticmethod
    def _some(templates: Iterable[Template], but: Template) -> list[Template]:
        """The first few of the others; more are never shown, however many there are. Two lists may begin alike."""
        return list(islice((other for other in templates if other.path != but.path), 2 * MAX_RELATED))


def _name(template: Template) -> str:
    return template.url.split("/")[1]
