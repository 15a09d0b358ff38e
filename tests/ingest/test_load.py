"""Several files together, keys, previews, and what is said when nothing can be read."""

from pathlib import Path

import pytest
from PIL import Image

from explorer.errors import NothingUsable, UnknownColumn, UnreadableFile
from explorer.ingest import accepted, load, load_text, preview, suffixes
from explorer.ingest.registry import unknown_type
from explorer.kinds import ImageRef


def table(path: Path, content: str = "text,n\nsome words here,1\n,2\nmore words here,3\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def picture(path: Path, color: str = "red") -> Path:
    Image.new("RGB", (4, 3), color).save(path)
    return path


def test_files_dropped_together_are_united(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", "text,n\nsome words here,1\n")
    two = table(tmp_path / "b.csv", "text,kind\nmore words here,x\n,y\n")
    dataset = load([one, two])
    assert dataset.items == ["some words here", "more words here"]
    assert dataset.columns == ("text", "n", "kind", "source")
    assert dataset.table["source"].tolist() == ["a.csv", "b.csv"]
    assert str(dataset.table["n"].dtype) == "Int64"
    assert dataset.table["n"].isna().tolist() == [False, True]
    assert [(fault.source, fault.row) for fault in dataset.rejected] == [("b.csv", 1)]
    assert dataset.name == "a.csv and 1 more"


def test_each_file_may_call_its_text_differently(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", "review,n\nsome words are here,1\nand some more there,2\n")
    two = table(tmp_path / "b.csv", "comment,n\nmore words are here,3\n")
    dataset = load([one, two])
    assert dataset.items == ["some words are here", "and some more there", "more words are here"]
    assert dataset.table.columns.tolist() == ["n", "text from column", "source"]
    named = load([one, two], text="review")
    assert len(named) == 2
    assert [(f.source, f.row, f.reason) for f in named.rejected] == [
        ("b.csv", None, "it has no column 'review'; its columns are comment, n")
    ]


def test_a_column_of_two_kinds_becomes_text(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", "text,n\nsome words here,1\n")
    two = table(tmp_path / "b.csv", "text,n\nmore words here,many\n")
    assert load([one, two]).table["n"].tolist() == ["1", "many"]


def test_a_column_called_source_is_not_overwritten(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", "text,source\nsome words here,web\n")
    two = table(tmp_path / "b.csv", "text,source\nmore words here,shop\n")
    loaded = load([one, two]).table
    assert loaded["source"].tolist() == ["web", "shop"]
    assert loaded["source_2"].tolist() == ["a.csv", "b.csv"]


def test_texts_and_pictures_come_together(tmp_path: Path) -> None:
    lines = table(tmp_path / "a.txt", "one line\nanother line\n")
    dataset = load([picture(tmp_path / "p.jpg"), lines, picture(tmp_path / "q.png", "blue")])
    assert [item if isinstance(item, str) else item.name for item in dataset.items] == [
        "p.jpg", "one line", "another line", "q.png",
    ]  # fmt: skip
    assert dataset.modalities == {"text", "image"}
    assert dataset.table.columns.tolist() == ["width", "height", "kind"]
    assert dataset.table["kind"].tolist() == ["picture", "text", "text", "picture"]
    assert dataset.table["width"].tolist()[0] == 4
    assert dataset.table["width"].isna().tolist() == [False, True, True, False]


def test_folders_dropped_together_are_told_apart(tmp_path: Path) -> None:
    for name, color in (("cats", "red"), ("dogs", "blue")):
        (tmp_path / name).mkdir()
        picture(tmp_path / name / "1.png", color)
    dataset = load([tmp_path / "cats", tmp_path / "dogs"])
    assert dataset.table["source"].tolist() == ["cats", "dogs"]


def test_a_bad_file_among_good_ones_is_rejected(tmp_path: Path) -> None:
    good = table(tmp_path / "a.csv")
    (tmp_path / "b.parquet").write_bytes(b"?")
    (tmp_path / "c.xlsx").write_bytes(b"?")
    dataset = load(
        [good, tmp_path / "b.parquet", tmp_path / "c.xlsx", tmp_path / "gone.csv", table(tmp_path / "d.csv", "")]
    )
    told = {fault.source: fault.reason for fault in dataset.rejected if fault.row is None}
    assert list(told) == ["b.parquet", "c.xlsx", "d.csv", "gone.csv"]
    assert "Rename it to .txt" in told["c.xlsx"]
    assert "does not exist" in told["gone.csv"]
    assert told["d.csv"] == "the file is empty"
    assert len(dataset) == 2


@pytest.mark.parametrize("name", ["a.doc", "a.pages", "a.svg", "a.what", "a"])
def test_an_unknown_type_alone_is_refused_with_what_is_accepted(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"?" if name in ("a.doc", "a.pages", "a.svg") else b"\0\1\2?")
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path / name)
    assert f"cannot read {name}: " in str(caught.value)
    assert len(str(caught.value)) < 400
    assert "save it as" in str(caught.value).lower()


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="does not exist"):
        load(tmp_path / "gone.csv")
    with pytest.raises(UnreadableFile, match="no file was given"):
        load([])


def test_a_folder_of_unreadable_files_says_why(tmp_path: Path) -> None:
    table(tmp_path / "d" / "a.doc")
    with pytest.raises(NothingUsable, match=r"nothing in d is usable: a\.doc: the type \.doc is not read"):
        load(tmp_path / "d")


def test_what_several_files_are_refused_for_is_said_once(tmp_path: Path) -> None:
    for name in ("a.exe", "b.dll", "c.so"):
        (tmp_path / "d").mkdir(exist_ok=True)
        (tmp_path / "d" / name).write_bytes(b"\0\1\2?")
    with pytest.raises(NothingUsable) as told:
        load(tmp_path / "d")
    said = str(told.value)
    assert all(f"the type {ending} is not read" in said for ending in (".exe", ".dll", ".so"))
    assert said.count("accepted are") == 1


def test_a_folder_of_tables_in_folders_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    table(tmp_path / "d" / "z.csv", "text\nthe last of them\n")
    table(tmp_path / "d" / "sub" / "a.txt", "the first of them\n")
    assert load(tmp_path / "d").items == ["the first of them", "the last of them"]


def test_the_key_depends_on_content_not_on_name_or_place(tmp_path: Path) -> None:
    first = load(table(tmp_path / "a.csv"))
    same = load(table(tmp_path / "elsewhere" / "b.csv"), name="Other")
    assert (first.key, first.items_key) == (same.key, same.items_key)
    assert same.name == "Other"
    other_meta = load(table(tmp_path / "c.csv", "text,n\nsome words here,1\n,2\nmore words here,4\n"))
    assert other_meta.items_key == first.items_key
    assert other_meta.key != first.key
    fewer_faults = load(table(tmp_path / "d.csv", "text,n\nsome words here,1\nmore words here,3\n"))
    assert fewer_faults.items_key == first.items_key
    assert fewer_faults.key != first.key
    other_name = load(table(tmp_path / "e.csv", "body,n\nsome words here,1\n,2\nmore words here,3\n"))
    assert other_name.items_key == first.items_key
    assert other_name.key != first.key


def test_the_items_key_tells_where_one_text_ends() -> None:
    assert load_text("ab\nc").items_key != load_text("a\nbc").items_key
    assert load_text("ab\nc").items_key != load_text("c\nab").items_key


def test_a_picture_and_a_text_of_its_digest_have_different_keys(tmp_path: Path) -> None:
    pictured = load(picture(tmp_path / "a.png"))
    ref = pictured.items[0]
    assert isinstance(ref, ImageRef)
    assert load_text(ref.sha256).items_key != pictured.items_key


def test_the_preview_shows_what_load_will_take(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        "id,title,body\n" + "".join(f"{i},Title {i} here,The body of number {i} is\n" for i in range(30)),
    )
    shown = preview(path)
    assert (shown.kind, shown.columns, shown.text_column) == ("table", ("id", "title", "body"), "body")
    assert shown.candidates == ("body", "title")
    assert len(shown.rows) == 10
    assert shown.rows[0] == {"id": "0", "title": "Title 0 here", "body": "The body of number 0 is"}
    assert load(path).text_column == shown.text_column
    assert preview(path, text="id", limit=2).text_column == "id"
    assert load(path, text="").text_column == preview(path, text="").text_column == "body"
    with pytest.raises(UnknownColumn, match=r"column 'nope' not found in a\.csv") as caught:
        preview(path, text="nope")
    assert "--text" in str(caught.value)
    assert caught.value.on_page.endswith("its columns are id, title, body. Choose one of these.")


def test_the_preview_offers_every_column_when_none_reads_like_text(tmp_path: Path) -> None:
    shown = preview(table(tmp_path / "a.csv", "id,n\n1,2\n3,4\n"))
    assert (shown.text_column, shown.candidates, shown.columns) == (None, (), ("id", "n"))


def test_the_preview_of_a_large_file_reads_its_beginning_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.ingest import sources

    path = table(tmp_path / "a.csv", "text,n\n" + "some words in every row of it,1\n" * 600_000)
    opened: list[object] = []
    genuine = sources.Source.open

    def watched(source: sources.Source) -> object:
        file = genuine(source)
        opened.append(furthest := [0])
        read = file.read

        class Watched:
            def __getattr__(self, name: str) -> object:
                return getattr(file, name)

            def __enter__(self) -> "Watched":
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def __iter__(self) -> object:
                for line in file:
                    furthest[0] += len(line)
                    yield line

            def read(self, *args: int) -> bytes:
                content = read(*args)
                furthest[0] += len(content)
                return content

            read1 = read

            def readline(self, *args: int) -> bytes:
                line = file.readline(*args)
                furthest[0] += len(line)
                return line

        return Watched()

    monkeypatch.setattr(sources.Source, "open", watched)
    assert len(preview(path).rows) == 10
    assert opened
    assert sum(furthest[0] for furthest in opened) < 10 * 2**20 < path.stat().st_size  # its encoding is told twice


def test_the_preview_of_texts_and_mixed_uploads(tmp_path: Path) -> None:
    lines = table(tmp_path / "a.txt", "one line\n\nanother line\n")
    assert preview(lines).rows == ({"text": "one line"}, {"text": "another line"})
    assert preview(lines).kind == "text"
    mixed = preview([lines, picture(tmp_path / "p.png")])
    assert (mixed.kind, mixed.rows[-1]) == ("mixed", {"name": "p.png"})


def test_the_preview_of_something_unreadable_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"?")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableFile, match="not a whole Parquet file"):
        preview(tmp_path / "a.parquet")
    with pytest.raises(UnreadableFile, match="nothing to read in empty"):
        preview(tmp_path / "empty")


def test_what_is_read_is_told_in_the_order_and_words_that_it_always_was() -> None:
    assert " ".join(suffixes()) == (
        ".csv .tsv .tab .psv .xlsx .xls .xlsm .xlsb .ods .json .geojson .jsonl .ndjson .parquet .arrow .feather .ipc "
        ".orc .sqlite .sqlite3 .db .npy .npz .vec .bin .graphml "
        ".txt .text .log .rpt .rst .adoc .org .tex .md .markdown .srt .vtt .bib .ris "
        ".pdf .docx .pptx .html .htm .xhtml .eml "
        ".mbox .epub .odt .rtf .zip "
        ".tar .tgz .tbz2 .tbz .txz .tzst "
        ".jpg .jpeg .jpe .jfif .png .webp .gif .bmp .tif .tiff .avif "
        ".heic .heif .hif .mpo .apng .jp2 .j2k .ppm .pgm .pbm .pnm "
        ".wav .wave .flac .ogg .oga .opus .mp3 .aiff .aif .aifc"
    )
    assert accepted() == (
        "CSV, TSV, spreadsheets, JSON, JSON lines, Parquet, Arrow and Feather, ORC, SQLite, NumPy arrays, "
        "word vectors, GraphML, text files, Markdown, subtitles, BibTeX, RIS, PDF, "
        "Word documents, slide shows, web pages, mails, mailboxes, books, OpenDocument texts, "
        "Rich Text, pictures, sounds, a zip of pictures, or a tar of them; "
        "files of text and tables also as .gz, .bz2, .xz, .zst"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.GZ", "the type .gz is not read; unpack it first"),
        ("a.doc", "the type .doc is not read; save it as .docx or PDF"),
        ("a.rar", "the type .rar is not read; pack it as .zip"),
        ("a.svg", "the type .svg is not read; save it as PNG"),
        ("a", "a file without an ending is not read; accepted are tables (CSV, Excel, JSON, Parquet, SQLite and "
              "others), texts, "
              "documents (PDF, Word, web pages and others), mails, chats, subtitles, references, pictures, sounds, and "
              "archives of these. Save it as one of these, what is text as .txt"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_read_is_told_with_its_cure(name: str, told: str) -> None:
    assert unknown_type(name) == told


@pytest.mark.parametrize("header", ["said,n", "text,x", "utterance,stars"])
def test_a_word_of_any_length_over_numbers_is_a_name(tmp_path: Path, header: str) -> None:
    dataset = load(table(tmp_path / "a.csv", f"{header}\nsome words,1\nand more,2.5\n"))
    assert list(dataset.items) == ["some words", "and more"]
    assert list(dataset.table) == header.split(",")[1:]


def test_counts_are_no_names_of_pictures_and_a_text_that_is_nowhere_is_told(tmp_path: Path) -> None:
    for at in range(3):
        Image.new("RGB", (30, 30), (80 * at, 0, 0)).save(tmp_path / f"{at}.png")
    table(tmp_path / "a.csv", "said,n\nsome words,1\nand more,7\nthe last,9\n")
    pictures = [tmp_path / f"{at}.png" for at in range(3)]
    assert len(load([*pictures, tmp_path / "a.csv"], text="said")) == 6
    with pytest.raises(UnknownColumn):
        load([*pictures, tmp_path / "a.csv"], text="nosuch")


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    paths = []
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        paths.append(
            table(tmp_path / folder / "data.csv", f"comment\nsaid by {folder} at first\nsaid by {folder} then\n")
        )
    found = load(paths)
    assert found.table["source"].tolist() == ["data.csv", "data.csv", "data (2).csv", "data (2).csv"]
    assert load([tmp_path / "one", tmp_path / "other"]).table["source"].tolist()[::2] == [
        "one/data.csv",
        "other/data.csv",
    ]
