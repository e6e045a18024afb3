"""What is written after a build. Called by the MkDocs hook and by the command line alike."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import rcssmin
import rjsmin

from . import catalog, desk_data, fence, find_data, library_page, open_data, processes, reader, shelf, template_facts
from .model import Template

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_MARK = '<meta http-equiv="Content-Security-Policy"'
#: Browsers look for it in the first 1,024 bytes; where they do not find it they guess how page and scripts are encoded.
_CHARSET = '<meta charset="utf-8">'


def script_hashes(page: str) -> list[str]:
    """CSP hashes of the inline scripts of a page, in order, each once."""
    hashes: list[str] = []
    for match in _SCRIPT.finditer(page):
        attributes = match.group("attributes")
        if "src=" in attributes or "application/json" in attributes:
            continue
        digest = base64.b64encode(hashlib.sha256(match.group("code").encode()).digest()).decode()
        if digest not in hashes:
            hashes.append(digest)
    return hashes


def content_security_policy(page: str) -> str:
    """A policy under which the page can only run its own scripts and can reach no other host."""
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in script_hashes(page))])
    return "; ".join([
        "default-src 'self'", f"script-src {scripts}", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "worker-src 'none'", "frame-src 'none'", "object-src 'none'", "base-uri 'self'",
        "form-action 'none'",
    ])


#: A rule of the theme for one of the colours that it has names for. Pages use none of them: plans.css brings their colours.
_NAMED_COLOUR = re.compile(r"(?:^|(?<=[{}]))[^{}@]*\[data-md-color-(?:primary|accent)=[^{}]*\{[^{}]*\}")


def minify(site: Path, root: Path) -> None:
    """Take comments and white space out of the project's own scripts and styles. Of others' only the palette loses what no page uses."""
    for folder, ending, shorter in (("javascripts", "js", rjsmin.jsmin), ("stylesheets", "css", rcssmin.cssmin)):
        for source in sorted((root / "docs" / "assets" / folder).glob(f"*.{ending}")):
            built = site / "assets" / folder / source.name
            if built.is_file():
                built.write_text(shorter(source.read_text("utf-8")), "utf-8")
    for palette in (site / "assets" / "stylesheets").rglob("palette.*.css"):
        palette.write_text(_NAMED_COLOUR.sub("", palette.read_text("utf-8")), "utf-8")


#: Bundle -> how a page asks for one of the files in it: way up to the site's root, file.
_BUNDLES = {
    "assets/javascripts/desk.bundle.js": re.compile(r'<script src="([^"]*?)(assets/(?:javascripts/[a-z-]+|data/desk)\.js)"></script>'),
    "assets/stylesheets/desk.bundle.css": re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/stylesheets/[a-z-]+\.css)">'),
}


def bundle(site: Path, files: list[str]) -> None:
    """Write all our scripts into one file, and all our styles. `files` as mkdocs.yml lists them."""
    for name in _BUNDLES:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        parts = (site / file for file in _bundled(name, files))
        (site / name).write_text("".join(part.read_text("utf-8").rstrip() + "\n" for part in parts if part.is_file()), "utf-8")


def _bundled(name: str, files: list[str]) -> list[str]:
    ending = name[name.rindex(".") :]
    return [file for file in files if file.endswith(ending)]


def with_bundles(page: str, files: list[str]) -> str:
    """The page with one request for all our scripts, and one for all our styles."""
    for name, pattern in _BUNDLES.items():
        found = list(pattern.finditer(page))
        if [match[2] for match in found] != _bundled(name, files):
            continue  # a page with scripts of its own keeps them apart
        kept = "".join(page[one.end() : other.start()] for one, other in zip(found, found[1:]))
        page = page[: found[0].start()] + found[0].group().replace(found[0][2], name) + kept + page[found[-1].end() :]
    return page


#: Where the way to the search stands in the theme's header. Without scripts the link leads to the list of all templates.
_HEADER_TOOLS = '<form class="md-header__option" data-md-component="palette"'
_FIND = ('<a class="plan-find-open" href="{up}library.html" aria-keyshortcuts="/" title="搜索模板和段落（按 / 键）">'
         '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 3a6.5 6.5 0 0 1 5 10.7l.3.3h.8l5 5-1.6 1.6-5-5v-.8l-.3-.3A6.5 6.5 0 1 1 9.5 3m0 2a4.5 4.5 0 1 0 0 '
         '9 4.5 4.5 0 0 0 0-9"/></svg><span>搜索</span><kbd>/</kbd></a>')


def with_search(page: str, path: str) -> str:
    """The page with the way to the search in its header. `path` is its place below the site's root."""
    return page.replace(_HEADER_TOOLS, _FIND.format(up="../" * path.count("/")) + _HEADER_TOOLS, 1)


def without_indents(page: str) -> str:
    """The page without the white space at its line starts, of which the theme's templates leave much; as it is where that is text."""
    return page if "<pre" in page or "<textarea" in page else re.sub(r"\n\s+", "\n", page)


_ARTICLE = re.compile(r'<article class="md-content__inner[^>]*>')
#: Folder -> the page above its pages. Templates have their way back from the theme's template.
_ABOVE = {"themes": ("themes/index.html", "主题"), "guides": ("guides/index.html", "写法"), "examples": ("guides/index.html", "写法")}


def with_way_back(page: str, path: str) -> str:
    """The page with the pages above it at its top, where the navigation does not lead to it."""
    above = _ABOVE.get(path.split("/")[0])
    if not above or path.endswith("/index.html") or 'class="plan-path"' in page:
        return page
    way = f'<nav class="plan-path" aria-label="位置"><a href="../index.html">首页</a> / <a href="../{above[0]}">{above[1]}</a></nav>'
    return _ARTICLE.sub(lambda match: match.group() + way, page, count=1)


def after_build(site: Path, root: Path = reader.ROOT) -> None:
    """Write the scripts' data and give every page its policy, at the top of the head, so that nothing is fetched before it.

    `site` is the built site, `root` the project it was built from. Raises LibraryError, SettingsError.
    """
    whole, data, templates = desk_data.desk(root), reader.data_cached(root), fence.fenced_templates(root)
    files, edit = desk_data.own_files(root), desk_data.edit_address(root)
    built = [(template, _page_of(site, template)) for template in templates]
    entries = catalog.in_order(processes.for_each(lambda each: catalog.entry(*each, data), [each for each in built if each[1]]), data)
    (site / desk_data.FOLDER).mkdir(parents=True, exist_ok=True)
    beside = [processes.Beside(lambda: [_write_scripts(site, root, whole, files)]), processes.Beside(lambda: [_write_open(site, root, entries, whole["year"])])]
    by_path, relations = {entry.path: entry for entry in entries}, template_facts.Relations(templates)
    shelf.fill(site, data, entries)
    library_page.fill(site, entries, data)

    def finish(file: Path) -> None:
        page, path = file.read_text("utf-8"), file.relative_to(site).as_posix()
        if _MARK in page:
            return
        page = without_indents(with_way_back(with_search(with_bundles(page, files), path), path))
        head = f'{_MARK} content="{content_security_policy(page)}">'
        if path in by_path:
            year = whole["year"] + whole["templates"][path].get("year_offset", 0)
            page = template_facts.add(page, by_path[path], year, data, relations, edit)
        if part := desk_data.of_page(whole, path, page):
            head += f'<script id="plans-page" type="application/json">{desk_data.safe_json(part)}</script>'
        page = page.replace(_CHARSET, "", 1).replace("<head>", f"<head>{_CHARSET}{head}", 1)
        file.write_text(page, "utf-8")

    processes.for_each(finish, list(site.rglob("*.html")))
    for process in beside:
        process.result()


def _write_scripts(site: Path, root: Path, whole: dict[str, Any], files: list[str]) -> None:
    desk_data.write(site, root, whole)
    minify(site, root)
    bundle(site, files)


def _write_open(site: Path, root: Path, entries: list[catalog.Entry], year: int) -> None:
    """What is there for search, for other programs and for assistants."""
    data = reader.data_cached(root)
    find_data.write(site, root, entries, year)
    open_data.write(site, entries, data, desk_data.settings_of(root), fence.shared_reader(root), desk_data.site_address(root))


def _page_of(site: Path, template: Template) -> str:
    """The built page of a template; empty when the engine has made none."""
    file = site / template.url.replace(".md", ".html")
    return file.read_text("utf-8") if file.is_file() else ""
