"""An answer is computed once for all who ask at the same time."""

import threading

import pytest

from explorer.server.once import Once


def test_those_who_ask_meanwhile_wait_for_the_one_answer() -> None:
    once, begun, go_on = Once(3), threading.Event(), threading.Event()
    computed: list[int] = []
    found: list[str] = []

    def compute() -> str:
        computed.append(1)
        begun.set()
        assert go_on.wait(10)
        return "answer"

    first = threading.Thread(target=lambda: found.append(once.get("key", compute)))
    first.start()
    assert begun.wait(10)
    others = [threading.Thread(target=lambda: found.append(once.get("key", compute))) for _ in range(3)]
    for thread in others:
        thread.start()
    go_on.set()
    for thread in (first, *others):
        thread.join(10)
    assert found == ["answer"] * 4
    assert computed == [1]


def test_only_the_last_few_are_remembered() -> None:
    once, computed = Once(2), []

    def ask(key: str) -> None:
        once.get(key, lambda: computed.append(key))

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert computed == ["a", "b", "c", "b"]


def test_an_error_is_not_remembered() -> None:
    once = Once(2)

    def fails() -> int:
        raise KeyError("no")

    with pytest.raises(KeyError):
        once.get("a", fails)
    assert once.get("a", lambda: 7) == 7
