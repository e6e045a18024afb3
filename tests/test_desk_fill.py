"""Filling: one profile, every place on every page. In a real browser, over http and from the folder."""

from __future__ import annotations

import json
import urllib.parse
from datetime import date

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, keep_templates, run

from macros import observance_dates, reader
from macros.vocabulary import default_plan_year

#: Over http, but for what could be different from a folder.
pytestmark = pytest.mark.opened("http")
EVERYWHERE = pytest.mark.opened("http", "file")


SCHOOL = "school/annual-plan.html"
SUMMARY = "hospital/annual-summary.html"
TEMPLATES = [
    path.removeprefix("docs/").removesuffix(".md") + ".html"
    for path in reader.contributed_files(ROOT) if reader.is_template(path)
]
#: A page carries the data of its own text only.
WHOLE_DATA = "Plans.load('assets/data/desk-all.js')"
PLACES = "article :is([data-fill], [data-observance], [data-phrase])"
DATA = reader.data_cached(ROOT)


def texts(watched, selector: str) -> list[str]:
    return watched.page.locator(selector).evaluate_all("nodes => nodes.map(node => node.textContent)")


def profile(watched) -> dict:
    return watched.page.evaluate("Plans.profiles.current()")


def said(watched, words: str) -> None:
    """Wait for the announcement that holds `words`."""
    watched.page.locator(".plans-live", has_text=words).wait_for()


def menu(watched):
    """The profile menu, open."""
    details = watched.page.locator(".fill-more", has_text="档案管理")
    if not details.evaluate("node => node.open"):
        details.locator("summary").click()
    details.locator(".fill-file").wait_for(state="attached")
    return details


def manage(watched, action: str) -> None:
    """Press a button of the profile menu."""
    menu(watched).get_by_role("button", name=action, exact=True).click()


def answer(watched, label: str, text: str | None = None) -> None:
    """Answer the question that the panel asks."""
    if text is not None:
        watched.page.locator(".fill-ask input").fill(text)
    watched.page.locator(".fill-ask").get_by_role("button", name=label, exact=True).click()


# --- the page as it was built ---------------------------------------------------------------------

#: What is seen of the places of a page: their texts, how many are doubtful, their states.
SEEN = """(places) => [[...document.querySelectorAll(places)].map((node) => node.textContent), document.querySelectorAll(".plan-check").length,
    [...new Set([...document.querySelectorAll("article .fill")].map((node) => node.dataset.state))].sort()]"""


@pytest.mark.opened("http")
def test_nothing_filled_leaves_every_page_as_it_was_built(watched, site):
    """The browser's defaults are the build's: no text of any template changes by being opened."""
    for path in TEMPLATES:
        built = BeautifulSoup((site / path).read_text(encoding="utf-8"), "lxml").select(PLACES)
        watched.open(path)
        assert watched.page.evaluate(SEEN, PLACES) == [[node.get_text() for node in built], 0, ["default", "empty"]], path


@EVERYWHERE
def test_panel_has_the_blanks_of_this_page_with_hints(watched):
    """Unit, year, words that may change, and each blank once, in the order of the text."""
    watched.open(SCHOOL)
    page = watched.page
    blanks = list(dict.fromkeys(page.locator("article .fill-empty").evaluate_all("nodes => nodes.map(n => n.dataset.fill)")))
    shown = page.locator(".plan-panel .fill-row input").evaluate_all("nodes => nodes.map(n => n.name.slice(5))")
    words = [name for name in shown if name.startswith("word-")]
    assert shown == ["unit", "year", *words, *blanks]
    assert set(words) <= {f"word-{word}" for word in DATA.sectors["school"].choices}
    field = next(blank for blank in DATA.fields if blank.id == blanks[0])
    assert page.get_by_label(field.label, exact=True).get_attribute("placeholder") == f"如 {field.example}"
    assert page.locator(f"#plan-{field.id}-hint").inner_text() == field.hint
    assert page.locator(".fill-count").inner_text() == f"0 / {len(blanks)} 已填，单位未填"


# --- one entry, every place -----------------------------------------------------------------------

@EVERYWHERE
def test_one_entry_fills_every_place_on_every_page(watched):
    """Typed once in the panel; another template, opened later, has it too."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-unit", "第一小学")
    assert set(texts(watched, "article [data-fill=unit]")) == {"第一小学"}
    page.fill("#plan-member-count" if page.locator("#plan-member-count").count() else "#plan-openness-items", "16")
    assert "1 / " in page.locator(".fill-count").inner_text() and "单位未填" not in page.locator(".fill-count").inner_text()
    watched.open("school/union-plan.html" if "school/union-plan.html" in TEMPLATES else TEMPLATES[0])
    assert set(texts(watched, "article [data-fill=unit]")) == {"第一小学"}
    assert set(page.locator("article [data-fill=unit]").evaluate_all("nodes => nodes.map(n => n.dataset.state)")) == {"filled"}


def test_a_local_word_changes_the_text_and_the_contents(watched):
    """A word of the sector, chosen in the panel, also in headings, in the table of contents; emptied it is as before."""
    watched.open(SCHOOL)
    page = watched.page
    before = texts(watched, PLACES)
    page.locator("summary", has_text="本地习惯说法").click()
    box = page.locator("#plan-word-party")
    assert page.locator(f"#{box.get_attribute('list')} option").count() == len(DATA.sectors["school"].choices["party"])
    box.fill("学校党总支")
    assert set(texts(watched, "article [data-fill=word-party]")) == {"学校党总支"}
    assert profile(watched)["words"] == {"school": {"party": "学校党总支"}}
    box.fill("")
    assert texts(watched, PLACES) == before and profile(watched)["words"] == {}


def test_all_local_words_change_at_once_where_the_unit_is_of_another_sort(watched):
    """A street office is asked once; what it answers is kept, and each word can still be changed."""
    watched.open("township/annual-plan.html")
    page = watched.page
    words = next(variant.words["township"] for variant in DATA.variants if variant.name == "街道")
    page.fill("#plan-unit", "望江街道")
    page.get_by_role("button", name="改用街道的说法").click()
    assert profile(watched)["words"] == {"township": words} and page.get_by_role("button", name="改用街道的说法").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "本地习惯说法"
    plan = "".join(texts(watched, "article section"))
    assert words["party"] in plan and not any(word in plan for word in ("全镇", "镇党委", "镇政府", "县总工会", "村（社区）"))
    page.reload()
    assert page.get_by_role("button", name="改用街道的说法").count() == 0
    page.evaluate("Plans.profiles.add('另一个', {unit: '晏湖街道'})")
    page.get_by_role("button", name="不改").click()
    assert page.get_by_role("button", name="不改").count() == 0 and "镇党委" in "".join(texts(watched, "article section"))


@pytest.mark.parametrize("unit, sector, words", [
    ("海淀区中心幼儿园", "school", {"own-unit": "幼儿园", "upper-union": "区教育工会"}), ("某大学", "school", {"party": "学校党委"}),
    ("学院路小学", "school", {}), ("某大学附属中学", "school", {}), ("某某社区", "township", {"own-unit": "社区"}),
    ("杭州市上城区望江街道", "township", {"upper-union": "区总工会"}), ("某县华阳镇", "township", {}), ("昆山市周庄镇", "township", {"upper-union": "市总工会"}),
    ("某县财政局", "agency", {"upper-union": "县直机关工会", "branch": "股室"}), ("某省财政厅", "agency", {}),
    ("某县农机厂", "enterprise", {"own-unit": "本厂", "party": "厂党组织", "management": "厂行政"}), ("某农机厂有限公司", "enterprise", {}),
    ("某镇卫生院", "hospital", {"own-unit": "卫生院"}), ("", "school", {}),
])
@pytest.mark.opened("http")
def test_what_the_name_of_a_unit_tells(watched, unit, sector, words):
    """The later case goes before the earlier; what only looks like one is left alone."""
    watched.open("index.html")
    offered = watched.page.evaluate("([unit, sector]) => { Plans.profiles.update({unit}); return Plans.profiles.suited({sector}); }", [unit, sector])
    assert bool(offered) == bool(words) and words.items() <= (offered or {"words": {}})["words"].items()


def test_contents_follow_a_heading(watched):
    """The list of sections on the right repeats what the heading now says."""
    watched.open(SCHOOL)
    page = watched.page
    heading = page.locator("h3 .fill").first
    if heading.count():
        page.evaluate("id => Plans.profiles.update({words: {school: {[id]: '新说法'}}})", heading.get_attribute("data-fill")[5:])
        assert "新说法" in page.locator(".md-nav--secondary").inner_text()


# --- typing in the text ---------------------------------------------------------------------------

@EVERYWHERE
def test_a_click_on_a_blank_edits_it_in_place(watched):
    """Typed text appears at once everywhere; Enter keeps it, Escape brings back what was there."""
    watched.open(SCHOOL)
    page = watched.page
    blank = page.locator("article [data-fill=openness-items]").first
    blank.click()
    page.keyboard.type("16")
    assert page.locator("#plan-openness-items").input_value() == "16"
    page.keyboard.press("Enter")
    assert blank.inner_text() == "16" and page.locator(".fill-editor").count() == 0
    assert page.evaluate("document.activeElement.dataset.fill") == "openness-items"
    blank.click()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert blank.inner_text() == "16" and profile(watched)["fields"] == {"openness-items": "16"}


def test_a_click_into_other_text_says_once_where_it_is_edited(watched):
    """Not where a field is being left or text selected; the selection stays as it is."""
    watched.open(SCHOOL)
    page = watched.page
    page.evaluate("window.said = []; const announce = Plans.announce; Plans.announce = (text) => { said.push(text); announce(text); }; 0")
    text = page.locator("section.plan-section > p").first
    page.locator("#plan-unit").click()
    text.click(position={"x": 20, "y": 10})
    assert page.evaluate("said") == []
    text.dblclick(position={"x": 20, "y": 10})
    assert len(page.evaluate("getSelection().toString()")) > 0
    text.click(position={"x": 20, "y": 10})
    assert len(said := page.evaluate("said")) == 1 and "整篇加入草稿" in said[0]


def test_unit_year_and_words_are_edited_in_place_too(watched):
    """The title's unit and year; `年度 - 1` is typed as the year it shows."""
    watched.open("school/education-union-summary-plan.html")
    page = watched.page
    page.locator("h1 [data-fill=unit]").first.click()
    page.keyboard.type("某县教育工会")
    page.keyboard.press("Enter")
    assert "某县教育工会" in page.locator("h1").inner_text()
    page.locator("article [data-fill=year][data-offset='-1']").first.click()
    page.keyboard.type("2029")
    page.keyboard.press("Enter")
    assert profile(watched)["year"] == 2030
    assert set(texts(watched, "article [data-fill=year][data-offset='-1']")) == {"2029"}


def test_keys_step_from_blank_to_blank(watched):
    """Tab goes through the blanks in the order of the text, Shift+Tab back; Alt+arrow starts from anywhere in the page."""
    watched.open(SCHOOL)
    page = watched.page
    order = list(dict.fromkeys(page.locator("article .fill-empty").evaluate_all("nodes => nodes.map(n => n.dataset.fill)")))

    def at() -> str:
        return page.evaluate("document.querySelector('.fill-editor').previousElementSibling.dataset.fill")

    page.keyboard.press("Alt+ArrowDown")
    for ident in order[:3]:
        assert at() == ident
        page.keyboard.type("7")
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert at() == order[2]
    page.keyboard.press("Alt+ArrowUp")
    assert at() == order[1]
    page.keyboard.press("Escape")
    page.locator("#tool-next-blank").click()
    assert at() == order[3]
    assert list(profile(watched)["fields"]) == order[:3]


def test_stepping_ends_after_the_last_blank(watched):
    """Past the last blank Tab leaves the text as on any page; when all is filled, the button says so."""
    watched.open(SCHOOL)
    page = watched.page
    page.locator("article .fill-empty").last.click()
    page.keyboard.press("Tab")
    assert page.locator(".fill-editor").count() == 0
    page.evaluate("Plans.profiles.update({fields: Object.fromEntries(Object.keys(Plans.data.fields).map(id => [id, '1']))})")
    page.locator("#tool-next-blank").click()
    said(watched, "全部填写")


def test_copied_text_keeps_a_place_while_it_is_edited(watched):
    """The place stays in the document, only out of sight; the field itself is no text."""
    watched.open(SCHOOL)
    watched.page.locator("article [data-fill=unit-focus]").click()
    watched.page.keyboard.type("质量提升")
    assert watched.page.evaluate(
        "(() => { const copy = document.querySelector('article').cloneNode(true);"
        "copy.querySelectorAll('[data-not-text]').forEach(n => n.remove()); return copy.textContent.includes('“质量提升”') })()")


# --- the year --------------------------------------------------------------------------------------

def test_every_observance_in_every_year_as_in_python(watched):
    """All observances, 2000-2099, as date, month and ordinal."""
    expected = {}
    for item in DATA.observances:
        for year in range(2000, 2100):
            span = observance_dates.resolve(item.rule, year)
            expected[f"{item.id} {year}"] = [
                span and observance_dates.date_text(span),
                span and observance_dates.date_text(span, month_only=True),
                observance_dates.ordinal_text(item, year) or item.name,
                span and observance_dates.weekday_text(span.first),
            ]
    watched.open("index.html")
    watched.page.evaluate(WHOLE_DATA)
    computed = watched.page.evaluate("""
        Object.fromEntries(Object.keys(Plans.data.observances).flatMap(id => Array.from({length: 100}, (_, n) => [`${id} ${2000 + n}`,
            ["date", "month", "ordinal", "weekday"].map(form => Plans.dates.text(id, form, 2000 + n))])))""")
    assert computed.keys() == expected.keys()
    assert [(key, computed[key], want) for key, want in expected.items() if computed[key] != want] == []


def test_days_outside_the_tables_are_not_guessed(watched):
    watched.open("index.html")
    years = watched.page.evaluate(
        "[1999, 2100, NaN, 2027.5, '2027'].map(year => Plans.dates.text('spring-festival', 'date', year))")
    assert years == [None] * 5
    assert watched.page.evaluate("Plans.dates.text('no-such-day', 'date', 2027)") is None


@EVERYWHERE
@pytest.mark.parametrize("year", [2003, 2033])
def test_year_changes_all_that_depends_on_it(watched, year):
    """Dates, ordinals and phrases are those that the build would print; what does not hold in the year is marked."""
    for path in (SCHOOL, SUMMARY):
        watched.open(path)
        page = watched.page
        page.evaluate("year => Plans.profiles.update({year: String(year)})", year)
        shift = -1 if path == SUMMARY else 0
        for form, ident, offset, text in page.locator("article [data-observance]").evaluate_all(
                "nodes => nodes.map(n => [n.dataset.form, n.dataset.observance, Number(n.dataset.offset || 0), n.textContent])"):
            item = next(item for item in DATA.observances if item.id == ident)
            span = observance_dates.resolve(item.rule, year + offset)
            want = observance_dates.ordinal_text(item, year + offset) or item.name if form == "ordinal" else \
                observance_dates.date_text(span, month_only=form == "month")
            assert text == want, (path, ident)
        for ident, text, marked in page.locator("article [data-phrase]").evaluate_all(
                "nodes => nodes.map(n => [n.dataset.phrase, n.textContent, n.classList.contains('plan-check')])"):
            phrase = next(phrase for phrase in DATA.phrases if phrase.id == ident)
            version, valid = phrase.version(year + shift)
            assert (text, marked) == (version.text, not valid), (path, ident)
        for ident, marked in page.locator("article a.policy").evaluate_all(
                "nodes => nodes.map(n => [n.dataset.policy, n.classList.contains('plan-check')])"):
            policy = next(policy for policy in DATA.policies if policy.id == ident)
            start = policy.effective or policy.issued
            assert marked == bool(start and int(start[:4]) > year + shift), (path, ident)


def test_marks_are_listed_and_lead_to_their_place(watched):
    """The panel names what does not hold in the year, says why, and leads there."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-year", "2040")
    page.locator(".fill-notice").get_by_text("与年度不符").wait_for()
    entry = page.locator(".fill-notice li button").first
    assert "2040" in entry.inner_text()
    entry.click()
    assert page.evaluate("document.activeElement.classList.contains('plan-check')")
    assert "2040" in page.evaluate("document.activeElement.title")
    page.fill("#plan-year", "2027")
    assert page.locator(".fill-notice").inner_text() == "" and page.locator(".plan-check").count() == 0


def test_a_feast_that_moves_to_another_month_is_marked_in_the_schedule(watched):
    """A row for 2月 holds 春节 no longer when it falls into January."""
    watched.open(SCHOOL)
    page = watched.page
    page.evaluate(WHOLE_DATA)
    page.evaluate("""() => {
        const cell = document.querySelector("article section table tr td:last-child");
        const span = Plans.el("span", {class: "observance", "data-observance": "spring-festival", "data-form": "date"}, "2月6日");
        cell.closest("tr").cells[0].textContent = "2月";
        cell.append(span);
    }""")
    page.fill("#plan-year", "2028")
    assert page.locator("[data-observance=spring-festival].plan-check").inner_text() == "1月26日"
    page.fill("#plan-year", "2029")
    assert page.locator("[data-observance=spring-festival].plan-check").count() == 0


def test_a_summary_asks_for_the_year_it_shows(watched):
    """The year typed on a summary is the one in its title; plans then speak of the year after."""
    watched.open(SUMMARY)
    page = watched.page
    year = page.get_by_label("总结年度", exact=True)
    year.fill("2030")
    assert "2030年" in page.locator("h1").inner_text().replace(" ", "")
    # the samples of days follow; a summary is signed after its year
    assert page.locator("#plan-sign-date").get_attribute("placeholder") == "如 2031年1月8日"
    watched.open("school/annual-summary.html")
    assert page.locator("#plan-congress-date").get_attribute("placeholder") == "如 2030年3月25日"
    watched.open(SCHOOL)
    assert page.get_by_label("计划年度", exact=True).input_value() == "2031"
    assert "2031年" in page.locator("h1").inner_text()


def test_an_event_is_told_of_this_year_on_any_day(browser, project, tmp_path):
    """Where no year was chosen, plans are for the coming year from October on; what is over is not of a year to come."""
    keep_templates(project, ["school/teachers-day-summary"])
    assert run("mkdocs", "build", "--site-dir", str(tmp_path / "site"), cwd=project).returncode == 0
    page = browser.new_page()
    for path, year in (("school/teachers-day-summary.html", date.today().year), (SCHOOL, default_plan_year(date.today()))):
        page.goto(f"{(tmp_path / 'site').as_uri()}/{path}")
        assert page.locator("#plan-year").get_attribute("placeholder") == str(year)
        assert f"{year}年" in page.locator("h1").inner_text()
    page.close()


def test_a_year_that_cannot_be_is_kept_and_pointed_out(watched):
    """The default year stands in the text; the wrong one stays in its field, also after coming back."""
    watched.open(SCHOOL)
    page = watched.page
    for typed in ("27", "1999", "2099", "２０２", "今年", "99999"):
        page.fill("#plan-year", typed)
        page.locator("#plan-year").press("Tab")
        assert "应为2001—2098" in page.locator("#plan-year-note").inner_text()
        assert "2027年" in page.locator("h1").inner_text()
    kept = page.locator("#plan-year").input_value()
    watched.open(SCHOOL)
    assert page.locator("#plan-year").input_value() == kept
    page.fill("#plan-year", "２０３０年")
    page.locator("#plan-year").press("Tab")
    assert "2030年" in page.locator("h1").inner_text() and page.locator("#plan-year-note").inner_text() == ""


# --- gentle validation -------------------------------------------------------------------------------

def test_what_is_doubtful_and_what_is_not(watched):
    """Per type: what is taken, in which form it is kept, and what is pointed out."""
    watched.open("index.html")
    watched.page.evaluate(WHOLE_DATA)
    check = "([id, text, context]) => { const kept = Plans.profiles.usual(id, text, context); return [kept, Plans.profiles.problem(id, kept) === '']; }"
    for ident, typed, kept, good in [
        ("member-count", "126", "126", True), ("member-count", "１２６", "126", True), ("member-count", "1,260", "1,260", True),
        ("member-count", "126人", "126", True), ("suggestion-count", "12 项", "12", True), ("member-count", "12万人", "12万人", False),
        ("term-years", "5年", "5", True), ("member-count", "5年", "5年", False), ("member-count", "约百人", "约百人", False), ("member-count", "12.5", "12.5", False),
        ("activity-rate", "85%", "85%", True), ("activity-rate", "９５．５％", "95.5%", True), ("activity-rate", "85", "85%", True),
        ("activity-rate", "0.9", "0.9", False),
        ("activity-rate", "120%", "120%", False),
        ("visit-money", "12000元", "12000元", True), ("visit-money", "3.5 万元", "3.5万元", True), ("visit-money", "12000", "12000元", True),
        ("unit-focus", "服务质量提升。 ", "服务质量提升", True), ("unit-focus", "“服务质量提升”", "服务质量提升", True),
        ("unit-focus", "“提质”和“增效”", "“提质”和“增效”", True), ("visit-money", "12万", "12万元", True), ("visit-money", "１２，０００", "12,000元", True), ("visit-money", "￥ 12,000.50", "12,000.50元", True),
        ("visit-money", "¥90元", "90元", True), ("visit-money", "1.2亿", "1.2亿元", True), ("visit-money", "0", "0元", True),
        # 12 may mean 12万元, 1,2 a slip of the finger
        ("visit-money", "12", "12", False), ("visit-money", "3.5", "3.5", False), ("visit-money", "1,2万", "1,2万", False), ("visit-money", "约12万", "约12万", False),
        ("sign-date", "2027年1月8日", "2027年1月8日", True), ("sign-date", "2027-01-08", "2027年1月8日", True),
        ("sign-date", "2027.1.8", "2027年1月8日", True), ("sign-date", "2027年1月8号", "2027年1月8日", True), ("sign-date", "1月 8日", "2027年1月8日", True),
        ("sign-date", "12月20日", "12月20日", False), ("congress-date", "3月25号", "2027年3月25日", True), ("congress-date", "2月30日", "2月30日", False),
        ("contract-expiry", "6月30日", "6月30日", False), ("sign-date", "2027/1/8", "2027年1月8日", True), ("sign-date", "20270108", "2027年1月8日", True),
        ("sign-date", "2027年2月30日", "2027年2月30日", False), ("sign-date", "年初", "年初", False),
        ("bargaining-focus", "夜班津贴,高温津贴, 餐补", "夜班津贴、高温津贴、餐补", True), ("unit-focus", "降本,增效", "降本，增效", True),
        ("unit-focus", "产值1,200万元,A,B线", "产值1,200万元,A,B线", True),
        ("unit-focus", "１２３ＡＢ", "１２３ＡＢ", True), ("unit", "字" * 61, "字" * 61, False), ("unit", "", "", True),
    ]:
        assert watched.page.evaluate(check, [ident, typed]) == [kept, good], (ident, typed)
    # a summary tells of the year before; it may be signed in that year or in the next. With a plan it tells of two years
    both = "enterprise/summary-plan.html"
    for template, ident, kept in (
        (SUMMARY, "congress-date", ["2026年3月25日", True]), (SUMMARY, "sign-date", ["3月25日", False]),
        (both, "congress-date", ["3月25日", False]), (both, "sign-date", ["2027年3月25日", True]),
    ):
        assert watched.page.evaluate(check, [ident, "3月25日", {"template": template}]) == kept, (template, ident)
    for blank in DATA.fields:
        assert watched.page.evaluate(check, [blank.id, blank.example])[1], f"the example of {blank.label} is pointed out"


def test_wrong_input_is_pointed_out_beside_the_field_and_kept(watched):
    """The note stands at the field, is tied to it, and the text shows what was typed; a date shows its weekday."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-openness-items", "许多")
    page.locator("#plan-openness-items").press("Tab")
    assert "应为整数" in page.locator("#plan-openness-items-note").inner_text()
    assert page.locator("#plan-openness-items").get_attribute("aria-invalid") == "true"
    assert "plan-openness-items-note" in page.locator("#plan-openness-items").get_attribute("aria-describedby")
    assert set(texts(watched, "article [data-fill=openness-items]")) == {"许多"}
    page.fill("#plan-sign-date", "2027-1-8")
    page.locator("#plan-sign-date").press("Tab")
    assert page.locator("#plan-sign-date").input_value() == "2027年1月8日"
    assert page.locator("#plan-sign-date-note").inner_text() == "星期五"
    page.locator("article [data-fill=sign-date]").click()
    page.keyboard.type("3月5日")
    page.keyboard.press("Enter")
    assert texts(watched, "article [data-fill=sign-date]") == ["2027年3月5日"]


@pytest.mark.parametrize("path, typed, unit", [
    ("agency/annual-plan.html", "某县财政局机关工会", "某县财政局"), ("agency/annual-plan.html", "某县财政局工会委员会", "某县财政局"),
    ("agency/annual-plan.html", "某县总工会", "某县总工会"), ("township/annual-plan.html", "望江镇总工会", "望江镇"),
    (SCHOOL, "某县教育工会", "某县教育工会"), (SCHOOL, "工会", "工会"),
])
def test_the_name_of_the_union_does_not_stand_twice(watched, path, typed, unit):
    """The text puts it behind the unit's name, so it is taken off when the box is left, and the reader is told."""
    watched.open(path)
    page = watched.page
    page.fill("#plan-unit", typed)
    page.locator("#plan-unit").press("Tab")
    assert page.locator("#plan-unit").input_value() == profile(watched)["unit"] == unit
    if typed != unit:
        said(watched, f"不带“{typed.removeprefix(unit)}”")


# --- profiles ------------------------------------------------------------------------------------------

def test_several_profiles_each_with_its_own_values(watched):
    """New, switch, rename, empty, delete: the others stay as they are."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-unit", "第一小学")
    manage(watched, "新建")
    answer(watched, "新建", "二小")
    assert page.locator("#plan-unit").input_value() == ""
    page.fill("#plan-unit", "第二小学")
    page.select_option("#plan-profile", "默认")
    assert set(texts(watched, "article [data-fill=unit]")) == {"第一小学"}
    manage(watched, "改名")
    answer(watched, "改名", "一小")
    assert [p["name"] for p in page.evaluate("Plans.profiles.list()")] == ["一小", "二小"]
    manage(watched, "清空")
    answer(watched, "取消")
    assert profile(watched)["unit"] == "第一小学"
    manage(watched, "清空")
    answer(watched, "清空")
    assert profile(watched)["unit"] == ""
    manage(watched, "删除")
    answer(watched, "删除")
    assert profile(watched)["name"] == "二小" and page.locator("#plan-unit").input_value() == "第二小学"
    manage(watched, "全部清除")
    answer(watched, "全部清除")
    assert page.evaluate("Plans.profiles.list()") == [{"name": "默认", "unit": ""}]
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('profiles'))") == []


def test_names_of_profiles_stay_apart(watched):
    """A name that is taken gets a number; names like 2027 and __proto__ are names like any other."""
    watched.open(SCHOOL)
    names = watched.page.evaluate(
        "['默认', '2027', '__proto__', 'constructor', '', '2027', '<b>x</b>', '长'.repeat(99)].map(name => Plans.profiles.add(name, {unit: name}))")
    assert names[:7] == ["默认（2）", "2027", "__proto__", "constructor", "默认（3）", "2027（2）", "<b>x</b>"]
    assert len(names[7]) <= 40
    watched.page.evaluate("Plans.profiles.select('__proto__')")
    assert profile(watched)["unit"] == "__proto__"
    watched.page.reload()
    assert watched.page.locator("#plan-profile option").count() == 9


def exported(watched, action: str) -> dict:
    with watched.page.expect_download() as saved:
        manage(watched, action)
    assert saved.value.suggested_filename.endswith(".json")
    return json.loads(saved.value.path().read_text(encoding="utf-8"))


def give(watched, content: object) -> None:
    """Choose a file with this content for import."""
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    menu(watched).locator(".fill-file").set_input_files({"name": "档案.json", "mimeType": "application/json", "buffer": data})


@EVERYWHERE
def test_a_profile_goes_out_as_a_file_and_comes_back(watched):
    """Exported, cleared, imported: the same values."""
    watched.open(SCHOOL)
    page = watched.page
    page.evaluate("Plans.profiles.add('一小', {unit: '第一小学', year: '2030', fields: {'member-count': '12'}, words: {school: {party: '党总支'}}})")
    before = profile(watched)
    file = exported(watched, "导出")
    assert [p["name"] for p in file["profiles"]] == ["一小"]
    assert [p["name"] for p in exported(watched, "全部导出")["profiles"]] == ["默认", "一小"]
    page.evaluate("Plans.manage.clearAll()")
    give(watched, file)
    said(watched, "已导入 1 份")
    assert profile(watched) == before


def test_import_never_overwrites_unasked(watched):
    """A profile of that name here: the reader chooses, or nothing changes."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-unit", "第一小学")
    file = {"format": "plans-profiles", "version": 1, "profiles": [{"name": "默认", "unit": "别的学校"}]}
    for label, units in (("取消", ["第一小学"]), ("两份都留", ["第一小学", "别的学校"]), ("覆盖", ["别的学校", "别的学校"])):
        give(watched, file)
        answer(watched, label)
        assert [p["unit"] for p in page.evaluate("Plans.profiles.list()")] == units
    give(watched, file)  # the same once more changes nothing, so nothing is asked
    said(watched, "已导入 1 份")
    assert page.locator(".fill-ask button").count() == 0


WRONG_FILES = [
    b"", b"\xff\xfe\x00", b"[1, 2]", b"null", b'{"format": "plans-profiles"', "文字", {"format": "else", "version": 1, "profiles": []},
    {"format": "plans-profiles", "version": 2, "profiles": [{"name": "a"}]},
    {"format": "plans-profiles", "version": 1, "profiles": []},
    {"format": "plans-profiles", "version": 1, "profiles": {"name": "a"}},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a"}, None]},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a"}, {"name": ""}]},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a"}, {"name": "a"}]},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a", "unit": 5}]},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a", "fields": {"x": {"y": 1}}}]},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a", "words": {"school": "x"}}]},
    {"format": "plans-profiles", "version": 1, "profiles": [{"name": "a", "year": None}]},
    b"x" * 4_000_001,
]


def test_a_wrong_file_is_told_and_changes_nothing(watched):
    """Damaged, foreign, newer, incomplete or too large: each is told in the panel."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-unit", "第一小学")
    before = page.evaluate("JSON.stringify(localStorage)")
    for content in WRONG_FILES:
        page.evaluate("document.querySelector('.fill-ask').replaceChildren()")
        give(watched, content)
        page.locator(".fill-ask", has_text="没有导入").wait_for()
        assert page.evaluate("JSON.stringify(localStorage)") == before, content


# --- links --------------------------------------------------------------------------------------------------

@EVERYWHERE
def test_a_link_fills_unit_and_year(watched):
    watched.open(f"{SCHOOL}?unit={urllib.parse.quote('第一小学')}&year=2030")
    assert watched.page.locator("h1").inner_text().startswith("第一小学工会2030年")
    said(watched, "已按链接填入")
    watched.open(SUMMARY)
    assert watched.page.locator("h1").inner_text().startswith("第一小学")


def test_a_link_does_not_overwrite_what_was_typed(watched):
    """Another unit's link gets a profile of its own; the first is still there; the same link again adds nothing."""
    watched.open(SCHOOL)
    watched.page.fill("#plan-unit", "第一小学")
    link = f"{SCHOOL}?unit={urllib.parse.quote('第二小学')}"
    for _ in range(2):
        watched.open(link)
        assert profile(watched)["unit"] == "第二小学"
        assert [p["unit"] for p in watched.page.evaluate("Plans.profiles.list()")] == ["第一小学", "第二小学"]
    watched.page.fill("#plan-unit", "第三小学")
    watched.page.reload()
    assert profile(watched)["unit"] == "第三小学"


def test_a_link_with_a_wrong_year_is_told(watched):
    for year in ("27", "2099", "<b>", "2027;"):
        watched.open(f"{SCHOOL}?year={urllib.parse.quote(year)}")
        said(watched, "没有采用")
    assert profile(watched)["yearText"] == "" and "2027年" in watched.page.locator("h1").inner_text()


HOSTILE = {
    "markup": '<img src=x onerror="document.title=1"><script>document.title=1</script>',
    "quotes": "\"'><svg/onload=alert(1)>&lt;b&gt;{{ 7*7 }}`${1}`",
    "direction": "甲\u202e乙\u2066丙\u200f丁\u061c",
    "long": "长" * 10_000,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈𠮷",
    "lines": "一\n二\r\n三\t四\u2028五\u0000六",
    "halves": "前\ud800后",
    "prototype": "__proto__",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_do_no_harm(watched, name):
    """In unit, words and every blank: no new element, one line, nothing wider than a phone, the same after reload."""
    value = HOSTILE[name]
    watched.page.set_viewport_size({"width": 360, "height": 800})
    watched.open(SCHOOL)
    page = watched.page
    count = "document.querySelectorAll('article :not(.plan-panel *)').length"
    before, title = page.evaluate(count), page.title()
    ids = page.locator(".plan-panel .fill-row input").evaluate_all("nodes => nodes.map(n => n.name.slice(5)).filter(id => id !== 'year')")
    page.evaluate("""value => {
        for (const box of document.querySelectorAll(".plan-panel .fill-row input")) {
            box.value = value;
            box.dispatchEvent(new Event("input"));
            box.dispatchEvent(new Event("change"));
        }
    }""", value)
    for again in (False, True):
        if again:
            page.reload()
        assert page.evaluate(count) == before and page.title() == title
        for ident in ids:
            shown = set(texts(watched, f"article [data-fill={ident}]"))
            assert len(shown) == 1 and not set(shown.pop()) & set("\n\r\t\0\u2028\u202e\u2066\u200f\u061c\ud800"), ident
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if name in ("markup", "quotes", "emoji", "prototype", "long"):
        assert set(texts(watched, "article [data-fill=unit]")) == {value}


def test_hostile_links_do_no_harm(watched):
    for value in HOSTILE.values():
        text = value[:2000].encode("utf-8", "replace")
        query = urllib.parse.urlencode({"unit": text, "year": text})
        watched.open(f"{SCHOOL}?{query}")
        assert watched.page.title().startswith("学校工会")
        assert watched.page.locator("article :is(img, script, svg[onload])").count() == 0
        assert len(profile(watched)["unit"]) <= 60


# --- storage --------------------------------------------------------------------------------------------------

DAMAGED = [
    "{broken", "42", "null ", '"text"', "[]", '{"list": "x"}', '{"list": [{"name": 5}]}', '{"list": [null]}',
    '{"current": "没有", "list": [{"name": "好的", "unit": "好学校"}]}',
    '{"current": "坏的", "list": [{"name": "坏的", "fields": 3}, {"name": "好的", "unit": "好学校"}]}',
]


@EVERYWHERE
def test_damaged_storage_is_told_and_set_aside(watched):
    """The page works, what is sound is used, and what is not is still on the device."""
    page = watched.page
    watched.open("index.html")
    for kept in DAMAGED:
        page.evaluate("text => { localStorage.clear(); localStorage.setItem('plans:1:profiles', text); }", kept)
        watched.open(SCHOOL)
        assert (profile(watched)["unit"] == "好学校") == ("好学校" in kept), kept
        if "没有" not in kept and kept != "null ":
            assert page.evaluate("Object.keys(localStorage).some(key => key.startsWith('plans:1:damaged:'))"), kept
            said(watched, "有损坏")
        page.fill("#plan-unit", "第一小学")
        page.reload()
        assert page.locator("h1").inner_text().startswith("第一小学"), kept


def test_damaged_storage_can_be_saved_as_a_file(watched):
    """What could not be read is handed over as it was."""
    watched.open("index.html")
    watched.page.evaluate("localStorage.setItem('plans:1:profiles', '{破损')")
    watched.open(SCHOOL)
    with watched.page.expect_download() as saved:
        manage(watched, "另存受损内容")
    assert saved.value.path().read_text(encoding="utf-8") == "{破损"


def test_full_storage_is_told_and_the_page_still_works(watched):
    """Values hold until the page is closed; the notice stays in the panel."""
    watched.open(SCHOOL)
    page = watched.page
    page.fill("#plan-unit", "第一小学")
    page.evaluate("""() => {
        for (let size = 1 << 22; size > 0; size >>= 1) {
            try { for (let n = 0; ; n += 1) localStorage.setItem(`x${size}-${n}`, "x".repeat(size)); } catch {}
        }
    }""")
    page.fill("#plan-unit", "第一小学和附属幼儿园")
    page.fill("#plan-openness-items", "16")
    assert set(texts(watched, "article [data-fill=unit]")) == {"第一小学和附属幼儿园"}
    assert set(texts(watched, "article [data-fill=openness-items]")) == {"16"}
    assert "先导出" in page.locator(".fill-notice").inner_text()
    assert exported(watched, "导出")["profiles"][0]["fields"] == {"openness-items": "16"}
    page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('x')).forEach(key => localStorage.removeItem(key))")
    page.fill("#plan-openness-items", "17")
    assert page.locator(".fill-notice").inner_text() == ""
    page.reload()
    assert page.locator("h1").inner_text().startswith("第一小学和附属幼儿园")


@EVERYWHERE
def test_refused_storage_is_told_and_the_page_still_works(watched):
    """A browser that allows no storage at all."""
    watched.page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }})")
    watched.page.goto("about:blank")
    watched.faults.clear()
    watched.open(SCHOOL)
    watched.faults[:] = [fault for fault in watched.faults if "denied" not in fault]  # the theme's own scripts ask for it too
    watched.page.evaluate("Plans.profiles.update({unit: '第一小学'})")
    assert set(texts(watched, "article [data-fill=unit]")) == {"第一小学"}


def test_switching_profiles_elsewhere_does_not_mix_their_values(watched):
    """A field that has the focus while another tab changes to another profile takes that profile's value."""
    watched.open(SCHOOL)
    first = watched.page
    first.fill("#plan-unit", "第一小学")
    second = first.context.new_page()
    second.goto(f"{watched.address}/{SCHOOL}")
    second.evaluate("Plans.profiles.add('二小', {unit: '第二小学'})")
    first.wait_for_function("() => document.querySelector('#plan-unit').value === '第二小学'")
    first.locator("#plan-year").focus()
    assert [p["unit"] for p in first.evaluate("Plans.profiles.list()")] == ["第一小学", "第二小学"]


@EVERYWHERE
def test_two_tabs_stay_in_step(watched):
    """What is typed in one shows in the other; neither loses what the other wrote."""
    watched.open(SCHOOL)
    first = watched.page
    second = first.context.new_page()
    second.goto(f"{watched.address}/{SCHOOL}")
    first.fill("#plan-unit", "第一小学")
    second.wait_for_function("() => document.querySelector('h1').textContent.startsWith('第一小学')")
    assert second.locator("#plan-unit").input_value() == "第一小学"
    second.fill("#plan-openness-items", "16")
    first.wait_for_function("() => document.querySelector('#plan-openness-items').value === '16'")
    first.fill("#plan-notice-days", "5")
    second.wait_for_function("() => document.querySelector('#plan-notice-days').value === '5'")
    assert first.evaluate("Plans.profiles.current()") == second.evaluate("Plans.profiles.current()")
    second.evaluate("Plans.store.remove('profiles')")
    first.wait_for_function("() => document.querySelector('#plan-unit').value === ''")


# --- panel and tool bar -----------------------------------------------------------------------------------------

def test_panel_is_beside_the_text_on_a_wide_screen_and_in_it_on_a_phone(watched):
    """It never lies over the text; on a phone it is closed until asked for. Open or closed is remembered for each."""
    page = watched.page
    covered = """() => {
        const a = document.querySelector(".plan-panel").getBoundingClientRect();
        return [...document.querySelectorAll("article :is(h1, h2, h3, p, table, .plan-tools)")].filter(node => !node.closest(".plan-panel"))
            .some(node => { const b = node.getBoundingClientRect();
                return b.width && a.width && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1; });
    }"""
    for width, starts_open in ((1280, True), (360, False)):
        page.set_viewport_size({"width": width, "height": 800})
        watched.open(SCHOOL)
        panel, opener = page.locator(".plan-panel"), page.locator("#tool-fill")
        assert panel.is_visible() == starts_open and opener.get_attribute("aria-expanded") == str(starts_open).lower()
        if not starts_open:
            opener.click()
        assert not page.evaluate(covered)
        page.evaluate("scrollTo(0, 600)")
        assert not page.evaluate(covered)
        page.locator(".fill-close").click()
        assert page.evaluate("document.activeElement.id") == "tool-fill"
        page.reload()
        assert not page.locator(".plan-panel").is_visible()
        opener.click()
        assert page.evaluate("document.activeElement.id") == "plan-unit"
        page.reload()
        assert page.locator(".plan-panel").is_visible()


def test_pages_that_are_no_templates_have_no_panel(watched):
    for path in ("index.html", "policies.html", "calendar.html"):
        watched.open(path)
        assert watched.page.locator(".plan-panel").count() == 0


def test_tool_bar_takes_buttons_in_order_and_moves_by_arrows(watched):
    """Whoever adds a button gets its place by number; the arrows go round."""
    watched.open(SCHOOL)
    page = watched.page
    page.evaluate("Plans.tools.add('中间', () => { window.pressed = true; }, {id: 'middle', order: 0.5, title: '说明'})")
    assert page.locator(".plan-tools button").nth(1).inner_text() == "中间"
    assert page.locator(".plan-tools").get_attribute("role") == "toolbar"
    page.locator("#tool-fill").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("window.pressed")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement === document.querySelector('.plan-tools button:last-of-type')")


def test_a_phone_shows_the_most_used_tools_and_folds_the_rest(watched):
    """By keyboard too; the arrows pass over what is not in sight. A wide screen shows all and needs no such button."""
    page = watched.page
    page.set_viewport_size({"width": 360, "height": 800})
    watched.open(SCHOOL)
    shown = ".plan-tools > :visible"
    more = page.get_by_role("button", name="更多")
    folded = ["填写", "下一空", "整篇加入草稿", "草稿 0", "交稿体检", "下载 Word", "更多"]
    assert page.locator(shown).all_inner_texts() == folded
    assert more.get_attribute("aria-expanded") == "false" and page.locator(f"#{more.get_attribute('aria-controls')}").count() == 1
    page.locator("#tool-fill").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    less = page.get_by_role("button", name="收起", exact=True)
    assert less.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tool-docx-formats"
    everything = page.locator(shown).all_inner_texts()
    less.click()
    assert page.locator(shown).all_inner_texts() == folded
    # the way up stands in the corner
    assert page.locator(".md-top").evaluate("node => { const {left, top, width} = node.getBoundingClientRect(); return left > 300 && top > 680 && width <= 44; }")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.locator(shown).all_inner_texts() == [label for label in everything if label != "收起"] and len(everything) > 10


def test_filling_touches_only_the_places_that_change(watched):
    """Two hundred blanks of which one is typed: one text changes in the article, and no other."""
    watched.open(SCHOOL)
    watched.page.evaluate(WHOLE_DATA)
    changed = watched.page.evaluate("""async () => {
        const article = document.querySelector("article");
        const ids = Object.keys(Plans.data.fields);
        for (let n = 0; n < 200; n += 1) article.append(Plans.el("p", {}, Plans.el("span", {class: "fill", "data-fill": ids[n % ids.length]}, "")));
        Plans.fill.paint(article);
        await new Promise(requestAnimationFrame);
        const seen = [];
        new MutationObserver(list => seen.push(...list)).observe(article, {subtree: true, childList: true, characterData: true});
        Plans.profiles.update({fields: {"group-size": "14"}});
        await new Promise(requestAnimationFrame);
        return seen.map(change => change.target.dataset?.fill ?? change.target.parentNode.dataset.fill);
    }""")
    assert changed and set(changed) == {"group-size"}
