"""The complete vocabulary a template may use, offered to mkdocs-macros (and to Zensical, which does the same).

`define_env` first puts the contributed text through the fence: what does not pass is never rendered,
whichever engine or command asks for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, NoReturn

from . import fence, fence_macros, messages, reader
from .listings import Listings
from .model import Finding, FrontMatter, LibraryError
from .vocabulary import PageContext, Settings, SettingsError, Vocabulary


class Refused(SystemExit, Exception):
    """Ends a build with plain messages. Being an Exception as well, `mkdocs serve` prints it and waits for a correction."""


def _report(findings: list[Finding]) -> str:
    return f"{messages.report(findings)}\n\n共 {len(findings)} 处错误，没有生成网站。"


def _refuse(env: Any, report: str, error: type[SystemExit] = Refused) -> NoReturn:
    """End the build. Zensical would wrap any exception in a traceback, so there the process ends at once."""
    if _is_zensical(env):
        sys.stderr.write(f"{report}\n")
        sys.stderr.flush()
        os._exit(1)
    raise error(report)


def _is_zensical(env: Any) -> bool:
    return type(env).__module__.startswith("zensical.")


def _page_path(page: Any) -> str | None:
    """Path of a page below docs/: MkDocs and Zensical name it differently."""
    if page is None:
        return None
    file = getattr(page, "file", None)
    return file.src_uri if file is not None else getattr(page, "path", None)


def _same_as_fenced(root: Path, page: Any, markdown: str | None) -> None:
    """What is about to be rendered must be what passed the fence: the file may have changed since, or an engine may
    read it in its own way. `markdown` is None where the engine does not show it. Raises LibraryError."""
    path = f"docs/{_page_path(page)}"
    template = fence.fenced_file(root, path)
    same_keys = set(page.meta) == template.meta.model_fields_set
    if not same_keys or markdown not in (None, template.body.lstrip("\n")):
        raise LibraryError([Finding("F4", path, 1, 1, "生成网站时读到的内容与检查时不同", "生成期间不改动文件；请重新运行")])


def on_pre_page_macros(env: Any) -> None:
    """Called by mkdocs-macros before each page. Prints the macros of templates, which are known to be plain."""
    try:
        _same_as_fenced(Path(env.project_dir), env.page, env.markdown)
    except LibraryError as fault:
        _refuse(env, _report(fault.findings))
    if reader.is_template(f"docs/{_page_path(env.page)}"):
        env.markdown = fence_macros.print_macros(env.markdown, {**env.variables, **env.macros})
        page = env.variables["page"]  # a copy of the page: nothing is left for Jinja, so it need not compile the text
        page.meta = {**page.meta, "render_macros": False}


def define_env(env: Any) -> None:
    """Register every macro. Ends the build with plain messages when data or contributed text is faulty."""
    root = Path(env.project_dir)
    try:
        settings = Settings.from_extra(env.conf["extra"], date.today())
        data = reader.data_cached(root)
        page = env.variables.get("page")
        findings = fence.check_project(root, data) if page is None else fence.check_project_once(root, data)
        if findings:
            raise LibraryError(findings)
        if page is not None:  # Zensical calls for each page, MkDocs once before any page
            _same_as_fenced(root, page, None)
    except SettingsError as error:
        _refuse(env, f"错误：{error}")
    except LibraryError as fault:
        _refuse(env, _report(fault.findings))

    @cache  # every macro asks; that the file is still the one that was fenced is looked at before each page
    def context_of(path: str) -> PageContext:
        template = fence.fenced_file(root, f"docs/{path}") if reader.is_template(f"docs/{path}") else None
        meta = template.meta if template else None
        sector = meta.sector if isinstance(meta, FrontMatter) else path.split("/")[0]
        return PageContext(path, sector if sector in data.sectors else next(iter(data.sectors)), template)

    def page_context() -> PageContext:
        return context_of(_page_path(env.variables.get("page")) or "")

    plainly = partial(_ending_plainly, env)
    vocabulary = Vocabulary(data, settings, plainly(page_context), fence.shared_reader(root))
    listings = Listings(data, settings, cache(lambda: fence.fenced_templates(root)), plainly(page_context), fence.shared_reader(root))
    for name, value in {**vocabulary.names(), **listings.names()}.items():
        if callable(value):
            env.macro(plainly(value), name)
        else:
            env.variables[name] = value


def _ending_plainly(env: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose faults end the build with their messages instead of a traceback."""

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except LibraryError as fault:
            # mkdocs-macros shows a traceback for every Exception, so this must not be one
            return _refuse(env, _report(fault.findings), SystemExit)

    return call
