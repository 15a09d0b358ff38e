"""Answers of a scale, from never to always, have one ramp of colours, and words that are no scale their own."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from explorer.description import cluster_colors
from explorer.description.palette import oklab
from explorer.questions import columns
from explorer.types import Dataset
from explorer.ui import figures
from tests.report.small import small_run
from tests.ui.test_page import GROUNDS, luminance

AGREEMENT = (
    "strongly disagree", "disagree", "somewhat disagree", "neutral", "somewhat agree", "agree", "strongly agree"
)  # fmt: skip
SCALES = (
    (*AGREEMENT, "don't know"),
    ("Never", "Rarely", "Sometimes", "Often", "Always"),
    ("nie", "selten", "manchmal", "oft", "immer", "weiß ich nicht"),
    ("Jamais", "Rarement", "Parfois", "Souvent", "Toujours", "Sans opinion"),
    ("nunca", "casi nunca", "a veces", "casi siempre", "siempre"),
    ("molto insoddisfatto", "insoddisfatto", "neutrale", "soddisfatto", "molto soddisfatto"),
    ("zeer slecht", "slecht", "matig", "goed", "zeer goed", "geen mening"),
)


def as_seen(color: str, sight: np.ndarray) -> np.ndarray:
    """Return a colour in OKLab as eyes see it whose cones mix the linear channels so."""
    channels = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.clip(sight @ np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4), 0, 1)
    back = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(oklab("#" + "".join(f"{round(255 * one):02x}" for one in back)))


SIGHTS = {  # Machado et al. 2009, the whole of each deficiency
    "usual": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("answers", SCALES, ids=lambda answers: answers[0])
def test_answers_of_a_scale_have_a_ramp_in_its_order_that_all_eyes_tell_apart(answers, theme) -> None:
    chance = np.random.default_rng(3)
    said = [str(one) for one in chance.permutation([*answers * 3, *answers[:2] * 4])]
    run = dataclasses.replace(small_run(), dataset=Dataset("d", "d", ["t"] * len(said), pd.DataFrame({"q": said})))
    column = columns.column(run, "q")
    assert column["values"] == list(answers)
    colors = figures.column_palette(column)[theme]
    off = [at for at, on in enumerate(column["scale"]) if not on]
    assert off == ([len(answers) - 1] if answers[-1].split()[0] in ("don't", "weiß", "Sans", "geen") else [])
    assert all(colors[at] == figures.MISSING_COLOR for at in off)
    ramp = [color for at, color in enumerate(colors) if at not in off]
    light = [luminance(color) for color in ramp]
    assert light == sorted(light, reverse=theme == "light")
    for sight in SIGHTS.values():
        seen = np.array([as_seen(color, sight) for color in ramp])
        assert np.linalg.norm(np.diff(seen, axis=0), axis=1).min() > 0.06


def test_words_that_are_no_scale_keep_colours_of_their_own() -> None:
    table = pd.DataFrame({"kind": ["agree", "bus", "park"] * 4})
    column = columns.column(dataclasses.replace(small_run(), dataset=Dataset("d", "d", ["t"] * 12, table)), "kind")
    assert "scale" not in column
    assert figures.column_palette(column)["light"] == cluster_colors(3)
