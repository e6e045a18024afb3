"""Near-duplicates: the measure, that no pair is missed, and how likeness is reported (D1, D2)."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_project import GOOD, PLACES, make_project

from macros import similarity
from macros.checks import check_project
from macros.checks.duplicates import ERROR, HINT

CHARACTERS = "工会组织职工开展民主管理竞赛培训慰问健康安全公开经费提案代表大会教师医护班组学习服务"
sets = st.frozensets(st.text(alphabet=CHARACTERS, min_size=3, max_size=3), max_size=40)


@given(sets, sets)
def test_jaccard_is_symmetric_and_between_0_and_1(a, b):
    """The order does not matter; equal sets (not empty) score 1, disjoint ones 0."""
    score = similarity.jaccard(a, b)
    assert score == similarity.jaccard(b, a)
    assert 0 <= score <= 1
    assert (score == 1) == (a == b and bool(a))
    assert (score == 0) == (not a & b)


@given(sets, sets, sets)
def test_jaccard_distance_obeys_the_triangle(a, b, c):
    """1 - jaccard is a distance between sets that are not empty."""
    if a and b and c:
        def distance(x, y):
            return 1 - similarity.jaccard(x, y)
        assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-9


@given(st.text(alphabet=CHARACTERS, max_size=60))
def test_grams_are_the_pieces_of_the_han_text(text):
    """Punctuation, layout and Latin letters do not count."""
    dressed = "，\n- ".join(re.findall("..?", text)) + " ABC 123 **。"
    assert similarity.grams(dressed) == similarity.grams(text)
    assert all(len(gram) == 3 and gram in text for gram in similarity.grams(text))
    assert len(similarity.grams(text)) <= max(0, len(text) - 2)


def mutated_texts(count: int) -> list[str]:
    """Texts of which each but every eighth is an earlier one with some stretches rewritten: likeness of every degree."""
    chance = random.Random(20261122)

    def fresh(length: int) -> str:
        return "".join(chance.choices([chr(0x4E00 + i) for i in range(600)], k=length))

    texts: list[str] = []
    for index in range(count):
        if index % 8 == 0:
            texts.append(fresh(chance.randint(30, 260)))
            continue
        text = chance.choice(texts[-8:])
        for _ in range(chance.randint(0, 6)):
            at, length = chance.randrange(len(text)), chance.randint(1, 12)
            text = text[:at] + fresh(length) + text[at + length:]
        texts.append(text)
    return texts


def test_no_alike_pair_is_missed():
    """On 400 texts of every degree of likeness the search finds what comparing each with each finds."""
    items = [similarity.grams(text) for text in mutated_texts(400)]
    large = [index for index, item in enumerate(items) if len(item) >= similarity.MIN_GRAMS]
    expected = {
        (a, b): similarity.jaccard(items[a], items[b]) for i, a in enumerate(large) for b in large[i + 1 :]
        if similarity.jaccard(items[a], items[b]) >= HINT
    }
    found = similarity.similar_pairs(items, HINT)
    assert {(pair.first, pair.second): pair.score for pair in found} == expected
    assert len(expected) > 300 and any(score < 0.7 for score in expected.values())
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)


def test_search_is_deterministic():
    """The same texts give the same pairs in the same order."""
    items = [similarity.grams(text) for text in mutated_texts(120)]
    assert similarity.similar_pairs(items, HINT) == similarity.similar_pairs(items, HINT)


@pytest.mark.parametrize("items", [[], [frozenset()], [frozenset({"工会组"})] * 5])
def test_too_little_text_is_never_alike(items):
    """Nothing, an empty text and texts of a few characters are compared with nothing."""
    assert similarity.similar_pairs(items, HINT) == []


def test_mask_leaves_the_wording():
    """Macros, blanks and the words of any sector count as one and the same character."""
    masking = similarity.masking(["职工", "教职工", "教代会", "职工代表大会"])
    school = '3月召开{{ 职代会 }}，【代表人数】名教职工代表审议{{ 法规("工会法") }}。教代会闭会后公示。'
    company = "3月召开职工代表大会，{{ 职工 }}名职工代表审议【会员人数】。{{ 职代会 }}闭会后公示。"
    assert similarity.mask(school, masking) == similarity.mask(company, masking) == "3月召开口，口名口代表审议口。口闭会后公示。"


@given(st.text(alphabet=CHARACTERS + "，。{}【】 \n", max_size=80))
def test_masking_twice_changes_nothing(text):
    """The mask is no word itself."""
    masking = similarity.masking(["职工", "教师"])
    once = similarity.mask(text, masking)
    assert similarity.mask(once, masking) == once


def test_shared_sentences_are_shown_as_written():
    """The longest first, without list marks, in the words of the text asked about; short ones are no evidence."""
    masking = similarity.masking(["教职工", "职工"])
    here = similarity.sentences("1. 每月走访困难教职工一次。提案逐件书面答复！\n- 好。只在这里有的一句话。", masking)
    there = similarity.sentences("2. 每月走访困难职工一次；提案逐件书面答复。好。另一篇里的话。", masking)
    assert similarity.shared_sentences(here, there) == ["每月走访困难教职工一次", "提案逐件书面答复"]
    assert similarity.shared_sentences(there, here) == ["每月走访困难职工一次", "提案逐件书面答复"]


# --- reports ------------------------------------------------------------------------------------------

def filler(seed: int, length: int) -> str:
    """Han text that is like no other, in sentences of twenty characters."""
    chance = random.Random(seed)
    text = "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(length))
    return "。".join(text[i : i + 20] for i in range(0, length, 20)) + "。"


def other_template(care: str, seed: int = 1) -> str:
    """A template of which only the section on care is given."""
    return "\n".join([
        "---", "title: 医院工会专项方案", "sector: hospital", "kind: special-plan", "audience: 测试", "summary: 雷同检查的测试用文",
        "reviewed: 2026-11-22", "---", "# {{ 单位 }}专项方案", "", "## 走访 {: theme=care }", "", care, "",
        "## 活动 {: theme=culture }", "", filler(seed, 900), "", "{{ 落款() }}", "", '!!! note "填写说明"', "", "    - 先查台账。", ""])


def two_templates(care: str, other_care: str) -> dict[str, str]:
    return {"docs/hospital/one.md": other_template(care), "docs/hospital/two.md": other_template(other_care, 2)}


def duplicates(tmp_path, files: dict[str, str]) -> list:
    return [f for f in check_project(make_project(tmp_path / "project", files)) if f.rule in ("D1", "D2")]


@pytest.mark.parametrize("kept, level", [(540, "error"), (470, "hint"), (300, None)])
def test_levels_of_alike_sections(tmp_path, kept, level):
    """D1 is an error from 0.8 on, a hint from 0.6 on, and silent below."""
    first, second = filler(7, 600), filler(7, 600)[: kept + kept // 20] + filler(8, 600 - kept)
    score = similarity.jaccard(similarity.grams("走访" + first), similarity.grams("走访" + second))
    assert (level == "error") == (score >= ERROR) and (level is None) == (score < HINT)
    found = duplicates(tmp_path, two_templates(first, second))
    sections = [f for f in found if f.rule == "D1"]
    assert {f.level for f in sections} == ({level} - {None})
    assert [(f.path, f.line) for f in sections] == ([("docs/hospital/one.md", 11), ("docs/hospital/two.md", 11)] if level else [])


def test_report_names_both_places_and_the_shared_sentences(tmp_path):
    """Whichever of the two files a contribution changes, it shows where the other text stands and what is the same."""
    text = "逐户走访困难会员并登记家庭情况和具体需求。每月末由工会小组长汇总上报一次走访记录。帮扶物资当面发放并由本人签字确认。"
    found = duplicates(tmp_path, two_templates(text, text))
    assert [(f.rule, f.level, f.path, f.line) for f in found] == [
        ("D1", "error", "docs/hospital/one.md", 11), ("D1", "error", "docs/hospital/two.md", 11)]
    assert "docs/hospital/two.md:11 的“走访”相似度 100%" in found[0].found
    assert "docs/hospital/one.md:11 的“走访”相似度 100%" in found[1].found
    for sentence in text.strip("。").split("。"):
        assert f"“{sentence}”" in found[0].found
    assert found[0].expected == "低于 60%；改写，或做成共用段落"


def test_many_copies_are_one_finding_each(tmp_path):
    """Each of several alike texts names the one it is most alike to, so that copies do not flood the report."""
    text, near = filler(7, 400), filler(7, 400)[:-30] + filler(9, 40)
    files = {f"docs/hospital/{name}.md": other_template(care, seed) for seed, (name, care) in enumerate(
        {"a": text, "b": near, "c": filler(7, 400)[:-90] + filler(8, 90), "d": near}.items())}
    found = duplicates(tmp_path, files)
    assert [f.path[-4] for f in found] == ["a", "b", "c", "d"]
    named = {f.path[-4]: next(name for name in "abcd" if f"hospital/{name}.md:11" in f.found) for f in found}
    assert named["b"] == "d" and named["d"] == "b" and named["a"] in "bd" and named["c"] in "abd"


def test_reworded_throughout_is_said_so(tmp_path):
    """Alike texts without one equal sentence are reported as such."""
    text = filler(3, 400)
    changed = "。".join(part[:-1] + chr(0x4E00 + 3500 + i) for i, part in enumerate(text.split("。")) if part)
    found = duplicates(tmp_path, two_templates(text, changed))
    assert found and all("没有整句相同，是逐句改动" in f.found for f in found)


def test_whole_templates_that_are_alike(tmp_path):
    """D2 compares whole templates; the notes for the reader do not count."""
    name = PLACES["key-points"]
    copy = GOOD["key-points"].replace("动笔前先查：", "另一份填写说明：")
    found = duplicates(tmp_path, {name: GOOD["key-points"], "docs/school/copy.md": copy})
    whole = [f for f in found if f.rule == "D2"]
    assert [(f.path, f.line, f.level) for f in whole] == [("docs/school/copy.md", 1, "error"), (name, 1, "error")]
    assert "相似度 100%" in whole[0].found


def test_sector_words_do_not_hide_a_copy(tmp_path):
    """A plan of a school turned into one of a hospital by swapping words is still a copy."""
    text = "教代会闭会期间由工会委员会督办提案。教职工对校务公开的意见由工会小组长收集后逐条登记。每学期向教职工代表大会报告办理情况。"
    swapped = text.replace("教代会", "职代会").replace("教职工代表大会", "职工代表大会").replace("教职工", "职工").replace("校务", "院务")
    found = duplicates(tmp_path, two_templates(text, swapped))
    assert {f.level for f in found} == {"error"}


def test_fixed_headings_and_schedules_are_no_likeness(tmp_path):
    """Every plan has the same stock headings and prints a schedule."""
    found = duplicates(tmp_path, {path: GOOD[name] for name, path in PLACES.items()})
    assert found == []


def test_shared_section_is_compared_with_templates(tmp_path):
    """A passage that has become a shared section must not stand in a template as well."""
    text = filler(5, 300)
    shared = f"---\ntitle: 走访\nsectors: [hospital]\nreviewed: 2026-11-22\n---\n## 走访 {{: theme=care }}\n\n{text}\n"
    found = duplicates(tmp_path, {"data/sections/care/visits.md": shared, "docs/hospital/one.md": other_template(text)})
    assert {(f.rule, f.path) for f in found} == {("D1", "data/sections/care/visits.md"), ("D1", "docs/hospital/one.md")}
