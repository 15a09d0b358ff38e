"""The REST routes of runs: list them, start one, follow it, rename it, stop it, delete it.

What a finished one answers stands in the files beside this one.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from explorer.server.api.answering import takes
from explorer.server.api.parameters import Name
from explorer.server.crowd import FILES
from explorer.server.services import Services
from explorer.server.undoing import RUN


class RunRequest(BaseModel):
    """A dataset and the settings that differ from the defaults; `seed: null` means no seed."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    dataset: str
    encoder: str | None = Field(None, examples=["minilm", "conse", "clip"])
    device: str | None = Field(None, examples=["auto", "cpu", "cuda"])
    draft: str | None = Field(None, examples=["no", "first", "only"])
    n_neighbors: int | None = None
    min_dist: float | None = None
    metric: str | None = None
    seed: int | str | None = None
    dims: int | None = None
    engine: str | None = Field(None, examples=["cpu", "cuml"])
    min_cluster_size: int | None = None
    min_samples: int | None = None
    space: str | None = None
    method: str | None = Field(None, examples=["density", "communities"])
    detail: int | None = None
    groups: int | None = None
    send: bool | None = Field(
        None, description="agrees that an encoder elsewhere gets the items; `GET …/sending` says which, and where"
    )


def run_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs", tags=["runs"])
    def runs() -> dict[str, Any]:
        """List the runs, newest first; `deleted_in` says in how many seconds one goes that was deleted on the page.

        A run with `cut_of` was made of that one by the page's slider. Of a map with its cuts all but the one that was
        chosen last are `superseded`: the page lists that one alone.
        """
        return {"runs": services.undoing.told(RUN, services.runs.all())}

    @router.post("/runs", tags=["runs"], status_code=202)
    @takes(FILES)
    def start(wanted: RunRequest) -> dict[str, str]:
        """Start a run; the same request again is the same run, and resumes it.

        A *note* in the answer says which settings have no effect with the others.
        """
        settings = wanted.model_dump(exclude_unset=True)
        run = services.runs.start(settings.pop("dataset"), settings)
        note = services.runs.note_on(settings)
        return {"run": run, **({"note": note} if note else {})}

    @router.get("/runs/{key}", tags=["runs"])
    def status(key: str) -> dict[str, Any]:
        """Tell where a run is and, when it is done, what it amounts to; `deleted_in` is as in the list of runs."""
        return services.undoing.told(RUN, [services.runs.status(key)])[0]

    @router.patch("/runs/{key}", tags=["runs"])
    def rename(key: str, name: Name) -> dict[str, Any]:
        """Rename a run, and the cuts of the same map."""
        services.runs.rename(key, name.name)
        return services.runs.status(key)

    @router.post("/runs/{key}/job", tags=["runs"], status_code=202)
    @takes(FILES)
    def resume(key: str) -> dict[str, str]:
        """Go on with a run that was interrupted, cancelled or failed."""
        return {"run": services.runs.resume(key)}

    @router.delete("/runs/{key}/job", tags=["runs"], status_code=204)
    def cancel(key: str) -> Response:
        """Cancel a run; what is finished stays."""
        services.runs.cancel(key)
        return Response(status_code=204)

    @router.delete("/runs/{key}", tags=["runs"], status_code=204)
    @takes(FILES)
    def delete(key: str) -> Response:
        """Delete a run, and with it all cuts of the same map, unless it is `superseded` by one."""
        services.runs.delete(key)
        return Response(status_code=204)
