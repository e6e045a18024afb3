"""The run as a whole: every fault of every file at once, the same each time, exemptions, limits to some files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from conftest import ROOT
from small_project import GOOD, PLACES, make_project

from bench import synthetic
from macros import fence, messages, reader
from macros.checks import check_project, registry

SCHOOL = PLACES["key-points"]
#: One template with a fault of the fence and four of the checks, each in another line.
MANY_FAULTS = (
    GOOD["key-points"].replace("完成以下工作", "完成<b>以下工作").replace("每月互听", "由王建国主席每月互听")
    .replace("【提案满意率】", "【没有的空白】").replace("半数以上赞成", "在南京半数以上赞成").replace("收支情况每半年", "500元以上的收支每半年"))
BROKEN_HEAD = GOOD["event-summary"].replace("sector: hospital", "sector: [hospital")


def found(project: Path, *only: str) -> list[tuple[str, str]]:
    return [(f.path, f.rule) for f in check_project(project, only)]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A project with faults in a template, a template that cannot be parsed, a shared section, a page and a place."""
    return make_project(tmp_path / "project", {
        SCHOOL: MANY_FAULTS, PLACES["event-summary"]: BROKEN_HEAD,
        "data/sections/care/visits.md":
            "---\ntitle: 走访\nsectors: [school, hospital]\nreviewed: 2026-11-22\n---\n## 走访 {: theme=care }\n\n每人500元，教代会、院务公开。\n",
        "docs/index.md": "---\ntitle: 首页\n---\n# 首页\n\n<script>\n", "docs/school/Wrong Name.md": "",
    })


def test_all_faults_of_all_files_in_one_run(faulty):
    """No fault hides another, in the same file or in the next."""
    assert found(faulty) == [
        ("data/sections/care/visits.md", "N7"), ("data/sections/care/visits.md", "W1"), ("data/sections/care/visits.md", "W1"),
        (PLACES["event-summary"], "F4"), ("docs/index.md", "H1"), ("docs/school/Wrong Name.md", "F1"),
        (SCHOOL, "H1"), (SCHOOL, "B1"), (SCHOOL, "N6"), (SCHOOL, "N5"), (SCHOOL, "N7"),
    ]


def test_check_shows_all_that_refuses_a_build(faulty):
    """The fence of a build finds nothing that `plans check` would not have said."""
    refused = fence.check_project(faulty, reader.load_data(faulty))
    assert refused and {(f.rule, f.path, f.line) for f in refused} <= {(f.rule, f.path, f.line) for f in check_project(faulty)}


def test_run_is_deterministic_and_in_order(faulty, monkeypatch):
    """The same findings in the order of paths, lines and columns, in whatever order the folder lists its files."""
    first = check_project(faulty)
    assert first == check_project(faulty)
    assert [(f.path, f.line, f.column) for f in first] == sorted((f.path, f.line, f.column) for f in first)
    paths = fence.project_files(faulty)
    random.Random(1).shuffle(paths)
    monkeypatch.setattr(fence, "project_files", lambda root: paths)
    assert check_project(faulty) == first


def test_files_written_on_windows_give_the_same_findings(faulty):
    """CRLF line ends change neither rules nor lines."""
    before = check_project(faulty, [SCHOOL])
    (faulty / SCHOOL).write_bytes(MANY_FAULTS.replace("\n", "\r\n").encode())
    assert check_project(faulty, [SCHOOL]) == before


@pytest.mark.parametrize("only, paths", [
    ([SCHOOL], {SCHOOL}),
    (["docs/school"], {SCHOOL, "docs/school/Wrong Name.md"}),
    (["docs/school/"], {SCHOOL, "docs/school/Wrong Name.md"}),
    (["docs/sch"], set()),
    (["data", "docs/index.md"], {"data/sections/care/visits.md", "docs/index.md"}),
])
def test_only_some_files_are_shown(faulty, only, paths):
    """Files and folders limit what is shown; the beginning of a name is no folder."""
    assert {path for path, _ in found(faulty, *only)} == paths


@pytest.mark.parametrize("only", [(), (".",), ("docs", "data")])
def test_the_whole_project_is_shown(faulty, only):
    """Nothing, the project itself and all its folders mean the same."""
    assert found(faulty, *only) == found(faulty)


def test_limit_does_not_hide_faulty_data(faulty):
    """Where the data cannot be read nothing is checked: that is said whatever files were asked for."""
    (faulty / "data/kinds.yml").write_text("kinds: 3\n", encoding="utf-8")
    assert found(faulty, SCHOOL) == [("data/kinds.yml", "Y1")]


def test_limit_to_either_of_two_alike_files_shows_the_likeness(tmp_path):
    """A new template that copies one earlier or later in the alphabet is told so."""
    project = make_project(tmp_path / "project", {"docs/school/a.md": GOOD["key-points"], "docs/school/b.md": GOOD["key-points"]})
    for path in ("docs/school/a.md", "docs/school/b.md"):
        assert (path, "D2") in found(project, path)


# --- exemptions ---------------------------------------------------------------------------------------

def exempt(project: Path, *rows: tuple[str, str, str]) -> None:
    text = "exemptions:\n" + "".join(
        f"  - {{rule: {rule}, path: {path}, text: {text}, reason: 测试}}\n" for rule, path, text in rows)
    (project / "data/exemptions.yml").write_text(text, encoding="utf-8")


def test_exempted_finding_is_not_shown(faulty):
    """Rule, file and a piece of the message must all agree; other findings stay."""
    before = found(faulty)
    exempt(faulty, ("N5", SCHOOL, "王建国"), ("N6", SCHOOL, "南京"))
    assert found(faulty) == [row for row in before if row not in ((SCHOOL, "N5"), (SCHOOL, "N6"))]


@pytest.mark.parametrize("rule, path, text", [
    ("N6", SCHOOL, "王建国"), ("N5", "docs/school/other.md", "王建国"), ("N5", SCHOOL, "李明"),
])
def test_exemption_that_does_not_fit_is_an_error(faulty, rule, path, text):
    """X1 names the line of an exemption that nothing needs, and the finding stays."""
    before = found(faulty)
    exempt(faulty, ("N7", SCHOOL, "500元"), (rule, path, text))
    rest = [row for row in before if row != (SCHOOL, "N7")]
    findings = check_project(faulty)
    assert [(f.path, f.rule) for f in findings if f.rule != "X1"] == rest
    unused, = [f for f in findings if f.rule == "X1"]
    assert (unused.path, unused.line, unused.level) == ("data/exemptions.yml", 3, "error")
    assert f"放行 {rule} {path}“{text}”不再需要" in unused.found


def test_exemption_of_an_unreadable_file_may_still_be_needed(faulty):
    """While a file cannot be parsed nobody knows whether its exemptions are needed."""
    exempt(faulty, ("N5", PLACES["event-summary"], "李明"))
    assert "X1" not in {rule for _, rule in found(faulty)}


def test_exemption_of_a_rule_that_does_not_exist(faulty):
    """A mistyped rule is a fault of the data file."""
    exempt(faulty, ("Z9", SCHOOL, "王建国"))
    assert found(faulty) == [("data/exemptions.yml", "Y1")]


# --- sources and shared sections ------------------------------------------------------------------------

def source(templates: str) -> str:
    return f"sources:\n  - {{id: 000-1, page: 合集, title: 一篇, sector: school, kind: 要点, templates: {templates}, note: 测试}}\n"


@pytest.mark.parametrize("sources, templates, expected", [
    ("[000-1]", "[school/key-points.md]", []),
    ("[]", "[school/key-points.md]", [(SCHOOL, 7, "文件头 sources 没有写 000-1")]),
    ("[000-1]", "[school/other.md]", [
        ("data/sources.yml", 2, "000-1 写的模板 school/other.md 不存在"), (SCHOOL, 7, "的 000-1 没有写收入 school/key-points.md")]),
    ("[000-1]", "[school/key-points.md, school/index.md]", [("data/sources.yml", 2, "写的模板 school/index.md 不存在")]),
])
def test_sources_and_templates_name_each_other(tmp_path, sources, templates, expected):
    """R1: both sides say the same, and each difference is found at the place to change."""
    project = make_project(tmp_path / "project", {
        SCHOOL: GOOD["key-points"].replace("sources: []", f"sources: {sources}"), "data/sources.yml": source(templates),
        "docs/school/index.md": "---\ntitle: 学校\n---\n# 学校\n"})
    findings = check_project(project)
    assert {f.rule for f in findings} <= {"R1"}
    assert [(f.path, f.line) for f in findings] == [(path, line) for path, line, _ in expected], messages.report(findings)
    assert all(piece in f.found for f, (_, _, piece) in zip(findings, expected, strict=True))


def test_source_of_an_unreadable_template_is_not_said_to_be_missing(tmp_path):
    """The file is there: only what is wrong with it is reported."""
    project = make_project(tmp_path / "project", {
        SCHOOL: GOOD["key-points"].replace("sector: school", "sector: [school"),
        "data/sources.yml": source("[school/key-points.md]")})
    assert {rule for _, rule in found(project)} == {"F4"}


SHARED = "---\ntitle: {title}\nsectors: {sectors}\nreviewed: 2026-11-22\n---\n{body}\n"
FINANCE = "\n".join(GOOD["key-points"].split("\n")[37:41]).strip()


def test_shared_section_counts_as_part_of_the_template(tmp_path):
    """A template that takes a required or scheduled part from a shared section is complete."""
    template = GOOD["key-points"].replace(FINANCE, '{{ 共用("finance/budget") }}')
    assert FINANCE.startswith("## 编好预算") and template != GOOD["key-points"]
    body = SHARED.format(title="预算", sectors="[school, hospital]", body=FINANCE)
    project = make_project(tmp_path / "project", {SCHOOL: template, "data/sections/finance/budget.md": body})
    assert messages.report(check_project(project)) == ""
    (project / "data/sections/finance/budget.md").unlink()
    assert {"R2", "S1", "F9"} <= {rule for _, rule in found(project)}


def test_shared_section_for_other_sectors(tmp_path):
    """R2: a section is used only where it is meant to be."""
    template = GOOD["key-points"].replace(FINANCE, '{{ 共用("finance/budget") }}')
    body = SHARED.format(title="预算", sectors="[hospital]", body=FINANCE)
    findings = check_project(make_project(tmp_path / "project", {SCHOOL: template, "data/sections/finance/budget.md": body}))
    assert [(f.rule, f.path, f.line) for f in findings] == [("R2", SCHOOL, 38)]
    assert "适用于医院" in findings[0].expected


@pytest.mark.parametrize("body, rule, line", [
    ("# 总标题\n", "F6", 6),
    ("## 一、预算 {: theme=finance }\n", "F6", 6),
    ("## 没有主题的标题\n", "F7", 6),
    ("预算由李明主席审批。\n", "N5", 6),
    ("\n教职工查询预算。\n", "W1", 7),
    ("依据《工会法》编制。\n", "L4", 6),
    ('依据{{ 法规("测试企业办法") }}编制。\n', "L5", 6),
    ("××元以内由主席审批。\n", "B2", 6),
    ("按卫计委规定办理。\n", "P1", 6),
    ('{{ 提法("测试旧提法") }}。\n', "P2", 6),
])
def test_shared_sections_are_checked_like_templates(tmp_path, body, rule, line):
    """What no template may say no shared section may say either; its text serves all its sectors."""
    text = SHARED.format(title="预算", sectors="[school, hospital]", body=body)
    project = make_project(tmp_path / "project", {"data/sections/finance/budget.md": text})
    assert [(f.path, f.rule, f.line) for f in check_project(project)] == [("data/sections/finance/budget.md", rule, line)]


# --- the real library, and a large one --------------------------------------------------------------------

def test_the_library_itself_has_no_errors():
    """What is published passes its own checks."""
    assert messages.report(f for f in check_project(ROOT) if f.level == "error") == ""


def test_checks_depend_on_nothing_of_the_site_generator():
    """The package of checks can be used where no site is built."""
    for file in (ROOT / "macros/checks").glob("*.py"):
        text = file.read_text("utf-8")
        assert "mkdocs" not in text.lower() and "print(" not in text, file.name


def test_each_line_is_prepared_once_a_template(tmp_path, monkeypatch):
    """With many templates the lines of each are made ready once for all checks, not once for each."""
    project = make_project(tmp_path / "project", {f"docs/{sector}/.keep": "" for sector in reader.SECTOR_IDS})
    for sector in reader.SECTOR_IDS:
        (project / f"docs/{sector}/.keep").unlink()
        pool = synthetic.word_pool(ROOT, sector)
        for number in range(8):
            path = project / f"docs/{sector}/synthetic-{number}.md"
            path.write_text(synthetic.template(number, sector, pool), encoding="utf-8")
    prepared = []
    plain = registry._plain
    monkeypatch.setattr(registry, "_plain", lambda pattern, raw: prepared.append(raw) or plain(pattern, raw))
    assert {f.level for f in check_project(project)} <= {"error", "hint"}
    rows = sum(len(file.read_text("utf-8").split("\n")) for file in (project / "docs").rglob("*.md"))
    checks = len(registry.TEMPLATE_CHECKS)
    assert 0 < len(prepared) < rows * 3 < rows * checks / 2
