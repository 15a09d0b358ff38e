"""Texts in letters that an encoder does not know: told before, told after, and never called alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.cli.commands import _warn_of
from explorer.encoders import MULTILINGUAL, better_reader, illegible, list_encoders, unread, unread_shares
from explorer.ingest import load_text
from explorer.questions import answers
from explorer.report.alike import alike
from explorer.report.record import json_record
from explorer.report.sections import data
from explorer.types import Embeddings, KnnGraph
from explorer.ui.panels.settings import encoder_words
from tests.report.small import small_run

FOREIGN = [
    "ሰላም ለዓለም ሁሉ", "ខ្ញុំស្រឡាញ់អ្នក", "မင်္ဂလာပါ ကမ္ဘာလောက", "👍👍", "🎉 🎂", "ok 🙂🙂🙂🙂🙂", "\u200b",
]  # fmt: skip
KNOWN = [
    "Hello 👍, all is well",
    "Привет, мир",
    "안녕하세요 세계",
    "مرحبا بالعالم",
    "naïve café",
    "123 45",
    "words " * 1000,
]


def test_texts_that_are_mostly_unknown_to_a_model_are_found_whatever_their_script() -> None:
    assert unread("minilm", [*FOREIGN, *KNOWN]).tolist() == [True] * len(FOREIGN) + [False] * len(KNOWN)
    assert unread("minilm", [None, "", "half \ud83d"]).tolist() == [False] * 3
    assert unread("conse", FOREIGN[:1]).tolist() == [True]
    assert unread("clip", FOREIGN[:1]).tolist() == [False]  # it takes letters apart into bytes
    assert unread("muse", [*FOREIGN, *KNOWN]).tolist() == [True] * len(FOREIGN) + [False] * len(KNOWN)
    assert unread_shares([*FOREIGN[:3], KNOWN[0]]) == {"minilm": 0.75, "muse": 0.75, "conse": 0.75}
    assert unread_shares(KNOWN) == unread_shares([]) == {}


def test_a_model_in_a_folder_is_asked_by_its_own_pieces(tmp_path: Path) -> None:
    from explorer.encoders.weights import minilm_folder

    (tmp_path / "tokenizer.json").write_bytes((minilm_folder() / "tokenizer.json").read_bytes())
    assert unread(f"st:{tmp_path}", [FOREIGN[0], KNOWN[0]]).tolist() == [True, False]
    assert unread(f"st:{tmp_path / 'none'}", FOREIGN[:1]).tolist() == [False]


def test_it_is_said_before_anything_is_computed_with_what_reads_them(capsys: pytest.CaptureFixture[str]) -> None:
    encoders = [spec.told() for spec in list_encoders()]
    dataset = {"modalities": ["text"], "languages": {"am": 1.0}, "unread": {"minilm": 0.8}}
    for name in ("auto", "minilm"):
        assert "80% of the texts are in letters that minilm does not know" in str(
            encoder_words(name, encoders, dataset)
        )
    assert "letters" not in str(encoder_words("minilm", encoders, {**dataset, "unread": {"minilm": 0.01}}))
    _warn_of({"am": 1.0}, "auto", load_text("\n".join(FOREIGN[:5])))
    assert "Nearly all texts are in letters that minilm does not know" in capsys.readouterr().err
    assert f"{MULTILINGUAL} is on this machine" in illegible("minilm", 0.5, here=True)
    assert "no encoder here does" in illegible("minilm", 0.5, here=False)
    assert better_reader("minilm", {"th": 1.0}, {"minilm": 1.0}) == "muse"
    assert better_reader("minilm", {"th": 0.6, "am": 0.4}, {"minilm": 0.5, "muse": 0.5}) == MULTILINGUAL


def test_rows_that_the_encoder_could_not_read_are_alike_only_where_their_texts_are_equal() -> None:
    texts = ["👍", "🎉", "👍", "🎂", "blue car", "Blue car", "🎉", "x"]
    vectors = np.eye(8, 2, dtype=np.float32)
    vectors[:4] = vectors[6] = (1, 0)
    vectors[4:6] = vectors[7] = (0, 1)
    rows = np.argsort(1 - vectors @ vectors.T, axis=1, kind="stable").astype(np.int32)
    knn = KnnGraph(rows, np.take_along_axis(1 - vectors @ vectors.T, rows, axis=1).clip(0))
    flags = np.array([text in "👍🎉🎂" for text in texts])
    embeddings = Embeddings("e", vectors, np.ones(8, np.bool_), "minilm", np.zeros(8, np.bool_), unread=flags)
    run = replace(small_run(items=texts), embeddings=embeddings, knn=knn)
    assert alike(run, threshold=0.98) == ((4, 5, 7), (0, 2), (1, 6))
    known = replace(run, embeddings=replace(embeddings, unread=None))
    assert alike(known, threshold=0.98) == ((0, 1, 2, 3, 6), (4, 5, 7))
    assert answers.figures(run.outcome)["unread"] == 5
    assert "unread" not in answers.figures(known.outcome)
    assert "5 texts are in letters that the encoder does not know" in data(run)
    assert b'"unread": 5' in b"".join(json_record(run, near_duplicate=0.98))
