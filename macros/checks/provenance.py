"""Checks of where text comes from: registered sources and shared sections."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..model import Finding, Template
from ..reader import Library
from .registry import at, library_check, template_check

_SHARED = re.compile(r"""共用\(\s*["']([^"']+)["']\s*\)""")


@template_check("R1")
def sources_are_registered(template: Template, library: Library) -> Iterable[Finding]:
    line = template.meta_lines.get("sources", 2)
    for ident in template.meta.sources:
        source = library.data.sources.get(ident)
        if source is None:
            yield at(template, line, 1, f"没有登记的来源 {ident}", "data/sources.yml 中的编号")
        elif template.url not in source.templates:
            yield at(template, line, 1, f"data/sources.yml 的 {ident} 没有写收入 {template.url}", f"在 {ident} 的 templates 中写上 {template.url}")


@library_check("R1")
def registered_templates_exist(library: Library) -> Iterable[Finding]:
    by_url = {template.url: template for template in library.templates}
    lines = library.data.lines["sources.yml"]
    for index, source in enumerate(library.data.sources.values()):
        line = lines.get(("sources", index), 1)
        for url in source.templates:
            if url not in by_url:
                yield Finding("", "data/sources.yml", line, 1, f"{source.id} 写的模板 {url} 不存在", "docs/ 下已有的模板")
            elif source.id not in by_url[url].meta.sources:
                yield Finding("", f"docs/{url}", by_url[url].meta_lines.get("sources", 2), 1,
                              f"文件头 sources 没有写 {source.id}", f"data/sources.yml 中 {source.id} 收入了本模板，两处一致")


@template_check("R2")
def shared_sections_fit(template: Template, library: Library) -> Iterable[Finding]:
    for offset, row in enumerate(template.body.split("\n")):
        for match in _SHARED.finditer(row):
            line, column, name = template.body_line + offset, match.start() + 1, match.group(1)
            shared = library.shared.get(name)
            if shared is None:
                yield at(template, line, column, f"没有共用段落 {name}", "、".join(sorted(library.shared)) or "data/sections/ 中的 主题/名称")
            elif template.meta.sector not in shared.meta.sectors:
                yield at(template, line, column, f"共用段落 {name} 不适用于本行业", "、".join(shared.meta.sectors))
