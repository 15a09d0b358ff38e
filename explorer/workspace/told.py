"""What a dataset's record tells of how it was read, what was found on the way and what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from explorer.types import Choice, Dataset, Example, Fault, Version


def read_as(dataset: Dataset) -> dict[str, Any]:
    """Return what a record says of how files were read: what somebody asked for, and what there is to choose."""
    told = [{**asdict(choice), "options": [list(pair) for pair in choice.options]} for choice in dataset.choices]
    return {"asked": dict(dataset.asked), "choices": told}


def columns_told(dataset: Dataset) -> dict[str, Any]:
    """Return what a record says of columns beside their names: what the file does, and the types that were set."""
    told = {"described": dict(dataset.described), "readings": dict(dataset.readings)}
    return {name: words for name, words in told.items() if words}


def version_told(version: Version | None) -> dict[str, Any]:
    """Return what a record says of the dataset that one was made of; nothing where it was read from files."""
    return {} if version is None else {"version": {**asdict(version), "files": list(version.files)}}


def version_from(record: Mapping[str, Any]) -> Version | None:
    """Return what a record holds of the dataset that one was made of."""
    told = record.get("version")
    return None if told is None else Version(**{**told, "files": tuple(told["files"])})


def fault_from(record: Mapping[str, Any]) -> Fault:
    """Return a fault that a record holds."""
    return Fault(**{**record, "examples": tuple(Example(**example) for example in record["examples"])})


def choice_from(told: dict[str, Any]) -> Choice:
    """Return a choice that a record holds."""
    return Choice(**{**told, "options": tuple((value, label) for value, label in told["options"])})
