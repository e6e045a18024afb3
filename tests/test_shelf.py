"""The theme pages and the facts on a template's page: all of them, from the built pages, in a real browser too."""

from __future__ import annotations

import re
import shutil
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from macros import fence, page_parts, publish, reader, shelf, template_facts

DATA = reader.data_cached(ROOT)
TEMPLATES = fence.fenced_templates(ROOT)
BY_PATH = {template.url.replace(".md", ".html"): template for template in TEMPLATES}


def soup(site, path: str) -> BeautifulSoup:
    return BeautifulSoup((site / path).read_text("utf-8"), "lxml")


# --- cutting sections out of a page -------------------------------------------------------------------


def test_sections_are_cut_out_with_their_own_text():
    """Nesting is followed; what stands in a section within is not repeated; numbers and links to the section go."""
    page = ('<section class="plan-section" id="tasks"><h2 id="x">二、任务<a class="headerlink" href="#tasks">¶</a></h2>'
            '<section class="plan-section" id="care" data-theme="care"><h3>甲</h3><p>文</p></section>'
            '<section class="plan-section" id="home" data-theme="home"><h3>乙</h3></section></section>'
            '<section class="plan-section" id="women" data-theme="women"><h2>丙</h2>'
            '<section class="plan-section" id="x"><h3>（一）丁</h3></section><p>尾</p></section>'
            '<section class="plan-section" data-theme="care"><h2>无名</h2></section>')
    assert [(each.ident, each.theme, each.level, each.heading, each.html, each.contains) for each in page_parts.sections(page)] == [
        ("tasks", "", 2, "任务", '<h2 id="x">二、任务</h2>', True), ("care", "care", 3, "甲", "<h3>甲</h3><p>文</p>", False),
        ("home", "home", 3, "乙", "<h3>乙</h3>", False), ("women", "women", 2, "丙", "<h2>丙</h2><p>尾</p>", True),
        ("x", "", 3, "丁", "<h3>（一）丁</h3>", False), ("", "care", 2, "无名", "<h2>无名</h2>", False)]


def test_length_counts_the_plans_own_characters():
    page = '<h1>甲乙<a class="headerlink" href="#x">丁</a></h1><p>丙<span title="戊">己</span></p><details class="q">庚</details><div class="admonition note"><p>辛</p></div>'
    assert page_parts.han_length(page) == 4


# --- theme pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", list(DATA.themes))
def test_a_theme_page_has_every_section_of_its_theme(site, theme):
    """Each with its heading, text, sector, kind and source; ids stand once; links lead to what is there."""
    page = soup(site, f"themes/{theme}.html")
    shown = page.select(".plan-shelf > section.plan-section")
    wanted = [(path, section.ident) for path in BY_PATH for section in page_parts.sections((site / path).read_text("utf-8")) if section.theme == theme and not section.contains]
    assert len(wanted) >= 5 and {(each["data-from"], each.select_one(".plan-shelf-from a")["href"].split("#")[1]) for each in shown} == set(wanted)
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for each in shown:
        template = BY_PATH[each["data-from"]]
        assert (each["data-sector"], each["data-kind"], each["data-theme"]) == (template.meta.sector, template.meta.kind, theme)
        assert each.h3 and not re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）", each.h3.get_text())
        assert len(each.get_text()) > 60
        for link in each.select("a[href]"):
            target, _, anchor = link["href"].partition("#")
            if not target:
                assert anchor == each["id"]
            elif not target.startswith("http"):
                assert (site / "themes" / target).is_file(), target
    assert DATA.themes[theme].variants in page.get_text()


def test_the_matrix_counts_what_the_theme_pages_show(site):
    page = soup(site, "themes/index.html")
    rows = page.select("table.plan-data tbody tr")
    assert len(rows) == len(DATA.themes)
    for row, theme in zip(rows, DATA.themes.values(), strict=True):
        cells = row.select("th[scope=row], td")
        assert cells[0].get_text() == theme.name
        shelf_page = soup(site, f"themes/{theme.id}.html")
        for cell, sector in zip(cells[1:-1], DATA.sectors, strict=True):
            count = len(shelf_page.select(f'.plan-shelf > section[data-sector="{sector}"]'))
            assert cell.get_text() == (str(count) if count else "补写")
        assert cells[-1].get_text() == str(len(shelf_page.select(".plan-shelf > section")))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_matrix_keeps_its_headings_on_every_screen(watched, width):
    """Names of sectors above, names of themes on the left, also when its own box is moved sideways; the page is never moved."""
    page = watched.page
    page.set_viewport_size({"width": width, "height": 800})
    watched.open("themes/index.html")
    box, corner = page.locator(".plan-matrix"), page.locator(".plan-matrix th").first
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert box.locator("thead th").all_inner_texts()[1:] == [*(sector.name for sector in DATA.sectors.values()), "合计"]
    assert corner.is_visible() and box.locator("tbody th").count() == len(DATA.themes)
    page.set_viewport_size({"width": 220, "height": 800})
    box.evaluate("node => node.scrollTo(40, 0)")
    assert box.evaluate("node => node.scrollLeft") > 0 and corner.bounding_box()["x"] == box.bounding_box()["x"]


def test_filling_again_changes_nothing(site, tmp_path, monkeypatch):
    monkeypatch.setenv("YEAR", "2027")  # as the site was built
    site = shutil.copytree(site, tmp_path / "site")
    before = {file: file.read_bytes() for file in (site / "themes").glob("*.html")}
    shelf.fill(site, DATA, TEMPLATES)
    publish.after_build(site)
    assert before == {file: file.read_bytes() for file in (site / "themes").glob("*.html")}


def test_filters_narrow_and_are_kept_in_the_address(watched):
    """A choice by sector and kind; the address brings it back; the count is told."""
    page = watched.page
    watched.open("themes/women.html?sector=hospital")
    status = page.locator(".plan-shelf-filters [role=status]")
    status.wait_for()
    shown = page.locator(".plan-shelf > section:visible")
    assert set(shown.evaluate_all("nodes => nodes.map(node => node.dataset.sector)")) == {"hospital"}
    assert status.inner_text() == f"{shown.count()} 段"
    page.get_by_label("文种").select_option("special-plan")
    assert "kind=special-plan" in page.url and "sector=hospital" in page.url
    assert set(shown.evaluate_all("nodes => nodes.map(node => node.dataset.from)")) == {"hospital/women-plan.html"}
    page.get_by_label("行业").select_option("")
    assert len(set(shown.evaluate_all("nodes => nodes.map(node => node.dataset.sector)"))) >= 3


def test_two_sections_stand_side_by_side_with_differences_marked(watched):
    page = watched.page
    watched.open("themes/women.html")
    buttons = page.get_by_role("button", name="对照")
    buttons.nth(0).click()
    assert buttons.nth(0).get_attribute("aria-pressed") == "true"
    buttons.nth(2).click()
    dialog = page.get_by_role("dialog", name="两段对照")
    dialog.wait_for()
    assert dialog.locator("section").count() == 2 and dialog.locator("mark").count() > 2
    sources = page.locator(".plan-shelf-from > a").all_inner_texts()
    assert dialog.locator("section > h3").all_inner_texts() == [sources[0], sources[2]]
    assert dialog.get_by_role("button", name="关闭").evaluate("(node) => node.getBoundingClientRect().top >= 0")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert buttons.nth(0).get_attribute("aria-pressed") == "false"


def test_what_the_comparison_calls_different(watched):
    """Equal texts have no mark; a changed word is marked in both; a lone character in common is no agreement."""
    watched.open("themes/women.html")
    watched.page.evaluate("Plans.load('assets/javascripts/shelf-compare.js')")
    parts = watched.page.evaluate("""() => [["三月召开大会", "三月召开大会"], ["三月底前召开大会", "三月召开职代大会"], ["甲乙丙丁", "子乙丑寅"]].map(([a, b]) => {
        const [inA, inB] = Plans.shelfCompare.common(a, b);
        return [Plans.shelfCompare.stretches(a, inA), Plans.shelfCompare.stretches(b, inB)];
    })""")
    assert parts[0] == [[["三月召开大会", False]]] * 2
    assert ["底前", True] in parts[1][0] and ["职代", True] in parts[1][1]
    assert parts[2][0] == [["甲乙丙丁", True]]


def test_a_section_of_the_shelf_goes_into_the_draft_as_one_of_its_template(watched):
    page = watched.page
    watched.open("themes/women.html")
    entry = page.locator(".plan-shelf > section").first
    source = entry.get_attribute("data-from")
    entry.get_by_role("button", name="加入草稿").click()
    page.locator(".plans-live").filter(has_text="已加入草稿").wait_for()
    watched.open("draft.html")
    page.locator(".plan-draft-section").first.wait_for()
    assert page.evaluate("() => Plans.draft.current().then((doc) => doc.sections.map((section) => section.from))") == [source]


def test_the_profile_fills_a_shelf_by_each_sections_sector(watched):
    """A word changed for hospitals changes there and not in the other sectors."""
    page = watched.page
    watched.open("themes/democracy.html")
    page.evaluate("Plans.profiles.update({unit: '某单位', words: {hospital: {staff: '医护职工'}}})")
    page.wait_for_function("() => [...document.querySelectorAll('[data-fill=word-staff]')].some((node) => node.textContent === '医护职工')")
    sectors = page.evaluate("() => [...document.querySelectorAll('[data-fill=word-staff]')].filter((node) => node.textContent === '医护职工')"
                            ".map((node) => node.closest('[data-sector]').dataset.sector)")
    assert set(sectors) == {"hospital"}


# --- facts on a template's page -----------------------------------------------------------------------


@pytest.mark.parametrize("path", list(BY_PATH))
def test_a_template_tells_what_a_reader_asks_first(site, path):
    """Length, blanks, date, when to use it and when not, laws, related templates, history; no link leads nowhere."""
    page = soup(site, path)
    facts = page.select_one("details.plan-facts")
    line, kind = facts.summary.get_text(), DATA.kinds[BY_PATH[path].meta.kind]
    blanks = [node["data-fill"] for node in page.select("article section [data-fill], article > p [data-fill]") if node["data-fill"] in {f.id for f in DATA.fields}]
    assert re.match(rf"约\d{{3,4}}字 · 空白{len(set(blanks)) + ('sign-date' not in blanks)}项", line) and str(BY_PATH[path].meta.reviewed) in line
    low, high = kind.length
    assert low * 0.9 <= int(re.search(r"约(\d+)字", line).group(1)) <= high * 1.35  # printed laws, dates and the schedule count too
    names = [term.get_text() for term in facts.select("dt")]
    assert names[:3] == ["什么时候用", "什么时候不用", "写作指南"] and {"相关模板", "修改记录", "发现错误"} <= set(names)
    assert kind.when in facts.get_text() and kind.when_not in facts.get_text()
    for link in facts.select("a[href]"):
        if not link["href"].startswith("http"):
            target, _, anchor = link["href"].partition("#")
            file = (site / path).parent / target
            assert file.is_file() and (not anchor or f'id="{anchor}"' in file.read_text("utf-8")), link["href"]
        else:
            assert link["href"].endswith((f"/commits/main/docs/{path.replace('.html', '.md')}", f"/issues/new?template=fault.yml&page={quote(BY_PATH[path].meta.title)}"))


def test_phrases_that_end_are_told():
    """The five-year plan's phrase ends with its last year; a text without such phrases has no end."""
    assert template_facts.holds_until(["five-year-plan"], 2027, DATA) == 2030
    assert template_facts.holds_until([], 2027, DATA) is None


RELATIONS = template_facts.Relations(TEMPLATES)


def test_related_templates_are_others_and_begin_with_the_twin():
    for template in TEMPLATES:
        found = RELATIONS.of(template)
        paths = [other.path for other in found]
        assert template.path not in paths and len(paths) == len(set(paths)) and 1 <= len(paths) <= template_facts.MAX_RELATED
    plan = BY_PATH["hospital/annual-plan.html"]
    assert RELATIONS.of(plan)[0].meta.kind in ("summary", "summary-plan")
