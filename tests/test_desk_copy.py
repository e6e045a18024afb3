"""Copying from a page: what a browser puts on the clipboard, over http and from the folder."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from macros import numbering, reader

#: For what does not depend on where the page comes from.
OVER_HTTP = pytest.mark.opened("http")
TEMPLATES = [path for path in reader.contributed_files(ROOT) if reader.is_template(path)]
PLAN = "school/annual-plan.html"
MARKDOWN = "Plans.load('assets/javascripts/document-markdown.js')"
HOSTILE = """<img src=x onerror="alert(1)">&lt;'"</span></p><script>alert(2)</script>`${1}`\\ *粗* | # _"""


def opened(watched, path: str = PLAN):
    """The page, ready for use."""
    watched.open(path)
    watched.page.locator(".plan-section-tools").first.wait_for(state="attached")
    return watched.page


def bare(watched):
    """A page that is no template, for what needs no text of its own."""
    watched.open("index.html")
    watched.page.wait_for_function("() => document.querySelector('article').dataset.plansMounted")
    return watched.page


def pasted(page) -> dict[str, str]:
    """What Ctrl+V brings into this page: text and html. Needs no permission, as in a word processor."""
    page.evaluate("""() => {
        const box = document.createElement("textarea");
        box.id = "paste-here";
        window.got = null;
        box.addEventListener("paste", (event) => {
            event.preventDefault();
            window.got = {text: event.clipboardData.getData("text/plain"), html: event.clipboardData.getData("text/html")};
        });
        document.body.append(box);
        box.focus();
    }""")
    page.keyboard.press("Control+V")
    page.wait_for_function("() => window.got")
    page.evaluate("document.getElementById('paste-here').remove()")
    return page.evaluate("window.got")


def said(page, *parts: str) -> str:
    """Waits until the live region says all of `parts`."""
    region = page.locator(".plans-live")
    for part in parts:
        region.filter(has_text=part).wait_for()
    return region.inner_text()


def press(page, section: str, label: str) -> None:
    page.locator(f"#{section} > :is(h2, h3) .plan-section-menu").get_by_text(label, exact=True).click()


def model(page, expression: str, argument=None):
    """Evaluate with `doc`, the page as data."""
    return page.evaluate(f"(argument) => {{ const doc = Plans.document.fromArticle(document.querySelector('article')); return {expression}; }}", argument)


def style_of(element) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in element["style"].split(";") if part)
    return {name.strip(): value.strip() for name, value in pairs}


# --- one section ---


def test_section_with_layout_is_on_the_clipboard(watched):
    """The number is the one on the page; table, fonts and indents are inline; blanks left are counted."""
    page = opened(watched)
    press(page, "targets", "带格式")
    assert "其中4处空白未填" in said(page, "已复制“年度目标”（带格式）")
    got = pasted(page)
    assert got["text"].startswith("二、年度目标\n目标\t标准\t核对依据\n")
    html = BeautifulSoup(got["html"], "lxml")
    heading = html.find("h2")
    assert heading.get_text() == "二、年度目标"
    assert "黑体" in style_of(heading)["font-family"] and style_of(heading)["font-size"] == "16pt"
    assert [cell.get_text() for cell in html.find("tr").find_all("th")] == ["目标", "标准", "核对依据"]
    assert all("solid" in style_of(cell)["border"] for cell in html.find_all(["td", "th"]))
    assert len(html.find_all("tr")) == 8


def test_section_as_plain_text_has_no_html(watched):
    """Plain text replaces what stood on the clipboard before, html included."""
    page = opened(watched)
    press(page, "targets", "带格式")
    press(page, "democracy", "纯文本")
    said(page, "已复制“开好年度教代会，按期答复和复评提案”（纯文本）")
    got = pasted(page)
    assert got["html"] == ""
    lines = got["text"].split("\n")
    assert lines[0] == "（一）开好年度教代会，按期答复和复评提案"
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3."]


def test_parent_section_brings_its_subsections(watched):
    page = opened(watched)
    press(page, "tasks", "纯文本")
    lines = pasted(page)["text"].split("\n")
    assert lines[0] == "三、重点任务"
    assert [line[:3] for line in lines if line.startswith("（")] == ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）"]


def test_copying_leaves_the_readers_selection(watched):
    page = opened(watched)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#guidance p'))")
    before = page.evaluate("getSelection().toString()")
    page.evaluate("Plans.copy.write({text: '甲'}, '甲')")
    said(page, "已复制甲")
    assert page.evaluate("getSelection().toString()") == before
    assert page.locator(".plans-copy-mark").count() == 0


# --- the whole text ---


@OVER_HTTP
@pytest.mark.parametrize("path", TEMPLATES)
def test_plain_text_holds_every_line_of_the_page_and_no_more(watched, site, path):
    """Read independently from the built file: each heading, paragraph, item and cell, in order; no notes, no buttons."""
    path = path.removeprefix("docs/").removesuffix(".md") + ".html"
    page = opened(watched, path)
    page.evaluate("localStorage.clear()")
    text = model(page, "Plans.document.toText(doc)")
    article = BeautifulSoup((site / path).read_text(encoding="utf-8"), "lxml").find("article")
    for other in article.select(".headerlink, .admonition, .plan-about, .plan-path, .plan-facts"):
        other.decompose()
    expected = []
    for element in article.select("h1, h2, h3, p, li, th, td"):
        line = " ".join(element.get_text().split())
        if line and not (element.name == "p" and element.find_parent("li")):
            expected.append(line)
    told = [re.sub(r"^(\d+\.|·) ?", "", part) if tab == 0 else part for line in text.split("\n") if line for tab, part in enumerate(line.split("\t"))]
    assert told == [re.sub(r"^(\d+\.|·) ?", "", line) for line in expected]
    assert not re.search("¶|带格式|纯文本|加入草稿|填写说明|\\*\\*|^#", text)


@pytest.mark.parametrize("tool, rich", [("tool-copy-rich", True), ("tool-copy-plain", False)])
def test_whole_text_from_the_tool_bar(watched, tool, rich):
    page = opened(watched)
    page.locator(f"#{tool}").click()
    said(page, "已复制全文", "带格式" if rich else "纯文本", "处空白未填")
    got = pasted(page)
    assert got["text"].startswith("××学校工会2027年工作计划\n")
    assert got["text"].endswith("\n\n××学校工会\n【成文日期】")
    assert "\n五、保障措施\n1.工会委员会" in got["text"]
    assert bool(got["html"]) is rich


@OVER_HTTP
def test_layout_follows_the_standard_for_official_papers(watched):
    """GB/T 9704 in inline styles that word processors keep."""
    html = BeautifulSoup(model(opened(watched), "Plans.document.toHtml(doc)"), "lxml")
    title = style_of(html.find("h1"))
    assert (title["font-size"], title["text-align"]) == ("22pt", "center") and "小标宋" in title["font-family"]
    assert "楷体" in style_of(html.find("h3"))["font-family"]
    body = [p for p in html.find_all("p") if not p.find_parent("table")]
    *text, unit, date = body
    for p in text:
        style = style_of(p)
        assert style["font-family"].startswith("'仿宋_GB2312'") and style["font-size"] == "16pt"
        assert (style["text-indent"], style["mso-char-indent-count"]) == ("32pt", "2.0")
        assert (style["line-height"], style["mso-line-height-rule"]) == ("28.95pt", "exactly")
    assert style_of(unit)["text-align"] == style_of(date)["text-align"] == "right"
    assert not html.find_all(["a", "button", "script", "img"]) and not html.find_all(class_=True)
    numbers = [heading.get_text()[:2] for heading in html.find_all("h2")]
    assert numbers == ["一、", "二、", "三、", "四、", "五、"]
    assert html.find("p", string=re.compile("^1. 2月下旬清点代表"))  # 1.2月 would be read as a decimal


def test_typed_values_are_what_is_copied(watched):
    """A filled blank is copied as filled; the count of blanks goes down."""
    page = opened(watched)
    page.evaluate("Plans.profiles.update({fields: {'mentor-pairs': '12'}})")
    page.locator("#targets").get_by_text("结对12对").wait_for()
    press(page, "targets", "纯文本")
    said(page, "其中3处空白未填")
    assert "结对12对，教学期间" in pasted(page)["text"]


# --- what a reader types cannot become mark-up ---


@OVER_HTTP
def test_hostile_text_stays_text(watched):
    page = opened(watched)
    doc = {
        "title": HOSTILE, "intro": [{"type": "p", "runs": [{"t": HOSTILE, "b": True}]}], "unit": HOSTILE, "date": HOSTILE,
        "sections": [{"level": 2, "heading": HOSTILE, "theme": None, "id": None, "from": None, "blocks": [
            {"type": "li", "n": 1, "runs": [{"t": HOSTILE}]},
            {"type": "table", "head": [[{"t": HOSTILE}]], "rows": [[[{"t": "\u0000\u0008" + HOSTILE}]]]}]}],
    }
    html = BeautifulSoup(page.evaluate("(doc) => Plans.document.toHtml(doc)", doc), "html.parser")
    assert {tag.name for tag in html.find_all(True)} == {"div", "h1", "h2", "p", "span", "b", "table", "thead", "tbody", "tr", "th", "td"}
    assert [tag.get_text() for tag in html.find_all(["h1", "b", "td"])] == [HOSTILE] * 3
    assert all(set(tag.attrs) <= {"style", "lang", "border", "cellspacing", "cellpadding"} for tag in html.find_all(True))
    markdown = page.evaluate(f"(doc) => {MARKDOWN}.then(() => Plans.document.toMarkdown(doc))", doc)
    assert "<img" not in markdown and "<script" not in markdown and "\\*粗\\*" in markdown
    assert len(re.findall(r"(?<!\\)\|", markdown.split("\n| ---")[1].split("\n")[1])) == 2


def test_hostile_unit_name_is_copied_as_typed(watched):
    page = opened(watched)
    name = "<img src=x onerror=alert(1)>&\"'学校"
    page.evaluate("(unit) => Plans.profiles.update({unit})", name)
    page.locator("h1").get_by_text(name).wait_for()
    page.locator("#tool-copy-rich").click()
    said(page, "已复制全文")
    got = pasted(page)
    assert got["text"].startswith(name + "工会2027年工作计划")
    html = BeautifulSoup(got["html"], "html.parser")
    assert html.find("h1").get_text() == name + "工会2027年工作计划" and not html.find("img")


# --- the ways to the clipboard ---


def test_clipboard_interface_is_used_when_the_copy_event_fails(watched):
    page = opened(watched)
    page.context.grant_permissions(["clipboard-write"])
    page.evaluate("document.execCommand = () => false")
    press(page, "targets", "带格式")
    said(page, "已复制“年度目标”（带格式）")
    got = pasted(page)
    assert got["text"].startswith("二、年度目标")
    assert "黑体" in style_of(BeautifulSoup(got["html"], "lxml").find("h2"))["font-family"]
    # Chromium reads the html within the page before it takes it and logs that the page's policy allows no inline style; it keeps them
    watched.faults[:] = [fault for fault in watched.faults if "Applying inline style" not in fault]


@pytest.mark.parametrize("missing", ["Object.defineProperty(navigator, 'clipboard', {value: undefined})",
                                     "navigator.clipboard.write = navigator.clipboard.writeText = () => Promise.reject(new Error('no'))"])
def test_text_box_is_the_last_way(watched, missing):
    """Nothing reached the clipboard: the text stands selected in a box; Esc closes it and the focus goes back."""
    page = opened(watched)
    page.evaluate(f"() => {{ document.execCommand = () => {{ throw new Error('no'); }}; {missing}; }}")
    press(page, "democracy", "纯文本")
    box = page.locator(".plans-copy-box textarea")
    box.wait_for()
    said(page, "没有自动复制")
    chosen = box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert chosen.startswith("（一）开好年度教代会") and chosen == box.input_value()
    assert page.get_by_role("dialog").get_by_text("请按 Ctrl+C").is_visible()
    page.keyboard.press("Escape")
    page.locator(".plans-copy-box").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "纯文本"


@OVER_HTTP
def test_a_fault_in_a_tool_is_said(watched):
    page = opened(watched)
    page.evaluate("Plans.copy.sectionTool('试一试', () => { throw new Error('没有纸'); })")
    press(page, "targets", "试一试")
    said(page, "“试一试”没有完成：没有纸")


# --- the buttons ---


@OVER_HTTP
def test_buttons_and_headings_have_names_of_their_own(watched):
    """A heading is announced without its buttons; a button says which section it is for."""
    page = opened(watched)
    assert page.get_by_role("heading", name="二、年度目标", exact=True).count() == 1
    for label in ("带格式", "纯文本"):
        assert page.get_by_role("button", name=f"{label} 二、年度目标", exact=True).is_visible()
    sections = page.locator("section.plan-section").count()
    assert page.locator(".plan-section-tools").count() == sections


def test_narrow_screen_has_one_button_that_opens_the_others(watched):
    """By keyboard: Enter opens, Tab goes in, Esc closes and leads back, leaving closes."""
    watched.page.set_viewport_size({"width": 360, "height": 740})
    page = opened(watched)
    tools = page.locator("#targets > h2 .plan-section-tools")
    toggle, menu = tools.locator(".plan-section-toggle"), tools.locator(".plan-section-menu")
    assert toggle.is_visible() and not menu.is_visible()
    toggle.focus()
    page.keyboard.press("Enter")
    assert menu.is_visible() and toggle.get_attribute("aria-expanded") == "true"
    box = menu.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "带格式"
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.matches('#targets .plan-section-toggle')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "已复制“年度目标”（带格式）")
    assert not menu.is_visible() and page.evaluate("document.activeElement.matches('#targets .plan-section-toggle')")
    toggle.click()
    assert menu.is_visible()
    page.locator("#guidance p").click()
    assert not menu.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@OVER_HTTP
def test_wide_screen_shows_the_buttons(watched):
    page = opened(watched)
    assert not page.locator("#targets .plan-section-toggle").is_visible()
    assert page.locator("#targets .plan-section-menu").get_by_text("纯文本").is_visible()


@OVER_HTTP
def test_other_parts_may_offer_a_tool_for_every_heading(watched):
    page = opened(watched)
    page.evaluate("Plans.copy.sectionTool('听一听', (section) => { document.title = section.id; }, {title: '朗读', order: 15})")
    labels = page.locator("#democracy > h3 .plan-section-menu button").all_inner_texts()
    assert labels.index("带格式") < labels.index("听一听") < labels.index("纯文本")
    press(page, "democracy", "听一听")
    assert page.title() == "democracy"


def test_pages_without_sections_have_no_buttons(watched):
    watched.open("policies.html")
    watched.page.wait_for_function("() => window.Plans && document.querySelector('article').dataset.plansMounted")
    assert watched.page.locator(".plan-section-tools").count() == 0


# --- the page as data ---


@OVER_HTTP
def test_article_as_data(watched):
    """List numbers kept, runs marked, wrapped tables found, nothing of the page's own buttons and notes."""
    page = bare(watched)
    doc = page.evaluate("""() => {
        const article = document.createElement("article");
        const template = document.createElement("template");
        template.innerHTML = `<h1 id="title"><span class="fill" data-fill="unit">××</span>计划<a class="headerlink">¶</a></h1>
          <div class="plan-tools" data-not-text><button>复制</button></div><p>前言
          两行</p>
          <section class="plan-section" id="one" data-theme="care"><h2>十一、<b>慰问</b><span class="plan-section-tools"><button>带格式</button></span></h2>
          <p>甲<b>乙<span class="fill fill-empty" data-fill="member-count">【会员人数】</span></b><a class="policy" href="#x">《工会法》</a></p>
          <ol start="3"><li>丙</li><li><p>丁</p><p>戊</p></li><li value="9">己<ol><li>庚</li></ol></li></ol><ul><li>辛</li></ul>
          <div class="w"><div><table><thead><tr><th>头</th></tr></thead><tbody><tr><td>一 <b>二</b></td></tr></tbody></table></div></div>
          <section class="plan-section" id="two"><h3>（二）小节</h3><p hidden>不要</p></section></section>
          <div class="plan-signature"><p class="plan-signature-unit">××工会</p><p class="plan-signature-date">2027年1月8日</p></div>
          <div class="admonition note"><p>填写说明</p></div>`;
        article.append(template.content);
        return Plans.document.fromArticle(article);
    }""")
    assert (doc["title"], doc["unit"], doc["date"]) == ("××计划", "××工会", "2027年1月8日")
    assert doc["intro"] == [{"type": "p", "runs": [{"t": "前言 两行"}]}]
    first, second = doc["sections"]
    assert (first["level"], first["heading"], first["theme"], first["id"], first["from"]) == (2, "慰问", "care", "one", "index.html")
    assert (second["level"], second["heading"], second["theme"], second["blocks"]) == (3, "小节", None, [])
    p, *rest = first["blocks"]
    assert p["runs"] == [{"t": "甲"}, {"t": "乙", "b": True}, {"t": "【会员人数】", "b": True, "f": "member-count", "e": True}, {"t": "《工会法》"}]
    assert [(block["type"], block.get("n"), "".join(run["t"] for run in block.get("runs", []))) for block in rest] == [
        ("li", 3, "丙"), ("li", 4, "丁"), ("p", None, "戊"), ("li", 9, "己"), ("p", None, "（1）庚"), ("li", None, "辛"), ("table", None, "")]
    assert rest[-1]["head"] == [[{"t": "头"}]] and rest[-1]["rows"] == [[[{"t": "一 "}, {"t": "二", "b": True}]]]


@OVER_HTTP
def test_numbers_of_headings(watched):
    """As the build numbers them; an h3 with no h2 before it is of the first level."""
    page = bare(watched)
    assert page.evaluate("Array.from({length: 99}, (_, i) => Plans.document.chinese(i + 1))") == [numbering.chinese_number(n) for n in range(1, 100)]
    numbers = page.evaluate("(levels) => Plans.document.numbers(levels.map((level) => ({level})))", [3, 3, 2, 3, 3, 2, 3])
    assert numbers == ["一、", "二、", "三、", "（一）", "（二）", "四、", "（一）"]


@OVER_HTTP
@pytest.mark.parametrize("unit, date, expected", [
    ("××学校工会", "2027年1月8日", [4, 2]), ("××县教育系统工会委员会", "2027年1月8日", [2, 6]), ("", "2027年1月8日", [0, 2])])
def test_date_begins_two_characters_after_the_signature(watched, unit, date, expected):
    page = bare(watched)
    assert page.evaluate("([unit, date]) => Plans.document.signatureIndents(unit, date)", [unit, date]) == expected


@OVER_HTTP
def test_markdown_is_numbered_unless_told_not_to_be(watched):
    page = opened(watched)
    assert "\n## 三、重点任务\n\n### （一）开好" in model(page, f"{MARKDOWN}.then(() => Plans.document.toMarkdown(doc))")
    plain = model(page, f"{MARKDOWN}.then(() => Plans.document.toMarkdown(doc, false))")
    assert "\n## 重点任务\n\n### 开好" in plain and "\n| 目标 | 标准 | 核对依据 |\n| --- | --- | --- |\n" in plain
    assert "\n1. 2月下旬清点代表" in plain
