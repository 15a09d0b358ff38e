"""Functions as encoders, and the file that gives encoders names: what they promise, and what is said where not."""

import textwrap

import numpy as np
import pytest

from explorer import encoders
from explorer.config import ENCODERS_FILE
from explorer.contracts import ENCODER
from explorer.contracts.encoders import EncoderSubject
from explorer.encoders.own import OWN_FUNCTIONS
from explorer.errors import BadSetting, FaultyPackage, UnknownEncoder, UnknownKind
from tests.contracts.promises import each, hold

LETTERS = """
    import numpy as np
    def embed(texts):
        made = np.zeros((len(texts), 64))
        for row, text in enumerate(texts):
            for one in text.lower():
                made[row, ord(one) % 64] += 1
        return made + 0.01
    def flat(texts):
        return np.zeros(len(texts))
    def growing(texts):
        return np.ones((len(texts), 1 + len(texts)))
    def failing(texts):
        raise RuntimeError("no licence")
    def smelling(texts):
        return np.ones((len(texts), 2))
    smelling.reads = "smell"
    number = 7
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "mine.py"
    path.write_text(textwrap.dedent(LETTERS))
    return path


@pytest.fixture(scope="module")
def subject(file, tmp_path_factory):
    rest = OWN_FUNCTIONS.canonical(f"{file}:embed")
    return EncoderSubject(OWN_FUNCTIONS.load(rest, "cpu"), OWN_FUNCTIONS, rest, tmp_path_factory.mktemp("subject"))


@each(ENCODER)
def test_a_function_keeps_the_promises_of_an_encoder(subject, check):
    hold(subject, check)


def test_a_function_of_a_module_is_found_by_its_name(file, monkeypatch):
    monkeypatch.syspath_prepend(file.parent)
    encoder = encoders.load_encoder("own:mine:embed")
    assert encoder.dim == 64
    assert encoder.fingerprint == encoders.fingerprint("own:mine:embed")


def test_its_vectors_are_others_when_its_file_or_its_version_changes(tmp_path):
    path, found = tmp_path / "mine.py", set()
    for number, text in enumerate(("", "# changed", "embed.version = 2", "embed.version = 3")):
        path.write_text(f"def embed(texts): return [[1, 2]] * len(texts)\n{text}\n# {'x' * number}\n")
        found.add(encoders.fingerprint(f"own:{path}:embed"))
    assert len(found) == 4


@pytest.mark.parametrize(
    ("function", "error", "said"),
    [
        ("flat", FaultyPackage, r"an array of \(1,\)"),
        ("growing", FaultyPackage, "vectors of"),
        ("failing", FaultyPackage, "no licence"),
        ("smelling", UnknownKind, "smell"),
        ("number", UnknownEncoder, "no function number"),
        ("missing", UnknownEncoder, "no function missing"),
    ],
)
def test_what_is_wrong_with_a_function_is_said(file, function, error, said):
    with pytest.raises(error, match=said):
        encoders.load_encoder(f"own:{file}:{function}").encode(["a", "b"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("own:no_such_module:embed", "PYTHONPATH"),
        ("own:./nowhere.py:embed", "there is no file"),
        ("own:embed", "own:MODULE:FUNCTION"),
        ("own:a b:embed", "own:MODULE:FUNCTION"),
    ],
)
def test_what_is_no_function_is_said(name, said):
    with pytest.raises(UnknownEncoder, match=said):
        encoders.canonical(name)


GOOD = """
[small]
encoder = "openai:text-embedding-3-small"
dimensions = 512
price = 0.02

[ours]
encoder = "openai:bge-m3"
address = "http://127.0.0.1:9/v1"
key = "OUR_KEY"
requests = 2
about = "On the machine in the cellar."
currency = "EUR"

[plain]
encoder = "minilm"
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    def write(text):
        path = tmp_path / "encoders.toml"
        path.write_text(text)
        monkeypatch.setenv(ENCODERS_FILE, str(path))

    return write


def test_names_of_the_file_stand_in_the_list_and_for_what_they_say(written):
    written(GOOD)
    assert encoders.canonical("small") == "openai:text-embedding-3-small,dimensions=512"
    assert encoders.canonical("ours") == "openai:bge-m3@http://127.0.0.1:9/v1"
    assert encoders.canonical("plain") == "minilm"
    listed = {spec.name: spec for spec in encoders.list_encoders()}
    assert (listed["small"].dim, listed["small"].sends) == (512, "api.openai.com")
    assert (listed["ours"].summary, listed["ours"].sends) == ("On the machine in the cellar.", "127.0.0.1:9")
    assert (listed["plain"].dim, listed["plain"].sends, listed["plain"].offline) == (384, "", True)
    assert encoders.fingerprint("plain") == encoders.fingerprint("minilm")
    assert [one.price for one in encoders.named_encoders()] == [0.02, None, None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a\n", r"no TOML: .*line 1"),
        ("\n[a]\nencoder = 7\n", "line 3: encoder is '7'"),
        ('[a]\nencoder = "minilm"\n[b]\nencoder = "minilm"\nprize = 3\n', "line 5: there is no setting 'prize'"),
        ('[a]\nencoder = "minilm"\nkey = "sk-secret 123"\n', "line 3: key is"),
        ('[a]\nencoder = "minilm"\nrequests = 0\n', "line 3: requests is '0'"),
        ('[a]\nencoder = "minilm"\nprice = true\n', "line 3: price is"),
        ("[a]\n\n", r"line 1: \[a\] needs encoder"),
        ('encoder = "minilm"\n', "line 1: 'encoder' stands alone"),
    ],
)
def test_a_file_that_is_wrong_is_said_in_a_sentence_with_the_line(written, text, said):
    written(text)
    with pytest.raises(BadSetting, match=said) as told:
        encoders.list_encoders()
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_named_and_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv(ENCODERS_FILE, str(tmp_path / "none.toml"))
    with pytest.raises(BadSetting, match=r"none\.toml"):
        encoders.canonical("whatever")


def test_a_function_takes_a_plain_list_of_lists(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("def embed(texts): return [[3, 4]] * len(texts)\n")
    np.testing.assert_allclose(encoders.load_encoder(f"own:{path}:embed").encode(["a"]), [[0.6, 0.8]], atol=1e-6)
