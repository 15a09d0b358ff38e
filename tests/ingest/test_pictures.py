"""Pictures from files, folders and archives: what is opened, what is rejected and why."""

import hashlib
import io
import struct
import threading
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from explorer.errors import Cancelled, NothingUsable, UnreadableFile
from explorer.ingest import archives, load, media, preview
from explorer.ingest.media import folders
from explorer.kinds import ImageRef, close_archives, open_archive, open_image, pages_of, read_bytes
from explorer.kinds import picture as pictures
from explorer.types import Dataset


def encoded(
    form: str = "PNG", color: object = "red", size: tuple[int, int] = (8, 6), mode: str = "RGB", **save: object
) -> bytes:
    register_heif_opener()
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, form, **save)  # type: ignore[arg-type]
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")


def noisy_jpeg() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)).save(out, "JPEG")
    return out.getvalue()


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def reasons(dataset: Dataset) -> dict[str, str]:
    assert all(fault.row is None for fault in dataset.rejected)
    return {fault.source: fault.reason for fault in dataset.rejected}


def refs(dataset: Dataset) -> list[ImageRef]:
    return [item for item in dataset.items if isinstance(item, ImageRef)]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.JPG", "JPEG"),
        ("a.jpeg", "JPEG"),
        ("a.Png", "PNG"),
        ("a.webp", "WEBP"),
        ("a.gif", "GIF"),
        ("a.bmp", "BMP"),
        ("a.jfif", "JPEG"),
        ("a.tif", "TIFF"),
        ("a.avif", "AVIF"),
        ("a.jpe", "JPEG"),
        ("a.heic", "HEIF"),
        ("a.jp2", "JPEG2000"),
        ("a.ppm", "PPM"),
        ("wrong.jpg", "PNG"),
    ],
)
def test_every_format_is_read_in_any_case_and_under_a_wrong_name(tmp_path: Path, name: str, form: str) -> None:
    content = encoded(form, "white")
    (tmp_path / name).write_bytes(content)
    dataset = load(tmp_path / name)
    (ref,) = refs(dataset)
    assert ref == ImageRef(str(tmp_path / name), hashlib.sha256(content).hexdigest(), name=name)
    assert dataset.table.to_dict("list") == {"width": [8], "height": [6]}
    assert open_image(ref).getpixel((0, 0)) == (255, 255, 255)
    assert read_bytes(ref) == content


def test_a_picture_is_turned_by_its_exif_orientation(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG", "blue", (8, 6), exif=exif))
    (tmp_path / "a.heic").write_bytes(encoded("HEIF", "blue", (8, 6), exif=exif.tobytes()))
    for name in ("a.jpg", "a.heic"):
        dataset = load(tmp_path / name)
        assert dataset.table.to_dict("list") == {"width": [6], "height": [8]}
        assert open_image(refs(dataset)[0]).size == (6, 8)


def test_transparency_lies_on_white() -> None:
    assert pictures.decode(encoded("PNG", (0, 0, 0, 0), mode="RGBA")).getpixel((0, 0)) == (255, 255, 255)
    assert pictures.decode(encoded("PNG", (0, 255), mode="LA")).getpixel((0, 0)) == (0, 0, 0)
    assert pictures.decode(encoded("PNG", 0, mode="P", transparency=0)).getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    out = io.BytesIO()
    Image.fromarray(np.full((2, 2), 128 * 256, np.uint16)).save(out, "PNG")
    assert pictures.decode(out.getvalue()).getpixel((0, 0)) == (128, 128, 128)


def test_cmyk_and_grey_become_rgb() -> None:
    assert pictures.decode(encoded("JPEG", (0, 0, 0, 0), mode="CMYK")).getpixel((0, 0)) == (255, 255, 255)
    assert pictures.decode(encoded("JPEG", 100, mode="L")).getpixel((0, 0)) == (100, 100, 100)


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_greys_of_many_bits_are_shown_by_their_range_and_told(tmp_path: Path, bits: int) -> None:
    values = np.linspace(0, 2**bits - 1, 64).astype(np.uint16).reshape(8, 8)
    for suffix in (".png", ".tif"):
        Image.fromarray(values).save(tmp_path / f"a{suffix}")
    dataset = load(tmp_path)
    assert dataset.table["bits"].tolist() == [bits, bits]
    for ref in refs(dataset):
        assert np.asarray(open_image(ref))[..., 0].tolist() == (values >> (bits - 8)).tolist()


def test_greys_below_zero_and_broken_ones_keep_their_order(tmp_path: Path) -> None:
    scan = np.array([[-1024, 0, 1000, 3000]], np.int32)
    for number, values in enumerate(
        (scan, scan / 1000, np.float32([[0, 0.25, 0.5, 1]]), np.float32([[np.nan, 2, 3, np.inf]]))
    ):
        mode = values.astype(np.int32 if values.dtype == np.int32 else np.float32)
        Image.fromarray(mode).save(tmp_path / f"{number}.tif")
    shown = [np.asarray(open_image(ref))[0, :, 0].tolist() for ref in refs(load(tmp_path))]
    assert shown == [[0, 64, 126, 251], [0, 65, 128, 255], [0, 64, 128, 255], [0, 2, 3, 255]]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "MPO", "HEIF"])
def test_an_animation_shows_its_first_frame(form: str) -> None:
    out = io.BytesIO()
    first, second = Image.new("RGB", (4, 4), "white"), Image.new("RGB", (4, 4), "black")
    lossless = {"lossless": True} if form == "WEBP" else {}
    first.save(out, form, save_all=True, append_images=[second], **lossless)  # type: ignore[arg-type]
    assert pictures.decode(out.getvalue()).getpixel((0, 0)) == (255, 255, 255)


def chunk(name: bytes, body: bytes, *, damaged: bool = False) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body) ^ damaged)


def test_pages_of_a_scan_beyond_its_first_are_told(tmp_path: Path) -> None:
    page, out = Image.new("L", (8, 6), 200), io.BytesIO()
    page.save(out, "TIFF", save_all=True, append_images=[page, page])
    (tmp_path / "scan.tif").write_bytes(out.getvalue())
    (tmp_path / "one.tif").write_bytes(encoded("TIFF"))
    dataset = load([tmp_path / "scan.tif", tmp_path / "one.tif"])
    assert len(dataset) == 2
    (told,) = dataset.rejected
    assert (told.source, told.reason) == (
        "scan.tif",
        "of its 3 pages the first is read. Save each as a picture of its own",
    )


def test_what_stands_beside_the_pixels_of_a_png_spoils_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded("PNG", 0, (8, 6), "P", transparency=0, exif=exif)
    after = 8 + 25
    text = chunk(b"zTXt", b"note\0\0" + zlib.compress(b"a" * 2**21))
    for beside in (text, chunk(b"tEXt", b"note\0a", damaged=True), chunk(b"gAMA", b"?")):
        image = pictures.decode(whole[:after] + beside + whole[after:])
        assert (image.size, image.getpixel((0, 0))) == ((6, 8), (255, 255, 255))
    torn = bytearray(encoded(size=(64, 64)))
    torn[torn.index(b"IDAT") + 6] ^= 0xFF
    with pytest.raises(UnreadableFile, match="the picture is damaged"):
        pictures.decode(bytes(torn))


def test_a_drawing_of_instructions_is_never_drawn(tmp_path: Path) -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"
    (tmp_path / "a.svg").write_bytes(drawing)
    (tmp_path / "b.png").write_bytes(drawing)
    (tmp_path / "c.png").write_bytes(encoded())
    told = reasons(load(tmp_path))
    assert told["a.svg"] == "the type .svg is not read; save it as PNG"
    assert told["b.png"].startswith("the content is not a JPEG")


def test_a_size_hint_decodes_a_jpeg_smaller_but_no_smaller_than_asked(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG", "red", (800, 600)))
    ref = refs(load(tmp_path / "a.jpg"))[0]
    assert open_image(ref).size == (800, 600)
    small = open_image(ref, size=100)
    assert 100 <= min(small.size) < 600


def test_a_folder_rejects_each_bad_file_with_its_reason(tmp_path: Path) -> None:
    good = encoded()
    jpeg = noisy_jpeg()
    files = {
        "cat/1.png": good,
        "cat/empty.png": b"",
        "cat/page.jpg": b"<html>not found</html>",
        "dog/cut.jpg": jpeg[: len(jpeg) // 2],
        "dog/cut.png": encoded(size=(64, 64))[:80],
        "dog/huge.png": huge_png(11_000, 10_000),
        "dog/vast.png": huge_png(60_000, 60_000),
        "dog/labels.csv": b"a,b\n1,2\n",
        "dog/readme.doc": b"x",
        "dog/more.zip": b"x",
        "noending": b"x",
        ".hidden/1.png": good,
        "__MACOSX/1.png": good,
        "dog/.DS_Store": b"x",
        "dog/Thumbs.db": b"x",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    dataset = load(tmp_path)
    assert [ref.name for ref in refs(dataset)] == ["cat/1.png"]
    told = reasons(dataset)
    assert told.pop("cat/empty.png") == "the file is empty"
    assert told.pop("cat/page.jpg").startswith(
        "the content is not a JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC picture"
    )
    assert told.pop("dog/cut.jpg").startswith("the picture is damaged: image file is truncated")
    assert told.pop("dog/cut.png").startswith("the picture is damaged: ")
    assert told.pop("dog/huge.png").startswith("the picture is huge: 11000 × 10000, 110 megapixels; the limit is 100")
    assert told.pop("dog/vast.png").startswith("the picture is huge: 3600 megapixels; the limit is 100")
    assert told.pop("dog/labels.csv").startswith("it lies among pictures")
    assert told.pop("dog/readme.doc") == "the type .doc is not read; save it as .docx or PDF"
    assert told.pop("dog/more.zip").startswith("a zip archive inside a folder is not opened")
    assert told.pop("noending").startswith("a file without an ending is not read; accepted are tables")
    assert told == {}


def test_a_zip_gives_the_same_dataset_as_the_folder_it_was_made_of(tmp_path: Path) -> None:
    files = {"b/2.png": encoded(color="blue"), "a/1.png": encoded(), "a/bad.png": b"?"}
    for name, content in files.items():
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / name).write_bytes(content)
    packed, folder = load(zipped(tmp_path / "photos.zip", files)), load(tmp_path / "photos")
    assert [ref.name for ref in refs(packed)] == [ref.name for ref in refs(folder)] == ["a/1.png", "b/2.png"]
    assert refs(packed)[0].member == "a/1.png"
    assert refs(packed)[0].path == str(tmp_path / "photos.zip")
    assert packed.table["folder"].tolist() == folder.table["folder"].tolist() == ["a", "b"]
    assert packed.key == folder.key
    assert open_image(refs(packed)[1]).getpixel((0, 0)) == (0, 0, 255)
    assert sorted(tmp_path.iterdir()) == [tmp_path / "photos", tmp_path / "photos.zip"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["photos/cat/1.png", "photos/dog/2.png"], ["cat", "dog"]),
        (["cat/1.png", "dog/2.png"], ["cat", "dog"]),
        (["photos/1.png", "photos/dog/2.png"], [None, "dog"]),
        (["1.png", "dog/2.png"], [None, "dog"]),
        (["cats/1.png", "cats/2.png"], ["cats", "cats"]),
        (["a/b/c/1.png", "a/b/d/1.png"], ["b/c", "b/d"]),
        (["1.png"], [None]),
    ],
)
def test_one_top_folder_around_everything_is_left_out(names: list[str], expected: list[str | None]) -> None:
    assert folders(names) == expected


def test_bad_entries_of_an_archive_are_rejected_and_names_are_cleaned(tmp_path: Path) -> None:
    good = encoded()
    path = zipped(
        tmp_path / "p.zip",
        {
            "../../up.png": good,
            "/root/abs.png": good,
            "win\\dir\\w.png": good,
            "secret.png": good,
            "inner.zip": b"x",
            "__MACOSX/._1.png": good,
            "crc.png": good,
        },
    )
    raw = bytearray(path.read_bytes())
    central = raw.rindex(b"secret.png") - 46
    raw[central + 8] |= 1
    body = raw.index(b"crc.png") + len("crc.png")
    raw[body + 5] ^= 0xFF
    path.write_bytes(bytes(raw))
    dataset = load(path)
    assert [ref.name for ref in refs(dataset)] == ["root/abs.png", "up.png", "win/dir/w.png"]
    assert all(open_image(ref).size == (8, 6) for ref in refs(dataset))
    told = reasons(dataset)
    assert told.pop("secret.png") == "it is encrypted; pack it without a password"
    assert told.pop("inner.zip").startswith("a zip archive inside a zip archive is not opened")
    assert told.pop("crc.png").startswith("it cannot be read: ")
    assert told == {}


def test_an_utf8_name_without_its_flag_is_read_as_utf8(tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", {"k\u00fcche.png": encoded()})
    raw = bytearray(path.read_bytes())
    local, central = raw.index(b"PK\x03\x04"), raw.index(b"PK\x01\x02")
    raw[local + 7] &= ~0x08
    raw[central + 9] &= ~0x08
    path.write_bytes(bytes(raw))
    (ref,) = refs(load(path))
    assert ref.name == "küche.png"
    assert open_image(ref).size == (8, 6)


def test_of_two_entries_with_one_name_the_later_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("a.png", encoded(color="red"))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.png", encoded(color="blue"))
    dataset = load(tmp_path / "p.zip")
    assert open_image(refs(dataset)[0]).getpixel((0, 0)) == (0, 0, 255)
    assert reasons(dataset) == {"a.png": "a later entry of the archive has the same name"}


def test_a_name_that_says_it_is_utf_8_and_is_not_costs_no_other_file(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"k\u00fcche.png": encoded()}).read_bytes()
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:  # stored: the inner archive's bytes stand there as they are
        archive.writestr("inner.zip", inner.replace("k\u00fcche".encode(), b"k\xff\xfeche"))
        for number, name in enumerate(("k\u00fcche.png", "b\u00e4r.png", "plain.png")):
            archive.writestr(name, encoded(size=(number + 1, 2)))
    whole = path.read_bytes()
    path.write_bytes(whole.replace("k\u00fcche".encode(), b"k\xff\xfeche"))
    dataset = load(path)
    sizes = {ref.name: open_image(ref).size[0] for ref in refs(dataset)}
    assert (sizes.pop("b\u00e4r.png"), sizes.pop("plain.png")) == (2, 3)
    assert list(sizes.values()) == [1]
    assert open_archive(path).read("inner.zip") == inner.replace("k\u00fcche".encode(), b"k\xff\xfeche")
    assert path.read_bytes() == whole.replace("k\u00fcche".encode(), b"k\xff\xfeche")


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "p.zip", {"a.bmp": bytes(2_000_000)})
    monkeypatch.setattr(archives, "RATIO_MATTERS", 1_000_000)
    with pytest.raises(UnreadableFile, match=r"p.zip unpacks to [\d,]+ times its size; the limit is 500 times"):
        load(path)
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to 0 GiB"):
        load(path)
    monkeypatch.setattr(archives, "MAX_ENTRIES", 0)
    with pytest.raises(UnreadableFile, match="holds 1 files; the limit is 0"):
        load(path)


def test_a_file_that_is_too_large_to_be_a_picture_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_BYTES", 10)
    (tmp_path / "a.png").write_bytes(encoded())
    with pytest.raises(NothingUsable, match="the picture is huge: 0 MiB"):
        load(tmp_path / "a.png")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_a_broken_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.zip").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"cannot read p.zip: it is not a whole zip archive"):
        load(tmp_path / "p.zip")


def test_an_empty_archive_or_folder_has_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (zipped(tmp_path / "p.zip", {}), tmp_path / "empty"):
        with pytest.raises(NothingUsable, match=f"there is nothing to read in {path.name}"):
            load(path)


def test_an_archive_without_pictures_gives_its_tables_and_texts(tmp_path: Path) -> None:
    table = b"text,n\nsome words here,1\n,2\n"
    path = zipped(tmp_path / "p.zip", {"d/b.csv": table, "d/a.txt": b"a line\n", "d/c.pdf": b"%PDF"})
    dataset = load(path)
    assert dataset.items == ["a line", "some words here"]
    assert dataset.table["source"].tolist() == ["d/a.txt", "d/b.csv"]
    assert [(fault.source, fault.row) for fault in dataset.rejected] == [("d/b.csv", 1), ("d/c.pdf", None)]


def test_parquet_and_jsonl_are_read_from_an_archive(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"text": ["from parquet it is"]}), out)
    path = zipped(tmp_path / "p.zip", {"a.parquet": out.getvalue(), "b.jsonl": b'{"text": "from json it is"}'})
    assert load(path).items == ["from parquet it is", "from json it is"]


def test_each_good_picture_is_handed_over_once_while_it_is_decoded(tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", {f"{i:03}.png": encoded(size=(i + 1, 2)) for i in range(150)} | {"x.png": b"?"})
    seen: dict[str, tuple[int, int]] = {}
    lock = threading.Lock()

    def keep(ref: ImageRef, image: Image.Image) -> None:
        with lock:
            seen[ref.name] = image.size

    steps: list[tuple[int, int]] = []
    dataset = load(path, on_image=keep, progress=lambda done, total: steps.append((done, total)))
    assert seen == {f"{i:03}.png": (i + 1, 2) for i in range(150)}
    assert dataset.table["width"].tolist() == list(range(1, 151))
    assert len(steps) == 151
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)


def test_progress_may_cancel(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled(f"at {done} of {total}")

    (tmp_path / "a.csv").write_text("text\nsome words here\n")
    for path in (zipped(tmp_path / "p.zip", {"1.png": encoded(), "2.png": encoded()}), tmp_path / "a.csv"):
        with pytest.raises(Cancelled):
            load(path, progress=stop)


def test_a_picture_that_went_away_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded())
    ref = refs(load(tmp_path / "a.png"))[0]
    (tmp_path / "a.png").unlink()
    with pytest.raises(UnreadableFile, match=r"cannot read .*a\.png: no such file"):
        open_image(ref)
    path = zipped(tmp_path / "p.zip", {"a.png": encoded()})
    with pytest.raises(UnreadableFile, match="no such entry"):
        open_image(ImageRef(str(path), "", member="b.png"))


def test_a_rewritten_archive_is_opened_anew(tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", {"a.png": encoded(color="red")})
    ref = refs(load(path))[0]
    path.unlink()
    zipped(path, {"a.png": encoded(color="blue", size=(50, 50))})
    assert open_image(ref).size == (50, 50)


def test_many_threads_read_one_archive(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = zipped(tmp_path / "p.zip", {f"{i:02}.png": encoded(size=(i + 1, 1)) for i in range(40)})
    found = refs(load(path))
    with ThreadPoolExecutor(8) as pool:
        sizes = list(pool.map(lambda ref: open_image(ref).size[0], found * 3))
    assert sizes == [*range(1, 41)] * 3
    close_archives()


def test_a_preview_of_pictures_lists_the_first_names(tmp_path: Path) -> None:
    shown = preview(zipped(tmp_path / "p.zip", {f"a/{i:02}.png": encoded() for i in range(12)}))
    assert (shown.kind, shown.text_column, len(shown.rows)) == ("images", None, 10)
    assert shown.rows[0] == {"name": "a/00.png"}


def test_names_in_an_archive_of_old_are_read_in_the_letters_they_were_written_in(tmp_path: Path) -> None:
    for codec, names in (
        (
            "cp932",
            ["写真/猫ソ1.png", "写真/表2.png"],
        ),  # of which two letters have half of them in common with a backslash
        ("cp850", ["Fotos/Größe Ærø.png", "Fotos/Été.png"]),
        ("cp866", ["Фото/кошка.png", "Фото/собака.png"]),
    ):
        fields = {name: encoded() for name in names}
        stand_ins = {"uv"[row] * len(name.encode(codec)): name for row, name in enumerate(fields)}
        path = zipped(tmp_path / f"{codec}.zip", dict(zip(stand_ins, fields.values(), strict=True)))
        raw = path.read_bytes()
        for stand_in, name in stand_ins.items():
            raw = raw.replace(stand_in.encode(), name.encode(codec))
        path.write_bytes(raw)
        dataset = load(path)
        assert [ref.name for ref in refs(dataset)] == sorted(names)
        assert all(open_image(ref).size == (8, 6) for ref in refs(dataset))


def test_titles_that_begin_with_dots_are_read_and_links_to_folders_are_listed(tmp_path: Path) -> None:
    for name in ("...and justice.png", ".hidden.png", ".DS_Store", "a.png"):
        (tmp_path / "d").mkdir(exist_ok=True)
        (tmp_path / "d" / name).write_bytes(encoded())
    (tmp_path / "d" / "linked").symlink_to(tmp_path, target_is_directory=True)
    dataset = load(tmp_path / "d")
    assert [ref.name for ref in refs(dataset)] == ["...and justice.png", "a.png"]
    assert reasons(dataset) == {"linked": "it is a link to a folder, and is not followed; load that folder itself"}
    assert load([tmp_path / "d" / ".DS_Store", tmp_path / "d" / "a.png"]).name == "a.png and 1 more"


@pytest.mark.parametrize("most", [200, 1_000, 4_095, 65_535])
def test_grey_of_few_bits_in_sixteen_is_seen(tmp_path: Path, most: int) -> None:
    grey = np.linspace(0, most, 64 * 64).astype(np.uint16).reshape(64, 64)
    Image.fromarray(grey).save(tmp_path / "scan.png")
    (ref,) = refs(load(tmp_path / "scan.png"))
    seen = np.asarray(open_image(ref).convert("L"))
    assert seen.max() >= 128
    assert (np.diff(seen.ravel().astype(int)) >= 0).all()


def test_a_heic_that_says_it_is_huge_takes_no_memory() -> None:
    whole = encoded("HEIF", "blue", (64, 64))
    sides = b"ispe\0\0\0\0" + struct.pack(">II", 64, 64)
    huge = whole.replace(sides, sides[:8] + struct.pack(">II", 30_000, 30_000))
    assert huge != whole
    with pytest.raises(UnreadableFile, match="huge: 900 megapixels; the limit is 100"):
        pictures.decode(huge)


def deep_png(values: np.ndarray) -> bytes:
    """Return a PNG of 16 bits a colour, (h, w, 3 or 4), each line as what it adds to the one above it."""
    height, width, parts = values.shape
    wide = values.astype(">u2").view(np.uint8).reshape(height, -1)
    before = np.vstack([np.zeros_like(wide[:1]), wide[:-1]])
    lines = b"".join(b"\x02" + (line - last).tobytes() for line, last in zip(wide, before, strict=True))

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 16, 2 if parts == 3 else 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("bits", "told"), [(10, 10), (12, 12), (14, 14), (16, None)])
@pytest.mark.parametrize("parts", [3, 4])
def test_colours_of_few_bits_in_sixteen_are_shown_by_their_range_and_told(
    tmp_path: Path, bits: int, told: int | None, parts: int
) -> None:
    values = np.random.default_rng(bits).integers(0, 2**bits, (9, 7, parts))
    values[0, 0, 0] = 2**bits - 1
    values[..., 3:] = 65_535  # nothing shines through
    (tmp_path / "a.png").write_bytes(deep_png(values))
    dataset = load(tmp_path)
    assert list(dataset.table.get("bits", [None])) == [told]
    (ref,) = refs(dataset)
    assert np.asarray(open_image(ref)).tolist() == (values[..., :3] >> (bits - 8)).tolist()


def test_a_black_picture_of_sixteen_bits_stays_black(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(deep_png(np.zeros((4, 4, 3), int)))
    dataset = load(tmp_path)
    assert "bits" not in dataset.table
    assert not np.asarray(open_image(refs(dataset)[0])).any()


@pytest.mark.parametrize("order", ["<", ">"])
def test_twelve_bits_in_a_tiff_of_sixteen_are_shown_by_their_range(tmp_path: Path, order: str) -> None:
    colours = np.random.default_rng(0).integers(0, 4096, (6, 5, 3)).astype(np.uint16)
    data, sizes = colours.astype(f"{order}u2").tobytes(), struct.pack(f"{order}3H", 16, 16, 16)
    values = {256: (4, 5), 257: (4, 6), 259: (3, 1), 262: (3, 2), 277: (3, 3), 278: (4, 6), 279: (4, len(data))}
    start = 8 + 2 + 12 * 9 + 4
    entries = {tag: (kind, 1, value) for tag, (kind, value) in values.items()}
    entries |= {258: (3, 3, start), 273: (4, 1, start + 6)}
    tags = b"".join(
        struct.pack(f"{order}HHI", tag, kind, many)
        + (struct.pack(f"{order}HH", value, 0) if (kind, many) == (3, 1) else struct.pack(f"{order}I", value))
        for tag, (kind, many, value) in sorted(entries.items())
    )
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(entries))
    (tmp_path / "a.tif").write_bytes(head + tags + bytes(4) + sizes + data)
    dataset = load(tmp_path / "a.tif")
    assert set(dataset.table["bits"]) == {12}
    assert np.array_equal(np.asarray(open_image(refs(dataset)[0])), colours >> 4)


def test_a_copy_in_small_is_no_page_of_a_tiff(tmp_path: Path) -> None:
    for kind, pages in ((1, 1), (0, 2), (4, 1)):
        out, page, other = io.BytesIO(), Image.new("RGB", (80, 60), "red"), Image.new("RGB", (20, 15), "red")
        other.encoderinfo = {"tiffinfo": {254: kind}}  # type: ignore[attr-defined]
        page.save(out, "TIFF", save_all=True, append_images=[other])
        assert pages_of(out.getvalue()) == pages


def test_a_tiff_of_twelve_bits_a_colour_says_so(tmp_path: Path) -> None:
    sizes, start = (12).to_bytes(2, "little") * 3, 8 + 2 + 12 * 10 + 4
    values = {256: (4, 4), 257: (4, 2), 259: (3, 1), 262: (3, 2), 277: (3, 3), 278: (4, 2), 279: (4, 36), 284: (3, 1)}
    entries = {tag: (kind, 1, value) for tag, (kind, value) in values.items()}
    entries |= {258: (3, 3, start), 273: (4, 1, start + 6)}
    tags = b"".join(struct.pack("<HHII", tag, *entries[tag]) for tag in sorted(entries))
    content = b"II*\0" + struct.pack("<IH", 8, len(entries)) + tags + bytes(4) + sizes + bytes(36)
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(NothingUsable, match="a TIFF of 12 bits a colour, in a form that is not read; save it with 8"):
        load(tmp_path / "a.tif")
    (tmp_path / "a.tif").write_bytes(content[:60])
    with pytest.raises(NothingUsable):
        load(tmp_path / "a.tif")


def test_how_a_file_was_read_that_is_left_out_beside_pictures_is_not_told(tmp_path: Path) -> None:
    drawn = {f"houses/{number}.png": encoded(color=(number, 9, 9)) for number in range(4)}
    named = "file;who\n" + "".join(f"houses/{number}.png;Ann\n" for number in range(4))
    left = load(zipped(tmp_path / "a.zip", {**drawn, "houses/notes.txt": b"ask Tom\nfor the other ones\n"}))
    told = load(zipped(tmp_path / "b.zip", {**drawn, "list.csv": named.encode()}))
    assert [fault.source for fault in left.rejected] == ["houses/notes.txt"]
    assert left.choices == ()
    assert {choice.name: choice.value for choice in told.choices}["delimiter"] == "semicolon"
