"""What is kept of a proven identity: only what a diary's owner is compared with, and only sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from diary_api.storage import KeyRing
from diary_core.identity import AccountLevel, Fact, Identity
from diary_core.people import PersonName, Snils


class StoredIdentity(BaseModel):
    """The sealed half of an identity; its СНИЛС is plain in here, so it is never shown or logged."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    name: PersonName | None = Field(repr=False)
    birth_date: date | None = Field(repr=False)
    snils_digits: str | None = Field(repr=False)
    level: AccountLevel

    @property
    def snils(self) -> Snils | None:
        """The СНИЛС; None when the service did not tell it."""
        return Snils.read(self.snils_digits)

    @classmethod
    def of(cls, identity: Identity) -> StoredIdentity:
        """Keep what matching needs; contacts and children are let go."""
        return cls(
            name=identity.name,
            birth_date=identity.birth_date,
            snils_digits=identity.snils.digits if identity.snils else None,
            level=identity.level,
        )

    def after(self, earlier: StoredIdentity, missing: Collection[Fact]) -> StoredIdentity:
        """Return this word of the service with what it left untold filled in from an earlier one.

        A service in trouble must not cost what it has told already.
        A confirmed level is told by every token, so it is never carried over.

        Args:
            earlier: Of the same person.
            missing: What could not be had this time; the rest was told, also where it is none.
        """
        level = earlier.level if earlier.level is not AccountLevel.CONFIRMED else AccountLevel.UNKNOWN
        return StoredIdentity(
            name=self.name or (earlier.name if Fact.NAME in missing else None),
            birth_date=self.birth_date or (earlier.birth_date if Fact.BIRTH_DATE in missing else None),
            snils_digits=self.snils_digits or (earlier.snils_digits if Fact.SNILS in missing else None),
            level=level if self.level is AccountLevel.UNKNOWN else self.level,
        )


def seal_identity(ring: KeyRing, identity_id: str, stored: StoredIdentity) -> bytes:
    """Seal an identity for its row."""
    return ring.seal(stored.model_dump_json().encode(), place=_place(identity_id))


def open_identity(ring: KeyRing, identity_id: str, sealed: bytes) -> StoredIdentity:
    """Open the identity of a row."""
    return StoredIdentity.model_validate_json(ring.open(sealed, place=_place(identity_id)))


def _place(identity_id: str) -> str:
    return f"identities.profile:{identity_id}"
