"""What the tests share: the project folder, a copy of it to break, and the built site."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import ensure_browser  # noqa: E402 - after the path is set
from tools.project_copy import copy_project, keep_templates  # noqa: E402


BUILD_TIMEOUT = 600  # seconds


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment of a build that nothing of the caller's reaches."""
    kept = {k: v for k, v in os.environ.items() if k not in ("UNIT", "YEAR", "EDIT_URI", "SITE_URL", "PYTHONPATH")}
    return {**kept, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1", **extra}


def run(*command: str, cwd: Path, timeout: int = BUILD_TIMEOUT, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module of this environment, e.g. run("mkdocs", "build", cwd=project)."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=clean_environment(**extra), capture_output=True, text=True,
        encoding="utf-8", timeout=timeout, stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may change."""
    return copy_project(tmp_path / "project")


@pytest.fixture
def small_project(project: Path) -> Path:
    """A copy that builds quickly: few templates."""
    return keep_templates(project, ["school/key-points", "hospital/annual-summary"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once with MkDocs from the repository as it is, by one test process for all. No test may change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    target, log = shared / "built-site", shared / "built-site.log"
    try:
        target.mkdir()
    except FileExistsError:
        waited_until = time.monotonic() + BUILD_TIMEOUT
        while not log.exists() and time.monotonic() < waited_until:
            time.sleep(0.2)
    else:
        result = run("mkdocs", "build", "--site-dir", str(target), cwd=ROOT, YEAR="2027", timeout=BUILD_TIMEOUT)
        written = log.with_suffix(".part")
        written.write_text("" if result.returncode == 0 else result.stdout + result.stderr, encoding="utf-8")
        written.rename(log)
    assert log.read_text(encoding="utf-8") == ""
    return target


@pytest.fixture(scope="session")
def served(site: Path):
    """The site over http: its address."""
    handler = functools.partial(_Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The tests' output is for the tests."""


@pytest.fixture(scope="session")
def browser():
    """A real Chromium: the installed one, or Playwright's own."""
    with sync_playwright() as playwright:
        started = ensure_browser.launched(playwright)
        yield started
        started.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A page is opened over http and from the folder, or as @pytest.mark.opened says: of the test, else of its module."""
    if "address" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("opened")
        metafunc.parametrize("address", marker.args if marker else ("http", "file"), indirect=True)


@pytest.fixture
def address(request: pytest.FixtureRequest, site: Path, served: str) -> str:
    """Where the site is opened."""
    return served if request.param == "http" else site.as_uri()


class Watched:
    """A page together with everything that must not happen on it."""

    def __init__(self, page, address: str):
        self.page, self.address = page, address
        self.faults: list[str] = []
        page.on("console", lambda m: self.faults.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failure)

    def _on_request(self, request) -> None:
        own = request.url.startswith((self.address, "data:", "blob:", "about:"))
        if not own:
            self.faults.append(f"request to another place: {request.url}")

    def _on_failure(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # given up because the page was left
            self.faults.append(f"failed: {request.url} {request.failure}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}", wait_until="load")


@pytest.fixture
def watched(browser, address: str):
    """A fresh page; the test fails when anything is logged as an error or asked of another host."""
    context = browser.new_context(locale="zh-CN")
    page = Watched(context.new_page(), address)
    yield page
    context.close()
    assert page.faults == []
