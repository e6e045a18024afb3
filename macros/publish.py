"""What is written after a build. Called by the MkDocs hook and by the command line alike."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import rcssmin
import rjsmin

from . import desk_data, fence, reader, shelf, template_facts

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_MARK = '<meta http-equiv="Content-Security-Policy"'
#: The theme gives its search dialog no name, which screen readers need.
_SEARCH_DIALOG = 'data-md-component="search" role="dialog"'


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
        "connect-src 'self'", "worker-src 'self' blob:", "frame-src 'self' blob:", "object-src 'none'", "base-uri 'self'",
        "form-action 'none'",
    ])


def minify(site: Path, root: Path) -> None:
    """Take comments and white space out of the project's own scripts and styles; those of others stay as they came."""
    for folder, ending, shorter in (("javascripts", "js", rjsmin.jsmin), ("stylesheets", "css", rcssmin.cssmin)):
        for source in sorted((root / "docs" / "assets" / folder).glob(f"*.{ending}")):
            built = site / "assets" / folder / source.name
            if built.is_file():
                built.write_text(shorter(source.read_text("utf-8")), "utf-8")


#: Bundle -> how a page asks for one of the files in it: way up to the site's root, file.
_BUNDLES = {
    "assets/javascripts/desk.bundle.js": re.compile(r'<script src="([^"]*?)(assets/(?:javascripts/[a-z-]+|data/desk)\.js)"></script>'),
    "assets/stylesheets/desk.bundle.css": re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/stylesheets/[a-z-]+\.css)">'),
}


def bundle(site: Path, files: list[str]) -> None:
    """Write all our scripts into one file, and all our styles. `files` as mkdocs.yml lists them."""
    for name in _BUNDLES:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        parts = (site / file for file in files if file.endswith(Path(name).suffix))
        (site / name).write_text("".join(part.read_text("utf-8").rstrip() + "\n" for part in parts if part.is_file()), "utf-8")


def with_bundles(page: str, files: list[str]) -> str:
    """The page with one request for all our scripts, and one for all our styles."""
    for name, pattern in _BUNDLES.items():
        found = list(pattern.finditer(page))
        if [match[2] for match in found] != [file for file in files if file.endswith(Path(name).suffix)]:
            continue  # a page with scripts of its own keeps them apart
        for match in found:
            page = page.replace(match.group(), match.group().replace(match[2], name) if match is found[0] else "", 1)
    return page


def after_build(site: Path, root: Path = reader.ROOT) -> None:
    """Write the scripts' data and give every page its policy, first thing in the head, so that nothing is fetched before it.

    `site` is the built site, `root` the project it was built from. Raises LibraryError, SettingsError.
    """
    whole, data, templates = desk_data.desk(root), reader.data_cached(root), fence.fenced_templates(root)
    by_page = {template.url.replace(".md", ".html"): template for template in templates}
    desk_data.write(site, root, whole)
    minify(site, root)
    files, edit = desk_data.own_files(root), desk_data.edit_address(root)
    bundle(site, files)
    shelf.fill(site, data, templates)
    for file in site.rglob("*.html"):
        page, path = file.read_text("utf-8"), file.relative_to(site).as_posix()
        if _MARK in page:
            continue
        page = with_bundles(page.replace(_SEARCH_DIALOG, f'{_SEARCH_DIALOG} aria-label="搜索"'), files)
        head = f'{_MARK} content="{content_security_policy(page)}">'
        if path in by_page:
            page = template_facts.add(page, by_page[path], whole["year"], data, templates, edit)
        if part := desk_data.of_page(whole, path, page):
            head += f'<script id="plans-page" type="application/json">{desk_data.safe_json(part)}</script>'
        file.write_text(page.replace("<head>", f"<head>{head}", 1), "utf-8")
