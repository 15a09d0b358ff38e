"""The values of the settings form: their defaults, those of a run on screen, and the settings of a run that they make.

It lays nothing out: the panel `settings` does; where choices open is the same for the fields of every panel.
"""

from __future__ import annotations

from typing import Any

from explorer.config import (
    AUTO,
    COMMUNITIES,
    DEFAULT_DETAIL,
    DEFAULT_MIN_SAMPLES,
    DEFAULT_N_NEIGHBORS,
    DEFAULT_SPACE,
    DENSITY,
    ProjectConfig,
    default_min_cluster_size,
    default_min_samples,
)
from explorer.errors import BadSetting
from explorer.ui import ids

OTHER = "other"
BUTTON_BELOW = 72
"""Pixels at the foot of the side that its large button needs."""
PROJECT = ProjectConfig()
FIELDS = (
    (ids.SET_ENCODER, "value"),
    (ids.SET_ENCODER_NAME, "value"),
    (ids.SET_DEVICE, "value"),
    (ids.SET_N_NEIGHBORS, "value"),
    (ids.SET_MIN_DIST, "value"),
    (ids.SET_METRIC, "value"),
    (ids.SET_SEED_ON, "checked"),
    (ids.SET_SEED, "value"),
    (ids.SET_MIN_CLUSTER_SIZE, "value"),
    (ids.SET_MIN_SAMPLES, "value"),
    (ids.SET_SPACE, "value"),
    (ids.SET_ENGINE, "value"),
    (ids.SET_METHOD, "value"),
    (ids.SET_DETAIL, "value"),
)
"""Every field of the form with the property that holds its value, in the order of `settings_of`."""


def opens_in(region: str) -> dict[str, Any]:
    """Return what has a field's choices open within a landmark of the page, where those who listen find them.

    The list may scroll, and so takes the focus as well.  Where there is a button beneath the fields, it opens upwards
    rather than over it; `assets/shell/settings.css` keeps it short enough for that.
    """
    keeps = {"middlewares": {"flip": {"padding": {"bottom": BUTTON_BELOW}}}} if region == ids.SIDE else {}
    return {
        "comboboxProps": {"portalProps": {"target": f"#{region}"}, **keeps},
        "withScrollArea": False,
        "attributes": {"options": {"tabIndex": 0}},
    }


def named(encoder: str, other: str | None) -> str:
    """Return the encoder that the two fields for it name, "" while the field for another one is empty."""
    return (other or "").strip() if encoder == OTHER else encoder


def settings_of(
    encoder: str,
    other: str | None,
    device: str,
    n_neighbors: Any,
    min_dist: Any,
    metric: str,
    seeded: bool,
    seed: Any,
    min_cluster_size: Any,
    min_samples: Any,
    space: str,
    engine: str,
    method: str,
    detail: Any,
) -> dict[str, Any]:
    """Return the form's fields as the flat settings of a run; an empty number means its default."""
    if not named(encoder, other):
        raise BadSetting("no encoder is named; write for example st:all-mpnet-base-v2, or choose one of the list.")
    given = {
        "encoder": named(encoder, other),
        "device": device,
        "n_neighbors": n_neighbors,
        "min_dist": min_dist,
        "metric": metric,
        "engine": engine,
        "method": method,
    }
    if method == COMMUNITIES:
        given |= {"detail": detail}
    else:
        given |= {"min_cluster_size": min_cluster_size, "min_samples": min_samples, "space": space}
    settings = {name: value for name, value in given.items() if value not in (None, "")}
    if not seeded:
        return {**settings, "seed": None}
    return settings if seed in (None, "") else {**settings, "seed": seed}


def defaults(dataset: dict[str, Any] | None) -> tuple[Any, ...]:
    """Return the default of every field, in their order, for the dataset's size."""
    size = default_min_cluster_size(dataset["rows"]) if dataset else None
    return (
        AUTO,
        "",
        AUTO,
        DEFAULT_N_NEIGHBORS,
        PROJECT.min_dist,
        PROJECT.metric,
        True,
        PROJECT.seed,
        size,
        default_min_samples(dataset["rows"]) if dataset else DEFAULT_MIN_SAMPLES,
        DEFAULT_SPACE,
        PROJECT.engine,
        DENSITY,
        DEFAULT_DETAIL,
    )


def filled(given: dict[str, Any], dataset: dict[str, Any], encoders: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Return every field as the run on screen has it."""
    plain = defaults(dataset)
    known = {AUTO, *(encoder["name"] for encoder in encoders)}
    name = given.get("encoder") or AUTO
    seed = given.get("seed", PROJECT.seed)
    return (
        name if name in known else OTHER,
        "" if name in known else name,
        given.get("device") or AUTO,
        given.get("n_neighbors") or plain[3],
        given.get("min_dist", plain[4]),
        given.get("metric") or plain[5],
        seed is not None,
        PROJECT.seed if seed is None else seed,
        given.get("min_cluster_size") or plain[8],
        given.get("min_samples") or plain[9],
        given.get("space") or plain[10],
        given.get("engine") or plain[11],
        given.get("method") or plain[12],
        given.get("detail") or plain[13],
    )
