"""Runs the fence and the checks, applies the exemptions, sorts the findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from .. import fence, reader
from ..model import Finding, LibraryError, Template
from ..reader import Library
from . import blanks, citations, duplicates, identity, provenance, schedule, sector_words, shape  # noqa: F401 - they register
from .registry import LIBRARY_CHECKS, TEMPLATE_CHECKS


def _numbered(findings: Iterable[Finding], rule: str, library: Library) -> Iterable[Finding]:
    for finding in findings:
        yield replace(finding, rule=rule, level=finding.level or library.data.rules[rule].level)


def check_template(template: Template, library: Library) -> list[Finding]:
    """All checks that look at one template."""
    return [f for rule, check in TEMPLATE_CHECKS.items() for f in _numbered(check(template, library), rule, library)]


def check_library(library: Library) -> list[Finding]:
    """All checks, over every template and over the library as a whole."""
    findings = [f for template in library.templates for f in check_template(template, library)]
    for rule, check in LIBRARY_CHECKS.items():
        findings += _numbered(check(library), rule, library)
    return findings


def load(root: Path) -> tuple[Library | None, list[Finding]]:
    """Read data and contributed files through the fence. The library holds what could be read; None without data."""
    try:
        data = reader.load_data(root)
        gazetteer = reader.load_gazetteer(root)
    except LibraryError as fault:
        return None, fault.findings
    findings: list[Finding] = []
    templates: list[Template] = []
    shared: dict[str, Template] = {}
    for path in reader.contributed_files(root) + reader.page_files(root):
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
    """Check the project; `only` limits the findings shown to these files and folders (project paths).

    Comparisons run over the whole library all the same, since a text is alike to others wherever they stand.
    """
    library, findings = load(root)
    if library is not None:
        findings += check_library(library)
        findings = _without_exemptions(findings, library)
    prefixes = tuple(only)
    if prefixes:
        findings = [f for f in findings if any(f.path == p or f.path.startswith(p.rstrip("/") + "/") for p in prefixes)]
    return sorted(set(findings), key=lambda f: (f.path, f.line, f.column, f.rule, f.found))


def _without_exemptions(findings: list[Finding], library: Library) -> list[Finding]:
    unused = dict(enumerate(library.data.exemptions))
    kept = []
    for finding in findings:
        hits = [i for i, e in enumerate(library.data.exemptions)
                if e.rule == finding.rule and e.path == finding.path and e.text in finding.found]
        for index in hits:
            unused.pop(index, None)
        if not hits:
            kept.append(finding)
    lines = library.data.lines["exemptions.yml"]
    for index, exemption in unused.items():
        kept.append(Finding(
            "X1", "data/exemptions.yml", lines.get(("exemptions", index), 1), 1,
            f"放行 {exemption.rule} {exemption.path}“{exemption.text}”不再需要", "删去这一项"))
    return kept
