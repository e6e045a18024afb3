"""The filled examples: one a sector, every blank filled, nothing that a profile could change."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from rendering import DATA, front_matter

from macros import examples, fence, marks, reader
from macros.model import Example, Template

BY_URL = {template.url: template for template in fence.fenced_templates(ROOT)}
_BLANK = re.compile("【([^【】]+)】")


def test_there_is_one_for_every_sector():
    assert [example.id for example in DATA.examples] == list(DATA.sectors)
    assert all(example.template.startswith(f"{example.id}/") for example in DATA.examples)


@pytest.mark.parametrize("example", DATA.examples, ids=lambda example: example.id)
def test_every_blank_is_filled_and_no_value_is_left_over(example):
    """The blanks of the text above the notes, and the date of the signature."""
    body = BY_URL[f"{example.template}.md"].body.split("!!! note")[0]
    assert set(example.values) == {*_BLANK.findall(body), "成文日期"}


@pytest.mark.parametrize("example", DATA.examples, ids=lambda example: example.id)
def test_values_are_of_the_type_of_their_blank(example):
    forms = {"number": r"\d+", "rate": r"\d+(\.\d+)?%", "money": r"[\d.,]+(元|万元)", "date": r"\d{4}年\d{1,2}月\d{1,2}日", "text": r"[^\n]+"}
    for label, value in example.values.items():
        assert re.fullmatch(forms[DATA.fields_by_label[label].type], value), (label, value)


@pytest.mark.parametrize("example", DATA.examples, ids=lambda example: example.id)
def test_the_page_is_a_finished_paper(site, example):
    """Title with the unit, numbered headings, signature; no blank, no place to fill, no section that tools would take."""
    page = BeautifulSoup((site / f"examples/{example.id}.html").read_text("utf-8"), "lxml").article
    text = page.get_text()
    assert page.h1.get_text().startswith(f"{example.unit}工会{example.year}年") or example.unit in page.h1.get_text()
    assert page.h2.get_text().startswith("一、") and example.values["成文日期"] in text
    assert not _BLANK.findall(text) and "××" not in text
    assert not page.select("[data-fill], .plan-section, .observance, .phrase")
    assert len(page.select(".plan-example-value")) >= len(example.values)
    template = (site / f"{example.template}.html").read_text("utf-8")
    assert f"../examples/{example.id}.html" in template


def test_a_value_is_text_and_a_missing_one_stays_a_blank():
    """Mark-up in a value means nothing; macros in it are not printed."""
    example = Example(id="school", template="school/x", unit="<b>甲</b>校", year=2030, note="虚构", values={"会员人数": "**8** {{ 年度 }} <i>"})
    template = Template("docs/school/x.md", front_matter(), "# {{ 单位 }}{{ 年度 }}年\n\n## 目标 {: theme=care }\n\n有【会员人数】人、【提案件数】件。\n\n{{ 落款() }}\n", 1)
    text = examples.filled(example, template, DATA, lambda name: template)
    assert "## 一、目标\n" in text and "【提案件数】" in text and "2030年" in text
    assert "<b>" not in text and "<i>" not in text and "**8**" not in marks.plain(text)


def test_an_unknown_blank_is_told(tmp_path):
    """The line of data/examples.yml, what was found, what is expected."""
    (tmp_path / "data").mkdir()
    for file in (ROOT / "data").glob("*.yml"):
        (tmp_path / "data" / file.name).write_text(file.read_text("utf-8").replace("      会员人数:", "      会员人头:", 1), "utf-8")
    with pytest.raises(reader.LibraryError) as caught:
        reader.load_data(tmp_path)
    assert any("examples.yml" in finding.path and "没有收录的空白“会员人头”" in finding.found for finding in caught.value.findings)
