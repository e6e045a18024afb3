"""Drafts in a real browser: sections go in from templates, are put in order, edited, kept, and given away."""

from __future__ import annotations

import json
import re

import pytest

#: Over http, but for what could be different from a folder.
pytestmark = pytest.mark.opened("http")
EVERYWHERE = pytest.mark.opened("http", "file")

SCHOOL, HOSPITAL = "school/annual-plan.html", "hospital/annual-plan.html"
HOSTILE = '<img src=x onerror=alert(1)>"&{{7*7}}'
DRAFT = "() => { const {current} = Plans.store.get('drafts'); return Plans.store.get('draft:' + current); }"


def said(page, words: str) -> None:
    """Wait until the page says this."""
    page.locator(".plans-live", has_text=words).wait_for()


def add_section(watched, template: str, number: int = 0) -> None:
    """Press “加入草稿” beside a heading of the first level."""
    watched.open(template)
    watched.page.locator("section.plan-section > h2").nth(number).get_by_role("button", name="加入草稿").click()
    said(watched.page, "已加入草稿")


def section(n: int, level: int = 2, **changes) -> dict:
    runs = [{"t": f"第{n}节的正文，会员"}, {"t": "【会员人数】", "f": "member-count", "e": True}, {"t": "人。"}]
    return {"k": f"s{n}", "level": level, "heading": f"标题{n}", "theme": None, "id": f"a{n}", "from": SCHOOL,
            "blocks": [{"type": "p", "runs": runs}], **changes}


def keep(page, sections: list[dict], ident: str = "one", name: str = "草稿 1") -> None:
    """Put a draft into the browser's storage and show it."""
    draft = {"v": 1, "rev": "r1", "past": [], "name": name, "title": [], "intro": [], "sections": sections, "undo": [], "redo": []}
    page.evaluate("""([id, draft]) => {
      Plans.store.set('draft:' + id, draft);
      Plans.store.set('drafts', {current: id, list: [{id, name: draft.name, n: draft.sections.length}]});
    }""", [ident, draft])
    page.reload()
    page.locator(".plan-draft-paper").wait_for()


@pytest.fixture
def desk(watched):
    """The draft page, with a draft of four sections: 一、（一）二、三、."""
    watched.open("draft.html")
    watched.page.locator(".plan-draft").wait_for()
    keep(watched.page, [section(1), section(2, level=3), section(3), section(4)])
    return watched


def headings(page) -> list[str]:
    return page.locator(".plan-draft-section .plan-draft-heading").all_text_contents()


def press(page, name: str, heading: str | None = None) -> None:
    scope = page.locator(".plan-draft-section", has=page.get_by_role("heading", name=heading)) if heading else page.locator(".plan-draft-bar")
    scope.get_by_role("button", name=name, exact=heading is None).first.click()


def give_file(page, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    page.locator("input[type=file]").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": data})


# --- sections go in ---------------------------------------------------------------------------------


@EVERYWHERE
def test_sections_of_several_templates_make_one_draft(watched):
    """Numbers follow, the count is shown, the title comes from the first template."""
    add_section(watched, SCHOOL, 1)
    add_section(watched, HOSPITAL, 1)
    page = watched.page
    assert page.locator(".plan-draft-link").inner_text() == "草稿 2"
    page.locator(".plan-draft-link").click()
    page.locator(".plan-draft-section").first.wait_for()
    assert [re.match("[一二]、", text) is not None for text in headings(page)] == [True, True]
    assert page.locator(".plan-draft-top .plan-draft-heading").inner_text() == "××学校工会2027年工作计划"
    assert page.locator(".plan-draft .plan-signature").inner_text().split() == ["××学校工会", "【成文日期】"]


def test_section_taken_twice_and_theme_taken_twice_are_pointed_out(watched):
    """Both go in all the same."""
    add_section(watched, SCHOOL)
    add_section(watched, SCHOOL)
    said(watched.page, "已加入过")
    add_section(watched, HOSPITAL)
    said(watched.page, "主题相同")
    watched.open("draft.html")
    notes = watched.page.locator(".plan-draft-note:visible")
    notes.nth(1).wait_for()
    assert "已加入过" in notes.nth(0).inner_text() and "主题相同" in notes.nth(1).inner_text()
    assert watched.page.locator(".plan-draft-section").count() == 3


def take(watched, theme: str) -> None:
    """Add the first section of a theme page."""
    watched.open(f"themes/{theme}.html")
    watched.page.locator(".plan-shelf h3").first.get_by_role("button", name="加入草稿").click()


def test_section_of_a_theme_goes_where_it_belongs(desk):
    """Behind its theme, else to the end of the tasks; it is said where, and can be taken back. A summary's section is pointed out."""
    page = desk.page
    keep(page, [section(1), section(2, id="tasks"), section(3, level=3, theme="rights"), section(4, level=3, theme="women"), section(5)])
    before = headings(page)
    take(desk, "rights")
    said(page, "排在“（一）标题3”之后，现为“（二）")
    take(desk, "home")
    said(page, "排在“（三）标题4”之后，现为“（四）")
    desk.open("school/annual-summary.html")
    page.locator("section.plan-section > h2").first.get_by_role("button", name="加入草稿").click()
    said(page, "草稿是计划，加入的内容选自总结")
    desk.open("draft.html")
    page.locator(".plan-draft-section").first.wait_for()
    now = headings(page)
    assert [now.index(f"（{n}）{title}") for n, title in (("一", "标题3"), ("三", "标题4"))] == [2, 4] and now[6] == "三、标题5" and len(now) == 8
    for _ in range(3):
        press(page, "撤销")
    assert headings(page) == before


def test_draft_begun_from_a_theme_page_has_the_title_of_a_plan(watched):
    """Not the theme's name; without tasks the section is a chapter."""
    watched.open("draft.html")
    watched.page.evaluate("Plans.profiles.update({unit: '红星小学', year: '2028'})")
    take(watched, "rights")
    said(watched.page, "已加入草稿")
    watched.open("draft.html")
    watched.page.locator(".plan-draft-section").first.wait_for()
    assert watched.page.locator(".plan-draft-top .plan-draft-heading").inner_text() == "红星小学工会2028年工作计划"
    assert headings(watched.page)[0].startswith("一、")


@EVERYWHERE
def test_whole_template_goes_in_with_its_subsections(watched):
    """The draft has the headings of the page, with the same numbers."""
    watched.open(SCHOOL)
    page = watched.page
    there = page.evaluate("() => { const doc = Plans.document.fromArticle(document.querySelector('article'));"
                          " return Plans.document.numbers(doc.sections).map((n, i) => n + doc.sections[i].heading); }")
    page.get_by_role("button", name="整篇加入草稿").click()
    said(page, "已加入草稿")
    watched.open("draft.html")
    page.locator(".plan-draft-section").first.wait_for()
    assert headings(page) == there
    assert page.locator(".plan-draft-note:visible").count() == 0


def test_second_whole_template_asks_where_it_goes(watched):
    """By keyboard: nowhere, into a draft of its own with title and opening, or behind what there is. A draft of the same template is not asked about."""
    add_section(watched, HOSPITAL, 1)
    page = watched.page
    watched.open(SCHOOL)
    page.set_viewport_size({"width": 360, "height": 740})
    whole, question = page.get_by_role("button", name="整篇加入草稿"), page.get_by_role("dialog", name="已有其他模板的内容")
    count = "Plans.store.get('drafts').list.map((entry) => entry.n)"
    for _ in range(2):
        whole.press("Enter")
        question.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert question.get_by_role("button").all_inner_texts() == ["另建一份草稿（建议）", "接在现有草稿后面", "取消"]
        page.keyboard.press("Escape")
        question.wait_for(state="detached")
    assert page.evaluate(count) == [1]
    whole.press("Enter")
    question.wait_for()
    page.keyboard.press("Enter")
    said(page, "已加入草稿“草稿 2”")
    there = page.evaluate("(({title, intro, sections}) => [title, Plans.document.textOf(intro[0].runs), sections.length])"
                          "(Plans.document.fromArticle(document.querySelector('article')))")
    kept = page.evaluate(DRAFT)
    assert ["".join(run["t"] for run in runs) for runs in (kept["title"], kept["intro"][0]["runs"])] == there[:2]
    assert page.evaluate(count) == [1, there[2]]
    page.evaluate("Plans.store.set('drafts', {...Plans.store.get('drafts'), current: Plans.store.get('drafts').list[0].id})")
    whole.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "已加入草稿“草稿 1”")
    whole.click()
    question.wait_for()
    assert page.evaluate(count) == [1 + there[2], there[2]]


def test_sections_of_one_template_stand_in_its_order(watched):
    """Whatever comes first, the opening comes with it; a subsection goes below its heading, and one moved elsewhere does not mislead."""
    watched.open(SCHOOL)
    page = watched.page
    doc = page.evaluate("Plans.document.fromArticle(document.querySelector('article'))")
    tasks = page.locator("section.plan-section#tasks > section.plan-section > h3")
    for heading in (tasks.nth(2), page.locator("#schedule > h2"), tasks.nth(0), page.locator("section.plan-section > h2").first, tasks.nth(1)):
        name = heading.evaluate("(node) => Plans.document.fromSection(node.parentNode)[0].heading")
        heading.get_by_role("button", name="加入草稿").click()
        said(page, f"“{name}”")
    kept = page.evaluate(DRAFT)
    assert [item["id"] for item in kept["sections"]] == [item["id"] for item in doc["sections"] if item["id"] in {each["id"] for each in kept["sections"]}]
    assert {item["level"] for item in kept["sections"]} == {2} and kept["intro"] == doc["intro"]
    place = """([anchor, draft]) => { const {sections, ...page} = Plans.document.fromArticle(document.querySelector('article'));
      const take = (id) => ({...sections.find((item) => item.id === id), k: id});
      Plans.store.set('draft:x', {...Plans.store.get('draft:' + Plans.store.get('drafts').current), rev: 'r', sections: draft.map(take)});
      Plans.store.set('drafts', {current: 'x', list: [{id: 'x', name: 'x', n: 1}]});
      Plans.draft.model.add([take(anchor)], {...page, sections});
      return Plans.store.get('draft:x').sections.map(({id, level}) => [id, level]); }"""
    first, second, third = [item["id"] for item in doc["sections"] if item["level"] == 3][:3]
    assert page.evaluate(place, [second, ["schedule", "tasks", first, third]]) == [["schedule", 2], ["tasks", 2], [first, 3], [second, 3], [third, 3]]
    assert page.evaluate(place, ["schedule", ["tasks", first]])[-1] == ["schedule", 2]
    assert page.evaluate(place, ["tasks", ["schedule"]])[0] == ["tasks", 2]


def test_profile_is_not_kept_in_the_draft(watched):
    """Another profile finds its own values, never those of the one in use when the section was taken."""
    watched.open(SCHOOL)
    page = watched.page
    page.evaluate("Plans.profiles.update({unit: '红星小学', year: '2029', fields: {'sign-date': '2029年1月8日', 'unit-focus': '甲乙丙丁'}})")
    page.get_by_role("button", name="整篇加入草稿").click()
    said(page, "已加入草稿")
    kept = json.dumps(page.evaluate(DRAFT), ensure_ascii=False)
    assert "红星" not in kept and "2029" not in kept and "甲乙丙丁" not in kept
    watched.open("draft.html")
    paper = page.locator(".plan-draft-paper")
    paper.wait_for()
    assert page.locator(".plan-draft-top .plan-draft-heading").inner_text() == "红星小学工会2029年工作计划"
    assert paper.locator(".plan-signature").inner_text().split() == ["红星小学工会", "2029年1月8日"]
    page.evaluate("Plans.profiles.add('另一份', {unit: '东风小学'})")
    assert "红星" not in paper.inner_text() and "甲乙丙丁" not in paper.inner_text()
    assert page.locator(".plan-draft-top .plan-draft-heading").inner_text() == "东风小学工会2027年工作计划"


# --- order ------------------------------------------------------------------------------------------


def test_moving_by_keyboard_keeps_the_focus(desk):
    """A chapter takes along what is below it; the button pressed keeps the focus; numbers follow."""
    page = desk.page
    assert headings(page) == ["一、标题1", "（一）标题2", "二、标题3", "三、标题4"]
    button = page.get_by_role("button", name="下移“一、标题1”")
    button.focus()
    page.keyboard.press("Enter")
    assert headings(page) == ["一、标题3", "二、标题1", "（一）标题2", "三、标题4"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "下移“二、标题1”"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert headings(page) == ["一、标题3", "二、标题4", "三、标题1", "（一）标题2"]
    said(page, "已在最后")
    page.get_by_role("button", name="上移“（一）标题2”").focus()
    page.keyboard.press("Enter")
    assert headings(page) == ["一、标题3", "二、标题4", "（一）标题2", "三、标题1"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "上移“（一）标题2”"


def test_dragging_moves_a_section(desk):
    """The handle is dragged above the first section; Escape gives up."""
    page = desk.page
    press(page, "只看标题")

    def drag(give_up: bool) -> None:
        handle = page.locator(".plan-draft-section", has_text="标题4").locator(".plan-draft-handle").bounding_box()
        target = page.locator(".plan-draft-section").first.bounding_box()
        page.mouse.move(handle["x"] + 5, handle["y"] + 8)
        page.mouse.down()
        page.mouse.move(handle["x"] + 5, target["y"] + 2, steps=4)
        page.locator(".plan-draft-before").wait_for()
        if give_up:
            page.keyboard.press("Escape")
        page.mouse.up()

    page.locator(".plan-draft-paper").scroll_into_view_if_needed()
    drag(give_up=True)
    assert headings(page)[0] == "一、标题1"
    drag(give_up=False)
    assert headings(page) == ["一、标题4", "二、标题1", "（一）标题2", "三、标题3"]


def test_sixty_sections_are_not_drawn_anew_for_one_move(watched):
    """A step touches the sections it changes; all others stay the very same elements."""
    watched.open("draft.html")
    page = watched.page
    page.locator(".plan-draft").wait_for()
    keep(page, [section(n, id=f"a{n}") for n in range(60)])
    page.evaluate("document.querySelectorAll('.plan-draft-section, .plan-draft-section p').forEach((node) => { node.seen = true; })")
    press(page, "上移", "标题59")
    press(page, "下移", "标题0")
    press(page, "删除", "标题30")
    press(page, "撤销")
    assert len(headings(page)) == 60
    fresh = page.evaluate("[...document.querySelectorAll('.plan-draft-section')].filter((node) => !node.seen).length")
    assert fresh == 1  # the one that was away


# --- remove, undo -----------------------------------------------------------------------------------


@EVERYWHERE
def test_steps_can_be_taken_back_also_after_reload(desk):
    """Twenty-five steps back lead to the beginning, across a reload, and forward again."""
    page = desk.page
    before = headings(page)
    press(page, "删除", "标题1")
    assert headings(page) == ["一、标题3", "二、标题4"]
    for _ in range(12):
        press(page, "下移", "标题3")
        press(page, "上移", "标题3")
    page.reload()
    page.locator(".plan-draft-section").first.wait_for()
    for _ in range(24):
        press(page, "撤销")
    press(page, "撤销")
    assert headings(page) == before
    assert page.get_by_role("button", name="撤销").get_attribute("aria-disabled") == "true"
    press(page, "重做")
    assert headings(page) == ["一、标题3", "二、标题4"]
    page.locator(".plan-draft-section").first.get_by_role("button", name="上移").focus()
    page.keyboard.press("Control+z")
    assert headings(page) == before


# --- editing ----------------------------------------------------------------------------------------


@EVERYWHERE
def test_heading_and_text_are_edited_and_blanks_stay_blanks(desk):
    """Typed text is text, whatever it looks like; a new line is a new paragraph; 【】 of the list become blanks."""
    page = desk.page
    press(page, "修改", "标题3")
    page.keyboard.insert_text(HOSTILE)
    box = page.get_by_role("textbox", name="第1段")
    box.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("另有【女职工人数】名、【不在单上】。")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("第二段")
    page.get_by_role("button", name="完成", exact=True).click()
    assert headings(page)[2] == f"二、{HOSTILE}"
    kept = page.evaluate(DRAFT)["sections"][2]
    assert kept["heading"] == HOSTILE
    assert [run.get("f") for run in kept["blocks"][0]["runs"]] == [None, "member-count", None, "women-count", None]
    assert [run["t"] for run in kept["blocks"][1]["runs"]] == ["第二段"]
    page.reload()
    page.locator(".plan-draft-section p", has_text="第二段").wait_for()
    assert page.locator(".plan-draft img").count() == 0
    press(page, "撤销")
    assert headings(page)[2] == "二、标题3"
    assert page.locator(".plan-draft-section p", has_text="第二段").count() == 0


def test_text_typed_is_kept_without_a_button(desk):
    """Autosave: the page is left while the section is still being edited."""
    page = desk.page
    press(page, "修改", "标题4")
    page.keyboard.insert_text("改过的标题")
    desk.open("index.html")
    desk.open("draft.html")
    page.locator(".plan-draft-section").first.wait_for()
    assert headings(page)[3] == "三、改过的标题"


def test_numbers_of_a_list_follow(desk):
    """A line put into a numbered list moves the numbers below it."""
    page = desk.page
    items = [{"type": "li", "n": n, "runs": [{"t": f"事项{n}"}]} for n in (1, 2)]
    keep(page, [section(1, blocks=items)])
    press(page, "修改", "标题1")
    page.get_by_role("textbox", name="第1段").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("新事项")
    page.get_by_role("button", name="完成", exact=True).click()
    assert page.locator(".plan-draft-item").all_text_contents() == ["1.事项1", "2.新事项", "3.事项2"]
    blank = {"t": "【会员人数】", "f": "member-count", "e": True}
    keep(page, [section(1, blocks=[{"type": "li", "n": n + 1, "runs": [run]} for n, run in enumerate([{"t": "2月开会"}, blank])])])
    assert page.locator(".plan-draft-item").all_text_contents() == ["1. 2月开会", "2.【会员人数】"]  # no 1.2
    page.evaluate("Plans.profiles.update({ fields: { 'member-count': '12' } })")
    assert page.locator(".plan-draft-item").last.text_content() == "2. 12"


def test_blank_is_filled_on_the_draft(desk):
    """What is typed goes to the profile; all blanks of that name show it, and the text given away has it."""
    page = desk.page
    blank = page.locator(".plan-draft-section").first.get_by_role("button", name="【会员人数】")
    blank.focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="会员人数").fill("126")
    page.keyboard.press("Enter")
    assert page.locator(".plan-draft-section .fill").all_text_contents() == ["126"] * 4
    assert page.evaluate("Plans.profiles.current().fields['member-count']") == "126"
    assert page.evaluate("Plans.draft.current().then((doc) => Plans.document.toText(doc))").count("会员126人") == 4
    assert "126" not in json.dumps(page.evaluate(DRAFT)["sections"])
    # a filled place stays a place when the text around it is edited
    press(page, "修改", "标题1")
    page.get_by_role("textbox", name="第1段").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("完。")
    page.get_by_role("button", name="完成", exact=True).click()
    assert page.evaluate(DRAFT)["sections"][0]["blocks"][0]["runs"][1]["f"] == "member-count"


def test_a_day_and_a_number_are_settled_as_on_the_template(desk):
    """A day gets its year, which is that of the draft's text; a number loses its unit."""
    page = desk.page
    for name, typed, shown in (("成文日期", "3月5日", "2027年3月5日"), ("会员人数", "126 人", "126")):
        page.locator(".plan-draft-paper").get_by_role("button", name=f"【{name}】").first.click()
        page.get_by_role("textbox", name=name).fill(typed)
        page.keyboard.press("Enter")
        page.locator(".plan-draft-paper .fill", has_text=shown).first.wait_for()


def test_word_of_the_sector_is_changed_on_the_draft(desk):
    """As a number is: where the draft has it, for its sector alone. Where no sector is known it does not look as if it could be."""
    page = desk.page
    keep(page, [section(1, blocks=[{"type": "p", "runs": [{"t": "职代会", "f": "word-congress"}]}]),
                section(2, blocks=[{"type": "p", "runs": [{"t": "职代会", "f": "word-congress"}]}], **{"from": HOSPITAL})])
    words = page.locator(".plan-draft-section .fill")
    words.first.click()
    page.get_by_role("textbox", name="职代会", exact=True).fill("教代会（全校）")
    page.keyboard.press("Enter")
    said(page, "已填入")
    assert words.first.inner_text() == "教代会（全校）" and words.last.inner_text() != "教代会（全校）"
    assert page.evaluate("Plans.profiles.current().words") == {"school": {"congress": "教代会（全校）"}}
    keep(page, [section(1, **{"from": None})])
    union = page.locator(".plan-draft-top .fill[data-f=word-union]")
    union.hover()
    assert union.evaluate("(node) => [getComputedStyle(node).cursor, getComputedStyle(node).outlineStyle, node.tabIndex]") == ["auto", "none", -1]


def test_own_section_and_levels(desk):
    """A section of one's own is added, and made a subsection."""
    page = desk.page
    press(page, "添加一节")
    page.keyboard.insert_text("自拟事项")
    page.get_by_role("button", name="加一段").last.click()
    page.keyboard.insert_text("自己写的话。")
    page.get_by_role("button", name="升降一级").locator("visible=true").click()
    assert headings(page)[-1] == "（一）自拟事项"
    assert page.evaluate(DRAFT)["sections"][-1]["blocks"] == [{"type": "p", "runs": [{"t": "自己写的话。"}]}]


# --- tables -----------------------------------------------------------------------------------------


def schedule(*rows: tuple[str, str, str], **changes) -> dict:
    head, *body = [[[{"t": text}] for text in row] for row in (("月份", "工作安排", "时间节点"), *rows)]
    return section(1, id="schedule", heading="月度安排", blocks=[{"type": "table", "head": head, "rows": body}], **changes)


def cells(page) -> list[list[str]]:
    return page.evaluate(f"() => ({DRAFT})().sections[0].blocks.flatMap((block) => block.rows.map((row) => row.map(Plans.document.textOf)))")


def test_rows_are_taken_away_and_added(desk):
    """By keyboard; each is one step of the draft's own; the tools are no part of the text, and never stand at the head for removal."""
    page = desk.page
    rows = [["1月", "走访", "—"], ["2月", "补选", "—"]]
    keep(page, [schedule(*map(tuple, rows))])
    press(page, "修改", "月度安排")
    tools = page.locator(".plan-draft-row")
    assert not tools.count()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "TH":
        page.keyboard.press("Tab")
    assert tools.get_by_role("button").all_inner_texts() == ["在下方加一行"]
    page.get_by_role("textbox", name="表格第2行第3格").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "已删除表格“1月”一行")
    assert cells(page) == rows[1:]
    assert page.evaluate("document.activeElement.textContent") == "2月"
    assert "删除本行" not in page.evaluate("Plans.draft.current().then((doc) => Plans.document.toText(doc) + Plans.document.toHtml(doc))")
    page.emulate_media(media="print")
    assert tools.is_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("Control+z")
    assert cells(page) == rows
    page.get_by_role("textbox", name="表格第2行第1格").click()
    tools.get_by_role("button", name="在下方加一行").click()
    page.keyboard.insert_text("1月下旬")
    press(page, "完成", "月度安排")
    assert cells(page) == [rows[0], ["1月下旬", "", ""], rows[1]]
    press(page, "撤销")
    assert cells(page) == [rows[0], ["", "", ""], rows[1]]
    press(page, "撤销")
    assert cells(page) == rows


def test_row_tools_suit_a_finger_and_leave_the_row_where_it_is(desk):
    """On a phone: forty pixels high, and the row that is touched does not move when the tools come out from above it."""
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 740})
    keep(page, [schedule(*[(f"{n}月", "事项", "—") for n in range(1, 10)])])
    press(page, "修改", "月度安排")
    page.get_by_role("textbox", name="表格第3行第1格").click()
    other = page.get_by_role("textbox", name="表格第6行第1格")
    before = other.bounding_box()
    page.mouse.click(before["x"] + 9, before["y"] + 9)
    assert abs(other.bounding_box()["y"] - before["y"]) < 1
    heights = page.locator(".plan-draft-row button").evaluate_all("nodes => nodes.map((node) => node.offsetHeight)")
    assert len(heights) == 2 and min(heights) >= 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_table_without_rows_is_gone(desk):
    """With its head; undone, it is back."""
    page = desk.page
    keep(page, [schedule(("1月", "走访", "—"))])
    press(page, "修改", "月度安排")
    page.get_by_role("textbox", name="表格第2行第2格").click()
    page.get_by_role("button", name="删除本行").click()
    assert page.evaluate(DRAFT)["sections"][0]["blocks"] == []
    assert page.evaluate("document.activeElement.textContent") == "完成"
    press(page, "撤销")
    assert cells(page) == [["1月", "走访", "—"]]


def test_table_that_never_had_rows_stays(desk):
    """Typing beside it takes nothing away; it can be given a row."""
    page = desk.page
    bare = schedule()
    keep(page, [{**bare, "blocks": [{"type": "p", "runs": [{"t": "甲"}]}, *bare["blocks"]]}])
    press(page, "修改", "月度安排")
    page.get_by_role("textbox", name="第1段").fill("乙")
    page.get_by_role("textbox", name="表格第1行第1格").click()
    page.get_by_role("button", name="在下方加一行").click()
    said(page, "已在表格“月份”一行下加一行")
    kept = page.evaluate(DRAFT)["sections"][0]["blocks"]
    assert kept[0]["runs"] == [{"t": "乙"}] and kept[1] == {**bare["blocks"][0], "rows": [[[], [], []]]}


def test_row_that_cannot_be_kept_is_not_shown(desk):
    """A table has an end; the reader is told, and sees what is kept."""
    page = desk.page
    keep(page, [schedule(*[("1月", "走访", "—")] * 400)])
    press(page, "修改", "月度安排")
    page.get_by_role("textbox", name="表格第3行第1格").click()
    page.get_by_role("button", name="在下方加一行").click()
    said(page, "没有保存刚才的修改")
    assert page.locator(".plan-draft-grid tbody tr:not(.plan-draft-row)").count() == len(cells(page)) == 400


def test_months_of_a_schedule_move_together(desk):
    """Over the end of the year and back; days of feasts stay and are pointed out; one step; not before January."""
    page = desk.page
    keep(page, [schedule(("2月", "补选", "—"), ("3月", "保健课；3月底前报名", "①三八国际妇女节（3月8日）"), ("12月", "联欢", "—"))])
    note = page.locator(".plan-draft-section .plan-draft-note")
    page.get_by_role("button", name="推后一个月").click()
    said(page, "月份已整体推后1个月，现为3月至次年1月")
    assert [row[0] for row in cells(page)] == ["3月", "4月", "次年1月"] and cells(page)[1][1:] == ["保健课；3月底前报名", "①三八国际妇女节（3月8日）"]
    assert note.inner_text() == "日期不在所在行的月份，请核对：三八国际妇女节（3月8日）。"
    for _ in range(2):
        page.get_by_role("button", name="提前一个月").click()
    said(page, "月份已整体提前1个月，现为1月至11月")
    page.get_by_role("button", name="提前一个月").click()
    said(page, "不能再提前")
    assert [row[0] for row in cells(page)] == ["1月", "2月", "11月"]
    press(page, "撤销")
    assert [row[0] for row in cells(page)] == ["2月", "3月", "12月"] and note.is_hidden()
    keep(page, [schedule(("事项", "—", "—")), {**schedule(("3月", "—", "—")), "k": "s2", "id": "tasks"}])
    assert page.get_by_role("button", name="推后一个月").locator("visible=true").count() == 0


def test_months_of_the_text_follow_when_asked(desk):
    """As many months as the schedule was moved in all; one step; not offered once the draft has changed otherwise, nor where nothing would move."""
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 740})
    text = section(2, blocks=[{"type": "p", "runs": [{"t": "3月上门，3月8日座谈，"}, {"t": "2028", "f": "year", "o": 1}, {"t": "年1月复查；12月比较"}]},
                              {"type": "table", "head": [[{"t": "目标"}]], "rows": [[[{"t": "4—6月建成"}]]]}])
    keep(page, [schedule(("2月", "补选", "—"), ("9月", "9月底前报名", "—")), text])
    body, offer = page.locator(".plan-draft-body").last, page.get_by_role("button", name="正文里的月份一并移动")
    before = body.inner_text()
    page.get_by_role("button", name="推后一个月").click()
    said(page, "正文还有3处写着月份，可以一并移动")
    page.get_by_role("button", name="推后一个月").click()
    assert offer.count() == 1 and page.evaluate("document.documentElement.scrollWidth") <= 360
    offer.press("Enter")
    said(page, "正文3处月份已推后2个月")
    assert page.evaluate("document.activeElement.dataset.act") == "earlier"
    assert body.inner_text().split() == ["5月上门，3月8日座谈，2028年1月复查；次年2月比较", "目标", "6—8月建成"]
    assert offer.count() == 0 and cells(page)[1] == ["11月", "9月底前报名", "—"]
    press(page, "撤销")
    assert body.inner_text() == before and cells(page)[1][0] == "11月"
    page.get_by_role("button", name="提前一个月").click()
    press(page, "撤销")
    assert offer.count() == 0
    page.get_by_role("button", name="提前一个月").click()
    page.get_by_role("button", name="推后一个月").click()
    said(page, "现为4月至11月；节日的日期没有改动")
    assert offer.count() == 0


def test_what_counts_as_a_month_of_the_text(desk):
    """Not a day, not a month whose year is said, not a count; what would leave the plan's two years stays. 4—6月 is one place."""
    texts = {"8、11、12月": ("9、12、次年1月", "7、10、11月", 1), "次年1月": ("次年2月", "12月", 1), "3月至5月": ("4月至6月", "2月至4月", 2),
             "1月": ("2月", "1月", 1), "次年12月": ("次年12月", "次年11月", 0)}
    stays = ["3月8日", "4月25日至5月1日", "每月3次", "3个月", "年1月至6月", "2028年1月", "上年12月", "每年4月第四周", "6月龄"]
    moved = desk.page.evaluate("""(texts) => texts.map((t) => [1, -1].map((by) => Plans.draft.table.movedText([{type: 'p', runs: [{t}]}], by))
        .flatMap(({blocks, places}, back) => (back ? [blocks[0].runs[0].t] : [blocks[0].runs[0].t, places])))""", [*texts, *stays])
    assert moved == [[later, places, sooner] for later, sooner, places in texts.values()] + [[text, 0, text] for text in stays]


def test_what_counts_as_a_month(desk):
    """Spans of months, parts of a month, other words."""
    texts = ["3月", "次年2月", "3月下旬 测算", "3月至5月", "11—12月", "3、4、5月", "全年", "每月", ""]
    moved = desk.page.evaluate("""(texts) => [1, -1].map((by) => Plans.draft.table.shifted(
        [{type: 'table', head: [], rows: [[], ...texts.map((t) => [[{t}]])]}], by)[0].rows.slice(1).map(([[{t}]]) => t))""", texts)
    assert moved == [["4月", "次年3月", "4月下旬 测算", "4月至6月", "12—次年1月", "4、5、6月", "全年", "每月", ""],
                     ["2月", "次年1月", "2月下旬 测算", "2月至4月", "10—11月", "2、3、4月", "全年", "每月", ""]]
    assert desk.page.evaluate("['3月上旬', '12月', '次年1月', '3月至5月', '三月'].map(Plans.dates.planMonth).map((month) => month || null)") == [3, 12, 13, None, None]


def test_which_days_lie_in_a_row(desk):
    """Within a span of months, over the end of the year, and days that last longer than the row's month."""
    rows = [("3月至5月", "4月23日", True), ("3月至5月", "6月5日", False), ("12月至次年2月", "1月15日", True), ("次年1月", "2月1日", False),
            ("1月", "12月25日至次年1月5日", True), ("3月", "2月1日至4月30日", True), ("5月", "2月1日至4月30日", False), ("4月", "4月25日至30日", True), ("全年", "6月5日", True)]
    for month, days, fits in rows:
        found = desk.page.evaluate("([row]) => Plans.draft.table.misplaced([{type: 'table', head: [], rows: [row.map((t) => [{t}])]}])", [[month, days]])
        assert found == ([] if fits else [days]), (month, days)


@pytest.mark.opened("http")
def test_no_schedule_of_the_library_is_pointed_out(desk):
    """Every schedule can be moved, and holds its days in the rows of their months."""
    found = desk.page.evaluate("""async () => {
      const texts = await Promise.all(Object.keys(Plans.data.templates).map(async (path) => (await fetch(Plans.url(path))).text()));
      const schedules = texts.map((text) => new DOMParser().parseFromString(text, 'text/html').getElementById('schedule')).filter(Boolean);
      const {span, misplaced} = Plans.draft.table;
      return schedules.map((one) => Plans.document.fromSection(one).flatMap(({blocks}) => blocks)).map((blocks) => [span(blocks) !== null, misplaced(blocks)]);
    }""")
    assert len(found) > 40 and all(each == [True, []] for each in found)


# --- several drafts, files --------------------------------------------------------------------------


def test_several_drafts(desk):
    """New, renamed, chosen, deleted, brought back."""
    page = desk.page
    press(page, "新建")
    said(page, "已新建")
    assert page.locator(".plan-draft-empty").is_visible()
    page.get_by_label("草稿名称").fill("给上级的稿")
    page.get_by_label("草稿名称").press("Enter")
    options = page.get_by_label("选择草稿").locator("option")
    assert options.all_inner_texts() == ["草稿 1", "给上级的稿"]
    page.get_by_label("选择草稿").select_option(label="草稿 1")
    assert len(headings(page)) == 4
    press(page, "删除草稿")
    assert options.all_inner_texts() == ["给上级的稿"]
    page.reload()
    press(page, "恢复删除的草稿")
    said(page, "已恢复")
    assert len(headings(page)) == 4
    assert options.all_inner_texts() == ["给上级的稿", "草稿 1"]


@EVERYWHERE
def test_export_and_import_give_the_same_draft(desk):
    """The file of a draft becomes a draft of its own with the same text."""
    page = desk.page
    with page.expect_download() as waiting:
        press(page, "导出草稿文件")
    text = waiting.value.path().read_text("utf-8")
    before = page.evaluate("Plans.draft.current().then((doc) => Plans.document.toText(doc))")
    give_file(page, text)
    said(page, "已导入为“草稿 1 1”")
    assert page.evaluate("Plans.draft.current().then((doc) => Plans.document.toText(doc))") == before
    assert page.get_by_label("选择草稿").locator("option").count() == 2


def wrap(**changes) -> str:
    content = {"name": "外来", "title": [], "intro": [], "sections": [section(1)], **changes}
    return json.dumps({"format": "plans-draft", "version": 1, "draft": content})


@pytest.mark.parametrize("content, message", [
    (b"\x00\xff\xfe\x89PNG", "文件不完整"),
    (wrap()[:-40], "文件不完整"),
    ("[]", "不是从草稿页导出"),
    ("null", "不是从草稿页导出"),
    (wrap().replace('"version": 1', '"version": 9'), "较新的版本"),
    (wrap(sections=[section(1, level=1)]), "层次"),
    (wrap(sections=[section(1, blocks=[{"type": "script", "runs": []}])]), "类型"),
    (wrap(sections=[section(1, heading={"x": 1})]), "缺少文字"),
    (wrap(sections=[section(1, heading="长" * 400)]), "过长"),
    (wrap(sections=[section(n) for n in range(500)]), "内容过多"),
    (wrap(sections=None), "结构不完整"),
    (json.dumps({"format": "plans-draft", "version": 1, "draft": None}), "缺少文字"),
])
def test_damaged_file_changes_nothing(desk, content, message):
    """Said in words what is wrong; the drafts are as before."""
    page = desk.page
    before = page.evaluate("Object.entries(localStorage).sort().join()")
    give_file(page, content)
    said(page, message)
    assert "没有改动" in page.locator(".plans-live").inner_text()
    assert page.evaluate("Object.entries(localStorage).sort().join()") == before


def test_hostile_file_is_only_text(desk):
    """Markup, addresses, names of object members and characters that turn the writing come to nothing."""
    page = desk.page
    runs = [{"t": HOSTILE + "\u202e\u0000后", "f": "constructor", "e": True}, {"t": "x", "f": "word-__proto__"}, {"t": "y", "f": "__proto__"}]
    text = wrap(name=HOSTILE, title=[{"t": HOSTILE, "f": "toString"}], sections=[
        section(1, heading=HOSTILE, theme="__proto__", id="\" onclick=", blocks=[{"type": "p", "runs": runs}],
                **{"from": "javascript:alert(1)//.html"}),
        section(1, heading="同一个键")])
    give_file(page, text.replace('"name"', '"__proto__": {"polluted": 1}, "name"'))
    said(page, "已导入")
    assert headings(page) == [f"一、{HOSTILE}", "二、同一个键"]
    assert page.locator(".plan-draft :is(img, script)").count() == 0
    assert page.locator(".plan-draft a[href^='javascript']").count() == 0
    assert page.evaluate("({}).polluted") is None
    assert page.locator(".plan-draft-section p").nth(1).text_content() is not None
    kept = page.evaluate(DRAFT)["sections"][0]
    assert kept["from"] is None and all("f" not in run for run in kept["blocks"][0]["runs"])
    assert "\u202e" not in json.dumps(kept, ensure_ascii=False)


def test_damaged_storage_is_set_aside(desk):
    """A draft that cannot be read does not take the page down, and is not thrown away."""
    page = desk.page
    page.evaluate("Plans.store.set('draft:bad', {sections: 'x'}); Plans.store.set('drafts', 7)")
    page.reload()
    page.locator(".plan-draft-section").first.wait_for()
    assert len(headings(page)) == 4
    assert page.evaluate("Plans.store.get('damaged:draft:bad')") == {"sections": "x"}


def test_saved_draft_stays_as_it_was_taken(watched):
    """Neither looking at the template nor at the draft changes a letter of what is kept."""
    add_section(watched, SCHOOL)
    page = watched.page
    page.evaluate("() => { const {current} = Plans.store.get('drafts'); const draft = Plans.store.get('draft:' + current);"
                  " draft.sections[0].blocks[0].runs[0].t = '模板以前的写法'; Plans.store.set('draft:' + current, draft); }")
    before = page.evaluate(DRAFT)
    watched.open(SCHOOL)
    watched.open("draft.html")
    page.locator(".plan-draft-section", has_text="模板以前的写法").wait_for()
    assert page.evaluate(DRAFT) == before


# --- two tabs ---------------------------------------------------------------------------------------


def other_tab(desk):
    page = desk.page.context.new_page()
    page.goto(f"{desk.address}/draft.html")
    page.locator(".plan-draft-section").first.wait_for()
    return page


@EVERYWHERE
def test_change_in_another_tab_is_shown(desk):
    """The tab that did nothing follows, and says so."""
    second = other_tab(desk)
    press(second, "删除", "标题1")
    said(desk.page, "另一窗口改动")
    assert headings(desk.page) == ["一、标题3", "二、标题4"]
    press(desk.page, "撤销")
    said(second, "另一窗口改动")
    assert len(headings(second)) == 4
    assert second.evaluate("Plans.store.get('drafts').list.length") == 1


def test_changes_in_both_tabs_are_both_kept(desk):
    """Typed here, changed there: two drafts, and both tabs' words are in one of them."""
    page = desk.page
    page.evaluate("window.setTimeout = () => 0")  # what is typed is not yet kept
    press(page, "修改", "标题4")
    page.keyboard.insert_text("这边的标题")
    second = other_tab(desk)
    press(second, "删除", "标题1")
    page.get_by_label("选择草稿").locator("option").nth(1).wait_for(state="attached")
    said(page, "两份都已保留")
    assert headings(page)[3] == "三、这边的标题"
    assert headings(second) == ["一、标题3", "二、标题4"]


def test_write_that_crossed_another_is_kept_as_well(desk):
    """Storage shows a version that does not know ours: ours is kept as a second draft."""
    page = desk.page
    press(page, "删除", "标题4")
    page.evaluate("""() => {
      const key = 'plans:1:draft:one';
      const draft = {...JSON.parse(localStorage.getItem(key)), rev: 'theirs', past: ['r1']};
      localStorage.setItem(key, JSON.stringify({...draft, sections: draft.sections.slice(0, 1)}));
      dispatchEvent(new StorageEvent('storage', {key}));
    }""")
    said(page, "两份都已保留")
    assert len(headings(page)) == 3
    kept = page.evaluate("Plans.store.get('drafts').list.map((entry) => Plans.store.get('draft:' + entry.id).sections.length)")
    assert sorted(kept) == [1, 3]


# --- giving away ------------------------------------------------------------------------------------


def test_what_gives_the_text_away_stands_together_and_only_when_there_is_a_text(desk):
    """The check stands first among them; an empty draft has nothing to give."""
    page = desk.page
    ways = page.get_by_role("group", name="取用")
    assert ways.get_by_role("button").first.inner_text() == "交稿体检" and not page.locator(".plan-tools").count()
    page.set_viewport_size({"width": 360, "height": 740})
    folded = ["交稿体检", "下载 Word", "复制全文（带格式）", "更多"]
    assert ways.locator("button:visible").all_inner_texts() == folded
    ways.get_by_role("button", name="更多").click()
    assert ways.locator("button:visible").all_inner_texts()[3:5] == ["收起", "复制全文（纯文本）"]
    page.set_viewport_size({"width": 1280, "height": 740})
    press(page, "新建")
    assert ways.is_hidden()


def test_text_goes_out_also_when_the_check_fails(desk):
    """The check is asked with the draft; whatever comes of it, the text is copied."""
    page = desk.page
    page.evaluate("window.asked = []; Plans.check.open = (doc) => { asked.push(doc.sections.length); throw new Error('x'); };"
                  "Plans.copy.document = (doc) => { window.copied = Plans.document.toText(doc); }; 0")
    press(page, "复制全文（纯文本）")
    assert page.evaluate("asked") == [4]
    text = page.evaluate("copied")
    assert "（一）标题2" in text and "××学校工会" in text and "上移" not in text and "选自" not in text
    with page.expect_download() as waiting:
        press(page, "下载 Markdown")
    assert "## 一、标题1" in waiting.value.path().read_text("utf-8")
    assert page.evaluate("asked.length") == 2


def test_only_the_paper_is_printed(desk):
    """Buttons, remarks, the site's own heading and text are left out; folded text is not."""
    page = desk.page
    press(page, "只看标题")
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    assert "第1节的正文" in text and "一、标题1" in text
    for left_out in ("上移", "选自", "我的草稿", "从任意模板", "撤销"):
        assert left_out not in text
    # 16 points, as in the Word file and on the printed templates
    sizes = page.locator(".plan-draft-section :is(.plan-draft-heading, .plan-draft-body p)").evaluate_all("nodes => nodes.map((node) => getComputedStyle(node).fontSize)")
    assert set(sizes) == {"21.3333px"}


@pytest.mark.parametrize("width", [360, 1280])
def test_draft_fits_the_screen(desk, width):
    """With a wide table and long words, also while editing."""
    page = desk.page
    page.set_viewport_size({"width": width, "height": 800})
    row = [[{"t": f"格{n}" * 6}] for n in range(6)]
    blocks = [{"type": "table", "head": row, "rows": [row]}, {"type": "p", "runs": [{"t": "w" * 300}]}]
    keep(page, [section(1, heading="x" * 120, blocks=blocks), section(2, level=3)])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("[data-act=edit]").nth(1).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_has_a_name(desk):
    """Buttons of the sections name their section; fields are labelled."""
    page = desk.page
    names = page.locator(".plan-draft-section button[data-act=up]").evaluate_all("nodes => nodes.map((node) => node.getAttribute('aria-label'))")
    assert len(set(names)) == 4
    unnamed = page.locator(".plan-draft :is(button, input, select)").evaluate_all(
        "nodes => nodes.filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim())).length")
    assert unnamed == 0


@EVERYWHERE
def test_page_says_what_it_needs_without_scripts(browser, address):
    """No empty page: one sentence tells what is missing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/draft.html")
    assert "JavaScript" in page.locator("article").inner_text()
    context.close()
