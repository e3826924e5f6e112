"""What accounts, sessions and tokens look like from outside."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, WithJsonSchema

from diary_api.accounts.passwords import LONGEST, SHORTEST
from diary_api.accounts.scopes import Scope
from diary_api.identities.schemas import ProvenIdentity
from diary_core.model import Moment

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,180}\.[^@\s.\x00-\x1f\x7f]{2,}")


def _email(text: str) -> str:
    folded = text.strip().casefold()
    if not _EMAIL.fullmatch(folded) or not folded.isprintable():
        raise ValueError("must be an e-mail address")
    return folded


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
"""An e-mail address, folded to lower case."""


def _long_enough(password: SecretStr) -> SecretStr:
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"must have {SHORTEST} to {LONGEST} characters")
    return password


NewPassword = Annotated[
    SecretStr,
    AfterValidator(_long_enough),
    WithJsonSchema(
        {
            "type": "string",
            "format": "password",
            "minLength": SHORTEST,
            "maxLength": LONGEST,
            "writeOnly": True,
        }
    ),
]
"""A password to be set."""


class _Body(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class NewAccount(_Body):
    """A new account."""

    email: Email = Field(examples=["olga@example.org"])
    """Also the name to sign in with; letter case does not matter."""
    password: NewPassword = Field(examples=["три тихих воробья у метро"])
    """The gateway's own password: never the diary's, never that of Gosuslugi."""


class SignIn(_Body):
    """Signing in to the gateway."""

    email: Email = Field(examples=["olga@example.org"])
    password: SecretStr = Field(min_length=1, max_length=LONGEST, examples=["три тихих воробья у метро"])


class ChangedPassword(_Body):
    """Another password for the gateway."""

    current: SecretStr = Field(min_length=1, max_length=LONGEST, examples=["три тихих воробья у метро"])
    """The password as it is."""
    new: NewPassword = Field(examples=["четыре тихих воробья у метро"])
    """The password as it will be."""
    end_sessions: bool = True
    """Whether every other session ends; tokens stay, and are revoked one by one."""


class NewToken(_Body):
    """A token for a script or an app of yours."""

    name: str = Field(min_length=1, max_length=80, examples=["Домашний экран"])
    """For your own list."""
    scopes: frozenset[Scope] = Field(min_length=1, examples=[["diary:read"]])
    """What it may do; no more than the session or token that issues it."""
    expires_in_days: int = Field(default=90, ge=1, le=366, examples=[90])
    """When it dies, in whole days from now."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Account(_Shown):
    """An account."""

    id: str = Field(examples=["acc_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    email: str | None = Field(examples=["olga@example.org"])
    """Null while the account is entered through an identity service only."""
    created_at: Moment
    identities: tuple[ProvenIdentity, ...] = ()
    """By which services it is proven who you are."""


class AccessKey(_Shown):
    """A session or a token, without its secret."""

    id: str = Field(examples=["key_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    kind: Literal["session", "token"]
    name: str | None
    """What you called a token; null for a session."""
    scopes: tuple[Scope, ...]
    created_at: Moment
    expires_at: Moment
    current: bool
    """Whether this very request used it."""


class IssuedKey(AccessKey):
    """A session or a token with its secret, which is shown this once."""

    secret: str = Field(examples=["dgs_…"])
    """Send it as `Authorization: Bearer …`. Only its hash is stored."""


class AccessKeys(_Shown):
    """Living sessions or tokens."""

    items: tuple[AccessKey, ...]
    """Oldest first."""
