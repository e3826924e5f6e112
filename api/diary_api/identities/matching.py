"""Whether the person behind a diary is the account's proven owner.

Where an account has no proven identity nothing is demanded. Where it has one:

СНИЛС and name equal            → proven
СНИЛС equal, names close        → the birth date is asked for, then proven by it
no СНИЛС on one side            → the diary's own login once, then proven by it and remembered
СНИЛС differ, or only the names → refused

A name alone never makes a match.
Source: upstream fact sheet of ЕСИА of September 2026, §5.5 and §6; the table is our own.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from diary_api.identities.stored import StoredIdentity
from diary_core.errors import IdentityMismatch, IdentityTooWeak
from diary_core.identity import AccountLevel
from diary_core.people import MatchReason, NameVerdict, Strength, match_people
from diary_core.sign_in import Person, SignedIn, SignInMethod

_GROWN_AT = 14
_ENOUGH = frozenset({AccountLevel.STANDARD, AccountLevel.CONFIRMED})


class Tie(StrEnum):
    """How a linked diary is tied to the account's proven owner."""

    UNPROVEN = "unproven"
    """The account had no proven identity when the diary was signed in to."""
    PROVEN = "proven"
    """СНИЛС and name agree."""
    PROVEN_BY_BIRTH_DATE = "proven_by_birth_date"
    """СНИЛС agrees, the names nearly, and the parent knew the birth date."""
    PROVEN_BY_LOGIN = "proven_by_login"
    """The diary tells too little; the parent signed in by the diary's own login."""


class OneMore(StrEnum):
    """One more proof that is needed."""

    BIRTH_DATE = "birth_date"
    LOGIN = "login"


def check_level(method: SignInMethod, provider: str, profile: StoredIdentity, today: date) -> None:
    """Make sure that an account of the identity service is good enough for a door that leans on it.

    Up to 14 years a simplified account or a child's is enough, above a standard or confirmed one is needed.
    Where the birth date is not known the person is taken for grown up.

    Raises:
        IdentityTooWeak: It is not.
    """
    if method.identity != provider or profile.level in _ENOUGH or profile.level is AccountLevel.CHILD:
        return
    born = profile.birth_date
    age = (
        None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    )
    if age is None or age >= _GROWN_AT:
        raise IdentityTooWeak(
            f"a {profile.level} account is enough up to {_GROWN_AT} years only; "
            "confirm it, or sign in by the diary's own login",
            field="identity",
        )


def compare(
    profile: StoredIdentity, signed: SignedIn, method: SignInMethod, *, remembered: bool
) -> Tie | OneMore:
    """Compare a diary's person with the account's owner.

    Args:
        profile: Of the owner.
        signed: The end of a sign-in, with the person as far as the diary tells it.
        method: How the diary was signed in to.
        remembered: Whether this connection was proven by the diary's own login before, for this owner.

    Raises:
        IdentityMismatch: They are two people.
    """
    who = signed.person or Person()
    otherwise = Tie.PROVEN_BY_LOGIN if signed.own_login or is_own_login(method) else OneMore.LOGIN
    match = match_people(profile, who)
    if match.strength is Strength.STRONG:
        return Tie.PROVEN
    if match.strength is Strength.WEAK:
        if who.birth_date and profile.birth_date and who.birth_date != profile.birth_date:
            raise IdentityMismatch("the birth dates differ")
        return OneMore.BIRTH_DATE if who.birth_date or profile.birth_date else otherwise
    if match.reason in {MatchReason.SNILS_DIFFERS, MatchReason.NAMES_DIFFER}:
        raise IdentityMismatch(f"the diary's person is another one: {match.reason}")
    if remembered and match.names is not None and match.names.verdict is NameVerdict.EQUAL:
        return Tie.PROVEN_BY_LOGIN
    return otherwise


def knows_birth_date(profile: StoredIdentity, person: Person, typed: str) -> bool:
    """Tell whether a typed birth date, `ГГГГ-ММ-ДД` or `ДД.ММ.ГГГГ`, is the one on record."""
    day, _, rest = typed.strip().partition(".")
    month, _, year = rest.partition(".")
    try:
        given = date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}" if rest else typed.strip())
    except ValueError:
        return False
    return {profile.birth_date, person.birth_date} - {None} == {given}


def is_own_login(method: SignInMethod) -> bool:
    """Tell whether a way in takes the diary's own login, here or on the diary's page.

    A token proves only that somebody has it, and a door of the identity service only who the person is there.
    """
    return method.identity is None and method.kind != "token"
