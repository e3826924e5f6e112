"""Who a parent is, as a state identity service tells it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar

from pydantic import Field, SecretStr

from diary_core.bilingual import Bilingual
from diary_core.model import Model
from diary_core.people import PersonName, Snils
from diary_core.provider import Channel, Instance
from diary_core.sign_in import Callback, Redirect, Reply


class AccountLevel(StrEnum):
    """How well the identity service knows the person."""

    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CONFIRMED = "confirmed"
    CHILD = "child"
    UNKNOWN = "unknown"
    """What we may see does not tell; never more than simplified."""


class Fact(StrEnum):
    """One thing to ask of the identity service; the person consents to each."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SNILS = "snils"
    CHILDREN = "children"
    CONTACTS = "contacts"
    DOCUMENTS = "documents"
    """Whether an identity document is verified, which tells a standard account from a simplified one."""


class KnownChild(Model):
    """A child the identity service lists for the person; no proof of guardianship by itself."""

    name: PersonName
    birth_date: date | None
    snils: Snils | None


class Identity(Model):
    """A proven identity."""

    provider: str
    subject: str
    """Stable id of the person at the identity service."""
    name: PersonName | None
    birth_date: date | None
    snils: Snils | None
    level: AccountLevel
    children: tuple[KnownChild, ...] = ()
    email: str | None = Field(default=None, repr=False)
    """Verified by the service."""
    phone: str | None = Field(default=None, repr=False)
    """Mobile, verified by the service; as the service writes it."""
    missing: frozenset[Fact] = frozenset()
    """What was asked for and could not be had, or only in part: not consented, not approved for us, not told.
    A fact that is neither here nor filled is one the service does not have."""


class IdentityProvider(ABC):
    """A service that tells who a parent is; it never opens a diary by itself."""

    slug: ClassVar[str]
    title: ClassVar[Bilingual]

    @abstractmethod
    def instances(self) -> Sequence[Instance]:
        """Return the servers of the service, the usual one first; they serve no region."""

    @abstractmethod
    def instance(self, options: Mapping[str, SecretStr]) -> Instance | None:
        """Return the server the operator means; None while the service is not configured, which is "off".

        Args:
            options: What the operator configured for this provider; empty by default.

        Raises:
            Misconfigured: The options name a server there is none of.
        """

    @abstractmethod
    async def begin(self, channel: Channel, callback: Callback, facts: Collection[Fact]) -> Redirect:
        """Return where to send the browser.

        Args:
            channel: The server, as given by `instance()`, and how to reach it.
            callback: Where the browser must return; its state is a lower-case UUID with dashes.
            facts: What is needed of the person this time; the account's level always comes along.

        Raises:
            Misconfigured: An option is missing or wrong.
        """

    @abstractmethod
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Identity:
        """Turn the callback's query into an identity.

        Args:
            channel: As given to `begin`.
            carry: What the redirect carried.
            reply: The query the browser came back with.

        Raises:
            SignInFailed: Why, and what the parent can do.
            IdentityServiceDown: The service is in trouble.
            IdentityServiceChanged: The service is no longer what we know.
            Misconfigured: The service does not take what the operator has configured.
        """

    @abstractmethod
    def sign_out_url(self, channel: Channel, return_to: str) -> str | None:
        """Return where to send the browser to end its session at the service; None where it cannot.

        Args:
            channel: As given to `begin`.
            return_to: Where the browser goes afterwards.

        Raises:
            Misconfigured: An option is missing or wrong.
        """
