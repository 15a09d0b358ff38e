"""Tells what is noted on a document and is no part of its text: comments of those who looked it through."""

from __future__ import annotations

from collections.abc import Sequence

_LISTED, _LONGEST = 50, 500
"""Comments that are told, and characters of each."""


def told(comments: Sequence[tuple[str, str]]) -> list[str]:
    """Return a sentence for each comment, of which is known by whom or where it is, and what it says."""
    said = [(of, " ".join(words.split())[:_LONGEST]) for of, words in comments]
    said = [(of, words) for of, words in said if words]
    some = [f"the comment {of}is no part of the text: “{words}”" for of, words in said[:_LISTED]]
    more = len(said) - _LISTED
    return [*some, f"{more:,} more comments are not read. Export them to have them"] if more > 0 else some
