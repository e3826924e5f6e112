"""Who has an account at Госуслуги: the personas, and every other adult of the town.

The state's record of a person may differ from the school's: another surname, no СНИЛС, none of them at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from diary_sandbox.state import SandboxState
from diary_sandbox.world import Child, Name, Parent, Person, Sex

PASSWORD: Final = "sandbox-esia"  # noqa: S105  of every invented account
_DOMAIN: Final = "esia.test"
_OIDS: Final = 1_000_000_000
_STRANGER_SNILS: Final = "900-000-059 00"
_OTHERS: Final = re.compile(r"parent\.(\d{7,9})@esia\.test", re.ASCII)


class Level(StrEnum):
    """How well the state knows a person."""

    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CONFIRMED = "confirmed"
    CHILD = "child"

    @property
    def claim(self) -> str:
        """Return `urn:esia:sbj:lvl`."""
        return {Level.CONFIRMED: "PR", Level.CHILD: "KD"}.get(self, "P")


class SecondFactor(StrEnum):
    """What is asked for after the password."""

    SMS = "SMS"
    TOTP = "TTP"


@dataclass(frozen=True, slots=True)
class Sketch:
    """An account of a persona."""

    key: str
    """Login before the `@`."""
    story: str
    persona: str
    child: int | None = None
    """Place of the child whose account it is, from 0; None: the adult's own."""
    level: Level = Level.CONFIRMED
    name: Name | None = None
    """As the state has it; None: as the school has it."""
    snils: str | None = "school"
    """`school`: as the school has it; else what stands here."""
    second_factor: SecondFactor | None = None
    declines: bool = False


SKETCHES: Final = (
    Sketch("moscow_mother", "confirmed, two children in Moscow", "moscow_mother"),
    Sketch(
        "trusted_nanny", "declines: whatever is pressed, consent is refused", "trusted_nanny", declines=True
    ),
    Sketch("child", "under 14, account made by the mother", "moscow_mother", child=1, level=Level.CHILD),
    Sketch("dnevnik_mother", "confirmed, two children, СНИЛС and name as at school", "dnevnik_mother"),
    Sketch("dnevnik_father", "standard: not confirmed in person", "dnevnik_father", level=Level.STANDARD),
    Sketch("both_mother", "confirmed, three children in two systems", "both_mother"),
    Sketch("teen", "over 14, standard", "both_mother", child=0, level=Level.STANDARD),
    Sketch("region_mother", "confirmed, a child in a regional node", "region_mother"),
    Sketch(
        "close_name",
        "confirmed, a double surname where his diary, which knows him by СНИЛС, has a part of it",
        "region_father",
        name=Name("Тихомиров-Волгин", "Юрий", "Олегович"),
    ),
    Sketch("no_diary", "confirmed, no diary knows her", "no_diary"),
    Sketch("not_matched", "confirmed, another СНИЛС than at school", "not_matched", snils=_STRANGER_SNILS),
    Sketch("first_login", "confirmed, never signed in to the diary (FirstSign)", "first_login"),
    Sketch(
        "double_surname",
        "confirmed, a double surname where the school has a single one",
        "renamed_father",
        name=Name("Снегирёв-Лунин", "Семён", "Ильич"),
    ),
    Sketch("two_profiles", "confirmed, two diary profiles", "two_profiles"),
    Sketch("second_factor", "confirmed, a code by SMS", "second_factor", second_factor=SecondFactor.SMS),
    Sketch("totp", "confirmed, a code by an authenticator app", "locked", second_factor=SecondFactor.TOTP),
    Sketch("simplified", "simplified, no СНИЛС", "simplified_father", level=Level.SIMPLIFIED, snils=None),
    Sketch(
        "no_snils", "simplified, no СНИЛС at school either", "no_snils", level=Level.SIMPLIFIED, snils=None
    ),
    Sketch(
        "yo_written_e",
        "confirmed, «е» where the school writes «ё»",
        "big_family",
        name=Name("Лесная", "Мария", "Федоровна"),
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the state has them."""

    oid: int
    username: str
    story: str
    level: Level
    person: Person
    """Name and СНИЛС are the state's own."""
    kids: tuple[Child, ...]
    second_factor: SecondFactor | None = None
    declines: bool = False

    @property
    def trusted(self) -> bool:
        """Say whether the identity was proven in person."""
        return self.level is Level.CONFIRMED

    @property
    def name(self) -> Name:
        """Return the name."""
        return self.person.name

    @property
    def is_kid(self) -> bool:
        """Say whether a parent made the account."""
        return self.level is Level.CHILD


class Accounts:
    """The accounts of a town."""

    def __init__(self, state: SandboxState) -> None:
        """Read the town of a sandbox."""
        self._world = state.world

    def all(self) -> Iterator[Account]:
        """Yield the accounts of the personas this town has, in a stable order."""
        personas = {one.key: one.parent_id for one in self._world.personas()}
        for sketch in SKETCHES:
            if sketch.persona in personas:
                yield self._account(sketch, self._world.parent(personas[sketch.persona]))

    def find(self, username: str) -> Account | None:
        """Find an account by what was typed: e-mail, phone or СНИЛС.

        Adults who are no personas have `parent.<id>@esia.test`.
        """
        typed = username.strip().lower()
        digits = "".join(letter for letter in typed if letter.isdigit())
        for account in self.all():
            person = account.person
            phone = len(digits) in (10, 11) and digits[-10:] == person.phone and "@" not in typed
            snils = len(digits) == 11 and digits == "".join(filter(str.isdigit, person.snils or ""))
            if typed == account.username or phone or (snils and "@" not in typed):
                return account
        found = _OTHERS.fullmatch(typed)
        return self._other(int(found[1])) if found else None

    def by_oid(self, oid: int) -> Account | None:
        """Return the account of an oid, None when there is none."""
        return next((one for one in self.all() if one.oid == oid), None) or self._other(oid - _OIDS)

    def _account(self, sketch: Sketch, parent: Parent) -> Account:
        person = parent.person
        if sketch.child is not None:
            person = self._world.child(self._world.family(parent.family_id).child_ids[sketch.child]).person
        snils = person.snils if sketch.snils == "school" else sketch.snils
        return Account(
            oid=_OIDS + person.id,
            username=f"{sketch.key}@{_DOMAIN}",
            story=sketch.story,
            level=sketch.level,
            person=_as_the_state_has(person, sketch.name or person.name, snils),
            kids=self._kids(parent) if sketch.child is None and sketch.level is Level.CONFIRMED else (),
            second_factor=sketch.second_factor,
            declines=sketch.declines,
        )

    def _other(self, parent_id: int) -> Account | None:
        try:
            parent = self._world.parent(parent_id)
        except KeyError:
            return None
        if parent_id in {one.parent_id for one in self._world.personas()}:
            return None
        username = f"parent.{parent_id}@{_DOMAIN}"
        return Account(_OIDS + parent_id, username, "", Level.CONFIRMED, parent.person, self._kids(parent))

    def _kids(self, parent: Parent) -> tuple[Child, ...]:
        family = self._world.family(parent.family_id)
        return tuple(
            self._world.child(child_id)
            for child_id in family.child_ids
            for tie in self._world.guardians_of(child_id)
            if tie.parent_id == parent.id and tie.legal
        )


def same_name(one: Name, other: Name) -> bool:
    """Say whether two records write the same name; «ё» counts as «е», a double surname is another one."""
    return _plain(one.full) == _plain(other.full)


def short_sex(sex: Sex) -> str:
    """Return `M` or `F`."""
    return "F" if sex is Sex.FEMALE else "M"


def _plain(name: str) -> str:
    return " ".join(name.upper().replace("Ё", "Е").split())


def _as_the_state_has(person: Person, name: Name, snils: str | None) -> Person:
    return Person(
        id=person.id,
        uuid=person.uuid,
        name=name,
        sex=person.sex,
        born=person.born,
        snils=snils,
        phone=person.phone,
        email=person.email,
    )
