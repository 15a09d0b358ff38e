"""Families that packages add: found, checked, kept apart when broken."""

from pathlib import Path
from typing import Any

import pytest

from explorer.types import Additions, Unfit, additions
from tests import additions as packages


class Toy:
    def __init__(self, name: str = "toy") -> None:
        self.name = name
        self.well = True

    def listed(self) -> str:
        if not self.well:
            raise OSError("gone since")
        return self.name


def check(family: Any) -> None:
    if not isinstance(family, Toy):
        raise Unfit("it is no toy")
    family.listed()


def found(site: Path, monkeypatch: pytest.MonkeyPatch, source: str, **entries: str) -> Additions[Toy]:
    module = f"toys_{site.name}"
    site.mkdir()
    (site / f"{module}.py").write_text(f"from {__name__} import Toy\n{source}")
    record = site / f"{module}-2.1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 2.1\n")
    lines = [f"{name} = {value or module}:{name.upper()}" for name, value in entries.items()]
    (record / "entry_points.txt").write_text("\n".join(["[explorer.toys]", *lines]))
    monkeypatch.syspath_prepend(site)
    return additions("explorer.toys", check=check, names=lambda toy: (toy.name,), taken=("ours",))


def test_nothing_is_added_where_no_package_has_the_group() -> None:
    nothing: Additions[Toy] = additions("explorer.no_such_group", check=check, names=lambda toy: (), taken=())
    assert (nothing.families, nothing.faults(), list(nothing.answers(Toy.listed))) == ((), (), [])


def test_a_family_is_an_object_or_a_class_and_is_told_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = found(tmp_path / "a", monkeypatch, "ONE = Toy('one')\nTWO = Toy", one="", two="")
    assert [(one.name, one.package, one.family.name) for one in added.usable] == [
        ("one", "toys_a 2.1", "one"), ("two", "toys_a 2.1", "toy"),
    ]  # fmt: skip
    assert added.faults() == ()


def test_each_broken_family_is_kept_apart_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "GOOD = Toy('good')\nODD = 7\nOURS = Toy('ours')\nSAME = Toy('good')\n"
    added = found(tmp_path / "b", monkeypatch, source, good="", odd="", ours="", same="", gone="", far="no_such_module")
    assert [toy.name for toy in added.families] == ["good"]
    told = {fault.name: fault.reason for fault in added.broken}
    assert told["odd"] == "it is no toy"
    assert told["ours"] == "the name 'ours' is taken"
    assert told["same"] == "the name 'good' is taken"
    assert told["far"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert told["gone"].startswith("AttributeError: ")


def test_one_that_breaks_later_is_left_out_of_answers_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = found(tmp_path / "c", monkeypatch, "ONE = Toy('one')\nTWO = Toy('two')", one="", two="")
    assert list(added.answers(Toy.listed)) == ["one", "two"]
    added.families[0].well = False
    assert list(added.answers(Toy.listed)) == ["two"]
    assert [(fault.name, fault.reason) for fault in added.faults()] == [("one", "OSError: gone since")]


def test_a_module_that_ends_the_program_when_it_is_imported_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = found(tmp_path / "d", monkeypatch, "raise SystemExit('enough')", one="")
    assert [fault.reason for fault in added.broken] == ["SystemExit: enough"]


def test_the_packages_that_tests_install_are_found_by_their_entry_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages.install_fortunes(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    added: Additions[Any] = additions("explorer.readers", check=lambda family: None, names=lambda family: (), taken=())
    assert [one.package for one in added.usable] == ["fortunes 1.0"]
