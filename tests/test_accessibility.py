"""axe-core looks at every page of the site, light and dark, and at what opens on it."""

from __future__ import annotations

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, Watched

from macros import fence

PAGES = sorted(
    path.relative_to(ROOT / "docs").as_posix().removesuffix(".md") + ".html" for path in (ROOT / "docs").rglob("*.md")
)
#: Page of a template -> its kind; pages that are alike.
KINDS = {template.url.replace(".md", ".html"): template.meta.kind for template in fence.fenced_templates(ROOT)}
ALIKE = re.compile(r"(examples|guides|themes|contributing/reading|[a-z]+/index(?=\.html)).*")
#: Pages of one kind have one structure, since contributed text can bring no HTML: one of each stands for the others.
#: EVERY_PAGE=1 looks at all of them.
ONE_OF_EACH = sorted({KINDS.get(path, ALIKE.sub(lambda found: found[1].split("/")[-1], path)): path for path in PAGES}.values())
LOOKED_AT = PAGES if os.environ.get("EVERY_PAGE") else ONE_OF_EACH
TEMPLATE = "school/annual-plan.html"
SCHEMES = ("light", "dark")
#: Between light and dark only colours differ.
COLOURS = {"runOnly": ["color-contrast"]}


def serious(page, options: dict | None = None) -> list[str]:
    """What axe-core calls serious or critical: rule, first place, what to do."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **(options or {})}).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['target']} {fault['nodes'][0].get('failureSummary', '')}"
            for fault in found if fault["impact"] in ("serious", "critical")]


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def contexts(browser):
    """A browser context in each of the two colour schemes, for pages on which nothing is kept."""
    made = {scheme: browser.new_context(locale="zh-CN", color_scheme=scheme, reduced_motion="reduce") for scheme in SCHEMES}
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def page(browser, served, scheme):
    """A fresh page in one of the two colour schemes."""
    context = browser.new_context(locale="zh-CN", color_scheme=scheme, reduced_motion="reduce")
    yield Watched(context.new_page(), served)
    context.close()


def mounted(page, path: str):
    page.open(path)
    page.page.wait_for_function("() => document.querySelector('article').dataset.plansMounted")
    return page.page


def in_scheme(page, scheme: str) -> bool:
    return page.locator("body").get_attribute("data-md-color-scheme") == {"dark": "slate", "light": "default"}[scheme]


def test_every_group_of_pages_is_looked_at():
    """A template of each kind, and a page of each other group."""
    kinds = {KINDS[path] for path in LOOKED_AT if path in KINDS}
    assert kinds == set(KINDS.values()) and {"draft.html", "checkup.html", "policies.html", "calendar.html"} <= set(LOOKED_AT)
    assert {path.split("/")[0] for path in PAGES} == {path.split("/")[0] for path in [*LOOKED_AT, *KINDS]}


@pytest.mark.parametrize("path", LOOKED_AT)
def test_nothing_serious_on_any_page(contexts, served, path):
    """Every rule in light colours, those of colours in dark ones too."""
    for scheme, options in (("light", None), ("dark", COLOURS)):
        page = contexts[scheme].new_page()
        opened = mounted(Watched(page, served), path)
        assert in_scheme(opened, scheme) and serious(opened, options) == []
        page.close()


def test_a_fault_would_be_found(page, scheme):
    """The way of looking sees what it is there for."""
    opened = mounted(page, "index.html")
    assert in_scheme(opened, scheme)
    opened.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<button></button>')")
    assert any(fault.startswith("button-name") for fault in serious(opened))


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_serious_in_what_opens_on_a_template(page, width):
    """The panel of blanks, the menu of a section, the check before leaving, the box of formats."""
    page.page.set_viewport_size({"width": width, "height": 800})
    opened = mounted(page, TEMPLATE)
    if width == 360:
        opened.get_by_role("button", name="更多").click()
    opened.get_by_role("button", name="交稿体检").click()
    opened.get_by_role("dialog", name="交稿体检").wait_for()
    assert serious(opened) == []
    opened.keyboard.press("Escape")
    opened.locator("article .fill-empty").first.click()
    assert serious(opened) == []
    opened.keyboard.press("Escape")
    opened.mouse.move(0, 0)  # a button that comes to lie under the pointer changes colour, and half-way its contrast is low
    opened.locator("#tool-docx-formats").press("Enter")
    opened.get_by_role("dialog", name="版式与其他格式").wait_for()
    assert serious(opened) == []


def test_nothing_serious_in_a_draft(page):
    """With a template's sections in it, one of them being edited."""
    opened = mounted(page, TEMPLATE)
    opened.get_by_role("button", name="整篇加入草稿").click()
    opened.locator(".plans-live").filter(has_text="草稿").first.wait_for()
    opened = mounted(page, "draft.html")
    edited = opened.locator(".plan-draft-section", has=opened.get_by_role("group", name="整体移动月份"))
    edited.get_by_role("button", name="修改").click()
    edited.locator("td[data-typed]").first.focus()
    opened.get_by_role("button", name="删除本行").wait_for()
    assert serious(opened) == []


def test_nothing_serious_in_a_pasted_text(page):
    """The findings of a text with faults."""
    opened = mounted(page, "checkup.html")
    opened.locator("#check-text").fill("某某市总工会：\n一、2019年工作\n联系人王小明，电话13800138000。")
    opened.get_by_role("button", name="开始体检").click()
    opened.locator(".leave-check li button").first.wait_for()
    assert serious(opened) == []
