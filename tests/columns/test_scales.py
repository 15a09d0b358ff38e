"""Answers of questionnaires stand in their order however they are worded, and each answer has its own place."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.columns.scales import is_off_scale, scale_order

ANSWERS = {
    "change": ["Much worse", "Worse", "About the same", "Better", "Much better"],
    "change by a little": ["A lot worse", "Worse", "Slightly worse", "The same", "Slightly better", "Better"],
    "Veränderung": ["Viel schlechter", "Schlechter", "Gleich", "Etwas besser", "Besser", "Deutlich besser"],
    "accord": ["Pas du tout d’accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord", "Plutôt d'accord",
               "Tout à fait d'accord"],
    "concordo": ["Discordo totalmente", "Discordo", "Nem concordo nem discordo", "Concordo", "Concordo totalmente"],
    "agreement": ["Totally disagree", "Strongly disagree", "Disagree", "Mostly disagree", "Somewhat disagree",
                  "Slightly disagree", "Neutral", "Slightly agree", "Somewhat agree", "Mostly agree", "Agree"],
    "difficulty": ["Very easy", "Easy", "Neither easy nor difficult", "Difficult", "Very difficult"],
    "Schwierigkeit": ["Sehr leicht", "Leicht", "Weder leicht noch schwer", "Schwer", "Sehr schwer"],
    "dificultad": ["Muy fácil", "Fácil", "Ni fácil ni difícil", "Difícil", "Muy difícil"],
    "difficoltà": ["Molto facile", "Facile", "Né facile né difficile", "Difficile", "Molto difficile"],
    "one word": ["Not at all likely", "Slightly likely", "Moderately likely", "Very likely", "Extremely likely"],
    "quality": ["Poor", "Fair", "Good", "Very Good", "Excellent"],
    "importance": ["Not important", "Somewhat important", "Important", "Very important"],
    "calidad": ["Muy malo", "Malo", "Regular", "Bueno", "Muy bueno"],
}  # fmt: skip
BESIDE = ["Don't Know / Unsure", "No sabe / no contesta", "Ne sait pas", "N/A / Don't know", "Not sure", "Refused",
          "Weiß nicht oder keine Angabe", "Don't know", "Não sei"]  # fmt: skip
FORMS = ["{label}", "{label} ({at})", "({at}) {label}", "{label} [{at}]", " {label}. "]


@pytest.mark.parametrize("scale", ANSWERS)
@pytest.mark.parametrize("seed", range(6))
def test_answers_are_in_order_with_a_place_each(scale: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    form = FORMS[seed % len(FORMS)]
    least = 3 if scale != "one word" else 4
    picked = np.sort(rng.choice(len(ANSWERS[scale]), int(rng.integers(least, len(ANSWERS[scale]) + 1)), replace=False))
    labels = [form.format(label=ANSWERS[scale][at], at=at + 1) for at in picked]
    beside = str(rng.choice(BESIDE))
    places = scale_order([str(one) for one in rng.permutation([*labels, beside])])
    assert places is not None, labels
    order = sorted(places, key=places.__getitem__)
    assert len(set(places.values())) == len(labels) + 1, places
    assert order in ([*labels, beside], [*labels[::-1], beside])


@pytest.mark.parametrize("label", [one for one in BESIDE if one != "Not sure"])
def test_an_answer_of_two_that_stand_on_no_scale_is_one(label: str) -> None:
    assert is_off_scale(label)
    assert is_off_scale(f"{label} (99)")


@pytest.mark.parametrize(
    "labels",
    [
        ["Neither cats nor dogs", "Cats", "Dogs"],
        ["Bad / unsure", "Good", "Bad"],
        ["(1)", "(2)"],
        ["Red wine", "White wine", "Rosé wine"],
        ["Not sure", "Good"],
    ],
)
def test_what_only_looks_like_them_is_no_scale(labels: list[str]) -> None:
    assert scale_order(labels) is None
