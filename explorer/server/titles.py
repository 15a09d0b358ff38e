"""Names of a run's clusters by a language model: what would be sent where, the asking, the way back.

Nothing leaves the machine before `start` is called, and then to one address: that of the server's settings, or, where
these name none and nobody but who sits at this machine is expected, the one that is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explorer.config import NO_MODEL, Settings
from explorer.description import PROMPT, Asking, tokens_of
from explorer.errors import BadSetting
from explorer.runs import Endpoint, Jobs, key_in_environment, open_run, requests_of, titles_of, use_names
from explorer.server.opened import Opened
from explorer.types import Run
from explorer.workspace import Workspace

FIELDS = ("address", "model", "items", "characters", "prompt", "again")
_SHOWN_REQUESTS = 3


@dataclass(frozen=True)
class Titles:
    """Names by a language model, for the runs of a workspace."""

    workspace: Workspace
    jobs: Jobs
    opened: Opened
    settings: Settings

    def __post_init__(self) -> None:
        if self.settings.names_url not in ("", NO_MODEL):
            self._endpoint("", "-")  # here, where somebody sees what is wrong with it

    @property
    def allowed(self) -> bool:
        """Whether a language model may be asked at all."""
        return self.settings.names_url != NO_MODEL and (bool(self.settings.names_url) or self.settings.is_local)

    @property
    def takes_address(self) -> bool:
        """Whether the address is for the user to say."""
        return not self.settings.names_url and self.settings.is_local

    def state(self, key: str) -> dict[str, Any]:
        """Return how far the naming of a run is, which names are in use, and how it was asked the last time."""
        kept = titles_of(self.workspace, key)
        self.workspace.runs.record(key)
        last = kept.get("last", {})
        host = self._endpoint("", last.get("model") or "-").host if self.settings.names_url and self.allowed else ""
        return {
            "run": key,
            **self.jobs.namings.state(key),
            "named": len(kept.get("clusters", {})),
            "used": bool(kept.get("used") and kept.get("clusters")),
            "allowed": self.allowed,
            "takes_address": self.takes_address,
            "host": host or last.get("host", ""),
            "model": last.get("model") or self.settings.names_model,
            "items": last.get("items", Asking.items),
            "characters": last.get("characters", Asking.characters),
            "prompt": last.get("prompt", PROMPT),
        }

    def preview(self, key: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what would be sent: how many requests, about how many tokens, and the first of them; sends nothing."""
        self._check_allowed()
        asking = asking_of(given)
        requests = [(name, request) for name, request in requests_of(self._plain(key), asking)]
        return {
            "run": key,
            "requests": len(requests),
            "tokens": sum(tokens_of(request) for _, request in requests),
            "items": asking.items,
            "characters": asking.characters,
            "first": [{"cluster": name, "messages": request} for name, request in requests[:_SHOWN_REQUESTS]],
        }

    def start(self, key: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Have the clusters of a finished run named, in the background, and return its `state`.

        Raises BadSetting for an address that is not for the user to say.
        """
        self._check_allowed()
        asking, again = asking_of(given), given.get("again", False)
        if not isinstance(again, bool):
            raise BadSetting(f"again is {again!r}; it must be true or false.")
        endpoint = self._endpoint(_text(given, "address"), _text(given, "model") or self.settings.names_model)
        self._plain(key)
        self.jobs.namings.start(key, endpoint, asking, again=again, ended=lambda: self.opened.forget(key))
        return self.state(key)

    def cancel(self, key: str) -> None:
        """Stop naming a run's clusters; those that are named stay."""
        self.workspace.runs.record(key)
        self.jobs.namings.cancel(key)

    def use(self, key: str, used: bool) -> dict[str, Any]:
        """Show a run under the model's names, or under those of its words."""
        use_names(key, used=used, workspace=self.workspace)
        self.opened.forget(key)
        return self.state(key)

    def _plain(self, key: str) -> Run:
        return open_run(key, workspace=self.workspace, titles=False, on_disk=True)

    def _endpoint(self, address: str, model: str) -> Endpoint:
        """Return whom to ask; the key goes to the address of the settings alone."""
        own = self.settings.names_url
        if not own and self.takes_address:
            return Endpoint.at(address, model)
        if address and address != own:
            raise BadSetting("this server asks the language model of its own settings alone; leave the address out.")
        return Endpoint.at(own, model, key=key_in_environment())

    def _check_allowed(self) -> None:
        if not self.allowed:
            raise BadSetting(
                "this server asks no language model; who starts it can name one with EXPLORER_NAMES_URL or --names-by."
            )


def asking_of(given: Mapping[str, Any]) -> Asking:
    """Return how to ask, what is not given at its default; raises BadSetting."""
    unknown = set(given) - set(FIELDS)
    if unknown:
        raise BadSetting(f"there is no setting {sorted(unknown)[0]!r}; the settings are {', '.join(FIELDS)}.")
    asking = Asking(**{name: given[name] for name in ("items", "characters", "prompt") if given.get(name) is not None})
    asking.check()
    return asking


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise BadSetting(f"{name} is {value!r}; it must be a text.")
    return value.strip()
