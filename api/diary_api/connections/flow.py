"""What the gateway remembers of a sign-in between two turns, and the secrets that bind it to its browser."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from diary_api.connections.owners import Held
from diary_api.ids import new_id
from diary_api.storage import KeyRing
from diary_api.storage.sealing import digest
from diary_api.storage.tables import SignInRow
from diary_core.errors import DiaryError, InvalidInput, SignInMismatch, TryLater
from diary_core.sign_in import Ask, Choose, ConfirmElsewhere, EnterCode, Redirect, ShowQr, SignedIn, Step

Waiting = Annotated[
    Ask | Redirect | EnterCode | ShowQr | ConfirmElsewhere | Choose, Field(discriminator="step")
]
"""A step that waits for a reply."""


class Flow(BaseModel):
    """One unfinished sign-in."""

    model_config = ConfigDict(frozen=True)

    step: Waiting
    carry: Mapping[str, str] = Field(repr=False)
    """The provider's memory."""
    ticket: str = Field(repr=False)
    """Opens the sign-in in a browser."""
    state: str = Field(repr=False)
    """What a redirect must bring back."""
    came_back: bool = False
    """Whether a redirect has brought the state back already, and met with trouble that may pass."""
    held: Held | None = Field(default=None, repr=False)
    """A finished sign-in that waits for a proof of ours; the step is then ours, not the provider's."""

    def then(self, step: Waiting, held: Held | None = None) -> Flow:
        """Return the flow at its next step."""
        return self.model_copy(
            update={"step": step, "carry": dict(step.carry), "held": held, "came_back": False}
        )


_REFUSAL = ("error", "error_description")
"""Parameters of a redirect that says no by itself (RFC 6749 §4.1.2.1)."""


def new_secret() -> str:
    """Make a ticket or a browser's secret: 256 bits in 43 characters."""
    return secrets.token_urlsafe(32)


def new_state() -> str:
    """Make what a redirect must bring back: a lower-case UUID, since Gosuslugi takes nothing else."""
    return str(uuid4())


def waiting_row(ring: KeyRing, flow: Flow, *, method: str, now: datetime, expires_at: datetime) -> SignInRow:
    """Return the row of a sign-in whose first step waits; whose it is remains to be said."""
    sign_in_id = new_id("sin")
    return SignInRow(
        id=sign_in_id,
        purpose="link",
        method=method,
        phase="waiting",
        turn=1,
        step_kind=flow.step.step,
        flow_sealed=seal_flow(ring, sign_in_id, flow),
        ticket_hash=digest(flow.ticket),
        state_hash=digest(flow.state),
        tries=0,
        expires_at=expires_at,
        created_at=now,
    )


def seal_flow(ring: KeyRing, sign_in_id: str, flow: Flow) -> bytes:
    """Seal a flow for its row."""
    return ring.seal(flow.model_dump_json().encode(), place=f"sign_ins.flow:{sign_in_id}")


def open_flow(ring: KeyRing, sign_in_id: str, sealed: bytes) -> Flow:
    """Open the flow of a row."""
    return Flow.model_validate_json(ring.open(sealed, place=f"sign_ins.flow:{sign_in_id}"))


def waits(step: Step) -> Waiting | None:
    """Return the step if it waits for a reply; None if the sign-in is over."""
    return None if isinstance(step, SignedIn) else step


def explained(step: Step, problem: str) -> Step:
    """Return a step with the reason it is asked for, where it can carry one."""
    match step:
        case Ask() | EnterCode() | Redirect():
            return step.model_copy(update={"problem": problem})
        case _:
            return step


def may_be_repeated(flow: Flow, values: Mapping[str, str], error: DiaryError) -> bool:
    """Tell whether the same reply may go through later: not the refusal a redirect has brought by itself."""
    refused = isinstance(flow.step, Redirect) and not values.keys().isdisjoint(_REFUSAL)
    return isinstance(error, TryLater) and not refused


def tried(flow: Flow) -> Flow:
    """Return a flow whose reply has met with trouble, and may be given again."""
    return flow.model_copy(update={"came_back": True})


def check_reply(flow: Flow, values: Mapping[str, str]) -> None:
    """Make sure that a reply fits its step, before the diary is bothered.

    Raises:
        InvalidInput: A field is missing or not asked for; `field` names the first one.
        SignInMismatch: A redirect was answered with a state we did not give out.
    """
    match flow.step:
        case Ask(fields=fields):
            wanted = {field.name for field in fields if field.required}
            known = {field.name for field in fields}
        case EnterCode():
            wanted = known = {"code"}
        case Choose(options=options):
            wanted = known = {"choice"}
            if values.get("choice") not in {option.id for option in options} | {None}:
                raise InvalidInput("this was not among the options", field="values.choice")
        case Redirect():
            _check_state(flow, values)
            return
        case ShowQr() | ConfirmElsewhere():
            wanted = known = set[str]()
    missing = sorted(name for name in wanted if not values.get(name))
    if missing:
        raise InvalidInput("the step asks for this field", field=f"values.{missing[0]}")
    unknown = sorted(set(values) - known)
    if unknown:
        raise InvalidInput("the step does not ask for this field", field=f"values.{unknown[0]}")


def _check_state(flow: Flow, values: Mapping[str, str]) -> None:
    given = values.get("state", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, flow.state.encode()):
        raise SignInMismatch("the redirect brought another state", field="state")
