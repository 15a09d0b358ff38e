"""The places that the slider of clusters has."""

from typing import Any

from explorer.ui.panels.cuts import cuts_of

NOW = {"clusters": 5, "noise": 0.1}


def answer(
    current: int, *settings: tuple[int, int, float, float | None], name: str = "min_cluster_size"
) -> dict[str, Any]:
    told = [{name: at, "clusters": many, "noise": noise, "agreement": same} for at, many, noise, same in settings]
    return {"run": "r", name: current, "settings": told}


def places(told: dict[str, Any], **now: Any) -> list[int]:
    made = cuts_of(told, **{**NOW, **now})
    assert made is not None
    return [stop["at"] for stop in made["stops"]]


def test_settings_that_give_the_same_clusters_are_one_place() -> None:
    sweep = (
        (2, 9, 0.0, None),
        (3, 9, 0.0, 1.0),
        (4, 7, 0.1, 0.9),
        (5, 7, 0.1, 1.0),
        (6, 7, 0.1, 0.8),
        (7, 3, 0.2, 0.5),
    )
    assert places(answer(2, *sweep)) == [7, 6, 4, 2]
    assert places(answer(5, *sweep)) == [7, 6, 5, 2]
    assert places(answer(3, *sweep)) == [7, 6, 4, 3]
    assert places(answer(2, (1, 3, 0.0, None), (2, 3, 0.0, 1.0), (3, 4, 0.0, 0.7), name="detail")) == [2, 3]


def test_fewer_than_usual_are_joined_and_a_run_of_them_has_its_place() -> None:
    sweep = ((2, 9, 0.0, None), (4, 7, 0.1, 0.9), (8, 2, 0.9, 0.5), (16, 0, 1.0, 0.2))
    joined = [{"groups": most, "clusters": most, "noise": 0.1, "min_cluster_size": 4} for most in (2, 3, 5)]
    told = {**answer(4, *sweep), "groups": None, "joined": joined}
    assert places(told) == [-2, -3, -5, 4, 2]
    assert [stop["clusters"] for stop in (cuts_of(told, **NOW) or {})["stops"]] == [2, 3, 5, 7, 9]
    assert places({**told, "groups": 3}) == [-2, -3, -5, 4, 2]
    assert places({**told, "groups": 4}) == [-2, -3, -4, -5, 4, 2]
    assert (cuts_of({**told, "groups": 4}, **NOW) or {})["current"] == -4
    assert places({**told, "min_cluster_size": 8}) == [-2, -3, -5, 8, 4, 2]  # somebody has asked for it


def test_a_setting_between_two_of_the_sweep_has_a_place_unless_it_gives_what_the_one_before_it_gives() -> None:
    sweep = ((2, 9, 0.0, None), (4, 7, 0.1, 0.9), (8, 3, 0.2, 0.5))
    assert places(answer(6, *sweep)) == [8, 6, 4, 2]
    assert places(answer(6, *sweep), clusters=7) == [8, 6, 2]
    assert cuts_of(answer(6), **NOW) is None
