"""Finds a browser for the tests and measurements, or gets one: an installed one, the system's package, then Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

#: Without them each new window draws its address bar's suggestions in pages of its own, which take longer than the pages that are looked at.
_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
#: What Playwright switches off as well: of two such lists only the last one holds.
_AS_PLAYWRIGHT = ("AimEnabled", "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
                  "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def installed() -> str | None:
    """Path of an installed Chromium or Chrome; where PLANS_BROWSER names one, of that one only."""
    named = os.environ.get("PLANS_BROWSER")
    return next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)


def launched(playwright: Any) -> Any:
    """A running Chromium of a `sync_playwright()`: the installed one, or Playwright's own."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [f"--disable-features={','.join(_AS_PLAYWRIGHT + _ADDRESS_BAR)}", *(["--no-sandbox"] if as_root else [])]
    return playwright.chromium.launch(executable_path=installed(), args=arguments)


def _run(*command: str) -> bool:
    print("正在运行：" + " ".join(command), flush=True)
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, timeout=600).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _system_package() -> bool:
    """Install the system's package where there is apt-get and the right to use it."""
    if not shutil.which("apt-get"):
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    packages = ("chromium", "fonts-noto-cjk")
    install = [*as_root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return _run(*as_root, "apt-get", "update", "-qq") and _run(*install)


def playwright_browser() -> str | None:
    """Path of Playwright's own Chromium if it has been downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def main() -> int:
    """0 when a browser is there; else 1, with what to do."""
    named = os.environ.get("PLANS_BROWSER")
    if named and not installed():
        print(f"错误：PLANS_BROWSER 指明的“{named}”不能运行，请改正路径，或去掉这个设置。", file=sys.stderr)
        return 1
    if installed() or playwright_browser():
        return 0
    print("没有找到 Chromium 或 Chrome，正在安装……", flush=True)
    if _system_package() and installed():
        return 0
    if _run(sys.executable, "-m", "playwright", "install", "chromium") and playwright_browser():
        return 0
    print("错误：没有可用的浏览器。请安装 Chromium 或 Chrome，或用 PLANS_BROWSER=路径 指明已有的浏览器。", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
