"""What the search is given: titles, sections, texts, letters, synonyms. And that mistakes in them are told."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from macros import catalog, fence, reader
from macros.model import LibraryError
from tools import make_characters

DATA = reader.data_cached()


def part(site, name: str):
    """A data file as the browser reads it."""
    text = (site / f"assets/data/find-{name}.js").read_text("utf-8")
    assert text.startswith(f"Plans.find.{name}=") and text.endswith(";\n")
    return json.loads(text.removeprefix(f"Plans.find.{name}=").removesuffix(";\n"))


def test_every_template_and_section_with_a_text_can_be_found(site):
    """Just those, each with its heading, its theme and the text that its page shows."""
    names, sections, texts = (part(site, name) for name in ("names", "sections", "text"))
    paths = [row[0] for row in names["templates"]]
    assert sorted(paths) == sorted(template.url.replace(".md", ".html") for template in fence.fenced_templates(ROOT))
    assert len(sections["templates"]) == len(texts) == len(paths)
    for path, (_, _, rows), htmls in zip(paths, sections["templates"], texts, strict=True):
        page = BeautifulSoup((site / path).read_text("utf-8"), "lxml")
        assert len(rows) == len(htmls) >= 5
        for (ident, heading, theme), html in zip(rows, htmls, strict=True):
            section = page.find("section", id=ident)
            assert section.get("data-theme", "") == theme
            shown = section.find(["h2", "h3"]).get_text().rstrip("¶")
            assert shown.endswith(heading) and re.fullmatch(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)?", shown.removesuffix(heading))
            paragraph = BeautifulSoup(html, "lxml").find(["p", "li", "td"]).get_text()
            assert paragraph and paragraph in section.get_text()
            assert "headerlink" not in html and len(BeautifulSoup(html, "lxml").find_all(["h2", "h3"])) == 1


def test_pages_for_readers_are_found_and_those_for_contributors_are_not(site):
    found = {row[0] for row in part(site, "sections")["pages"]}
    assert {"calendar.html", "checkup.html", "guides/index.html", "themes/women.html", "school/index.html", "policies.html#trade-union-law"} <= found
    assert not any(path.startswith("contributing/") for path in found)
    for path in found:
        assert (site / path.split("#")[0]).is_file()


def test_characters_are_what_their_sources_say():
    """The two files are made by tools/make_characters.py; nobody edits them by hand."""
    assert (ROOT / "data/readings.txt").read_text("utf-8") == make_characters.readings()
    assert (ROOT / "data/traditional.txt").read_text("utf-8") == make_characters.traditional()


@pytest.mark.parametrize("row, found", [
    ("  - {words: [某某说法], themes: [no-theme]}", "没有定义的 no-theme"), ("  - {words: [某某说法], kinds: [plan]}", "没有定义的 plan"),
    ("  - {words: [职代会]}", "名称“职代会”与前面重复"), ("  - {words: [某某说法], said: [职代会]}", "名称“职代会”与前面重复"), ("  - {words: []}", "words"), ("  - {words: [某某说法], sector: school}", "sector"),
])
def test_a_mistake_in_the_synonyms_names_its_line(project, row, found):
    file = project / "data/synonyms.yml"
    text = f"{file.read_text('utf-8').rstrip()}\n{row}\n"
    file.write_text(text, "utf-8")
    with pytest.raises(LibraryError) as caught:
        reader.load_data(project)
    finding = caught.value.findings[0]
    assert (finding.path, finding.line) == ("data/synonyms.yml", text.count("\n")) and found in finding.found + finding.expected


def test_what_is_said_goes_with_its_row(site):
    """The browser gets it apart from the words, row by row."""
    rows, said = part(site, "names")["synonyms"], part(site, "letters")["said"]
    asked = {word: row[0] for row, words in zip(rows, said, strict=False) for word in words}
    assert asked == {word: row.words for row in DATA.synonyms for word in row.said} and len(asked) > 100


def test_periods_follow_the_kind_and_the_months():
    periods = {template.url: catalog.periods(template) for template in fence.fenced_templates(ROOT)}
    assert periods["school/annual-plan.md"] == (catalog.YEAR,) and periods["hospital/women-plan.md"] == (catalog.ANY,)
    assert periods["school/spring-term-plan.md"] == (catalog.FIRST_HALF,) and periods["school/autumn-term-plan.md"] == (catalog.SECOND_HALF,)
    assert periods["agency/half-year-summary-plan.md"] == (catalog.FIRST_HALF, catalog.SECOND_HALF)
    assert set().union(*periods.values()) == set(catalog.PERIOD_NAMES)
