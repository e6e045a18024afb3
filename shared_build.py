"""MkDocs hook: several processes build the site's pages, each its share of those that the navigation does not lead to.

Every page comes out as MkDocs alone would build it. Without this hook a build is slower and otherwise the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from macros import processes

#: With fewer such pages a second process costs more than it saves.
WORTH_WHILE = 40
#: A page of the navigation, lists mostly, takes this process as long as so many others.
NAV_PAGE_WEIGHT = 4


@dataclass(frozen=True)
class _Built:
    """What a process tells of the pages that it has built, by their paths below docs/."""

    anchors: dict[str, set[str]]
    links: dict[str, dict[str, dict[str, str]]]  # page -> page it links to -> anchor -> the link as written
    log: list[logging.LogRecord]


class SharedFiles(Files):
    """The files of a build, some pages of which other processes build."""

    def __init__(self, files: Files):
        super().__init__(files)
        self._elsewhere: dict[str, File] = {}
        self._beside: list[processes.Beside[_Built]] = []

    def documentation_pages(self, *, inclusion: Callable[[InclusionLevel], bool] | None = None) -> Any:
        """MkDocs asks with an inclusion level for the pages that it shall build, and without one for those that there are."""
        if inclusion is None:
            return super().documentation_pages()
        return [file for file in super().documentation_pages(inclusion=inclusion) if file.src_uri not in self._elsewhere]

    def share_out(self, nav: Navigation, config: MkDocsConfig) -> None:
        """Start building the shares of the other processes."""
        in_navigation = {page.file.src_uri for page in nav.pages}
        others = [file for file in super().documentation_pages() if file.src_uri not in in_navigation]
        if len(others) < WORTH_WHILE:
            return
        count, nav_weight = processes.cores(), NAV_PAGE_WEIGHT * len(nav.pages)
        own = max(0, (len(others) + nav_weight) // count - nav_weight)
        for share in processes.shares(others[own:], count - 1):
            self._beside.append(processes.Beside(lambda share=share: self._build(share, nav, config)))
            self._elsewhere.update({file.src_uri: file for file in share})

    def _build(self, share: list[File], nav: Navigation, config: MkDocsConfig) -> _Built:
        """Runs in another process. The two steps are MkDocs' own, so that every page is built as it would build it."""
        log: list[logging.LogRecord] = []
        logger = logging.getLogger("mkdocs")
        logger.handlers = [_Kept(log)]
        for page in nav.pages:
            page.read_source(config)  # its head may say how the navigation shows it
        for file in share:
            build._populate_page(file.page, config, self)
        env = config.plugins.on_env(config.theme.get_env(), config=config, files=self)
        pages = super().documentation_pages()
        for file in share:
            build._build_page(file.page, config, pages, nav, env)
        return _Built(
            {file.src_uri: file.page.present_anchor_ids or set() for file in share},
            {file.src_uri: {to.src_uri: links for to, links in (file.page.links_to_anchors or {}).items()} for file in share}, log)

    def gather(self, config: MkDocsConfig) -> None:
        """Wait for the other processes; tell what they logged; check the links between their pages and all others.

        Raises what ended one of them.
        """
        own = [file for file in super().documentation_pages() if file.src_uri not in self._elsewhere]
        for built in [process.result() for process in self._beside]:
            for record in built.log:
                logging.getLogger(record.name).handle(record)
            for uri, anchors in built.anchors.items():
                page = self._elsewhere[uri].page
                page.present_anchor_ids = anchors
                page.links_to_anchors = {self.get_file_from_path(to): links for to, links in built.links[uri].items()}
        for file in own:  # their links to each other have been checked
            links = file.page.links_to_anchors or {}
            file.page.links_to_anchors = {to: anchors for to, anchors in links.items() if to.src_uri in self._elsewhere}
        for file in [*own, *self._elsewhere.values()] if self._elsewhere else ():
            file.page.validate_anchor_links(files=self, log_level=config.validation.links.anchors)


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
    """Gives overrides/main.html the function kept(part, url): what its block prints, printed once for a folder."""
    printed = {}

    def kept(part, url, caller):
        place = part, url.rpartition("/")[0]
        if place not in printed:
            printed[place] = caller()
        return printed[place]

    env.globals["kept"] = kept
    return env


def on_post_build(config):
    _files.gather(config)
