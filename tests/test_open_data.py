"""What the library gives away as data, and the list of all templates."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as etree
from types import SimpleNamespace as Namespace

import pytest
from bs4 import BeautifulSoup
from check_jsonschema.cli import main as check_jsonschema
from conftest import ROOT

from macros import fence, library_page, open_data, reader

DATA = reader.data_cached()
TEMPLATES = fence.fenced_templates(ROOT)
PAGES = {template.url.replace(".md", ".html"): template for template in TEMPLATES}
ATOM = "{http://www.w3.org/2005/Atom}"


def test_library_json_keeps_to_its_schema_and_says_what_is_there(site):
    with pytest.raises(SystemExit) as ended:
        check_jsonschema(["--schemafile", str(site / "library.schema.json"), str(site / "library.json")])
    assert ended.value.code == 0
    rows = json.loads((site / "library.json").read_text("utf-8"))["templates"]
    assert {row["page"] for row in rows} == set(PAGES)
    for row in rows:
        page = BeautifulSoup((site / row["page"]).read_text("utf-8"), "lxml")
        assert (site / row["markdown"]).is_file() and row["title"] == PAGES[row["page"]].meta.title
        assert [section["id"] for section in row["sections"]] == [section.get("id") for section in page.select("section.plan-section")]
        assert set(row["blanks"]) == {span["data-fill"] for span in page.select("article .fill-empty")}


@pytest.mark.parametrize("path", ["school/annual-plan", "hospital/annual-summary", "agency/election-plan", "township/half-year-summary-plan"])
def test_markdown_is_the_text_of_the_page(site, path):
    """The same words in the same order, headings numbered; no macro, mark, link or note."""
    markdown = (site / f"{path}.md").read_text("utf-8")
    assert not re.search(r"\{\{|\}\}|\{:|[\ue000-\ue002]|&#|\]\(|!!!", markdown)
    article = BeautifulSoup((site / f"{path}.html").read_text("utf-8"), "lxml").select_one("article")
    for other in article.select(".headerlink, .admonition, .plan-path, .plan-about, .plan-facts, .md-content__button, [data-not-text]"):
        other.decompose()
    han = lambda text: re.sub(r"[^\u4e00-\u9fff【】]", "", text)  # noqa: E731
    assert han(markdown) == han(article.get_text())


def test_every_markdown_file_is_clean(site):
    for path in PAGES:
        assert not re.search(r"\{\{|[\ue000-\ue002]|&#|!!!", (site / path).with_suffix(".md").read_text("utf-8")), path


def test_feed_lists_the_templates_with_their_dates(site):
    feed = etree.parse(site / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == min(50, len(TEMPLATES))
    dates = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert dates == sorted(dates, reverse=True) and dates[0] == feed.find(f"{ATOM}updated").text
    for entry in entries:
        assert entry.find(f"{ATOM}link").get("href") in PAGES
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)


def test_feed_of_a_published_site_has_full_addresses():
    entries = []
    feed = etree.fromstring(open_data.feed(entries, DATA, "https://example.org/plans/").encode())
    assert {link.get("href") for link in feed.findall(f"{ATOM}link")} == {"https://example.org/plans/index.html", "https://example.org/plans/feed.xml"}


def test_assistants_are_told_what_to_mind(site):
    text = (site / "llms.txt").read_text("utf-8")
    assert "不要编造" in text and all(f"({path.removesuffix('.html')}.md)" in text for path in PAGES)


def test_library_page_lists_every_template(site):
    """As plain HTML, with what its facets need."""
    page = BeautifulSoup((site / "library.html").read_text("utf-8"), "lxml")
    items = page.select("ol.plan-catalog > li")
    assert {item.a["href"] for item in items} == set(PAGES) and len(items) == len(PAGES)
    for item in items:
        meta = PAGES[item.a["href"]].meta
        assert (item["data-sector"], item["data-kind"]) == (meta.sector, meta.kind)
        assert 500 < int(item["data-length"]) < 5000 and int(item["data-blanks"]) >= 1
        assert set(item["data-theme"].split()) <= set(DATA.themes)
    for sector in DATA.sectors:
        kinds = {word for item in items if item["data-sector"] == sector for word in item["data-audience"].split()}
        assert all(item["data-audience"] for item in items if item["data-sector"] == sector)
        assert not [(a, b) for a in kinds for b in kinds if a != b and a in b], "two words for the same units"


@pytest.mark.parametrize("words, audience, found", [
    (["小学", "中小学", "中学"], "中小学、小学和职业中学", ["中小学", "小学", "中学"]), (["小学（部）"], "小学（部）", ["小学（部）"]), ([], "中小学", []),
])
def test_audiences_are_the_longest_words_of_the_sector(words, audience, found):
    """Each once; a sector that has no such words has no audiences."""
    rows = [Namespace(strict=True, sectors=["school"], words=words), Namespace(strict=True, sectors=["school", "hospital"], words=["职业"])]
    entry = Namespace(template=Namespace(meta=Namespace(sector="school", audience=audience)))
    assert library_page.audiences(entry, Namespace(synonyms=rows)) == found
