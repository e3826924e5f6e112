"""What connections and their steps look like from outside."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from diary_api.connections.flow import Waiting
from diary_api.connections.states import State
from diary_api.identities.matching import Tie
from diary_core.bilingual import Bilingual
from diary_core.model import Moment

Slug = Annotated[str, Field(min_length=1, max_length=64)]


class _Body(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class NewConnection(_Body):
    """Which diary to link, and how to sign in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"region": "77", "method": "mos_ru"},
                {"provider": "dnevnik_ru", "instance": "arkhangelsk", "method": "password"},
            ]
        }
    )

    region: str | None = Field(default=None, min_length=1, max_length=8)
    """Two-digit code; enough where one diary of the region is entered by the method."""
    provider: Slug | None = None
    """Names the diary system, together with `instance`."""
    instance: Slug | None = None
    method: Slug
    """One of the ways to sign in that `GET /v1/regions/{code}` shows."""

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.provider is None) != (self.instance is None):
            raise ValueError("provider and instance go together")
        if self.region is None and self.provider is None:
            raise ValueError("name a region, or a provider and an instance")
        return self


class StepReply(_Body):
    """A reply to the step that waits."""

    values: dict[Annotated[str, Field(max_length=100)], Annotated[SecretStr, Field(max_length=8192)]] = Field(
        default={}, max_length=50, examples=[{"login": "parent", "password": "…"}]
    )
    """The form's fields by name; `code` for a one-time code; `choice` for a choice; nothing for a wait.

    A `redirect` is answered by the browser itself; an app that catches it sends its whole query here.
    """
    turn: int | None = None
    """The `turn` the reply is meant for; a reply to a step that is over is then refused."""


class SignInAgain(_Body):
    """How to sign in again."""

    method: Slug | None = None
    """Another way than the last time; the same one unless given."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class PendingStep(_Shown):
    """What a sign-in waits for."""

    turn: int
    """Counts the steps of this sign-in, from 1."""
    expires_at: Moment
    """After this the sign-in must be begun anew."""
    step: Waiting
    """A `redirect` holds an address of the gateway: open it in the parent's own browser."""


class Connection(_Shown):
    """A linked diary."""

    id: str = Field(examples=["con_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    provider: str = Field(examples=["mrko"])
    instance: str = Field(examples=["moscow"])
    title: Bilingual | None
    """Name of the diary; null when its plugin is not installed any more."""
    region: str | None
    method: str = Field(examples=["mos_ru"])
    state: State
    """Whether it can be read."""
    outcome: str | None = Field(examples=["ok"])
    """How the last run went: `ok` or a problem code; null before the first."""
    outcome_at: Moment | None
    identity: Tie
    """Whether it belongs to the account's proven owner, and by what that is known."""
    created_at: Moment
    pending: PendingStep | None
    """The step that waits for a reply; null when none does."""


class Connections(_Shown):
    """Linked diaries."""

    items: tuple[Connection, ...]
    """Oldest first, the withdrawn ones included."""


class CameBack(_Shown):
    """What a redirect has led to."""

    connection_id: str
    state: State
    next_step: Literal["ask", "redirect", "enter_code", "show_qr", "confirm_elsewhere", "choose"] | None
    """What the sign-in still waits for, to be answered through the connection; null when it is done."""
