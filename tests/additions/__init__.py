"""Packages as other people would write them, installed by tests into a folder of their own."""

import os
import shutil
from pathlib import Path

HERE = Path(__file__).parent


def install(site: Path, name: str, entry_points: dict[str, dict[str, str]]) -> None:
    """Install the module *name* of this folder, with its entry points by group, as an installer would."""
    site.mkdir(exist_ok=True)
    shutil.copy(HERE / f"{name}.py", site)
    record = site / f"{name}-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = []
    for group, entries in entry_points.items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in entries.items())]
    (record / "entry_points.txt").write_text("\n".join(lines) + "\n")


def install_fortunes(site: Path) -> None:
    """Install a package that is in order: an encoder and a reader."""
    groups = {
        "explorer.encoders": {"letters": "fortunes:LETTERS"},
        "explorer.readers": {"fortunes": "fortunes:Fortunes"},
    }
    install(site, "fortunes", groups)


def install_broken(site: Path) -> None:
    """Install a package in which nothing is in order."""
    encoders = {
        "missing": "no_such_module:ENCODER",
        "nameless": "broken:NO_SUCH_NAME",
        "shapeless": "broken:SHAPELESS",
        "twice": "broken:TWICE",
        "faulty": "broken:FAULTY",
        "raising": "broken:Raising",
        "unlisted": "broken:Unlisted",
        "quitting": "broken_exit:ENCODER",
    }
    readers = {"taken": "broken:TAKEN", "picture": "broken:PICTURE", "failing": "broken:FAILING"}
    install(
        site,
        "broken",
        {"explorer.encoders": encoders, "explorer.readers": readers, "explorer.stores": {"odd": "broken:ODD"}},
    )
    (site / "broken_exit.py").write_text("raise SystemExit('this package ends the program')\n")


def environment(site: Path) -> dict[str, str]:
    """Return the environment of a process that has the packages of a folder."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }
