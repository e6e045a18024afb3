"""The whole site as MkDocs builds it: pages, links, leftovers, policy, baked-in values."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, copy_project, run

from macros import publish, reader

DATA = reader.data_cached(ROOT)
TEMPLATES = [path for path in reader.contributed_files(ROOT) if reader.is_template(path)]


def page_of(path: str) -> str:
    return path.removeprefix("docs/").removesuffix(".md") + ".html"


def soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text("utf-8"), "lxml")


def article(file: Path) -> BeautifulSoup:
    return soup(file).select_one("article.md-content__inner")


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {file.relative_to(site).as_posix(): soup(file) for file in sorted(site.rglob("*.html"))}


def test_every_markdown_file_becomes_exactly_one_page(pages):
    """No file is dropped silently and none appears twice."""
    expected = {page_of(path) for path in TEMPLATES + reader.page_files(ROOT)}
    expected |= {f"{sector}/index.html" for sector in DATA.sectors} | {"404.html"}
    assert set(pages) == expected


def test_twelve_templates_of_the_promised_kinds():
    """The first shelf: an annual plan in each sector and the seven others."""
    kinds = {(path.split("/")[1], reader.parse_template((ROOT / path).read_text("utf-8"), path).meta.kind) for path in TEMPLATES}
    promised = {(sector, "annual-plan") for sector in DATA.sectors} | {
        ("school", "term-plan"), ("school", "key-points"), ("agency", "half-year-plan"), ("township", "half-year-summary-plan"),
        ("hospital", "summary"), ("school", "summary-plan"), ("agency", "summary-plan")}
    assert promised <= kinds


def test_no_link_or_anchor_is_broken(site, pages):
    """Every relative link leads to a file, every fragment to an id on it."""
    broken, ids = [], {name: {element["id"] for element in page.select("[id]")} for name, page in pages.items()}
    for name, page in pages.items():
        base = (site / name).parent
        for element in page.select("[href], [src]"):
            url = urlsplit(element.get("href") or element.get("src"))
            if url.scheme or url.netloc or name == "404.html":
                continue
            target = (base / unquote(url.path)).resolve() if url.path else site / name
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                broken.append(f"{name} -> {url.geturl()}")
            elif url.fragment and target.suffix == ".html":
                other = ids[target.relative_to(site.resolve()).as_posix()]
                if unquote(url.fragment) not in other and not url.fragment.startswith("__"):
                    broken.append(f"{name} -> {url.geturl()}")
    assert broken == []


def test_no_residue_of_macros_or_markup(pages):
    """What a reader sees holds no braces, no attribute lists, no Markdown marks."""
    residue = re.compile(r"\{\{|\}\}|\{%|\{:|\*\*|^#{1,6} |Undefined|\bNone\b", re.MULTILINE)
    for path in TEMPLATES:
        text = pages[page_of(path)].select_one("article").get_text()
        assert residue.search(text) is None, path


def test_every_blank_on_a_page_is_on_the_list(pages):
    """【…】 appears only as a fill span whose label and id are those of the list."""
    by_label = DATA.fields_by_label
    for path in TEMPLATES:
        content = pages[page_of(path)].select_one("article")
        spans = content.select("span.fill-empty")
        for span in spans:
            assert by_label[span.get_text().strip("【】")].id == span["data-fill"]
        assert content.get_text().count("【") == len(spans), path


def test_ids_are_unique_and_headings_numbered(pages):
    """Sections can be linked to, and copied headings keep their numbers."""
    for path in TEMPLATES:
        page = pages[page_of(path)]
        ids = [element["id"] for element in page.select("[id]")]
        assert len(ids) == len(set(ids)), path
        second = [h.get_text() for h in page.select("article h2")]
        assert second and all(re.match(r"[一二三四五六七八九十]+、", text) for text in second), path
        assert all(section.get("id") for section in page.select("section.plan-section")), path


def test_navigation_does_not_grow_with_the_templates(pages):
    """No navigation entry leads to a template, so a page's size does not depend on how many there are."""
    for name, page in pages.items():
        links = {urlsplit(a["href"]).path.split("/")[-1] for a in page.select(".md-nav--primary a[href], .md-tabs a[href]")}
        assert not links & {page_of(path).split("/")[-1] for path in TEMPLATES}, name


def test_pages_out_of_the_navigation_have_a_way_back(pages):
    """Templates, themes, guides and examples lead to what lies above them."""
    for name, page in pages.items():
        folder = name.split("/")[0]
        if "/" not in name or name.endswith("/index.html") or folder == "contributing":
            continue
        way = page.select("article nav.plan-path a")
        assert [link["href"] for link in way] == ["../index.html", "../guides/index.html" if folder == "examples" else f"{'../' + folder + '/' if folder in ('themes', 'guides') else ''}index.html"], name


def test_edit_link_leads_to_the_template_file(pages):
    """“编辑此页” opens just the file of the template."""
    for path in TEMPLATES:
        link = pages[page_of(path)].select_one('a[rel="edit"], a.md-content__button')
        assert link["href"].endswith(f"/{path}"), path
        assert link["title"] == link["aria-label"] == "改进这个模板（给编写者）"


def test_nothing_leads_to_a_repository_where_none_is_configured(small_project, tmp_path):
    """Neither the pencil nor history nor the form for faults."""
    target = tmp_path / "site"
    config = small_project / "mkdocs.yml"
    config.write_text(re.sub(r"^edit_uri: .*$", 'edit_uri: ""', config.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    assert run("mkdocs", "build", "--site-dir", str(target), cwd=small_project).returncode == 0
    page = soup(target / "school/annual-plan.html")
    assert page.select_one(".plan-facts") and not page.select("a[rel=edit], .plan-facts a[href^=http]")


def test_home_leads_to_the_other_ways_in(pages):
    """Below the sectors, before the table: guides, themes, calendar, check."""
    links = pages["index.html"].select("article .plan-cards + .plan-ways a")
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("写法", "guides/index.html"), ("主题", "themes/index.html"), ("日历", "calendar.html"), ("体检", "checkup.html")]


def test_nothing_is_loaded_from_another_host(pages):
    """No page names a script, style, image, font or frame of another host."""
    for name, page in pages.items():
        for element in page.select("script[src], link[href], img[src], iframe[src], source[src]"):
            url = urlsplit(element.get("src") or element.get("href"))
            assert not url.netloc or element.get("rel") == ["canonical"], f"{name}: {url.geturl()}"


def test_every_page_has_a_policy_that_allows_just_its_own_scripts(site, pages):
    """How the page is encoded stands first, where every browser finds it; then the policy, which names the hash of every inline script."""
    for name, page in pages.items():
        charset, meta = page.head.find_all(True, recursive=False, limit=2)
        assert charset.attrs == {"charset": "utf-8"} and len(page.select("meta[charset]")) == 1, name
        assert meta.get("http-equiv") == "Content-Security-Policy", name
        assert "unsafe" not in meta["content"] and "http" not in meta["content"]
        for digest in publish.script_hashes((site / name).read_text("utf-8")):
            assert digest in meta["content"]


def test_publishing_twice_changes_nothing(site, monkeypatch):
    """after_build can run on a site that it has already seen."""
    monkeypatch.setenv("YEAR", "2027")  # as the site was built
    before = {file: file.read_bytes() for file in site.rglob("*") if file.suffix in (".html", ".js", ".css")}
    publish.after_build(site)
    assert {file for file in before if file.read_bytes() != before[file]} == set()


def test_nothing_stands_between_two_titles(pages):
    """GB/T 15834: no 、 between 》 and 《, in templates as in what macros print."""
    assert [(name, found) for name, page in pages.items() for found in re.findall("《[^》]*》、《[^》]*》", page.get_text())] == []


def test_pages_printed_from_data_are_complete(pages):
    """Every citable policy, observance, source, rule and blank stands on its page."""
    policies = pages["policies.html"]
    for policy in DATA.policies:
        assert bool(policies.find(id=policy.id)) == policy.citable, policy.id
        if policy.status == "unverified":
            assert policy.title not in policies.get_text()
    calendar = pages["calendar.html"].get_text()
    assert all(item.name in calendar for item in DATA.observances)
    sources = pages["sources.html"]
    assert len(DATA.sources) == 18
    assert all(sources.find(id=f"source-{ident}") for ident in DATA.sources)
    rules = pages["contributing/rules.html"]
    assert all(rules.find(id=ident.lower()) for ident in DATA.rules)
    labels = pages["contributing/format.html"].get_text()
    assert all(f"【{blank.label}】" in labels for blank in DATA.fields)


def test_unit_and_year_can_be_baked_in(small_project, tmp_path):
    """A union that hosts its own copy builds with its name and year; every date follows."""
    target = tmp_path / "baked"
    result = run("mkdocs", "build", "--site-dir", str(target), cwd=small_project, UNIT="某乡中心<b>学校", YEAR="2031")
    assert result.returncode == 0, result.stderr
    page = article(target / "school/annual-plan.html")
    assert page.h1.get_text().startswith("某乡中心<b>学校工会2031年")
    assert "××" not in page.get_text()
    summary = article(target / "hospital/annual-summary.html")
    assert "2030年" in summary.h1.get_text()


@pytest.mark.parametrize("year", ["1999", "2100", "明年", "20270"])
def test_impossible_year_ends_the_build_plainly(project, tmp_path, year):
    """A wrong YEAR gets one Chinese line and no traceback."""
    result = run("mkdocs", "build", "--site-dir", str(tmp_path / "out"), cwd=project, YEAR=year)
    assert result.returncode != 0
    assert f"YEAR 为“{year}”" in result.stderr and "Traceback" not in result.stderr


def test_broken_links_and_anchors_stop_the_build(small_project, tmp_path):
    """The build is strict about links between pages."""
    page = small_project / "docs/calendar.md"
    page.write_text(page.read_text("utf-8") + "\n[没有这页](nowhere.md)\n[没有这节](policies.md#no-such-law)\n", "utf-8")
    result = run("mkdocs", "build", "--site-dir", str(tmp_path / "out"), cwd=small_project)
    assert result.returncode != 0
    assert "nowhere.md" in result.stderr and "no-such-law" in result.stderr


def plain_article(page: BeautifulSoup) -> str:
    """The article as written by template and macros, without what each theme puts around it."""
    content = page.select_one("article.md-content__inner")
    for extra in content.select("a.md-content__button, nav.plan-path, .md-source-file, .headerlink, #__skip"):
        extra.decompose()
    return re.sub(r"\s+", " ", content.decode_contents()).strip()


def test_zensical_builds_the_same_articles(site, tmp_path):
    """The same mkdocs.yml builds with the other engine, and every article is the same HTML."""
    project = copy_project(tmp_path / "project")
    for command in (("zensical", "build"), ("macros.cli", "publish")):  # the hook that publishes is MkDocs's only
        result = run(*command, cwd=project, YEAR="2027")
        assert result.returncode == 0, result.stdout + result.stderr
    for path in TEMPLATES + reader.page_files(ROOT):
        ours = plain_article(soup(site / page_of(path)))
        theirs = plain_article(soup(project / "site" / page_of(path)))
        assert ours == theirs, path
