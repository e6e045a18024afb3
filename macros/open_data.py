"""What the library gives away as data: library.json with its schema, each template as .md, llms.txt, feed.xml."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from pydantic import BaseModel, ConfigDict, Field

from . import plain_markdown
from .catalog import Entry
from .model import SectorId, Template
from .reader import Data
from .vocabulary import Settings

FORMAT = 1
#: Names the feed and its entries where the site has no address of its own.
_TAG = "tag:union-plans,2026:"
_LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SectionRow(_Row):
    id: str = Field(description="页面内的锚点")
    heading: str
    theme: str | None = Field(description="主题的 id")


class TemplateRow(_Row):
    page: str = Field(description="网页，相对于网站根目录")
    markdown: str = Field(description="纯文字文件，相对于网站根目录")
    title: str
    sector: SectorId
    kind: str
    periods: list[Literal["year", "first-half", "second-half", "any"]]
    audience: str
    summary: str
    length: int = Field(description="正文汉字数")
    blanks: list[str] = Field(description="要填写的空白的 id")
    policies: list[str] = Field(description="引用的法规的 id")
    reviewed: date
    sections: list[SectionRow]


class Named(_Row):
    id: str
    name: str


class Library(_Row):
    """工会计划模板库的目录。"""

    model_config = ConfigDict(extra="forbid", title="library.json")

    format: Literal[1] = FORMAT
    license: str = Field(default=_LICENSE, description="模板文字的许可")
    sectors: list[Named]
    kinds: list[Named]
    themes: list[Named]
    templates: list[TemplateRow]


def _markdown_path(entry: Entry) -> str:
    return entry.path.removesuffix(".html") + ".md"


def library(entries: list[Entry], data: Data) -> Library:
    """The catalogue of all templates."""
    named = {key: [Named(id=row.id, name=row.name) for row in getattr(data, key).values()] for key in ("sectors", "kinds", "themes")}
    return Library(**named, templates=[
        TemplateRow(
            page=entry.path, markdown=_markdown_path(entry), title=meta.title, sector=meta.sector, kind=meta.kind, periods=list(entry.periods), audience=meta.audience,
            summary=meta.summary, length=entry.length, blanks=list(dict.fromkeys(entry.blanks)), policies=list(entry.policies), reviewed=meta.reviewed,
            sections=[SectionRow(id=section.ident, heading=section.heading, theme=section.theme or None) for section in entry.sections],
        ) for entry in entries for meta in [entry.template.meta]])


def schema() -> dict:
    """JSON Schema of library.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Library.model_json_schema()}


def assistants(entries: list[Entry], data: Data) -> str:
    """llms.txt: what the library is, what an assistant must mind, and every template with its file."""
    lines = ["# 工会计划模板库", "", "> 中国基层工会的年度计划、半年计划、总结和专项方案模板，分五个行业。文字属于公有领域（CC0）。", "",
             "使用时：【】中是须由本单位填写的空白，不要编造数字、文号和人名；法规和提法以模板所引为准；××是单位名称的占位。", ""]
    for sector in data.sectors.values():
        lines += [f"## {sector.name}", ""]
        lines += [f"- [{meta.title}]({_markdown_path(entry)}): {meta.summary}" for entry in entries if (meta := entry.template.meta).sector == sector.id]
        lines.append("")
    return "\n".join([*lines, "## 目录", "", "- [library.json](library.json): 全部模板的目录，格式见 library.schema.json", ""])


def feed(entries: list[Entry], data: Data, address: str) -> str:
    """Atom feed, the templates reviewed last first. `address` of the site with a slash at its end, or empty."""
    newest = sorted(entries, key=lambda entry: (entry.template.meta.reviewed, entry.path), reverse=True)
    when = lambda entry: f"{entry.template.meta.reviewed}T00:00:00Z"  # noqa: E731
    items = "".join(
        f"<entry><id>{escape((address or _TAG) + entry.path)}</id><title>{escape(meta.title)}</title><updated>{when(entry)}</updated>"
        f"<link href={quoteattr(address + entry.path)}/><category term={quoteattr(data.sectors[meta.sector].name)}/>"
        f"<summary>{escape(meta.summary)}</summary></entry>"
        for entry in newest[:50] for meta in [entry.template.meta])
    own = f'<link rel="self" href={quoteattr(address + "feed.xml")}/>' if address else ""
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"><id>{escape((address or _TAG) + "feed.xml")}</id>'
            f"<title>工会计划模板库</title><author><name>工会计划模板库</name></author><updated>{when(newest[0]) if newest else '1970-01-01T00:00:00Z'}</updated>"
            f'<link href={quoteattr(address + "index.html")}/>{own}{items}</feed>\n')


def write(site: Path, entries: list[Entry], data: Data, settings: Settings, shared: Callable[[str], Template], address: str) -> None:
    """Write all of it into a built site. Raises LibraryError for a shared section that is not there."""
    for entry in entries:
        markdown = plain_markdown.without_markup(plain_markdown.text(entry.template, settings, data, shared))
        (site / _markdown_path(entry)).write_text(markdown, "utf-8")
    (site / "library.json").write_text(library(entries, data).model_dump_json(), "utf-8")
    (site / "library.schema.json").write_text(json.dumps(schema(), ensure_ascii=False, indent=1), "utf-8")
    (site / "llms.txt").write_text(assistants(entries, data), "utf-8")
    (site / "feed.xml").write_text(feed(entries, data, address), "utf-8")
