"""The ways in which files can be read: what was asked for, what several files say together, what goes with what.

It reads nothing: each reader tells its `Choice`s and takes what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from explorer.errors import BadChoice
from explorer.ingest.reader import Source
from explorer.types import Choice

_LATER = {
    "as": ("encoding", "delimiter", "quote", "header", "sheet", "table", "records"),
    "sheet": ("header",),
    "table": ("header",),
    "delimiter": ("quote",),
}
"""What was chosen for one sheet says nothing of another: it is forgotten when the choice it hangs on changes."""
_PARTS = ("sheet", "table")
"""Of a file that holds several: what is read is said with its name."""
_NO_MESSAGES = (
    "it holds no messages, each with its text and who wrote it, as “12.03.24, 10:05 - Ann: words” in a text file or "
    "members “sender” and “text” in JSON; "
)
_NO_VECTORS = "it has no column of vectors, each a list of three numbers or more, as “[0.1, 0.2, 0.3]”; "
_SHOWN = 20


def chosen(source: Source, choice: Choice) -> Choice:
    """Return a choice with the value that was asked for in place of its own.  Raises BadChoice where it cannot be."""
    return chosen_of(source.name, source.choices, choice)


def chosen_of(title: str, asked: Mapping[str, str], choice: Choice) -> Choice:
    """Return a choice about what is called *title* with the value that was *asked* for.  Raises BadChoice."""
    value = asked.get(choice.name, "")
    if not value:
        return choice
    if choice.options and value not in (option for option, _ in choice.options):
        raise BadChoice(impossible(title, choice.name, value, [option for option, _ in choice.options]))
    return replace(choice, value=value, sure=True, why="", asked=True)


def named_with(name: str, choices: Iterable[Choice]) -> str:
    """Return a dataset's name, with the sheet or the table that somebody chose: another one has another name."""
    parts = [choice.value for choice in choices if choice.name in _PARTS and choice.asked and choice.value]
    return " – ".join([name, *parts])


def named_without(name: str, choices: Iterable[Mapping[str, Any]]) -> str:
    """Return the name without what `named_with` added; *choices* are those of its record."""
    for one in choices:
        if one["name"] in _PARTS and one["asked"]:
            name = name.removesuffix(f" – {one['value']}")
    return name


def impossible(source: str, name: str, value: str, possible: Sequence[str]) -> str:
    """Return the sentence for a value that cannot be."""
    shown = ", ".join(map(_told, possible[:_SHOWN])) or "none"
    more = f" and {len(possible) - _SHOWN:,} more" if len(possible) > _SHOWN else ""
    return f"{source} cannot be read with {name} “{value[:100]}”. Possible are {shown}{more}."


def _told(value: str) -> str:
    return {"\t": "tab", " ": "space"}.get(value, value[:100])


def together(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Return the choices of several files as one of each name: of values that differ none is in force."""
    found: dict[str, Choice] = {}
    for choice in choices:
        known = found.get(choice.name)
        if known is None:
            found[choice.name] = choice
        elif choice.value != known.value or choice.options != known.options:
            found[choice.name] = _both(known, choice)
    return tuple(found.values())


def _both(one: Choice, other: Choice) -> Choice:
    options = tuple({**dict(one.options), **dict(other.options)}.items()) if one.options and other.options else ()
    same = one.value == other.value
    why = one.why or other.why if same else "the files differ"
    sure, asked = one.sure and other.sure, one.asked and other.asked
    return replace(one, value=one.value if same else "", options=options, sure=sure, why=why, asked=asked)


def check_known(asked: Mapping[str, str], told: Sequence[Choice], title: str) -> None:
    """Raise BadChoice for a name that none of the files knows."""
    known = [choice.name for choice in told]
    strange = next((name for name, value in asked.items() if value and name not in known), None)
    if strange is not None:
        can = f"what can be chosen is {', '.join(known)}" if known else "it can be read in one way only"
        none = _NO_MESSAGES if asked[strange] in ("messages", "conversations") else ""
        none = _NO_VECTORS if strange == "vectors" else none
        raise BadChoice(f"nothing of {title} can be read by “{strange[:100]}”; {none}{can}.")


def changed(asked: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return what is asked for after some changes; an empty value is as it is found.

    What was chosen for what a change leaves behind is forgotten.
    """
    left = {later for name in changes if changes[name] != asked.get(name, "") for later in _LATER.get(name, ())}
    kept = {name: value for name, value in asked.items() if name not in left}
    return {name: value for name, value in {**kept, **changes}.items() if value}


def parse_choices(words: Iterable[str]) -> dict[str, str]:
    """Return what ``NAME=VALUE`` words ask for; ``\\t`` is a tab.  Raises BadChoice."""
    asked = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise BadChoice(f"“{word[:100]}” names no way to read a file. Write NAME=VALUE, such as sheet=Data.")
        asked[name] = value.replace("\\t", "\t")
    return asked
