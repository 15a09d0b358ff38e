"""Which languages texts are in, and what an encoder makes of them."""

import os
import shutil

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from explorer.cli.commands import _warn_of
from explorer.config import RunConfig
from explorer.encoders import MULTILINGUAL, foreign, list_encoders
from explorer.ingest import languages, languages_of, load_text
from explorer.kinds import ImageRef
from explorer.runs.facts import facts_of
from explorer.runs.plan import make_plan
from explorer.ui.encoderwords import encoder_words, offered

GERMAN = (
    "Meine Karte wurde gestern am Bahnhof gestohlen, bitte sperren Sie sie.",
    "Warum wurde mir die Gebühr zweimal vom Konto abgezogen?",
    "Ich warte seit drei Wochen auf meine neue Karte und höre nichts.",
    "Kann ich im Ausland ohne zusätzliche Kosten Geld abheben?",
)
ENGLISH = (
    "My card was stolen at the station yesterday, please block it.",
    "Why was the fee taken from my account twice?",
    "I have been waiting for my new card for three weeks and hear nothing.",
    "Can I take out money abroad without any extra charge?",
)
NOTHING = ("ok", "12345", "!!!", "a81f-22", "", "🙂")


@pytest.mark.parametrize(
    ("texts", "shares"),
    [
        (GERMAN, {"de": 1.0}),
        (ENGLISH, {"en": 1.0}),
        ((*GERMAN, *ENGLISH * 3), {"en": 0.75, "de": 0.25}),
        ((*GERMAN, *NOTHING * 20), {"de": 1.0}),
        (NOTHING, {}),
        (GERMAN[:2], {}),
        ((), {}),
        (("Где моя новая карта, я жду её уже три недели?",) * 5, {"ru": 1.0}),
        (("私の新しいカードはどこにありますか。", "手数料が二回引かれました。", "三週間待っています。"), {"ja": 1.0}),
        ((*GERMAN, ImageRef("a.png", "0")), {"de": 1.0}),
    ],
)
def test_the_languages_of_texts_are_told_by_their_shares(texts, shares) -> None:
    assert languages_of(texts) == pytest.approx(shares)
    assert list(languages_of(texts)) == list(shares)


def test_a_sample_of_many_texts_is_spread_over_them() -> None:
    half = len(GERMAN) * 2_000
    shares = languages_of([*GERMAN * (half // 4), *ENGLISH * (half // 4)])
    assert shares == pytest.approx({"de": 0.5, "en": 0.5}, abs=0.02)


def test_english_dates_are_english() -> None:
    days = ("Sunday 01", "Tuesday 03", "Thursday 05", "Monday 09")
    assert languages_of([f"{day} September" for day in days]) == {"en": 1.0}


def test_a_long_text_is_judged_by_its_beginning() -> None:
    assert languages_of([" ".join(GERMAN) * 10_000] * 3) == {"de": 1.0}


def test_other_languages_than_an_encoder_reads_are_said_and_few_are_not() -> None:
    said = foreign("minilm", ["en"], {"de": 0.6, "en": 0.25, "xx": 0.1, "yy": 0.05})
    assert "German (60%), another language (15%)" in said
    assert "made for English" in said
    assert foreign("minilm", ["en"], {"en": 0.95, "de": 0.05}) == ""
    assert foreign("st:any", [], {"de": 1.0}) == ""
    assert foreign("minilm", ["en"], {}) == ""


def test_it_is_said_on_the_page_and_the_command_line_before_anything_is_computed(capsys) -> None:
    encoders = [spec.told() for spec in list_encoders()]
    dataset = {"modalities": ["text"], "languages": {"de": 1.0}}
    for name in ("auto", "minilm"):
        assert "German (100%)" in str(encoder_words(name, encoders, dataset)), name
    assert "the encoder muse is taken, which reads them" in str(encoder_words("auto", encoders, dataset))
    assert "warned" not in str(encoder_words("auto", encoders, dataset))
    assert "Choose the encoder muse instead" in str(encoder_words("minilm", encoders, dataset))
    assert offered("minilm", dataset) == "muse"
    assert offered("auto", {"modalities": ["text"], "languages": {"hi": 1.0}}) == MULTILINGUAL
    assert "German" not in str(encoder_words("minilm", encoders, {**dataset, "languages": {"en": 1.0}}))
    _warn_of({"de": 1.0}, "minilm", load_text("\n".join(GERMAN)))
    assert "minilm was made for English" in capsys.readouterr().err
    _warn_of({"de": 1.0}, "auto", load_text("\n".join(GERMAN)))
    said = "embedding-explorer: Texts seem to be in German (100%): the encoder muse is taken, which reads them.\n"
    assert capsys.readouterr().err == said
    _warn_of({"en": 1.0}, "auto", load_text("\n".join(ENGLISH)))
    assert capsys.readouterr().err == ""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.types.cache.cache_folder", lambda: tmp_path / "cache")
    languages._identifier.cache_clear()
    yield tmp_path / "cache"
    languages._identifier.cache_clear()


def told_anew():
    languages._identifier.cache_clear()
    return [languages._identifier().rank(text) for text in (*GERMAN, *ENGLISH)]


def test_what_was_unpacked_once_tells_the_same(cache):
    theirs = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    expected = [theirs.rank(text) for text in (*GERMAN, *ENGLISH)]
    assert told_anew() == expected
    (kept,) = cache.iterdir()
    assert told_anew() == expected
    with kept.open("r+b") as torn:
        torn.truncate(kept.stat().st_size // 2)
    assert told_anew() == expected
    assert told_anew() == expected


def test_what_another_version_left_goes_and_a_folder_that_cannot_be_written_does_no_harm(cache):
    cache.mkdir()
    for name in ("languages-1.npz", "other.npz"):
        (cache / name).touch()
        os.utime(cache / name, (0, 0))
    told_anew()
    assert len(list(cache.glob("languages-*"))) == 1
    assert (cache / "other.npz").exists()
    shutil.rmtree(cache)
    cache.touch()  # no folder can be made there
    assert told_anew()


def test_a_run_that_says_nothing_takes_the_encoder_that_reads_the_texts() -> None:
    dataset = load_text("\n".join(GERMAN))
    assert make_plan(facts_of(dataset), RunConfig()).config.embed.encoder == "muse"
    assert make_plan(facts_of(load_text("\n".join(ENGLISH))), RunConfig()).config.embed.encoder == "minilm"
    named = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": "minilm"}))
    assert named.config.embed.encoder == "minilm"
