"""Checks of where text comes from: registered sources and shared sections."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Finding, Template
from ..reader import Library, is_template
from .registry import at, library_check, shared_uses, template_check


@template_check("R1")
def sources_are_registered(template: Template, library: Library) -> Iterable[Finding]:
    line = template.meta_lines.get("sources", 2)
    for ident in template.meta.sources:
        source = library.data.sources.get(ident)
        if source is None:
            yield at(template, line, 1, f"没有登记的来源 {ident}", "data/sources.yml 中的编号")
        elif template.url not in source.templates:
            yield at(template, line, 1, f"data/sources.yml 的 {ident} 没有写收入 {template.url}",
                     f"在 {ident} 的 templates 中写上 {template.url}")


def _is_file_of_a_template(library: Library, url: str) -> bool:
    """Also true for a file that could not be read: what is wrong with it has been said."""
    return is_template(f"docs/{url}") and (library.root / "docs" / url).is_file()


@library_check("R1")
def registered_templates_exist(library: Library) -> Iterable[Finding]:
    by_url = {template.url: template for template in library.templates}
    lines = library.data.lines["sources.yml"]
    for index, source in enumerate(library.data.sources.values()):
        line = lines.get(("sources", index), 1)
        for url in source.templates:
            if not _is_file_of_a_template(library, url):
                yield Finding("", "data/sources.yml", line, 1, f"{source.id} 写的模板 {url} 不存在", "docs/ 下已有的模板")
            elif url in by_url and source.id not in by_url[url].meta.sources:
                yield Finding("", f"docs/{url}", by_url[url].meta_lines.get("sources", 2), 1,
                              f"文件头 sources 没有写 {source.id}", f"data/sources.yml 中 {source.id} 收入了本模板，两处一致")


@template_check("R2")
def shared_sections_fit(template: Template, library: Library) -> Iterable[Finding]:
    for line, column, name in shared_uses(template):
        shared = library.shared.get(name)
        if shared is None:
            yield at(template, line, column, f"没有共用段落 {name}", "、".join(sorted(library.shared)) or "data/sections/ 中的 主题/名称")
        elif template.meta.sector not in shared.meta.sectors:
            yield at(template, line, column, f"共用段落 {name} 不适用于本行业",
                     "适用于" + "、".join(library.data.sectors[ident].name for ident in shared.meta.sectors))
