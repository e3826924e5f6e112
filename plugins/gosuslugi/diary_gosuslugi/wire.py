"""What ЕСИА sends: tokens, the answer of the token endpoint, people, children, contacts, documents.

Only what is used is named; everything else is dropped unread. Numbers may come as strings and the other
way round, keys without consent are simply missing, and an element of a collection may be a link to it.

Source: public clients and published captures of 2023-2025; samples in `tests/samples/esia`.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

__all__ = [
    "AccessClaims",
    "Child",
    "CodeClaims",
    "Collection",
    "Contact",
    "Document",
    "Header",
    "IdClaims",
    "Link",
    "Person",
    "Subject",
    "TokenAnswer",
    "TokenRefusal",
]

_DIGITS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_LONGEST_LIFE_S: Final = 10 * 366 * 24 * 3600


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


def _oid(value: object) -> str:
    """Read an id: a number in captures, a string in some clients' models."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise ValueError("an id is a whole number or its digits")
    return text


def _text(value: object) -> str | None:
    """Read a text; None for what is no text, as facts without consent are."""
    return value if isinstance(value, str) and value.strip() else None


def _flag(value: object) -> bool | None:
    match value:
        case bool():
            return value
        case "true" | "false":
            return value == "true"
        case _:
            return None


def _audience(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Oid = Annotated[str, BeforeValidator(_oid)]
"""An id as its decimal digits."""
Text = Annotated[str | None, BeforeValidator(_text)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Seconds = Annotated[int, Field(strict=True, ge=0, lt=2**40)]
"""Since 1970."""


class Header(_Wire):
    """Of a compact JWS."""

    alg: str
    typ: str | None = None
    sbt: str
    """Kind of token: `id`, `access`, `authorization_code`."""
    certificate_hash: str | None = Field(default=None, alias="x5t#St256")
    crit: object = None
    """Extensions one must understand; we understand none."""


class Subject(_Wire):
    """Who the token is about, as ЕСИА's own claim tells it."""

    oid: Oid = Field(alias="urn:esia:sbj:oid")
    kind: Text = Field(default=None, alias="urn:esia:sbj:typ")
    level: Text = Field(default=None, alias="urn:esia:sbj:lvl")
    """`PR` confirmed, `P` simplified or standard, `KD` a child; absent before 2023."""


class _Claims(_Wire):
    iss: str
    exp: Seconds
    nbf: Seconds
    iat: Seconds


class IdClaims(_Claims):
    """Payload of an id token."""

    aud: Annotated[tuple[str, ...], BeforeValidator(_audience)]
    sub: Oid
    subject: Subject = Field(alias="urn:esia:sbj")


class AccessClaims(_Claims):
    """Payload of an access token; `client_id` plays the audience."""

    client_id: str
    subject_id: Oid = Field(alias="urn:esia:sbj_id")
    scope: str
    """`openid fullname?oid=1000999001 …` in any order."""


class CodeClaims(_Wire):
    """Payload of an authorization code, which is a token itself."""

    state: Text = Field(default=None, alias="urn:esia:client:state")
    """Of the authorize request it answers."""


class TokenAnswer(_Wire):
    """What the token endpoint gives."""

    access_token: str = Field(repr=False)
    id_token: str | None = Field(default=None, repr=False)
    """Only with the scope `openid`."""
    refresh_token: str | None = Field(default=None, repr=False)
    """Only with offline access."""
    state: str
    """Of the token request."""
    expires_in: Annotated[int, Field(gt=0, le=_LONGEST_LIFE_S)]
    """Seconds; an integer, or its digits in a string."""


class TokenRefusal(_Wire):
    """What the token endpoint refuses with, and what a refused authorization brings in its query."""

    error: Text = None
    error_description: Text = None


class Person(_Wire):
    """A person; every field hangs on a consent."""

    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    birth_date: Text = Field(default=None, alias="birthDate")
    """`DD.MM.YYYY`."""
    snils: Text = None
    """`NNN-NNN-NNN NN`."""
    made_by_parent: Flag = Field(default=None, alias="kidAccCreatedByParent")


class Child(_Wire):
    """A child's card of a person; its id is the card's, not the child's own account."""

    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    birth_date: Text = Field(default=None, alias="birthDate")
    snils: Text = None


class Contact(_Wire):
    """A way to reach a person."""

    kind: Text = Field(default=None, alias="type")
    """`MBT` mobile, `PHN` home phone, `EML` e-mail."""
    status: Text = Field(default=None, alias="vrfStu")
    """`VERIFIED` or `NOT_VERIFIED`."""
    value: Text = None


class Document(_Wire):
    """A document; neither its series nor its number is read."""

    kind: Text = Field(default=None, alias="type")
    status: Text = Field(default=None, alias="vrfStu")


Link = Annotated[str, StringConstraints(max_length=500)]
"""Where an element stands, absolute."""
ElementT = TypeVar("ElementT", bound=_Wire)


class Collection(_Wire, Generic[ElementT]):
    """The envelope of a collection; without `embed`, and sometimes with it, its elements are links."""

    elements: tuple[ElementT | Link, ...] = Field(default=(), max_length=200)
