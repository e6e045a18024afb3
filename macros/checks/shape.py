"""Checks of shape: headings, parts each kind needs, length, signature."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..model import Finding, Template
from ..reader import Library
from .registry import at, heading_id, is_plan, task_sections, template_check

_HAND_NUMBER = re.compile(r"^(?:第?[一二三四五六七八九十]+[、.．章节]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．])")
_SIGNATURE = "{{ 落款() }}"
_NOTE = '!!! note "填写说明"'
_HAN = re.compile(r"[\u4e00-\u9fff]")


@template_check("F6")
def heading_levels(template: Template, library: Library) -> Iterable[Finding]:
    sections = template.sections
    titles = [s for s in sections if s.level == 1]
    if len(titles) != 1 or sections[0].level != 1:
        line = titles[1].line if len(titles) > 1 else template.body_line
        yield at(template, line, 1, f"有 {len(titles)} 个总标题（#）" if sections else "没有标题", "正文开头一个总标题（#），其余用 ## 和 ###")
    previous = 1
    for section in sections:
        if section.level > 3:
            yield at(template, section.line, 1, f"{section.level} 级标题", "只用 ## 和 ###", f"### {section.heading}")
        elif section.level == 3 and previous == 1:
            yield at(template, section.line, 1, "### 前面没有 ##", "先有 ## 再有 ###", f"## {section.heading}")
        if not section.heading.strip():
            yield at(template, section.line, 1, "标题没有文字", "写上标题")
        if match := _HAND_NUMBER.match(section.heading):
            plain = section.heading[match.end():]
            yield at(template, section.line, 1, f"标题里手写了序号“{match.group()}”", "序号自动加上，不手写",
                     f"{'#' * section.level} {plain}")
        previous = section.level


@template_check("F7")
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
            yield at(template, section.line, 1, f"编号 {ident} 与第 {seen[ident]} 行重复", "第二处写 id",
                     f"{'#' * section.level} {section.heading} {{: theme={section.theme or 'democracy'} id={ident}-2 }}")
        else:
            seen[ident] = section.line


@template_check("F8")
def parts_of_kind(template: Template, library: Library) -> Iterable[Finding]:
    data = library.data
    if template.meta.kind not in data.kinds:
        return
    present = {heading_id(section, data.heading_ids) for section in template.sections}
    names = {heading.id: heading.names[0] for heading in data.headings}
    for ident in data.kinds[template.meta.kind].headings:
        if ident not in present:
            yield at(template, template.body_line, 1, f"缺少“{names[ident]}”部分",
                     f"{data.kinds[template.meta.kind].name}必备“{names[ident]}”", f"## {names[ident]}")


def body_length(template: Template) -> int:
    """Han characters of the text from the title to the signature; notes for the reader do not count."""
    text = template.body.split(_NOTE)[0]
    return len(_HAN.findall(re.sub(r"\{:.*?\}", "", text)))


@template_check("F9")
def length(template: Template, library: Library) -> Iterable[Finding]:
    if (kind := library.data.kinds.get(template.meta.kind)) is None:
        return
    low, high = kind.length
    count = body_length(template)
    if not low <= count <= high:
        yield at(template, template.body_line, 1, f"正文 {count} 字", f"{kind.name} {low}—{high} 字")


@template_check("F10")
def signature_and_notes(template: Template, library: Library) -> Iterable[Finding]:
    rows = template.body.split("\n")
    signatures = [i for i, row in enumerate(rows) if "落款()" in row]
    notes = [i for i, row in enumerate(rows) if row.startswith(_NOTE)]
    if len(signatures) != 1 or rows[signatures[0]].strip() != _SIGNATURE:
        line = template.body_line + (signatures[-1] if signatures else len(rows) - 1)
        yield at(template, line, 1, f"落款有 {len(signatures)} 处" if len(signatures) != 1 else "落款与别的文字写在一行",
                 "正文末尾单独一行", _SIGNATURE)
    if len(notes) != 1 or not any(row.startswith("    ") and row.strip() for row in rows[notes[0] + 1 :]):
        line = template.body_line + (notes[-1] if notes else len(rows) - 1)
        yield at(template, line, 1, "没有填写说明" if not notes else "填写说明是空的" if len(notes) == 1 else "填写说明有多处",
                 "落款之后写填写说明，内容缩进四格", _NOTE)
    elif signatures and notes[0] < signatures[0]:
        yield at(template, template.body_line + notes[0], 1, "填写说明在落款之前", "先落款，后填写说明")


@template_check("F11")
def sector_and_kind(template: Template, library: Library) -> Iterable[Finding]:
    meta, folder = template.meta, template.path.split("/")[1]
    if meta.sector != folder:
        yield at(template, template.meta_lines.get("sector", 2), 1, f"sector 是 {meta.sector}，文件在 {folder}", folder, f"sector: {folder}")
    kinds = library.data.kinds
    if meta.kind not in kinds:
        yield at(template, template.meta_lines.get("kind", 2), 1, f"没有文种 {meta.kind}", "、".join(kinds))
    elif meta.sector not in kinds[meta.kind].sectors:
        yield at(template, template.meta_lines.get("kind", 2), 1, f"{kinds[meta.kind].name}不用于本行业",
                 "、".join(kind.id for kind in kinds.values() if meta.sector in kind.sectors))
    word_ids = {word.id for word in library.data.words}
    for word in meta.words:
        if word not in word_ids:
            yield at(template, template.meta_lines.get(f"words.{word}", 2), 1, f"没有行业用语 {word}", "、".join(sorted(word_ids)))


@template_check("S6")
def tasks_name_owner_and_proof(template: Template, library: Library) -> Iterable[Finding]:
    if template.meta.kind not in library.data.kinds or not is_plan(template, library):
        return
    for section in task_sections(template, library):
        for offset, row in enumerate(section.body.split("\n")):
            if re.match(r"^\d+\. ", row) and not ("责任：" in row and "依据：" in row):
                yield at(template, section.body_line + offset, 1, f"这一条没有写明责任和依据：“{row[:24]}…”", "条目末尾写（责任：……；依据：……）")
