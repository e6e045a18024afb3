"""What a reader wants to know of a template before using it, put on its page after a build."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
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


def add(page: str, entry: Entry, year: int, data: Data, templates: tuple[Template, ...], edit: str) -> str:
    """The page of a template with its facts below what it is for. A page that has them stays as it is.

    `edit` is the address at which the files below docs/ are edited; empty when there is none.
    """
    if 'class="plan-facts"' in page:
        return page
    return _ABOUT.sub(lambda match: match.group() + _facts(entry, year, data, templates, edit), page, count=1)


def _facts(entry: Entry, year: int, data: Data, templates: tuple[Template, ...], edit: str) -> str:
    template, meta, kind = entry.template, entry.template.meta, data.kinds[entry.template.meta.kind]
    until = holds_until(entry.phrases, year + kind.year_offset, data)
    policies = {policy.id: policy for policy in data.policies}
    cited = [policies[ident] for ident in entry.policies]
    rows = [("什么时候用", html.escape(kind.when)), ("什么时候不用", html.escape(kind.when_not)),
            ("写作指南", f'<a href="../guides/{kind.id}.html">怎样写{html.escape(kind.name)}</a>')]
    if cited:
        rows.append(("引用的法规", "、".join(f'<a href="../policies.html#{policy.id}">{html.escape(policy.cite)}</a>' for policy in cited)))
    for example in data.examples:
        if f"{example.template}.md" == template.url:
            rows.append(("填好的范例", f'<a href="../examples/{example.id}.html">{html.escape(example.unit)}工会的这份计划（虚构）</a>'))
    if meta.sources:
        rows.append(("归并的来源", "、".join(f'<a href="../sources.html#source-{ident}">{ident}</a>' for ident in meta.sources)))
    if others := related(template, templates):
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


def related(template: Template, templates: Iterable[Template]) -> list[Template]:
    """Templates a reader of this one may want: its counterparts in the sector first, then the same paper in other sectors."""
    meta, name = template.meta, template.url.split("/")[1]
    others = [other for other in templates if other.path != template.path]
    own = [other for kind in _TWINS[meta.kind] for other in others if (other.meta.sector, other.meta.kind) == (meta.sector, kind)]
    same_name = [other for other in others if other.url.split("/")[1] == name]
    same_kind = [other for other in others if other.meta.kind == meta.kind and other not in same_name]
    if meta.kind in ("special-plan", "event-summary"):
        same_kind = [other for other in same_kind if other.meta.sector == meta.sector]
    found = {other.path: other for other in [*own[:2], *same_name, *same_kind]}
    return list(found.values())[:MAX_RELATED]
