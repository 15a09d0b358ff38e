"""What every kind of item promises, tried on those that the package has and on one that a test brings along."""

import dataclasses
import hashlib
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from explorer.embedding import item_hashes
from explorer.errors import UnreadableFile
from explorer.kinds import BUILT_IN, DIGEST_BYTES, ImageRef, SoundRef, register, registry
from tests import sounds
from tests.kinds.colours import COLOURS, Colour

KINDS = {kind.name: kind for kind in (*BUILT_IN, COLOURS)}


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    register(COLOURS)


@pytest.fixture
def items(request, tmp_path):
    """Return three items of a kind, all different, and the first once more."""
    if request.param == "image":
        return [*(picture(tmp_path, number) for number in range(3)), picture(tmp_path, 0)]
    if request.param == "sound":
        return [*(sound(tmp_path, number) for number in range(3)), sound(tmp_path, 0)]
    if request.param == "colour":
        return [Colour(255, 0, 0), Colour(0, 255, 0), Colour(1, 2, 3), Colour(255, 0, 0)]
    return ["one", "", "half \ud83d a pair", "one"]


def picture(folder, number):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (80 * number, 0, 0)).save(out, "PNG")
    path = folder / f"{number}.png"
    path.write_bytes(out.getvalue())
    return ImageRef(str(path), hashlib.sha256(out.getvalue()).hexdigest(), name=f"album/{number}.png")


def sound(folder, number):
    content = sounds.encoded(sounds.made("chord", number, seconds=0.2))
    path = folder / f"{number}.wav"
    path.write_bytes(content)
    return SoundRef(str(path), hashlib.sha256(content).hexdigest(), name=f"album/{number}.wav", seconds=0.1 + 0.2)


def of_every_kind(test):
    both = [(kind, kind.name) for kind in KINDS.values()]
    return pytest.mark.parametrize(("kind", "items"), both, indirect=["items"], ids=list(KINDS))(test)


@of_every_kind
def test_its_items_say_of_which_kind_they_are(kind, items):
    assert all(registry.kind_of(item) is kind for item in items)
    assert registry.kind_named(kind.name) is kind


@of_every_kind
def test_equal_items_have_one_digest_and_others_another(kind, items):
    digests = [kind.digest(item) for item in items]
    assert all(len(digest) == DIGEST_BYTES for digest in digests)
    assert digests[0] == digests[3]
    assert len(set(digests)) == 3
    assert [bytes(row) for row in item_hashes(items)] == digests
    assert not any(character.isdigit() for character in kind.mark.decode())
    assert len({kind.content(item) for item in items}) == 3


@of_every_kind
def test_items_come_back_from_the_columns_in_which_they_are_kept(kind, items):
    columns = kind.stored(items, str)
    assert tuple(columns) == kind.columns
    assert all(cell is not None for cell in columns[kind.columns[0]])
    assert kind.restored(columns, str) == items
    assert kind.restored({name: [] for name in kind.columns}, str) == []


@of_every_kind
def test_an_item_goes_to_another_process_as_json(kind, items):
    assert [registry.unpacked(json.loads(json.dumps(registry.packed(item)))) for item in items] == items


@of_every_kind
def test_a_card_and_a_record_have_a_text_or_a_path_and_plain_values(kind, items):
    for item in items:
        for told in (kind.card(item), kind.record(item)):
            assert told
            assert set(told) <= {"text", "path", "length"}
        assert set(kind.record(item)) <= {"text", "path"}
        for told in (kind.card(item), kind.record(item)):
            assert all(type(value) is str for value in told.values())
        assert kind.record(item).get("text") == kind.text(item)
        assert kind.record(item).get("path") == kind.path(item)
        assert (kind.words(item) is not None) == kind.has_words


@of_every_kind
def test_a_kind_that_is_seen_gives_a_picture_and_a_name_for_its_thumbnail(kind, items):
    if not kind.has_picture:
        with pytest.raises(UnreadableFile, match=f"a {kind.nouns[0]} has no picture"):
            kind.picture(items[0])
        return
    assert kind.picture(items[0], size=16).mode == "RGB"
    assert len({kind.thumbnail(item) for item in items}) == 3
    assert all(kind.thumbnail(item).isalnum() for item in items)
    assert all(kind.label(item) for item in items)


@of_every_kind
def test_a_kind_that_is_heard_gives_what_a_browser_plays(kind, items):
    if not kind.has_sound:
        with pytest.raises(UnreadableFile, match=f"a {kind.nouns[0]} is not heard"):
            kind.media(items[0])
        return
    media, content = kind.media(items[0]), Path(items[0].path).read_bytes()
    assert media.form.startswith("audio/")
    assert media.size == len(content)
    assert b"".join(media.part(0, media.size)) == content
    assert b"".join(media.part(7, 70)) == content[7:70]


@of_every_kind
def test_a_file_that_is_gone_is_told_and_another_one_is_not_the_one(kind, items, tmp_path):
    if not kind.decodes_files:
        return
    assert all(map(kind.is_true, items))
    Path(items[1].path).write_bytes(b"another")
    assert not kind.is_true(items[1])
    Path(items[2].path).unlink()
    with pytest.raises(UnreadableFile, match="is gone"):
        kind.is_true(items[2])
    with pytest.raises(UnreadableFile, match="cannot read"):
        kind.picture(items[2])


def test_a_picture_lies_where_its_dataset_lies_and_a_text_nowhere():
    refs = [ImageRef("/up/a.zip", "ab" * 32, member="in/b.png", name="b.png")]
    columns = KINDS["image"].stored(refs, lambda path: path.replace("/up", "source"))
    assert columns["path"] == ["source/a.zip"]
    back = KINDS["image"].restored(columns, lambda path: f"/home/{path}")
    assert back == [dataclasses.replace(refs[0], path="/home/source/a.zip")]


def test_the_two_known_kinds_keep_the_digests_that_vectors_go_by():
    sha = hashlib.sha256(b"x").hexdigest()
    assert KINDS["text"].digest("one") == hashlib.blake2b(b"one", digest_size=16).digest()
    assert KINDS["image"].digest(ImageRef("a.png", sha)) == bytes.fromhex(sha)[:16]
    assert KINDS["image"].thumbnail(ImageRef("a.png", sha)) == sha
    assert (KINDS["text"].mark, KINDS["image"].mark) == (b"t", b"i")
