"""Checks for what belongs to somebody: numbers, names, places, amounts, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..model import Finding, Template
from ..reader import Gazetteer, Library
from .registry import FILLER, at, lines, template_check

_CONTACT = re.compile(
    r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[ -—]?\d{7,8}(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+|"
    r"(?:电话|手机|传真|联系方式)[：: ]*\d{6,}|(?:QQ|qq|微信号?|公众号)[：: ]*[A-Za-z0-9_-]{5,}"
)
_CARD = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)(?!\d)")
_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{0,8}[〔\[【（(](?:19|20)\d{2}[〕\]】）)] ?第?\d{1,4}号|令第?\d{1,4}号|[\u4e00-\u9fff]{2,6}字第?\d{2,}号")
_AMOUNT = re.compile(r"(?<![\d.])\d+(?:[,.]\d+)*(?: ?[百千]?[万亿])?元(?!旦)|(?<![\d.])\d+(?:[,.]\d+)*[万亿](?!人|名|次|步|里)|[一二三四五六七八九十百千万两]{1,6}元(?!旦|素|件|化|月)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?:年|[-./]\d{1,2})|二[〇○零][〇○零一二三四五六七八九]{2}年")
_DAY = re.compile(r"(?<!\d)(?:1[0-2]|[1-9])月(?:[12]\d|3[01]|[1-9])日")
_COMPANY = re.compile(r"[\u4e00-\u9fff]{2,10}(?:有限责任公司|股份有限公司|有限公司|集团公司)")
_INSTITUTION = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4})第[一二三四五六七八九十\d]+(?:中学|小学|幼儿园|人民医院|医院)|"
    r"(?P<proper>[\u4e00-\u9fff]{2,4})(?P<kind>中心小学|实验小学|实验中学|中心幼儿园|人民医院|中心卫生院)"
)
_GENERIC = re.compile(r"^(?:.*(?:乡镇|县级|区级|市级|各|所属|基层|农村|城区|全县|全市|公办|民办|及|和|与|的|到|在|由))$")


def _scan(template: Template, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str, str]]:
    for line in lines(template):
        for match in pattern.finditer(line.text):
            yield line.number, match.start() + 1, match.group(), line.raw


@template_check("N1")
def contacts(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text, _ in _scan(template, _CONTACT):
        yield at(template, line, column, f"电话、邮箱或账号“{text}”", "删去")


@template_check("N2")
def card_numbers(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text, _ in _scan(template, _CARD):
        yield at(template, line, column, f"证件号或账号“{text}”", "删去")


@template_check("N4")
def document_numbers(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text, _ in _scan(template, _DOCUMENT):
        yield at(template, line, column, f"发文字号“{text}”", '{{ 法规("名称") }}，或删去')


@lru_cache(maxsize=4)
def _name_patterns(gazetteer: Gazetteer) -> tuple[re.Pattern[str], ...]:
    surname, post = "|".join(gazetteer.surnames), "|".join(sorted(gazetteer.posts, key=len, reverse=True))
    start = rf"(?:^|(?<=[，。、；：（）“”|\s由请经向和与让是为任{FILLER}])|(?<=主席)|(?<=书记)|(?<=校长)|(?<=院长)|(?<=局长)|(?<=主任)|(?<=经理))"
    return (
        re.compile(rf"{start}(?P<name>(?:{surname})[\u4e00-\u9fff]{{1,2}}?)(?P<post>{post})"),
        re.compile(rf"(?P<post>主席|书记|校长|院长|局长|主任|经理|同志)(?P<name>(?:{surname})[\u4e00-\u9fff]{{1,2}})(?=[，。、；：）\s]|$)"),
        re.compile(rf"(?P<name>(?:{surname})某{{1,2}})(?P<post>)"),
        re.compile(r"(?P<post>姓名|联系人|负责人|主讲人)[：:]\s*(?P<name>[\u4e00-\u9fff]{2,4})(?=[，。、；）\s]|$)"),
    )


@template_check("N5")
def names_of_persons(template: Template, library: Library) -> Iterable[Finding]:
    patterns = _name_patterns(library.gazetteer)
    for line in lines(template):
        for pattern in patterns:
            for match in pattern.finditer(line.text):
                name, post = match.group("name"), match.group("post")
                if any(word in name for word in ("工会", "单位", "部门", "委员", "支部", "小组", "学校", "医院", "机关")):
                    continue
                yield at(template, line.number, match.start("name") + 1, f"像是人名“{match.group().strip()}”", "只写职务",
                         line.raw.replace(name, "", 1) if post else "")


@lru_cache(maxsize=4)
def _place_pattern(gazetteer: Gazetteer) -> tuple[re.Pattern[str], tuple[str, ...]]:
    names = sorted((*gazetteer.provinces, *gazetteer.cities), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))), gazetteer.innocent


@template_check("N6")
def places_and_organisations(template: Template, library: Library) -> Iterable[Finding]:
    places, innocent = _place_pattern(library.gazetteer)
    # official names that carry a place: laws, observances, phrases
    official = {*library.data.policies_by_name, *library.data.observances_by_name, *innocent}
    for line in lines(template):
        text = line.text
        for known in official:
            if known in text:
                text = text.replace(known, FILLER * len(known))
        for match in places.finditer(text):
            yield at(template, line.number, match.start() + 1, f"地名“{match.group()}”", "{{ 单位 }}、{{ 上级工会 }} 或不写地名")
        for pattern in (_COMPANY, _INSTITUTION):
            for match in pattern.finditer(text):
                proper = match.groupdict().get("proper")
                if proper and _GENERIC.match(proper):
                    continue
                yield at(template, line.number, match.start() + 1, f"单位名称“{match.group()}”", "{{ 单位 }}，或写成“辖区企业”“所属学校”等")


@template_check("N7")
def amounts(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text, _ in _scan(template, _AMOUNT):
        yield at(template, line, column, f"金额“{text}”", "空白，如 【年度经费预算】；标准由各地规定的写“按当地总工会规定的标准”")


@template_check("N8")
def fixed_years_and_days(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text, _ in _scan(template, _YEAR):
        yield at(template, line, column, f"写死的年份“{text}”", "{{ 年度 }}、{{ 年度 - 1 }}")
    for line, column, text, _ in _scan(template, _DAY):
        yield at(template, line, column, f"写死的日期“{text}”", "节日用 {{ 节日(\"…\") }}，其余写“月底前”“上旬”或空白", level="hint")
