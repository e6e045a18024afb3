"""A real browser opens the site, over http and from the folder, and does what a reader does."""

from __future__ import annotations

import pytest
from conftest import ROOT

from macros import reader
from macros.model import SECTOR_IDS

TEMPLATES = [path for path in reader.contributed_files(ROOT) if reader.is_template(path)]


#: One question to the page for all that a template must show: asking part by part takes longer than the page itself.
SHOWN = """() => {
    const seen = (selector) => Boolean(document.querySelector(selector)?.checkVisibility());
    const count = (selector) => document.querySelectorAll(selector).length;
    return {title: document.querySelector("article h1").innerText.includes("××"), sections: count("section.plan-section[id]") >= 5,
            themed: count("section.plan-section[data-theme]") >= 3, signature: seen(".plan-signature"), blanks: seen(".fill-empty")};
}"""


@pytest.mark.opened("file")  # over http another test opens them all
@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_template_pages_open_with_their_sections(watched, sector):
    """Every template: title, sections, signature, blanks; no console error and no request elsewhere (see the fixture)."""
    paths = [path for path in TEMPLATES if path.startswith(f"docs/{sector}/")]
    assert len(paths) >= 12
    for path in paths:
        watched.open(path.removeprefix("docs/").removesuffix(".md") + ".html")
        shown = watched.page.evaluate(SHOWN)
        assert all(shown.values()), (path, shown)


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


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(watched, width):
    """On a phone and on a desktop no page has to be moved sideways."""
    watched.page.set_viewport_size({"width": width, "height": 800})
    for path in ("index.html", "school/annual-plan.html", "policies.html", "calendar.html", "sources.html"):
        watched.open(path)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path
