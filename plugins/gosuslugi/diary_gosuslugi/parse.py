"""From what ЕСИА sent to the common model; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from diary_core.identity import AccountLevel, Fact, Identity, KnownChild
from diary_core.people import PersonName, Snils
from diary_core.text import tidy
from diary_gosuslugi import wire
from diary_gosuslugi.instances import SLUG
from diary_gosuslugi.tokens import Verified

__all__ = ["SCOPES", "Told", "account_level", "birth_date", "identity", "person_name", "scopes_of"]

SCOPES: Final[Mapping[Fact, tuple[str, ...]]] = MappingProxyType(
    {
        Fact.NAME: ("fullname",),
        Fact.BIRTH_DATE: ("birthdate",),
        Fact.SNILS: ("snils",),
        Fact.CONTACTS: ("email", "mobile"),
        Fact.DOCUMENTS: ("id_doc",),
        Fact.CHILDREN: ("kid_fullname", "kid_birthdate", "kid_snils"),
    }
)
"""What to ask consent for, by fact; in the order they are asked."""
_IDENTITY_DOCUMENTS: Final = frozenset({"RF_PASSPORT", "FID_DOC"})
_VERIFIED: Final = "VERIFIED"
_DATE: Final = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", re.ASCII)
_YEARS: Final = range(1900, 2100)
_CONTACT_LIMIT: Final = 254


@dataclass(frozen=True)
class Told:
    """What ЕСИА told of a person; None for what it did not tell."""

    person: wire.Person | None = None
    children: tuple[wire.Child, ...] | None = None
    contacts: tuple[wire.Contact, ...] | None = None
    documents: tuple[wire.Document, ...] | None = None


def scopes_of(facts: Collection[Fact], approved: Collection[str] | None) -> str:
    """Return the scopes to ask for some facts, in a fixed order; `openid` is always among them.

    Args:
        facts: What is needed.
        approved: What the system may ask for; None for anything.
    """
    asked = ["openid", *(scope for fact, scopes in SCOPES.items() if fact in facts for scope in scopes)]
    return " ".join(scope for scope in asked if approved is None or scope in approved)


def identity(verified: Verified, facts: Collection[Fact], told: Told) -> Identity:
    """Put together who the person is.

    Args:
        verified: What the tokens prove.
        facts: What was needed; what of it could not be had is named in the identity.
        told: What the person's page tells.
    """
    person = told.person or wire.Person()
    name = person_name(person)
    born = birth_date(person.birth_date)
    snils = Snils.read(person.snils)
    children = tuple(child for card in told.children or () if (child := _child(card)))
    lost: Mapping[Fact, bool] = {
        Fact.NAME: name is None,
        Fact.BIRTH_DATE: told.person is None or _unread(person.birth_date, born),
        Fact.SNILS: told.person is None or _unread(person.snils, snils),
        Fact.CHILDREN: told.children is None or len(children) < len(told.children),
        Fact.CONTACTS: told.contacts is None,
        Fact.DOCUMENTS: told.documents is None,
    }
    return Identity(
        provider=SLUG,
        subject=verified.subject,
        name=name,
        birth_date=born,
        snils=snils,
        level=account_level(verified, told),
        children=children,
        email=_contact(told, "EML"),
        phone=_contact(told, "MBT"),
        missing=frozenset(
            fact for fact in facts if lost[fact] or not verified.scopes.issuperset(SCOPES[fact])
        ),
    )


def account_level(verified: Verified, told: Told) -> AccountLevel:
    """Return how well ЕСИА knows the person: the token's word, and documents where the token is vague.

    `P` stands for simplified and standard alike. Only a СНИЛС together with a verified identity document
    proves a standard account; where we may not see one of the two, nothing is guessed.
    A token without a level says nothing, whatever else the page claims, but that the account is a child's.
    """
    match verified.level:
        case "KD":
            return AccountLevel.CHILD
        case "PR":
            return AccountLevel.CONFIRMED
        case _ if told.person and told.person.made_by_parent:
            return AccountLevel.CHILD
        case "P":
            return _simplified_or_standard(verified, told)
        case _:
            return AccountLevel.UNKNOWN


def person_name(written: wire.Person | wire.Child) -> PersonName | None:
    """Return a name; None without a surname or a first name."""
    try:
        return PersonName(
            last=written.last_name or "", first=written.first_name or "", middle=written.middle_name
        )
    except ValidationError:
        return None


def birth_date(written: str | None) -> date | None:
    """Read `DD.MM.YYYY`; None for anything else."""
    found = _DATE.fullmatch(written or "")
    if not found or int(found[3]) not in _YEARS:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _simplified_or_standard(verified: Verified, told: Told) -> AccountLevel:
    if told.person is None:
        return AccountLevel.UNKNOWN
    if Snils.read(told.person.snils) is None:
        return AccountLevel.SIMPLIFIED if "snils" in verified.scopes else AccountLevel.UNKNOWN
    if told.documents is None:
        return AccountLevel.UNKNOWN
    proven = any(one.kind in _IDENTITY_DOCUMENTS and one.status == _VERIFIED for one in told.documents)
    return AccountLevel.STANDARD if proven else AccountLevel.SIMPLIFIED


def _child(card: wire.Child) -> KnownChild | None:
    name = person_name(card)
    return name and KnownChild(
        name=name, birth_date=birth_date(card.birth_date), snils=Snils.read(card.snils)
    )


def _contact(told: Told, kind: str) -> str | None:
    verified = (one.value for one in told.contacts or () if one.kind == kind and one.status == _VERIFIED)
    return next((tidy(value) for value in verified if value and len(value) <= _CONTACT_LIMIT), None)


def _unread(written: str | None, read: object) -> bool:
    """Tell whether something stands there that we could not read."""
    return written is not None and read is None
