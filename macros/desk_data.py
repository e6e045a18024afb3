"""Data for the pages' scripts, written into the built site.

The files are classic scripts (`Plans.data = {…};`), since a page opened from a folder cannot fetch anything. What grows
with the library is not sent to every page: a page carries the part that its own text needs, and reads the rest
(desk-all.js) when a draft or a check wants it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml_env_tag import construct_env_tag

from . import check_data, fence, observance_dates, reader
from .model import MAX_YEAR, MIN_YEAR, DateRule, Observance, Policy, Template
from .vocabulary import FIRST_PLAN_YEAR, LAST_PLAN_YEAR, Settings

FOLDER = "assets/data"
#: Rules that the browser cannot work out: it looks the day up in a table.
_TABLE_RULES = ("lunar", "lunar_new_year_eve", "solar_term")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads mkdocs.yml: `!ENV` means what it means in a build, other tags mean nothing here."""


_Loader.add_constructor("!ENV", construct_env_tag)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def settings_of(root: Path) -> Settings:
    """Unit and year that a build of this project bakes in. Raises SettingsError."""
    return Settings.from_extra(_config(root).get("extra") or {}, date.today())


def own_files(root: Path) -> list[str]:
    """The scripts and style sheets that every page asks for, as mkdocs.yml lists them."""
    config = _config(root)
    return [*(config.get("extra_javascript") or ()), *(config.get("extra_css") or ())]


def edit_address(root: Path) -> str:
    """Where the files below docs/ are edited; empty unless it is of the form <repository>/edit/<branch>/docs/."""
    edit = str(_config(root).get("edit_uri") or "")
    return edit if edit.startswith("https://") and "/edit/" in edit else ""


def site_address(root: Path) -> str:
    """Where the site is published, with a slash at its end; empty when that is not set."""
    address = str(_config(root).get("site_url") or "")
    return f"{address.rstrip('/')}/" if address else ""


def _config(root: Path) -> dict[str, Any]:
    return yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader


def _given(**values: Any) -> dict[str, Any]:
    """Only what is there."""
    return {key: value for key, value in values.items() if value not in (None, {}, "", 0)}


def _year_table(rule: DateRule) -> str:
    """`MMDD` for each year from 2000 to 2099, one after the other."""
    days = (observance_dates.resolve(rule, year).first for year in range(MIN_YEAR, MAX_YEAR + 1))
    return "".join(f"{day.month:02}{day.day:02}" for day in days)


def _observance(item: Observance) -> dict[str, Any]:
    ordinal = item.ordinal and {"kind": item.ordinal.kind, "first": item.ordinal.first_year}
    return _given(name=item.name, rule=_given(**item.rule.model_dump()), ordinal=ordinal)


def _policy(policy: Policy) -> dict[str, Any]:
    return _given(cite=policy.cite, status=policy.status, **{"from": policy.effective or policy.issued})


def _template(template: Template, data: reader.Data, settings: Settings) -> dict[str, Any]:
    meta, kind = template.meta, data.kinds[template.meta.kind]
    return _given(title=meta.title, sector=meta.sector, kind=meta.kind, year_offset=settings.offset(kind), past=kind.past, unit=meta.unit, words=meta.words)


def desk(root: Path) -> dict[str, Any]:
    """The whole of `Plans.data`. Raises LibraryError, SettingsError."""
    data, settings = reader.data_cached(root), settings_of(root)
    return {
        **_given(unit=settings.unit),
        "year": settings.year,
        "years": [FIRST_PLAN_YEAR, LAST_PLAN_YEAR],
        "fields": {blank.id: _given(**blank.model_dump(exclude={"id"})) for blank in data.fields},
        "sectors": {
            sector.id: {"name": sector.name, "unit": sector.unit, "words": sector.words, "choices": sector.choices}
            for sector in data.sectors.values()
        },
        "variants": [variant.model_dump(exclude_defaults=True) for variant in data.variants],
        "words": {word.id: {"name": word.name, "hint": word.hint} for word in data.words},
        "phrases": {
            phrase.id: {"name": phrase.name, "versions": [_given(**{"from": v.since}, until=v.until, text=v.text) for v in phrase.versions]}
            for phrase in data.phrases
        },
        "observances": {item.id: _observance(item) for item in data.observances},
        "tables": {item.id: _year_table(item.rule) for item in data.observances if item.rule.type in _TABLE_RULES},
        "policies": {policy.id: _policy(policy) for policy in data.policies if policy.citable},
        "templates": {template.url.removesuffix(".md") + ".html": _template(template, data, settings) for template in fence.fenced_templates(root)},
    }


#: Parts of which a page has its own: how the page's HTML names the entries it needs.
_PART_OF_PAGE = {
    "fields": re.compile(r'data-fill="([^"]+)"'),
    "policies": re.compile(r'data-policy="([^"]+)"'),
    "phrases": re.compile(r'data-phrase="([^"]+)"'),
    "observances": re.compile(r'data-observance="([^"]+)"'),
    "tables": re.compile(r'data-observance="([^"]+)"'),
}


def of_every_page(whole: dict[str, Any]) -> dict[str, Any]:
    """What is the same on every page; the parts that pages have of their own are empty."""
    return {key: {} if key in (*_PART_OF_PAGE, "templates") else value for key, value in whole.items()}


def of_page(whole: dict[str, Any], path: str, html: str) -> dict[str, Any]:
    """The parts that this page needs. `path` is its place below the site's root, e.g. school/annual-plan.html."""
    parts = {"templates": {path: whole["templates"][path]} if path in whole["templates"] else {}}
    for part, pattern in _PART_OF_PAGE.items():
        parts[part] = {ident: whole[part][ident] for ident in sorted(set(pattern.findall(html))) if ident in whole[part]}
    return {part: entries for part, entries in parts.items() if entries}


def safe_json(value: Any) -> str:
    """JSON in which nothing can end a string, a script or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def script(target: str, value: dict[str, Any]) -> str:
    """A script that assigns `value` to `target`."""
    return f"{target}={safe_json(value)};\n"


def write(site: Path, root: Path, whole: dict[str, Any]) -> None:
    """Write every data file of the project at `root` into its built site; `whole` is desk(root). Raises LibraryError."""
    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "desk.js": script("Plans.data", of_every_page(whole)),
        "desk-all.js": f"Object.assign(Plans.data,{safe_json(whole)});\n",
        "check.js": script("Plans.checkData", check_data.check(root)),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
