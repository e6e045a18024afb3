"""The calendar file that a page gives, read with an independent library."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from conftest import ROOT

from macros import reader

#: For what does not depend on where the page comes from.
OVER_HTTP = pytest.mark.opened("http")
WITH_SCHEDULE = [path for path in reader.contributed_files(ROOT) if reader.is_template(path) and "\nschedule:" in (ROOT / path).read_text(encoding="utf-8")]


def download(watched, path: str, year: int | None = None) -> tuple[str, bytes]:
    """Press the button on the page; returns the file's name and content."""
    watched.open(path)
    page = watched.page
    page.locator("#tool-calendar").wait_for()
    if year:
        page.evaluate("(year) => Plans.profiles.update({year: String(year)})", year)
        page.locator("h1").get_by_text(str(year)).wait_for()
    with page.expect_download() as got:
        page.locator("#tool-calendar").click()
    page.locator(".plans-live").filter(has_text="日历文件").wait_for()
    return got.value.suggested_filename, got.value.path().read_bytes()


def events(content: bytes) -> list[tuple[str, date, date]]:
    """(name, first day, last day) of each event."""
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar.errors == [] and str(calendar["VERSION"]) == "2.0" and calendar["PRODID"]
    found = []
    for event in calendar.walk("VEVENT"):
        assert event.errors == [] and event["UID"] and event["DTSTAMP"].dt.tzinfo
        first, end = event["DTSTART"].dt, event["DTEND"].dt
        assert type(first) is date and type(end) is date and first < end  # days, not hours
        found.append((str(event["SUMMARY"]), first, end - timedelta(days=1)))
    return found


def uids(content: bytes) -> list[str]:
    return [str(event["UID"]) for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]


@OVER_HTTP
@pytest.mark.parametrize("path", WITH_SCHEDULE)
def test_every_schedule_makes_a_sound_file(watched, path):
    """CRLF, UTF-8, lines of at most 75 bytes, an id of its own for each event, every work of the table in it."""
    page_path = path.removeprefix("docs/").removesuffix(".md") + ".html"
    name, content = download(watched, page_path)
    assert name.endswith("月度安排.ics")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert content.endswith(b"END:VCALENDAR\r\n") and not content.startswith(b"\xef\xbb\xbf")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no character is cut in two
    assert len(set(uids(content))) == len(uids(content))
    names = [name for name, _, _ in events(content)]
    cells = watched.page.locator("#schedule td:nth-child(2)").all_inner_texts()
    assert cells and all(work.strip().lstrip("①②③④⑤⑥⑦⑧⑨") in names for cell in cells for work in cell.split("；"))


def test_works_take_their_month_and_observances_their_day(watched):
    _, content = download(watched, "school/annual-plan.html")
    found = events(content)
    assert ("寒假前走访困难教职工和退休教师", date(2027, 1, 1), date(2027, 1, 31)) in found
    assert ("列出全年公开清单", date(2027, 2, 1), date(2027, 2, 28)) in found
    days = {first for name, first, last in found if first == last}
    assert {date(2027, 3, 8), date(2027, 9, 10)} <= days


def test_the_typed_year_moves_every_date(watched):
    _, content = download(watched, "school/annual-plan.html", 2028)
    found = events(content)
    assert ("列出全年公开清单", date(2028, 2, 1), date(2028, 2, 29)) in found
    assert {first.year for _, first, _ in found} == {2028}


@OVER_HTTP
def test_months_of_the_next_year_follow_the_plan_year(watched):
    _, content = download(watched, "school/autumn-term-plan.html")
    found = events(content)
    assert {first.month for _, first, _ in found if first.year == 2028} == {1}
    assert {first.month for _, first, _ in found if first.year == 2027} == {8, 9, 10, 11, 12}


def test_the_same_plan_gives_the_same_ids(watched):
    """A second import replaces, it does not add; another year's events stand beside this year's."""
    _, first = download(watched, "school/annual-plan.html")
    _, again = download(watched, "school/annual-plan.html")
    _, other = download(watched, "school/annual-plan.html", 2028)
    assert uids(first) == uids(again)
    assert not set(uids(first)) & set(uids(other))


@OVER_HTTP
def test_no_button_without_a_schedule(watched):
    watched.open("hospital/annual-summary.html")
    watched.page.locator("#tool-copy-rich").wait_for()
    assert watched.page.locator("#tool-calendar").count() == 0


@OVER_HTTP
def test_an_app_that_saves_no_files_is_told_so(watched):
    watched.open("school/annual-plan.html")
    watched.page.locator("#tool-calendar").wait_for()
    watched.page.evaluate("Plans.save = () => false")
    watched.page.locator("#tool-calendar").click()
    watched.page.locator(".plans-live").filter(has_text="请用系统浏览器打开").wait_for()


# --- the file's parts, by themselves ---


def make(watched, rows: list[list[str]], year: int = 2027, title: str = "安排") -> bytes:
    """The file of a table with these cells."""
    watched.open("index.html")
    watched.page.wait_for_function("() => document.querySelector('article').dataset.plansMounted")
    text = watched.page.evaluate("""async ([rows, year, title]) => {
        await Plans.load("assets/javascripts/calendar-file.js");
        const table = {rows: rows.map((cells) => cells.map((t) => [{t}]))};
        return Plans.calendarFile.toIcs(Plans.calendarFile.events(table, year), title, "school/plan.html", new Date(Date.UTC(2026, 10, 22, 1, 2, 3)));
    }""", [rows, year, title])
    return text.encode("utf-8")


@OVER_HTTP
def test_one_work_with_one_date_is_that_day(watched):
    content = make(watched, [["3月", "健步走", "三八国际妇女节（3月8日）"]])
    assert events(content) == [("健步走", date(2027, 3, 8), date(2027, 3, 8))]


@OVER_HTTP
def test_numbers_say_whose_day_it_is(watched):
    """Of several works only the numbered one takes the day; marks without numbers move none of several."""
    content = make(watched, [["3月", "①健步走；②座谈；③展览", "②三八国际妇女节（3月8日）；③植树节（3月12日）"], ["4月", "甲；乙", "清明节（4月5日）"]])
    assert events(content) == [
        ("健步走", date(2027, 3, 1), date(2027, 3, 31)), ("座谈", date(2027, 3, 8), date(2027, 3, 8)),
        ("展览", date(2027, 3, 12), date(2027, 3, 12)), ("甲", date(2027, 4, 1), date(2027, 4, 30)), ("乙", date(2027, 4, 1), date(2027, 4, 30))]


@OVER_HTTP
@pytest.mark.parametrize("mark, first, last", [
    ("周（4月25日至5月1日）", date(2027, 4, 25), date(2027, 5, 1)),
    ("周（4月25日至30日）", date(2027, 4, 25), date(2027, 4, 30)),
    ("季（12月31日至次年1月2日）", date(2027, 12, 31), date(2028, 1, 2)),
    ("全国安全生产月", date(2027, 12, 1), date(2027, 12, 31)),
])
def test_days_of_a_mark(watched, mark, first, last):
    assert events(make(watched, [["12月", "甲", mark]])) == [("甲", first, last)]


@OVER_HTTP
def test_special_characters_come_back_as_typed(watched):
    """What would end a value, a line or a property in the file."""
    work = "a,b;c\\d:\"e\"\r\nBEGIN:VEVENT " + "很长的安排😀" * 20
    title = "x\r\nX-EVIL:1"
    calendar = icalendar.Calendar.from_ical(make(watched, [["2月", work.replace("；", ""), "—"]], title=title))
    event, = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == work.replace("\r\n", "\n")
    assert "X-EVIL" not in calendar and event["DTSTAMP"].dt.isoformat() == "2026-11-22T01:02:03+00:00"


@OVER_HTTP
def test_same_work_twice_has_two_ids(watched):
    content = make(watched, [["3月", "走访；走访", "—"], ["4月", "走访", "—"], ["次年1月", "走访", "—"]])
    assert len(set(uids(content))) == 4
    assert events(content)[-1] == ("走访", date(2028, 1, 1), date(2028, 1, 31))
