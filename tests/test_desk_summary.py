"""From a plan to the frame of its year-end summary."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from macros import reader

#: For what does not depend on where the page comes from.
OVER_HTTP = pytest.mark.opened("http")
TEMPLATES = [path for path in reader.contributed_files(ROOT) if reader.is_template(path)]
NUMBER = re.compile("^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
#: Headings of the sections of a theme that contain no others; those of summaries and schedules have none.
LEAVES = ".plan-section[data-theme]:not([data-theme=guidance], :has(section)) > :is(h2, h3) > span:first-child"
ORDER = ["总体情况", "工作完成情况", "特色做法", "存在不足", "下一步打算"]


def opened(watched, path: str):
    watched.open(path)
    watched.page.locator("#tool-copy-rich").wait_for()
    return watched.page


def frame(page, doc=None):
    """The frame of the page, or of `doc`."""
    return page.evaluate("""async (doc) => {
        await Plans.load("assets/javascripts/summary-frame.js");
        return Plans.summaryFrame.make(doc || Plans.document.fromArticle(document.querySelector("article")));
    }""", doc)


def words(block) -> str:
    return "".join(run["t"] for run in block["runs"])


def section(level: int, heading: str, ident=None, theme=None, blocks=()) -> dict:
    return {"level": level, "heading": heading, "id": ident, "theme": theme, "from": None, "blocks": list(blocks)}


def doc(*sections, title="××学校工会2027年工作计划") -> dict:
    return {"title": title, "intro": [], "sections": list(sections), "unit": "××学校工会", "date": "2027年1月8日"}


TASK = section(3, "做一件事", "care", "care")


@OVER_HTTP
@pytest.mark.parametrize("path", TEMPLATES)
def test_every_plan_has_a_frame_with_its_tasks_in_order(watched, path):
    """Each task once, with the three blanks for each of its measures; a summary alone has no button."""
    page = opened(watched, path.removeprefix("docs/").removesuffix(".md") + ".html")
    made = frame(page)
    if re.search(r"\nkind: (event-)?summary\n", (ROOT / path).read_text(encoding="utf-8")):
        assert page.locator("#tool-summary").count() == 0
        return
    assert page.locator("#tool-summary").count() == 1
    assert [each["heading"] for each in made["sections"] if each["level"] == 2] == ORDER
    tasks = [each for each in made["sections"] if each["level"] == 3]
    first_level = f"article > {LEAVES.replace(':is(h2, h3)', 'h2')}"
    shown = page.locator(f"#tasks {LEAVES}, {first_level}" if page.locator("#tasks").count() else LEAVES)
    assert [each["heading"] for each in tasks] == [NUMBER.sub("", text) for text in shown.all_inner_texts()] and tasks
    for each in tasks:
        assert each["theme"] and each["blocks"]
        for block in each["blocks"]:
            blanks = [run["t"] for run in block["runs"] if run.get("e") and "f" not in run]
            assert blanks == ["【完成情况】", "【数据】", "【未完成原因】"]
            assert "责任：" not in words(block)
    assert made["title"].endswith("工作总结") or made["title"].endswith("总结")
    assert "计划" not in made["title"] and "要点" not in made["title"]
    assert made["unit"] and made["date"] == "【成文日期】"


@OVER_HTTP
def test_measures_keep_their_first_sentence_and_their_proof(watched):
    made = frame(opened(watched, "school/annual-plan.html"))
    task = next(each for each in made["sections"] if each["id"] == "democracy")
    assert words(task["blocks"][0]) == (
        "计划：2月下旬清点代表，缺额由所在年级组、处室的教职工直接选举补足。完成情况：【完成情况】。数据：【数据】。未完成原因：【未完成原因】。"
        "（依据：选举记录、代表名册、审定意见）")
    assert [block["n"] for block in task["blocks"]] == [1, 2, 3]
    care = next(each for each in made["sections"] if each["id"] == "care")
    assert {"t": "【困难职工人数】", "f": "hardship-count", "e": True} in care["blocks"][2]["runs"]


@OVER_HTTP
def test_goals_are_asked_for_one_by_one(watched):
    made = frame(opened(watched, "school/annual-plan.html"))
    overview = made["sections"][0]
    table = overview["blocks"][1]
    assert ["".join(run["t"] for run in cell) for cell in table["head"]] == ["目标", "标准", "完成情况", "核对依据"]
    assert all(row[2] == [{"t": "【完成情况】", "e": True}] for row in table["rows"]) and len(table["rows"]) == 7
    assert "计划安排任务7项" in words(overview["blocks"][0])


@OVER_HTTP
@pytest.mark.parametrize("title, expected", [
    ("××学校工会2027年工作计划", "××学校工会2027年工作总结"),
    ("××学校工会2027年工作要点", "××学校工会2027年工作总结"),
    ("××局工会2026年工作总结和2027年工作计划", "××局工会2027年工作总结"),
    ("××街道总工会2027年上半年工作总结和下半年工作计划", "××街道总工会2027年下半年工作总结"),
    ("××学校工会2027年秋季学期（下半年）工作计划", "××学校工会2027年秋季学期（下半年）工作总结"),
    ("××医院工会女职工专项工作方案", "××医院工会女职工专项工作总结"),
    ("草稿 1", "草稿 1工作总结"),
])
def test_titles(watched, title, expected):
    page = opened(watched, "school/key-points.html")
    assert frame(page, doc(section(2, "重点任务", "tasks"), TASK, title=title))["title"] == expected


@OVER_HTTP
def test_what_is_a_task(watched):
    """Under 重点任务 everything; elsewhere what has a theme; nothing that looks back or sets the aim."""
    page = opened(watched, "school/key-points.html")
    made = frame(page, doc(
        section(3, "单取的一节", "women", "women"), section(2, "总体要求", "guidance", "guidance"),
        section(2, "工作完成情况", "review"), section(3, "去年的事", "old", "care"), section(2, "重点任务", "tasks"), TASK, section(3, "没有主题", "x"),
        section(2, "文体活动", "culture", "culture", [{"type": "p", "runs": [{"t": "跑步。"}]}]), section(2, "保障措施", "safeguards")))
    assert [each["heading"] for each in made["sections"] if each["level"] == 3] == ["单取的一节", "做一件事", "没有主题", "文体活动"]
    assert frame(page, doc(section(2, "保障措施", "safeguards"))) is None


def test_one_click_makes_a_draft_of_its_own(watched):
    """The draft page opens with the frame; a second click makes a second draft."""
    page = opened(watched, "school/annual-plan.html")
    for count in (1, 2):
        page.locator("#tool-summary").click()
        page.wait_for_url("**/draft.html*")
        page.wait_for_function("() => window.Plans && Plans.draft && Plans.draft.current")
        made = page.evaluate("Plans.draft.current()")
        assert made["title"] == "××学校工会2027年工作总结"
        assert [each["heading"] for each in made["sections"] if each["level"] == 2] == ORDER
        assert len(page.evaluate("Plans.draft.model.index().list.map((entry) => entry.name)")) == count
        page = opened(watched, "school/annual-plan.html")
    page.locator("section.plan-section > h2").first.get_by_role("button", name="加入草稿").click()
    page.locator(".plans-live").filter(has_text="草稿是总结，加入的内容选自计划").wait_for()


def test_a_draft_gives_a_frame_too(watched):
    """From the draft in view the button makes a second draft: its tasks in summary order, under the draft's own title."""
    page = opened(watched, "school/annual-plan.html")
    page.get_by_role("button", name="整篇加入草稿").click()
    page.locator(".plans-live").filter(has_text="草稿").first.wait_for()
    watched.open("draft.html")
    page.get_by_role("button", name="生成总结框架").click()
    page.wait_for_function("() => window.Plans?.draft?.model?.index().list.length === 2")
    page.wait_for_function("() => Plans.draft.current && document.querySelector('.plan-draft')")
    made = page.evaluate("Plans.draft.current()")
    assert [each["heading"] for each in made["sections"] if each["level"] == 2] == ORDER


@OVER_HTTP
def test_a_text_without_tasks_is_told_so(watched):
    page = opened(watched, "hospital/annual-summary.html")
    assert page.evaluate("Plans.summary.start(Plans.document.fromArticle(document.querySelector('article')))") is False
    page.locator(".plans-live").filter(has_text="没有可以转为总结的任务").wait_for()
