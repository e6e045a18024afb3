"""The scripts' data: what is written into the built site, and from which project."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, run

from macros import desk_data, observance_dates, publish, reader, vocabulary


def written(site) -> dict:
    """The whole data, which desk-all.js of a site adds."""
    text = (site / "assets/data/desk-all.js").read_text(encoding="utf-8")
    assert text.startswith("Object.assign(Plans.data,{") and text.endswith("});\n")
    return json.loads(text.removeprefix("Object.assign(Plans.data,").removesuffix(");\n"))


def test_every_part_of_the_data_is_there(monkeypatch):
    """Fields, sectors, phrases, observances, citable policies and templates, under their ids."""
    monkeypatch.setenv("YEAR", "2031")
    monkeypatch.delenv("UNIT", raising=False)
    data, desk = reader.data_cached(ROOT), desk_data.desk(ROOT)
    assert desk["year"] == 2031 and "unit" not in desk
    assert list(desk["fields"]) == [blank.id for blank in data.fields]
    assert desk["fields"]["member-count"]["label"] == "会员人数"
    assert desk["sectors"]["school"]["choices"]["staff"][0] == desk["sectors"]["school"]["words"]["staff"]
    assert set(desk["words"]) == {word.id for word in data.words}
    assert set(desk["observances"]) == {item.id for item in data.observances}
    assert set(desk["policies"]) == {policy.id for policy in data.policies if policy.citable}
    assert desk["phrases"]["five-year-plan"]["versions"][0] | {"text": ""} == {"from": 2026, "until": 2030, "text": ""}
    assert desk["templates"]["school/annual-plan.html"] == {
        "title": "学校工会年度工作计划", "sector": "school", "kind": "annual-plan"}
    assert desk["templates"]["hospital/annual-summary.html"]["year_offset"] == -1
    assert "year_offset" not in desk["templates"]["school/teachers-day-summary.html"]  # the year was chosen
    paths = [path for path in reader.contributed_files(ROOT) if reader.is_template(path)]
    assert set(desk["templates"]) == {path.removeprefix("docs/").removesuffix(".md") + ".html" for path in paths}


def test_tables_give_the_day_of_every_year():
    """Rules that the browser cannot work out stand in a table, four digits a year."""
    data, desk = reader.data_cached(ROOT), desk_data.desk(ROOT)
    for item in data.observances:
        table = desk["tables"].get(item.id)
        assert (table is not None) == (item.rule.type in ("lunar", "lunar_new_year_eve", "solar_term")), item.id
        for year in range(2000, 2100) if table else ():
            first = observance_dates.resolve(item.rule, year).first
            at = (year - 2000) * 4
            assert date(year, int(table[at : at + 2]), int(table[at + 2 : at + 4])) == first, (item.id, year)


def test_a_page_carries_the_part_that_its_text_needs(site):
    """What every page asks for does not grow with the library; a page adds the entries its own text names."""
    text = (site / "assets/data/desk.js").read_text(encoding="utf-8")
    shared = json.loads(text.removeprefix("Plans.data=").removesuffix(";\n"))
    assert shared["sectors"] and [part for part, value in shared.items() if value == {}] == [
        "fields", "phrases", "observances", "tables", "policies", "templates"]
    page = BeautifulSoup((site / "school/annual-plan.html").read_text("utf-8"), "lxml")
    own = json.loads(page.find(id="plans-page").string)
    assert set(own["templates"]) == {"school/annual-plan.html"}
    blanks = {node["data-fill"] for node in page.select("[data-fill]")} - {"unit", "year"}
    assert set(own["fields"]) == {ident for ident in blanks if not ident.startswith("word-")}
    assert set(own["policies"]) == {node["data-policy"] for node in page.select("[data-policy]")}
    assert set(own["observances"]) == {node["data-observance"] for node in page.select("[data-observance]")}
    assert BeautifulSoup((site / "sources.html").read_text("utf-8"), "lxml").find(id="plans-page") is None


def test_scripts_and_styles_come_in_one_file_each(site):
    """In the order of mkdocs.yml, which matters to scripts; each page asks for the bundle only."""
    files = desk_data.own_files(ROOT)
    script = (site / "assets/javascripts/desk.bundle.js").read_text("utf-8")
    parts = [(site / file).read_text("utf-8").rstrip() for file in files if file.endswith(".js")]
    places = [script.index(part) for part in parts]
    assert len(parts) >= 12 and places == sorted(places) and "Plans.data=" in script
    for page in ("index.html", "school/annual-plan.html", "404.html"):
        html = (site / page).read_text("utf-8")
        assert html.count("desk.bundle.js") == html.count("desk.bundle.css") == 1
        assert not [file for file in files if file in html]


def test_first_view_of_a_template_fits_100_kb(site):
    """All that the page asks for by itself, compressed as hosts send it."""
    page = "school/annual-plan.html"
    html = (site / page).read_text("utf-8")
    asked = {(site / page).parent / address for address in re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^":]+\.(?:js|css|png))"', html)}
    assert len(asked) == 6
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in [site / page, *asked]) <= 98 * 1024  # and the headers of the answers


def test_no_value_can_end_the_script():
    """Quotes, closing tags and the line separators of scripts are written so that they stay inside their string."""
    hostile = '</script><!--"\\\u2028\u2029\n\'&'
    text = desk_data.script("Plans.data", {"a": hostile})
    assert not set("<>&\u2028\u2029") & set(text) and text.count("\n") == 1
    assert json.loads(text.removeprefix("Plans.data=").removesuffix(";\n")) == {"a": hostile}


@pytest.mark.parametrize("year, unit", [("2029", "某市第一医院"), ("", "")])
def test_settings_are_those_of_the_build(monkeypatch, year, unit):
    """UNIT and YEAR reach the data as they reach the pages; without them the usual defaults hold."""
    monkeypatch.setenv("YEAR", year)
    monkeypatch.setenv("UNIT", unit)
    settings = desk_data.settings_of(ROOT)
    assert settings.unit == (unit or None)
    assert settings.year == (int(year) if year else vocabulary.default_plan_year(date.today()))


def test_wrong_year_is_told(monkeypatch):
    monkeypatch.setenv("YEAR", "27")
    with pytest.raises(vocabulary.SettingsError, match="YEAR"):
        desk_data.settings_of(ROOT)


def test_settings_may_stand_in_the_configuration(tmp_path):
    """A fork that writes its unit into mkdocs.yml gets it in the pages and in the data."""
    (tmp_path / "mkdocs.yml").write_text("extra: {unit: 某县总工会, year: 2030}\nplugins: [!!python/name:a.b '']\n", encoding="utf-8")
    assert desk_data.settings_of(tmp_path) == vocabulary.Settings("某县总工会", 2030)
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", encoding="utf-8")
    assert desk_data.settings_of(tmp_path).unit is None


def test_data_is_that_of_the_project_that_was_built(project, tmp_path):
    """A copy built elsewhere has its own data, whichever project the code was loaded from."""
    fields = project / "data/fields.yml"
    fields.write_text(fields.read_text(encoding="utf-8").replace("以工会会员名册为准", "以副本的名册为准", 1), encoding="utf-8")
    site = tmp_path / "site"
    site.mkdir()
    publish.after_build(site, project)
    assert written(site)["fields"]["member-count"]["hint"] == "以副本的名册为准"
    publish.after_build(site)
    assert written(site)["fields"]["member-count"]["hint"] == "以工会会员名册为准"


def test_both_ways_to_publish_write_the_same(small_project, tmp_path):
    """The MkDocs hook and the command line, each in a copy of the project."""
    project = small_project
    assert run("mkdocs", "build", "--site-dir", str(tmp_path / "hook"), cwd=project, YEAR="2028").returncode == 0
    site = project / "site"
    site.mkdir()
    done = run("macros.cli", "publish", cwd=project, YEAR="2028")
    assert done.returncode == 0, done.stderr
    assert written(site) == written(tmp_path / "hook")
    assert written(site)["year"] == 2028


def test_one_build_after_the_other_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        publish.after_build(tmp_path / name, ROOT)
    for file in ("desk.js", "desk-all.js", "check.js"):
        assert (tmp_path / "a/assets/data" / file).read_bytes() == (tmp_path / "b/assets/data" / file).read_bytes()
