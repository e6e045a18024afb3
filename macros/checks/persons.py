"""Check for names of persons: a surname and a given name beside a post, a label or 某."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..model import Finding, Template
from ..reader import Gazetteer, Library
from .registry import FILLER, any_of, at, lines, template_check

_HAN = r"[\u4e00-\u9fff]"
#: A name can begin at the start of a line, after anything but a Han character or digit, and after these words.
_BEGIN = (
    rf"(?:^|(?<=[^\u4e00-\u9fff\d])|(?<=[由请经向和与让为任以])|"
    r"(?<=主席|书记|校长|院长|局长|主任|经理|学习|邀请|聘请|推选|选举|推荐|表彰|慰问|看望|走访|听取|代表|同志|老师))"
)
_END = rf"(?=[，。、；：！）|\s*{FILLER}]|$)"
_ACTS = r"(?=主持|出席|参加|讲话|致辞|带队|担任|负责|介绍|汇报|述职|作|亲自|兼任|带头|带领|为组长|任组长|等|同志)"
_LABEL = r"姓名|联系人|负责人|责任人?|主讲人?|主持人?|组长|副组长|成员|委员|主席|书记|校长|院长|主任|评委|教练|领队|签发|审核|撰稿|记录人?"
#: A “name” with these in it or at its end is an office, a group or a place of work.
OFFICE = re.compile(r"工会|单位|部门|委员|支部|小组|学校|医院|机关|[部室科处委组会办队站班团]$")


@lru_cache(maxsize=4)
def patterns(gazetteer: Gazetteer) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """What to leave out of a line, and the forms in which a name stands. Each form has the group `name`."""
    surname, post = any_of(gazetteer.surnames), any_of(gazetteer.posts)
    full_name = rf"(?P<name>(?:{surname}){_HAN}{{1,2}})"
    return re.compile(any_of(gazetteer.innocent)), (
        re.compile(rf"{_BEGIN}(?P<name>(?:{surname}){_HAN}{{0,2}}?)(?:{post})"),
        re.compile(rf"(?:主席|书记|校长|院长|局长|主任|经理|同志){full_name}(?:{_END}|{_ACTS})"),
        re.compile(rf"(?P<name>(?:{surname})某{{1,2}})"),
        re.compile(rf"(?:{_LABEL})[：:]\s*(?:{_HAN}{{2,4}}、)*?{full_name}{_END}"),
    )


@template_check("N5", shared=True)
def names_of_persons(template: Template, library: Library) -> Iterable[Finding]:
    innocent, forms = patterns(library.gazetteer)
    for line in lines(template):
        text = innocent.sub(lambda match: FILLER * len(match.group()), line.text)
        found: dict[tuple[int, int], str] = {}  # one form is enough
        for form in forms:
            for match in form.finditer(text):
                if not OFFICE.search(match.group("name")):
                    found.setdefault(match.span("name"), match.group().strip())
        for (start, end), shown in sorted(found.items()):
            yield at(template, line.number, start + 1, f"像是人名“{shown}”", "只写职务", line.replaced(start, end, ""))
