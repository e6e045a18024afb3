"""What is written after a build. Called by the MkDocs hook and by the command line alike."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import rjsmin

from . import desk_data, reader

_SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_HEAD = re.compile(rb"<head>")
_MARK = b'<meta http-equiv="Content-Security-Policy"'
#: The theme gives its search dialog no name, which screen readers need.
_SEARCH_DIALOG = b'data-md-component="search" role="dialog"'


def script_hashes(page: bytes) -> list[str]:
    """CSP hashes of the inline scripts of a page, in order, each once."""
    hashes: list[str] = []
    for match in _SCRIPT.finditer(page):
        attributes = match.group("attributes")
        if b"src=" in attributes or b"application/json" in attributes:
            continue
        digest = base64.b64encode(hashlib.sha256(match.group("code")).digest()).decode()
        if digest not in hashes:
            hashes.append(digest)
    return hashes


def content_security_policy(page: bytes) -> str:
    """A policy under which the page can only run its own scripts and can reach no other host."""
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in script_hashes(page))])
    return "; ".join([
        "default-src 'self'", f"script-src {scripts}", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "worker-src 'self' blob:", "frame-src 'self' blob:", "object-src 'none'", "base-uri 'self'",
        "form-action 'none'",
    ])


def minify_scripts(site: Path, root: Path) -> None:
    """Take comments and white space out of the project's own scripts; bundles of others stay as they came."""
    for source in sorted((root / "docs" / "assets" / "javascripts").glob("*.js")):
        built = site / "assets" / "javascripts" / source.name
        if built.is_file():
            built.write_text(rjsmin.jsmin(source.read_text("utf-8")), "utf-8")


def after_build(site: Path, root: Path = reader.ROOT) -> None:
    """Write the scripts' data and give every page its policy, first thing in the head, so that nothing is fetched before it.

    `site` is the built site, `root` the project it was built from. Raises LibraryError, SettingsError.
    """
    desk_data.write(site, root)
    minify_scripts(site, root)
    for file in site.rglob("*.html"):
        page = file.read_bytes()
        if _MARK in page:
            continue
        page = page.replace(_SEARCH_DIALOG, _SEARCH_DIALOG + ' aria-label="搜索"'.encode())
        meta = _MARK + f' content="{content_security_policy(page)}">'.encode()
        file.write_bytes(_HEAD.sub(lambda match: match.group() + meta, page, count=1))
