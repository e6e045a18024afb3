"""Runs the fence and the checks, applies the exemptions, sorts the findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from .. import fence, reader
from ..model import Finding, LibraryError, Template
from ..reader import Library
from . import (  # noqa: F401 - they register
    blanks, citations, duplicates, identity, persons, places, provenance, schedule, sector_words, shape,
)
from .registry import LIBRARY_CHECKS, SHARED_RULES, TEMPLATE_CHECKS


def _numbered(findings: Iterable[Finding], rule: str, library: Library) -> Iterable[Finding]:
    for finding in findings:
        yield replace(finding, rule=rule, level=finding.level or library.data.rules[rule].level)


def check_template(template: Template, library: Library) -> list[Finding]:
    """All checks that look at one template."""
    return [f for rule, check in TEMPLATE_CHECKS.items() for f in _numbered(check(template, library), rule, library)]


def check_shared(section: Template, library: Library) -> list[Finding]:
    """The checks of a shared section: those of texts, not those of whole templates."""
    return [f for rule, check in TEMPLATE_CHECKS.items() if rule in SHARED_RULES
            for f in _numbered(check(section, library), rule, library)]


def check_library(library: Library) -> list[Finding]:
    """All checks, over every template, every shared section and the library as a whole."""
    findings = [f for template in library.templates for f in check_template(template, library)]
    findings += [f for section in library.shared.values() for f in check_shared(section, library)]
    for rule, check in LIBRARY_CHECKS.items():
        findings += _numbered(check(library), rule, library)
    return findings


def load(root: Path) -> tuple[Library | None, list[Finding]]:
    """Read data and contributed files through the fence. The library holds what could be read; None without data."""
    findings: list[Finding] = []
    tables = []
    for read in (reader.load_data, reader.load_gazetteer):
        try:
            tables.append(read(root))
        except LibraryError as fault:
            findings += fault.findings
    if findings:
        return None, findings
    data, gazetteer = tables
    templates: list[Template] = []
    shared: dict[str, Template] = {}
    for path in fence.project_files(root):
        template, faults = fence.check_file(root, path, data)
        findings += faults
        if template is None:
            continue
        if path.startswith("data/sections/"):
            shared[path.removeprefix("data/sections/").removesuffix(".md")] = template
        elif reader.is_template(path):
            templates.append(template)
    return Library(root, data, gazetteer, tuple(templates), shared), findings


def check_project(root: Path, only: Iterable[str] = ()) -> list[Finding]:
    """Check the project; `only` limits the findings shown to these files and folders (project paths, "." is all).

    Comparisons run over the whole library all the same, since a text is alike to others wherever they stand.
    Faulty data files are always shown, since nothing else can be checked then.
    """
    library, findings = load(root)
    if library is not None:
        findings += check_library(library)
        findings = _within(_without_exemptions(findings, library), [path.strip("/") for path in only])
    return sorted(set(findings), key=lambda f: (f.path, f.line, f.column, f.rule, f.found))


def _within(findings: list[Finding], paths: list[str]) -> list[Finding]:
    if not paths or "." in paths:
        return findings
    return [f for f in findings if any(f.path == path or f.path.startswith(f"{path}/") for path in paths)]


def _without_exemptions(findings: list[Finding], library: Library) -> list[Finding]:
    used: set[int] = set()
    kept = []
    for finding in findings:
        hits = [i for i, e in enumerate(library.data.exemptions)
                if e.rule == finding.rule and e.path == finding.path and e.text in finding.found]
        used.update(hits)
        if not hits:
            kept.append(finding)
    lines = library.data.lines["exemptions.yml"]
    read = {template.path for template in (*library.templates, *library.shared.values())}
    # a file that could not be parsed was not checked: its exemptions may still be needed
    unread = {finding.path for finding in findings if finding.path.endswith(".md")} - read
    for index, exemption in enumerate(library.data.exemptions):
        if index not in used and exemption.path not in unread:
            kept.append(Finding(
                "X1", "data/exemptions.yml", lines.get(("exemptions", index), 1), 1,
                f"放行 {exemption.rule} {exemption.path}“{exemption.text}”不再需要", "删去这一项"))
    return kept
