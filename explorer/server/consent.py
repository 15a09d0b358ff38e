"""What a map would have sent elsewhere, told before it is, and whether whoever asks for the map agrees to that.

It sends nothing and allows no address: `allowing` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer.config import RunConfig
from explorer.encoders import runs_code
from explorer.errors import BadSetting, NotAgreed
from explorer.runs import Plan, asks_first, facts_of, is_agreed, make_plan, not_agreed, sending_of
from explorer.server.allowing import Allowing
from explorer.workspace import Workspace


@dataclass(frozen=True)
class Consent:
    """What is sent for maps of a workspace's datasets."""

    workspace: Workspace
    allowing: Allowing

    def sending(self, dataset: str, encoder: str) -> dict[str, Any] | None:
        """Return what a run of a dataset by an encoder would have sent, where and at what price; None for nothing.

        *agreed*: somebody did so before for these data and this encoder.  Sends nothing.  Raises NotFound, BadSetting,
        UnknownEncoder, WrongModality.
        """
        self.allowing.check(encoder)
        record = self.workspace.datasets.record(dataset)
        told = sending_of(dataset, encoder, workspace=self.workspace)
        if told is None:
            return None
        plan = make_plan(facts_of(record), RunConfig.from_flat({"encoder": encoder}))
        agreed = is_agreed(self.workspace, plan)
        return {**vars(told), "key": told.key, "words": told.words(), "cost": told.cost(), "agreed": agreed}

    def cache(self) -> dict[str, Any]:
        """Return how large the vectors are that belong to no map, how large they may be, and those of maps: bytes."""
        return vars(self.workspace.vectors.state())

    def clear(self) -> None:
        """Remove the vectors that belong to no map."""
        self.workspace.vectors.prune(to=0)


def agrees(workspace: Workspace, plan: Plan, send: Any) -> bool:
    """Whether whoever asks for a run agrees anew to what its encoder gets; *send* is True or the key of a `Sending`.

    Raises NotAgreed where nobody did, ever, and BadSetting for what is no answer.
    """
    encoder = plan.config.embed.encoder
    if not asks_first(encoder) or is_agreed(workspace, plan):
        return False
    if runs_code(encoder):
        return True  # whoever gave it a name in the file has agreed
    told = sending_of(plan.dataset, encoder, workspace=workspace)
    if send is True or (told is not None and send == told.key):
        return True
    if send not in (None, False) and not isinstance(send, str):
        raise BadSetting(f"send is {send!r}; it must be true or false.")
    changed = "what would be sent has changed meanwhile: " if send else ""
    fault = NotAgreed(changed + str(not_agreed(encoder, told, how="send the same request with “send”: true")))
    fault.on_page = changed + str(not_agreed(encoder, told, how="choose this encoder in the settings, and explore"))
    raise fault
