"""Files of word vectors: known by their content, read whole, and nothing good is lost by what is bad."""

from __future__ import annotations

import gzip
import zipfile

import numpy as np
import pytest

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load, preview
from explorer.types import Dataset
from tests.wordfiles import as_binary, as_text, trained, written

WORDS, VECTORS = trained()
N, D = VECTORS.shape
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDE = np.random.default_rng(0).normal(size=(N, 50)).astype(np.float32)


def vectors_of(dataset: Dataset) -> np.ndarray:
    assert dataset.given is not None
    return np.asarray(dataset.given.array)


def reasons(dataset: Dataset) -> list[tuple[int | None, str]]:
    return [(one.row, one.reason) for one in dataset.rejected]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("words.vec", as_text(WORDS, VECTORS)),
        ("words.txt", as_text(WORDS, VECTORS)),
        ("glove.50d.txt", as_text(WORDS, WIDE, head=False)),
        ("glove.vec", as_text(WORDS, WIDE, head=False)),
        ("words.bin", as_binary(WORDS, VECTORS)),
        ("others.bin", as_binary(WORDS, VECTORS, newline=False)),
        ("called.vec", as_binary(WORDS, VECTORS)),
        ("called.bin", as_text(WORDS, VECTORS)),
        ("windows.vec", as_text(WORDS, VECTORS).replace(b"\n", b" \r\n")),
        ("tabs.vec", as_text(WORDS, VECTORS).replace(b" ", b"\t")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_way_to_write_word_vectors_gives_the_same_words_and_vectors(tmp_path, name, content) -> None:
    expected = WIDE if "glove" in name else VECTORS
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content))
    archive = tmp_path / "inside.zip"
    with zipfile.ZipFile(archive, "w") as into:
        into.writestr(f"folder/{name}", content)
    for path in (written(tmp_path / name, content), packed, archive):
        dataset = load(path)
        assert list(dataset.items) == WORDS, path
        assert np.array_equal(vectors_of(dataset), expected), path
        assert dataset.table["rank"].tolist() == list(range(1, N + 1)), path
        assert not dataset.rejected, path


def test_a_word_that_stands_for_no_value_elsewhere_is_a_word_here(tmp_path) -> None:
    words = ["null", "nan", "NaN", "n/a", "-", "None", *WORDS[6:]]
    assert list(load(written(tmp_path / "a.vec", as_text(words, VECTORS))).items) == words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("prose.txt", b"It was in 1999 that we came.\nWe went in 2001 again, with 3 others.\n" * 5),
        ("numbers.txt", b"\n".join(b"%d " % row + b"0.5 1.25 2.5 3.5 4.5 5.5 6.5 7.5 8.5" for row in range(20))),
        ("headed.txt", b"name " + b" ".join(b"c%d" % n for n in range(9)) + b"\n" + b"a 1 2 3 4 5 6 7 8 9\n" * 4),
        ("counted.txt", b"12 300\nlines of a text follow\nand are no vectors\n"),
        ("counts.txt", b"\n".join(b"w%d 1 2 3 4 5 6 7 8 9 10" % row for row in range(9))),
        ("scores.csv", b"name,a,b,c,d,e,f,g,h\n" + b"Anna,1.5,2.5,3.5,4.5,5.5,6.5,7.5,8.5\n" * 4),
        ("two.txt", b"3 4\n1 2 3\n4 5 6\n7 8 9\n"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_prose_and_tables_are_not_taken_for_word_vectors(tmp_path, name, content) -> None:
    assert load(written(tmp_path / name, content)).given is None


def test_text_that_is_word_vectors_can_be_read_as_lines_or_as_a_table(tmp_path) -> None:
    path = written(tmp_path / "a.txt", as_text(WORDS, WIDE, head=False))
    choice = {one.name: one for one in load(path).choices}["as"]
    assert (choice.value, [value for value, _ in choice.options]) == ("vectors", ["vectors", "lines", "table"])
    lines = load(path, choices={"as": "lines"})
    assert lines.given is None
    assert str(lines.items[0]).startswith(f"{WORDS[0]} ")
    assert len(load(path, choices={"as": "table"}).table.columns) == 50
    assert load(path, choices={"vectors": "no"}).given is None


def test_bad_lines_are_told_each_and_every_good_one_is_kept(tmp_path) -> None:
    lines = as_text(WORDS, VECTORS).splitlines(keepends=True)
    good = lines[1].partition(b" ")[2]
    bad = {
        3: b"short 0.1 0.2\n",
        5: b"long " + good.rstrip() + b" 0.5\n",
        7: b"word " + good.rstrip().rsplit(b" ", 1)[0] + b" x1\n",
        9: b"infinite " + good.rstrip().rsplit(b" ", 1)[0] + b" nan\n",
        11: b"zeros" + b" 0" * D + b"\n",
        13: b"caf\xe9 " + good,
        15: b"new york " + good,
        17: b"\n",
        19: b"\xc2\xa0 " + good,
    }
    for at in sorted(bad):
        lines.insert(at, bad[at])
    dataset = load(written(tmp_path / "a.vec", b"".join(lines)))
    items = list(map(str, dataset.items))
    assert [item for item in items if item in WORDS] == WORDS
    others = [item for item in items if item not in WORDS]
    assert others == ["caf\ufffd", "new york"]
    ranks = dict(zip(items, dataset.table["rank"].tolist(), strict=True))
    assert (ranks[WORDS[0]], ranks["new york"], ranks[WORDS[-1]]) == (1, 15, len(lines) - 2)  # a head, a blank line
    told = dict(reasons(dataset))
    assert told[5] == "its vector has 9 numbers, most have 8"
    assert told[3] == "its vector has 2 numbers, most have 8"
    assert told[7] == "“x1” in its vector is no number"
    assert told[9] == "its vector has a number that is not finite"
    assert told[11] == "its vector is all zeros, and so points nowhere"
    assert told[19] == "the text is empty"
    whole = [reason for row, reason in reasons(dataset) if row is None]
    assert any("one of its words has bytes that are not UTF-8" in reason for reason in whole)
    assert any(f"its first line tells of {N:,} words" in reason for reason in whole)


def test_a_word_that_stands_twice_is_two_rows_and_that_is_said(tmp_path) -> None:
    words = [WORDS[1], *WORDS[1:]]
    dataset = load(written(tmp_path / "a.vec", as_text(words, VECTORS)))
    assert list(dataset.items) == words
    assert [reason for _, reason in reasons(dataset)] == [f"“{WORDS[1]}” stands in it more than once; each is a row"]


def test_a_binary_file_that_breaks_off_keeps_the_words_before(tmp_path) -> None:
    whole = as_binary(WORDS, VECTORS)
    dataset = load(written(tmp_path / "a.bin", whole[: len(whole) // 2]))
    assert list(dataset.items) == WORDS[: len(dataset)]
    assert np.array_equal(vectors_of(dataset), VECTORS[: len(dataset)])
    assert f"it breaks off, or is damaged, behind word {len(dataset)} of {N}" in dataset.rejected[0].reason
    fewer = load(written(tmp_path / "b.bin", whole.replace(str(N).encode(), b"99", 1)))
    assert fewer.rejected[0].reason == f"it ends behind {N} words, its first line tells of 99"
    more = load(written(tmp_path / "c.bin", whole.replace(str(N).encode(), b"5", 1)))
    assert len(more) == 5
    assert "more stands behind the 5 words" in more.rejected[0].reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\3\4 something else", "no file of word vectors"),
        (b"\xba\x16\x4f\x2f" + bytes(100), "it is a model of fastText, not its vectors"),
        (b"", "no file of word vectors"),
        (b"5 0\n", "no file of word vectors"),
    ],
)
def test_what_is_no_file_of_vectors_is_one_sentence(tmp_path, content, said) -> None:
    with pytest.raises(UnreadableFile, match=said):
        load(written(tmp_path / "a.bin", content))
    with pytest.raises(UnreadableFile, match="write it by save_word2vec_format"):
        load(written(tmp_path / "a.kv", content))


def test_the_first_words_are_enough_for_a_preview(tmp_path) -> None:
    many = [f"w{at}" for at in range(5000)]
    path = written(tmp_path / "a.vec", as_text(many, np.random.default_rng(0).normal(size=(5000, 4))))
    seen = preview(path)
    assert seen is not None


def test_vectors_of_several_pieces_stand_where_their_words_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("explorer.kinds.wordvectors.piecewise._NUMBERS", 2**11)
    many = [f"w{at}" for at in range(300)]
    wide = np.random.default_rng(0).normal(size=(300, 50)).astype(np.float32)
    wide[[0, 120, 299]] = 0
    kept = [at for at in range(300) if at not in (0, 120, 299)]
    for name, content in (("a.bin", as_binary(many, wide)), ("a.vec", as_text(many, wide))):
        dataset = load(written(tmp_path / name, content))
        assert list(dataset.items) == [many[at] for at in kept]
        assert np.array_equal(vectors_of(dataset), wide[kept])
        assert dataset.table["rank"].tolist() == [at + 1 for at in kept]


def numbers_of(chance: np.random.Generator, count: int, decimals: int) -> str:
    return " ".join(f"{one:.{decimals}f}" for one in chance.normal(size=count))


@pytest.mark.parametrize("seed", range(40))
def test_random_files_of_word_vectors_are_read_word_by_word_with_their_ranks(tmp_path, seed) -> None:
    chance = np.random.default_rng(seed)
    name = str(chance.choice(["a.txt", "a.vec", "a.bin"]))
    head = bool(chance.random() < 0.6) or name == "a.bin"
    d = int(chance.integers(10, 60)) if name == "a.txt" or not head else int(chance.integers(2, 60))
    n = int(chance.integers(30, 80))
    words = [f"{'abcdefghij'[at % 10]}{'xyzuvw'[at // 10 % 6]}{'aeiou'[at // 60]}" for at in range(n)]
    good = [f"{word} {numbers_of(chance, d, 5)}" for word in words]
    bad = [
        lambda: f"short {numbers_of(chance, d - 1, 5)}",
        lambda: f"long {numbers_of(chance, d + 1, 5)}",
        lambda: f"odd {numbers_of(chance, d - 1, 5)} x",
        lambda: "c 1",
        lambda: "2 300",
        lambda: "",
    ]
    share = 0.55 if name != "a.txt" and head and d >= 5 else 0.05
    lines, faults, ranks = [f"{n} {d}"] * head, set(), {}
    for at, line in enumerate(good):
        while chance.random() < share and (at or head):
            made = bad[int(chance.integers(len(bad) - (d < 3)))]()
            if made:
                faults.add(len(lines))
            lines.append(made)
        ranks[words[at]] = sum(bool(one) for one in lines) - head + 1
        lines.append(line)
    dataset = load(written(tmp_path / name, "\n".join(lines).encode() + b"\n"))
    assert list(dataset.items) == words
    assert np.allclose(vectors_of(dataset), [[float(one) for one in line.split()[1:]] for line in good])
    assert dict(zip(words, dataset.table["rank"].tolist(), strict=True)) == ranks
    assert {row for row, _ in reasons(dataset) if row is not None} == faults


@pytest.mark.parametrize("seed", range(20))
def test_random_binary_files_are_read_as_such_whatever_their_name(tmp_path, seed) -> None:
    chance = np.random.default_rng(seed)
    n, d = int(chance.integers(1, 40)), int(chance.integers(2, 40))
    vectors = (chance.normal(size=(n, d)) * 10.0 ** chance.integers(-3, 3)).astype(np.float32)
    words = [f"w{'abcdefghij'[at % 10]}{at // 10}" for at in range(n)]
    content = as_binary(words, vectors, newline=bool(seed % 2))
    dataset = load(written(tmp_path / ("a.vec" if seed % 3 else "a.bin"), content))
    assert list(dataset.items) == words
    assert np.array_equal(vectors_of(dataset), vectors)


def labels_of(kind: str, n: int, chance: np.random.Generator) -> list[str]:
    if kind == "date":
        return [str(np.datetime64("2024-01-01") + at) for at in range(n)]
    if kind == "time":
        return [f"2024-01-01T{at // 60:02}:{at % 60:02}:00Z" for at in range(n)]
    if kind == "german":
        return [f"{at % 28 + 1:02}.{at // 28 + 1:02}.2024" for at in range(n)]
    if kind == "month":
        return [f"{MONTHS[at % 12]}-{10 + at // 12}" for at in range(n)]
    if kind == "species":
        return [str(chance.choice(["setosa", "virginica", "versicolor"])) for _ in range(n)]
    if kind == "sensor":
        return [f"sensor_{at}" for at in range(n)]
    return [f"{'ABCDEFGHIJ'[at % 10]}{'aeiou'[at // 10 % 5]}{'lmnrst'[at // 50 % 6]}stadt" for at in range(n)]


@pytest.mark.parametrize("corner", ["gene", ""])
def test_names_above_numbers_make_a_table_whatever_the_numbers_are(tmp_path, corner) -> None:
    names = " ".join([corner, *(f"PC{at}" for at in range(50))]).strip()
    content = names.encode() + b"\n" + as_text(WORDS, WIDE, head=False)
    assert load(written(tmp_path / "a.txt", content), choices={"as": "vectors"}).given is not None
    try:
        assert load(tmp_path / "a.txt").given is None
    except NothingUsable:
        assert not corner


@pytest.mark.parametrize("kind", ["date", "time", "german", "month", "species", "sensor", "town"])
def test_random_tables_of_measures_are_no_word_vectors_and_offered_as_such(tmp_path, kind) -> None:
    for seed in range(6):
        chance = np.random.default_rng(seed)
        n, d = int(chance.integers(5, 60)), int(chance.integers(4, 25))
        labels = labels_of(kind, n, chance)
        scale = chance.choice([1.0, 10.0, 1000.0], size=d)
        numbers = chance.normal(size=(n, d)) if kind in ("date", "time", "sensor") else chance.random((n, d))
        decimals = int(chance.integers(1, 4))
        between = str(chance.choice([" ", "\t", "  ", ","]))
        lines = [
            between.join([label, *(f"{one:.{decimals}f}" for one in row)])
            for label, row in zip(labels, numbers * scale, strict=True)
        ]
        for name in ("a.txt", "a.csv"):
            path = written(tmp_path / name, "\n".join(lines).encode() + b"\n")
            try:
                dataset = load(path)
            except NothingUsable:
                continue  # a table without a text
            assert dataset.given is None, (seed, name)
            offered = [
                choice for choice in dataset.choices if choice.name == "as" and "vectors" in dict(choice.options)
            ]
            assert all(not choice.sure and choice.why for choice in offered)
            if offered:
                words = load(path, choices={"as": "vectors"})
                assert words.given is not None
                assert words.given.array.shape[1] == d
