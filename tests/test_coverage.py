"""What the library promises: kinds and themes for every sector. An empty cell fails."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from macros import fence, reader
from macros.model import SECTOR_IDS

DATA = reader.data_cached(ROOT)
TEMPLATES = fence.fenced_templates(ROOT)
GENERAL = ("annual-plan", "key-points", "half-year-summary-plan", "summary", "summary-plan", "event-summary")
#: Special plans by the name of their file.
SPECIAL = {
    "school": {"staff-congress-plan", "teaching-skills-plan", "women-plan", "care-plan", "health-plan"},
    "hospital": {"skills-training-plan", "occupational-protection-plan", "women-plan", "health-plan", "home-plan"},
    "enterprise": {"collective-contract-plan", "labour-contest-plan", "safety-plan", "staff-congress-plan", "women-plan", "group-plan"},
    "township": {"new-employment-plan", "regional-bargaining-plan", "regional-congress-plan", "care-plan", "budget-plan", "cadre-training-plan"},
    "agency": {"election-plan", "budget-plan", "culture-plan", "health-plan", "home-plan"},
}


def of(sector: str, kind: str) -> list[str]:
    return [template.url.split("/")[1].removesuffix(".md") for template in TEMPLATES if (template.meta.sector, template.meta.kind) == (sector, kind)]


def test_sixty_templates_twelve_a_sector():
    counts = {sector: sum(template.meta.sector == sector for template in TEMPLATES) for sector in SECTOR_IDS}
    assert sum(counts.values()) >= 60 and min(counts.values()) >= 12, counts


@pytest.mark.parametrize("kind", GENERAL)
@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_every_sector_has_the_general_kinds(sector, kind):
    assert of(sector, kind)


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_every_sector_has_both_halves_of_the_year(sector):
    """Schools by their terms; a plan of the first half schedules nothing after it, one of the second nothing before."""
    kind = "term-plan" if sector == "school" else "half-year-plan"
    months = [set(template.meta.months and [month for month, _ in template.meta.months])
              for template in TEMPLATES if (template.meta.sector, template.meta.kind) == (sector, kind)]
    assert any(3 in each and not each & {9, 10, 11, 12} for each in months), months
    assert any(10 in each and not each & {3, 4, 5} for each in months), months


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_every_sector_has_its_special_plans(sector):
    assert SPECIAL[sector] <= set(of(sector, "special-plan"))


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_every_theme_stands_in_every_sector(sector):
    """And every sector has monthly schedules beside its annual plan's."""
    found = {section.theme for template in TEMPLATES if template.meta.sector == sector for section in template.sections}
    assert set(DATA.themes) - found == set()
    assert sum(bool(template.meta.schedule) for template in TEMPLATES if template.meta.sector == sector) >= 6


@pytest.mark.parametrize("sector, words", [
    ("school", "校办公室|校领导"), ("hospital", "院长|院领导|本院|全院"), ("enterprise", "本厂|全厂|公司方"), ("agency", "处室(?!数】)"),
])
def test_words_of_some_units_are_left_to_the_reader(sector, words):
    """A kindergarten, a health centre, a factory and a county's bureau are called otherwise: the text says their words by a macro."""
    found = [(template.url, match.group()) for template in TEMPLATES if template.meta.sector == sector
             for match in re.finditer(words, template.body.split("!!! note")[0])]
    assert found == []


@pytest.mark.parametrize("sector", SECTOR_IDS)
def test_a_word_that_can_be_chosen_is_a_macro_in_notes_too(sector):
    """Where a reader chose another word, schedule, headings and notes do not keep the first one; 上级工会 is what anyone may say."""
    own = DATA.sectors[sector]
    words = {own.words[word] for word in ("home", "openness", "party", "branch", "upper-union") if word in own.choices} - {"上级工会"}
    found = [(template.url, word) for template in TEMPLATES if template.meta.sector == sector and not template.meta.words
             for text in (template.body, *(item.do for _, items in template.meta.months for item in items))
             for word in words if word in re.sub("【.*?】", "", text)]
    assert found == []


def test_notes_say_what_to_leave_out():
    """Every template lists people, posts or work that some units have none of; the plan handed in has no empty rows."""
    assert [template.url for template in TEMPLATES if "删" not in template.body.split("!!! note")[1]] == []


def test_no_count_of_what_a_reader_may_leave_out():
    """Rows of a table and whole sections are not counted elsewhere: one less, and the number is wrong without a word to tell it."""
    counted = re.compile("(?:以下|下列)[0-9三四五六七八九十]+[项条类种个]|[三四五六七八九十][个项]目标|[三四五六七八九十]类人(?!员名单)|按?三张(?:走访)?名单")
    assert [(template.path, found) for template in TEMPLATES for found in counted.findall((ROOT / template.path).read_text("utf-8"))] == []


def test_every_kind_has_a_guide():
    """Each leads to templates of its kind."""
    for kind in DATA.kinds:
        text = (ROOT / f"docs/guides/{kind}.md").read_text("utf-8")
        linked = [template for template in TEMPLATES if f"](../{template.url})" in text]
        assert len(linked) >= 2 and {template.meta.kind for template in linked} >= {kind}, kind
        assert f"{kind}.md" in (ROOT / "docs/guides/index.md").read_text("utf-8")
