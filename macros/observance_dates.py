"""Dates and ordinals of observances for any year from 2000 to 2099. Pure.

Lunar days and solar terms come from the tables of borax (MIT).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import LunarDate, TermUtils

from .model import MAX_YEAR, MIN_YEAR, DateRule, Observance

WEEKDAYS = "一二三四五六日"
_EVENT_ENDING = re.compile("(?:纪念日|纪念|节)$")


@dataclass(frozen=True)
class Span:
    """The days an observance takes in a year, both ends included. Whole months and seasons keep no day."""

    first: date
    last: date
    unit: str = "day"  # "day", "month" or "season"

    @property
    def months(self) -> tuple[int, ...]:
        """The months touched, in order; a season may pass the end of the year."""
        result, month = [], (self.first.year, self.first.month)
        while month <= (self.last.year, self.last.month):
            result.append(month[1])
            month = (month[0] + month[1] // 12, month[1] % 12 + 1)
        return tuple(result)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _month_day(year: int, text: str) -> date:
    month, day = map(int, text.split("-"))
    return date(year, month, day)


@lru_cache(maxsize=8192)
def resolve(rule: DateRule, year: int) -> Span | None:
    """The days of `rule` in the Gregorian `year`; None where a notice sets them each year.

    The first day lies in `year`; a season may end in the next. Raises ValueError for a year outside 2000-2099.
    """
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise ValueError(f"年份 {year} 不在 {MIN_YEAR}—{MAX_YEAR} 之间")
    match rule.type:
        case "announced":
            return None
        case "fixed":
            first = date(year, rule.month, rule.day)
        case "lunar":
            first = LunarDate(year, rule.month, rule.day).to_solar_date()
        case "lunar_new_year_eve":
            first = LunarDate(year, 1, 1).to_solar_date() - timedelta(days=1)
        case "solar_term":
            first = TermUtils.nth_term_day(year, term_name=rule.term)
        case "nth_weekday":
            start = date(year, rule.month, 1)
            first = start + timedelta(days=(rule.weekday - start.isoweekday()) % 7 + 7 * (rule.n - 1))
        case "last_weekday":
            end = _month_end(year, rule.month)
            first = end - timedelta(days=(end.isoweekday() - rule.weekday) % 7)
        case "week_containing":
            day = date(year, rule.month, rule.day)
            first = day - timedelta(days=day.isoweekday() - 1)  # weeks are counted from Monday here
            return Span(first, first + timedelta(days=6))
        case "range":
            return Span(_month_day(year, rule.start), _month_day(year, rule.end))
        case "month":
            return Span(date(year, rule.month, 1), _month_end(year, rule.month), "month")
        case "season":
            end_year = year + (rule.to_month < rule.from_month)
            return Span(date(year, rule.from_month, 1), _month_end(end_year, rule.to_month), "season")
    return Span(first, first)


def date_text(span: Span, *, month_only: bool = False) -> str:
    """`9月10日`, `4月25日至5月1日`, `6月`, `12月至次年2月`."""
    first, last = span.first, span.last
    after = "次年" if last.year > first.year else ""
    if month_only or span.unit != "day":
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.month}月"
        return f"{first.month}月至{after}{last.month}月"
    if first == last:
        return f"{first.month}月{first.day}日"
    if first.month == last.month:
        return f"{first.month}月{first.day}日至{last.day}日"
    return f"{first.month}月{first.day}日至{after}{last.month}月{last.day}日"


def weekday_text(day: date) -> str:
    return f"星期{WEEKDAYS[day.weekday()]}"


def ordinal_number(observance: Observance, year: int) -> int | None:
    """Its number in `year` (the 43rd, the 78th anniversary); None where none is printed."""
    ordinal = observance.ordinal
    if ordinal is None:
        return None
    number = year - ordinal.first_year + (ordinal.kind == "count")
    return number if number > 0 else None


def ordinal_text(observance: Observance, year: int) -> str | None:
    """`第43个教师节` or `中国共产党成立106周年`; None where no number is printed."""
    number = ordinal_number(observance, year)
    if number is None:
        return None
    if observance.ordinal.kind == "anniversary":
        return f"{_EVENT_ENDING.sub('', observance.name)}{number}周年"
    return f"第{number}个{observance.name}"


@lru_cache(maxsize=None)
def possible_months(rule: DateRule) -> frozenset[int]:
    """Every month in which the observance can take place, over all years; empty where a notice sets it."""
    spans = (resolve(rule, year) for year in range(MIN_YEAR, MAX_YEAR + 1))
    return frozenset(month for span in spans if span for month in span.months)
