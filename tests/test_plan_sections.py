"""The Markdown extension: sections, numbers and ids of headings, blanks, and what it leaves alone."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering import DATA, converter, front_matter, render, to_soup, vocabulary

from macros.numbering import chinese_number
from macros.plan_sections import PlanSections, makeExtension

PLAN = """# 总标题

引言。

## 总体要求 {: theme=guidance }

要求。

## 重点任务

### 开好会议 {: theme=democracy }

1. 第一条。

### 走访慰问 {: theme=care id=visits }

文字。

## 保障措施

措施。
"""
END = """
<div class="plan-signature">
<p class="plan-signature-unit">××学校工会</p>
</div>

!!! note "填写说明"

    - 先查【会员人数】。
"""


def outline(element) -> list:
    """Sections as nested lists: [id, children …]."""
    found = []
    for section in element.find_all("section", recursive=False):
        found.append([section.get("id"), *outline(section)])
    return found


def headings(article) -> list[str]:
    return [re.sub("¶$", "", heading.get_text()) for heading in article.select("h1, h2, h3, h4")]


# --- sections ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body, expected", [
    ("1. 有**重点**的【会员人数】人。", "<p>有<strong>重点</strong>的"), ("1. 甲。\n2. 乙。", "<ol>"), ("1. 甲。\n\n文字。\n\n2. 乙。", "<ol>"), ("- 甲。", "<ul>"),
    ("1. 甲。\n    1. 乙。\n    2. 丙。", "<p>甲。"), ("1. 甲。\n\n    乙。", "<p>甲。</p>\n<p>乙。</p>")])
def test_an_item_that_stands_alone_has_no_number(body, expected):
    """A list of one is a paragraph; what stands in it is kept. Elsewhere than in a template, lists stay."""
    section = to_soup(f"# 题\n\n## 任务 {{: theme=care }}\n\n{body}\n").section
    assert str(section.find(["p", "ol", "ul"])).startswith(expected.split("\n")[0])
    assert "".join(expected.split("\n")) in "".join(str(section).split("\n"))
    assert to_soup("1. 甲。").ol


def test_sections_nest_as_their_headings_do():
    """Each heading opens a section that holds all up to the next heading of its level; the introduction stands before."""
    article = to_soup(PLAN)
    assert outline(article) == [["guidance"], ["tasks", ["democracy"], ["visits"]], ["safeguards"]]
    assert [child.name for child in article.find_all(recursive=False)] == ["h1", "p", "section", "section", "section"]
    tasks = article.select_one("section#tasks")
    assert tasks.select_one("section#democracy > p").get_text() == "第一条。"
    assert [section.get("data-theme") for section in article.select("section")] == ["guidance", None, "democracy", "care", None]
    assert all(section["class"] == ["plan-section"] for section in article.select("section"))


def test_headings_keep_no_trace_of_the_work():
    """Neither attribute lists nor marks for later steps reach the page; the id stands on the section only."""
    article = to_soup(PLAN)
    assert "{:" not in article.get_text() and "theme=" not in article.get_text()
    assert all(set(heading.attrs) <= {"id"} for heading in article.select("h1, h2, h3"))
    assert [heading.get("id") for heading in article.select("h1, h2, h3")] == ["title"] + [None] * 5


def test_a_link_at_each_heading_leads_to_its_section():
    """The permalinks of toc and the ids of sections agree."""
    article = to_soup(PLAN)
    links = [link["href"].removeprefix("#") for link in article.select("a.headerlink")]
    assert links == ["title", "guidance", "tasks", "democracy", "visits", "safeguards"]
    assert all(article.find(id=ident) for ident in links)


def test_signature_and_notes_stand_outside_the_sections():
    """What is not part of the plan's text is not copied with its last section."""
    article = to_soup(PLAN + END)
    assert [child.name for child in article.find_all(recursive=False)][-3:] == ["section", "div", "div"]
    assert not article.select("section .plan-signature, section .admonition")
    assert "措施。" in article.select_one("section#safeguards").get_text()


def test_notes_without_a_signature_stand_outside_too():
    """The notes alone also close the sections."""
    article = to_soup(PLAN + '\n!!! note "填写说明"\n\n    - 先查。\n')
    assert not article.select("section .admonition")


def test_other_html_blocks_stay_in_their_section():
    """Only the signature closes a section, not any block."""
    article = to_soup(PLAN + '\n<div class="plan-table"><p>表</p></div>\n')
    assert article.select("section#safeguards .plan-table")


# --- numbers ----------------------------------------------------------------------------------------------


def test_numbers_are_text_of_headings_and_table_of_contents():
    """What is copied keeps its numbers, and the page's outline shows the same ones."""
    expected = ["总标题", "一、总体要求", "二、重点任务", "（一）开好会议", "（二）走访慰问", "三、保障措施"]
    assert headings(to_soup(PLAN)) == expected
    md = converter()
    md.convert(PLAN)

    def names(tokens):
        return [name for token in tokens for name in (html.unescape(token["name"]), *names(token["children"]))]

    assert names(md.toc_tokens) == expected


def test_title_and_deeper_levels_have_no_number():
    """Only levels 2 and 3 are numbered."""
    assert headings(to_soup("# 甲\n\n## 乙 {: theme=care }\n\n#### 丙\n")) == ["甲", "一、乙", "丙"]


def test_a_heading_of_nothing_but_a_macro():
    """Macro, blank or bold text at the beginning of a heading come after its number."""
    text = "# {{ 单位 }}\n\n## {{ 公开 }} {: theme=openness }\n\n## 【会员人数】{: theme=care }\n\n## **重** {: theme=women }\n"
    article = render(text, vocabulary(front_matter("agency")))
    assert headings(article) == ["××局", "一、会务公开", "二、【会员人数】", "三、重"]
    choice = render("# 甲\n\n## {{ 职工 }} {: theme=care }\n", vocabulary(front_matter()))
    assert headings(choice) == ["甲", "一、教职工"]
    assert choice.select_one("section#care h2 span.fill").get_text() == "教职工"


# --- ids --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", DATA.headings, ids=lambda heading: heading.id)
def test_fixed_headings_have_the_id_of_the_list(heading):
    """Each spelling of a fixed heading gets the same id."""
    for name in heading.names:
        article = to_soup(f"# 甲\n\n## {name}\n\n## 乙 {{: theme=care }}\n")
        assert outline(article) == [[heading.id], ["care"]]


def test_ids_do_not_depend_on_what_comes_before():
    """A section keeps its address when another is put before it."""
    ids = {section["id"] for section in to_soup(PLAN).select("section")}
    longer = to_soup(PLAN.replace("## 总体要求", "## 新的 {: theme=women }\n\n## 总体要求"))
    assert {section["id"] for section in longer.select("section")} == ids | {"women"}


def test_a_theme_twice_gets_two_ids():
    """Shared sections may bring a theme that the template has too: the ids stay unique."""
    attributes = ["theme=care", "theme=care", "theme=care id=care-2", "id=title"]
    article = to_soup("# 甲\n\n" + "".join(f"## 乙 {{: {text} }}\n\n" for text in attributes))
    assert [section["id"] for section in article.select("section")] == ["care", "care-2", "care-2-2", "title-2"]
    assert [section["data-theme"] for section in article.select("section[data-theme]")] == ["care"] * 3


parts = st.lists(st.tuples(
    st.sampled_from([2, 2, 3, 3, 1, 4]), st.sampled_from(["甲", "重点任务", "【会员人数】", "**乙**", "`丙`"]),
    st.sampled_from(["", " {: theme=care }", " {: theme=women id=x }", " {: id=tasks }", " {: theme=Bad }"]),
    st.sampled_from(["", "文字", "1. 条"])), min_size=1, max_size=12)


def document(parts) -> str:
    return "# 总标题\n\n" + "".join(f"{'#' * level} {text}{attributes}\n\n{body}\n\n" for level, text, attributes, body in parts)


@settings(deadline=None, max_examples=80)
@given(parts)
def test_any_order_of_headings_gives_sound_sections(parts):
    """Ids are unique, every section begins with its heading, levels nest, numbers count, no text is lost."""
    source = document(parts) + END
    article, plain = to_soup(source), source
    ids = [element["id"] for element in article.select("[id]")]
    assert len(ids) == len(set(ids))
    is_template = re.search(r"^#{1,3} .*\{: (theme|id)=[a-z]", plain, re.MULTILINE)
    numbered = [heading for heading in article.select("h2, h3") if is_template]
    assert len(article.select("section")) == len(numbered)
    second = third = 0
    for heading in numbered:
        section = heading.parent
        assert section.name == "section" and section.find(True) is heading and section.get("id")
        assert section.parent.name == "article" or (heading.name == "h3" and section.parent.find(True).name == "h2")
        second, third = (second + 1, 0) if heading.name == "h2" else (second, third + 1)
        number = f"{chinese_number(second)}、" if heading.name == "h2" else f"（{chinese_number(third)}）"
        assert heading.get_text().startswith(number)
    assert article.get_text().count("文字") == plain.count("文字")
    assert not article.select("section .plan-signature, section .admonition")


@settings(deadline=None, max_examples=40)
@given(parts, parts)
def test_one_converter_gives_the_same_for_the_same_text(first, second):
    """Nothing of one conversion is left for the next."""
    md = converter()
    before = md.convert(document(first))
    md.reset().convert(document(second))
    assert md.reset().convert(document(first)) == before


# --- blanks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source, place", [
    ("完成【会员人数】人", "p"), ("# 甲【会员人数】", "h1"), ("## 甲【会员人数】乙 {: theme=care }", "h2"), ("1. 有【会员人数】人", "li"),
    ("| 甲 |\n| --- |\n| 【会员人数】 |", "td"), ("| 【会员人数】 |\n| --- |\n| 甲 |", "th"), ("**共【会员人数】人**", "strong"),
    ('!!! note "填写说明"\n\n    - 查【会员人数】', "li"), ("【会员人数】", "p"),
])
def test_blanks_become_places_to_fill(source, place):
    """In every kind of text a blank of the list is a place to fill that still shows its name."""
    article = to_soup(source)
    span = article.select_one(f"{place} span.fill.fill-empty")
    assert (span["data-fill"], span.get_text()) == ("member-count", "【会员人数】")
    assert len(article.select("span")) == 1


def test_every_blank_of_the_list_is_known():
    """All labels, one after the other in one paragraph, become their own places."""
    article = to_soup("".join(f"【{blank.label}】" for blank in DATA.fields))
    assert [span["data-fill"] for span in article.select("span")] == [blank.id for blank in DATA.fields]


@pytest.mark.parametrize("text", ["【没有的空白】", "【】", "【会员人数", "会员人数】", "【会员 人数】", "【【会员人】数】", "【会员\n人数】"])
def test_other_brackets_stay_as_they_are(text):
    """What is not on the list is left untouched, for the check to report."""
    article = to_soup(f"甲{text}乙")
    assert article.get_text() == f"甲{text}乙" and not article.select("span")


def test_code_is_left_alone():
    """The guides show how a blank is written."""
    article = to_soup("写成`【会员人数】`。\n\n```markdown\n【会员人数】\n## 甲 {: theme=care }\n```\n")
    assert not article.select("span.fill") and article.get_text().count("【会员人数】") == 2 and not article.select("section")


# --- pages that are not templates ---------------------------------------------------------------------------------------


def test_pages_without_attributes_are_left_alone():
    """Guides and lists keep plain headings: no section, no number; only blanks and law links are marked."""
    article = to_soup("# 甲\n\n## 重点任务\n\n文字\n\n### 乙\n\n## 丙 {: .big }\n")
    assert headings(article) == ["甲", "重点任务", "乙", "丙 {: .big }"] and not article.select("section, [data-plan]")


def test_headings_inside_other_blocks_are_not_the_plans():
    """A heading in the notes or in a list is no part of the plan."""
    article = to_soup('# 甲\n\n## 乙 {: theme=care }\n\n!!! note "填写说明"\n\n    ## 丙\n\n- ## 丁\n')
    assert headings(article)[:2] == ["甲", "一、乙"] and {"丙", "丁"} <= set(headings(article))
    assert len(article.select("section")) == 1 and not article.select("[data-plan]")


@pytest.mark.parametrize("href, law", [
    ("../policies.md#labour-law", "labour-law"), ("policies.md#x", "x"), ("policies.md", None), ("../my-policies.md#x", None),
    ("calendar.md#x", None), ("#x", None),
])
def test_links_to_laws_are_marked(href, law):
    """A link to an entry of the policies page tells which law it is."""
    link = to_soup(f"[甲]({href})").a
    assert link.get("data-policy") == law and link.get("class") == (["policy"] if law else None)


# --- options ------------------------------------------------------------------------------------------------------------


def test_faulty_data_do_not_stop_an_engine_from_loading_the_extension(tmp_path):
    """The plain messages about data come later, from the macros; loading must not end in a traceback before."""
    extension = makeExtension(root=str(tmp_path))
    assert isinstance(extension, PlanSections)
    md = converter()
    extension.extendMarkdown(md)
    assert md.convert("文字") == "<p>文字</p>"
