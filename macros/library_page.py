"""The list of all templates on the library page. Written after a build, when length and blanks are known; useful without scripts."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from . import catalog
from .catalog import Entry
from .reader import Data

PAGE = "library.html"
#: What the macro 模板目录() leaves on the page.
PLACE = '<ol class="plan-catalog"></ol>'
#: What else is offered for taking away: file, what it is.
_FILES = (("library.json", "全部模板的目录（开放数据）"), ("library.schema.json", "目录的格式"), ("feed.xml", "订阅新增和改动的模板"), ("llms.txt", "供智能助手读取的清单"))


def place() -> str:
    """Where the list will stand, and below it what is offered as data."""
    files = "、".join(f'<a href="{name}">{text}</a>' for name, text in _FILES)
    return f"\n{PLACE}\n\n<p>数据可以自由取用：{files}；每个模板另有同名的 .md 文件。</p>\n"


def audiences(entry: Entry, data: Data) -> list[str]:
    """The kinds of units that a template names as its readers, in the words that readers search with."""
    words = [word for row in data.synonyms if row.strict and row.sectors == [entry.template.meta.sector] for word in row.words]
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))  # 中小学 is not 小学 as well, nor 社区卫生服务中心 卫生服务中心
    return list(dict.fromkeys(re.findall(longest_first, entry.template.meta.audience))) if words else []


def _item(entry: Entry, data: Data) -> str:
    meta = entry.template.meta
    themes = dict.fromkeys(section.theme for section in entry.sections if section.theme)
    facts = (data.sectors[meta.sector].name, data.kinds[meta.kind].name, "、".join(catalog.PERIOD_NAMES[period] for period in entry.periods),
             f"约{round(entry.length, -2)}字", f"空白{len(set(entry.blanks))}项", f"适用于{meta.audience}", f"{meta.reviewed}核对")
    attributes = {
        "sector": meta.sector, "kind": meta.kind, "period": " ".join(entry.periods), "theme": " ".join(themes), "audience": " ".join(audiences(entry, data)),
        "length": entry.length, "blanks": len(set(entry.blanks)), "reviewed": meta.reviewed,
    }
    given = "".join(f' data-{name}="{html.escape(str(value))}"' for name, value in attributes.items())
    return (f'<li{given}><a href="{entry.path}">{html.escape(meta.title)}</a><p>{html.escape(meta.summary)}</p>'
            f'<p class="plan-catalog-facts">{html.escape(" · ".join(facts))}</p></li>')


def fill(site: Path, entries: list[Entry], data: Data) -> None:
    """Put the list into the library page of a built site. A page that is filled already stays as it is."""
    file = site / PAGE
    if not file.is_file():
        return
    names = {"themes": {theme.id: theme.name for theme in data.themes.values()}, "periods": catalog.PERIOD_NAMES}
    given = "".join(f' data-{key}="{html.escape(json.dumps(value, ensure_ascii=False))}"' for key, value in names.items())
    written = f'<ol class="plan-catalog" data-filled{given}>{"".join(_item(entry, data) for entry in entries)}</ol>'
    file.write_text(file.read_text("utf-8").replace(PLACE, written), "utf-8")
