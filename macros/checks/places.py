"""Check for names of places and organisations."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import jieba

from ..model import Finding, Template
from ..reader import Data, Gazetteer, Library
from .registry import FILLER, any_of, at, lines, template_check

_HAN = r"[\u4e00-\u9fff]"
#: A proper name can begin at the start of a line, after anything but a Han character, and after these words.
_BEGIN = r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[由在到赴向从和与及请报经对为]))"
_SCHOOL = "小学|中学|幼儿园|医院|卫生院|学院|大学"
#: Without one of these no line need be searched any further.
_ORGANISATION = re.compile(f"有限|{_SCHOOL}")
ORGANISATIONS = (
    re.compile(rf"(?P<proper>{_HAN}{{2,10}}?)(?P<kind>有限责任公司|股份有限公司|有限公司)"),
    re.compile(rf"{_HAN}?第[一二三四五六七八九十\d]+(?:中学|小学|幼儿园|人民医院|医院)(?![段组])"),
    re.compile(rf"[省市县区](?:实验|外国语)(?:{_SCHOOL})"),
    re.compile(rf"{_BEGIN}(?P<proper>{_HAN}{{2,4}})(?P<kind>中心小学|实验小学|实验中学|中心幼儿园|人民医院|中心卫生院)"),
    re.compile(rf"{_BEGIN}(?P<proper>{_HAN}{{2,4}})(?P<kind>(?:{_SCHOOL})工会)"),
)
#: What stands before a kind of organisation without being its name: 乡镇, 所在地, 国有独资, 各 …
GENERIC = re.compile(
    r"[省市县区乡镇村街旗各级]|地$|单位|部门|所属|直属|附属|部属|局属|有关|相关|主管|兄弟|结对|共建|对口|基层|农村|城|相邻|"
    r"公办|民办|公立|私立|民营|普惠|高等|高级|初级|职业|技工|专科|综合|完全|普通|九年|寄宿|特殊|重点|试点|示范|老年|开放|"
    r"中医|妇幼|儿童|口腔|肿瘤|精神|依托|联系|组织|定点|就近|按照|依照|依据|根据|符合|属于|作为|"
    r"国有|独资|控股|股份|合资|外资|设立|成立|改制|改为|变更|全资|上市|依法|中心$|[的和与或及等类凡在到由把将为是本我该贵]$"
)


@lru_cache(maxsize=4)
def patterns(gazetteer: Gazetteer, data: Data) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names of places, and official names (laws, observances) and set phrases that carry one."""
    places = re.compile(any_of((*gazetteer.provinces, *gazetteer.cities)))
    official = {name for name in (*data.policies_by_name, *data.observances_by_name) if places.search(name)}
    return places, re.compile(any_of({*official, *gazetteer.innocent}))


CLAUSE = re.compile(rf"{_HAN}{{2,}}")
_DISTRICT = r"区(?=总工会|教育工会|教育局|人民政府|机关工会|工会联合会)"
#: Where a county, city or district can be named.
COUNTY = re.compile(rf"{_HAN}{{2}}(?:[县市]|{_DISTRICT})")
COUNTY_END = re.compile(rf"[县市]|{_DISTRICT}")
#: Words that end like a county, city or district and name none.
COMMON = re.compile(
    r"[各外省].*|自治县|大城市|.{2,}城市|.*(?:[级辖管]|直辖|单列|省会|自治)[县市]|.*[超股都集上店]市|"
    r"(?:小康|先进|示范|模范|贫困|扶贫|发达|农业|受灾|生态|试点|边境|重点|特困|山区|郊区|主产)县|"
    r".*(?:开发|高新|技术|园|矿|辖|城|郊|社|山|库|景|示范|实验|试验|新|工业|经济|行政|自治|度假|保护|灾|校|厂|片|地|中心|管理|"
    r"合作|保税|功能|聚|街|院|军|居|宅|活|办公|农业|牧|游|县|市)区"
)


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@lru_cache(maxsize=4096)
def _words(clause: str) -> dict[int, int]:
    """Where each word of a clause starts and ends."""
    return {start: end for _, start, end in _tokenizer().tokenize(clause, HMM=False)}


def _places(clause: str, names: re.Pattern[str]) -> dict[int, str]:
    """Position -> place, in a clause. A name that lies across two words is none, as 重庆 in 隆重庆祝."""
    if not names.search(clause) and not COUNTY.search(clause):
        return {}
    words = _words(clause)
    found = {start: clause[start:end] for start, end in words.items()
             if end - start > 2 and COUNTY_END.match(clause, end - 1) and not COMMON.fullmatch(clause[start:end])}
    for match in names.finditer(clause):
        start, end = match.span()
        if start in words and (words[start] >= end or end in words.values()):
            found.setdefault(start, match.group())
    return found


def _organisations(text: str) -> Iterator[re.Match[str]]:
    for pattern in ORGANISATIONS if _ORGANISATION.search(text) else ():
        for match in pattern.finditer(text):
            proper = match.groupdict().get("proper")
            if proper is None or not GENERIC.search(proper):
                yield match


@template_check("N6", shared=True)
def places_and_organisations(template: Template, library: Library) -> Iterable[Finding]:
    names, official = patterns(library.gazetteer, library.data)
    for line in lines(template):
        text = official.sub(lambda match: FILLER * len(match.group()), line.text)
        for clause in CLAUSE.finditer(text):
            for start, name in _places(clause.group(), names).items():
                yield at(template, line.number, clause.start() + start + 1, f"地名“{name}”", "{{ 单位 }}、{{ 上级工会 }} 或不写地名")
        for match in _organisations(text):
            yield at(template, line.number, match.start() + 1, f"单位名称“{match.group()}”", "{{ 单位 }}，或写成“辖区企业”“所属学校”等")
