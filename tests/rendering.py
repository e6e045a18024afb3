"""Renders template text as the site does: the vocabulary's macros, then Markdown with the extensions of mkdocs.yml."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from bs4 import BeautifulSoup, Tag
from conftest import ROOT
from jinja2 import Environment, StrictUndefined
from markdown import Markdown

from macros import reader
from macros.model import FrontMatter, Template
from macros.vocabulary import PageContext, Settings, Vocabulary

DATA = reader.data_cached(ROOT)
PLAN_2027 = Settings(None, 2027)


def _extensions() -> list[str]:
    """Names of the Markdown extensions of the site: MkDocs's own and those of mkdocs.yml."""
    entries = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), yaml.BaseLoader)["markdown_extensions"]
    return ["tables", "fenced_code", *(next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries)]


EXTENSIONS = _extensions()


def converter() -> Markdown:
    return Markdown(extensions=EXTENSIONS, extension_configs={"toc": {"permalink": True}})


def to_soup(markdown_text: str) -> Tag:
    """What Markdown makes of a text, as one element."""
    return BeautifulSoup(f"<article>{converter().convert(markdown_text)}</article>", "lxml").article


def front_matter(sector: str = "school", kind: str = "annual-plan", **more: Any) -> FrontMatter:
    return FrontMatter(title="某某工作计划", sector=sector, kind=kind, audience="基层工会", summary="一句话说清特点",
                       reviewed=date(2026, 11, 22), **more)


def vocabulary(meta: FrontMatter | None = None, settings: Settings = PLAN_2027, data: reader.Data = DATA, shared: str = "",
               page: str = "school/x.md") -> Vocabulary:
    """The macros for a page; without front matter it is one of the maintainers'. `shared` is the body of any shared section."""
    template = Template(f"docs/{page}", meta, "", 1) if meta else None
    sector = meta.sector if meta else page.split("/")[0]
    context = PageContext(page, sector if sector in data.sectors else "school", template)
    section = Template("data/sections/care/visit.md", front_matter(), shared, 1)
    return Vocabulary(data, settings, lambda: context, lambda name: section)


def expand(text: str, words: Vocabulary) -> str:
    """The text with its macros expanded, still Markdown."""
    return Environment(undefined=StrictUndefined).from_string(text).render(words.names())


def render(text: str, words: Vocabulary) -> Tag:
    """The text as it stands on the page."""
    return to_soup(expand(text, words))
