"""Search, as a reader uses it: typed in real Chromium. And how good it is, over a fixed list of queries."""

from __future__ import annotations

from collections import defaultdict

import pytest
import yaml
from conftest import ROOT
from playwright.sync_api import expect

from bench.search import fits

QUERIES, UNPREPARED = (yaml.safe_load((ROOT / f"tests/{name}.yml").read_text("utf-8"))["queries"] for name in ("search_queries", "search_queries_unprepared"))
#: The first fifty answers of many queries at once, without drawing them.
ANSWERS = """(queries) => queries.map((query) => Plans.find.search(query).hits.slice(0, 50).map(({doc}) => (doc.path + (doc.id ? `#${doc.id}` : "")).replace(".html", "")))"""
#: What a reader sees of the first results: addresses below the root, without query.
LINKS = """(root) => [...document.querySelectorAll(".plan-find-link")].map((link) => link.href.replace(root, "").replace(".html", "").replace(/\\?[^#]*/, ""))"""


@pytest.fixture
def page(watched):
    """A page with the search open and everything read."""
    watched.open("index.html")
    opened(watched)
    return watched


#: The search is the same from a folder; where that is not what is asked, once is enough.
once = pytest.mark.opened("http")


def opened(watched) -> None:
    """Open the search by key and wait until the texts are there."""
    watched.page.keyboard.press("/")
    watched.page.locator(".plan-find-box").wait_for()
    watched.page.wait_for_function("() => Plans.find.text")


def typed(watched, words: str) -> list[str]:
    """The results of a query, best first."""
    watched.page.keyboard.press("Control+a")
    watched.page.keyboard.insert_text(words)  # as an input method hands words over
    return watched.page.evaluate(LINKS, f"{watched.address}/")


# --- how good it is ---------------------------------------------------------------------------------------


def relevant(place: str, query: dict) -> bool:
    return any(fits(place, pattern) for pattern in query["relevant"])


def quality(queries: list[dict], answers: list[list[str]], places: list[str]) -> tuple[dict[str, float], float, list[str]]:
    """Recall among the first five by class, mean reciprocal rank, queries without any answer."""
    recalls, ranks = defaultdict(list), []
    for query, found in zip(queries, answers, strict=True):
        wanted = sum(relevant(place, query) for place in places)
        good = [relevant(place, query) for place in found]
        assert wanted, f"{query['q']}：标注的位置都不存在"
        recalls[query["class"]].append(sum(good[:5]) / min(5, wanted))
        ranks.append(1 / (good.index(True) + 1) if any(good) else 0)
    everything = [recall for group in recalls.values() for recall in group]
    by_class = {group: round(sum(each) / len(each), 3) for group, each in recalls.items()}
    nothing = [query["q"] for query, found in zip(queries, answers, strict=True) if not found]
    return {**by_class, "all": sum(everything) / len(everything)}, sum(ranks) / len(ranks), nothing


@once
def test_an_officers_words_find_what_is_meant(page):
    """Over all queries: recall among the first five, rank of the first good answer, never nothing; and each class of queries by itself."""
    places = page.page.evaluate("""() => Plans.find.names.templates.flatMap(([path], at) =>
        [path, ...Plans.find.sections.templates[at][2].map(([id]) => `${path}#${id}`)].map((place) => place.replace(".html", "")))""")
    recall, rank, nothing = quality(QUERIES, [typed(page, query["q"]) for query in QUERIES], places)
    assert len(QUERIES) >= 100 and nothing == []
    assert recall["all"] >= 0.95 and rank >= 0.97 and min(recall.values()) >= 0.8, recall
    recall, rank, nothing = quality(UNPREPARED, page.page.evaluate(ANSWERS, [query["q"] for query in UNPREPARED]), places)
    assert len(UNPREPARED) >= 600 and nothing == []
    assert recall["all"] >= 0.85 and rank >= 0.95, recall


# --- what an officer types ----------------------------------------------------------------------------------


#: What is typed -> how the address of the first result begins.
WAYS = {
    "医院女职工": "hospital/", "教代会": "school/", "職代會": "", "劳动竟赛": "", "zdh": "", "gonghui jingfei": "", "nü zhi gong": "", "ＮＶＺＨＩＧＯＮＧ": "",
    "yiyuannvzhigong": "hospital/", "2029年学校工会年度计划": "school/annual-plan", "二〇二八年机关工会总结": "agency/annual-summary", "慰 问": "",
    "我们是街道总工会，想写下半年的计划，有没有模板？": "township/second-half-plan",
}
#: What is typed -> what it was taken for.
GUESSES = {"zdh": "职代会", "swn": "送温暖", "送温缓": "送温暖", "换界选举": "换届", "女职公": "女职工", "教师结": "教师节", "职待会": "职代会"}
ODD = ["<img src=x onerror=alert(1)>", "((((", "[a-z", "\\", "。，！？", " ", "𠮷", "a" * 300, "gonghui" * 40, "的" * 150, "职" * 150, "%00", "年", "9999999999", "'\"`${x}"]


def test_ways_of_typing(page):
    """Joined, in Traditional characters, misspelt, in pinyin or initials, with a year, as a question."""
    assert {words: found[0] for words, first in WAYS.items() if not (found := typed(page, words))[0].startswith(first)} == {}


@once
def test_what_was_guessed_is_told(page):
    for query, meant in GUESSES.items():
        typed(page, query)
        assert f"按“{meant}" in page.page.locator(".plan-find-note").inner_text(), query


@once
def test_a_word_is_understood_before_it_is_typed_to_its_end(page):
    """What it begins is looked for too, and nothing is told as a guess."""
    for begun, ending in (("思想政", "#thought"), ("年度工", "/annual-plan")):
        assert ending in typed(page, begun)[0]
        assert not page.page.locator(".plan-find-note").is_visible(), begun


@once
def test_a_wish_of_which_no_word_is_known_still_finds_something(page):
    """Words that hardly say anything are looked for when there is nothing else; two characters that stand are no misspelt three."""
    assert typed(page, "没钱怎么把活动搞起来")
    assert typed(page, "学技术") and not page.page.locator(".plan-find-note").is_visible()


@once
@pytest.mark.parametrize("query, first, guide", [
    ("年度计划怎么写", "school/annual-plan", "guides/annual-plan"), ("年度計劃怎麼寫", "school/annual-plan", "guides/annual-plan"),
    ("机关工会经费预算写法", "agency/budget-plan", "guides/special-plan"), ("活动总结注意什么", "", "guides/event-summary"),
])
def test_how_something_is_written_is_told_second(page, query, first, guide):
    """A text to start from comes first; without the question the guide is not pushed forward."""
    found = typed(page, query)
    assert found[0].startswith(first) and not found[0].startswith("guides/")
    assert found[1].startswith(guide) and found.count(found[1]) == 1


@once
def test_guides_are_not_pushed_forward_unasked(page):
    """Nor by words that only look like the question; where nothing else is said, all of them are shown."""
    for query in ("年度计划", "高温作业注意事项", "写作比赛", "健康指南"):
        assert not any(link.startswith("guides/") for link in typed(page, query)[:5]), query
    assert all(link.startswith("guides/") for link in typed(page, "怎么写"))


@once
def test_odd_queries_do_no_harm(page):
    for query in ODD:
        started = page.page.evaluate("() => performance.now()")
        typed(page, query)
        assert page.page.locator(".plan-find img").count() == 0
        assert page.page.evaluate("() => performance.now()") - started < 20000, query  # it ends


@once
def test_a_year_that_is_typed_goes_with_the_link(page):
    typed(page, "2029 学校年度计划")
    page.page.keyboard.press("Enter")
    page.page.wait_for_url("**/school/annual-plan.html?year=2029*")
    assert "2029年" in page.page.locator("article h1").inner_text()


# --- the panel ----------------------------------------------------------------------------------------------


@once
def test_results_by_keyboard(page):
    """Arrows go from result to result, Enter opens, Escape closes."""
    links = typed(page, "送温暖")
    focused = "() => document.activeElement.getAttribute('href') ?? document.activeElement.classList[0]"
    for _ in range(2):
        page.page.keyboard.press("ArrowDown")
    assert page.page.evaluate(focused).replace(".html", "").endswith(links[1])
    page.page.keyboard.press("ArrowUp")
    page.page.keyboard.press("ArrowUp")
    assert page.page.evaluate(focused) == "plan-find-box"
    page.page.keyboard.press("Escape")
    assert not page.page.locator(".plan-find").is_visible()
    page.page.keyboard.press("Control+k")
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    page.page.wait_for_url(f"**/{links[0].split('#')[0]}.html*")


@once
def test_a_result_says_where_it_is_from_and_why(page):
    typed(page, "锐器伤")
    first = page.page.locator(".plan-find-list li").first
    assert "医院 · " in first.locator(".plan-find-where").inner_text()
    assert "锐器伤" in first.locator("mark").all_inner_texts()


@once
def test_filters_count_and_narrow(page):
    """Each choice says how many results it leaves."""
    typed(page, "女职工")
    select = page.page.locator(".plan-find-filters select").first
    option = select.locator("option[value=hospital]").inner_text()
    number = int(option.split("（")[1].rstrip("）"))
    select.select_option("hospital")
    assert page.page.locator(".plan-find-status").inner_text().startswith(f"{number} 处")
    assert all(link.startswith("hospital/") for link in page.page.evaluate(LINKS, f"{page.address}/"))
    typed(page, "教代会提案")
    assert page.page.locator(".plan-find-filters select").first.input_value() == "hospital"


@once
def test_nothing_found_offers_themes_and_a_way_to_contribute(page):
    assert typed(page, "锟斤拷烫烫") == []
    note = page.page.locator(".plan-find-note")
    assert note.locator("a[href*='/themes/']").count() >= 3 and note.get_by_role("link", name="补写这一段").is_visible()


def test_the_query_stands_in_the_address(page):
    """A search can be handed on; closing takes it out again."""
    links = typed(page, "工会小组")
    page.page.wait_for_function("() => new URLSearchParams(location.search).get('q') === '工会小组'")
    address = page.page.url
    page.page.goto("about:blank")
    page.page.goto(address)
    page.page.wait_for_function("() => window.Plans?.find.text && document.querySelector('.plan-find-link')")
    assert page.page.evaluate(LINKS, f"{page.address}/") == links
    page.page.keyboard.press("Escape")
    page.page.wait_for_function("() => !location.search.includes('q=')")


def test_a_section_is_copied_and_added_from_its_result(page):
    """With the reader's own words, though the search looks through the default ones."""
    page.page.evaluate("() => Plans.profiles.update({unit: '青山医院'})")
    before = typed(page, "医院 锐器伤")
    entry = page.page.locator(".plan-find-list li").filter(has=page.page.locator("button")).first
    heading = entry.locator(".plan-find-link").inner_text()
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    entry.get_by_role("button", name="纯文本").click()
    page.page.locator(".plans-live").filter(has_text="已复制").wait_for()
    copied = page.page.evaluate("() => navigator.clipboard.readText()")
    assert heading in copied and "¶" not in copied and page.page.locator(".plans-live").is_visible()
    entry.get_by_role("button", name="加入草稿").click()
    page.page.locator(".plans-live").filter(has_text="草稿").wait_for()
    assert page.page.evaluate("() => Plans.draft.current().then((doc) => doc.sections.map((each) => each.heading))") == [heading]
    assert typed(page, "青山医院 锐器伤")[:3] and typed(page, "医院 锐器伤") == before


# --- the library page -----------------------------------------------------------------------------------------


@once
def test_library_page_narrows_sorts_and_keeps_its_address(watched):
    watched.open("library.html")
    page = watched.page
    page.get_by_role("combobox", name="行业", exact=True).select_option("hospital")
    page.get_by_role("combobox", name="主题", exact=True).select_option("women")
    shown = page.locator(".plan-catalog > li:visible")
    assert 1 <= shown.count() < 14 and page.locator(".plan-catalog-filters [role=status]").inner_text() == f"{shown.count()} 个模板"
    assert all("women" in each.split() for each in shown.evaluate_all("items => items.map(item => item.dataset.theme)"))
    page.get_by_role("combobox", name="排序", exact=True).select_option("blanks")
    blanks = [int(each) for each in shown.evaluate_all("items => items.map(item => item.dataset.blanks)")]
    assert blanks == sorted(blanks)
    address, titles = page.url, shown.locator("a").all_inner_texts()
    page.goto("about:blank")
    page.goto(address)
    assert shown.locator("a").all_inner_texts() == titles
    page.get_by_role("button", name="全部清除").click()
    assert shown.count() == page.locator(".plan-catalog > li").count() >= 60


@once
def test_words_typed_on_the_library_page_are_understood(watched):
    """As the search understands them, the nearest first: pinyin, other words for the same."""
    watched.open("library.html")
    box, first = watched.page.get_by_role("searchbox", name="文字"), watched.page.locator(".plan-catalog > li:visible a").first
    everything = watched.page.locator(".plan-catalog > li:visible").count()
    for words, title in (("nvzhigong", "女职工"), ("教代会怎么开", "教代会"), ("外卖小哥", "新就业形态"), ("医院总结", "医院工会年度工作总结")):
        box.fill(words)
        watched.page.wait_for_function("() => Plans.find.text")
        expect(first).to_contain_text(title)
        assert watched.page.locator(".plan-catalog > li:visible").count() < everything, words
    watched.page.reload()
    expect(first).to_contain_text("医院工会年度工作总结")
    box.fill("")
    expect(watched.page.locator(".plan-catalog > li:visible")).to_have_count(everything)


def test_library_page_and_search_link_serve_without_scripts(browser, served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/school/annual-plan.html")
    page.locator(".plan-find-open").click()
    page.wait_for_url("**/library.html")
    assert page.locator(".plan-catalog > li a").count() >= 60
    context.close()
