"""The check before leaving in a real browser: what it finds and leaves alone, its panel, the page for pasted text, the drafts."""

from __future__ import annotations

import re

import pytest
from test_wording import GUILTY, INNOCENT, sentences

from macros import check_data, reader

#: Over http, but for what could be different from a folder.
pytestmark = pytest.mark.opened("http")
EVERYWHERE = pytest.mark.opened("http", "file")

DATA = reader.data_cached()
PASTE, TEMPLATE = "checkup.html", "school/annual-plan.html"
PANEL = ".leave-check:not(.leave-check-brief)"
#: Rules of `make check` -> kinds of findings here.
SAME_RULES = {"B2": "blank", "N5": "person", "N6": "place", "N7": "amount", "W1": "sector", "P1": "outdated"}
PLAIN = {"profile": {"unit": "", "year": 2027}}

#: (what it is, text, options, the findings: kind and words)
SAMPLES = [
    # blanks
    ("a blank of the list", "会员【会员人数】人。", {}, {("blank", "【会员人数】")}),
    ("a blank nobody knows", "【请写名称】", {}, {("blank", "【请写名称】")}),
    ("crosses for a name", "××学校工会委员会", {}, {("blank", "××")}),
    ("underscores", "参加____人次", {}, {("blank", "____")}),
    ("someone", "某某同志主持会议", {}, {("blank", "某某")}),
    ("brackets with nothing", "共（ ）人参加", {}, {("blank", "（ ）")}),
    ("a hint left in", "活动地点（此处填写地点）。", {}, {("blank", "（此处填写地点）")}),
    ("question marks", "召开??次会议", {}, {("blank", "??")}),
    ("multiplication", "每组3×4人", {}, set()),
    ("a chinese ellipsis", "关心职工生活……让职工满意。", {}, set()),
    # places and units
    ("a city", "向东营市总工会报告", {}, {("place", "东营")}),
    ("a province", "按照浙江省总工会的要求", {}, {("place", "浙江")}),
    ("a company", "与长江机械有限公司共建", {}, {("place", "与长江机械有限公司")}),
    ("a numbered school", "由第三中学承办", {}, {("place", "由第三中学")}),
    ("one's own unit", "杭州市第二中学工会委员会", {"profile": {"unit": "杭州市第二中学", "year": 2027}}, set()),
    ("the end of one's own name", "在第二中学召开", {"profile": {"unit": "杭州市第二中学", "year": 2027}}, set()),
    ("one's own place", "杭州的会员", {"profile": {"unit": "杭州市第二中学", "year": 2027}}, set()),
    ("another place beside one's own", "杭州和宁波的会员", {"profile": {"unit": "杭州市第二中学", "year": 2027}}, {("place", "宁波")}),
    ("a place across two words", "隆重庆祝五一国际劳动节", {}, set()),
    ("a set phrase with a place", "弘扬延安精神", {}, set()),
    ("a kind of company", "国有独资有限公司的职工代表大会", {}, set()),
    ("schools in general", "所属中心小学工会", {}, set()),
    # persons
    ("a chairman by name", "由王建国主席主持", {}, {("person", "王建国")}),
    ("a contact person", "联系人：李小明", {}, {("person", "李小明")}),
    ("a post alone", "由工会主席主持", {}, set()),
    ("an office after a label", "责任人：组织委员", {}, set()),
    ("a common word like a surname", "任何主任不得代签", {}, set()),
    # numbers
    ("a mobile number", "联系电话13812345678。", {}, {("number", "电话13812345678")}),
    ("a mobile number in wide digits", "１３８１２３４５６７８", {}, {("number", "１３８１２３４５６７８")}),
    ("a landline", "0571-87654321", {}, {("number", "0571-87654321")}),
    ("an address", "发到 gonghui@example.com 即可", {}, {("number", "gonghui@example.com")}),
    ("an identity card", "330102199001011234", {}, {("number", "330102199001011234")}),
    ("a number of some office", "根据杭工发〔2024〕15号", {}, {("number", "根据杭工发〔2024〕15号")}),
    ("a number that is on the list", "《学校教职工代表大会规定》（教育部令第32号）", {}, set()),
    ("an ordinary count", "共有会员126人，参与率85%", {}, set()),
    # years
    ("the plan year", "2027年3月召开会议", {}, set()),
    ("a title of another year", "××学校工会2024年工作计划", {}, {("blank", "××"), ("year", "2024年")}),
    ("last year in a title", "学校工会2026年工作计划", {}, {("year", "2026年")}),
    ("last year in a summary", "学校工会2026年工作总结\n2026年3月开展慰问。", {}, set()),
    ("an old year", "学校工会2027年工作计划\n2023年9月底前完成。", {}, {("year", "2023年")}),
    ("last year's date in a plan", "学校工会2027年工作计划\n2026年3月召开会议。", {}, {("year", "2026年")}),
    ("last year looked back on", "学校工会2027年工作计划\n2026年3月召开了会议。", {}, set()),
    ("next year", "学校工会2027年工作计划\n总结于2028年1月上报。", {}, set()),
    ("a year in chinese numerals", "学校工会2027年工作计划\n二〇二四年九月底前完成。", {}, {("year", "二〇二四年")}),
    ("a year of amendment", "学校工会2027年工作计划\n《工会法》（2021年修正）。", {}, set()),
    ("the founding", "学校工会2027年工作计划\n学校自1958年建校以来。", {}, set()),
    ("a span of years", "学校工会2027年工作计划\n2024—2026年聘期。", {}, set()),
    ("the goal of 2035", "学校工会2027年工作计划\n2035年远景目标。", {}, set()),
    ("the day of signing", "学校工会2027年工作计划\n2026年12月28日", {}, set()),
    # sectors
    ("a school's word in a factory", "厂务公开和教代会", {"sector": "enterprise"}, {("sector", "教代会")}),
    ("a factory's word in a school", "教代会、校务公开、厂务公开", {"sector": "school"}, {("sector", "厂务公开")}),
    ("a sector that is guessed", "教代会和校务公开。教代会提案。厂务公开。", {}, {("sector", "厂务公开")}),
    ("one's own words", "召开教代会，推进校务公开", {"sector": "school"}, set()),
    ("every union's words", "会员代表大会和会务公开", {"sector": "hospital"}, set()),
    ("a law with another sector's word", "《学校教职工代表大会规定》", {"sector": "enterprise"}, set()),
    ("a word kept on purpose", "召开教代会", {"sector": "enterprise", "profile": {"unit": "", "year": 2027, "words": {"enterprise": {"congress": "教代会"}}}}, set()),
    # outdated
    ("an old congress", "贯彻党的十九大精神", {}, {("outdated", "党的十九大精神")}),
    ("an old law", "依照《执业医师法》", {}, {("outdated", "执业医师法")}),
    ("an old office", "会同卫生局检查", {}, {("outdated", "卫生局")}),
    ("an old ministry", "劳动部的规定", {}, {("outdated", "劳动部")}),
    ("a department called labour", "劳动部门的规定", {}, set()),
    ("a wrong number", "总工办发〔2018〕32号", {}, {("outdated", "总工办发〔2018〕32号"), ("number", "总工办发〔2018〕32号")}),
    ("a plan that has run out", "《十四五规划纲要》", {}, {("outdated", "十四五规划")}),
    ("a law in force", "《工会法》和《劳动法》", {}, set()),
    ("a law nobody has listed", "《工会活动促进条例》", {}, {("title", "《工会活动促进条例》")}),
    ("a book", "共读《平凡的世界》", {}, set()),
    ("a phrase of the year", "全面贯彻党的二十大和二十届历次全会精神", {}, set()),
    ("a phrase past its years", "全面贯彻党的二十大和二十届历次全会精神", {"profile": {"unit": "", "year": 2030}}, {("outdated", "党的二十大和二十届历次全会精神")}),
    # order
    ("numbers in order", "一、目标\n（一）学习\n1. 甲\n2. 乙\n（二）活动\n1. 丙\n二、措施", {}, set()),
    ("a chapter is missing", "一、目标\n三、措施", {}, {("order", "三、")}),
    ("a chapter twice", "一、目标\n二、任务\n二、措施", {}, {("order", "二、")}),
    ("a part is missing", "一、目标\n（一）学习\n（三）活动", {}, {("order", "（三）")}),
    ("an item is missing", "一、目标\n1. 甲\n3. 乙", {}, {("order", "3.")}),
    ("two styles", "一、目标\n1. 甲\n2. 乙\n3、丙", {}, {("order", "3、")}),
    ("two kinds of brackets", "一、目标\n（一）学习\n(二)活动", {}, {("order", "(二)")}),
    ("a chapter begins with its second part", "一、目标\n（二）学习", {}, {("order", "（二）")}),
    ("a piece from the middle", "三、活动\n四、保障", {}, set()),
    ("two parts each from one", "上半年总结\n一、学习\n二、活动\n下半年计划\n一、学习\n二、活动", {}, set()),
    ("counting in a sentence", "一是抓学习，二是抓活动，四是抓保障。", {}, {("order", "四是")}),
    ("counting well", "一是抓学习；二是抓活动；三是抓保障。", {}, set()),
    ("a number that is no number of an item", "1.5万人参加\n3.2万人次", {}, set()),
    ("articles", "第一条 甲\n第二条 乙\n第四条 丙", {}, {("order", "第四条")}),
    ("a number twice in a row", "一、一、目标\n二、措施", {}, {("order", "一、一、")}),
    ("classes of school", "一、二年级教师参加", {}, set()),
    # amounts
    ("an amount", "发放慰问金500元", {}, {("amount", "500元")}),
    ("new year's day", "1元旦", {}, set()),
    # hostile
    ("markup", "<img src=x onerror=alert(1)>东营", {}, {("place", "东营")}),
    ("names of an object", "《constructor》《toString》《hasOwnProperty》", {}, set()),
    ("replacement signs", "$& $1 东营 $`", {}, {("place", "东营")}),
    ("half a character", "\ud83d东营", {}, {("place", "东营")}),
    ("nothing", "", {}, set()),
    ("only spaces", " \n\t\n　", {}, set()),
]


@pytest.fixture(scope="module")
def page(browser, site):
    """One page for all texts; a fault of its scripts fails the module."""
    context = browser.new_context(locale="zh-CN")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(f"{site.as_uri()}/{PASTE}")
    opened.locator(".leave-check-form").wait_for()
    yield opened
    context.close()
    assert faults == []


def check(page, text: str, **options) -> list[dict]:
    """The findings in a text."""
    return page.evaluate("async ([text, options]) => [...await Plans.check.text(text, options)]", [text, {**PLAIN, **options}])


# --- what is found ---

@pytest.mark.parametrize("text, options, expected", [row[1:] for row in SAMPLES], ids=[row[0] for row in SAMPLES])
def test_text_has_just_these_findings(page, text, options, expected):
    """Each kind of leftover is found, with its place; what only looks like one is left alone."""
    findings = check(page, text, **options)
    assert {(finding["kind"], finding["text"]) for finding in findings} == expected
    units = text.encode("utf-16-le", "surrogatepass")
    for finding in findings:
        for place in finding["places"]:
            end = place["at"] + place["end"] - place["start"]
            assert units[2 * place["at"]:2 * end].decode("utf-16-le").startswith(finding["text"])


def as_read(sentence: str) -> str:
    """A sentence of a template as `make check` reads it: macros and blanks say nothing."""
    return re.sub(r"\{\{.*?\}\}|【[^】\n]*】", lambda match: "□" * len(match.group()), sentence)


@pytest.mark.parametrize("group, guilty", [(INNOCENT, False), (GUILTY, True)], ids=["innocent", "guilty"])
def test_browser_judges_sentences_as_make_check_does(page, group, guilty):
    """The same rules: each sentence that `make check` finds or leaves alone is found or left alone here."""
    judged = {
        (rule, sentence): any(f["kind"] == SAME_RULES[rule] for f in check(page, "序\n" + as_read(sentence), sector="school"))
        for rule, sentence in sentences(group) if rule in SAME_RULES
    }
    assert len(judged) >= 60
    assert [key for key, found in judged.items() if found != guilty] == []


def test_laws_in_force_and_official_phrases_are_nobodys_leftover(page):
    """Titles and numbers on the list, phrases and observances carry places, years and numbers; none is reported as such."""
    texts = check_data.official_texts(DATA)
    for text in texts:
        kinds = {finding["kind"] for finding in check(page, f"序\n依据{text}，做好工作。", sector="school")}
        assert not kinds & {"place", "person", "number", "year", "sector", "blank"}, text


@pytest.mark.parametrize("piece", [
    "'工会'", "'1'", "'a'", "'a@'", "'1,'", "'（此处'", "'《'", "' '", "'（ '", "'一、\\n'", "'1.'", "'2023年'", "'【会员'", "'，一是'", "'王王'", "'…'",
    "'联系人：张三、'", "'0571-'", "'北京市上海市'", "'。'", "'X'", "'（'", "'二〇'", "'\\n'"])
def test_no_text_can_keep_the_page_busy(page, piece):
    """200 KB of what makes patterns go back and forth: the check ends, and the page goes on meanwhile."""
    waited = page.evaluate(f"""async () => {{
        const text = {piece}.repeat(200000 / {piece}.length);
        let turns = 0, done = false;
        const check = Plans.check.text(text).then(() => {{ done = true; }});
        while (!done) {{ turns += 1; await new Promise((go) => setTimeout(go)); }}
        await check;
        return turns;
    }}""")
    assert waited >= 1


PLAN_DOC = """({ title = "学校工会2027年工作计划", signed = "2027年3月8日", before = "", after = "", next = "", months = ["1月", "2月", "3月", "次年1月"], body = `${months[0] ?? "1月"}开会。`,
    work = "提出续订要求", fields = {} }) => {
    const runs = Object.entries(fields).flatMap(([f, t]) => [{ t: `，${before}` }, { t, f }]);
    const head = ["月份", "工作安排"].map((t) => [{ t }]), rows = months.map((t, i) => [[{ t }], [{ t: ["检查", "慰问", work, "总结"][i] }]]);
    const task = { type: "li", n: 1, runs: [{ t: body }, ...runs, { t: after }] };
    const section = (heading, id, blocks) => ({ level: 2, heading, theme: null, id, from: null, blocks });
    const sections = [section("重点任务", "tasks", [task, { type: "li", n: 2, runs: [{ t: next }] }])];
    if (months.length) sections.push(section("月度安排", "schedule", [{ type: "table", head, rows }]));
    return { title, intro: [], sections, unit: "学校工会", date: signed };
}"""


@pytest.mark.parametrize("doc, expected", [
    ({}, ["1月、2月的安排"]),
    ({"months": []}, ["1月的安排"]),
    # months that sentences begin with: before the day of signing, also beside a schedule; without a row of the schedule
    *[({"signed": "2027年3月8日", "months": months, "body": body, "title": title}, wrong) for months, body, title, wrong in (
        (["3月"], "2月下旬列出名单；1月上门。", "学校工会2027年工作计划", ["1月、2月的安排"]), ([], "1. 2月下旬列出名单。", "学校工会2027年工作计划", ["2月的安排"]),
        (["3月"], "（一）2月上门。", "学校工会2027年工作计划", ["2月的安排"]), (["3月"], "名单于2月列出。", "学校工会2027年工作计划", []),
        (["3月"], "2月上门。", "学校工会2026年工作总结和2027年工作计划", []), (["3月", "次年1月"], "1月初审；次年1月公布。", "学校工会2027年工作计划", []),
        (["3月"], "1月至2月的情况。2月末，有会员9人。", "学校工会2027年工作计划", []))],
    *[({"signed": "", "months": months, "body": body, "title": title}, wrong) for months, body, title, wrong in (
        (["4月", "次年1月"], "3月由社区工会上门。4月公布；2月登记。", "学校工会2027年工作计划", ["正文写的2月、3月"]), (["4月至6月", "8、9月"], "5月公布。9月登记。", "学校工会2027年工作计划", []),
        (["4月至6月"], "7月公布。", "学校工会2027年工作计划", ["正文写的7月"]), (["4月", "全年"], "3月公布。", "学校工会2027年工作计划", []), (["4月", "次年1月"], "1月初审。", "学校工会2027年工作计划", []),
        (["4月"], "3月公布了名单。", "学校工会2026年工作总结和2027年工作计划", []))],
    ({"months": [], "title": "学校工会2026年工作总结"}, []),
    *[({"signed": day}, []) for day in ("2027年1月31日", "2026年12月28日", "【成文日期】")],
    *[({"months": [], "title": title, "signed": day}, [day]) for title, day in (
        ("学校工会2027年工作计划", "2025年12月28日"), ("学校工会2026年工作总结", "2025年12月28日"), ("学校工会2026年工作总结", "2028年1月8日"))],
    ({"signed": "2027年13月"}, ["2027年13月"]),
    ({"signed": "", "fields": {"staff-count": "358", "member-count": "1,400", "activity-rate": "120%", "unit-focus": "12项"}}, ["120%", "1,400"]),
    ({"signed": "", "fields": {"staff-count": "358", "member-count": "358", "proposal-filed": "9", "suggestion-count": "3件"}}, ["3件"]),
    ({"signed": "", "fields": {"women-contract-expiry": "2027年2月28日"}}, ["3月的续订安排"]),
    ({"signed": "", "fields": {"women-contract-expiry": "2026年5月31日"}}, ["2026年5月31日"]),
    ({"signed": "", "title": "学校工会2026年工作总结和2027年工作计划", "fields": {"women-contract-expiry": "2026年5月31日"}}, ["2026年5月31日"]),
    ({"signed": "", "fields": {"women-contract-expiry": "2027年7月1日"}}, ["3月的续订安排"]),
    ({"signed": "", "fields": {"women-contract-expiry": "2027年6月30日", "contract-expiry": "2027年12月31日"}}, []),
    # all that renews a contract moves together: the first before its end, the last by the month after it
    *[({"signed": "", "months": months, "work": "公布新合同", "fields": {"women-contract-expiry": "2027年6月30日"}}, expected) for months, expected in (
        (["4月", "5月", "7月", "8月"], ["7月的续订安排"]), (["4月", "5月", "8月"], ["8月的续订安排"]), (["4月", "5月", "6月"], []), (["4月", "5月", "六月"], []))],
    *[({"signed": "", "fields": {"contract-expiry": day}}, [day] * wrong) for day, wrong in (
        ("2026年12月31日", 1), ("2027年1月31日", 0), ("2028年3月31日", 0), ("2028年4月30日", 1))],
    # days of the text's own year
    *[({"signed": "", "title": title, "months": [], "fields": {"congress-date": day}}, [day] * wrong) for title, day, wrong in (
        ("学校工会2026年工作总结", "2026年3月25日", 0), ("学校工会2026年工作总结", "2027年3月25日", 1), ("学校工会2027年工作计划", "2028年3月25日", 1),
        ("学校工会2026年工作总结和2027年工作计划", "2026年3月25日", 0), ("学校工会工作计划", "2026年3月25日", 1))],
    ({"signed": "", "before": "下次会议拟于", "fields": {"congress-date": "2028年3月25日"}}, []),
    # a number and what it is a part of, directly, over others, or as known from another page; sums
    *[({"signed": "", "fields": fields}, wrong) for fields, wrong in (
        ({"new-member-count": "130", "member-count": "126"}, ["130"]), ({"contest-people": "61", "staff-count": "60"}, ["61"]),
        ({"night-nurses-joined": "40", "staff-count": "39"}, ["40"]), ({"contract-nurse-members": "8", "contract-nurse-count": "9", "member-count": "7"}, ["8"]),
        ({"women-budget": "2万元", "budget-total": "18,000元"}, ["2万元"]), ({"training-people": "500", "staff-count": "60"}, []),
        ({"new-form-joined": "9", "courier-count": "2", "rider-count": "2", "ride-driver-count": "2", "truck-driver-count": "2"}, ["9"]),
        ({"new-form-joined": "9", "courier-count": "2", "rider-count": "2", "ride-driver-count": "2"}, []),
        *[({"new-form-join-target": some, "courier-count": "2", "rider-count": "2", "ride-driver-count": "2", "truck-driver-count": "2"}, [some] * wrong)
          for some, wrong in (("9", 1), ("8", 0))],
        *[({"budget-total": total, **{f"plan-{name}-spend": "1万元" for name in ("activity", "rights", "business", "capital", "affair", "other")}}, wrong)
          for total, wrong in (("6万元", []), ("5万元", ["5万元"]), ("70,000元", ["70,000元"]))],
        # amounts to the hundredth, whatever the unit they are written in
        ({"budget-total": "34200元", **{f"plan-{name}-spend": "0.57万元" for name in ("activity", "rights", "business", "capital", "affair", "other")}}, []),
        ({"visit-money": "5700元", "spending-total": "0.57万元"}, []))],
    *[({"signed": "", "known": {"staff-count": "60", "budget-total": "5万元"}, "fields": {"contest-people": some}}, [some] * wrong) for some, wrong in (("61", 1), ("60", 0))],
    # limits of law, and nothing
    *[({"signed": "", "fields": {ident: some}}, [some] * wrong) for ident, some, wrong in (
        ("worker-delegates", "2", 1), ("worker-delegates", "3", 0), ("contract-years", "4", 1), ("contract-years", "3", 0), ("term-years", "4", 1), ("term-years", "5", 0))],
    ({"signed": "", "fields": {"courier-count": "0"}}, ["快递员人数0"]),
    *[({"signed": "", "fields": {"contest-name": text}}, [f"竞赛项目{text}"] * wrong) for text, wrong in (
        ("无", 1), ("没有", 1), ("0项", 1), ("暂无", 1), ("/", 1), ("无人机操作", 0), ("10项", 0), ("没有事故班组评比", 0))],
    ({"signed": "", "fields": {"audit-issues": "0", "audit-fixed": "0"}}, ["经审问题件数0"]),
    # all of it done, and words of a rest
    *[({"signed": "", "fields": {"suggestion-count": "35", "suggestion-solved": solved}, "after": after, "next": later}, wrong) for solved, after, later, wrong in (
        ("35", "件；没有办结的，逐件注明", "", ["没有办结"]), ("35", "件，其余结转。其余不变", "其余", ["其余"]), ("35", "件", "上半年未办结意见", ["未办结"]),
        ("34", "件；没有办结的，逐件注明", "", []), ("35", "件，没有登记的不计", "没有开会", []))],
    ({"signed": "", "fields": {"contract-clauses": "3", "contract-unmet": "3"}, "after": "条，未履行的登记"}, []),
    # up to when it is counted
    *[({"signed": day, "months": [], "title": title, "next": text}, wrong) for day, title, text, wrong in (
        ("2026年12月20日", "学校工会2026年工作总结", "数字统计至12月末。", ["统计至12月末"]), ("2026年12月31日", "学校工会2026年工作总结", "数字统计至12月末。", []),
        ("2027年6月20日", "学校工会2027年上半年工作总结", "数据截至6月25日。", ["截至6月25日"]), ("2027年6月20日", "学校工会2027年上半年工作总结", "数据截至6月20日。", []),
        ("2026年12月20日", "学校工会2026年工作总结和2027年工作计划", "数字截至2026年底。", ["截至2026年底"]), ("2027年1月5日", "学校工会2026年工作总结", "截至年底。", []),
        ("2026年11月20日", "学校工会2026年工作总结", "各项数字按1月至12月统计。", ["1月至12月统计"]), ("2026年11月20日", "学校工会2026年工作总结", "12月核对截至11月底的账目。", []),
        ("2027年1月8日", "学校工会2027年工作计划", "报告截至6月底的收支。", []))],
    # rates and what they are made of
    *[({"signed": "", "before": before, "fields": {"member-count": "300", "event-people": some, "activity-rate": rate}}, [rate] * wrong) for before, some, rate, wrong in (
        ("", "150", "80%", 1), ("", "150", "50%", 0), ("", "200", "66%", 0), ("", "200", "67%", 0), ("", "200", "66.6%", 0), ("", "200", "66.5%", 1), ("不低于", "150", "80%", 0))],
    ({"signed": "", "fields": {"budget-total": "18万元", "spending-total": "81,000元", "budget-rate": "94%"}}, ["94%"]),
    ({"signed": "", "fields": {"event-people": "150", "activity-rate": "80%"}}, []),
    ({"signed": "", "months": [], "fields": {field.id: field.example for field in DATA.fields}}, []),
])
def test_what_is_filled_in_is_checked(page, doc, expected):
    """Values of the wrong form, numbers and days that do not agree or are beyond what can be, work that lies elsewhere than a day demands.
    The samples agree with each other."""
    findings = page.evaluate(f"""async (given) => [...await Plans.check.run(({PLAN_DOC})(given), {{ profile: {{ unit: "", year: 2027, fields: given.known }} }})]
        .filter(({{ kind }}) => ["form", "conflict"].includes(kind))""", doc)
    assert [finding["text"] for finding in findings] == expected
    assert all(finding["message"] and finding["level"] == "look" for finding in findings)


def test_section_without_a_text_is_told(page):
    """A chapter whose text stands in its sections has one; an empty paragraph is none."""
    doc = {"title": "学校工会2027年工作计划", "intro": [], "unit": "学校工会", "date": "2027年1月8日", "sections": [
        {"level": level, "heading": heading, "theme": None, "id": "", "from": None, "blocks": [{"type": "p", "runs": [{"t": text}]} for text in texts]}
        for level, heading, texts in ((2, "重点任务", []), (3, "走访会员", ["逐户走访会员。"]), (3, "新的一节", []), (2, "检查验收", [" "]), (2, "经费", ["列入预算。"]))]}
    findings = page.evaluate("async (doc) => [...await Plans.check.run(doc)].filter(({ kind }) => kind === 'blank')", doc)
    assert [(finding["text"], finding["message"]) for finding in findings] == [(heading, "这一节只有标题，没有内容") for heading in ("新的一节", "检查验收")]


@pytest.mark.parametrize("fields, wholes", [
    ({"night-nurses-joined": "40", "staff-count": "39"}, ["职工人数39"]),
    ({"contract-nurse-members": "8", "contract-nurse-count": "7", "member-count": "7"}, ["编外护士人数7", "会员人数7"]),
])
def test_each_whole_is_named_once(page, fields, wholes):
    """However many ways lead to it, and whatever another has; a place is counted once in each."""
    found = page.evaluate(f"""async (fields) => [...await Plans.check.run(({PLAN_DOC})({{ signed: "", fields }}), {{ profile: {{ year: 2027 }} }})]
        .filter(({{ kind }}) => kind === "conflict").map(({{ message, places }}) => [message.replace(/^.*大于|，请核对$/g, ""), places.length])""", fields)
    assert found == [[whole, 1] for whole in wholes]


def test_months_of_the_body_are_one_finding_with_all_places(page):
    """So that it is accepted at once; each place is the sentence."""
    found = page.evaluate(f"""async (given) => [...await Plans.check.run(({PLAN_DOC})(given), {{ profile: {{ year: 2027 }} }})]
        .filter(({{ kind }}) => kind === "conflict").map(({{ places }}) => places.map(({{ quote }}) => quote))""",
        {"signed": "2027年3月8日", "months": ["2月", "4月"], "body": "2月列出。1月上门；5月公布，6月总结。", "next": "8月培训"})
    assert found == [["检查", "2月列出", "1月上门"], ["5月公布，6月总结", "8月培训"]]


RENEWAL = "女职工专项合同到期日为2027年7月1日，应在届满前3个月内提出、届满前办完，即排在2027年4月至2027年7月；"


@pytest.mark.parametrize("ident, value, after, draft, message", [
    ("worker-delegates", "2", "名", False, "职工方协商代表人数：至少3名，请核对"), ("contract-years", "4", "年", False, "新合同期限：1至3年，请核对"),
    ("term-years", "4", "年", False, "委员会任期：3年或5年，请核对"), ("courier-count", "0", "人", False, "填的是0，本句没有这项内容的可以删去"),
    ("contest-name", "无", "", False, "填的是“无”，本句没有这项内容的可以删去或改写"),
    ("women-contract-expiry", "2026年5月31日", "", False, "女职工专项合同到期日不在2027年内，到2027年已经届满，请核对"),
    ("contract-expiry", "2026年12月31日", "", False, "集体合同到期日不在2027年内，到2027年已经届满，请核对"),
    ("women-contract-expiry", "2027年7月1日", "", False, f"{RENEWAL}加入草稿后可以整体移动月份，也可以逐行修改"),
    ("women-contract-expiry", "2027年7月1日", "", True, f"{RENEWAL}可以整体移动月份，也可以逐行修改"),
])
def test_message_says_what_can_be(page, ident, value, after, draft, message):
    """With the measure word that stands behind the blank, and with what can be done about it where the text stands."""
    found = page.evaluate(f"""async ([given, draft]) => {{
        await Plans.check.text("");
        const {{ examine, fromDoc }} = Plans.checkRules;
        return (await examine(fromDoc(({PLAN_DOC})(given)), {{ draft, profile: {{ year: 2027 }} }})).find(({{ kind }}) => kind === "conflict");
    }}""", [{"signed": "", "fields": {ident: value}, "after": after}, draft])
    assert found["message"] == message


def test_every_word_for_a_renewal_stands_in_a_schedule():
    """data/fields.yml names work as templates with that blank name it, and every schedule of such a template has one of them."""
    plans = [reader.parse_template((reader.ROOT / path).read_text("utf-8"), path) for path in reader.contributed_files() if reader.is_template(path)]
    for field in (field for field in DATA.fields if field.renewal):
        works = [[item.do for _, items in plan.meta.months for item in items] for plan in plans if f"【{field.label}】" in plan.body and plan.meta.months]
        assert [words for words in field.renewal if not any(words in do for work in works for do in work)] == []
        assert [work for work in works if not any(words in do for words in field.renewal for do in work)] == []


# --- the own-words meter ---

TEMPLATES = [path.removeprefix("docs/").removesuffix(".md") + ".html" for path in reader.contributed_files() if reader.is_template(path)]
#: Every blank with its sample; days that the text's own months have to fit are for the reader to choose.
ALL_SAMPLES = {field.id: field.example for field in DATA.fields if field.id != "sign-date" and not field.renewal}
#: Page -> unit and values of its filled example.
EXAMPLES = {
    f"{example.template}.html": [(example.unit, {field.id: example.values[field.label] for field in DATA.fields if field.label in example.values})]
    for example in DATA.examples
}
OWN = """async () => { const doc = Plans.document.fromArticle(document.querySelector("article"));
    const { same, total } = (await Plans.check.run(doc)).own; return [total - same, total]; }"""


@pytest.mark.parametrize("path", TEMPLATES)
def test_untouched_template_has_no_words_of_ones_own(browser, site, path):
    """Filled or not, a template's sentences are recognised as the template's, and nothing in them is a leftover or contradicts itself."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{path}")
    for unit, values in [("", {"member-count": "126"}), *EXAMPLES.get(path, []), ("杭州市长江实验学校", ALL_SAMPLES)]:
        page.evaluate("""([unit, values]) => {
            const year = 2027 + (Plans.data.templates[Plans.page()].year_offset ?? 0);
            const fields = Object.fromEntries(Object.entries(values).map(([id, text]) => [id, text.replace(/^\\d{4}(?=年)/, year)]));
            // signed when the schedule begins, so that no work is told to be late
            const month = document.querySelector("#schedule tbody td")?.textContent.trim();
            if (unit && month) fields["sign-date"] = `2027年${month}28日`;
            Plans.profiles.update({ unit, year: "2027", fields });
        }""", [unit, values])
        strange, total = page.evaluate(OWN)
        assert total > 20 and strange <= max(2, total * 0.03)  # what a macro prints may make a sentence read differently
        kinds = page.evaluate("""async () => [...await Plans.check.run(Plans.document.fromArticle(document.querySelector("article")))]
            .filter((finding) => finding.level === "look").map((finding) => `${finding.kind} ${finding.text}`)""")
        assert [kind for kind in kinds if not kind.startswith(("blank ", "local "))] == []  # 市 in the unit's name has words of its own
    context.close()


def test_sentences_written_anew_are_ones_own(page):
    """Of two sentences one is a template's: half are the reader's."""
    plan = reader.parse_template((reader.ROOT / "docs/school/annual-plan.md").read_text("utf-8"), "docs/school/annual-plan.md")
    sentence = next(s for s in re.split("[。；\n]", plan.body) if len(s) > 20 and not re.search(r"[{}【】|#]", s))
    own = page.evaluate("async text => (await Plans.check.text(text)).own", f"{sentence}。\n本校把会员意见箱搬到食堂门口，每周三开箱登记。")
    assert (own["same"], own["total"]) == (1, 2)


# --- the panel ---

@EVERYWHERE
def test_nothing_of_the_check_is_loaded_before_it_runs(watched):
    """Rules, panel and data come with the first check."""
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.open(TEMPLATE)
    assert not [url for url in asked if "check-" in url.split("/")[-1].replace("leave-check", "") or url.endswith("data/check.js")]
    watched.page.get_by_role("button", name="交稿体检").click()
    watched.page.locator(PANEL).wait_for()
    assert [url for url in asked if url.endswith("data/check.js")]


def open_panel(watched, path: str = TEMPLATE):
    watched.open(path)
    if (more := watched.page.locator(".plan-tools-more")).is_visible():
        more.click()
    watched.page.get_by_role("button", name="交稿体检").click()
    panel = watched.page.locator(PANEL)
    panel.wait_for()
    return panel


def test_panel_opens_by_keyboard_and_escape_leads_back(watched):
    """Enter opens it with the focus inside; Escape closes it and the focus is where it was."""
    watched.open(TEMPLATE)
    button = watched.page.get_by_role("button", name="交稿体检")
    button.focus()
    watched.page.keyboard.press("Enter")
    panel = watched.page.get_by_role("dialog", name="交稿体检")
    panel.wait_for()
    assert panel.evaluate("panel => panel.contains(document.activeElement)")
    assert re.search(r"还有 \d+ 处空白没有填", panel.get_by_role("status").inner_text())
    watched.page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    assert button.evaluate("button => button === document.activeElement")


def test_escape_is_for_what_lies_on_top(watched):
    """With the box of other formats over the panel, Escape closes the box first, then the panel."""
    panel = open_panel(watched)
    watched.page.evaluate("document.querySelector('#tool-docx-formats').click()")
    box = watched.page.get_by_role("dialog", name="版式与其他格式")
    box.wait_for()
    watched.page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert panel.is_visible()
    watched.page.keyboard.press("Escape")
    panel.wait_for(state="detached")


@EVERYWHERE
def test_finding_leads_to_its_place_and_round_again(watched):
    """The focus goes to the blank in the text; pressed again it goes to the next one, and after the last to the first."""
    panel = open_panel(watched)
    row = panel.locator("li", has_text="【年度经费预算】")
    row.get_by_role("button", name="跳到该处").click()
    place = watched.page.evaluate("""() => { const here = document.activeElement; const box = here.getBoundingClientRect();
        return [here.textContent, box.bottom > 0 && box.top < innerHeight, Boolean(here.closest("article"))]; }""")
    assert "【年度经费预算】" in place[0] and place[1:] == [True, True]
    watched.page.keyboard.press("Escape")  # also from the text
    panel.wait_for(state="detached")


def test_way_to_a_short_value_ends_at_its_own_cell(watched):
    """0 in a cell, and at the beginning of an item, though the title has one too."""
    watched.open("township/new-employment-plan.html")
    page = watched.page
    page.evaluate("Plans.profiles.update({ year: '2027', fields: { 'courier-count': '0', 'truck-driver-count': '0' } })")
    page.get_by_role("button", name="交稿体检").click()
    for ident, label in (("courier-count", "快递员人数0"), ("truck-driver-count", "货车司机人数0")):
        page.get_by_role("button", name=f"跳到该处：{label}").click()
        here = page.evaluate("""() => [...CSS.highlights.get("leave-check-here")].map((range) => [range.toString(), range.startContainer.parentElement.closest("[data-fill]")?.dataset.fill])""")
        assert here == [["0", ident]]
        assert page.evaluate("ident => document.activeElement.matches(`[data-fill=${ident}], :has([data-fill=${ident}])`) && !document.activeElement.matches('h1')", ident)


def test_accepted_finding_stays_accepted_until_it_is_taken_back(watched):
    """It leaves the list and the count, also after the page is opened again; 不再接受 brings it back."""
    panel = open_panel(watched)
    rows = panel.locator(".leave-check-kind li")
    before, line = rows.count(), panel.get_by_role("status").inner_text()
    panel.get_by_role("button", name="接受：【年度经费预算】").click()
    assert rows.count() == before - 1 and panel.get_by_role("status").inner_text() != line
    assert panel.evaluate("panel => panel.contains(document.activeElement)")
    panel = open_panel(watched)
    assert panel.locator(".leave-check-kind li").count() == before - 1
    panel.locator("summary").click()
    panel.get_by_role("button", name="不再接受：【年度经费预算】").click()
    assert panel.locator(".leave-check-kind li").count() == before


def test_street_office_is_told_of_its_own_words(watched):
    """The panel's offer was passed over: the check names the words and puts the right ones in."""
    watched.open("township/annual-plan.html")
    page = watched.page
    page.fill("#plan-unit", "望江街道")
    page.get_by_role("button", name="交稿体检").click()
    row = page.locator(".leave-check [data-kind=local] li")
    assert "镇党委" in row.inner_text() and "街道党工委" in row.inner_text()
    row.get_by_role("button", name="跳到该处").click()
    assert page.evaluate("document.activeElement.closest('article') !== null")
    row.get_by_role("button", name="改用街道的说法").click()
    page.locator(".plans-live", has_text="已改用街道的说法").wait_for()
    assert page.locator(PANEL).is_visible() and row.count() == 0
    plan = page.evaluate("Plans.document.toText(Plans.document.fromArticle(document.querySelector('article')))")
    assert "街道党工委" in plan and "镇党委" not in plan


def test_contract_that_ends_in_may_leads_to_the_schedule_that_has_to_move(watched):
    """All filled in, the verdict is not that it may be handed in; the way leads to the month in which the work stands now."""
    watched.open("enterprise/collective-contract-plan.html")
    page = watched.page
    page.evaluate("""Plans.profiles.update({ unit: "江滨电器公司", year: "2027", fields: {
        ...Object.fromEntries(Object.entries(Plans.data.fields).map(([id, { example }]) => [id, example])), "contract-expiry": "2027年5月31日" } })""")
    page.get_by_role("button", name="交稿体检").click()
    row = page.locator(".leave-check [data-kind=conflict] li", has_text="10月、11月、12月的续订安排")
    assert "2027年2月至2027年5月；加入草稿后可以整体移动月份" in row.inner_text()
    assert page.locator(".leave-check-line").inner_text().startswith("还有 4 处要核对")
    row.get_by_role("button", name="跳到该处").click()
    assert page.evaluate("document.activeElement.closest('tr').cells[0].textContent") == "10月"


def test_open_panel_follows_the_repairs(watched):
    """What was filled in leaves the list by itself; the reader's place in the panel stays, and the line is said again only when it is another."""
    panel = open_panel(watched)
    panel.get_by_role("button", name="接受：【提案满意率】").click()
    panel.locator("summary").click()
    go = panel.locator(".leave-check-kind li", has_text="【年度经费预算】").get_by_role("button", name="跳到该处")
    go.evaluate("""button => {
        const body = button.closest(".leave-check-body"), top = () => button.getBoundingClientRect().top;
        body.scrollTop += top() - body.getBoundingClientRect().top;
        button.focus({ preventScroll: true });
        const said = [];
        new MutationObserver(() => said.push(document.querySelector(".leave-check-line").textContent))
            .observe(document.querySelector(".leave-check-line"), { childList: true, characterData: true, subtree: true });
        window.place = () => [document.activeElement === button, Math.round(top()), body.querySelector("details").open, said.length];
    }""")
    page, gone = watched.page, panel.locator("li", has_text="【单位年度中心工作】")
    before = page.evaluate("place()")
    assert before[0] and before[2] and panel.locator(".leave-check-body").evaluate("body => body.scrollTop > 0")
    page.evaluate("Plans.profiles.update({ fields: { 'unit-focus': '课堂质量', 'notice-days': '0' } })")
    gone.wait_for(state="detached")
    focus, top, opened, said = page.evaluate("place()")
    assert focus and abs(top - before[1]) <= 1 and said == 1
    assert panel.locator("li", has_text="公示天数0").count() == 1
    page.evaluate("Plans.profiles.update({ fields: { 'notice-days': '5', 'unit-focus': '' } })")  # as many blanks are left
    panel.locator("li", has_text="公示天数0").wait_for(state="detached")
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    assert page.evaluate("!document.activeElement.closest('.leave-check')")


def test_focus_stays_in_the_panel(watched):
    """Also when what has it leaves the list and is no button: the heading of what was accepted."""
    panel = open_panel(watched)
    panel.get_by_role("button", name="接受：【单位年度中心工作】").click()
    panel.locator("summary").focus()
    watched.page.evaluate("Plans.profiles.update({ fields: { 'unit-focus': '课堂质量' } })")
    panel.locator("summary").wait_for(state="detached")
    assert watched.page.evaluate("document.activeElement.closest('.leave-check-body') !== null")


@pytest.mark.parametrize("kept", ["7", '"x"', '{"a": 1}', "[1, null]", "{"])
def test_damaged_memory_of_accepted_findings_does_no_harm(watched, kept):
    """Whatever stands in storage, the panel opens."""
    watched.open(TEMPLATE)
    watched.page.evaluate("kept => localStorage.setItem('plans:1:check:school/annual-plan.html', kept)", kept)
    panel = open_panel(watched)
    assert panel.locator(".leave-check-kind li").count() > 5


@EVERYWHERE
def test_copying_is_not_held_up(watched):
    """The text is copied at once; a line says what may be looked at, and the focus stays on the button."""
    watched.open(TEMPLATE)
    button = watched.page.get_by_role("button", name="复制全文（纯文本）")
    button.click()
    line = watched.page.locator(".leave-check-brief")
    line.wait_for()
    assert "处空白没有填" in line.inner_text() and line.locator(".leave-check-body").is_hidden()
    assert button.evaluate("button => button === document.activeElement")
    assert "已复制" in watched.page.locator(".plans-live").inner_text()
    line.get_by_role("button", name="查看").click()
    assert watched.page.locator(PANEL).is_visible()


def test_nothing_is_said_when_there_is_nothing_to_see(watched):
    """After all has been accepted, copying shows no panel."""
    panel = open_panel(watched)
    while panel.get_by_role("button", name=re.compile("^接受：")).count():
        panel.get_by_role("button", name=re.compile("^接受：")).first.click()
    assert "没有发现" in panel.get_by_role("status").inner_text()
    # how much is still the template's own wording is told, and nothing that has to be accepted
    assert "句与模板“学校工会年度工作计划”相同" in panel.locator(".leave-check-own").inner_text()
    panel.get_by_role("button", name="逐句看相同的句子").click()
    assert watched.page.evaluate("document.activeElement.closest('article') !== null")
    watched.page.keyboard.press("Escape")
    assert watched.page.evaluate("""async () => { const found = await Plans.check.open(Plans.document.fromArticle(document.querySelector("article")));
        return found.length > 0 && !document.querySelector(".leave-check"); }""")


def test_panel_is_no_part_of_the_text(watched):
    """With the panel open the page's text is what it was."""
    watched.open(TEMPLATE)
    text = "() => Plans.document.toText(Plans.document.fromArticle(document.querySelector('article')))"
    before = watched.page.evaluate(text)
    watched.page.get_by_role("button", name="交稿体检").click()
    watched.page.locator(PANEL).wait_for()
    assert watched.page.evaluate(text) == before


@pytest.mark.parametrize("width, scheme", [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_panel_fits_every_screen(watched, width, scheme):
    """Within the screen, with names for all buttons, and the page does not have to be moved sideways."""
    watched.page.set_viewport_size({"width": width, "height": 740})
    watched.page.emulate_media(color_scheme=scheme)
    watched.open(TEMPLATE)
    text = watched.page.locator("h1").bounding_box()
    panel = open_panel(watched)
    assert watched.page.locator("h1").bounding_box() == text  # the text stays where it is, beside the panel
    box = panel.bounding_box()
    assert width == 360 or box["x"] >= text["x"] + text["width"]
    assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] >= 0 and box["y"] + box["height"] <= 740
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    names = [button.get_attribute("aria-label") or button.inner_text() for button in panel.get_by_role("button").all()]
    assert all(names) and len(set(names)) == len(names)
    leap = panel.get_by_role("button", name="跳到该处：【公示天数】")
    leap.click()
    here = watched.page.evaluate("(() => { const box = document.activeElement.getBoundingClientRect(); return [box.top, box.bottom]; })()")
    panel = watched.page.locator(".leave-check")
    assert 0 <= here[0] and (width > 360 or here[1] <= panel.bounding_box()["y"])
    if width == 360:  # folded, so that the place can be seen; opened again where it was left
        assert panel.locator(".leave-check-body").is_hidden()
        panel.get_by_role("button", name="查看").click()
        assert leap.evaluate("button => button === document.activeElement")


@EVERYWHERE
def test_draft_is_checked_on_its_page(watched):
    """On request in the draft: findings lead to their places there."""
    watched.open(TEMPLATE)
    watched.page.get_by_role("button", name="整篇加入草稿").click()
    watched.page.locator(".plans-live", has_text="已加入草稿").wait_for()
    watched.open("draft.html")
    watched.page.locator(".plan-draft-paper").wait_for()
    watched.page.get_by_role("button", name="交稿体检").click()
    panel = watched.page.locator(PANEL)
    panel.wait_for()
    panel.locator("li", has_text="【公示天数】").get_by_role("button", name="跳到该处").click()
    assert watched.page.evaluate("document.activeElement.closest('.plan-draft-paper') && document.activeElement.textContent.includes('【公示天数】')")
    own = panel.locator("#leave-check-own")
    before = own.inner_text()
    section = watched.page.locator(".plan-draft-section", has_text="【公示天数】").last
    section.locator("[data-act=edit]").click()
    section.locator("[data-typed]", has_text="【公示天数】").fill("评审结果在食堂门口的公开栏张贴，任何人都能看到，期满由校办公室收回存档。")
    panel.locator("li", has_text="【公示天数】").wait_for(state="detached")
    sentences = [int(re.search(r"其中 (\d+) 句", text)[1]) for text in (before, own.inner_text())]
    assert sentences[1] < sentences[0]
    assert watched.page.evaluate("document.activeElement.closest('[data-typed]') !== null")
    watched.page.get_by_role("button", name="撤销", exact=True).click()
    panel.locator("li", has_text="【公示天数】").wait_for()
    assert own.inner_text() == before


def test_panel_follows_to_another_draft(watched):
    """What is then checked is that draft, against its own template, though the panel came up when the first was given away."""
    page = watched.page
    for path in ("hospital/annual-plan.html", TEMPLATE):
        watched.open(path)
        page.get_by_role("button", name="整篇加入草稿").click()
        page.locator(".plans-live", has_text="已加入草稿").wait_for()
        watched.open("draft.html")
        page.locator(".plan-draft-section").first.wait_for()
        if path != TEMPLATE:
            page.get_by_role("button", name="新建", exact=True).click()
            page.locator(".plans-live", has_text="已新建").wait_for()
    page.get_by_role("button", name="下载 Word", exact=True).click()
    own = page.locator("#leave-check-own")
    own.wait_for(state="attached")
    titles = page.evaluate("(paths) => paths.map((path) => Plans.data.templates[path].title)", ["hospital/annual-plan.html", TEMPLATE])
    assert f"模板“{titles[1]}”" in own.text_content()
    page.get_by_role("combobox", name="选择草稿").select_option(index=0)
    page.wait_for_function("title => document.querySelector('#leave-check-own').textContent.includes(`与模板“${title}”相同`)", arg=titles[0])


def test_failure_to_load_is_told_and_blocks_nothing(browser, site):
    """Without the data there is a message, and copying still works."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.route("**/assets/data/check.js", lambda route: route.abort())
    page.goto(f"{site.as_uri()}/{TEMPLATE}")
    page.get_by_role("button", name="交稿体检").click()
    page.locator(".plans-live", has_text="没有完成体检").wait_for()
    assert page.evaluate("Plans.copy.write({ text: '甲' }, '文字')")
    context.close()


# --- the page for pasted text ---

PLAN = """杭州市第二中学工会2024年工作计划
一、指导思想
以党的十九大精神为指导，由王建国主席主持，联系电话13812345678。
三、重点任务
（一）召开教代会，会员【会员人数】人。"""


def paste(watched, text: str, unit: str = "杭州市第二中学"):
    watched.open(PASTE)
    page = watched.page
    page.get_by_label("要检查的文字").evaluate("(box, text) => { box.value = text; }", text)
    page.get_by_label("单位全称").fill(unit)
    page.get_by_label("计划年度").fill("2027")
    page.get_by_role("button", name="开始体检").click()
    page.locator(PANEL).wait_for()
    return page


@EVERYWHERE
def test_pasted_text_is_marked_where_the_findings_are(watched):
    """Each finding is marked in the text; the text itself is unchanged; a finding leads to its mark."""
    page = paste(watched, PLAN)
    marks = page.locator(".leave-check-view mark").all_text_contents()
    assert marks == ["2024年", "党的十九大精神", "王建国", "电话13812345678", "三、", "【会员人数】"]
    assert page.locator(".leave-check-view").evaluate("view => view.textContent") == PLAN
    page.get_by_role("button", name="跳到该处：王建国").click()
    assert page.evaluate("document.activeElement.matches('mark') && document.activeElement.textContent") == "王建国"


def test_accepted_finding_loses_its_mark(watched):
    """The text shows what is still open."""
    page = paste(watched, PLAN)
    page.get_by_role("button", name="接受：王建国").click()
    assert "王建国" not in page.locator(".leave-check-view mark").all_text_contents()


def test_pasted_markup_is_text(watched):
    """Nothing that is pasted becomes an element."""
    hostile = '<img src=x onerror="alert(1)">东营<script>alert(2)</script>&lt;王建国主席 {{7*7}}'
    page = paste(watched, hostile)
    view = page.locator(".leave-check-view")
    assert view.evaluate("view => view.textContent") == hostile
    assert page.locator(".leave-check-view :not(mark), .leave-check img, .leave-check script").count() == 0


def test_long_text_is_checked_and_shown(watched):
    """A paste of 200 KB gives its findings with their number."""
    page = paste(watched, PLAN + "\n" + "会员参加活动，工会做好服务保障工作，认真听取意见。\n" * 2700 + "送东营市总工会。")
    assert page.get_by_role("button", name="跳到该处：东营").count() == 1
    page.get_by_role("button", name="跳到该处：东营").click()
    assert page.evaluate("document.activeElement.textContent") == "东营"


def test_pasted_text_is_kept_nowhere(watched):
    """Neither in storage nor after the page is opened again."""
    page = paste(watched, PLAN + "绝密的一句话。")
    assert "绝密" not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    watched.open(PASTE)
    assert page.get_by_label("要检查的文字").input_value() == ""


def test_empty_paste_is_told_and_clearing_empties(watched):
    """A check of nothing says what to do; 清空 takes text, marks and panel away."""
    watched.open(PASTE)
    page = watched.page
    page.get_by_role("button", name="开始体检").click()
    page.locator(".plans-live", has_text="请先粘贴").wait_for()
    page = paste(watched, PLAN)
    page.get_by_role("button", name="清空", exact=True).click()
    assert page.locator(".leave-check").count() == 0 and page.locator(".leave-check-view").is_hidden()
    assert page.get_by_label("要检查的文字").input_value() == ""


def test_page_says_that_nothing_leaves_the_device(watched):
    """In the text of the page and beside the box."""
    watched.open(PASTE)
    assert "不上传" in watched.page.locator("article").inner_text()
    box = watched.page.get_by_label("要检查的文字")
    assert "不上传、不保存" in watched.page.locator(f"#{box.get_attribute('aria-describedby')}").inner_text()
