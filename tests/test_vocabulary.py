"""The macros of a template: what each prints for each sector, year and setting, and that no value can become mark-up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rendering import DATA, PLAN_2027, expand, front_matter, render, vocabulary

from macros import fence_macros
from macros.model import SECTOR_IDS, Phrase, ScheduleItem
from macros.vocabulary import (
    FIRST_PLAN_YEAR, LAST_PLAN_YEAR, STATUS_NAMES, Settings, SettingsError, default_plan_year, escape, policy_summary,
)

WORDS = {word.id: word.name for word in DATA.words}
TODAY = date(2026, 11, 22)


def one(text: str, words, css: str = "span"):
    """The only element of a kind that a text makes."""
    found = render(text, words).select(css)
    assert len(found) == 1, found
    return found[0]


def item(do: str = "开会", theme: str = "care", observance: str | None = None) -> ScheduleItem:
    return ScheduleItem(do=do, theme=theme, observance=observance)


# --- the list of macros --------------------------------------------------------------------------------


def test_the_vocabulary_is_just_what_the_fence_lets_through():
    """Fence and vocabulary name the same macros; no sector word hides one of them."""
    fixed = {*fence_macros.VALUES, *fence_macros.TEMPLATE_MACROS}
    assert not fixed & set(WORDS.values())
    assert set(vocabulary().names()) == fixed | set(WORDS.values())


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_every_macro_prints_something_in_every_sector(sector):
    """Words, values and functions all leave text for the reader on a page of each sector."""
    meta = front_matter(sector, schedule={"3月": [item(observance="三八国际妇女节")]})
    calls = ["{{ %s }}" % name for name in ("单位", "年度", *WORDS.values())] + [
        '{{ 法规("工会法") }}', '{{ 提法("指导思想") }}', '{{ 节日("教师节") }}', '{{ 共用("care/visit") }}', "{{ 月度安排() }}", "{{ 落款() }}"]
    words = vocabulary(meta, page=f"{sector}/x.md", shared="慰问{{ 职工 }}。")
    for call in calls:
        text = render(f"{call}\n", words).get_text()
        assert re.search(r"[\u4e00-\u9fff×0-9]", text) and "None" not in text and "{" not in text, call


# --- words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sector", SECTOR_IDS)
@pytest.mark.parametrize("ident", WORDS)
def test_each_sector_has_its_own_word(sector, ident):
    """The word is the sector's; it can be exchanged by the reader just where the data offer a choice."""
    article = render(f"{{{{ {WORDS[ident]} }}}}", vocabulary(front_matter(sector)))
    assert article.get_text() == DATA.sectors[sector].words[ident]
    spans = article.select(f'span.fill[data-fill="word-{ident}"]')
    assert len(spans) == len(article.select("span")) == (ident in DATA.sectors[sector].choices)


def test_a_template_may_have_a_word_of_its_own():
    """`words` of the front matter goes before the sector's word and can be exchanged."""
    words = vocabulary(front_matter("school", words={"staff": "幼儿教师"}))
    assert one("{{ 职工 }}", words).get_text() == "幼儿教师"
    assert render("{{ 女职工 }}", words).get_text() == "女教职工"


def test_a_page_that_is_no_template_uses_the_words_of_its_folder():
    """A sector's index page speaks as its sector; other pages as the first sector."""
    assert render("{{ 职工 }}", vocabulary(page="agency/index.md")).get_text() == "干部职工"
    assert render("{{ 职工 }}", vocabulary(page="index.md")).get_text() == "教职工"


# --- unit and escaping -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_unit_comes_from_the_build_then_the_template_then_the_sector(sector):
    """UNIT of the build goes before `unit` of the front matter, and that before the sector's own."""
    plain, own = front_matter(sector), front_matter(sector, unit="××幼儿园")
    assert one("{{ 单位 }}", vocabulary(plain)).get_text() == DATA.sectors[sector].unit
    assert one("{{ 单位 }}", vocabulary(own)).get_text() == "××幼儿园"
    assert one("{{ 单位 }}", vocabulary(own, Settings("某乡中心学校", 2027))).get_text() == "某乡中心学校"


PLACES = """# {{ 单位 }}工会计划

段落{{ 单位 }}结束，**加粗{{ 单位 }}**。
{{ 单位 }}在行首。

## {{ 单位 }} {: theme=care }

1. {{ 单位 }}
2. 条目{{ 单位 }}

| 表头{{ 单位 }} | 乙 |
| --- | --- |
| {{ 单位 }} | 格 |

{{ 落款() }}

!!! note "填写说明"

    - {{ 单位 }}
"""
any_text = st.text(max_size=60) | st.text("<>&'\"*_`[](){}|#!~^=:-+.\\/%@$;, 【】x1甲\t\n", max_size=60)


@settings(deadline=None, max_examples=80)
@example("O'Neil <b>&amp;</b> &#42; \\* *a* _b_ `c` [d](e) ![f](g) {: id=x } {{ 年度 }}")
@example("1. 甲 | 乙 ~~丙~~ <script>alert(1)</script> <!-- -->")
@example("https://a.example/ <a@b.c> ***粗*** __x__ [^1] :::")
@example("【会员人数】")
@given(any_text)
def test_any_unit_comes_out_as_that_same_text(text):
    """Whatever the unit is called, every place shows just that name: nothing becomes a tag, mark-up or an entity."""
    try:
        setting = Settings.from_extra({"unit": text, "year": "2027"}, TODAY)
    except SettingsError:
        assume(False)
    assume(setting.unit)
    article = render(PLACES, vocabulary(front_matter(), setting))
    shown = [" ".join(span.get_text().split()) for span in article.select('span[data-fill="unit"]')]
    assert shown == [" ".join(text.split())] * 11
    plain = render(PLACES, vocabulary(front_matter(), Settings("甲", 2027)))
    tags = [tag.name for tag in article.find_all(True) if "fill-empty" not in tag.get("class", [])]
    assert tags == [tag.name for tag in plain.find_all(True) if "fill-empty" not in tag.get("class", [])]


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=20))
def test_any_word_of_a_template_and_of_its_schedule_comes_out_as_it_is(text):
    """The same holds for `unit`, `words` and the schedule of the front matter."""
    assume(len(text) > 1 and "【" not in text)
    meta = front_matter(unit=text, words={"staff": text}, schedule={"3月": [item(do=text)]})
    article = render("{{ 单位 }}\n\n{{ 职工 }}\n\n{{ 月度安排() }}", vocabulary(meta))
    assert [span.get_text() for span in article.select("span")] == [text, text]
    assert article.select("td")[1].get_text() == text


def test_escape_keeps_one_line():
    """A value never ends a line, a row or a heading."""
    assert escape(" 甲\n乙\t\u2028丙 ") == "甲 乙 丙"


def test_a_citation_from_data_is_escaped():
    """Even a title or number with quotes, brackets and tags stays text in the link and in its pointer."""
    law = DATA.policies_by_name["工会法"]
    odd = law.model_copy(update={"cite": "《甲<b>*乙*](x)\"'》", "number": "〔2026〕1号\" onclick=\"x' <i>_丁_"})
    data = type(DATA)(**{**{name: getattr(DATA, name) for name in DATA.__dataclass_fields__}, "policies": (odd,)})
    link = one('{{ 法规("工会法") }}', vocabulary(front_matter(), data=data), "a")
    assert link.get_text() == odd.cite and link["title"] == policy_summary(odd)
    assert set(link.attrs) == {"href", "title", "class", "data-policy"} and not link.find(True)


# --- years ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DATA.kinds)
@pytest.mark.parametrize("expression, shift", [("年度", 0), ("年度 - 1", -1), ("年度 + 1", 1), ("年度 - 20", -20), ("年度 + 20", 20)])
def test_year_arithmetic(kind, expression, shift):
    """A year is told with its distance from the plan year; a summary is about the year before."""
    offset = DATA.kinds[kind].year_offset + shift
    span = one(f"{{{{ {expression} }}}}", vocabulary(front_matter(kind=kind)))
    assert span.get_text() == str(2027 + offset)
    assert span["data-fill"] == "year" and span.get("data-offset") == (str(offset) if offset else None)


def test_only_summaries_look_back():
    """Of all kinds only the summary of the year is about the year before."""
    assert {kind.id: kind.year_offset for kind in DATA.kinds.values() if kind.year_offset} == {"summary": -1}


def test_a_page_that_is_no_template_prints_the_plan_year():
    """Pages of the maintainers have no kind and no offset."""
    assert one("{{ 年度 }}", vocabulary(page="index.md")).get_text() == "2027"


# --- phrases -----------------------------------------------------------------------------------------------------


def phrase_span(phrase: Phrase, year: int, kind: str = "annual-plan"):
    return one(f'{{{{ 提法("{phrase.name}") }}}}', vocabulary(front_matter(kind=kind), Settings(None, year)))


@pytest.mark.parametrize("phrase", DATA.phrases, ids=lambda phrase: phrase.id)
def test_phrases_are_marked_outside_their_years(phrase):
    """In its years a phrase stands plain; before and after it is marked for checking."""
    first, last = phrase.versions[0], phrase.versions[-1]
    for year, valid, text in [(first.since, True, first.text), (first.since - 1, False, first.text)] + (
            [(last.until, True, last.text), (last.until + 1, False, last.text)] if last.until else [(2098, True, last.text)]):
        span = phrase_span(phrase, year)
        assert span.get_text() == text and span["data-phrase"] == phrase.id
        assert span["class"] == (["phrase"] if valid else ["phrase", "phrase-check"])


def test_a_summary_takes_the_phrase_of_its_own_year():
    """The year of the text counts, not the plan year."""
    data_phrase = DATA.phrases_by_name["五年规划"]
    assert "phrase-check" not in phrase_span(data_phrase, 2031, "summary")["class"]
    assert "phrase-check" in phrase_span(data_phrase, 2031)["class"]


@settings(deadline=None)
@given(st.integers(1900, 2199))
def test_the_version_of_a_year_is_the_newest_begun(year):
    """Between two versions the earlier one is printed, and marked as not valid."""
    phrase = Phrase.model_validate({"id": "x", "name": "甲", "note": "乙", "checked": "2026-11-22", "versions": [
        {"from": 2010, "until": 2015, "text": "一"}, {"from": 2018, "text": "二"}]})
    version, valid = phrase.version(year)
    assert version.text == ("二" if year >= 2018 else "一")
    assert valid == (2010 <= year <= 2015 or year >= 2018)


# --- laws ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [policy for policy in DATA.policies if policy.citable], ids=lambda policy: policy.id)
def test_laws_are_cited_with_a_link_to_their_entry(policy):
    """The title as cited, the way up from the page, number and state for the pointer."""
    link = one(f'{{{{ 法规("{policy.name}") }}}}', vocabulary(front_matter()), "a")
    assert link.get_text() == policy.cite
    assert (link["href"], link["class"], link["data-policy"]) == (f"../policies.md#{policy.id}", ["policy"], policy.id)
    assert link["title"] == policy_summary(policy) and STATUS_NAMES[policy.status] in link["title"]


def test_links_go_up_as_many_folders_as_the_page_lies_deep():
    """From a page at the top no folder, from a sector's page one."""
    assert one('{{ 法规("工会法") }}', vocabulary(page="index.md"), "a")["href"].startswith("policies.md#")


def test_the_summary_of_a_law():
    """Number, dates and state, and nothing that was not verified."""
    assert policy_summary(DATA.policies_by_name["工会法"]) == "1992-04-03发布；2021-12-24修改；现行有效；核对至2026-03-04"
    bare = DATA.policies_by_name["工会法"].model_copy(update={"issued": None, "amended": None, "effective": None, "checked": None})
    assert policy_summary(bare) == "现行有效"
    assert policy_summary(bare.model_copy(update={"number": "第1号", "effective": "2027-01-01"})) == "第1号；2027-01-01起施行；现行有效"


# --- observances ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call, text, form", [
    ('节日("教师节")', "9月10日", "date"),
    ('节日("教师节", 只要月份=True)', "9月", "month"),
    ('节日("教师节", 届次=True)', "第43个教师节", "ordinal"),
    ('节日("植树节", 届次=True)', "植树节", "ordinal"),
    ('节日("春节")', "2月6日", "date"),
    ('节日("三八妇女节")', "3月8日", "date"),
    ('节日("职业病防治法宣传周")', "4月25日至5月1日", "date"),
    ('节日("冬送温暖")', "12月至次年2月", "date"),
])
def test_observances(call, text, form):
    """Date, month or number of an observance in the plan year."""
    span = one(f"{{{{ {call} }}}}", vocabulary(front_matter()))
    assert (span.get_text(), span["data-form"], span.get("data-offset")) == (text, form, None)


def test_observances_of_a_summary_are_those_of_its_year():
    """A summary of 2026 gives the dates of 2026 and says how far it looks back."""
    words = vocabulary(front_matter(kind="summary"))
    span = one('{{ 节日("春节") }}', words)
    assert (span.get_text(), span["data-offset"]) == ("2月17日", "-1")
    assert one('{{ 节日("教师节", 届次=True) }}', words).get_text() == "第42个教师节"


def test_dates_that_a_notice_sets_are_not_made_up():
    """No date is printed for an observance that is announced each year."""
    with pytest.raises(ValueError, match="每年另行公布"):
        render('{{ 节日("夏送清凉") }}', vocabulary(front_matter()))


# --- the schedule ---------------------------------------------------------------------------------------------------------


def rows(meta, settings=PLAN_2027) -> list[list[str]]:
    table = render("{{ 月度安排() }}", vocabulary(meta, settings))
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]


def test_a_schedule_is_a_table_with_dates():
    """Items of a month share a row; observances show their dates; what has none shows its name; numbers say what is whose."""
    meta = front_matter(schedule={
        "3月": [item("走访"), item("主题活动", observance="三八国际妇女节"), item("植树", observance="植树节")],
        "6月": [item("检查", observance="全国安全生产月"), item("送清凉", observance="夏送清凉")],
        "7月": [item("小结")],
    })
    assert rows(meta) == [
        ["月份", "工作安排", "时间节点"],
        ["3月", "①走访；②主题活动；③植树", "②三八国际妇女节（3月8日）；③植树节（3月12日）"],
        ["6月", "①检查；②送清凉", "①全国安全生产月；②夏送清凉"],
        ["7月", "小结", "—"],
    ]


def test_a_schedule_that_passes_the_end_of_the_year():
    """Months after December belong to the next year: label, date and distance all say so."""
    meta = front_matter(kind="term-plan", schedule={
        "9月": [item("致敬", observance="教师节")], "12月": [item("走访")], "1月": [item("总结")], "2月": [item("联欢", observance="元宵节")]})
    assert [row[0] for row in rows(meta)] == ["月份", "9月", "12月", "次年1月", "次年2月"]
    spans = render("{{ 月度安排() }}", vocabulary(meta)).select("span.observance")
    assert [(span.get_text(), span.get("data-offset")) for span in spans] == [("9月10日", None), ("2月9日", "1")]
    assert rows(meta)[-1][2] == "元宵节（2月9日）"


def test_the_last_plan_year_still_has_a_next_year():
    """Every plan year that a build accepts prints its schedule, next year's months included."""
    meta = front_matter(schedule={"12月": [item("走访")], "1月": [item("联欢", observance="春节")]})
    for year in (FIRST_PLAN_YEAR, LAST_PLAN_YEAR):
        assert rows(meta, Settings(None, year))[2][0] == "次年1月"
        assert render('{{ 节日("春节") }}', vocabulary(front_matter(kind="summary"), Settings(None, year)))


def test_blanks_of_a_schedule_can_be_filled():
    """A blank in an item is a blank on the page; a bar does not split the cell."""
    meta = front_matter(schedule={"3月": [item("慰问【困难职工人数】名|次")]})
    assert rows(meta)[1] == ["3月", "慰问【困难职工人数】名|次", "—"]
    assert one("{{ 月度安排() }}", vocabulary(meta), "span.fill-empty")["data-fill"] == "hardship-count"


def test_without_a_schedule_there_are_no_rows():
    """A template without schedule and a page that is no template get a table without content."""
    for meta in (front_matter(), None):
        assert not any(cell for row in rows(meta)[1:] for cell in row)


# --- signature and shared sections -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sector, text", [
    ("school", "××学校工会"), ("hospital", "××医院工会"), ("enterprise", "××公司工会"), ("township", "××镇总工会"), ("agency", "××局机关工会"),
])
def test_signature(sector, text):
    """落款 names the union of the unit, then the date to fill."""
    block = one("正文\n\n{{ 落款() }}\n\n正文", vocabulary(front_matter(sector)), "div.plan-signature")
    assert [line.get_text() for line in block.select("p")] == [text, "【成文日期】"]
    assert block.select_one("p.plan-signature-date span")["data-fill"] == "sign-date"
    assert block.select_one('p.plan-signature-unit span[data-fill="unit"]')


def test_shared_sections_speak_the_words_of_the_page():
    """One text, worded for each sector; its headings become sections."""
    body = "## 慰问{{ 职工 }} {: theme=care }\n\n{{ 单位 }}在{{ 节日(\"春节\") }}前走访【困难职工人数】名{{ 职工 }}。\n"
    for sector in SECTOR_IDS:
        article = render('前文\n{{ 共用("care/visit") }}\n后文', vocabulary(front_matter(sector), shared=body))
        staff = DATA.sectors[sector].words["staff"]
        assert article.select_one("section#care h2").get_text().startswith(f"一、慰问{staff}")
        assert f"{DATA.sectors[sector].unit}在2月6日前走访【困难职工人数】名{staff}。" in article.get_text()


@pytest.mark.parametrize("body", ["{{ ''.__class__.__mro__ }}", "{{ 职工._text.__globals__ }}", "{% for i in [1] %}"])
def test_shared_sections_cannot_run_code(body):
    """Even past the fence a shared section is text: only macros in their literal form are printed."""
    assert expand('{{ 共用("care/visit") }}', vocabulary(front_matter(), shared=body)).strip() == body


def test_shared_sections_know_only_the_vocabulary():
    """A name that is no macro is never printed as nothing."""
    with pytest.raises(KeyError, match="没有"):
        expand('{{ 共用("care/visit") }}', vocabulary(front_matter(), shared="{{ 没有 }}"))


# --- settings ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("today, year", [
    (date(2026, 9, 30), 2026), (date(2026, 10, 1), 2027), (date(2026, 12, 31), 2027), (date(2027, 1, 1), 2027),
])
def test_default_plan_year(today, year):
    """Plans for the coming year are written from October on."""
    assert default_plan_year(today) == year == Settings.from_extra({}, today).year


@pytest.mark.parametrize("kind", DATA.kinds)
@pytest.mark.parametrize("today, extra, past", [
    (date(2026, 9, 30), {}, 2026), (date(2026, 10, 1), {}, 2026), (date(2026, 12, 31), {}, 2026), (date(2027, 1, 1), {}, 2027), (date(2026, 11, 22), {"year": 2027}, 2027),
])
def test_what_is_over_is_of_no_coming_year(kind, today, extra, past):
    """From October to December an event is told of this year, plans of the next; a year that was chosen holds for both."""
    settings = Settings.from_extra(extra, today)
    year = settings.year - 1 if kind == "summary" else past if kind == "event-summary" else settings.year
    span = one("{{ 年度 }}", vocabulary(front_matter(kind=kind), settings))
    assert span.get_text() == str(year) and int(span.get("data-offset", 0)) == year - settings.year


@pytest.mark.parametrize("extra, expected", [
    ({}, Settings(None, 2027, ahead=True)),
    ({"unit": "", "year": ""}, Settings(None, 2027, ahead=True)),
    ({"unit": None, "year": None}, Settings(None, 2027, ahead=True)),
    ({"unit": "  某乡  中心学校 ", "year": " 2030 "}, Settings("某乡 中心学校", 2030)),
    ({"unit": 27, "year": 2030}, Settings("27", 2030)),
    ({"unit": "甲" * 60, "year": str(FIRST_PLAN_YEAR)}, Settings("甲" * 60, FIRST_PLAN_YEAR)),
    ({"year": LAST_PLAN_YEAR}, Settings(None, LAST_PLAN_YEAR)),
])
def test_settings(extra, expected):
    """Unit and year of a build, as mkdocs.yml or the environment give them."""
    assert Settings.from_extra(extra, TODAY) == expected


@pytest.mark.parametrize("extra, said", [
    ({"unit": "甲" * 61}, "UNIT 有 61 个字"),
    ({"unit": "甲\u200b乙"}, "看不见的字符"),
    ({"unit": "甲\x02乙"}, "看不见的字符"),
    ({"year": "2000"}, "YEAR 为“2000”，应为 2001—2098"),
    ({"year": "2099"}, "YEAR 为“2099”"),
    ({"year": "27"}, "YEAR 为“27”"),
    ({"year": "2027年"}, "YEAR 为“2027年”"),
    ({"year": "二〇二七"}, "YEAR 为“二〇二七”"),
    ({"year": "２０２７"}, "YEAR 为"),
    ({"year": -2027}, "YEAR 为“-2027”"),
])
def test_settings_that_cannot_be_used(extra, said):
    """A wrong UNIT or YEAR is told in one Chinese line that names it."""
    with pytest.raises(SettingsError, match=re.escape(said)):
        Settings.from_extra(extra, TODAY)
