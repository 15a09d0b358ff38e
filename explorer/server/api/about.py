"""The REST routes of the server itself: whether it answers, which encoders it offers and which formats it reads.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter

from explorer import ingest
from explorer.server.services import Services


def about_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""
    installed = version("embedding-explorer")  # read once: health is asked for often, and waits for no thread

    @router.get("/healthz", tags=["server"])
    async def healthz() -> dict[str, Any]:
        """Say that the server answers."""
        return {"status": "ok", "version": installed}

    @router.get("/encoders", tags=["server"])
    def encoders() -> dict[str, Any]:
        """List the encoders: what they read, what they need, what runs offline."""
        return {"encoders": services.encoders()}

    @router.get("/formats", tags=["server"])
    def formats() -> dict[str, Any]:
        """List the file formats that are read: the endings of their names, what is made of them."""
        return {"formats": ingest.list_formats()}
