"""Finds a Chromium that runs here, or gets one: ``python -m tests.browser.chromium``.

Looked at in turn: EXPLORER_CHROMIUM, the system's Chromium or Chrome, Playwright's own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "There is no Chromium for the browser tests and none could be downloaded. Install Chromium or Chrome, "
    "or set EXPLORER_CHROMIUM to its path, and run make test again."
)


def find() -> str | None:
    """Return the path of a Chromium that starts, or None."""
    chosen = os.environ.get("EXPLORER_CHROMIUM")
    if chosen:
        return chosen if runs(chosen) else None
    known = (path for path in map(shutil.which, NAMES) if path)
    return next((path for paths in (known, own()) for path in paths if runs(path)), None)


def own() -> Iterator[str]:
    """Yield the path at which Playwright keeps its own Chromium, if it is there; its driver starts for that."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).is_file():
        yield path


def runs(path: str) -> bool:
    """Whether a browser starts at all; a distribution's placeholder, or one without its libraries, does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ways_to_get_one() -> list[list[list[str]]]:
    """Return the ways to install a browser here, best first; each is a list of commands."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    apt = shutil.which("apt-get") if root else None
    own = [sys.executable, "-m", "playwright", "install", "chromium"]
    ways = [[own]]
    if apt:
        quiet = [apt, "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
        ways.insert(0, [[*quiet, "update"], [*quiet, "install", "--no-install-recommends", "chromium"]])
        ways.append([[*own[:-1], "--with-deps", "chromium"]])
    return ways


def get() -> str | None:
    """Install a Chromium and return its path; None when every way failed."""
    silent = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for way in ways_to_get_one():
        done = all(subprocess.run(command, stdout=subprocess.DEVNULL, env=silent).returncode == 0 for command in way)
        found = find() if done else None
        if found:
            return found
    return None


def main() -> int:
    """See to it that there is a browser; say so in one line when there is none to be had."""
    if find():
        return 0
    if os.environ.get("EXPLORER_CHROMIUM"):
        print(f"EXPLORER_CHROMIUM is {os.environ['EXPLORER_CHROMIUM']!r}, which does not start.", file=sys.stderr)
        return 1
    print("Getting a Chromium for the browser tests.")
    if get():
        return 0
    print(ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
