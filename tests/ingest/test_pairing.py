"""Pictures and the texts beside them as items of one dataset."""

from pathlib import Path

import pytest

from explorer import ingest, run
from explorer.errors import BadChoice
from explorer.kinds import by_kind
from explorer.questions import search
from tests import tiny_clip

SHOWN = [("red", "circle"), ("blue", "square"), ("green", "triangle"), ("black", "ring"), ("orange", "bar")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "shapes"
    place.mkdir()
    for number, (color, shape) in enumerate(SHOWN):
        tiny_clip.draw(color, shape, seed=number).resize((64, 64)).save(place / f"{number}.png")
        if number != 3:
            (place / f"{number}.txt").write_text(
                f"This is a drawing of {tiny_clip.caption(color, shape)}, nothing else."
            )
    return place


def test_pictures_alone_are_items_unless_their_texts_are_asked_for_too(folder: Path) -> None:
    plain = ingest.load(folder)
    (choice,) = plain.choices
    assert (choice.name, choice.value) == ("items", "pictures")
    assert [value for value, _ in choice.options] == ["pictures", "texts", "both"]
    assert set(by_kind(plain.items)) == {"image"}
    assert "picture" not in plain.table

    both = ingest.load(folder, choices={"items": "both"})
    assert {kind: list(rows) for kind, rows in by_kind(both.items).items()} == {
        "image": [0, 1, 2, 3, 4],
        "text": [5, 6, 7, 8],
    }
    assert both.items[5] == "This is a drawing of a red circle, nothing else."
    assert both.table["picture"].tolist() == [
        "0.png",
        "1.png",
        "2.png",
        "3.png",
        "4.png",
        "0.png",
        "1.png",
        "2.png",
        "4.png",
    ]
    assert both.table["caption"].tolist()[5:] == list(both.items[5:])
    assert not both.rejected
    assert both.key != plain.key


def test_texts_alone_leave_no_picture_without_one_unsaid(folder: Path) -> None:
    texts = ingest.load(folder, choices={"items": "texts"})
    assert set(by_kind(texts.items)) == {"text"}
    assert [(one.source, one.reason.partition(";")[0]) for one in texts.rejected] == [
        ("3.png", "there is no text beside it in caption")
    ]
    with pytest.raises(BadChoice, match="Possible are pictures, texts, both"):
        ingest.load(folder, choices={"items": "sounds"})


def test_pictures_without_texts_know_no_such_choice(folder: Path) -> None:
    for text in folder.glob("*.txt"):
        text.unlink()
    assert not ingest.load(folder).choices
    with pytest.raises(BadChoice, match="can be read in one way only"):
        ingest.load(folder, choices={"items": "both"})


def test_labels_and_folders_are_no_texts_beside_pictures(folder: Path) -> None:
    for text in folder.glob("*.txt"):
        text.unlink()
    inner = folder / "drawings"
    inner.mkdir()
    for picture in folder.glob("*.png"):
        picture.rename(inner / picture.name)
    rows = [f"drawings/{at}.png,{shape}" for at, (_, shape) in enumerate(SHOWN)]
    (folder / "labels.csv").write_text("file,shape\n" + "\n".join(rows))
    assert "items" not in [choice.name for choice in ingest.load(folder).choices]


def test_a_caption_finds_its_picture_on_one_map(folder: Path, tmp_path: Path) -> None:
    clip_folder = tiny_clip.unpack(tmp_path / "clip")
    for number, (color, shape) in enumerate(SHOWN):
        (folder / f"{number}.txt").write_text(tiny_clip.caption(color, shape))
    (folder / "captions.csv").write_text(
        "file,words\n" + "\n".join(f"{at}.png,{tiny_clip.caption(*shown)}" for at, shown in enumerate(SHOWN))
    )
    both = ingest.load(folder, choices={"items": "both"})
    assert len(both) == 2 * len(SHOWN)
    made = run(both, workspace=tmp_path / "kept", encoder=f"clip:local-dir:{clip_folder}")
    similar = made.embeddings.vectors[5:] @ made.embeddings.vectors[:5].T
    assert (similar.argmax(axis=1) == range(5)).mean() >= 0.8
    hits = search(made, "a red circle", k=2).rows[0].tolist()
    assert set(hits) & {0, 5}
