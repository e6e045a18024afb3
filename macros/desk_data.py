"""Data files for the pages' scripts, written into the built site. One function a file; each returns what its script assigns.

The files are classic scripts (`Plans.data = {…};`), since a page opened from a folder cannot fetch anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
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


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml: `!ENV` means what it means in a build, other tags mean nothing here."""


_Loader.add_constructor("!ENV", construct_env_tag)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def settings_of(root: Path) -> Settings:
    """Unit and year that a build of this project bakes in. Raises SettingsError."""
    config = yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return Settings.from_extra(config.get("extra") or {}, date.today())


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


def _template(template: Template, data: reader.Data) -> dict[str, Any]:
    meta = template.meta
    offset = data.kinds[meta.kind].year_offset
    return _given(title=meta.title, sector=meta.sector, kind=meta.kind, year_offset=offset, unit=meta.unit, words=meta.words)


def desk(root: Path) -> dict[str, Any]:
    """`Plans.data`: what filling and copying need on every page. Raises LibraryError, SettingsError."""
    data, settings = reader.data_cached(root), settings_of(root)
    return {
        **_given(unit=settings.unit),
        "year": settings.year,
        "years": [FIRST_PLAN_YEAR, LAST_PLAN_YEAR],
        "fields": {blank.id: blank.model_dump(exclude={"id"}) for blank in data.fields},
        "sectors": {
            sector.id: {"name": sector.name, "unit": sector.unit, "words": sector.words, "choices": sector.choices}
            for sector in data.sectors.values()
        },
        "words": {word.id: {"name": word.name, "hint": word.hint} for word in data.words},
        "phrases": {
            phrase.id: {"name": phrase.name, "versions": [_given(**{"from": v.since}, until=v.until, text=v.text) for v in phrase.versions]}
            for phrase in data.phrases
        },
        "observances": {item.id: _observance(item) for item in data.observances},
        "tables": {item.id: _year_table(item.rule) for item in data.observances if item.rule.type in _TABLE_RULES},
        "policies": {policy.id: _policy(policy) for policy in data.policies if policy.citable},
        "templates": {template.url.removesuffix(".md") + ".html": _template(template, data) for template in fence.fenced_templates(root)},
    }


#: file name -> (what its script assigns to, the function that gives the value)
FILES: dict[str, tuple[str, Callable[[Path], dict[str, Any]]]] = {
    "desk.js": ("Plans.data", desk),
    "check.js": ("Plans.checkData", check_data.check),
}


def script(target: str, value: dict[str, Any]) -> str:
    """A script that assigns `value` to `target`. Nothing in a value can end a string, a script or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return f"{target}={text};\n"


def write(site: Path, root: Path) -> None:
    """Write every data file of the project at `root` into its built site. Raises LibraryError, SettingsError."""
    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, (target, build) in FILES.items():
        (folder / name).write_text(script(target, build(root)), encoding="utf-8")
