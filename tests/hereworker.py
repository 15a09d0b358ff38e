"""A worker that does in this process what another would, its messages as they go over the pipe."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from explorer.config import Settings
from explorer.runs.queryvectors import QueryVectors
from explorer.runs.worker import Worker
from explorer.server.services import Services, open_services
from explorer.workspace import Workspace


class HereWorker:
    def __init__(self, home: Path) -> None:
        self._worker = Worker(Workspace(home), "cpu", inbox=None, out=None)  # type: ignore[arg-type]

    def ask(self, message: dict[str, Any]) -> Future[Any]:
        answer: Future[Any] = Future()
        answer.set_result(json.loads(json.dumps(self._worker._do(json.loads(json.dumps(message))))))
        return answer


def services_here(home: Path) -> Services:
    """Return the services of a workspace of which queries are encoded in this process."""
    services = open_services(Workspace(home), Settings(home))
    services.jobs.queries = QueryVectors(HereWorker(home))  # type: ignore[arg-type]
    return services
