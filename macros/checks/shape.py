"""Checks of shape: headings, parts each kind needs, length, signature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

from ..model import Finding, Section, Template
from ..reader import Library
from .registry import at, heading_id, is_plan, numbered_rows, printed_sections, shared_uses, task_sections, template_check

_NUMERAL = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
HAND_NUMBER = re.compile(rf"^(?:第(?:{_NUMERAL})[章节]|(?:{_NUMERAL})[、.．]|[（(](?:{_NUMERAL}|\d+)[）)]|\d+[.、．])")
_SIGNATURE = "{{ 落款() }}"
_NOTE = '!!! note "填写说明"'
_HAN = re.compile(r"[\u4e00-\u9fff]")


def _heading(section: Section, level: int, text: str = "") -> str:
    """The heading's line at another level or with another text; theme and id stay."""
    parts = [f"theme={section.theme}"] * bool(section.theme) + [f"id={section.id}"] * bool(section.id)
    return f"{'#' * level} {text or section.heading}" + (f" {{: {' '.join(parts)} }}" if parts else "")


def _title_faults(template: Template) -> Iterable[Finding]:
    """A template has one title, before all else; a shared section has none."""
    titles = [section for section in template.sections if section.level == 1]
    if hasattr(template.meta, "sectors"):
        for title in titles:
            yield at(template, title.line, 1, "共用段落里有总标题（#）", "共用段落只用 ## 和 ###", _heading(title, 2))
    elif len(titles) != 1:
        line = titles[1].line if titles else template.body_line
        yield at(template, line, 1, f"有 {len(titles)} 个总标题（#）", "正文开头一个总标题（#），其余用 ## 和 ###")
    else:
        before = template.body.split("\n")[: titles[0].line - template.body_line]
        if (offset := next((i for i, row in enumerate(before) if row.strip()), None)) is not None:
            yield at(template, template.body_line + offset, 1, "总标题（#）之前有别的内容", "正文开头就是总标题（#）")


@template_check("F6", shared=True)
def heading_levels(template: Template, library: Library) -> Iterable[Finding]:
    yield from _title_faults(template)
    previous = 1
    for section in template.sections:
        if section.level > 3:
            yield at(template, section.line, 1, f"{section.level} 级标题", "只用 ## 和 ###", _heading(section, 3))
        elif section.level == 3 and previous == 1 and not hasattr(template.meta, "sectors"):
            yield at(template, section.line, 1, "### 前面没有 ##", "先有 ## 再有 ###", _heading(section, 2))
        if not section.heading.strip():
            yield at(template, section.line, 1, "标题没有文字", "写上标题")
        if match := HAND_NUMBER.match(section.heading):
            yield at(template, section.line, 1, f"标题里手写了序号“{match.group()}”", "序号自动加上，不手写",
                     _heading(section, section.level, section.heading[match.end():].strip()))
        previous = section.level


@template_check("F7", shared=True)
def heading_themes(template: Template, library: Library) -> Iterable[Finding]:
    data, seen = library.data, {}
    fixed = {heading.id for heading in data.headings}
    for section in template.sections:
        if section.level == 1:
            if section.theme or section.id:
                yield at(template, section.line, 1, "总标题写了 {: … }", "总标题不写主题")
            continue
        if section.theme and section.theme not in data.themes:
            yield at(template, section.line, 1, f"没有主题 {section.theme}", "、".join(data.themes))
            continue
        if not section.theme and section.id and section.id not in fixed:
            yield at(template, section.line, 1, f"没有固定标题 {section.id}", "写 theme=主题，或用固定标题的 id：" + "、".join(sorted(fixed)))
            continue
        ident = heading_id(section, data.heading_ids)
        if ident is None:
            yield at(template, section.line, 1, f"标题“{section.heading}”没有主题", "行末写 {: theme=主题 }",
                     f"{'#' * section.level} {section.heading} {{: theme=democracy }}")
        elif ident in seen:
            free = next(f"{ident}-{number}" for number in count(2) if f"{ident}-{number}" not in seen)
            yield at(template, section.line, 1, f"编号 {ident} 与第 {seen[ident]} 行重复", "第二处写 id",
                     f"{'#' * section.level} {section.heading} {{: theme={section.theme or 'democracy'} id={free} }}")
            seen[free] = section.line
        else:
            seen[ident] = section.line


@template_check("F8")
def parts_of_kind(template: Template, library: Library) -> Iterable[Finding]:
    data = library.data
    if template.meta.kind not in data.kinds:
        return
    present = {heading_id(section, data.heading_ids) for section in printed_sections(template, library)}
    names = {heading.id: heading.names[0] for heading in data.headings}
    for ident in data.kinds[template.meta.kind].headings:
        if ident not in present:
            yield at(template, template.body_line, 1, f"缺少“{names[ident]}”部分",
                     f"{data.kinds[template.meta.kind].name}必备“{names[ident]}”", f"## {names[ident]}")


def body_length(template: Template, library: Library) -> int:
    """Han characters from the title to the signature, shared sections included; notes for the reader do not count."""
    used = [library.shared[name].body for _, _, name in shared_uses(template) if name in library.shared]
    text = "\n".join([template.body.split(_NOTE)[0], *used])
    return len(_HAN.findall(re.sub(r"\{:.*?\}", "", text)))


@template_check("F9")
def length_of_kind(template: Template, library: Library) -> Iterable[Finding]:
    if (kind := library.data.kinds.get(template.meta.kind)) is None:
        return
    low, high = kind.length
    length = body_length(template, library)
    if not low <= length <= high:
        yield at(template, template.body_line, 1, f"正文 {length} 字", f"{kind.name} {low}—{high} 字")


@template_check("F10")
def signature_and_notes(template: Template, library: Library) -> Iterable[Finding]:
    rows = template.body.split("\n")
    signatures = [i for i, row in enumerate(rows) if "落款()" in row]
    notes = [i for i, row in enumerate(rows) if row.startswith(_NOTE)]

    def fault(index: int, found: str, expected: str, paste: str = "") -> Finding:
        return at(template, template.body_line + index, 1, found, expected, paste)

    if len(signatures) != 1 or rows[signatures[0]].strip() != _SIGNATURE:
        found = f"落款有 {len(signatures)} 处" if len(signatures) != 1 else "落款与别的文字写在一行"
        yield fault(signatures[-1] if signatures else len(rows) - 1, found, "正文末尾单独一行", _SIGNATURE)
    if len(notes) != 1 or not any(row.startswith("    ") and row.strip() for row in rows[notes[0] + 1 :]):
        found = "没有填写说明" if not notes else "填写说明是空的" if len(notes) == 1 else "填写说明有多处"
        yield fault(notes[-1] if notes else len(rows) - 1, found, "落款之后写填写说明，内容缩进四格", _NOTE)
    elif signatures and notes[0] < signatures[0]:
        yield fault(notes[0], "填写说明在落款之前", "先落款，后填写说明")
    elif signatures:
        after = (i for i, row in enumerate(rows) if i > signatures[-1] and i != notes[0] and row.strip())
        if (stray := next((i for i in after if i < notes[0] or not rows[i].startswith("    ")), None)) is not None:
            yield fault(stray, "落款之后还有正文", "落款之后只写填写说明，内容缩进四格")


@template_check("F11")
def sector_and_kind(template: Template, library: Library) -> Iterable[Finding]:
    """Kinds and words that are in no list are found by the fence."""
    meta, folder = template.meta, template.path.split("/")[1]
    if meta.sector != folder:
        yield at(template, template.meta_lines.get("sector", 2), 1, f"sector 是 {meta.sector}，文件在 {folder}",
                 folder, f"sector: {folder}")
    kinds = library.data.kinds
    if meta.kind in kinds and meta.sector not in kinds[meta.kind].sectors:
        yield at(template, template.meta_lines.get("kind", 2), 1, f"{kinds[meta.kind].name}不用于本行业",
                 "、".join(kind.id for kind in kinds.values() if meta.sector in kind.sectors))


@template_check("S6")
def tasks_name_owner_and_proof(template: Template, library: Library) -> Iterable[Finding]:
    if template.meta.kind not in library.data.kinds or not is_plan(template, library):
        return
    for section in task_sections(template, library):
        for number, row in numbered_rows(template, section):
            if re.match(r"^\d+\. ", row) and not ("责任：" in row and "依据：" in row):
                yield at(template, number, 1, f"这一条没有写明责任和依据：“{row[:24]}…”", "条目末尾写（责任：……；依据：……）")
