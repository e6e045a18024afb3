"""New templates: every kind in every sector has the right shape, and nothing that exists is touched."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT

from macros import drafts, reader, vocabulary
from macros.checks import runner
from macros.model import SECTOR_IDS, LibraryError

DATA = reader.data_cached(ROOT)
TODAY = date(2026, 11, 22)
PAIRS = [(sector, kind.id) for sector in SECTOR_IDS for kind in DATA.kinds.values() if sector in kind.sectors]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with data and without templates; no source is registered as consolidated."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data/sources.yml").write_text("sources: []\n", "utf-8")
    (tmp_path / "data/exemptions.yml").write_text("exemptions: []\n", "utf-8")
    return tmp_path


def name_of(sector: str, kind: str) -> str:
    return f"{kind}-of-{sector}"


def test_every_draft_passes_the_fence_and_asks_only_to_be_filled(root, monkeypatch):
    """For every sector and kind the checks report the places to fill (B1) and what is too short (F9), and nothing else."""
    monkeypatch.setattr(vocabulary, "default_plan_year", lambda today: 2027)  # phrases have their years
    paths = [drafts.create(root, sector, kind, name_of(sector, kind), TODAY) for sector, kind in PAIRS]
    library, faults = runner.load(root)
    assert faults == []
    told = {draft.path: {finding.rule for finding in runner.check_template(draft, library)} for draft in library.templates}
    assert told == dict.fromkeys(paths, {"B1", "F9"})


@pytest.mark.parametrize("sector, kind", [("school", kind.id) for kind in DATA.kinds.values()] + [("agency", "annual-plan")])
def test_a_draft_has_the_front_matter_and_headings_of_its_kind(root, sector, kind):
    """Sector, kind, date, required headings, schedule, signature and notes are all there."""
    path = drafts.create(root, sector, kind, "new-plan", TODAY)
    assert path == f"docs/{sector}/new-plan.md"
    template = reader.parse_template((root / path).read_text("utf-8"), path)
    meta, wanted = template.meta, DATA.kinds[kind]
    assert (meta.sector, meta.kind, meta.reviewed, meta.sources) == (sector, kind, TODAY, [])
    assert bool(meta.schedule) == (wanted.schedule != "none") == ("{{ 月度安排() }}" in template.body)
    ids = [DATA.heading_ids.get(section.heading) for section in template.sections]
    assert [ident for ident in ids if ident in wanted.headings] == wanted.headings
    assert template.body.index("{{ 落款() }}") < template.body.index('!!! note "填写说明"')
    assert any(section.theme == "democracy" for section in template.sections)
    assert all("【" in part.body or "{{" in part.body for part in template.sections if part.body)  # no filler that could stay


def test_a_draft_of_today_is_dated_today(root):
    """Without a date the day of writing is put down."""
    before = date.today()
    path = drafts.create(root, "school", "summary", "x-plan")
    assert before <= reader.parse_template((root / path).read_text("utf-8"), path).meta.reviewed <= date.today()


def test_a_draft_has_plain_line_ends(root):
    """Files are the same on every system."""
    path = drafts.create(root, "school", "annual-plan", "new-plan", TODAY)
    assert b"\r" not in (root / path).read_bytes() and (root / path).read_bytes().endswith(b"\n")


def test_an_existing_file_is_never_overwritten(root):
    """The second draft of a name is refused and the first stays as it was; so does a link that leads nowhere."""
    path = root / drafts.create(root, "school", "annual-plan", "new-plan", TODAY)
    path.write_text("我的计划", "utf-8")
    with pytest.raises(ValueError, match="已经存在，没有改动它"):
        drafts.create(root, "school", "summary", "new-plan", TODAY)
    assert path.read_text("utf-8") == "我的计划"
    (path.parent / "link.md").symlink_to(root / "elsewhere.md")
    with pytest.raises(ValueError, match="已经存在"):
        drafts.create(root, "school", "summary", "link", TODAY)
    assert not (root / "elsewhere.md").exists()


@pytest.mark.parametrize("name", [
    "", "index", "女工", "Women", "women_plan", "women plan", "-women", "women-", "a--b", "a.md", "../x", "a/b", "/tmp/x", ".", "a\n",
    "x" * 61, "женщины", "ｗomen"])
def test_bad_names(root, name):
    """A name that could not be an address is refused before anything is written."""
    with pytest.raises(ValueError, match="不合要求"):
        drafts.create(root, "school", "annual-plan", name, TODAY)
    assert not (root / "docs").exists()


@pytest.mark.parametrize("sector, kind, said", [
    ("shop", "annual-plan", "没有行业“shop”，应为 school、hospital"), ("", "annual-plan", "没有行业“”"),
    ("school", "plan", "没有文种“plan”，应为 annual-plan、"), ("hospital", "term-plan", "学期计划不用于医院"),
])
def test_unknown_sector_or_kind(root, sector, kind, said):
    """What there is instead is listed."""
    with pytest.raises(ValueError, match=said):
        drafts.create(root, sector, kind, "new-plan", TODAY)
    assert not (root / "docs").exists()


def test_faulty_data_are_told(root):
    """With broken data no draft is made."""
    (root / "data/kinds.yml").write_text("kinds: 甲\n", "utf-8")
    with pytest.raises(LibraryError):
        drafts.create(root, "school", "annual-plan", "new-plan", TODAY)
