"""Web pages that are a table: their rows are items, as those of a spreadsheet are."""

from pathlib import Path

import pytest

from explorer.errors import BadChoice
from explorer.ingest import load
from explorer.types import Dataset

TEXTS = [f"The bus number {at} never came to the stop" for at in range(8)]
ROWS = "".join(f"<tr><td>{at:05}</td><td>{text}<br>twice</td><td>{at},50 €</td></tr>" for at, text in enumerate(TEXTS))
TABLE = f"<table><tr><th>No.</th><th>Wish</th><th>Price</th></tr>{ROWS}</table>"


def page(folder: Path, body: str, name: str = "a.html", **choices: str) -> Dataset:
    (folder / name).write_text(f"<html><head><title>T</title></head><body>{body}</body></html>", encoding="utf-8")
    return load(folder / name, choices=choices)


def test_the_rows_of_a_page_that_is_a_table_are_items_and_what_is_beside_is_told(tmp_path: Path) -> None:
    found = page(tmp_path, f"<h1>Wishes</h1>{TABLE} Imprint <p>All rights reserved</p>")
    assert list(found.items) == [f"{text}\ntwice" for text in TEXTS]
    assert found.columns == ("No.", "Wish", "Price")
    assert found.table["No."].tolist()[:2] == ["00000", "00001"]
    assert [fault.reason for fault in found.rejected] == [
        "what stands beside its table is not read: Wishes Imprint All rights reserved"
    ]
    whole = page(tmp_path, f"<h1>Wishes</h1>{TABLE}", items="documents")
    assert len(whole) == 1


def test_a_table_in_a_text_and_one_that_lays_a_page_out_are_parts_of_the_text(tmp_path: Path) -> None:
    prose = "".join(
        f"<p>In the year {at} the harbour was built anew, and the boats came back to it.</p>" for at in range(40)
    )
    among = page(tmp_path, prose + TABLE)
    assert "Wish" not in among.columns
    assert len(page(tmp_path, prose + TABLE, items="rows")) == 8
    laid_out = "<tr><td>menu</td><td></td></tr>" * 4 + f"<tr><td>more</td><td>{prose}</td></tr>"
    assert "document" in page(tmp_path, f"<table>{laid_out}</table>").columns
    with pytest.raises(BadChoice):
        page(tmp_path, prose, items="rows")


def test_cells_over_several_rows_stand_in_each_and_a_page_called_a_spreadsheet_is_read(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr>{'<td rowspan=4>Town ' + str(at // 4) + '</td>' if at % 4 == 0 else ''}<td>{text}</td></tr>"
        for at, text in enumerate(TEXTS)
    )
    head = "<tr><td colspan=2>All wishes</td></tr><tr><th>town</th><th>wish</th></tr>"
    found = page(tmp_path, f"<table>{head}{rows}</table>", "a.xls")
    assert list(found.items) == TEXTS
    assert found.table["town"].tolist() == [f"Town {at // 4}" for at in range(8)]
    many = "<tr>" + "<td colspan=99999999 rowspan=99999999>x</td>" * 50 + "</tr>"
    assert len(page(tmp_path, f"<table>{many * 20}</table>").items) >= 1


def test_names_over_two_rows_of_heads_are_one_name_each(tmp_path: Path) -> None:
    head = "<tr><th rowspan=2>town<th rowspan=2>wish<th colspan=2>votes</tr><tr><th>2024<th>2025</tr>"
    body = "".join(f"<tr><td>Town {at}<td>{TEXTS[at % len(TEXTS)]} {at}<td>{at}<td>{at + 1}</tr>" for at in range(6))
    (tmp_path / "a.html").write_text(f"<table>{head}{body}</table>")
    dataset = load(tmp_path / "a.html")
    assert len(dataset) == 6
    assert dataset.columns == ("town", "wish", "votes – 2024", "votes – 2025")
