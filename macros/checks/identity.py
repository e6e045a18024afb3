"""Checks for what belongs to somebody: numbers, amounts, dates. Names are in persons.py and places.py."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..model import Finding, Template
from ..reader import Library
from .registry import at, lines, template_check

CONTACT = re.compile(
    r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[ —-]?\d{7,8}(?!\d)|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.]+|"
    r"(?:电话|手机|传真|联系方式|热线)[：: ]*\d[\d—-]{5,}|(?:QQ|qq|微信号?|公众号)[：: ]*[A-Za-z0-9_-]{5,}"
)
CARD = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)(?!\d)")
DOCUMENT = re.compile(
    r"[\u4e00-\u9fff]{0,8}[〔\[【（(](?:19|20)\d{2}[〕\]】）)] ?第?\d{1,4}号|令第?\d{1,4}号|[\u4e00-\u9fff]{2,6}字第?\d{2,}号"
)

_FIGURE = r"(?<![\d.])\d+(?:[,.]\d+)*"
_COUNTED = (
    "人|名|位|次|步|字|册|本|篇|件|份|张|条|个|户|家|场|台|套|辆|棵|公里|里|米|平方|亩|吨|公斤|千瓦|度|小时|学时|分钟|分之|职工|会员|教|群众"
)
AMOUNT = re.compile(
    rf"{_FIGURE} ?[十百千万亿]*余?多? ?(?:元(?!旦)|块钱)|[¥￥] ?\d[\d,.]*|人民币 ?\d[\d,.]*|"
    rf"{_FIGURE} ?[百千]?[万亿](?! ?[余多]?(?:{_COUNTED}))|"
    r"[一二三四五六七八九十百千万亿两几数壹贰叁肆伍陆柒捌玖拾佰仟]+余?多?"
    r"(?:元(?!旦|素|件|化|月|结构|体系|制|论|[一二三]次|方程|机制|参与|共治|投入|评价)|块钱)"
)

#: 2035 is the year of a national goal, not of a plan.
YEAR = re.compile(
    r"(?<!\d)(?!2035年(?:远景|基本|建成|目标))(?:19|20)\d{2}(?:学?年(?!代)|[届级]|[-./]\d{1,2}(?!\d))|"
    r"(?<!\d)(?:19|20)\d{2}[—-]20\d{2}|"
    r"(?:二[〇零O0][〇零O0一二三四五六七八九]{2}|一九[〇零一二三四五六七八九]{2})年"
)
_DAY = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月(?:[12]\d|3[01]|0?[1-9])[日号]")


def _scan(template: Template, pattern: re.Pattern[str]) -> Iterable[tuple[int, int, str]]:
    for line in lines(template):
        for match in pattern.finditer(line.text):
            yield line.number, match.start() + 1, match.group()


@template_check("N1", shared=True)
def contacts(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text in _scan(template, CONTACT):
        yield at(template, line, column, f"电话、邮箱或账号“{text}”", "删去")


@template_check("N2", shared=True)
def card_numbers(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text in _scan(template, CARD):
        yield at(template, line, column, f"证件号或账号“{text}”", "删去")


@template_check("N4", shared=True)
def document_numbers(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text in _scan(template, DOCUMENT):
        yield at(template, line, column, f"发文字号“{text}”", '{{ 法规("名称") }}，或删去')


@template_check("N7", shared=True)
def amounts(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text in _scan(template, AMOUNT):
        yield at(template, line, column, f"金额“{text}”", "空白，如 【年度经费预算】；标准由各地规定的写“按当地总工会规定的标准”")


@template_check("N8", shared=True)
def fixed_years_and_days(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, text in _scan(template, YEAR):
        yield at(template, line, column, f"写死的年份“{text}”", "{{ 年度 }}、{{ 年度 - 1 }}")
    for line, column, text in _scan(template, _DAY):
        yield at(template, line, column, f"写死的日期“{text}”", "节日用 {{ 节日(\"…\") }}，其余写“月底前”“上旬”或空白", level="hint")
