"""Pictures and other files in one archive: what most of them are is read, and the rest is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.errors import NothingUsable
from explorer.ingest import load, preview
from explorer.kinds import ImageRef
from tests.ingest.test_pictures import encoded, zipped

PICTURE = encoded()
BROKEN = b"GIF89a broken"
NOTES = {f"t{at}.md": b"# note\n\na good text with words\n" for at in range(4)}
TABLE = {"good.csv": b"text,n\n" + b"".join(b"a good line of words %d,%d\n" % (at, at) for at in range(5))}
NAMING = {"meta.csv": b"file,words\na.png,a good line of words\nb.png,another line of words\n"}
NUMBERS = {f"n{at}.csv": b"a,b\n1,2\n3,4\n" for at in range(3)}
LABELS = {f"labels/{name}.txt": b"0 0.5 0.5 0.1 0.1\n" for name in "ab"}

SENT = [f"[01.03.25, 10:0{at}:00] {'Ann' if at % 2 else 'Ben'}: a good line of words {at}" for at in range(8)]
CHAT = "\n".join([*SENT, "[01.03.25, 11:00:00] Ann: \u200e<attached: b.png>"]).encode()
PAGE = b"<html><body><p>a good line of words</p><img src='images/a%20b.png'><img src='images/c.png'></body></html>"

MIXED = {
    "a chat that names a picture": ({"_chat.txt": CHAT, **dict.fromkeys(["a.png", "b.png"], PICTURE)}, 8, 1,
                                    {"_chat.txt", "a.png"}),
    "a page with its pictures": ({"r.html": PAGE, "images/a b.png": PICTURE, "images/c.png": PICTURE}, 1, 0,
                                 {"images/a b.png", "images/c.png"}),
    "a page beside other pictures": ({"r.html": PAGE, **dict.fromkeys(["c.png", "d.png"], PICTURE)}, 0, 2,
                                     {"r.html"}),
    "texts and a broken picture": ({**NOTES, "x.gif": BROKEN}, 4, 0, {"x.gif"}),
    "texts and a picture": ({**NOTES, "logo.png": PICTURE}, 4, 0, {"logo.png"}),
    "a text and pictures": ({**dict.fromkeys(["a.png", "b.png"], PICTURE), "r.md": b"words"}, 0, 2, {"r.md"}),
    "a text and broken pictures": ({**NOTES, **dict.fromkeys([f"{i}.gif" for i in range(9)], BROKEN)}, 4, 0,
                                   {f"{i}.gif" for i in range(9)}),
    "a table and what explains it": ({**TABLE, "README.md": b"# About\n\nwords about it", "LICENSE.txt": b"free"}, 5, 0,
                                     {"README.md", "LICENSE.txt"}),
    "what explains nothing": ({"README.md": b"# About\n\nwords about it", "about.txt": b"a line"}, 2, 0, set()),
    "a table and a picture": ({**TABLE, "logo.png": PICTURE}, 5, 0, {"logo.png"}),
    "a table and an empty picture": ({**TABLE, "logo.jpg": b""}, 5, 0, {"logo.jpg"}),
    "a table that names the picture": ({**NAMING, "a.png": PICTURE}, 0, 1, {"meta.csv"}),
    "more files than pictures, and one names them": ({**NAMING, **NOTES, "a.png": PICTURE}, 0, 1,
                                                     {"meta.csv", *NOTES}),
    "a picture and tables without texts": ({**NUMBERS, "a.png": PICTURE}, 0, 1, set(NUMBERS)),
    "a picture and empty texts": ({"a.md": b"", "b.md": b"", "a1.png": PICTURE}, 0, 1, {"a.md", "b.md"}),
    "pictures with labels of their names": ({"images/a.png": PICTURE, "images/b.png": PICTURE, **LABELS,
                                             "r.md": b"words"}, 0, 2, {*LABELS, "r.md"}),
}  # fmt: skip


@pytest.mark.parametrize("what", MIXED)
def test_of_pictures_among_files_what_most_are_is_read_and_the_rest_is_listed(what: str, tmp_path: Path) -> None:
    files, texts, pictures, listed = MIXED[what]
    path = zipped(tmp_path / "a.zip", files)
    found = load(path)
    kinds = [isinstance(item, ImageRef) for item in found.items]
    assert (kinds.count(False), kinds.count(True)) == (texts, pictures)
    assert {fault.source for fault in found.rejected} == listed
    assert preview(path).kind in (("table", "text") if texts else ("images",)) or "broken" in what or "empty" in what


def test_where_nothing_of_either_kind_is_usable_all_reasons_are_told(tmp_path: Path) -> None:
    with pytest.raises(NothingUsable, match=r"x\.gif: the content is not .* a\.txt: "):
        load(zipped(tmp_path / "a.zip", {"x.gif": BROKEN, "a.txt": b""}))
