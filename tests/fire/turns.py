"""Runs a few functions side by side, one step at a time, in an order that a seed decides.

A step ends where a function touches the disk or waits for somebody else: the places at which processes get into each
other's way.  The same seed is the same order.
"""

import gc
import io
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

STEPS = (
    (os, "rename"),
    (os, "replace"),
    (os, "unlink"),
    (os, "mkdir"),
    (os, "stat"),
    (os, "scandir"),
    (os, "listdir"),
    (io, "open"),
    (time, "sleep"),
)
REST = time.sleep


class Turns:
    """One order of steps."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._gates: dict[int, threading.Semaphore] = {}
        self._over = threading.Semaphore(0)
        self.steps = 0

    def run(self, *actions: Callable[[], Any], seconds: float = 30) -> list[Any]:
        """Return what each action returned or raised, after all have ended; AssertionError after so many seconds."""
        ended: list[Any] = [None] * len(actions)
        threads = [threading.Thread(target=self._act, args=(*one, ended), daemon=True) for one in enumerate(actions)]
        ready = [threading.Semaphore(0) for _ in actions]
        for thread, gate in zip(threads, ready, strict=True):
            thread.start()
            assert thread.ident is not None
            self._gates[thread.ident] = gate
        self._pass_on()
        if not self._over.acquire(timeout=seconds):
            where = self._where(threads)
            self._let_go()
            raise AssertionError(f"they wait for each other:\n{where}")
        for thread in threads:
            thread.join()
        return ended

    def step(self) -> None:
        """Let whoever's turn it is go on, and wait for one's own."""
        gate = self._gates.get(threading.get_ident())
        if gate is not None:
            self.steps += 1
            if self._pass_on(gate):
                gate.acquire()

    def _where(self, threads: list[threading.Thread]) -> str:
        """Return the stacks of those that have not ended."""
        frames = sys._current_frames()
        stacks = {one.name: frames.get(one.ident or 0) for one in threads}
        return "\n".join(f"{name}\n{''.join(traceback.format_stack(at))}" for name, at in stacks.items() if at)

    def _let_go(self) -> None:
        """Have all go on as they like: what one order holds must not stand in the way of the next test."""
        gates = list(self._gates.values())
        self._gates.clear()
        for gate in gates:
            gate.release()

    def _pass_on(self, own: threading.Semaphore | None = None) -> bool:
        """Open the gate of whoever is next; False when that is one's own."""
        gate = self._chance.choice(list(self._gates.values()))
        if gate is not own:
            gate.release()
        return gate is not own

    def _act(self, place: int, act: Callable[[], Any], ended: list[Any]) -> None:
        me = threading.get_ident()
        while me not in self._gates:
            REST(0)
        self._gates[me].acquire()
        try:
            ended[place] = act()
        except Exception as exc:  # noqa: BLE001
            ended[place] = exc
        self._gates.pop(me, None)
        if self._gates:
            self._pass_on()
        else:
            self._over.release()


@contextmanager
def interleaved(turns: Turns) -> Iterator[None]:
    """Have every touch of the disk within the block be a step.

    The garbage collector rests: what it ends may touch the disk too, and it comes wherever somebody asks for memory,
    amid a lock that all threads share as well: who waited there for a turn would keep all others from theirs.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for module, name in STEPS:
                patch.setattr(module, name, _stepping(turns, getattr(module, name), waits=name == "sleep"))
            yield
    finally:
        if collected:
            gc.enable()


def _stepping(turns: Turns, real: Callable[..., Any], *, waits: bool) -> Callable[..., Any]:
    def step(*args: Any, **options: Any) -> Any:
        turns.step()
        return None if waits and threading.get_ident() in turns._gates else real(*args, **options)

    return step
