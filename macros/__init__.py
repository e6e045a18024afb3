"""The complete vocabulary a template may use, offered to mkdocs-macros (and to Zensical, which does the same).

`define_env` first puts the contributed text through the fence: what does not pass is never rendered,
whichever engine or command asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import fence, messages, reader
from .listings import Listings
from .model import Finding, FrontMatter, LibraryError, Template
from .vocabulary import PageContext, Settings, SettingsError, Vocabulary


def _stop(findings: list[Finding]) -> SystemExit:
    """SystemExit, since both engines show its text and no traceback."""
    return SystemExit(f"{messages.report(findings)}\n\n共 {len(findings)} 处错误，没有生成网站。")


@lru_cache(maxsize=4096)
def _fenced(root: Path, path: str, stamp: Any, data_id: int) -> Template:
    data = reader.data_cached(root)
    template, findings = fence.check_file(root, path, data)
    if findings or template is None:
        raise LibraryError(findings)
    return template


def _file_stamp(root: Path, path: str) -> Any:
    try:
        status = (root / path).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def fenced_file(root: Path, path: str) -> Template:
    """A Markdown file that has passed the fence, read again when it has changed. Raises LibraryError."""
    return _fenced(root, path, _file_stamp(root, path), id(reader.data_cached(root)))


def fenced_templates(root: Path) -> tuple[Template, ...]:
    """All templates. Raises LibraryError with the findings of every file that does not pass."""
    templates, findings = [], []
    for path in filter(reader.is_template, reader.contributed_files(root)):
        try:
            templates.append(fenced_file(root, path))
        except LibraryError as fault:
            findings += fault.findings
    if findings:
        raise LibraryError(findings)
    return tuple(templates)


def _shared(root: Path) -> Callable[[str], Template]:
    def shared(name: str) -> Template:
        path = f"data/sections/{name}.md"
        if not (root / path).is_file():
            raise LibraryError([Finding("R2", path, 1, 1, f"没有共用段落 {name}", "data/sections/ 中已有的 主题/名称")])
        return fenced_file(root, path)

    return shared


def _page_path(page: Any) -> str | None:
    """Path of a page below docs/: MkDocs and Zensical name it differently."""
    if page is None:
        return None
    file = getattr(page, "file", None)
    return file.src_uri if file is not None else getattr(page, "path", None)


def define_env(env: Any) -> None:
    """Register every macro. Ends the build with plain messages when data or contributed text is faulty."""
    root = Path(env.project_dir)
    try:
        settings = Settings.from_extra(env.conf["extra"], date.today())
    except SettingsError as error:
        raise SystemExit(f"错误：{error}") from None
    try:
        data = reader.data_cached(root)
        path = _page_path(env.variables.get("page"))
        if path is None:  # MkDocs calls once, before any page
            if findings := fence.check_project(root, data):
                raise _stop(findings)
        else:  # Zensical calls for each page
            fenced_file(root, f"docs/{path}")
    except LibraryError as fault:
        raise _stop(fault.findings) from None

    def page_context() -> PageContext:
        current = _page_path(env.variables.get("page")) or ""
        template = fenced_file(root, f"docs/{current}") if reader.is_template(f"docs/{current}") else None
        meta = template.meta if template else None
        sector = meta.sector if isinstance(meta, FrontMatter) else current.split("/")[0]
        return PageContext(current, sector if sector in data.sectors else next(iter(data.sectors)), template)

    vocabulary = Vocabulary(data, settings, page_context, _shared(root))
    listings = Listings(data, settings, lambda: fenced_templates(root), page_context)
    for name, value in {**vocabulary.names(), **listings.names()}.items():
        if callable(value):
            env.macro(_ending_plainly(value), name)
        else:
            env.variables[name] = value


def _ending_plainly(macro: Callable[..., str]) -> Callable[..., str]:
    """A macro whose faults end the build with their messages instead of a traceback."""

    def call(*args: Any, **kwargs: Any) -> str:
        try:
            return macro(*args, **kwargs)
        except LibraryError as fault:
            raise _stop(fault.findings) from None

    return call
