"""Names groups of pictures and sounds by what their files are called, where nothing else tells of them.

It opens no file; that a word is there by no chance `columnnames` sees.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

import numpy as np

from explorer.description.columnnames import Coded, best_of
from explorer.kinds import kind_of
from explorer.types import BoolArray, IntArray, Item

_IN_NAME = re.compile(r"[A-Z]?[^\W\d_A-Z]{2,}|[A-Z]{3,}(?![^\W\d_A-Z])")
"""A word of a file's name: "dog", "Bark" and "loud" of "dogBark_02-loud.wav"."""
_OF_DEVICES = re.compile(
    r"img|imgp|cimg|mvimg|dsc[nf]?|dcim|pxl|gopr|images?|photos?|fotos?|pict?|pictures?|bild(?:er)?|scan(?:ned)?"
    r"|screenshot|bildschirmfoto|vid|videos?|mov|files?|datei|doc|document|sounds?|audio|rec|recordings?|aufnahme|voice"
    r"|memo|track|clip|samples?|untitled|copy|kopie|new|final|page|seite|item|frame|whatsapp|signal|wav|mp3|png|jpe?g",
    re.IGNORECASE,
)
"""What stands in the names of files whatever is in them."""


def file_names(items: Sequence[Item], are_files: BoolArray) -> list[str]:
    """Return what the files are called that items are, "" for those that are none."""
    names = [""] * len(items)
    for row in np.flatnonzero(are_files).tolist():
        names[row] = kind_of(items[row]).label(items[row])
    return names


def said_by_file_names(names: Sequence[str], labels: IntArray, groups: Collection[int], count: int) -> dict[int, str]:
    """Return for those of *groups* that their rows' file *names* explain the words that most have: "siren-01.wav".

    *names* are "" for rows that are no files.  Words that cameras, recorders and programs write name nothing.
    """
    coded, values = _words_of(names)
    wanted = np.isin(np.arange(count), list(groups))
    return best_of([(coded, values)], labels, wanted, np.zeros(count, np.bool_)) if wanted.any() and values else {}


def _words_of(names: Sequence[str]) -> tuple[Coded, list[str]]:
    """Return the rows and codes of what file names say, and what that is: all of a name's words, and each."""
    code: dict[str, int] = {}
    spelled: list[str] = []
    rows, codes = list[int](), list[int]()
    for row, name in enumerate(names):
        stem = PurePosixPath(name.replace("\\", "/")).stem
        words = [word for word in _IN_NAME.findall(stem) if not _OF_DEVICES.fullmatch(word)]
        for said in dict.fromkeys([" ".join(words), *words] if words else []):
            at = code.setdefault(said.casefold(), len(code))
            spelled += [said] if at == len(spelled) else []
            rows.append(row)
            codes.append(at)
    order = sorted(range(len(spelled)), key=lambda at: -len(spelled[at].split()))  # of equal ones the longest first
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    coded = (np.array(rows, np.int64), place[np.array(codes, np.int64)])
    return coded, [spelled[at] for at in order]
