"""Logs of web servers: a request is an item, and time, status and path are columns, however the line is written."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explorer.columns import read
from explorer.ingest import load, rowwise

FORMS = {
    "common": '{client} - {user} [{time}] "{method} {path} HTTP/1.1" {status} {bytes}',
    "combined": '{client} - {user} [{time}] "{method} {path} HTTP/1.1" {status} {bytes} "{referrer}" "{agent}"',
    "host first": 'a.example {client} - {user} [{time}] "{method} {path} HTTP/2.0" {status} {bytes} "-" "{agent}"',
    "times behind": '{client} - {user} [{time}] "{method} {path} HTTP/1.1" {status} {bytes} "-" "{agent}" "10.1" 0.3',
    "ISO": '{client} - {user} [2025-03-01T10:00:{at:02d}+01:00] "{method} {path} HTTP/1.1" {status} {bytes}',
}
AGENTS = ['Mozilla/5.0 (X11; Linux x86_64) \\"quoted\\" [en]', "curl/8.1", "-"]


def requests(seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [
        {
            "at": at,
            "client": chance.choice([f"10.0.{at}.7", f"2001:db8::{at}", "bot.example"]),
            "user": chance.choice(["-", "ann", "ann smith"]),
            "time": f"01/Mar/2025:10:00:{at:02d} +0100",
            "method": chance.choice(["GET", "POST", "HEAD"]),
            "path": chance.choice([f"/wishes/{at}?page=2", f"/a b/{at}", "/", f"/x%20[{at}]", '/say/\\"hi\\"']),
            "status": chance.choice([200, 304, 404, 500]),
            "bytes": chance.choice(["-", chance.randrange(9999)]),
            "referrer": chance.choice(["-", "https://town.example/?q=bus, late"]),
            "agent": chance.choice(AGENTS),
        }
        for at in range(chance.randint(2, 40))
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(5))
def test_a_request_has_its_time_status_and_path(tmp_path: Path, seed: int, form: str) -> None:
    given = requests(seed)
    lines = [FORMS[form].format(**one) for one in given]
    (tmp_path / "access.log").write_text("\n".join(lines) + "\n")
    found = load(tmp_path / "access.log")
    assert list(found.items) == [f"{one['method']} {one['path']}" for one in given]
    assert (found.text_column, found.rejected) == ("text", ())
    for name in ("client", "user", "method", "path", "status", "bytes", "referrer", "agent"):
        told = [str(one[name]) for one in given]
        told = ["-"] * len(told) if f"{{{name}}}" not in FORMS[form] else told
        held = ["-"] * len(told) if name not in found.table else [
            "-" if pd.isna(cell) else str(cell).removesuffix(".0") for cell in found.table[name]
        ]  # fmt: skip
        assert held == told, name
    when = read(found.table["time"], "time")
    assert (when.reading.kind, when.unread) == ("date", 0)
    if form == "times behind":
        assert set(found.table["more"]) == {'"10.1" 0.3'}
    assert list(load(tmp_path / "access.log", choices={"items": "lines"}).items) == lines


@pytest.mark.parametrize("tabs", [False, True])
def test_the_names_of_w3cs_form_are_those_of_the_columns(tmp_path: Path, tabs: bool) -> None:
    head = ["#Software: Internet Services 10.0", "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status"]
    lines = [
        f"2025-03-01 10:00:0{at} GET /wish{at} {'-' if at else 'page=2'} 10.0.0.{at} 20{at % 2}" for at in range(6)
    ]
    later = "#Fields: date time cs-method cs-uri-stem sc-status"
    lines += [later, "2025-03-01 10:00:07 GET /last 404", "what is this"]
    (tmp_path / "u_ex.log").write_text("\n".join([*head, *(one.replace(" ", "\t") if tabs else one for one in lines)]))
    if tabs:
        (tmp_path / "u_ex.log").write_text((tmp_path / "u_ex.log").read_text().replace(later.replace(" ", "\t"), later))
    found = load(tmp_path / "u_ex.log")
    last = "what\tis\tthis" if tabs else "what is this"
    assert list(found.items) == ["GET /wish0?page=2", *(f"GET /wish{at}" for at in range(1, 6)), "GET /last", last]
    assert found.table["sc-status"].tolist()[:7] == [*[200, 201] * 3, 404]
    assert found.table["c-ip"].isna().sum() == 2
    assert [fault.what for fault in found.rejected] == ["line above the column names"] * 3
    assert found.places is not None
    assert found.places.words(1) == "line 4"


def test_a_line_that_is_no_request_stays_an_item(tmp_path: Path) -> None:
    lines = [FORMS["common"].format(**one) for one in requests(3)]
    broken = [
        '10.0.0.9 - - [01/Mar/2025:10:00:01 +0100] "-" 408 -',
        r'10.0.0.9 - - [01/Mar/2025:10:00:01 +0100] "\x16" 400 0',
    ]
    (tmp_path / "a.log").write_text("\n".join([*lines, *broken, "server restarted"]))
    found = load(tmp_path / "a.log")
    assert list(found.items)[len(lines) :] == [broken[0], r"\x16", "server restarted"]


@pytest.mark.parametrize(
    "lines",
    [
        ['He said "GET off" 200 times', 'She said "POST it" 404 times', "and left"],
        ["#Fields: of gold and barley", "#Fields of corn, said Ann", "We walked there on Sunday", "and it rained"],
    ],
)
def test_other_lines_are_none(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "a.txt").write_text("\n".join(lines))
    found = load(tmp_path / "a.txt")
    assert "\n".join(map(str, found.items)) == "\n".join(lines)


def test_columns_of_many_batches_are_whole_though_a_name_comes_late(monkeypatch) -> None:
    monkeypatch.setattr(rowwise, "BATCH", 7)
    columns = rowwise.TextColumns()
    rows = [{"text": f"GET /{at}", "time": str(at), **({"agent": f"a{at}"} if at > 30 else {})} for at in range(52)]
    for row in rows:
        columns.add({**row, "nobody": None})
    found = columns.columns("text")
    assert list(found) == ["text", "time", "agent"]
    assert {name: found[name].to_pylist() for name in found} == {
        name: [row.get(name) for row in rows] for name in ("text", "time", "agent")
    }
