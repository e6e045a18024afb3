"""MkDocs hook: several processes build the site's pages, each its share of those that the navigation does not lead to.

Every page comes out as MkDocs alone would build it. Without this hook a build is slower and otherwise the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from macros import processes

#: With fewer such pages for each a second process costs more than it saves.
LEAST_SHARE = 30
#: A page of the navigation, lists mostly, takes this process as long as so many others.
NAV_PAGE_WEIGHT = 4
#: Of the theme's templates.
_IN_EVERY_PAGE = re.compile(r"(?:main|base)\.html|partials/(?:header|tabs|tabs-item|nav|nav-item|toc|toc-item|content|footer|palette|icons)\.html")


@dataclass
class _Told:
    """What another process tells of its pages: after reading them all, and after writing them all."""

    log: list[logging.LogRecord]
    fault: BaseException | None = None
    anchors: dict[str, set[str]] = field(default_factory=dict)  # by the pages' paths below docs/
    links: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)  # page -> page it links to -> anchor -> the link as written


class SharedFiles(Files):
    """The files of a build, some pages of which other processes build."""

    def __init__(self, files: Files):
        super().__init__(files)
        self._elsewhere: dict[str, File] = {}
        self._beside: list[processes.Beside] = []

    def documentation_pages(self, *, inclusion: Callable[[InclusionLevel], bool] | None = None) -> Any:
        """MkDocs asks with an inclusion level for the pages that it shall build, and without one for those that there are."""
        if inclusion is None:
            return super().documentation_pages()
        return [file for file in super().documentation_pages(inclusion=inclusion) if file.src_uri not in self._elsewhere]

    def share_out(self, nav: Navigation, config: MkDocsConfig) -> None:
        """Start building the shares of the other processes."""
        in_navigation = {page.file.src_uri for page in nav.pages}
        others = [file for file in super().documentation_pages() if file.src_uri not in in_navigation]
        count, nav_weight = min(processes.cores(), len(others) // LEAST_SHARE), NAV_PAGE_WEIGHT * len(nav.pages)
        if count < 2:
            return
        own = max(0, (len(others) + nav_weight) // count - nav_weight)
        for share in processes.shares(others[own:], count - 1):
            beside = processes.Beside(lambda share=share: self._build(share, nav, config))
            if not beside.forked:
                return
            self._beside.append(beside)
            self._elsewhere.update({file.src_uri: file for file in share})

    def _build(self, share: list[File], nav: Navigation, config: MkDocsConfig) -> Iterator[_Told]:
        """Runs in another process. The two steps are MkDocs' own, so that every page is built as it would build it."""
        self._beside, self._elsewhere = [], {}
        with _kept_log() as log:
            try:
                for page in nav.pages:
                    page.read_source(config)  # its head may say how the navigation shows it
                for file in share:
                    build._populate_page(file.page, config, self)
                env = config.theme.get_env()
                for name in env.list_templates(filter_func=_IN_EVERY_PAGE.fullmatch):
                    env.get_template(name)  # made ready while the first process still reads the pages of the navigation
            except (Exception, SystemExit) as fault:  # told together with the log, which names the page
                yield _Told(log, processes.portable(fault))
                return
        yield _Told(
            log, None, {file.src_uri: file.page.present_anchor_ids or set() for file in share},
            {file.src_uri: {to.src_uri: links for to, links in (file.page.links_to_anchors or {}).items()} for file in share})
        with _kept_log() as log:
            try:
                env = config.plugins.on_env(env, config=config, files=self)
                pages = super().documentation_pages()
                for file in share:
                    build._build_page(file.page, config, pages, nav, env)
            except (Exception, SystemExit) as fault:
                yield _Told(log, processes.portable(fault))
                return
        yield _Told(log)

    def _gather(self, wait: Callable[[processes.Beside], _Told]) -> list[_Told]:
        """Wait until all processes are as far as this one. Their log is told here. Raises what ended one of them."""
        told = [wait(process) for process in self._beside]
        for each in told:
            for record in each.log:
                logging.getLogger(record.name).handle(record)
        for each in told:
            if each.fault:
                raise each.fault
        return told

    def all_read(self) -> None:
        """No page is written before every page has been read, as MkDocs has it."""
        for told in self._gather(processes.Beside.next):
            for uri, anchors in told.anchors.items():
                page = self._elsewhere[uri].page
                page.present_anchor_ids = anchors
                page.links_to_anchors = {self.get_file_from_path(to): links for to, links in told.links[uri].items()}

    def all_written(self, config: MkDocsConfig) -> None:
        """Check the links in the pages of the others; MkDocs has checked those in its own."""
        self._gather(processes.Beside.result)
        for file in self._elsewhere.values():
            file.page.validate_anchor_links(files=self, log_level=config.validation.links.anchors)


@contextmanager
def _kept_log() -> Iterator[list[logging.LogRecord]]:
    """What MkDocs logs, kept instead of told."""
    records: list[logging.LogRecord] = []
    logger = logging.getLogger("mkdocs")
    handlers, logger.handlers = logger.handlers, [_Kept(records)]
    try:
        yield records
    finally:
        logger.handlers = handlers


class _Kept(logging.Handler):
    """Keeps what is logged, in a form that another process can be given."""

    def __init__(self, records: list[logging.LogRecord]):
        super().__init__()
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args, record.exc_info = record.getMessage(), None, None
        self._records.append(record)


_files: SharedFiles


def on_files(files, config):
    global _files
    _files = SharedFiles(files)
    return _files


def on_nav(nav, config, files):
    files.share_out(nav, config)
    return nav


def on_env(env, config, files):
    """Every page has been read. Gives overrides/main.html the function kept(part, url): what its block prints, printed once for a folder."""
    files.all_read()
    printed = {}

    def kept(part, url, caller):
        place = part, url.rpartition("/")[0]
        if place not in printed:
            printed[place] = caller()
        return printed[place]

    env.globals["kept"] = kept
    return env


def on_post_build(config):
    _files.all_written(config)
