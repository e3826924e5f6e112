"""The people to play with: the first families of every town, with names and logins that never change.

Every seed has them, in this order, as far as the number of families goes. Their diaries are rich: every
school week of theirs holds, in turn, what a parent may ever see (see `generate.rich`).
"""

from __future__ import annotations

from dataclasses import dataclass

from diary_sandbox.world.ids import adult_id
from diary_sandbox.world.people import Kinship, LoginKind, LoginState, Name, Sex


@dataclass(frozen=True, slots=True)
class LoginSketch:
    """A login of a persona."""

    kind: LoginKind
    username: str
    password: str
    state: LoginState = LoginState.ACTIVE
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class MrkoSketch:
    """A saved МРКО account of a persona."""

    child: int
    """Place among the children of the family, from 0."""
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class AdultSketch:
    """An adult of a persona's family."""

    key: str
    """Name of the persona: `moscow_mother`."""
    story: str
    name: Name
    sex: Sex
    kinship: Kinship
    logins: tuple[LoginSketch, ...] = ()
    mrko: tuple[MrkoSketch, ...] = ()
    sees: tuple[int, ...] | None = None
    """Places of the children this adult may read, from 0; None: all."""
    snils: bool = True
    snils_of: tuple[int, int] | None = None
    """Family and place of the record whose СНИЛС this one shares: one human being, written down twice."""


@dataclass(frozen=True, slots=True)
class ChildSketch:
    """A child of a persona's family: name, school, grade and class."""

    name: Name
    sex: Sex
    school_id: int
    parallel: int
    letter: int
    """0 is А, 1 is Б."""


@dataclass(frozen=True, slots=True)
class FamilySketch:
    """A persona's family."""

    adults: tuple[AdultSketch, ...]
    children: tuple[ChildSketch, ...]
    """Oldest first."""


def _mos(username: str, state: LoginState = LoginState.ACTIVE, *, second_factor: bool = False) -> LoginSketch:
    return LoginSketch(LoginKind.MOS_RU, f"{username}@example.test", "sandbox-mos", state, second_factor)


def _dnevnik(username: str, state: LoginState = LoginState.ACTIVE) -> LoginSketch:
    return LoginSketch(LoginKind.DNEVNIK, username, "sandbox-dnevnik", state)


def _child(last: str, first: str, middle: str | None, sex: Sex, *place: int) -> ChildSketch:
    school_id, parallel, letter = place
    return ChildSketch(Name(last, first, middle), sex, school_id, parallel, letter)


def _mother(
    key: str,
    story: str,
    name: Name,
    *logins: LoginSketch,
    mrko: tuple[MrkoSketch, ...] = (),
    snils: bool = True,
) -> AdultSketch:
    return AdultSketch(key, story, name, Sex.FEMALE, Kinship.MOTHER, logins, mrko, None, snils)


_F, _M = Sex.FEMALE, Sex.MALE

FAMILIES: tuple[FamilySketch, ...] = (
    FamilySketch(
        adults=(
            _mother(
                "moscow_mother",
                "two children in two Moscow schools: trimesters and five days, quarters and six days",
                Name("Берёзова", "Ольга", "Андреевна"),
                _mos("moscow"),
                mrko=(MrkoSketch(0, "9900000101", "mrko-artem"), MrkoSketch(1, "9900000102", "mrko-varya")),
            ),
            AdultSketch(
                "trusted_nanny",
                "a trusted person only: reads the younger child of the Moscow family, signs nothing",
                Name("Рябинина", "Нина", "Павловна"),
                Sex.FEMALE,
                Kinship.TRUSTED,
                (_mos("nanny"),),
                (),
                (1,),
            ),
        ),
        children=(
            _child("Берёзов", "Артём", "Ильич", _M, 1, 7, 1),
            _child("Берёзова", "Варвара", "Ильинична", _F, 2, 3, 0),
        ),
    ),
    FamilySketch(
        adults=(
            _mother(
                "dnevnik_mother",
                "two children in one school of a Дневник.ру region, in different classes",
                Name("Образцова", "Анна", "Павловна"),
                _dnevnik("obraztsova"),
            ),
            AdultSketch(
                "dnevnik_father",
                "the other parent of the Дневник.ру family",
                Name("Образцов", "Сергей", "Ильич"),
                Sex.MALE,
                Kinship.FATHER,
                (_dnevnik("obraztsov"),),
            ),
        ),
        children=(
            _child("Образцов", "Семён", "Сергеевич", _M, 5, 8, 0),
            _child("Образцова", "Алёна", "Сергеевна", _F, 5, 5, 1),
        ),
    ),
    FamilySketch(
        adults=(
            _mother(
                "both_mother",
                "one child in both systems at once (the twin of record), one in Moscow, one in Омск time",
                Name("Королёва-Заречная", "Юлия", None),
                _mos("both"),
                _dnevnik("korolyova"),
                mrko=(MrkoSketch(0, "9900000301", "mrko-fyodor"),),
            ),
        ),
        children=(
            _child("Королёв-Заречный", "Фёдор", "Львович", _M, 3, 9, 0),
            _child("Королёва-Заречная", "Ева", "Львовна", _F, 6, 6, 0),
            _child("Королёв-Заречный", "Лев", None, _M, 1, 2, 0),
        ),
    ),
    FamilySketch(
        adults=(
            _mother(
                "region_mother",
                "one child in a regional node of the МЭШ family",
                Name("Тихомирова", "Елена", "Игоревна"),
                LoginSketch(LoginKind.NODE, "tikhomirova", "sandbox-node"),
            ),
            AdultSketch(
                "region_father",
                "the other parent of that family, whose surname the state has with one more part",
                Name("Тихомиров", "Юрий", "Олегович"),
                Sex.MALE,
                Kinship.FATHER,
                (LoginSketch(LoginKind.NODE, "tikhomirov", "sandbox-node"),),
            ),
        ),
        children=(_child("Тихомирова", "Злата", "Юрьевна", _F, 4, 7, 0),),
    ),
    FamilySketch(
        adults=(
            _mother(
                "no_diary",
                "a city account no diary knows",
                Name("Ветрова", "Марина", "Олеговна"),
                _mos("nodiary", LoginState.NO_DIARY),
            ),
        ),
        children=(_child("Ветров", "Глеб", "Олегович", _M, 1, 5, 0),),
    ),
    FamilySketch(
        adults=(
            _mother(
                "not_matched",
                "e-mail, phone and СНИЛС differ from the school's record",
                Name("Осокина", "Дарья", "Михайловна"),
                _mos("mismatch", LoginState.NOT_MATCHED),
            ),
        ),
        children=(_child("Осокин", "Егор", "Павлович", _M, 2, 6, 1),),
    ),
    FamilySketch(
        adults=(
            _mother(
                "first_login",
                "a Дневник.ру account that was never activated: temporary password",
                Name("Снегирёва", "Татьяна", "Петровна"),
                _dnevnik("snegiryova", LoginState.ACTIVATION_NEEDED),
            ),
            AdultSketch(
                "renamed_father",
                "a Дневник.ру account under the surname he bore before he took a double one",
                Name("Снегирёв", "Семён", "Ильич"),
                Sex.MALE,
                Kinship.FATHER,
                (_dnevnik("snegiryov"),),
            ),
            AdultSketch(
                "two_profiles",
                "an aunt with two Дневник.ру profiles: this one at one school",
                Name("Соколова", "Вера", "Игоревна"),
                Sex.FEMALE,
                Kinship.AUNT,
                (_dnevnik("sokolova"),),
            ),
        ),
        children=(_child("Снегирёв", "Пётр", "Семёнович", _M, 5, 4, 0),),
    ),
    FamilySketch(
        adults=(
            _mother(
                "second_factor",
                "a city account that asks for a code on a new device",
                Name("Синицына", "Наталья", "Юрьевна"),
                _mos("code", second_factor=True),
            ),
        ),
        children=(_child("Синицына", "Кира", "Андреевна", _F, 8, 8, 1),),
    ),
    FamilySketch(
        adults=(
            _mother(
                "locked",
                "a city account and a Дневник.ру account, both locked",
                Name("Грачёва", "Виктория", "Львовна"),
                _mos("locked", LoginState.LOCKED),
                _dnevnik("grachyova", LoginState.LOCKED),
            ),
            AdultSketch(
                "simplified_father",
                "a Дневник.ру account whose owner has told the state no СНИЛС",
                Name("Грачёв", "Илья", "Львович"),
                Sex.MALE,
                Kinship.FATHER,
                (_dnevnik("grachyov"),),
            ),
        ),
        children=(
            _child("Грачёв", "Матвей", "Ильич", _M, 1, 10, 0),
            _child("Грачёва", "Полина", "Ильинична", _F, 5, 1, 0),
        ),
    ),
    FamilySketch(
        adults=(
            _mother(
                "no_snils",
                "a city account without СНИЛС",
                Name("Кленова", "Таисия", "Глебовна"),
                _mos("nosnils", LoginState.NO_SNILS),
                snils=False,
            ),
        ),
        children=(_child("Кленов", "Никита", "Дмитриевич", _M, 2, 11, 0),),
    ),
    FamilySketch(
        adults=(
            _mother(
                "big_family",
                "four children: Moscow, the regional node, and two Дневник.ру schools far to the east",
                Name("Лесная", "Мария", "Фёдоровна"),
                _mos("many"),
                LoginSketch(LoginKind.NODE, "lesnaya", "sandbox-node"),
                _dnevnik("lesnaya"),
            ),
            AdultSketch(
                "two_profiles_other",
                "the same aunt, as another school has written her down",
                Name("Соколова", "Вера", "Игоревна"),
                Sex.FEMALE,
                Kinship.AUNT,
                (_dnevnik("sokolova.vera"),),
                snils_of=(7, 3),
            ),
        ),
        children=(
            _child("Лесной", "Тимур", "Русланович", _M, 7, 11, 0),
            _child("Лесная", "Камила", "Руслановна", _F, 4, 9, 1),
            _child("Лесной", "Марат", "Русланович", _M, 8, 6, 0),
            _child("Лесная", "Зарина", "Руслановна", _F, 6, 1, 1),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone to sign in as."""

    key: str
    story: str
    parent_id: int
    family_id: int
    name: str
    logins: tuple[LoginSketch, ...]
    mrko: tuple[MrkoSketch, ...]


def personas(families: int) -> tuple[Persona, ...]:
    """Return the personas of a town with so many families, in a stable order."""
    return tuple(
        Persona(
            key=adult.key,
            story=adult.story,
            parent_id=adult_id(family_id, place),
            family_id=family_id,
            name=adult.name.full,
            logins=adult.logins,
            mrko=adult.mrko,
        )
        for family_id, family in enumerate(FAMILIES[:families], start=1)
        for place, adult in enumerate(family.adults, start=1)
    )
