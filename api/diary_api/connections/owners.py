"""Between a diary's last step and its connection: is this the account's proven owner?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from diary_api.clock import Clock
from diary_api.identities.matching import OneMore, Tie, check_level, compare, is_own_login, knows_birth_date
from diary_api.identities.service import Identities, KnownIdentity
from diary_api.regions.service import Server
from diary_api.storage.tables import ConnectionRow
from diary_core.bilingual import Bilingual
from diary_core.credentials import Credentials
from diary_core.errors import BirthDateWrong, IdentityMismatch, MethodUnknown, NamesClose, OwnerUnproven
from diary_core.people import PersonName, Snils
from diary_core.sign_in import Ask, FormField, Person, SignedIn, SignInMethod

BIRTH_DATE = "birth_date"
_TRIES = 3
_QUESTION = FormField(
    name=BIRTH_DATE,
    label=Bilingual("Ваша дата рождения", "Your date of birth"),
    hint=Bilingual("ДД.ММ.ГГГГ", "YYYY-MM-DD"),
)


class Held(BaseModel):
    """A finished sign-in to a diary that waits for one more proof; lives inside a sealed flow only."""

    model_config = ConfigDict(frozen=True)

    credentials: str = Field(repr=False)
    name: PersonName | None = Field(repr=False)
    birth_date: date | None = Field(repr=False)
    snils_digits: str | None = Field(repr=False)
    wrong: int = 0
    """How many wrong answers there were."""

    def opened(self) -> Credentials:
        """Return the credentials."""
        return Credentials.model_validate_json(self.credentials)


@dataclass(frozen=True)
class Accepted:
    """A sign-in that may become a connection."""

    credentials: Credentials
    tie: Tie
    identity_id: str | None


@dataclass(frozen=True)
class Question:
    """A form of ours, and what is held back until it is answered."""

    step: Ask
    held: Held


@dataclass(frozen=True)
class OwnLogin:
    """The diary must be signed in to once by its own login, in this way."""

    method: str


@dataclass(frozen=True)
class Owners:
    """Compares diaries' people with accounts' owners."""

    clock: Clock
    identities: Identities

    async def check_level(self, server: Server, method: str, account_id: str) -> None:
        """Make sure, before anything is begun, that the owner may come in by a door of the identity service.

        Raises:
            IdentityTooWeak: The account of that service is not good enough.
        """
        owner = await self._owner(account_id)
        if owner is not None:
            offered = _method(server, method)
            check_level(offered, owner.provider, owner.profile, self.clock().date())

    async def compare(
        self, server: Server, connection: ConnectionRow, method: str, signed: SignedIn
    ) -> Accepted | Question | OwnLogin:
        """Decide what becomes of a finished sign-in.

        Raises:
            IdentityMismatch: The diary belongs to another person.
            OwnerUnproven: The diary tells too little, and has no login of its own.
            IdentityTooWeak: The owner's account at the identity service is not good enough for this door.
        """
        owner = await self._owner(connection.account_id)
        if owner is None:
            return Accepted(signed.credentials, Tie.UNPROVEN, None)
        offered = _method(server, method)
        check_level(offered, owner.provider, owner.profile, self.clock().date())
        remembered = connection.identity_id == owner.id and connection.identity == Tie.PROVEN_BY_LOGIN
        match compare(owner.profile, signed, offered, remembered=remembered):
            case OneMore.BIRTH_DATE:
                return Question(Ask(fields=(_QUESTION,), problem=NamesClose.code), _held(signed))
            case OneMore.LOGIN:
                return OwnLogin(_own_login(server))
            case tie:
                return Accepted(signed.credentials, tie, owner.id)

    async def answered(
        self, connection: ConnectionRow, held: Held, values: Mapping[str, str]
    ) -> Accepted | Question:
        """Take the birth date.

        Raises:
            IdentityMismatch: It was wrong too often, or the owner is no longer proven.
        """
        owner = await self._owner(connection.account_id)
        if owner is None:
            raise IdentityMismatch("the identity was removed meanwhile")
        snils = Snils.read(held.snils_digits)
        person = Person(name=held.name, birth_date=held.birth_date, snils=snils)
        if snils is None or owner.profile.snils != snils:
            raise IdentityMismatch("the owner was proven anew meanwhile")
        if knows_birth_date(owner.profile, person, values.get(BIRTH_DATE, "")):
            return Accepted(held.opened(), Tie.PROVEN_BY_BIRTH_DATE, owner.id)
        if held.wrong + 1 >= _TRIES:
            raise IdentityMismatch("the birth date is another one")
        again = Ask(fields=(_QUESTION,), problem=BirthDateWrong.code)
        return Question(again, held.model_copy(update={"wrong": held.wrong + 1}))

    async def _owner(self, account_id: str) -> KnownIdentity | None:
        return next(iter(await self.identities.known(account_id)), None)


def _held(signed: SignedIn) -> Held:
    person = signed.person or Person()
    return Held(
        credentials=json.dumps(signed.credentials.reveal()),
        name=person.name,
        birth_date=person.birth_date,
        snils_digits=person.snils.digits if person.snils else None,
    )


def _method(server: Server, slug: str) -> SignInMethod:
    for method in server.provider.sign_in_methods(server.instance):
        if method.slug == slug:
            return method
    raise MethodUnknown(f"{server.instance.slug!r} is not entered by {slug!r}", field="method")


def _own_login(server: Server) -> str:
    """Return the way in by the diary's own login: a form here if there is one, else the diary's page."""
    methods = server.provider.sign_in_methods(server.instance)
    own = sorted(filter(is_own_login, methods), key=lambda method: method.kind != "form")
    if not own:
        raise OwnerUnproven("the diary has no login of its own to prove it by")
    return own[0].slug
