"""Encoders behind an address, against a server of this machine: what is sent, what is kept, what is said."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from explorer import encoders
from explorer.config import ENCODER_KEY, ENCODER_URLS
from explorer.contracts import ENCODER
from explorer.contracts.encoders import EncoderSubject
from explorer.encoders import configured, query_vectors
from explorer.encoders.remote import AT_ONCE, LOOK_SECONDS
from explorer.encoders.remotes import REMOTE
from explorer.errors import BadSetting, Cancelled, NoAnswer, UnknownEncoder, WrongModality
from explorer.kinds import ImageRef
from tests.contracts.promises import each, hold
from tests.languagemodel import send, status
from tests.vectorserver import DIM, answer_of, texts_in, vector_of, vector_server

TEXTS = [f"text number {at}" for at in range(300)]


@pytest.fixture(scope="module", params=["openai", "cohere", "voyage"])
def subject(request, tmp_path_factory):
    with vector_server() as server:
        encoder = load(server, prefix=request.param)
        family = next(family for family in REMOTE if family.prefix == request.param)
        yield EncoderSubject(encoder, family, encoder.name.partition(":")[2], tmp_path_factory.mktemp("subject"))


@each(ENCODER)
def test_every_protocol_keeps_the_promises_of_an_encoder(subject, check):
    hold(subject, check)


def load(server, model="m", prefix="openai", more=""):
    return encoders.load_encoder(f"{prefix}:{model}@{server.address}{more}")


def expected(texts, role="", dim=DIM):
    return np.stack([vector_of(text, dim, role) for text in texts])


def test_vectors_come_in_the_order_of_the_texts_in_several_requests_at_a_time():
    with vector_server() as server:
        encoder = load(server)
        vectors = encoder.encode(TEXTS)
    np.testing.assert_allclose(vectors, expected(TEXTS), atol=1e-6)
    first, *others = [len(texts_in(asked)) for asked in server.requests]
    assert (first, sorted(others)) == (1, [44, 128, 128])  # those under way at a time come in any order
    assert all(asked["encoding_format"] == "base64" and asked["model"] == "m" for asked in server.requests)
    assert set(server.paths) == {"/v1/embeddings"}


def test_no_more_than_so_many_requests_are_under_way():
    busy, most, guard = [0], [0], threading.Lock()

    def slow(request, asked):
        with guard:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        threading.Event().wait(0.05)
        with guard:
            busy[0] -= 1
        send(request, 200, answer_of(asked, request.path))

    with vector_server(None, *[slow] * 10) as server:
        load(server).encode([f"text {at}" for at in range(1200)])
    assert 1 < most[0] <= AT_ONCE


@pytest.mark.parametrize(("prefix", "path"), [("cohere", "/v1/embed"), ("voyage", "/v1/embeddings")])
def test_what_is_looked_for_is_told_apart_where_the_protocol_has_a_word_for_it(prefix, path):
    with vector_server() as server:
        encoder = load(server, prefix=prefix)
        documents, query = encoder.encode(["soup", "bread"]), query_vectors(encoder, ["soup"])
    told = "search_" if prefix == "cohere" else ""
    np.testing.assert_allclose(documents, expected(["soup", "bread"], f"{told}document"), atol=1e-6)
    np.testing.assert_allclose(query, expected(["soup"], f"{told}query"), atol=1e-6)
    assert set(server.paths) == {path}


def test_fewer_dimensions_are_asked_for_and_belong_to_the_name_and_the_fingerprint():
    with vector_server() as server:
        encoder = load(server, more=",dimensions=8")
        assert encoder.encode(["soup"]).shape == (1, 8)
        assert encoder.name == f"openai:m,dimensions=8@{server.address}"
        assert encoders.canonical(encoder.name) == encoder.name
        names = [f"openai:{m}@{server.address}" for m in ("m", "n", "m,dimensions=8", "m,dimensions=9")]
        assert len({encoders.fingerprint(name) for name in names}) == 4
        assert encoders.fingerprint("openai:m") != encoders.fingerprint(names[0])


def test_a_server_that_gives_other_dimensions_than_asked_for_is_found_out_before_anything_else():
    def stubborn(request, asked):
        asked.pop("dimensions")
        send(request, 200, answer_of(asked, request.path))

    with vector_server(stubborn) as server, pytest.raises(BadSetting, match="16 numbers, not 8"):
        load(server, more=",dimensions=8")


def test_numbers_are_taken_as_text_from_a_server_that_does_not_pack_them():
    def refuse(request, asked):
        assert "encoding_format" in asked
        send(request, 400, b'{"error": "unknown field"}')

    def plain(request, asked):
        send(request, 200, answer_of({"input": texts_in(asked)}, request.path))

    with vector_server(refuse) as server:
        np.testing.assert_allclose(load(server).encode(["soup"]), expected(["soup"]), atol=1e-6)
        assert "encoding_format" not in server.requests[-1]
    with vector_server(plain, plain) as server:
        np.testing.assert_allclose(load(server).encode(["soup"]), expected(["soup"]), atol=1e-6)


def test_a_server_that_is_busy_or_breaks_is_waited_for_and_the_wait_is_told():
    notes = []
    busy = status(429, Retry_After="1")
    with vector_server(None, busy, status(500), status(503, Retry_After="0")) as server:
        encoder = load(server)
        parts = list(encoder.stream(["soup"], notes.append))
    np.testing.assert_allclose(parts[0].vectors, expected(["soup"]), atol=1e-6)
    assert len(server.requests) == 5
    assert any("takes no more for now; going on in 1 s" in note for note in notes)


def test_all_requests_wait_when_one_is_told_to():
    with vector_server(None, status(429, Retry_After="1")) as server:
        encoder = load(server)
        list(encoder.stream([f"text {at}" for at in range(128 * 6)]))
    assert len(server.requests) == 1 + AT_ONCE + 6 - (AT_ONCE - 1)


def test_what_is_spent_is_not_waited_for():
    spent = status(429, json.dumps({"error": {"code": "insufficient_quota", "message": "pay"}}).encode())
    with vector_server(None, spent) as server, pytest.raises(NoAnswer, match="used up"):
        load(server).encode(["soup"])
    assert len(server.requests) == 2


def test_a_bad_text_is_nan_and_the_others_are_untouched_and_in_order():
    bad = ("text number 7", "text number 250")
    with vector_server(bad=bad) as server:
        encoder = load(server)
        vectors = encoder.encode(TEXTS)
    lost = np.isnan(vectors).all(axis=1)
    assert np.flatnonzero(lost).tolist() == [7, 250]
    np.testing.assert_allclose(vectors[~lost], expected([t for t in TEXTS if t not in bad]), atol=1e-6)
    assert len(server.requests) < 50
    assert list(encoder.refused) == ["this input cannot be read"] * 2


def test_a_server_that_takes_fewer_texts_at_once_gets_fewer_from_then_on():
    with vector_server(most=32) as server:
        encoder = load(server)
        encoder.encode(TEXTS)
        before = len(server.requests)
        np.testing.assert_allclose(encoder.encode(TEXTS), expected(TEXTS), atol=1e-6)
    assert all(len(texts_in(asked)) <= 32 for asked in server.requests[before:])


def test_a_text_that_is_too_long_is_cut_until_it_is_taken_and_said_to_be():
    with vector_server(longest=3_000) as server:
        encoder = load(server)
        [part] = list(encoder.stream(["word " * 2_000]))
        assert part.cut.tolist() == [True]
        np.testing.assert_allclose(part.vectors, expected([("word " * 2_000)[:2_500]]), atol=1e-6)


def test_a_text_of_a_million_characters_is_not_sent_whole():
    with vector_server() as server:
        encoder = load(server)
        [part] = list(encoder.stream(["word " * 200_000]))
    assert part.cut.tolist() == [True]
    assert len(server.texts[0]) <= 4 * 8_191


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b'{"data": []}', "0 vectors for 2 texts"),
        (b"<html>", "no vectors"),
        (b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 0, "embedding": [1, 2]}]}', "no vectors"),
        (b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1]}]}', "several lengths"),
        (b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1, 3]}]}', "vectors of 2 numbers"),
        (b'{"data": [{"index": 0, "embedding": "@@"}, {"index": 1, "embedding": "@@"}]}', "no vectors"),
    ],
)
def test_an_answer_that_is_none_is_asked_for_once_more_and_then_said(answer, said):
    with vector_server(None, status(200, answer)) as server:
        np.testing.assert_allclose(load(server).encode(["a", "b"]), expected(["a", "b"]), atol=1e-6) if (
            "numbers" not in said
        ) else None
    with vector_server(None, *[status(200, answer)] * 2) as server, pytest.raises(NoAnswer, match=said):
        load(server).encode(["a", "b"])


def test_a_vector_with_a_number_that_is_none_is_nan_and_the_others_stay():
    def broken(request, asked):
        rows = [{"index": 0, "embedding": [None] * DIM}, {"index": 1, "embedding": vector_of("b").tolist()}]
        send(request, 200, json.dumps({"data": rows}).encode())

    with vector_server(None, broken) as server:
        vectors = load(server).encode(["a", "b"])
    assert np.isnan(vectors[0]).all()
    np.testing.assert_allclose(vectors[1], vector_of("b"), atol=1e-6)


@pytest.mark.parametrize(
    ("code", "said"),
    [(401, "wants a key"), (403, "another model"), (404, "no such model"), (302, "sends requests on"), (418, "418")],
)
def test_what_no_patience_mends_is_said_in_a_sentence(code, said):
    with vector_server(None, status(code)) as server, pytest.raises(NoAnswer, match=said):
        load(server).encode(["soup"])
    assert len(server.requests) == 2


def test_a_server_that_refuses_every_text_is_not_asked_for_each():
    with vector_server(bad=tuple(TEXTS)) as server, pytest.raises(NoAnswer, match="refuses every text"):
        load(server).encode(TEXTS)
    assert len(server.requests) < 200


def test_a_server_that_refuses_the_model_says_so():
    refuse = status(400, b'{"error": {"message": "no dimensions for this model"}}')
    with vector_server(refuse, refuse) as server, pytest.raises(BadSetting, match="no dimensions for this model"):
        load(server)


def test_giving_up_leaves_at_once_and_cancels_what_is_under_way():
    with vector_server(after=1, pause=threading.Event()) as server:
        encoder, seen = load(server), []

        def watch(note):
            seen.append(note)
            if len(seen) == 2:
                raise Cancelled("the run was cancelled.")

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(lambda: list(encoder.stream(TEXTS, watch)))
            with pytest.raises(Cancelled):
                waiting.result(timeout=10 * LOOK_SECONDS)
        server.pause.set()


def test_the_key_goes_into_a_header_to_the_addresses_that_were_named_for_it_alone(monkeypatch, tmp_path):
    monkeypatch.setenv(ENCODER_KEY, "secret-key-1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key-2")
    with vector_server() as server:
        load(server)
        assert "Authorization" not in server.headers[-1]
        monkeypatch.setenv(ENCODER_URLS, f"https://other.example/v1, {server.address}/embeddings")
        encoder = load(server)
        assert server.headers[-1]["Authorization"] == "Bearer secret-key-1"
        assert "secret" not in f"{encoder!r} {vars(encoder)} {encoder.fingerprint} {encoder.name} {encoder._session!r}"
        monkeypatch.delenv(ENCODER_URLS)
        monkeypatch.setenv("OUR_KEY", "secret-key-3")
        (tmp_path / "encoders.toml").write_text(
            f'[ours]\nencoder = "openai:m"\naddress = "{server.address}"\nkey = "OUR_KEY"\n'
        )
        monkeypatch.setenv("EXPLORER_ENCODERS", str(tmp_path / "encoders.toml"))
        encoders.load_encoder("ours")
        assert server.headers[-1]["Authorization"] == "Bearer secret-key-3"


def test_the_key_is_in_no_error_even_where_the_server_repeats_it(monkeypatch):
    monkeypatch.setenv(ENCODER_KEY, "secret-key-1")
    said = json.dumps({"error": {"message": "bad secret-key-1"}}).encode()
    for code in (400, 401, 403, 500):
        with vector_server(*[status(code, said)] * 12) as server:
            monkeypatch.setenv(ENCODER_URLS, server.address)
            monkeypatch.setattr("explorer.encoders.session.BREAKS", 0)
            with pytest.raises((NoAnswer, BadSetting)) as told:
                load(server)
        assert "secret" not in str(told.value)


def test_a_company_is_not_asked_without_its_key(monkeypatch):
    for name, variable in (
        ("openai:m", "OPENAI_API_KEY"),
        ("cohere:m", "COHERE_API_KEY"),
        ("voyage:m", "VOYAGE_API_KEY"),
    ):
        monkeypatch.delenv(variable, raising=False)
        with pytest.raises(BadSetting, match=variable):
            encoders.load_encoder(name)
    monkeypatch.setenv("OPENAI_API_KEY", "two words")
    with pytest.raises(BadSetting, match="OPENAI_API_KEY holds characters") as told:
        encoders.load_encoder("openai:m")
    assert "two words" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "full"),
    [
        ("openai:bge-m3@http://LocalHost:11434", "openai:bge-m3@http://localhost:11434/v1"),
        ("openai:bge-m3:latest@http://a/v1/embeddings,dimensions=9", "openai:bge-m3:latest,dimensions=9@http://a/v1"),
        ("openai:BAAI/bge-m3,dimensions=9@https://a/x/", "openai:BAAI/bge-m3,dimensions=9@https://a/x"),
        ("openai:m@https://api.openai.com/v1", "openai:m"),
        ("cohere:m@https://a", "cohere:m@https://a/v2"),
        ("voyage:m", "voyage:m"),
    ],
)
def test_a_name_may_be_written_as_people_write_it(given, full):
    assert encoders.canonical(given) == full
    assert encoders.canonical(full) == full
    assert encoders.sends_to(full)


@pytest.mark.parametrize(
    "name",
    ["openai:", "openai:m,dimensions=0", "openai:m,size=3", "openai:m@http://u:secret@a/v1", "openai:m@http://a/v1?secret=1",
     "openai:m@ftp://secret", "openai:two secret words"],
)  # fmt: skip
def test_what_is_no_name_is_refused(name):
    with pytest.raises((UnknownEncoder, BadSetting)) as told:
        encoders.canonical(name)
    assert "secret@" not in str(told.value)
    assert "=1" not in str(told.value)


def test_pictures_are_not_sent():
    with vector_server() as server:
        encoder = load(server)
        with pytest.raises(WrongModality):
            encoder.encode([ImageRef("a.png", "0" * 64)])
    assert len(server.requests) == 1


def test_the_list_says_who_gets_the_items():
    told = {spec.name: spec for spec in encoders.list_encoders()}
    assert told["openai:text-embedding-3-small"].sends == "api.openai.com"
    assert told["cohere:embed-v4.0"].sends == "api.cohere.com"
    assert told["minilm"].sends == ""
    assert encoders.sends_to("minilm") == encoders.sends_to("st:some/model") == ""
    assert configured.named_encoders() == ()
