"""What a map is drawn from: its points in two or three dimensions, and its pictures while it is made.

It lays nothing out: the map worker does, the 3-D map when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer.errors import NotReady, TooManyRows
from explorer.questions import answers, sketch
from explorer.runs import Jobs, Plan, places_of
from explorer.server.opened import Opened
from explorer.types import FloatArray
from explorer.workspace import Workspace, frames_after


@dataclass(frozen=True)
class Maps:
    """The maps of a workspace's runs; points and pictures are bytes."""

    workspace: Workspace
    jobs: Jobs
    opened: Opened

    def points(self, key: str, *, dims: int | None = None) -> bytes:
        """Return the map as binary columns; with *dims* 3 the 3-D map, which `make_space` makes."""
        return answers.points(self.opened.run(key), self.jobs.spaces.places(key) if dims == 3 else None)

    def small(self, key: str) -> str:
        """Return a run's map as small as a stamp, SVG; raises NotFound for one that is not finished."""
        return sketch(*places_of(key, workspace=self.workspace))

    def frames(self, key: str, after: int) -> bytes:
        """Return the pictures of a run's map in the making that have a greater number; raises NotFound."""
        plan = Plan.from_json(self.workspace.runs.record(key)["plan"])
        return frames_after(self.workspace.frames, plan.keys, after)

    def make_space(self, key: str) -> dict[str, Any]:
        """Have the 3-D map of a finished run made, once, and return how far it is."""
        self.opened.run(key)
        return self.jobs.spaces.start(key)

    def space(self, key: str) -> dict[str, Any]:
        """Return how far the 3-D map of a run is, and how faithful it is when it is there."""
        return self.jobs.spaces.state(key)

    def cancel_space(self, key: str) -> None:
        """Stop making the 3-D map of a run."""
        self.jobs.spaces.cancel(key)

    def space_places(self, key: str) -> FloatArray | None:
        """Return the places of the 3-D map, float32 (n, 3); None while there is none."""
        try:
            return self.jobs.spaces.places(key)
        except (NotReady, TooManyRows):
            return None
