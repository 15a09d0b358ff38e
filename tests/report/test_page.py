import dataclasses
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.config import RunConfig
from explorer.kinds import ImageRef
from explorer.report import render, svgmap
from explorer.report.labels import placed, shortened, text_width
from explorer.report.sections import breakable
from explorer.report.wording import cohesion, continuity, fact, faithfulness, percent, summary
from explorer.types import Clustering, Enrichment, Projection, Rejected, Run
from explorer.types.places import places_of
from tests.report.small import TEXTS, small_run
from tests.report.small import summary as cluster_summary

VOID = {"meta", "img", "br", "wbr"}


class _Balance(HTMLParser):
    """Checks that every element is closed in order; collects ids, links and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.sources += [given["src"] or ""] if "src" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _page(run: Run, **given: object) -> tuple[str, _Balance]:
    html = render(run, "html", **given).decode("utf-8")  # type: ignore[arg-type]
    parsed = _Balance()
    parsed.feed(html)
    assert parsed.open == []
    return html, parsed


def _text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_the_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    html, parsed = _page(small_run())
    assert "script" not in parsed.tags
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", html)
    assert "link" not in parsed.tags
    assert parsed.sources == []
    assert "http://" not in html
    assert "https://" not in html
    assert "default-src 'none'" in html
    assert "url(" not in html
    assert "@import" not in html


def test_every_link_leads_to_a_place_on_the_page() -> None:
    _, parsed = _page(small_run())
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {"#cluster-0", "#cluster-1", "#noise", "#data", "#map"} <= set(parsed.links)
    assert {link.removeprefix("#") for link in parsed.links} <= set(parsed.ids)


def test_the_page_says_what_the_run_is() -> None:
    html, _ = _page(small_run())
    text = _text_of(html)
    for said in (
        "8 texts were compared",
        "fall into 2 clusters",
        "“apple” (38%)",
        "the text is empty",
        "the encoder could not open it",
        "0123456789abcdef",
        "0.9125"[:5],
        "umap-learn 0.5.12",
        "minilm",
        "Smallest cluster",
        "red apple",
        "3 texts, 38%",
        "colour: r",
        "67% here, 25% overall, 3 times as often",
        "found exactly",
    ):
        assert said in text, said


def test_a_name_that_somebody_gave_is_left_as_it_is() -> None:
    assert "<h1>app_reviews.csv, once more</h1>" in _page(small_run(name="app_reviews.csv, once more"))[0]
    for name in ("things_of-2024.csv", "things_of-2024.csv, version 2"):
        assert f"<h1>{name}</h1>" in _page(small_run(name=name))[0]


def test_names_of_files_may_break_where_their_parts_end() -> None:
    assert breakable("a/b_c-d<e__f\\g") == "a/<wbr>b_<wbr>c-<wbr>d&lt;e__<wbr>f\\<wbr>g"


def test_pictures_stand_on_their_dots_and_none_over_another(tmp_path: Path) -> None:
    refs = []
    for i in range(8):
        Image.new("RGB", (400, 300), (30 * i, 90, 120)).save(tmp_path / f"{i}.png")
        refs.append(ImageRef(str(tmp_path / f"{i}.png"), str(i), "", f"<{i}>.png"))
    xy = np.array([[0, 0], [5, 2], [0.01, 0.01], [9, 3], [2, 5], [7, 6], [4, 4], [np.nan, np.nan]], np.float32)
    run = small_run(items=refs, projection=Projection(xy, "umap", 0.9, 5, 8))
    drawn = svgmap.draw(run).svg
    parsed = _Balance()
    parsed.feed(drawn)
    places = re.findall(r'<image x="([\d.]+)" y="([\d.]+)" width="46"', drawn)
    dots = {(round(float(x), 1), round(float(y), 1)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", drawn)}
    assert 3 <= len(places) <= 6  # two rows share a place, one has none
    middles = [(round(float(x) + 23, 1), round(float(y) + 23, 1)) for x, y in places]
    assert all(min(np.hypot(x - u, y - v) for u, v in dots) < 0.2 for x, y in middles)
    assert all(max(abs(a[0] - b[0]), abs(a[1] - b[1])) >= 46 for i, a in enumerate(middles) for b in middles[:i])
    assert "&lt;1&gt;.png" in drawn
    assert "<image" not in svgmap.draw(small_run()).svg


def test_html_in_texts_names_and_columns_is_shown_and_does_nothing() -> None:
    evil = "\x1b[31m\x00</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    run = small_run(items=[evil, *TEXTS[1:]], table={evil: ["a"] * 8}, name=evil)
    hostile = Enrichment(evil, evil, 0.5, 0.1, 5.0, 0.0)
    first = cluster_summary(0, evil, (0, 1), (2,), 1)
    first = type(first)(**{**first.__dict__, "enrichment": (hostile,)})
    run = Run(**{**run.__dict__, "summaries": (first, run.summaries[1])})
    html, parsed = _page(run)
    assert "script" not in parsed.tags
    assert "img" not in parsed.tags
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_long_text_is_cut_and_its_whole_can_be_unfolded() -> None:
    text = "word " * 300
    html, parsed = _page(small_run(items=[text, *TEXTS[1:]]))
    assert "details" in parsed.tags
    assert html.count("word word word") > 100
    assert "…" in html


def test_a_book_of_a_text_is_not_carried_whole() -> None:
    html, _ = _page(small_run(items=["word " * 100_000, *TEXTS[1:]]))
    assert len(html) < 60_000
    assert "499,999 characters in all" in html


def test_rejected_rows_are_listed_up_to_two_hundred_and_then_counted() -> None:
    run = small_run()
    faults = tuple(Rejected("things.csv", i, f"fault {i} here") for i in range(500))
    dataset = type(run.dataset)(**{**run.dataset.__dict__, "rejected": faults})
    text = _text_of(_page(Run(**{**run.__dict__, "dataset": dataset}))[0])
    assert "fault 199 here" in text
    assert "fault 200 here" not in text
    assert "The first 200 of 501 are listed" in text


def test_a_run_without_groups_still_makes_a_page() -> None:
    run = small_run(summaries=(), clustering=Clustering(np.full(8, -1, np.int32), np.zeros(8, np.float32), "hdbscan"))
    text = _text_of(_page(run)[0])
    least = run.config.cluster.min_cluster_size
    assert f"No cluster of at least {least} similar texts stood out" in text


def test_one_row_makes_a_page() -> None:
    run = small_run(
        items=["only"],
        summaries=(),
        projection=Projection(np.zeros((1, 2), np.float32), "single", None),
        clustering=Clustering(np.array([-1], np.int32), np.zeros(1, np.float32), "hdbscan"),
    )
    text = _text_of(_page(run)[0])
    assert "There is 1 text, and nothing to compare it with." in text
    assert "was not measured" in text


def test_numbers_count_from_one_and_it_is_said_that_the_tables_count_from_zero() -> None:
    html, _ = _page(small_run())
    numbers = re.search(r'<g class="numbers".*?</svg>', html, flags=re.DOTALL)
    assert numbers is not None
    assert re.findall(r"</tspan>(\d+)</text>", numbers[0]) == ["1", "2"]
    text = _text_of(html)
    assert "(number 1 on the map; cluster 0 in the tables)" in text
    assert "counted from 1; the tables count from 0" in text


def test_the_map_has_one_path_a_group_and_leaves_out_rows_without_a_place() -> None:
    drawn = svgmap.draw(small_run())
    assert drawn.shown == drawn.placed == 7
    assert re.findall(r'<path class="([^"]+)" d="((?:M[\d.]+ [\d.]+h0)+)"', drawn.svg)[0][0] == "noise"
    dots = {css: d.count("M") for css, d in re.findall(r'<path class="([^"]+)" d="([^"]+)"', drawn.svg)}
    assert dots == {"noise": 1, "k k0": 3, "k k1": 3}
    assert drawn.named == 2
    places = [tuple(map(float, at)) for at in re.findall(r"M([\d.]+) ([\d.]+)h0", drawn.svg)]
    right_most = max(places)
    assert right_most == min(places, key=lambda at: at[1]), "the row with the largest x and y is not top right"


def test_very_many_rows_are_drawn_as_a_sample_and_the_page_says_so(monkeypatch: object) -> None:
    n = 50_001
    base = small_run()
    table = base.dataset.table.iloc[np.zeros(n, int)].reset_index(drop=True)
    run = Run(
        **{
            **base.__dict__,
            "dataset": type(base.dataset)(**{**base.dataset.__dict__, "items": ["t"] * n, "table": table}),
            "projection": Projection(np.random.default_rng(0).random((n, 2)).astype(np.float32), "umap", 0.9),
            "clustering": Clustering(np.full(n, -1, np.int32), np.zeros(n, np.float32), "hdbscan"),
            "summaries": (),
        }
    )
    drawn = svgmap.draw(run)
    assert (drawn.shown, drawn.placed) == (50_000, 50_001)
    assert drawn.svg.count("h0") == 50_000
    assert drawn.svg == svgmap.draw(run).svg


def test_names_on_the_map_do_not_overlap() -> None:
    rng = np.random.default_rng(1)
    anchors = [(float(x), float(y)) for x, y in rng.random((60, 2)) * (1200, 800)]
    labels = placed([(f"name {i}",) for i in range(60)], anchors, font=16, width=1200, height=800)
    assert len(labels) > 50
    boxes = [(x.x - 25, x.y - 8, x.x + 25, x.y + 8) for x in labels]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_names_are_given_the_room_that_they_take_with_their_square() -> None:
    wide = {
        "Moon over Harlem": 0.648,
        "Road Home": 0.716,
        "illicit lilt": 0.387,
        "MMWW": 1.05,
    }  # a letter of DejaVu Sans Bold
    for name, ems in wide.items():
        assert ems * len(name) <= text_width(name, 1.0) <= 1.3 * ems * len(name)
    (label,) = placed([("Moon over Harlem",)], [(395.0, 50.0)], font=10.0, width=400.0, height=100.0, lead=1.3)
    assert label.x + (1.3 + 0.648 * 16) * 10.0 / 2 <= 400.0


def test_a_name_is_cut_only_where_the_whole_of_it_has_no_room() -> None:
    long = ("Sludge press delivers, Ammonium in the outflow", "Sludge press delivers,…")
    alone = placed([long], [(600.0, 400.0)], font=16, width=1200, height=800)
    assert [label.text for label in alone] == [long[0]]
    walls = [(0.0, 0.0, 440.0, 800.0), (760.0, 0.0, 1200.0, 800.0)]
    between = placed([long], [(600.0, 400.0)], font=16, width=1200, height=800, taken=walls)
    assert [label.text for label in between] == [long[1]]


def test_passages_of_documents_say_where_they_stand() -> None:
    run = small_run()
    n = len(run.dataset.items)
    table = run.dataset.table.assign(document="2025/bridge.pdf", page=[float(row) for row in range(n)])
    columns = (*run.dataset.columns, "document", "page")
    dataset = dataclasses.replace(run.dataset, table=table, columns=columns, places=places_of((), ""))
    text = _text_of(_page(dataclasses.replace(run, dataset=dataset))[0])
    assert "page 3 of 2025/bridge.pdf" in text
    assert "item 4" not in text
    plain = dataclasses.replace(dataset, table=table.assign(page=None, place="characters 0–90"))
    assert plain.place(2) == "2025/bridge.pdf, characters 0–90"


def test_a_name_is_cut_between_words() -> None:
    assert shortened("exchange rate, currency", 30) == "exchange rate, currency"
    assert shortened("exchange rate, currency", 18) == "exchange rate…"
    assert shortened("a" * 30, 10) == "a" * 10 + "…"


def test_pictures_travel_inside_the_page(tmp_path: Path) -> None:
    refs = []
    for i in range(7):
        Image.new("RGB", (300, 200), (30 * i, 0, 0)).save(tmp_path / f"{i}.png")
        refs.append(ImageRef(str(tmp_path / f"{i}.png"), f"{i}", "", f'photos/"{i}".png'))
    refs.append(ImageRef(str(tmp_path / "gone.png"), "7", "", "gone.png"))
    run = small_run(items=refs, summaries=(cluster_summary(0, "apple", (0, 7), (2,), 0),))
    html, parsed = _page(run)
    assert len(parsed.sources) >= 2
    assert all(source.startswith("data:image/webp;base64,") for source in parsed.sources)
    assert "cannot be opened any more" in html
    assert "&quot;0&quot;.png" in html


def test_thumbnails_at_hand_are_used_and_asked_for_by_image() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    refs = [ImageRef("/nowhere", str(i), "", f"{i}.png") for i in range(8)]
    asked: list[ImageRef] = []

    def thumbnail(ref: ImageRef) -> bytes:
        asked.append(ref)
        return buffer.getvalue()

    _, parsed = _page(small_run(items=refs), thumbnail=thumbnail)
    assert asked[0] == refs[0]
    assert parsed.sources[0].startswith("data:image/png;base64,")


def test_hundreds_of_groups_make_a_page_that_can_be_sent() -> None:
    run = small_run(items=["word " * 200, *["long " * 200] * 7])
    many = tuple(cluster_summary(i, f"name {i}", (0, 1), (2,), 0) for i in range(1_000))
    html, _ = _page(Run(**{**run.__dict__, "summaries": many}))
    assert len(html) < 4_000_000
    assert 'id="cluster-999"' in html


def test_shares_are_said_as_a_reader_would() -> None:
    said = [percent(share) for share in (0, 0.0004, 0.004, 0.041, 0.04, 0.32, 0.9999, 1)]
    assert said == ["0%", "under 0.1%", "0.4%", "4.1%", "4.0%", "32%", "over 99.9%", "100%"]


def test_a_fact_about_numbers_and_one_about_values_read_differently() -> None:
    high = Enrichment("price", "high: median 90, overall 20", 0.9, 0.5, 1.8, 0.0)
    assert fact(high) == ("price is high", "median 90 here, 20 overall")
    value = Enrichment("lang", "high: de", 0.5, 0.45, 1.1, 0.0)
    assert fact(value) == ("lang: high: de", "50% here, 45% overall")


@pytest.mark.parametrize(
    ("value", "trusted", "kept"),
    [
        (0.95, "very faithful", "nearly always drawn close together"),
        (0.949, "faithful on the whole", "mostly drawn close together"),
        (0.88, "faithful on the whole", "mostly drawn close together"),
        (0.879, "a fair sketch", "some of what is alike is drawn far apart"),
        (0.8, "a fair sketch", "some of what is alike is drawn far apart"),
        (0.799, "a rough sketch", "much of what is alike is drawn far apart; trust the lists more"),
    ],
)
def test_how_faithful_a_map_is_has_four_words_from_either_side(value: float, trusted: str, kept: str) -> None:
    assert faithfulness(value).startswith(f"The map is {trusted}: ")
    told = continuity(value, k=15)
    assert told.startswith(f"The same question from the other side (15 neighbours) gives {value:.3f}: ")
    assert told.endswith(f"{kept}.")


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.85, "very alike"), (0.849, "alike"), (0.7, "alike"), (0.699, "related"), (0.5, "related"), (0.499, "loosely")],
)
def test_cohesion_has_four_words(value: float, word: str) -> None:
    assert f": its members are {word}" in cohesion(value, [value])


def test_cohesion_is_said_with_where_it_stands() -> None:
    assert cohesion(0.9, [0.9]) == "0.90: its members are very alike"
    assert cohesion(0.9, [0.9, 0.5, 0.5, 0.5]).endswith("more than in most clusters here")
    assert cohesion(0.4, [0.9, 0.5, 0.5, 0.4]).endswith("less than in most clusters here")


def test_the_summary_fits_one_group_without_noise() -> None:
    labels = np.zeros(8, np.int32)
    run = small_run(clustering=Clustering(labels, np.ones(8, np.float32), "hdbscan"))
    run = Run(**{**run.__dict__, "summaries": run.summaries[:1]})
    assert summary(run).endswith("into 1 cluster. The largest is “apple” (38%). Every text is in a cluster.")


def test_the_page_says_how_this_map_was_drawn_and_what_the_groups_were_found_on() -> None:
    run = small_run()
    assert "The map was drawn" in _text_of(_page(run)[0])
    assert "do not depend on the drawing" in _text_of(_page(run)[0])
    on_map = small_run(
        projection=Projection(run.projection.xy, "pca"),
        config=RunConfig.from_flat({"space": "map"}).resolved(8, encoder="minilm"),
    )
    text = _text_of(_page(on_map)[0])
    assert "their main directions" in text
    assert "The clusters were found on the map itself" in text


def test_a_long_list_of_faults_is_cut_and_its_reasons_are_counted() -> None:
    faults = tuple(Rejected("a.csv", row, "the <text> is empty" if row % 3 else "undecodable") for row in range(300))
    run = small_run()
    html, _ = _page(small_run(dataset=dataclasses.replace(run.dataset, rejected=faults)))
    text = _text_of(html)
    assert "The first 200 of 301 are listed; report.json has them all." in text
    assert "the &lt;text&gt; is empty (200); undecodable (100)" in text


def test_every_setting_is_told_by_its_name_and_value() -> None:
    run = small_run()
    text = _text_of(_page(run, near_duplicate=0.91)[0]).split("How it was made", 2)[2]
    for name, value in {**run.config.told(), "near_duplicate": 0.91}.items():
        assert f" {name} {'none' if value is None else value} " in text


def test_the_words_of_the_report_say_where_keywords_come_from() -> None:
    text = _text_of(_page(small_run())[0])
    assert "Keywords ? For texts, words that a cluster has more often than the others. For pictures," in text


def test_what_scrolls_on_a_narrow_screen_can_be_scrolled_by_keyboard() -> None:
    from pathlib import Path

    from explorer.report import sections

    written = re.findall(r"<div class=[\"']scroll[\"'][^>]*>", Path(sections.__file__).read_text(encoding="utf-8"))
    assert len(written) >= 4
    assert all("tabindex" in one and "aria-label" in one for one in written)
