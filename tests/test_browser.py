"""A real browser opens the site, over http and from the folder, and does what a reader does."""

from __future__ import annotations

import pytest
from conftest import ROOT

from macros import reader

pytestmark = pytest.mark.xdist_group("site")
TEMPLATES = [path for path in reader.contributed_files(ROOT) if reader.is_template(path)]


def search(watched, words: str) -> list[str]:
    """Type words as a reader does; returns the pages found, best first."""
    page = watched.page
    page.locator("[data-md-component=search-query]").focus()
    page.keyboard.insert_text(words)  # as an input method hands words over
    page.keyboard.press("End")
    page.locator(".md-search-result__link").first.wait_for()
    links = page.locator(".md-search-result__link").evaluate_all("links => links.map(link => link.href)")
    return [link.removeprefix(watched.address + "/").split("?")[0].split("#")[0] for link in links]


@pytest.mark.parametrize("path", TEMPLATES)
def test_template_page_opens_with_its_sections(watched, path):
    """Title, sections, table and signature are there; no console error and no request elsewhere (see the fixture)."""
    watched.open(path.removeprefix("docs/").removesuffix(".md") + ".html")
    page = watched.page
    assert "××" in page.locator("article h1").inner_text()
    assert page.locator("section.plan-section[id]").count() >= 5
    assert page.locator("section.plan-section[data-theme]").count() >= 3
    assert page.locator(".plan-signature").is_visible()
    assert page.locator(".fill-empty").first.is_visible()


@pytest.mark.parametrize("path", [
    "index.html", "school/index.html", "calendar.html", "policies.html", "sources.html", "contributing/format.html"])
def test_other_pages_open_cleanly(watched, path):
    """Pages printed from data open without error in both themes."""
    for scheme in ("light", "dark"):
        watched.page.emulate_media(color_scheme=scheme)
        watched.open(path)
        assert watched.page.locator("article h1").is_visible()


def test_law_leads_to_its_entry(watched):
    """A click on a law's title shows number, dates and state."""
    watched.open("school/annual-plan.html")
    watched.page.locator("article a.policy").first.click()
    watched.page.locator("#trade-union-law").wait_for()
    assert "现行有效" in watched.page.locator("#trade-union-law").inner_text()


@pytest.mark.parametrize("words, expected", [
    ("夜班", "hospital/annual-plan.html"),
    ("锐器伤", "hospital/annual-plan.html"),
    ("快递", "township/annual-plan.html"),
    ("年休假", "agency/annual-plan.html"),
])
def test_words_inside_a_sentence_are_found(watched, words, expected):
    """The reader types a word that stands in the middle of Chinese sentences only."""
    watched.open("index.html")
    assert expected in search(watched, words)[:5]


def test_search_leads_through_the_site_without_faults(watched):
    """Several pages one after the other in one tab: nothing piles up, nothing fails."""
    for path in ("index.html", "agency/index.html", "agency/annual-plan.html"):
        watched.open(path)
    assert search(watched, "体检")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(watched, width):
    """On a phone and on a desktop no page has to be moved sideways."""
    watched.page.set_viewport_size({"width": width, "height": 800})
    for path in ("index.html", "school/annual-plan.html", "policies.html", "calendar.html", "sources.html"):
        watched.open(path)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path
