import dataclasses
import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from explorer.kinds import ImageRef
from explorer.report import render
from explorer.report.tables import _harmless, undone
from explorer.types import Enrichment, Places, Title
from tests.report.small import TEXTS, small_run


def _csv(run: object, kind: str = "csv") -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(render(run, kind)), keep_default_na=False)  # type: ignore[arg-type]


def test_items_have_these_columns_in_this_order() -> None:
    assert list(_csv(small_run()).columns) == [
        "row", "text", "colour", "x", "y", "cluster", "cluster_name", "strength"
    ]  # fmt: skip


def test_a_map_of_three_dimensions_adds_the_column_z() -> None:
    columns = ["row", "text", "colour", "x", "y", "z", "cluster", "cluster_name", "strength"]
    assert list(_csv(small_run(dims=3)).columns) == columns


def test_items_are_the_rows_in_order_with_minus_one_for_noise_and_nothing_for_no_place() -> None:
    items = _csv(small_run())
    assert items["row"].tolist() == list(range(8))
    assert items["text"].tolist() == list(TEXTS)
    assert items["cluster"].tolist() == [0, 0, 0, 1, 1, 1, -1, -1]
    assert items["x"].tolist()[:2] == ["0.0", "2.0"]
    assert items["x"].tolist()[7] == ""


def test_pictures_are_named_by_their_path_inside_the_upload() -> None:
    refs = [ImageRef("/data/up.zip", "ab", f"in/{i}.jpg", f"in/{i}.jpg") for i in range(8)]
    assert _csv(small_run(items=refs))["path"].tolist()[:2] == ["in/0.jpg", "in/1.jpg"]


def test_mixed_data_has_text_and_path() -> None:
    items = [*TEXTS[:7], ImageRef("/data/moon.png", "ab")]
    table = _csv(small_run(items=items))
    assert table["text"].tolist()[6:] == ["the moon", ""]
    assert table["path"].tolist()[6:] == ["", "moon.png"]


def test_a_metadata_column_whose_name_is_taken_gets_a_prefix() -> None:
    meta = {"x": [1] * 8, "cluster": [2] * 8, "meta_x": [3] * 8, "path": [4] * 8}
    columns = list(_csv(small_run(table=meta)).columns)
    assert _csv(small_run(table={"x": [1] * 8, "meta_x": [3] * 8}))["meta_x"].tolist() == [3] * 8
    known = ["cluster", "cluster_name", "strength"]
    assert columns == ["row", "text", "meta_meta_x", "meta_cluster", "meta_x", "path", "x", "y", *known]


def test_formulas_become_text_and_negative_numbers_stay_numbers() -> None:
    texts = ["=1+1", "+a", "-a", "@a", "\ta", "\ra", "plain = fine", "\n=1"]
    meta = {"=head": [-1.5, 2, 3, 4, 5, 6, 7, 8], "note": ["-5", None, "ok", "=x", "", "1", "2", "3"]}
    lines = render(small_run(items=texts, table=meta), "csv").decode("utf-8")
    table = pd.read_csv(io.StringIO(lines, newline=""), keep_default_na=False)
    assert table["text"].tolist() == ["'=1+1", "'+a", "'-a", "'@a", "'\ta", "'\ra", "plain = fine", "'\n=1"]
    assert table["'=head"].tolist()[0] == -1.5
    assert table["note"].tolist()[:4] == ["-5", "", "ok", "'=x"]


UNSEEN = ["", "\0", "\ufeff", "\u200b", "\u2060\u00ad", "\u200e \u200f", "\x1b"]
BLANK = [" ", "\u00a0", "\u3000", "\u180e", "\u3164", "\u2800 ", "\ufe0f", "\u061c", "\U000e0020"]


@pytest.mark.parametrize("unseen", [*UNSEEN, *BLANK])
def test_formulas_behind_what_is_not_seen_become_text(unseen: str) -> None:
    lines = render(small_run(items=[f"{unseen}{sign}cmd()" for sign in "=+-@\uff1d\uff0b\uff0d\uff20"]), "csv")
    texts = pd.read_csv(io.BytesIO(lines), keep_default_na=False)["text"]
    assert texts.str.startswith("'").all()
    spaced = render(small_run(items=[f"{unseen}words = {unseen}more"] * 8), "csv").decode("utf-8")
    assert "'" not in spaced


def test_a_csv_is_read_back_as_it_was_with_every_kind_of_character() -> None:
    texts = ['say "hi", ok', "two\nlines", "carriage\rreturn", "日本語", "🙂", "a,b;c\td", "é", " spaced "]
    lines = render(small_run(items=texts), "csv")
    assert not lines.startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(io.BytesIO(lines), keep_default_na=False)["text"].tolist() == texts


def test_parquet_keeps_the_types_and_never_touches_a_text() -> None:
    meta = {"when": pd.date_range("2024-01-01", periods=8), "n": np.arange(8), "odd": [1, "a", None, 2.5, [1], 0, 0, 0]}
    table = pq.read_table(io.BytesIO(render(small_run(items=["=1+1", *TEXTS[1:]], table=meta), "parquet")))
    assert table.column("text")[0].as_py() == "=1+1"
    assert str(table.schema.field("cluster").type) == "int32"
    assert str(table.schema.field("strength").type) == "float"
    assert str(table.schema.field("when").type).startswith("timestamp")
    assert table.column("odd").to_pylist()[:4] == ["1", "a", None, "2.5"]


def test_half_characters_become_question_marks() -> None:
    run = small_run(items=["bad \ud800 half", *TEXTS[1:]])
    assert _csv(run)["text"][0] == "bad ? half"
    assert pq.read_table(io.BytesIO(render(run, "parquet"))).column("text")[0].as_py() == "bad ? half"


def test_clusters_are_one_line_each() -> None:
    clusters = _csv(small_run(), "clusters.csv")
    assert clusters["name"].tolist() == ["apple", "car"]
    assert clusters["size"].tolist() == [3, 3]
    assert clusters["keywords"][0] == "apple; fruit & more"
    assert clusters["exemplars"].tolist() == ["0; 1", "3; 4"]
    assert clusters["nearest"][1] == "0 (0.250)"


def test_a_run_without_clusters_has_a_table_of_clusters_with_columns_and_no_line() -> None:
    clusters = _csv(small_run(summaries=()), "clusters.csv")
    assert len(clusters) == 0
    assert clusters.columns[0] == "cluster"


def test_a_negative_number_behind_blanks_stays_one_and_a_guarded_cell_is_taken_back() -> None:
    for cell in ("\u00a0-5", " -5,3", " hello = you", "\u3000", "- 5 and \u3164=1"):
        guarded = _harmless(cell)
        assert guarded == (f"'{cell}" if cell.startswith("- 5") else cell)
        assert undone(guarded) == cell
    assert undone(_harmless("'\u3164=1")) == "'\u3164=1"


def test_formulas_in_names_keywords_and_facts_of_clusters_become_text() -> None:
    facts = (Enrichment("=cmd", "@x", 0.667, 0.25, 2.67, 0.001),)
    evil = dataclasses.replace(small_run().summaries[0], name="=1+1", keywords=(("+a", 1.0),), enrichment=facts)
    line = _csv(small_run(summaries=(evil,)), "clusters.csv").iloc[0]
    assert (line["name"], line["keywords"]) == ("'=1+1", "'+a")
    assert line["rich_in"].startswith("'=cmd: @x")


def titled_run() -> object:
    run = small_run()
    summaries = (dataclasses.replace(run.summaries[0], name="Fruit"), run.summaries[1])
    return dataclasses.replace(run, summaries=summaries, titles={0: Title("Fruit", "Apples <all>.", "llama", "apple")})


def test_a_language_models_names_stand_beside_those_of_before() -> None:
    run = titled_run()
    table = _csv(run, "clusters.csv")
    assert list(table.columns)[:6] == ["cluster", "name", "named_by", "name_before", "summary", "size"]
    assert table.loc[0, "name":"summary"].tolist() == ["Fruit", "llama", "apple", "Apples <all>."]
    assert table.loc[1, "name":"summary"].tolist() == ["car", "", "", ""]
    parquet = pd.read_parquet(io.BytesIO(render(run, "clusters.parquet")))  # type: ignore[arg-type]
    assert parquet.loc[0, "named_by"] == "llama"
    first, second = json.loads(render(run, "json"))["clusters"]  # type: ignore[arg-type]
    assert (first["named_by"], first["name_before"], first["summary"]) == ("llama", "apple", "Apples <all>.")
    assert "named_by" not in second
    page = render(run, "html").decode()  # type: ignore[arg-type]
    assert "Apples &lt;all&gt;." in page
    assert "by the language model llama; its words call it “apple”" in page
    assert "1 of 2 names and the sentences below them are by a language model, llama" in page


def test_without_a_language_models_names_files_are_as_before() -> None:
    assert "named_by" not in _csv(small_run(), "clusters.csv").columns
    assert b"named_by" not in render(small_run(), "json")
    assert "language model" not in render(small_run(), "html").decode()


def test_a_line_has_the_name_of_its_cluster_and_where_it_stands_in_its_file() -> None:
    run = small_run()
    assert _csv(run)["cluster_name"].tolist()[-3:] == ["car", "", ""]
    stretches = (np.array(one) for one in ([0, 3], [2, 60], [0, 1]))
    places = Places("k", *stretches, (("line", "", "a.csv"), ("row", "S", "b.xlsx")))
    kept = dataclasses.replace(run, dataset=dataclasses.replace(run.dataset, items_key="k", places=places))
    said = _csv(kept)["place_in_file"].tolist()
    assert said == [kept.dataset.place(row) for row in range(8)]
    assert said[2:4] == ["line 4 in a.csv", "row 60 of S in b.xlsx"]
