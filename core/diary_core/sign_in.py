"""Signing in is a conversation: each turn returns the next step, and only failures are raised.

    begin(method) ──→ Step ──reply──→ answer(...) ──→ Step ── … ──→ SignedIn

A step shows itself to the parent through its public fields.
What the provider must remember until the reply travels in `carry`, which the gateway seals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from diary_core.bilingual import Bilingual
from diary_core.credentials import Credentials
from diary_core.model import Model, Moment
from diary_core.people import PersonName, Snils


class SignInMethod(Model):
    """One way into a diary."""

    slug: str
    """Such as `mos_ru` or `password`."""
    title: Bilingual
    note: Bilingual
    """What the parent needs at hand."""
    kind: Literal["form", "redirect", "token"]
    """`form` asks here, `redirect` sends the browser to the diary, `token` takes one brought along."""
    identity: str | None = None
    """Slug of the identity service the diary itself asks who the parent is; None for a login of its own."""


class Callback(Model):
    """Where a redirect must come back to, and the state it must bring."""

    url: str
    state: str
    """Fresh for each redirect; a lower-case UUID with dashes, since Gosuslugi takes nothing else."""


class FormField(Model):
    """One input of a form."""

    name: str
    label: Bilingual
    secret: bool = False
    """Never shown, never stored beyond this step."""
    required: bool = True
    hint: Bilingual | None = None


class _Turn(Model):
    """A step that waits for a reply."""

    carry: Mapping[str, str] = Field(default={}, exclude=True, repr=False)
    """The provider's memory until the reply: sealed by the gateway, never shown."""


class Ask(_Turn):
    """Fill in a form."""

    step: Literal["ask"] = "ask"
    fields: tuple[FormField, ...]
    problem: str | None = None
    """Code of the error that made us ask again; None the first time."""


class Redirect(_Turn):
    """Open this address in the parent's browser; the reply is the query it comes back with."""

    step: Literal["redirect"] = "redirect"
    url: str
    problem: str | None = None
    """Code of the error that leads there after another step; None the first time."""


class EnterCode(_Turn):
    """Type the one-time code; the reply is `code`."""

    step: Literal["enter_code"] = "enter_code"
    medium: Literal["sms", "email", "call", "app"]
    sent_to: str | None
    """Masked by the diary."""
    length: int
    expires_at: Moment
    attempts_left: int | None
    problem: str | None = None


class ShowQr(_Turn):
    """Show this as a QR code; reply with nothing to ask whether it was scanned."""

    step: Literal["show_qr"] = "show_qr"
    content: str
    expires_at: Moment


class ConfirmElsewhere(_Turn):
    """Wait for a confirmation in another app; reply with nothing to ask whether it came."""

    step: Literal["confirm_elsewhere"] = "confirm_elsewhere"
    where: Bilingual
    expires_at: Moment


class Option(Model):
    """One thing to choose."""

    id: str
    title: str


class Choose(_Turn):
    """Pick one; the reply is `choice`, the id of an option."""

    step: Literal["choose"] = "choose"
    title: Bilingual
    options: tuple[Option, ...]


class Person(Model):
    """The adult behind a diary account, as the diary knows them."""

    name: PersonName | None = None
    birth_date: date | None = None
    snils: Snils | None = None


class SignedIn(Model):
    """The end: credentials that open the diary."""

    step: Literal["signed_in"] = "signed_in"
    credentials: Credentials = Field(exclude=True, repr=False)
    person: Person | None = Field(default=None, exclude=True, repr=False)
    own_login: bool = False
    """Whether the diary's own login and password were given on the way, though the method is another one."""


Step = Ask | Redirect | EnterCode | ShowQr | ConfirmElsewhere | Choose | SignedIn


class Reply(Model):
    """What came back: form fields, a callback's query, `code`, `choice`, or nothing."""

    values: Mapping[str, str] = Field(default={}, repr=False)
