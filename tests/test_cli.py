"""The command `plans`: exit codes, messages in Chinese, and never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT, run

from macros import cli, reader

ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}|usage|error:|Errno|options")
GOOD = "docs/school/good.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project: the data, one draft of a template, one sound page."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name, key in (("sources.yml", "sources"), ("exemptions.yml", "exemptions")):
        (tmp_path / "data" / name).write_text(f"{key}: []\n", "utf-8")
    (tmp_path / "docs/school").mkdir(parents=True)
    (tmp_path / "docs/school/index.md").write_text("---\ntitle: 学校\n---\n# 学校\n", "utf-8")
    return tmp_path


@pytest.fixture
def plans(root, capsys):
    """Run the command in the project; gives exit code, standard output and standard error."""
    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(arguments, root)
        except SystemExit as end:
            code = end.code
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        assert not ENGLISH.search(captured.out + captured.err), captured
        return code, captured.out, captured.err

    return call


def break_template(root: Path, name: str = GOOD) -> None:
    (root / name).write_text("没有文件头\n", "utf-8")


# --- check ------------------------------------------------------------------------------------------------


def test_a_sound_project_passes(plans):
    """Nothing to report: exit code 0 and a closing line."""
    assert plans("check") == (0, "检查完毕：0 处错误，0 处提示。\n", "")


def test_errors_give_code_1_and_their_place(plans, root):
    """Each finding is one line with rule, file, line and column."""
    break_template(root)
    code, out, err = plans("check")
    assert (code, err) == (1, "")
    assert out.startswith(f"错误 F4 {GOOD}:1:1 ") and out.endswith("检查完毕：1 处错误，0 处提示。\n")


@pytest.mark.parametrize("given, shown", [
    ((GOOD,), 1), (("docs/school",), 1), (("docs/school/",), 1), (("docs",), 1), ((".",), 1), (("./docs/../docs/school",), 1),
    (("docs/school/index.md",), 0), (("data",), 0), (("data", "docs/school"), 1), (("data", "."), 1),
])
def test_only_what_was_asked_for_is_shown(plans, root, given, shown):
    """Files and folders limit the findings; the project itself means all."""
    break_template(root)
    code, out, _ = plans("check", *given)
    assert (code, f"{shown} 处错误" in out) == (shown, True)


def test_paths_may_be_given_from_the_current_folder(plans, root, monkeypatch):
    """In a sector's folder its files go by their names; absolute paths work too."""
    break_template(root)
    monkeypatch.chdir(root / "docs/school")
    assert plans("check", "good.md")[0] == 1 and plans("check", "index.md")[0] == 0
    assert plans("check", str(root / GOOD))[0] == 1


def test_a_project_reached_through_a_link(plans, root, tmp_path_factory, capsys):
    """A linked folder is the same project."""
    break_template(root)
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(root)
    assert cli.main(["check", GOOD], link) == cli.main(["check", str(link / GOOD)], link) == 1


@pytest.mark.parametrize("given, said", [
    ("docs/school/none.md", "没有这个文件或文件夹：docs/school/none.md"), ("没有", "没有这个文件或文件夹：没有"),
    ("/", "/ 不在项目文件夹里"), ("..", ".. 不在项目文件夹里"),
])
def test_paths_that_cannot_be_checked(plans, given, said):
    """An unknown path or one outside the project is wrong use."""
    code, out, err = plans("check", given)
    assert (code, out) == (2, "") and said in err


def test_no_data_folder(plans, root):
    """Without data every missing file is named."""
    shutil.rmtree(root / "data")
    code, out, _ = plans("check")
    assert code == 1 and out.count("没有这个文件") >= 12


@pytest.mark.parametrize("name", ["themes.yml", "gazetteer.yml"])
def test_broken_data(plans, root, name):
    """Broken YAML is a finding with file and line, not a traceback."""
    (root / "data" / name).write_text("a:\n  - {b: 'c\n", "utf-8")
    code, out, _ = plans("check")
    assert code == 1 and re.search(rf"错误 Y1 data/{name}:\d:\d+ ", out)


def test_broken_data_are_never_hidden_by_the_choice_of_files(plans, root):
    """Asked for one file only, the command still does not call a project fine that it could not check."""
    (root / "data/themes.yml").unlink()
    code, out, _ = plans("check", "docs/school")
    assert code == 1 and "data/themes.yml" in out


def test_unreadable_file(plans, root, monkeypatch):
    """A file that the system does not let us read is a finding of its own."""
    break_template(root)
    real = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "good.md":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, out, _ = plans("check")
    assert code == 1 and f"{GOOD}:1:1 文件不能读取（没有读写权限）" in out


def test_github_format(plans, root, monkeypatch):
    """For a pull request each finding is a workflow command, and the summary lists all."""
    break_template(root)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
    (root / "summary.md").write_text("以前的内容\n", "utf-8")
    code, out, _ = plans("check", "--format", "github")
    first, last = out.splitlines()
    assert code == 1 and first.startswith(f"::error file={GOOD},line=1,col=1,title=错误 F4::") and "1 处错误" in last
    summary = (root / "summary.md").read_text("utf-8")
    assert summary.startswith("以前的内容\n| 规则 |") and f"{GOOD}:1" in summary


def test_github_format_without_a_summary(plans, monkeypatch):
    """Outside of a workflow there is no summary to write."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert plans("check", "--format", "github")[0] == 0


def test_a_summary_that_cannot_be_written(plans, root, monkeypatch):
    """The system's refusal is told in Chinese with the file's name."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "data"))
    code, _, err = plans("check", "--format=github")
    assert code == 2 and err == f"错误：{root / 'data'} 不能读写（是一个文件夹）\n"


# --- new and publish ------------------------------------------------------------------------------------------


def test_new_writes_a_template_and_says_what_next(plans, root):
    """The path is told; the file is there; a second time it is refused."""
    arguments = ("new", "--sector", "school", "--kind", "special-plan", "--name", "women-plan")
    code, out, err = plans(*arguments)
    assert (code, err) == (0, "") and out.startswith("已生成 docs/school/women-plan.md\n") and "make check" in out
    assert (root / "docs/school/women-plan.md").is_file()
    code, out, err = plans(*arguments)
    assert (code, out) == (2, "") and "已经存在" in err


@pytest.mark.parametrize("change, said", [
    ({"--sector": "shop"}, "没有行业“shop”"), ({"--kind": ""}, "没有文种“”"), ({"--name": "女工"}, "文件名“女工”不合要求"),
])
def test_new_with_wrong_values(plans, change, said):
    """Wrong values are wrong use and name what is allowed."""
    values = {"--sector": "school", "--kind": "annual-plan", "--name": "x", **change}
    code, out, err = plans("new", *(word for pair in values.items() for word in pair))
    assert (code, out) == (2, "") and said in err


def test_new_with_faulty_data(plans, root):
    """Faulty data are told with their place."""
    (root / "data/kinds.yml").write_text("kinds: [\n", "utf-8")
    code, out, err = plans("new", "--sector", "school", "--kind", "annual-plan", "--name", "x")
    assert (code, out) == (1, "") and err.startswith("错误 Y1 data/kinds.yml:")


def test_new_where_nothing_can_be_written(plans, root):
    """A folder that cannot be made is told in Chinese."""
    (root / "docs/hospital").write_text("这是一个文件", "utf-8")
    code, _, err = plans("new", "--sector", "hospital", "--kind", "annual-plan", "--name", "x")
    assert code == 2 and "docs/hospital" in err


def test_publish_without_a_site(plans):
    """The folder of the site must exist."""
    code, _, err = plans("publish", "--site", "nowhere")
    assert code == 2 and err == "错误：没有网站文件夹 nowhere，先运行 make build\n"


# --- arguments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments, said", [
    ((), "缺少 命令"), (("chekc",), "命令 写成了 'chekc'"), (("check", "--formt", "x"), "不认识 --formt"),
    (("check", "--format", "json"), "--format 写成了 'json'"), (("check", "--format"), "--format 后面没有写内容"),
    (("new",), "缺少 --sector, --kind, --name"), (("new", "--sector", "school", "--kind", "x"), "缺少 --name"),
    (("publish", "--site"), "--site 后面没有写内容"),
])
def test_wrong_arguments(plans, arguments, said):
    """Wrong use gives code 2, what is wrong and how the command is written."""
    code, out, err = plans(*arguments)
    assert (code, out) == (2, "") and err.startswith(f"错误：{said}") and "用法：plans" in err


@pytest.mark.parametrize("command", [(), ("check",), ("new",), ("publish",)])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_in_chinese(plans, command, option):
    """Help speaks Chinese throughout."""
    code, out, err = plans(*command, option)
    assert (code, err) == (0, "") and out.startswith("用法：plans") and "显示说明" in out


def test_the_module_runs_on_the_project_it_stands_in():
    """`python -m macros.cli` is the same command, with its exit code."""
    result = run("macros.cli", "check", "docs/school/none.md", cwd=ROOT)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", "错误：没有这个文件或文件夹：docs/school/none.md\n")


def test_the_installed_command_is_the_same():
    """pyproject names the entry point that is tested here."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts == {"plans": "macros.cli:main"}


@pytest.mark.parametrize("code, words", [(2, "没有这个文件"), (13, "没有读写权限"), (21, "是一个文件夹"), (28, "磁盘已满"), (9999, "系统错误 9999")])
def test_problems_of_the_system_in_chinese(code, words):
    """Known problems have their own words, others their number."""
    assert reader.os_problem(OSError(code, os.strerror(code))) == words


def test_output_does_not_depend_on_the_locale():
    """In the plainest locale the messages are still printed."""
    result = run("macros.cli", "--help", cwd=ROOT, LC_ALL="C", LANG="C")
    assert result.returncode == 0 and "用法：" in result.stdout
