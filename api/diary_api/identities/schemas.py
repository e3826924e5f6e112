"""What proving an identity looks like from outside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from diary_core.identity import AccountLevel
from diary_core.model import Moment
from diary_core.sign_in import Redirect


class _Body(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class NewProof(_Body):
    """By which service to prove who you are."""

    provider: Annotated[str, Field(min_length=1, max_length=64, examples=["gosuslugi"])]


class OpenSession(_Body):
    """How a sign-in through an identity service ends in a session."""

    key: SecretStr = Field(min_length=1, max_length=100, examples=["dgk_…"])
    """As given when the sign-in was begun."""
    code: SecretStr = Field(min_length=1, max_length=40, examples=["K7QM-2XNP"])
    """As shown in the browser that came back; letter case, spaces and dashes do not matter."""


class ProofBegun(_Shown):
    """An address to open in the parent's own browser."""

    step: Redirect
    """Holds an address of the gateway."""
    expires_at: Moment
    """After this it must be begun anew."""


class SignInBegun(ProofBegun):
    """A sign-in to the gateway, waiting for the parent's browser."""

    key: str = Field(examples=["dgk_…"])
    """Keep it to yourself: with the code the browser shows at the end it opens the session."""


class SignOut(_Shown):
    """Where a browser leaves an identity service."""

    url: str
    """Of the service: open it in the browser that has signed in there."""


class ProvenIdentity(_Shown):
    """Who an account's owner is, as far as it may be told: no name, no number."""

    id: str = Field(examples=["idn_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    provider: str = Field(examples=["gosuslugi"])
    level: AccountLevel
    """How well the service knows the person."""
    proven_at: Moment
    """When the person last came from the service."""


class IdentityCameBack(_Shown):
    """What the way back from an identity service has led to."""

    purpose: Literal["enter", "prove"]
    """`enter` signs in to the gateway, `prove` adds an identity to the account that asked."""
    level: AccountLevel
    code: str | None = Field(examples=["K7QM-2XNP"])
    """For whoever began to `enter`: together with the `key` it opens the session. Null when proving."""
