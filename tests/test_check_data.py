"""What the browser's check knows: the patterns and names of `make check`, in JavaScript's syntax."""

from __future__ import annotations

import json
import re

import pytest
from test_wording import GUILTY, INNOCENT, sentences

from macros import check_data, desk_data, reader, similarity
from macros.checks import blanks, citations, identity, persons, places
from macros.model import SharedFrontMatter

DATA, GAZETTEER = reader.data_cached(), reader.load_gazetteer()
LINES = sorted({sentence for group in (INNOCENT, GUILTY) for _, sentence in sentences(group)}) + [
    "电话0571-87654321，手机13812345678，账号6222021234567890123", "发到 gonghui@example.com", "根据杭工发〔2024〕15号、令第32号、京教字第12号",
    "2024年、二〇二四年、2024-03、2024—2026", "500元、3.5万元、五百元、￥20", "××学校____某某【会员人数】（ ）（此处填写）……：…", "《工会法》《关于印发办法的通知》",
    "卫生局、劳动部、劳动部门、二○二六年一月一日", "由王建国主席主持，联系人：李小明、张三", "由第三中学、杭州实验小学和长江机械有限公司承办",
    "向临安区总工会、桐庐县、北京市", "", " ", "\u3000", "a" * 50, "1" * 30,
]


@pytest.fixture(scope="module")
def exported() -> dict:
    return check_data.check(reader.ROOT)


def pairs() -> dict[str, re.Pattern[str]]:
    """Name of a pattern -> the pattern of the check itself."""
    outdated, _ = citations.outdated_pattern(DATA)
    innocent, forms = persons.patterns(GAZETTEER)
    names, official = places.patterns(GAZETTEER, DATA)
    return {
        "contact": identity.CONTACT, "card": identity.CARD, "document": identity.DOCUMENT, "amount": identity.AMOUNT,
        "year": identity.YEAR, "blank": blanks.BLANK, "placeholder": blanks.PLACEHOLDER, "title": citations.TITLE,
        "rule title": citations.RULE_TITLE, "outdated": outdated, "sentence": similarity.SENTENCE, "innocent": innocent,
        **{f"person {i}": form for i, form in enumerate(forms)}, "names": names, "official": official,
        **{f"organisation {i}": pattern for i, pattern in enumerate(places.ORGANISATIONS)}, "generic": places.GENERIC,
        "clause": places.CLAUSE, "county": places.COUNTY, "common": places.COMMON,
    }


def test_every_pattern_means_the_same_in_the_browser(browser):
    """Compiled by Chromium, each pattern matches just what it matches in Python."""
    page = browser.new_page()
    for name, pattern in pairs().items():
        here = [[[m.start(), m.end()] for m in pattern.finditer(line)] for line in LINES]
        there = page.evaluate(
            "([source, lines]) => lines.map((line) => [...line.matchAll(new RegExp(source, 'g'))].map((m) => [m.index, m.index + m[0].length]))",
            [check_data.in_javascript(pattern), LINES])
        assert there == here, name
    page.close()


@pytest.mark.parametrize("source, flags", [
    (r"(?P<a>x)(?P=a)", 0), (r"(?>x)", 0), (r"x*+", 0), (r"x{2}+", 0), (r"\Ax", 0), (r"x\Z", 0), (r"(?i:x)", 0), (r"(?#note)x", 0), (r"x", re.IGNORECASE),
    (r"x y", re.VERBOSE), (r"(x)(?(1)y|z)", 0)])
def test_pattern_that_javascript_lacks_is_refused(source, flags):
    """Nothing is written that would mean something else, or nothing, in a browser."""
    try:
        pattern = re.compile(source, flags)
    except re.error:
        pytest.skip("this Python has no such form")
    with pytest.raises(ValueError, match="JavaScript"):
        check_data.in_javascript(pattern)


@pytest.mark.parametrize("source, expected", [
    (r"(?P<name>x)", "(?<name>x)"), (r"[*+?}+]+\+", r"[*+?}+]+\+"), (r"(?<!\d)x(?=y)(?!z)(?<=q)(?:a)", r"(?<!\d)x(?=y)(?!z)(?<=q)(?:a)")])
def test_named_groups_are_written_in_javascripts_way(source, expected):
    assert check_data.in_javascript(re.compile(source)) == expected


def test_names_come_from_the_data_files(exported):
    """No second list: sectors, laws, phrases and outdated wordings are those of the files."""
    assert set(exported["sectors"]) == set(DATA.sectors)
    assert exported["sectors"]["enterprise"]["foreign"]["教代会"] == ["学校", "职代会"]
    assert exported["policies"]["工会法"][0] == "in_force"
    assert set(exported["policies"]) >= set(DATA.policies_by_name)
    wordings = {text for entry in DATA.outdated for text in entry.patterns}
    assert wordings <= set(exported["outdated"])
    assert [text for versions in exported["phrases"] for _, _, text in versions] == [v.text for phrase in DATA.phrases for v in phrase.versions]
    for name in (*GAZETTEER.provinces, *GAZETTEER.cities):
        assert re.search(exported["places"]["names"], name)


def test_each_template_brings_little(exported):
    """Four letters a sentence, each sentence once."""
    for url, hashes in exported["texts"].items():
        codes = re.findall(".{4}", hashes)
        assert len(codes) == len(set(codes)) and 20 < len(codes) < 400, url
        assert set(hashes) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_sentences_are_compared_without_what_macros_print():
    """The same wording with other words of the sector, other dates and filled blanks is the same sentence."""
    masking = similarity.masking(check_data.mask_words(DATA, ()))
    written = check_data.skeletons("{{ 节日(\"教师节\") }}当周由{{ 职工 }}代表向【会员人数】名新同事赠书。", masking)
    printed = check_data.skeletons("9月10日当周由教职工代表向名新同事赠书。", masking)
    assert written == printed == ["当由代表向名新同事赠书"]
    assert check_data.skeletons("短句。……", masking) == []


def test_text_of_a_template_is_what_a_reader_gets():
    """With its shared sections and its schedule, without the notes for the reader."""
    path = "docs/school/annual-plan.md"
    plan = reader.parse_template((reader.ROOT / path).read_text("utf-8"), path)
    text = check_data.template_text(plan, {})
    assert "寒假前走访困难教职工" in text and "动笔前先查" not in text


def test_hash_is_stable_and_short():
    """CRC-32 as the browser computes it: for bytes, that of `123456789` is CBF43926."""
    assert check_data.sentence_hash("") == check_data.sentence_hash("") and len(check_data.sentence_hash("工会")) == 4
    assert check_data.sentence_hash("会工") != check_data.sentence_hash("工会")


def test_file_is_written_into_the_site(site, exported):
    """assets/data/check.js of the built site assigns this data."""
    text = (site / "assets/data/check.js").read_text("utf-8")
    assert text == desk_data.script("Plans.checkData", exported)
    assert json.loads(text.removeprefix("Plans.checkData=").removesuffix(";\n")) == json.loads(json.dumps(exported))


def test_shared_sections_count_as_the_templates_text():
    """A sentence that stands in data/sections/ is the text of each template that uses it."""
    shared = reader.parse_template(
        "---\ntitle: 预算\nsectors: [school]\nreviewed: 2026-11-22\n---\n预算经工会委员会审查同意后报批。\n", "data/sections/finance/budget.md",
        SharedFrontMatter)
    path = "docs/school/annual-plan.md"
    plan = reader.parse_template((reader.ROOT / path).read_text("utf-8"), path)
    body = plan.body + '\n{{ 共用("finance/budget") }}\n{{ 共用("finance/none") }}\n'
    changed = type(plan)(plan.path, plan.meta, body.replace("!!! note", "", 1), plan.body_line)
    assert "预算经工会委员会审查同意后报批" in check_data.template_text(changed, {"finance/budget": shared})
