"""Who may import whom. The rules are read from the syntax tree, so that no line of the code has to run."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from conftest import ROOT, run

FOLDER = ROOT / "macros"
ENGINES = {"mkdocs", "mkdocs_macros", "zensical", "material"}


def module_name(file: Path) -> str:
    """`macros.checks.runner`; a package goes by its own name."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_name(file): ast.parse(file.read_text("utf-8")) for file in sorted(FOLDER.rglob("*.py"))}
PACKAGES = {module_name(file) for file in FOLDER.rglob("__init__.py")}


def imports(name: str, tree: ast.Module) -> set[str]:
    """Full names of all that a module imports, wherever in it; ours as macros.x."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = name.split(".")
            up = up[: len(up) - node.level + (name in PACKAGES)] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            found |= {full if (full := f"{base}.{alias.name}") in TREES else base for alias in node.names}
    return found


IMPORTS = {name: imports(name, tree) for name, tree in TREES.items()}
OURS = {name: {found for found in names if found in TREES} for name, names in IMPORTS.items()}


def outside(name: str) -> set[str]:
    """Top-level packages of others, the standard library left out."""
    return {found.split(".")[0] for found in IMPORTS[name] if found not in TREES} - set(sys.stdlib_module_names)


def test_the_modules_that_the_rules_name_exist():
    """A rule about a module that is gone would hold by itself."""
    named = {"model", "yaml_source", "reader", "fence", "similarity", "drafts", "messages", "numbering", "observance_dates",
             "vocabulary", "listings", "plan_sections", "publish", "cli", "checks", "checks.runner", "checks.registry"}
    assert {f"macros.{name}" for name in named} <= set(TREES)


def test_the_reading_of_imports_is_right():
    """Relative imports of modules and packages are told with their full names."""
    tree = ast.parse("from . import reader\nfrom .model import Rule\nfrom ..fence import x\nimport a.b\ndef f():\n    import c\n")
    assert imports("macros.checks.runner", tree) == {"macros.checks", "macros.checks.model", "macros.fence", "a.b", "c"}
    package = ast.parse("from .runner import x\nfrom .. import reader")
    assert imports("macros.checks", package) == {"macros.checks.runner", "macros.reader"}
    assert imports("macros", ast.parse("from . import reader")) == {"macros.reader"}


def test_the_model_imports_nothing_of_ours():
    """Everything else rests on the models, and they on nothing but pydantic."""
    assert OURS["macros.model"] == set() and outside("macros.model") == {"pydantic"}


def test_yaml_source_imports_only_the_model():
    """Reading YAML knows findings and nothing else."""
    assert OURS["macros.yaml_source"] == {"macros.model"} and outside("macros.yaml_source") == {"yaml"}


@pytest.mark.parametrize("name", sorted(TREES))
def test_no_module_imports_an_engine(name):
    """The same code serves every engine; only hooks.py belongs to MkDocs."""
    assert not outside(name) & ENGINES


def test_nothing_of_an_engine_is_loaded_along():
    """Not even by way of another package: a fresh interpreter that loads all of ours has no engine in it."""
    code = f"import sys, {', '.join(TREES)}; print(sorted(set(sys.modules) & {ENGINES!r}))"
    result = run("timeit", "-n1", "-r1", "-s", "pass", code, cwd=ROOT)
    assert result.returncode == 0 and result.stdout.startswith("[]"), result.stdout + result.stderr


def reachable(name: str) -> set[str]:
    """All of our modules that a module loads, directly or not."""
    seen, queue = set(), [name]
    while queue:
        new = OURS[queue.pop()] - seen
        seen |= new
        queue += new
    return seen


@pytest.mark.parametrize("name", ["macros", "macros.plan_sections"])
def test_rendering_does_not_know_the_checks(name):
    """What an engine loads to render a page, directly or not, holds none of the checks."""
    assert not {found for found in reachable(name) if found.startswith("macros.checks")}


@pytest.mark.parametrize("name", sorted(name for name in TREES if name != "macros.cli"))
def test_nothing_imports_the_command_line(name):
    """It is the outermost layer."""
    assert "macros.cli" not in OURS[name]


@pytest.mark.parametrize("name, only", [
    ("macros.numbering", set()), ("macros.messages", {"macros.model"}), ("macros.observance_dates", {"macros.model"}),
    ("macros.similarity", set()), ("macros.drafts", {"macros.model", "macros.reader"}),
    ("macros.reader", {"macros.model", "macros.yaml_source", "macros.validation"}),
])
def test_small_modules_stay_small(name, only):
    """What these may know of ours."""
    assert OURS[name] <= only


def test_no_module_imports_itself_by_a_detour():
    """The imports of ours form no cycle; a package's own modules count for the package."""
    assert {name for name in TREES if name in reachable(name)} == set()


def test_only_the_command_line_prints():
    """Everything else returns what it has to say."""
    printing = {
        name for name, tree in TREES.items() for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing == {"macros.cli"}


def test_the_hook_is_thin():
    """At most 15 lines of code: it calls what the command line calls too."""
    lines = (ROOT / "hooks.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip() and not line.lstrip().startswith("#")]) <= 15


@pytest.mark.parametrize("name", sorted(TREES))
def test_no_import_is_unused(name):
    """What is imported is used, or stands there to be found (marked with a noqa comment or listed in __all__)."""
    tree = TREES[name]
    file = ROOT / (name.replace(".", "/") + ("/__init__.py" if name in PACKAGES else ".py"))
    lines = file.read_text("utf-8").splitlines()
    bound = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))
        if getattr(node, "module", "") != "__future__"
        if not any("noqa: F401" in line for line in lines[node.lineno - 1 : node.end_lineno])
        for alias in node.names
    }
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "__all__" in names:
        names |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert bound <= names
