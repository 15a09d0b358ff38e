"""The page of two maps compared: complete in itself, and every figure of it is the one that was measured."""

import re

import numpy as np
import pytest

from explorer.errors import BadSetting
from explorer.questions import compare, differences, write_comparison
from tests.questions.test_comparing import columns, made


def page_of(**given):
    table = columns(1, 160)
    a, b = made(1, "a<b>", table=table), made(2, "b", table=table)
    found = compare(a, b)
    told = differences.compared(found)
    return differences.page(found, told, **given), told


def test_the_page_says_what_each_keeps_and_how_far_they_agree():
    page, told = page_of()
    assert "encoder1 <span class='soft'>and</span> encoder2" in page
    [column] = told["columns"]
    for value in (*column["accuracy"], *column["information"], column["usual"]):
        assert f">{value:.3f}<" in page
    assert told["said"][0] in page
    for one in told["moved"]:
        assert f">{one['text']}<" in page
    assert page.count('class="moved"') == len(told["moved"]) == 20


def test_the_page_loads_nothing_has_both_maps_and_its_links_lead_somewhere():
    page, told = page_of()
    assert page.count('<svg class="map"') == 2
    assert not re.search(r"(src|href)=['\"](?!#|data:)", page)
    assert "<script" not in page
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    assert len(anchors & {f"cluster-{one['cluster']}" for one in told["clusters"]}) == len(told["clusters"])


def test_the_second_map_is_seen_in_the_clusters_of_the_first_for_versions_of_a_dataset_too():
    a = made(1, "a", n=60)
    b = made(2, "b", items=[f"text {at}" for at in range(59, 19, -1)], dataset="d2")
    page = differences.page(compare(a, b))
    drawn = page.split('<svg class="map"')[2].split("</svg>")[0]
    dots = {int(label): path.count("M") for label, path in re.findall(r'<path class="k k(\d+)" d="([^"]*)"', drawn)}
    wanted = np.unique(a.clustering.labels[20:], return_counts=True)
    assert dots == {int(label): int(n) for label, n in zip(*wanted, strict=True) if label >= 0}


def test_a_page_of_maps_without_columns_clusters_or_moved_rows_says_so_and_is_written(tmp_path):
    run = made(1, "a", n=30)
    found = compare(run, run)
    written = write_comparison(found, tmp_path / "new" / "same.html").read_text(encoding="utf-8")
    assert "No row has other neighbours" in written
    assert "What each keeps" not in written
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="cannot write"):
        write_comparison(found, tmp_path / "file" / "x.html")
