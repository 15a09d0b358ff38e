"""Write the README's tables of formats, encoders and settings, and docs/formats.md: ``python -m tests.readme_tables``.

Each table stands between two comments, ``<!-- NAME: made by tests/readme_tables.py -->`` and ``<!-- /NAME -->``.
"""

import argparse
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

from explorer import encoders, ingest
from explorer.cli.main import _parser
from explorer.config import _RANGES, AUTO, RunConfig

README = Path(__file__).resolve().parents[1] / "README.md"
FORMATS = README.with_name("docs") / "formats.md"
ROWS = 10_000
WORDS = {"metric": "how the distance of two vectors is measured", "dims": "dimensions of the map"}
"""Of settings that explain themselves on the command line, or are none there."""
KINDS = {"text": "texts", "image": "pictures", "sound": "sounds"}


def with_tables(readme: str) -> str:
    """Return the README with every table as the registries have it now."""
    for name, made in (("formats", formats()), ("encoders", known_encoders()), ("settings", settings())):
        start, end = f"<!-- {name}: made by tests/readme_tables.py -->", f"<!-- /{name} -->"
        found = re.compile(f"{re.escape(start)}\n.*?{re.escape(end)}", re.DOTALL)
        assert len(found.findall(readme)) == 1, f"the README has no place for {name}"
        readme = found.sub(lambda _, made=made, start=start, end=end: f"{start}\n{made}\n{end}", readme)
    return readme


def formats() -> str:
    rows = ((one.name, " ".join(f"`{suffix}`" for suffix in one.suffixes), one.summary) for one in ingest.registry.OWN)
    return table(("files", "endings", "what is made of one"), rows)


def formats_page() -> str:
    """Return docs/formats.md: every format that comes with the package, as the registry tells it."""
    own = {format.name for format in ingest.registry.OWN}
    told = [
        f"## {one['name'][0].upper()}{one['name'][1:]}\n\n"
        f"{' '.join(f'`{suffix}`' for suffix in one['suffixes'])}\n\n{one['summary']}\n\n"
        f"- Choices: {', '.join(f'`{name}`' for name in one['choices']) or 'none'}\n"
        f"- Limits: {one['limits'] or 'those of all uploads'}\n"
        for one in ingest.list_formats()
        if one["name"] in own
    ]
    return "\n".join([_FORMATS_HEAD, *told])


_FORMATS_HEAD = """# Formats that are read

<!-- made by tests/readme_tables.py from the registry of readers: `python -m tests.readme_tables` -->

A folder, an archive, or several files given together are one data set. What a file is, its ending says. Tables and
texts may be packed: `.gz`, `.bz2`, `.xz`, `.zst`. What cannot be read is listed with its reason, and costs nothing
beside it. Where something could be read in another way, the preview shows it as a choice; on the command line it is
`--read NAME=VALUE`, in Python `load(…, choices={"NAME": "VALUE"})`.
"""


def known_encoders() -> str:
    with tempfile.TemporaryDirectory() as nothing, patch.dict(os.environ, HF_HUB_CACHE=nothing):
        specs = [spec for family in encoders.registry.OWN for spec in family.specs()]
    reads = (" and ".join(KINDS[kind] for kind in sorted(spec.modalities, reverse=True)) for spec in specs)
    rows = (
        (
            f"`{spec.name}`",
            kinds,
            spec.needs or "nothing, it is shipped",
            spec.summary,
            "; ".join(encoders.facts(spec.told())),
        )
        for spec, kinds in zip(specs, reads, strict=True)
    )
    return table(("name", "reads", "needs", "what it is", "more of it"), rows)


def settings() -> str:
    told = {action.dest: action.help for action in options()}
    closed = RunConfig().resolved(ROWS, encoder=AUTO).flat()
    rows = (
        (
            f"`{name}`",
            f"`{value}`",
            _RANGES[name].words if name in _RANGES else "the name of an encoder, or auto",
            told.get(name) or WORDS[name],
        )
        for name, value in closed.items()
    )
    return table(("setting", f"default, at {ROWS:,} rows", "what it may be", "what it is"), rows)


def options() -> list[argparse.Action]:
    commands = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))
    return list(commands.choices["run"]._actions)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
    FORMATS.write_text(formats_page(), encoding="utf-8")
