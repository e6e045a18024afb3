"""What the library tells of each template in every list: the library page, search, the open data, the feed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from . import page_parts
from .model import Template
from .reader import Data

FIRST_HALF, SECOND_HALF, YEAR, ANY = "first-half", "second-half", "year", "any"
#: What part of the year a template is for.
PERIOD_NAMES = {YEAR: "全年", FIRST_HALF: "上半年", SECOND_HALF: "下半年", ANY: "单项"}
_ALONE = ("special-plan", "event-summary")
_BOTH_HALVES = "half-year-summary-plan"
#: A half year's plan may reach a month into the next one: the winter holidays of a school.
_LAST_OF_FIRST_HALF = 7


@dataclass(frozen=True)
class Entry:
    """A template as a reader sees it."""

    template: Template
    path: str  # of its page below the site's root, e.g. school/annual-plan.html
    periods: tuple[str, ...]
    length: int  # Chinese characters of the plan's own text
    blanks: tuple[str, ...]  # ids of the places to fill, as often as they stand there
    policies: tuple[str, ...]  # ids of the rules it cites
    phrases: tuple[str, ...]
    sections: tuple[page_parts.PageSection, ...]


def periods(template: Template) -> tuple[str, ...]:
    """The parts of the year that a template plans or looks back on."""
    kind, months = template.meta.kind, [month for month, _ in template.meta.months]
    if kind in _ALONE:
        return (ANY,)
    if kind == _BOTH_HALVES:
        return (FIRST_HALF, SECOND_HALF)
    if kind in ("half-year-plan", "term-plan") and months:
        return (FIRST_HALF,) if months[0] < _LAST_OF_FIRST_HALF else (SECOND_HALF,)
    return (YEAR,)


def entry(template: Template, page: str, data: Data) -> Entry:
    """The entry of a template from its built page."""
    article = page_parts.article(page)
    field_ids, policy_ids = {field.id for field in data.fields}, {policy.id for policy in data.policies}
    return Entry(
        template, template.url.replace(".md", ".html"), periods(template), page_parts.han_length(article),
        tuple(ident for ident in page_parts.named(article, "fill") if ident in field_ids),
        tuple(ident for ident in dict.fromkeys(page_parts.named(article, "policy")) if ident in policy_ids),
        tuple(dict.fromkeys(page_parts.named(article, "phrase"))), tuple(page_parts.sections(article)),
    )


def in_order(entries: list[Entry], data: Data) -> list[Entry]:
    """By sector, kind and file name."""
    sectors, kinds = list(data.sectors), list(data.kinds)
    return sorted(entries, key=lambda each: (sectors.index(each.template.meta.sector), kinds.index(each.template.meta.kind), each.path))
