"""Models that tell texts that search from those that are searched, on a small one that is made here."""

import json
from pathlib import Path

import numpy as np
import pytest

from explorer.encoders import fingerprint, load_encoder
from explorer.encoders import query_vectors as queries
from explorer.encoders.prompts import Prompts
from explorer.questions.queries import encode_here

WORDS = ["query", "passage", ":", "soup", "with", "lemon", "train", "late", "the", "is"]


def made(folder: Path, prompts: dict[str, str], default: str | None = None) -> Path:
    """Save a transformer of one layer, with word pieces of its own, as sentence-transformers does."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    pieces = {word: at for at, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS])}
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    network = folder.parent / "network"
    BertModel(BertConfig(vocab_size=5 + len(WORDS), max_position_embeddings=32, **sizes)).save_pretrained(network)
    BertTokenizerFast(vocab=pieces, model_max_length=16).save_pretrained(network)
    modules = [Transformer(str(network), max_seq_length=16), Pooling(16)]
    model = SentenceTransformer(modules=modules, prompts=prompts, default_prompt_name=default, device="cpu")
    model.save(str(folder))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("asks") / "model", {"query": "query : ", "passage": "passage : "})


def theirs(folder: Path, text: str) -> np.ndarray:
    """Return the vector that the library makes of a text as it stands."""
    from sentence_transformers import SentenceTransformer

    vector = SentenceTransformer(str(folder), device="cpu").encode([text], prompt="", normalize_embeddings=True)
    return np.asarray(vector[0])


def test_items_are_encoded_as_documents_and_a_search_as_a_query(folder: Path) -> None:
    encoder = load_encoder(f"st:{folder}", device="cpu")
    item, search = encoder.encode(["soup with lemon"])[0], queries(encoder, ["soup with lemon"])[0]
    assert item @ theirs(folder, "passage : soup with lemon") > 0.9995
    assert search @ theirs(folder, "query : soup with lemon") > 0.9995
    assert item @ search < 0.9999
    np.testing.assert_allclose(encode_here(f"st:{folder}", "soup with lemon"), search, atol=1e-6)


def test_what_stands_before_a_text_counts_towards_what_is_read(folder: Path, tmp_path: Path) -> None:
    plain = load_encoder(f"st:{made(tmp_path / 'plain', {})}", device="cpu")
    prompted = load_encoder(f"st:{folder}", device="cpu")
    assert plain.truncates(["soup " * 14, "soup " * 15]).tolist() == [False, True]
    assert prompted.truncates(["soup " * 12, "soup " * 13]).tolist() == [False, True]
    np.testing.assert_array_equal(queries(plain, ["soup"]), plain.encode(["soup"]))


def test_prompts_are_part_of_what_identifies_the_vectors_and_none_change_nothing(folder: Path, tmp_path: Path) -> None:
    assert ":prompts:" in fingerprint(f"st:{folder}")
    assert ":prompts:" not in fingerprint(f"st:{made(tmp_path / 'plain', {})}")
    told = json.loads((folder / "config_sentence_transformers.json").read_text())
    assert told["prompts"]["query"] == "query : "


@pytest.mark.parametrize(
    ("named", "default", "expected"),
    [
        ({}, None, Prompts()),
        ({"query": "", "document": ""}, None, Prompts()),
        ({"query": "q: ", "corpus": "c: "}, "query", Prompts("q: ", "c: ")),
        ({"query": "q: "}, "query", Prompts("q: ", "")),
        ({"sts": "alike: ", "query": "", "document": ""}, "sts", Prompts("alike: ", "alike: ")),
        ({"sts": "alike: "}, None, Prompts()),
    ],
)
def test_the_prompts_of_a_model_go_by_the_names_that_the_library_knows(
    named: dict[str, str], default: str | None, expected: Prompts
) -> None:
    assert Prompts.of(named, default) == expected
