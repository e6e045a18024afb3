"""The fence, build by build: no engine or command renders what does not pass, and each says why in Chinese."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, clean_environment, run
from hostile_contributions import BODY_LINE, CANARY, GOOD, HEAD, PAGE_HEAD, SHARED_HEAD, template_with

import macros
from macros import fence, reader

ENGINES = ["mkdocs", "zensical"]
#: Creates a file if it is ever run.
SHELL = '{{ cycler.__init__.__globals__.os.popen("touch pwned").read() }}'


def write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


#: Path -> (hostile text, the beginning of the message it gets).
BATCH = {
    "docs/agency/shell.md": (template_with(f"{CANARY}{SHELL}"), f":{BODY_LINE}:11 调用了宏以外的东西"),
    "docs/enterprise/script.md": (template_with(f"<script>{CANARY}</script>"), f":{BODY_LINE}:1 HTML 标签或实体“<s”"),
    "docs/hospital/unrendered.md": (
        HEAD.replace("sources: []", "render_macros: false") + f"# {CANARY}\n", ":7:1 不认识的键 render_macros"),
    "docs/school/theme.md": (HEAD.replace("sources: []", f"template: {CANARY}.html") + "# 标题\n", ":7:1 不认识的键 template"),
    "docs/school/title.md": (GOOD.replace("title: ", f"title: {CANARY}<img src=x>"), ":2:1 文件头中的"),
    "docs/school/macro.md": (template_with(f"{CANARY}{{{{ config }}}}"), f":{BODY_LINE}:14 没有名为“config”的宏"),
    "docs/school/kind.md": (GOOD.replace("special-plan", CANARY.lower()), ":4:1 没有文种"),
    "docs/school/index.md": (f"{PAGE_HEAD}[{CANARY}](&#106;avascript:x)\n", ":4:"),
    "docs/township/two.md": (template_with(f"{CANARY}`\n\n{{{{ 单位.x }}}}"), f":{BODY_LINE + 2}:1 用了属性（点号）"),
    "docs/other.md": (f"{PAGE_HEAD}{CANARY}{SHELL}\n", ":4:11 调用了宏以外的东西"),
    "docs/other.markdown": (f"{PAGE_HEAD}{CANARY}{SHELL}\n", ":1:1 文件名 'other.markdown'"),
    "docs/school/sub/x.md": (GOOD, ":1:1 文件放在 docs/school/sub"),
    "docs/school/.meta.yml": ("render_macros: false\n", ":1:1 文件名 '.meta.yml'"),
    "docs/school/evil.js": ("alert(1)\n", ":1:1 文件名 'evil.js'"),
    "data/sections/finance/shell.md": (f"{SHARED_HEAD}{CANARY}{SHELL}\n", ":6:11 调用了宏以外的东西"),
}


@pytest.fixture
def project(small_project: Path) -> Path:
    """Whatever is built here is built many times."""
    return small_project


def pages_with_canary(project: Path) -> list[str]:
    return [file.name for file in (project / "site").rglob("*.html") if CANARY.encode() in file.read_bytes()]


def assert_refused(project: Path, output: str, paths: list[str]) -> None:
    """Every file is named with its message, nothing of it was rendered or run."""
    for path in paths:
        assert f"{path}{BATCH[path][1]}" in output, path
    assert "没有生成网站" in output
    assert "Traceback" not in output
    assert pages_with_canary(project) == []
    assert not (project / "pwned").exists()


# --- build ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("engine", ENGINES)
def test_build_refuses_all_hostile_files_at_once(project, engine):
    """One run names every fault of every file, in both engines."""
    for path, (text, _) in BATCH.items():
        write(project, path, text)
    result = run(engine, "build", cwd=project)
    assert result.returncode == 1
    assert_refused(project, result.stdout + result.stderr, list(BATCH))
    assert f"docs/township/two.md:{BODY_LINE}:11 代码标记" in result.stderr
    assert re.search(r"共 \d\d 处错误，没有生成网站", result.stderr)


def test_file_added_after_a_good_build_is_refused(project):
    """Zensical keeps the pages of an earlier build; that does not let a new one in."""
    assert run("zensical", "build", cwd=project).returncode == 0
    path = "docs/school/macro.md"
    write(project, path, BATCH[path][0])
    result = run("zensical", "build", cwd=project)
    assert result.returncode == 1
    assert_refused(project, result.stdout + result.stderr, [path])


def test_links_out_of_the_project_are_refused(project, tmp_path):
    """MkDocs would follow them and publish what they lead to."""
    write(tmp_path, "outside/secret.md", f"{PAGE_HEAD}{CANARY}\n")
    links = {"docs/linked.md": "outside/secret.md", "docs/linked": "outside", "docs/assets/linked.txt": "outside/secret.md"}
    for link, target in links.items():
        (project / link).symlink_to(tmp_path / target)
    result = run("mkdocs", "build", "-q", cwd=project)
    assert result.returncode == 1
    assert all(f"{link}:1:1 是一个链接文件" in result.stderr for link in links) and "Traceback" not in result.stderr
    assert not (project / "site").exists()


@pytest.mark.parametrize("stale", [False, True], ids=["read again", "not read again"])
def test_file_that_changes_during_the_build_is_refused(project, stale):
    """What is rendered is what was checked, even if a file changes in between and whether or not it is checked again."""
    hook = project / "hooks.py"
    hook.write_text(f"""{hook.read_text("utf-8")}

from macros import fence, reader


def on_pre_build(config):
    root, path = Path(config.config_file_path).parent, "docs/school/key-points.md"
    kept, checked = fence.check_file(root, path, reader.data_cached(root)), fence._checked
    if {stale}:
        fence._checked = lambda root, given, *more: kept if given == path else checked(root, given, *more)
    file = root / path
    file.write_text(file.read_text("utf-8") + '{CANARY}{SHELL}', "utf-8")
""", "utf-8")
    result = run("mkdocs", "build", "-q", cwd=project)
    assert result.returncode == 1
    assert "docs/school/key-points.md:" in result.stderr and "没有生成网站" in result.stderr
    assert ("生成网站时读到的内容与检查时不同" if stale else "调用了宏以外的东西") in result.stderr
    assert "Traceback" not in result.stderr
    assert pages_with_canary(project) == [] and not (project / "pwned").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_faulty_data_ends_plainly(project, engine):
    """A data file that cannot be used stops the build with its own message."""
    file = project / "data/themes.yml"
    file.write_text(file.read_text("utf-8") + "\nthemes: []\n", "utf-8")
    result = run(engine, "build", cwd=project)
    assert result.returncode == 1
    assert "键“themes”写了两次" in result.stderr and "Traceback" not in result.stderr


def test_impossible_year_ends_zensical_plainly(project):
    """In that engine, too, a wrong setting gets a message instead of a traceback."""
    result = run("zensical", "build", cwd=project, YEAR="1999")
    assert result.returncode == 1
    assert "YEAR 为“1999”" in result.stderr and "Traceback" not in result.stderr


# --- serve ----------------------------------------------------------------------------------------------

def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(engine: str, project: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A running preview; its stdout and stderr come in one stream. Killed at the end."""
    option = "--dev-addr" if engine == "mkdocs" else "-a"
    (project / "temporary").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", engine, "serve", option, f"127.0.0.1:{port}"], cwd=project,
        env=clean_environment(TMPDIR=str(project / "temporary")),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    guard = threading.Timer(300, process.kill)  # a test that waits for output in vain fails instead of hanging
    guard.start()
    try:
        yield process
    finally:
        guard.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def read_until(stream: IO[str], mark: str) -> str:
    """The lines up to the one with `mark`, or all if the process ends before."""
    lines = []
    for line in stream:
        lines.append(line)
        if mark in line:
            break
    return "".join(lines)


def fetch(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8")


@pytest.mark.parametrize("engine", ENGINES)
def test_serve_does_not_start_with_a_hostile_file(project, engine):
    """The preview is a build like any other."""
    path = "docs/agency/shell.md"
    write(project, path, BATCH[path][0])
    with serving(engine, project, free_port()) as process:
        output = process.stdout.read()
        assert process.wait() == 1
    assert_refused(project, output, [path])


def test_serve_refuses_a_file_added_later_and_recovers(project):
    """The preview prints the finding, shows nothing of the file, and takes up the corrected one."""
    path, port = "docs/school/macro.md", free_port()
    with serving("mkdocs", project, port) as process:
        assert "Serving on" in read_until(process.stdout, "Serving on")
        assert fetch(port, "school/macro.html")[0] == 404
        write(project, path, BATCH[path][0])
        output = read_until(process.stdout, "An error happened during the rebuild")
        assert "An error happened" in output
        assert_refused(project, output, [path])
        served = [file for file in (project / "temporary").rglob("*.html")]
        assert served and not any(CANARY.encode() in file.read_bytes() for file in served)
        write(project, path, GOOD)
        assert "Traceback" not in read_until(process.stdout, "Reloading browsers")
        status, page = fetch(port, "school/macro.html")
        assert status == 200 and "试验方案" in page and CANARY not in page


def test_zensical_serve_ends_at_a_file_added_later(project):
    """That engine ends at any error; it ends with the finding and without a traceback."""
    path, port = "docs/school/macro.md", free_port()
    with serving("zensical", project, port) as process:
        assert "issues found" in read_until(process.stdout, "issues found")
        write(project, path, BATCH[path][0])
        output = process.stdout.read()
        assert process.wait() == 1
    assert_refused(project, output, [path])


# --- what must pass -------------------------------------------------------------------------------------

ALLOWED = """\
## {{ 职代会 }}和{{ 公开 }} {: theme=democracy }

1. {{ 年度 }}年、{{ 年度 - 1 }}年、{{ 年度 + 1 }}年，依据{{ 法规("工会法") }}，{{ 提法("指导思想") }}，**{{ 职工 }}**，【会员人数】。
2. {{ 节日("教师节") }}是{{ 节日("教师节", 届次=True) }}，在{{ 节日("教师节", 只要月份=True) }}。

## 表格 {: theme=women id=women-table }

| {{ 单位 }} | 乙 |
| --- | --- |
| {{ 单位 }} | 丁 |

{{ 共用("finance/trial") }}

## 月度安排

{{ 月度安排() }}

{{ 落款() }}

!!! note "填写说明"

    - 说明一。
"""
UNIT = "<script>x</script>**粗**|`\"'[a](b)\n{{ 7*7 }}{: y=x }&lt;"
SHOWN_UNIT = " ".join(UNIT.split())


@pytest.mark.parametrize("engine", ENGINES)
def test_every_allowed_form_renders_and_values_are_plain_text(project, engine):
    """Each allowed form comes out, with Windows line ends, too; a unit's name full of mark-up comes out as written."""
    write(project, "docs/school/trial.md",
          GOOD.replace("sources: []", "schedule:\n  9月: [{do: 庆祝教师节, theme: women, observance: 教师节}]") + "\n" + ALLOWED)
    write(project, "data/sections/finance/trial.md", f"{SHARED_HEAD}## 经费预算 {{: theme=finance }}\n\n{{{{ 单位 }}}}的预算。\n")
    text = (project / "docs/school/trial.md").read_bytes()
    (project / "docs/school/windows.md").write_bytes(text.replace(b"\n", b"\r\n"))
    result = run(engine, "build", cwd=project, UNIT=UNIT, YEAR="2027")
    assert result.returncode == 0, result.stdout + result.stderr
    page = BeautifulSoup((project / "site/school/trial.html").read_text("utf-8"), "lxml").select_one("article")
    units = [span.get_text() for span in page.select('[data-fill="unit"]')]
    assert units == [SHOWN_UNIT] * 5
    text = page.get_text()
    for part in ("2027年、", "2026年、", "2028年", "《工会法》", "9月10日是第43个教师节，在9月", "教代会和校务公开", "【会员人数】", "庆祝教师节", "说明一"):
        assert part in text, part
    assert page.select_one("strong").get_text() == "教职工"
    assert [section.get("id") for section in page.select("section.plan-section")][:3] == ["democracy", "women-table", "finance"]
    assert len(page.select_one("section#women-table").select("td")) == 2
    assert not page.select("script, [onclick], [y], a[href=b]")
    windows = BeautifulSoup((project / "site/school/windows.html").read_text("utf-8"), "lxml").select_one("article")
    for facts in (*page.select(".plan-facts"), *windows.select(".plan-facts")):
        facts.decompose()  # they name the other one as related
    assert str(windows).replace("windows", "trial") == str(page)


# --- define_env and the page hook, without an engine ------------------------------------------------------

def environment(project: Path, path: str, meta: dict, markdown: str) -> SimpleNamespace:
    """What mkdocs-macros hands to on_pre_page_macros."""
    page = SimpleNamespace(file=SimpleNamespace(src_uri=path), meta=meta)
    return SimpleNamespace(project_dir=str(project), page=page, markdown=markdown, macros={"法规": "《{}》".format},
                           variables={"page": copy(page), "单位": "某校", "年度": 2027})


def test_page_hook_compares_body_and_keys(project):
    """The very text and keys that passed are accepted, any other are refused."""
    write(project, "docs/school/trial.md", GOOD)
    template, findings = fence.check_file(project, "docs/school/trial.md", reader.load_data(project))
    meta, body = dict.fromkeys(template.meta.model_fields_set), template.body.lstrip("\n")
    assert findings == []
    env = environment(project, "school/trial.md", meta, body)
    macros.on_pre_page_macros(env)
    assert "# 某校2027年试验方案" in env.markdown and "依据《工会法》制定" in env.markdown
    assert env.variables["page"].meta["render_macros"] is False and env.page.meta == meta
    for other_meta, other_body in ((meta, body + " "), ({**meta, "template": "x"}, body), ({}, body)):
        with pytest.raises(macros.Refused, match="生成网站时读到的内容与检查时不同"):
            macros.on_pre_page_macros(environment(project, "school/trial.md", other_meta, other_body))


def test_refusal_is_shown_by_every_command():
    """As SystemExit it shows no traceback, as Exception it does not end the preview."""
    assert issubclass(macros.Refused, SystemExit) and issubclass(macros.Refused, Exception)
    assert macros.Refused("文字").code == "文字"


def test_the_vocabulary_is_what_the_fence_allows():
    """No macro is offered that the fence refuses, and none allowed that is not offered."""
    offered: dict[str, object] = {}
    env = SimpleNamespace(project_dir=str(ROOT), conf={"extra": {}}, variables=offered,
                          macro=lambda function, name: offered.update({name: function}))
    macros.define_env(env)
    words = set(reader.load_data(ROOT).words_by_name)
    assert set(offered) == {*fence.VALUES, *words, *fence.TEMPLATE_MACROS, *fence.PAGE_MACROS}
