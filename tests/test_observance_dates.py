"""Dates and ordinals of observances: checked dates, and what must hold in every year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from macros import observance_dates as dates
from macros import reader
from macros.model import MAX_YEAR, MIN_YEAR, SOLAR_TERMS, DateRule, Observance, Ordinal

DATA = reader.data_cached(ROOT)
NAMES = DATA.observances_by_name
YEARS = range(MIN_YEAR, MAX_YEAR + 1)
years = st.integers(MIN_YEAR, MAX_YEAR)
months = st.integers(1, 12)
weekdays = st.integers(1, 7)


def span(rule: DateRule, year: int) -> dates.Span:
    found = dates.resolve(rule, year)
    assert found is not None
    return found


#: Dates of the almanac.
CHECKED = {
    2026: {"除夕": "02-16", "春节": "02-17", "元宵节": "03-03", "清明节": "04-05", "端午节": "06-19", "中秋节": "09-25",
           "重阳节": "10-18", "中国农民丰收节": "09-23", "全国助残日": "05-17", "母亲节": "05-10"},
    2027: {"除夕": "02-05", "春节": "02-06", "元宵节": "02-20", "清明节": "04-05", "端午节": "06-09", "中秋节": "09-15",
           "重阳节": "10-08", "中国农民丰收节": "09-23", "全国助残日": "05-16", "母亲节": "05-09"},
    2028: {"除夕": "01-25", "春节": "01-26", "元宵节": "02-09", "清明节": "04-04", "端午节": "05-28", "中秋节": "10-03",
           "重阳节": "10-26", "中国农民丰收节": "09-22"},
}


@pytest.mark.parametrize("year, name, day", [(year, *item) for year, days in CHECKED.items() for item in days.items()])
def test_checked_dates(year, name, day):
    """Lunar, solar and weekday observances fall on the days of the almanac."""
    found = span(NAMES[name].rule, year)
    assert found.first == found.last == date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize("name, year, text", [
    ("教师节", 2027, "第43个教师节"),
    ("教师节", 1985, "第1个教师节"),
    ("教师节", 1984, None),
    ("职业病防治法宣传周", 2020, "第18个全国《职业病防治法》宣传周"),
    ("职业病防治法宣传周", 2023, "第21个全国《职业病防治法》宣传周"),
    ("职业病防治法宣传周", 2024, "第22个全国《职业病防治法》宣传周"),
    ("职业病防治法宣传周", 2027, "第25个全国《职业病防治法》宣传周"),
    ("中华全国总工会成立纪念日", 2025, "中华全国总工会成立100周年"),
    ("建党节", 2027, "中国共产党成立106周年"),
    ("国庆节", 2029, "国庆80周年"),
    ("建军节", 2027, "中国人民解放军建军100周年"),
    ("《工会法》颁布纪念", 2027, "《工会法》颁布35周年"),
    ("中华全国总工会成立纪念日", 1925, None),
    ("植树节", 2027, None),
])
def test_checked_ordinals(name, year, text):
    """A count begins with 1 in its first year, an anniversary a year later; without a count there is no number."""
    assert dates.ordinal_text(NAMES[name], year) == text


@pytest.mark.parametrize("name, year, first, last, text", [
    ("职业病防治法宣传周", 2027, (2027, 4, 25), (2027, 5, 1), "4月25日至5月1日"),
    ("冬送温暖", 2027, (2027, 12, 1), (2028, 2, 29), "12月至次年2月"),
    ("五一劳动奖和劳模表彰", 2027, (2027, 4, 1), (2027, 5, 31), "4月至5月"),
    ("安全生产月", 2027, (2027, 6, 1), (2027, 6, 30), "6月"),
    ("体育宣传周", 2027, (2027, 8, 2), (2027, 8, 8), "8月2日至8日"),
    ("教师节", 2027, (2027, 9, 10), (2027, 9, 10), "9月10日"),
])
def test_spans_and_their_texts(name, year, first, last, text):
    """A range, a season over the end of the year, a month, a week and a day are written as officials write them."""
    found = span(NAMES[name].rule, year)
    assert (found.first, found.last) == (date(*first), date(*last))
    assert dates.date_text(found) == text


@pytest.mark.parametrize("name, text", [("教师节", "9月"), ("职业病防治法宣传周", "4月至5月"), ("冬送温暖", "12月至次年2月"), ("体育宣传周", "8月")])
def test_only_the_month(name, text):
    """With month_only no day is written."""
    assert dates.date_text(span(NAMES[name].rule, 2027), month_only=True) == text


def test_a_span_over_the_year_end_is_written_with_the_next_year():
    """Days of two years are told apart."""
    assert dates.date_text(dates.Span(date(2027, 12, 30), date(2028, 1, 2))) == "12月30日至次年1月2日"


def test_weekdays_are_written_in_chinese():
    """Monday to Sunday of a known week."""
    assert [dates.weekday_text(date(2027, 2, day)) for day in range(1, 8)] == [f"星期{name}" for name in "一二三四五六日"]


@pytest.mark.parametrize("item", DATA.observances, ids=lambda item: item.id)
def test_every_observance_has_a_date_in_every_year(item):
    """From 2000 to 2099 each observance begins within its year, ends after it begins, and lasts a season at most."""
    for year in YEARS:
        found = dates.resolve(item.rule, year)
        if item.rule.type == "announced":
            assert found is None
            continue
        assert found.first.year == year and found.first <= found.last
        assert found.last.year == year or (item.rule.type == "season" and found.last.year == year + 1)
        assert found.last - found.first < timedelta(days=100)
        assert set(found.months) <= dates.possible_months(item.rule)
        assert re_readable(dates.date_text(found))


def re_readable(text: str) -> bool:
    """Only months, days and the words between them."""
    return not text.strip("0123456789月日至次年")


@pytest.mark.parametrize("item", [item for item in DATA.observances if item.ordinal], ids=lambda item: item.id)
def test_ordinals_grow_by_one_a_year(item):
    """From the first year on each year adds one; before it there is no number."""
    first = item.ordinal.first_year + (item.ordinal.kind == "anniversary")
    numbers = [dates.ordinal_number(item, year) for year in range(first, 2100)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert dates.ordinal_number(item, first - 1) is None
    assert str(numbers[-1]) in dates.ordinal_text(item, 2099)


@pytest.mark.parametrize("name, expected", [
    ("教师节", {9}), ("职业病防治法宣传周", {4, 5}), ("冬送温暖", {12, 1, 2}), ("春节", {1, 2}), ("除夕", {1, 2}), ("元宵节", {2, 3}),
    ("清明节", {4}), ("端午节", {5, 6}), ("中秋节", {9, 10}), ("重阳节", {10}), ("安全生产月", {6}), ("母亲节", {5}), ("夏送清凉", set()),
])
def test_possible_months(name, expected):
    """Every month an observance can touch in any year; none where a notice sets it."""
    assert dates.possible_months(NAMES[name].rule) == expected


@settings(deadline=None)
@given(years, months, st.integers(1, 4), weekdays)
def test_nth_weekday_is_that_weekday_and_the_nth(year, month, n, weekday):
    """Counting the weekdays of the month up to the day found gives n."""
    day = span(DateRule(type="nth_weekday", month=month, n=n, weekday=weekday), year).first
    assert (day.year, day.month, day.isoweekday()) == (year, month, weekday)
    assert sum(date(year, month, d).isoweekday() == weekday for d in range(1, day.day + 1)) == n


@settings(deadline=None)
@given(years, months, weekdays)
def test_last_weekday_has_none_after_it(year, month, weekday):
    """A week later is the next month."""
    day = span(DateRule(type="last_weekday", month=month, weekday=weekday), year).first
    assert (day.year, day.month, day.isoweekday()) == (year, month, weekday)
    assert (day + timedelta(days=7)).month != month


@settings(deadline=None)
@given(st.dates(date(MIN_YEAR, 1, 8), date(MAX_YEAR, 12, 24)).filter(lambda day: (day.month, day.day) != (2, 29)))
def test_week_runs_from_monday_to_sunday_and_contains_its_day(day):
    """Seven days from a Monday, the given one among them."""
    week = span(DateRule(type="week_containing", month=day.month, day=day.day), day.year)
    assert week.first.isoweekday() == 1 and week.last - week.first == timedelta(days=6)
    assert week.first <= day <= week.last


@settings(deadline=None)
@given(years, months)
def test_a_month_is_the_whole_month(year, month):
    """First to last day: the day after the last is a first."""
    found = span(DateRule(type="month", month=month), year)
    assert found.first == date(year, month, 1) and (found.last + timedelta(days=1)).day == 1
    assert found.months == (month,) and dates.date_text(found) == f"{month}月"


@settings(deadline=None)
@given(years, months, months)
def test_months_of_a_season_follow_each_other(year, first, last):
    """From the first month to the last, over the end of the year if need be, each once."""
    found = span(DateRule(type="season", from_month=first, to_month=last), year)
    assert found.months[0] == first and found.months[-1] == last
    assert len(found.months) == (last - first) % 12 + 1 == len(set(found.months))
    assert all(later == earlier % 12 + 1 for earlier, later in zip(found.months, found.months[1:], strict=False))
    assert (found.last.year > year) == (last < first)


@settings(deadline=None)
@given(st.dates(date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31)), st.integers(0, 360))
def test_months_of_a_span_are_those_of_its_days(first, days):
    """Walking through all days gives the same months in the same order."""
    last = first + timedelta(days=days)
    walked = [(first + timedelta(days=step)) for step in range(days + 1)]
    assert list(dates.Span(first, last).months) == [month for _, month in dict.fromkeys((d.year, d.month) for d in walked)]


@pytest.mark.parametrize("year", [MIN_YEAR, 2026, 2027, 2028, MAX_YEAR])
def test_solar_terms_follow_each_other_through_the_year(year):
    """The 24 terms of a year all lie in it, in order, about a fortnight apart; 冬至 is the last."""
    days = [span(DateRule(type="solar_term", term=term), year).first for term in SOLAR_TERMS]
    assert {day.year for day in days} == {year}
    assert all(14 <= (later - earlier).days <= 16 for earlier, later in zip(days, days[1:], strict=False))
    assert days[-1].month == 12 and days[-1].day in (21, 22, 23)


@settings(deadline=None)
@given(years, st.integers(1, 10), st.integers(1, 29))
def test_lunar_days_that_the_model_allows_fall_in_their_year(year, month, day):
    """The first ten lunar months lie within the Gregorian year."""
    assert span(DateRule(type="lunar", month=month, day=day), year).first.year == year


@settings(deadline=None)
@given(years)
def test_the_eve_is_the_day_before_the_new_year(year):
    """除夕 is one day before 春节, which falls from 21 January to 20 February."""
    eve, feast = (span(NAMES[name].rule, year).first for name in ("除夕", "春节"))
    assert feast - eve == timedelta(days=1) and date(year, 1, 21) <= feast <= date(year, 2, 21)


@pytest.mark.parametrize("year", [MIN_YEAR - 1, MAX_YEAR + 1, 0, -1])
@pytest.mark.parametrize("name", ["教师节", "春节", "夏送清凉"])
def test_years_outside_the_tables_are_refused(name, year):
    """No date is made up for years that were not verified."""
    with pytest.raises(ValueError, match="2000—2099"):
        dates.resolve(NAMES[name].rule, year)


@settings(deadline=None)
@given(st.integers(1900, 2199), st.integers(1900, 2199), st.sampled_from(["count", "anniversary"]))
def test_ordinals_are_positive_or_absent(year, first_year, kind):
    """The number of any observance in any year is positive or not printed."""
    item = Observance(id="x", name="某日", rule=DateRule(type="announced"), ordinal=Ordinal(kind=kind, first_year=first_year),
                      sectors=["all"], importance="normal")
    number = dates.ordinal_number(item, year)
    assert number is None or number >= 1
    assert (number is None) == (year < first_year + (kind == "anniversary"))
    assert (dates.ordinal_text(item, year) is None) == (number is None)
