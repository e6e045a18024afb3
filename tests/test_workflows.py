"""What the forge runs and shows: workflows, Dependabot, issue forms.

A rule is a function from a `.github` folder to the list of what is wrong there, so that it can be asked
about the real folder and about a copy with one fault in it. Everything works offline.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
GITHUB = ROOT / ".github"
TOOLS = Path(sys.executable).parent

TRIGGERS = {"pull_request", "push", "workflow_dispatch"}
READ_ONLY = {"contents": "read"}
PERMISSIONS = {
    "check.yml": {"test": READ_ONLY, "check": READ_ONLY, "all-green": {}},
    "publish.yml": {"build": READ_ONLY, "deploy": {"pages": "write", "id-token": "write"}},
}

Rule = Callable[[Path], list[str]]


def run(tool: str, *arguments: str | Path) -> list[str]:
    """The output of a tool installed beside this Python, or nothing if it is content."""
    done = subprocess.run([TOOLS / tool, *arguments], check=False, capture_output=True, text=True, encoding="utf-8")
    return [f"{tool} ({done.returncode}): {done.stdout}{done.stderr}"] if done.returncode else []


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def workflow_files(github: Path) -> list[Path]:
    return sorted((github / "workflows").iterdir())


def jobs(github: Path) -> Iterator[tuple[str, str, dict]]:
    """Each job as (file name, job id, job)."""
    for path in workflow_files(github):
        for name, job in load(path)["jobs"].items():
            yield path.name, name, job


def actionlint(github: Path) -> list[str]:
    # shellcheck and pyflakes are on some machines only; no script here is long enough to need them.
    return run("actionlint", "-no-color", "-shellcheck=", "-pyflakes=", *workflow_files(github))


def zizmor(github: Path) -> list[str]:
    return run(
        "zizmor", "--offline", "--no-config", "--no-ignores", "--no-progress", "--color=never",
        "--strict-collection", "--collect=all", "--persona=pedantic",
        *workflow_files(github), github / "dependabot.yml",
    )  # fmt: skip


def schema(name: str, files: Callable[[Path], list[Path]]) -> Rule:
    """The rule that these files fit a schema that comes with check-jsonschema."""

    def rule(github: Path) -> list[str]:
        return run("check-jsonschema", "--builtin-schema", name, *files(github))

    rule.__name__ = name
    return rule


def form_files(github: Path) -> list[Path]:
    return [path for path in sorted((github / "ISSUE_TEMPLATE").iterdir()) if path.name != "config.yml"]


workflow_schema = schema("vendor.github-workflows", workflow_files)
timeout_schema = schema("custom.github-workflows-require-timeout", workflow_files)
dependabot_schema = schema("vendor.dependabot", lambda github: [github / "dependabot.yml"])
form_schema = schema("vendor.github-issue-forms", form_files)
form_list_schema = schema("vendor.github-issue-config", lambda github: [github / "ISSUE_TEMPLATE" / "config.yml"])


def permissions(github: Path) -> list[str]:
    """Nothing is granted to a workflow; each job has exactly what PERMISSIONS says."""
    problems = [
        f"{path.name}: top-level permissions are not {{}}"
        for path in workflow_files(github)
        if load(path).get("permissions") != {}
    ]
    granted: dict[str, dict] = {}
    for file, name, job in jobs(github):
        granted.setdefault(file, {})[name] = job.get("permissions")
    return problems + ([] if granted == PERMISSIONS else [f"jobs may {granted}, expected {PERMISSIONS}"])


def triggers(github: Path) -> list[str]:
    """No trigger that hands a token or secrets to a stranger's code, such as pull_request_target."""
    problems = []
    for path in workflow_files(github):
        workflow = load(path)
        events = workflow.get("on", workflow.get(True))  # YAML 1.1 reads the key `on` as true
        events = {events} if isinstance(events, str) else set(events)
        problems += [f"{path.name}: on {event}" for event in sorted(events - TRIGGERS)]
    return problems


def secrets(github: Path) -> list[str]:
    return [
        f"{path.name}: {word}"
        for path in workflow_files(github)
        for word in re.findall(r"\bsecrets\b|github\.token|GITHUB_TOKEN", path.read_text(encoding="utf-8"))
    ]


def pins(github: Path) -> list[str]:
    """Every action is `owner/name@<full SHA> # vX.Y.Z`, and one action has one pin everywhere."""
    problems, pin_of = [], {}
    for path in workflow_files(github):
        text = path.read_text(encoding="utf-8")
        steps = [step for job in load(path)["jobs"].values() for step in [job, *job.get("steps", [])]]
        used = [step["uses"] for step in steps if "uses" in step]
        pinned = re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", text, re.MULTILINE)
        if sorted(used) != sorted(f"{action}@{sha}" for action, sha, _ in pinned):
            problems.append(f"{path.name}: uses {used}, of which pinned with a version: {pinned}")
        for action, *pin in pinned:
            if pin_of.setdefault(action, pin) != pin:
                problems.append(f"{path.name}: {action} is {pin} here and {pin_of[action]} elsewhere")
    return problems


def checkouts(github: Path) -> list[str]:
    """The token that fetched the files is not left behind for the code that then runs."""
    return [
        f"{file}: {name}: {step}"
        for file, name, job in jobs(github)
        for step in job.get("steps", [])
        if step.get("uses", "").startswith("actions/checkout@")
        and (step.get("with") or {}).get("persist-credentials") is not False
    ]


def commands(github: Path) -> list[str]:
    """The forge runs what anybody can run at home: `make <target>`. The gate's `exit 1` is the one exception."""
    return [
        f"{file}: {name}: {step['run']}"
        for file, name, job in jobs(github)
        for step in job.get("steps", [])
        if "run" in step
        and not re.fullmatch(r"make [a-z-]+( [A-Z]+=[a-z]+)*", step["run"])
        and (name, step["run"]) != ("all-green", "exit 1")
    ]


def gate(github: Path) -> list[str]:
    """all-green waits for every other job, runs even when one failed, and fails unless each succeeded."""
    checks = load(github / "workflows" / "check.yml")["jobs"]
    job = checks.pop("all-green")
    condition = " || ".join(f"needs.{name}.result != 'success'" for name in checks)
    [step] = job["steps"]
    found = (job["needs"], job["if"], step["if"], step["run"])
    expected = (list(checks), "always()", condition, "exit 1")
    return [] if found == expected else [f"all-green is {found}, expected {expected}"]


def form_choices(github: Path) -> list[str]:
    """The form offers the names in data/, in the same order, so the two cannot drift apart."""
    form = {item.get("id"): item for item in load(github / "ISSUE_TEMPLATE" / "new-template.yml")["body"]}
    problems = []
    for field, file in {"sector": "sectors", "kind": "kinds"}.items():
        offered = form[field]["attributes"]["options"]
        names = [entry["name"] for entry in load(ROOT / "data" / f"{file}.yml")[file]]
        if offered != names:
            problems.append(f"{field}: the form offers {offered}, data/{file}.yml says {names}")
    return problems


def form_confirmations(github: Path) -> list[str]:
    """A text that comes by form is confirmed to be one's own, free of real data, and under our licence."""
    form = {item.get("id"): item for item in load(github / "ISSUE_TEMPLATE" / "new-template.yml")["body"]}
    options = form["confirmations"]["attributes"]["options"]
    required = "".join(option["label"] for option in options if option.get("required") is True)
    words = ["本人撰写", "真实的人名", "LICENSE-texts"]
    return [f"no required confirmation of {word}" for word in words if word not in required]


def blank_issues(github: Path) -> list[str]:
    return [] if load(github / "ISSUE_TEMPLATE" / "config.yml")["blank_issues_enabled"] is False else ["blank issues"]


RULES: list[Rule] = [
    actionlint, zizmor, workflow_schema, timeout_schema, dependabot_schema, form_schema, form_list_schema,
    permissions, triggers, secrets, pins, checkouts, commands, gate, form_choices, form_confirmations, blank_issues,
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_forge_folder_keeps_the_rule(rule: Rule) -> None:
    assert rule(GITHUB) == []


CHECK = "workflows/check.yml"
PUBLISH = "workflows/publish.yml"
FORM = "ISSUE_TEMPLATE/new-template.yml"
# Rule, file, the text that is there (its first place is taken), the fault put in its place.
FAULTS: list[tuple[Rule, str, str, str]] = [
    (actionlint, CHECK, "needs: [test, check]", "needs: [test, chekc]"),
    (actionlint, CHECK, "matrix.python }}", "matrix.pyhton }}"),
    (actionlint, PUBLISH, "ubuntu-24.04", "ubuntu-42.04"),
    (zizmor, CHECK, "        with:\n          persist-credentials: false\n", ""),
    (zizmor, CHECK, "permissions: {}", "permissions: write-all"),
    (zizmor, CHECK, "run: make test", "run: make ${{ github.head_ref }}"),
    (zizmor, "dependabot.yml", "default-days: 7", "default-days: 1"),
    (timeout_schema, CHECK, "    timeout-minutes: 30\n", ""),
    (workflow_schema, PUBLISH, "permissions: {}", "permissions: {contents: reed}"),
    (dependabot_schema, "dependabot.yml", "interval: weekly", "interval: sometimes"),
    (form_schema, FORM, "type: dropdown", "type: pulldown"),
    (form_schema, "ISSUE_TEMPLATE/fault.yml", "description:", "summary:"),
    (form_list_schema, "ISSUE_TEMPLATE/config.yml", "blank_issues_enabled", "blank_issue_enabled"),
    (permissions, CHECK, "permissions: {}\n", ""),
    (permissions, CHECK, "contents: read", "contents: write"),
    (permissions, PUBLISH, "contents: read", "id-token: write"),
    (triggers, CHECK, "  pull_request:", "  pull_request_target:"),
    (triggers, CHECK, "  pull_request:", "  workflow_run:"),
    (secrets, PUBLISH, "EDIT_URI: ${{ github.server_url }}", "EDIT_URI: ${{ secrets.SERVER }}"),
    (pins, CHECK, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7.0.1"),
    (pins, CHECK, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@3d3c42e # v7.0.1"),
    (pins, CHECK, " # v7.0.1", ""),
    (pins, CHECK, " # v7.0.1", " # v7"),
    (pins, PUBLISH, "@3d3c42e5aac5ba805825da76410c181273ba90b1", "@" + 40 * "0"),
    (pins, PUBLISH, "      - id: deployment", '      - "uses": actions/cache@v5\n      - id: deployment'),
    (checkouts, CHECK, "persist-credentials: false", "persist-credentials: true"),
    (checkouts, PUBLISH, "        with:\n          persist-credentials: false\n", ""),
    (commands, CHECK, "run: make test", "run: pip install mkdocs && make test"),
    (commands, CHECK, "run: make test", "run: |\n          make test\n          echo done"),
    (commands, CHECK, "run: make test", "run: exit 1"),
    (gate, CHECK, "needs: [test, check]", "needs: [test]"),
    (gate, CHECK, "    if: always()\n", "    if: success()\n"),
    (gate, CHECK, " || needs.check.result != 'success'", ""),
    (gate, CHECK, "\n  check:\n", "\n  extra: {}\n  check:\n"),
    (form_choices, FORM, "        - 机关\n", ""),
    (form_choices, FORM, "- 工作要点", "- 要点"),
    (form_confirmations, FORM, "电话和金额。\n          required: true", "电话和金额。\n          required: false"),
    (blank_issues, "ISSUE_TEMPLATE/config.yml", "false", "true"),
]


@pytest.mark.parametrize(("rule", "file", "there", "fault"), FAULTS)
def test_the_rule_sees_the_fault(rule: Rule, file: str, there: str, fault: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(GITHUB, tmp_path / ".github"))
    text = (copy / file).read_text(encoding="utf-8")
    assert there in text
    (copy / file).write_text(text.replace(there, fault, 1), encoding="utf-8")
    assert rule(copy) != []


def test_every_rule_has_a_fault_it_sees() -> None:
    assert {rule for rule, *_ in FAULTS} == set(RULES)
