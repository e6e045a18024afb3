"""The Word file: made in a real browser, opened and read part by part."""

from __future__ import annotations

import io
import posixpath
import zipfile

import docx
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from bench import docx_layout

PLAN = "school/annual-plan.html"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = {"w": W[1:-1]}
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


@pytest.fixture(scope="session")
def bare(browser, tmp_path_factory):
    """A page with nothing but the scripts that make the file."""
    page = browser.new_page()
    page.goto(docx_layout.write_bare_page(tmp_path_factory.mktemp("bare")).as_uri())
    yield page
    page.close()


class Word:
    """A Word file, taken apart."""

    def __init__(self, content: bytes):
        self.content = content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            self.names = archive.namelist()
            self.parts = {name: archive.read(name) for name in self.names}

    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.parts[name])

    def find(self, path: str, name: str = "word/document.xml") -> list:
        return self.xml(name).xpath(path, namespaces=NS)

    def opened(self):
        """As python-docx sees it."""
        return docx.Document(io.BytesIO(self.content))

    def style(self, ident: str) -> etree._Element:
        return self.find(f'//w:style[@w:styleId="{ident}"]', "word/styles.xml")[0]


def value(element, path: str) -> str:
    """One attribute below an element, e.g. value(style, "w:pPr/w:spacing/@w:line")."""
    return element.xpath(path, namespaces=NS)[0]


@pytest.fixture(scope="session")
def word(bare) -> Word:
    """A long draft: headings, lists, blanks, quotes, tables, signature."""
    return Word(docx_layout.make(bare, docx_layout.long_draft()))


def doc(**parts) -> dict:
    """A small Doc."""
    return {"title": "工作计划", "intro": [], "sections": [], "unit": "", "date": "", **parts}


OPTIONS = [{}, {"page": "center"}, {"page": "none"}, {"margins": "word", "pitch": "28"}, {"fonts": "gbk"}, {"fonts": "system", "highlight": True}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_parts_are_valid(bare, tmp_path, options):
    """Every part follows the schema of Office Open XML, whatever the settings."""
    file = tmp_path / "plan.docx"
    file.write_bytes(docx_layout.make(bare, docx_layout.long_draft(), options))
    assert [f"{fault.part_uri} {fault.description}" for fault in OpenXmlValidator().validate(file).errors] == []


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_parts_belong_together(bare, options):
    """Every relationship leads to a part, every part is led to and has a content type; no folders, nothing twice."""
    word = Word(docx_layout.make(bare, docx_layout.long_draft(), options))
    assert not [name for name in word.names if name.endswith("/")]
    assert len(word.names) == len(set(word.names))
    reached = {"[Content_Types].xml"}
    for name in word.names:
        if name.endswith(".rels"):
            reached.add(name)
            folder, file = posixpath.split(name)
            owner = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
            assert owner == "" or owner in word.names or name == "_rels/.rels"
            for relation in word.xml(name).iter(RELATION):
                assert relation.get("TargetMode") != "External"
                reached.add(posixpath.normpath(posixpath.join(posixpath.dirname(folder), relation.get("Target"))))
    assert reached == set(word.names)
    types = word.xml("[Content_Types].xml")
    known = {item.get("PartName").lstrip("/") for item in types.iter(TYPES + "Override")}
    endings = {item.get("Extension") for item in types.iter(TYPES + "Default")}
    assert known <= set(word.names)
    assert all(name in known or name.rsplit(".", 1)[-1] == "rels" for name in word.names if name != "[Content_Types].xml")
    assert "rels" in endings


def test_title_is_given_and_no_author(word):
    """What the file says about itself."""
    about = word.opened().core_properties
    assert (about.title, about.author, about.last_modified_by) == ("××市第一中学工会2027年工作计划", "", "")


def test_page_holds_22_lines_of_28_characters(word):
    """A4, 37/28/35/26 mm; 22 x 579 twips fill 225 mm, 28 x (16 - 0.25) pt fill 156 mm; no character grid."""
    section = word.opened().sections[0]
    size = [section.page_width.mm, section.page_height.mm, section.top_margin.mm, section.left_margin.mm, section.bottom_margin.mm, section.right_margin.mm]
    assert [round(length) for length in size] == [210, 297, 37, 28, 35, 26]
    [page] = word.find("//w:sectPr/w:pgMar")
    width = 11906 - int(page.get(W + "left")) - int(page.get(W + "right"))
    height = 16838 - int(page.get(W + "top")) - int(page.get(W + "bottom"))
    for ident in ("Normal", "BodyText", "Heading1", "Heading2", "Heading3", "Heading4", "Signature", "Date"):
        style = word.style(ident)
        assert value(style, "w:pPr/w:spacing/@w:lineRule") == "exact"
        assert value(style, "w:pPr/w:spacing/@w:line") == "579"
        assert value(style, "w:rPr/w:spacing/@w:val") == "-5"
        assert value(style, "w:rPr/w:sz/@w:val") == "32"
    assert height // 579 == 22
    assert width // (16 * 20 - 5) == 28
    [grid] = word.find("//w:sectPr/w:docGrid")
    assert grid.get(W + "type") is None and grid.get(W + "charSpace") is None


@pytest.mark.parametrize("ident, name, face, size", [
    ("Title", "Title", "方正小标宋简体", 44), ("BodyText", "Body Text", "仿宋_GB2312", 32), ("Heading1", "heading 1", "黑体", 32),
    ("Heading2", "heading 2", "楷体_GB2312", 32), ("Heading3", "heading 3", "仿宋_GB2312", 32), ("Heading4", "heading 4", "仿宋_GB2312", 32),
    ("Footer", "footer", "宋体", 28), ("PlanTable", "表格文字", "仿宋_GB2312", 24)])
def test_faces_and_sizes(word, ident, name, face, size):
    """Type of each part by the standard, under Word's own names of styles."""
    style = word.style(ident)
    assert value(style, "w:name/@w:val") == name
    assert value(style, "w:rPr/w:rFonts/@w:eastAsia") == face
    assert value(style, "w:rPr/w:sz/@w:val") == str(size)
    assert style.find(f"{W}rPr/{W}b") is None
    assert style.find(f"{W}rPr/{W}color") is None


def test_every_run_and_style_names_its_chinese_font(word):
    """Also quotes and dashes belong to it: hint=eastAsia."""
    runs = [run for name in ("word/document.xml", "word/footer1.xml", "word/footer2.xml") for run in word.find("//w:r", name)]
    styles = [style for style in word.find("//w:style", "word/styles.xml") if style.get(W + "type") in ("paragraph", "character")]
    inheriting = {"TableNormal"}
    for owner in runs + [style for style in styles if style.get(W + "styleId") not in inheriting]:
        fonts = owner.find(f"{W}rPr/{W}rFonts")
        assert fonts is not None, etree.tostring(owner)[:200]
        assert fonts.get(W + "eastAsia") and fonts.get(W + "hint") == "eastAsia"
    assert any("“" in "".join(run.itertext()) for run in runs) and any("——" in "".join(run.itertext()) for run in runs)


def test_headings_are_real_headings_with_literal_numbers(word):
    """Word's navigation pane shows them; copied text keeps the numbers."""
    headings = [(p.style.style_id, p.text) for p in word.opened().paragraphs if p.style.style_id.startswith("Heading")]
    assert headings[0] == ("Heading1", "一、第1项重点工作")
    assert headings[1] == ("Heading2", "（一）开好职工代表大会，按期答复提案")
    assert headings[4][1].startswith("二、") and headings[5][1].startswith("（一）")
    for level in (1, 2, 3, 4):
        style = word.style(f"Heading{level}")
        assert value(style, "w:pPr/w:outlineLvl/@w:val") == str(level - 1)
        assert value(style, "w:pPr/w:ind/@w:firstLineChars") == "200"
        assert style.find(f"{W}pPr/{W}keepNext") is not None
    assert not word.find("//w:numPr")
    assert any(p.text.startswith("1. 3月上旬") for p in word.opened().paragraphs)


def test_first_lines_are_indented_by_characters(word):
    """Two characters, also as a length for programs that read none in characters; no spaces."""
    style = word.style("BodyText")
    assert value(style, "w:pPr/w:ind/@w:firstLineChars") == "200"
    assert value(style, "w:pPr/w:ind/@w:firstLine") == "630"
    assert not [p.text for p in word.opened().paragraphs if p.text[:1].isspace()]


def test_tables_have_absolute_widths_and_their_own_lines(word):
    """Columns add up to the width of the text; the head is repeated; no percent."""
    for table in word.find("//w:tbl"):
        columns = [int(width) for width in table.xpath("w:tblGrid/w:gridCol/@w:w", namespaces=NS)]
        assert sum(columns) == 11906 - 1587 - 1472
        assert min(columns) >= 900
        assert value(table, "w:tblPr/w:tblW/@w:type") == "dxa" and value(table, "w:tblPr/w:tblW/@w:w") == str(sum(columns))
        assert value(table, "w:tblPr/w:tblLayout/@w:type") == "fixed"
        for row in table.iterfind(f"{W}tr"):
            assert [int(width) for width in row.xpath("w:tc/w:tcPr/w:tcW/@w:w", namespaces=NS)] == columns
        assert table.xpath("w:tr[1]/w:trPr/w:tblHeader", namespaces=NS)
        assert set(table.xpath(".//w:pStyle/@w:val", namespaces=NS)) == {"PlanTable", "PlanTableHead"}
    assert value(word.style("PlanTable"), "w:pPr/w:spacing/@w:line") == "400"


def test_page_numbers_stand_outside_and_have_text(word):
    """— 1 — right with one character on odd pages, left on even ones; a program that works out no field still shows a number."""
    assert word.find("//w:evenAndOddHeaders", "word/settings.xml")
    kinds = word.find("//w:footerReference/@w:type")
    assert kinds == ["default", "even"]
    for name, side, shown in (("word/footer1.xml", "right", "— 1 —"), ("word/footer2.xml", "left", "— 2 —")):
        [paragraph] = word.find("//w:p", name)
        assert "".join(text.text for text in paragraph.iter(W + "t")) == shown
        assert [mark.get(W + "fldCharType") for mark in paragraph.iter(W + "fldChar")] == ["begin", "separate", "end"]
        assert value(paragraph, "w:pPr/w:jc/@w:val") == side
        assert value(paragraph, f"w:pPr/w:ind/@w:{side}Chars") == "100"


def test_signature_is_placed_by_characters(word):
    """The date begins two characters after the signature; both at the right by indents, with a blank line above."""
    unit, date = word.find("//w:body/w:p")[-2:]
    assert "".join(unit.itertext()) == "××市第一中学工会委员会" and "".join(date.itertext()) == "2027年1月8日"
    right = [int(value(p, "w:pPr/w:ind/@w:rightChars")) for p in (unit, date)]
    assert right == [200, 600]  # twelve characters and six
    assert value(word.style("Signature"), "w:pPr/w:spacing/@w:before") == "579"


def test_text_of_readers_cannot_break_the_file(bare):
    """Marks of XML, control characters, halves of characters and a very long word."""
    hostile = "<w:t>&amp;\"'\u0000\u0007\u000b\ufffe\n\t" + "长" * 5000
    content = docx_layout.make(bare, doc(title=hostile, intro=[docx_layout.paragraph(hostile)], unit=hostile, date="&<>"))
    text = Word(content).opened().paragraphs[1].text
    assert text == "<w:t>&amp;\"'" + " " + "长" * 5000
    half = bare.evaluate("""async () => {
      const blob = await Plans.docx.blob({title: "\\ud800题", intro: [], sections: [], unit: "", date: ""});
      return (await blob.arrayBuffer()).byteLength;
    }""")
    assert half > 1000


def test_empty_and_odd_documents(bare):
    """No title, no rows, rows of unlike length, headings of the second level only."""
    assert Word(docx_layout.make(bare, doc(title=""))).opened().paragraphs == []
    blocks = [{"type": "table", "head": [], "rows": []}, {"type": "table", "head": [], "rows": [[[{"t": "甲"}]], [[{"t": "乙"}], [{"t": "丙"}]]]}]
    word = Word(docx_layout.make(bare, doc(sections=[{"level": 3, "heading": "单独一节", "theme": None, "id": None, "from": None, "blocks": blocks}])))
    assert [p.text for p in word.opened().paragraphs if p.style.style_id == "Heading1"] == ["一、单独一节"]
    assert len(word.opened().tables) == 1


def test_long_title_is_broken_before_the_year(bare):
    """Lines of fair length, whole words."""
    lines = bare.evaluate("""async () => {
      await Plans.docx.blob({title: "", intro: [], sections: [], unit: "", date: ""});
      return Plans.docxLayout.titleLines("某某省某某市某某区实验中学教育集团工会委员会2027年度工会工作计划", 20);
    }""")
    assert lines[-1] == "2027年度工会工作计划" and all(4 <= len(line) <= 20 for line in lines)


def test_unfilled_blanks_are_marked_only_on_demand(bare):
    """【…】 stays as it is; yellow only where the reader asks for it."""
    blank = doc(intro=[{"type": "p", "runs": [{"t": "会员"}, {"t": "【会员人数】", "f": "members", "e": True}, {"t": "人"}]}])
    plain, marked = (Word(docx_layout.make(bare, blank, {"highlight": wanted})) for wanted in (False, True))
    assert not plain.find("//w:highlight")
    [run] = marked.find("//w:r[w:rPr/w:highlight]")
    assert "".join(run.itertext()) == "【会员人数】"
    assert plain.opened().paragraphs[1].text == marked.opened().paragraphs[1].text == "会员【会员人数】人"


def test_local_rules_can_be_chosen(bare):
    """Pitch, margins, fonts and page number; a value that is none of the choices becomes the standard's."""
    chosen = Word(docx_layout.make(bare, docx_layout.long_draft(), {"pitch": "30", "margins": "word", "fonts": "gbk", "page": "center"}))
    assert value(chosen.style("BodyText"), "w:pPr/w:spacing/@w:line") == "600"
    assert value(chosen.style("Title"), "w:rPr/w:rFonts/@w:eastAsia") == "方正小标宋_GBK"
    assert round(chosen.opened().sections[0].left_margin.mm, 1) == 31.8
    assert chosen.find("//w:footerReference/@w:type") == ["default"]
    unknown = Word(docx_layout.make(bare, docx_layout.long_draft(), {"pitch": "<x>", "margins": "constructor", "fonts": None, "page": 7}))
    assert value(unknown.style("BodyText"), "w:pPr/w:spacing/@w:line") == "579"


# --- on the site ---


def opened(watched, path: str = PLAN):
    watched.open(path)
    watched.page.locator("#tool-docx").wait_for()
    return watched.page


def test_one_click_gives_the_file(watched, tmp_path):
    """The page's title names it; it holds the whole text and none of the page's tools or notes."""
    page = opened(watched)
    with page.expect_download() as waiting:
        page.locator("#tool-docx").click()
    file = tmp_path / "plan.docx"
    waiting.value.save_as(file)
    title = page.evaluate("Plans.document.fromArticle(document.querySelector('article')).title")
    assert waiting.value.suggested_filename == f"{title}.docx"
    text = "\n".join(p.text for p in docx.Document(file).paragraphs)
    assert text.startswith(title) and "一、总体要求" in text and text.rstrip().endswith("【成文日期】")
    assert "加入草稿" not in text and "填写说明" not in text
    assert len(docx.Document(file).tables) == page.locator("article section table").count()


def test_library_is_not_read_before_it_is_wanted(watched):
    """A reader who downloads nothing reads nothing of it."""
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    opened(watched)
    assert not [url for url in asked if "vendor/docx" in url or "docx-" in url]


def test_settings_are_kept_and_can_be_undone(watched, tmp_path):
    """Chosen by keyboard alone; kept on the device; the focus comes back."""
    page = opened(watched)
    page.locator("#tool-docx-formats").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="版式与其他格式")
    box.wait_for()
    box.get_by_label("行距").select_option("30")
    box.get_by_label("未填写的空加黄底").check()
    page.set_viewport_size({"width": 360, "height": 740})
    cut = box.locator("select").evaluate_all("""(boxes) => boxes.flatMap((one) => {
        const pen = Object.assign(document.createElement('canvas').getContext('2d'), {font: getComputedStyle(one).font});
        return [...one.options].map(({text}) => text).filter((text) => pen.measureText(text).width + 30 > one.clientWidth); })""")
    assert cut == []  # on a phone each choice is read in full, beside the arrow
    page.set_viewport_size({"width": 1280, "height": 740})
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "tool-docx-formats"
    page.reload()
    assert page.evaluate("Plans.store.get('docx-options')") == {"pitch": "30", "highlight": True}
    page.locator("#tool-docx-formats").click()
    assert box.get_by_label("行距").input_value() == "30"
    box.get_by_role("button", name="恢复国标版式").click()
    page.wait_for_function("() => document.querySelector('dialog [name=pitch]')?.value === '28.95'")
    assert page.evaluate("Plans.store.get('docx-options')") is None


@pytest.mark.parametrize("label, ending, begins", [("下载 Markdown", "md", "# "), ("下载纯文本", "txt", "\ufeff")])
def test_other_formats(watched, tmp_path, label, ending, begins):
    """The same text as Markdown and as plain text."""
    page = opened(watched)
    page.locator("#tool-docx-formats").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    file = tmp_path / "plan"
    waiting.value.save_as(file)
    text = file.read_bytes().decode("utf-8")
    assert waiting.value.suggested_filename.endswith(f".{ending}")
    assert text.startswith(begins) and "总体要求" in text
    page.locator(".leave-check-brief").wait_for()  # the text leaves: what is not filled in is pointed out


def test_browser_that_cannot_save_files(watched):
    """It is told so, and offered the copy buttons and a way out."""
    watched.page.add_init_script("Object.defineProperty(navigator, 'userAgent', {get: () => 'Mozilla/5.0 MicroMessenger/8.0'})")
    page = opened(watched)
    page.locator("#tool-docx").click()
    box = page.get_by_role("dialog", name="当前浏览器不能保存文件")
    box.wait_for()
    assert box.get_by_role("link", name="在系统浏览器中打开本页").get_attribute("href").endswith(PLAN)
    assert box.get_by_role("button", name="复制全文").is_visible()


def test_print_shows_the_plan_alone(watched):
    """Paper gets title, text and signature, without navigation, buttons and notes; black on white in both themes."""
    page = opened(watched)
    for scheme in ("light", "dark"):
        page.emulate_media(media="print", color_scheme=scheme)
        for hidden in (".md-header", ".plan-tools", ".md-footer", "article .admonition"):
            assert not page.locator(hidden).first.is_visible(), hidden
        assert page.locator(".plan-signature").is_visible()
        style = page.locator("article section > p").first.evaluate("p => { const s = getComputedStyle(p); return [s.fontSize, s.textIndent, s.color]; }")
        assert style == ["21.3333px", "42.6667px", "rgb(0, 0, 0)"]


def test_what_is_read_later_is_never_seen_without_its_form(watched):
    """The styles of the boxes come with them, not with the page."""
    watched.open(PLAN)
    assert not watched.page.locator("link[href$='/docx.css']").count()
    watched.page.locator("#tool-docx-formats").click()
    box = watched.page.locator("dialog.plan-docx form")
    box.wait_for()
    assert box.evaluate("(form) => getComputedStyle(form).display") == "grid"
