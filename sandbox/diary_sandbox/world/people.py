"""The people of the town: pupils, the adults around them, teachers, and their ways to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    """As the school's record has it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in three parts; letters as the record has them, «ё» and double surnames included."""

    last: str
    first: str
    middle: str | None
    """Patronymic; some people have none."""

    @property
    def full(self) -> str:
        """Return surname, name and patronymic."""
        return " ".join(part for part in (self.last, self.first, self.middle) if part)


@dataclass(frozen=True, slots=True)
class Person:
    """A human being; `id` is unique over pupils, adults and teachers."""

    id: int
    uuid: str
    """Person id of registers, lower-case, stable."""
    name: Name
    sex: Sex
    born: date
    snils: str | None
    """Written `XXX-XXX-XXX YY`, right check digits; None: the record has none."""
    phone: str | None
    """Ten digits, no leading 7 or 8."""
    email: str | None
    """Always at `example.test`."""


class LoginKind(StrEnum):
    """Where a login and password are accepted."""

    MOS_RU = "mos_ru"
    """The city account; e-mail, phone and СНИЛС work as the login too."""
    NODE = "node"
    """The login of a regional МЭШ node."""
    DNEVNIK = "dnevnik"
    """The login of Дневник.ру."""


class LoginState(StrEnum):
    """What happens after the right password is given."""

    ACTIVE = "active"
    NO_DIARY = "no_diary"
    """The account is real, no diary knows it."""
    NOT_MATCHED = "not_matched"
    """E-mail, phone or СНИЛС differ from the school's record."""
    NO_SNILS = "no_snils"
    """The account has no СНИЛС."""
    ACTIVATION_NEEDED = "activation_needed"
    """First sign-in: data must be confirmed and the temporary password changed."""
    LOCKED = "locked"
    """Too many tries, or closed by the school."""


@dataclass(frozen=True, slots=True)
class Login:
    """A login of one adult at one sign-in."""

    kind: LoginKind
    parent_id: int
    username: str
    password: str
    state: LoginState = LoginState.ACTIVE
    second_factor: bool = False
    """A one-time code is asked for on a new device."""


@dataclass(frozen=True, slots=True)
class MrkoAccount:
    """A saved account of the old МРКО door: a free label with a login and a password from paper."""

    parent_id: int
    child_id: int
    account_name: str
    """What the parent typed: usually the child's first name."""
    login: str
    """Digits only."""
    password: str


class Kinship(StrEnum):
    """What an adult is to a child."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    AUNT = "aunt"
    TRUSTED = "trusted"
    """A nanny or another trusted person: no legal representative."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """One adult's tie to one child."""

    parent_id: int
    child_id: int
    kinship: Kinship
    legal: bool
    """False for trusted persons: they read, and sign or notify nothing."""
    hosts: frozenset[str]
    """Upstream hosts on which this adult sees this child; empty: on none."""


@dataclass(frozen=True, slots=True)
class Parent:
    """An adult with a diary account, or with a reason to have none."""

    id: int
    person: Person
    family_id: int
    logins: tuple[Login, ...]
    mrko_accounts: tuple[MrkoAccount, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil of one class; classmates without a family in this town have `family_id` None."""

    id: int
    person: Person
    family_id: int | None
    school_id: int
    class_id: int
    subgroup: int
    """Which subgroup of the class this pupil is in, 1 or 2; 1 when the class has only one."""
    enrolled_on: date
    card: int
    """Number of the meal and turnstile card ("contract")."""


@dataclass(frozen=True, slots=True)
class Family:
    """Adults and children who belong together; children may go to different schools and systems."""

    id: int
    parent_ids: tuple[int, ...]
    """Legal representatives first, then trusted persons."""
    child_ids: tuple[int, ...]
    """Oldest first; one to four."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher of one school."""

    id: int
    person: Person
    school_id: int
    subject_ids: tuple[int, ...]
    position: str
    """«Учитель», «Директор»."""
    room: str
