"""Code of others is what it was when it was taken in."""

from __future__ import annotations

import hashlib
import json

from conftest import ROOT

VENDOR = ROOT / "docs/assets/vendor"
LIST = VENDOR / "SHA256SUMS.txt"


def test_every_file_has_its_checksum():
    """No file under vendor/ is changed, missing or unlisted."""
    listed = {name: digest for digest, name in (line.split("  ") for line in LIST.read_text("utf-8").splitlines())}
    found = {path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in VENDOR.rglob("*") if path.is_file() and path != LIST}
    assert found == listed


def test_every_library_has_licence_and_origin():
    """Each folder says under which licence, in which version and from where it came."""
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert "Permission is hereby granted" in (folder / "LICENSE").read_text("utf-8")
        assert "https://" in (folder / "CHANGES.txt").read_text("utf-8")


def test_recipe_names_the_version_that_is_here():
    """What a maintainer would bundle is what CHANGES.txt speaks of, to the exact version."""
    recipe = json.loads((ROOT / "tools/vendor_docx/package.json").read_text("utf-8"))
    changes = (VENDOR / "docx/CHANGES.txt").read_text("utf-8")
    for name, version in recipe["devDependencies"].items():
        assert f"{name} {version}" in changes
