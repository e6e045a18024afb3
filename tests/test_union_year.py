"""The calendar page: any year, any sector, the whole as a file."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from conftest import ROOT

from macros import observance_dates, reader

DATA = reader.data_cached(ROOT)


def opened(watched):
    watched.open("calendar.html")
    watched.page.get_by_label("年度", exact=True).wait_for()
    return watched.page


def shown(page) -> dict[str, list[str]]:
    """Observance -> caption of its table, date, ordinal, of the rows in view."""
    return dict(page.evaluate("""() => [...document.querySelectorAll("[data-day]")].filter((node) => !node.closest("tr").hidden)
        .map((node) => [node.dataset.day, [node.closest("[aria-label]").getAttribute("aria-label"), ...[0, 2].map((n) => node.closest("tr").cells[n].textContent)]])"""))


@pytest.mark.parametrize("year", [2001, 2027, 2028, 2045, 2098])
def test_every_row_shows_the_day_of_the_typed_year(watched, year):
    """Month, date with weekday, ordinal, as Python works them out; rows of a month stand in order."""
    page = opened(watched)
    page.get_by_label("年度", exact=True).fill(str(year))
    page.get_by_label("年度", exact=True).press("Enter")
    rows = shown(page)
    assert set(rows) == {item.id for item in DATA.observances}
    for item in DATA.observances:
        span = observance_dates.resolve(item.rule, year)
        month, text, ordinal = rows[item.id]
        number = observance_dates.ordinal_number(item, year)
        assert ordinal == ("" if number is None else f"第{number}个" if item.ordinal.kind == "count" else f"{number}周年")
        if span is not None:
            weekday = f"（{observance_dates.weekday_text(span.first)}）" if span.unit == "day" and span.first == span.last else ""
            assert (month, text) == (f"{span.first.month}月", observance_dates.date_text(span) + weekday), item.id
    firsts = [observance_dates.resolve(next(i for i in DATA.observances if i.id == ident).rule, year) for ident in rows]
    days = [span.first for span in firsts if span]
    assert days == sorted(days)
    assert f"按{year}年推算" in page.locator(".plan-year-note").inner_text()


def test_a_year_out_of_range_is_told_and_changes_nothing(watched):
    page = opened(watched)
    before = shown(page)
    page.get_by_label("年度", exact=True).fill("1850")
    page.get_by_label("年度", exact=True).press("Enter")
    page.locator(".plans-live").filter(has_text="之间的四位数字").wait_for()
    assert shown(page) == before


def test_a_sector_sees_its_own_and_what_is_for_all(watched, tmp_path):
    """The file has just the rows in view, as whole days of the typed year."""
    page = opened(watched)
    page.get_by_label("年度", exact=True).fill("2028")
    page.get_by_label("行业", exact=True).select_option("hospital")
    wanted = {item.id for item in DATA.observances if {"all", "hospital"} & set(item.sectors)}
    assert set(shown(page)) == wanted and len(wanted) < len(DATA.observances)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载日历文件").click()
    assert waiting.value.suggested_filename == "2028年工会日历（医院）.ics"
    file = tmp_path / "year.ics"
    waiting.value.save_as(file)
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    days = {str(event["SUMMARY"]): (event["DTSTART"].dt, event["DTEND"].dt - timedelta(days=1)) for event in events}
    spans = {item.name: observance_dates.resolve(item.rule, 2028) for item in DATA.observances if item.id in wanted}
    assert days == {name: (span.first, span.last) for name, span in spans.items() if span}
    assert (date(2028, 5, 12), date(2028, 5, 12)) in days.values()
