"""The line before a worker: as they came, but who can wait lets others pass."""

import threading

from explorer.runs.turns import Turns
from tests.servers import until


def test_who_can_wait_lets_all_others_pass_but_keeps_a_turn_that_it_has() -> None:
    turns, seen, ended = Turns(), [], threading.Event()
    never = threading.Event()

    def take(name: str, *, yields: bool) -> None:
        with turns.turn(name, waiting=lambda _before: None, cancelled=never, yields=yields):
            seen.append(name)
            if name == "sample 1":
                ended.wait(10)

    threads = []
    names = ("sample 1", "sample 2", "own 1", "sample 3", "own 2")
    for name in names:
        thread = threading.Thread(target=take, args=(name,), kwargs={"yields": name.startswith("sample")})
        thread.start()
        threads.append(thread)
        until(lambda name=name: name in turns._line, 5, name)
    ended.set()
    for thread in threads:
        thread.join(10)
    assert seen == ["sample 1", "own 1", "own 2", "sample 2", "sample 3"]
