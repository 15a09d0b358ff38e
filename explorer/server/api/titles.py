"""The REST routes of names by a language model: what would be sent, have it sent, follow it, stop it, take it back.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from explorer.server.services import Services


class NamesRequest(BaseModel):
    """How a language model is asked; the address is for the user to say only where the server's settings have none."""

    model_config = ConfigDict(extra="forbid")
    address: str | None = Field(None, examples=["http://127.0.0.1:11434/v1"])
    model: str | None = Field(None, examples=["llama3.2"])
    items: int | None = Field(None, description="items of each cluster's middle")
    characters: int | None = Field(None, description="to which each item is cut")
    prompt: str | None = None
    again: bool = Field(False, description="also ask for what was asked in the same way before")


class Use(BaseModel):
    """Whether the model's names are shown."""

    model_config = ConfigDict(extra="forbid")
    used: bool


def title_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/names", tags=["names"])
    def names(key: str) -> dict[str, Any]:
        """Tell how far a language model is with naming the clusters, and how it was asked.

        `state` is none, queued, running, done, failed or cancelled; `named` clusters have a name of it, which is shown
        if `used`.
        """
        return services.titles.state(key)

    @router.post("/runs/{key}/names/preview", tags=["names"])
    def preview_names(key: str, wanted: NamesRequest) -> dict[str, Any]:
        """Tell what would be sent: how many requests, about how many tokens, and the first of them. Sends nothing."""
        return services.titles.preview(key, wanted.model_dump(exclude_none=True))

    @router.post("/runs/{key}/names", tags=["names"], status_code=202)
    def ask_for_names(key: str, wanted: NamesRequest) -> dict[str, Any]:
        """Have a language model name every cluster with what it is told of it; answers as the GET does.

        One run at a time. Each name is kept as it comes; the same request again asks for those that are missing.
        """
        return services.titles.start(key, wanted.model_dump(exclude_none=True))

    @router.put("/runs/{key}/names/used", tags=["names"])
    def use_names(key: str, wanted: Use) -> dict[str, Any]:
        """Show the model's names, or again those of the clusters' words; both stay."""
        return services.titles.use(key, wanted.used)

    @router.delete("/runs/{key}/names", tags=["names"], status_code=204)
    def stop_naming(key: str) -> Response:
        """Stop asking; names that came stay."""
        services.titles.cancel(key)
        return Response(status_code=204)
