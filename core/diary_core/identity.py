"""Who a parent is, as a state identity service tells it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar

from diary_core.bilingual import Bilingual
from diary_core.model import Model
from diary_core.people import PersonName, Snils
from diary_core.sign_in import Callback, Redirect, Reply


class AccountLevel(StrEnum):
    """How well the identity service knows the person."""

    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CONFIRMED = "confirmed"
    CHILD = "child"
    UNKNOWN = "unknown"


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
    name: PersonName
    birth_date: date | None
    snils: Snils | None
    level: AccountLevel
    children: tuple[KnownChild, ...] = ()


class IdentityProvider(ABC):
    """A service that tells who a parent is; it never opens a diary by itself."""

    slug: ClassVar[str]
    title: ClassVar[Bilingual]

    @abstractmethod
    async def begin(self, callback: Callback) -> Redirect:
        """Return where to send the browser."""

    @abstractmethod
    async def answer(self, carry: Mapping[str, str], reply: Reply) -> Identity:
        """Turn the callback's query into an identity.

        Raises:
            SignInFailed: Why, and what the parent can do.
            TryLater: The service is in trouble.
        """
