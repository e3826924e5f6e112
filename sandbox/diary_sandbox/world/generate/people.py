"""Pupils, their adults and their logins, made when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.roster import Roster
from diary_sandbox.world.generate.schools import sketch_of
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.people import (
    Child,
    Family,
    Guardian,
    Kinship,
    Login,
    LoginKind,
    LoginState,
    MrkoAccount,
    Name,
    Parent,
    Person,
    Sex,
)
from diary_sandbox.world.personas import FAMILIES, AdultSketch
from diary_sandbox.world.places import DNEVNIK_HOST, MOSCOW_HOST, REGION_HOST
from diary_sandbox.world.words.names import MEN, SURNAMES, WOMEN, latin

_HOSTS = {LoginKind.MOS_RU: MOSCOW_HOST, LoginKind.NODE: REGION_HOST, LoginKind.DNEVNIK: DNEVNIK_HOST}
_PASSWORDS = {
    LoginKind.MOS_RU: "sandbox-mos",
    LoginKind.NODE: "sandbox-node",
    LoginKind.DNEVNIK: "sandbox-dnevnik",
}
_READS = (LoginState.ACTIVE, LoginState.ACTIVATION_NEEDED, LoginState.LOCKED)
"""States in which the diary knows whose children these are."""


class Household:
    """What the members of one generated family share."""

    __slots__ = ("double", "father", "surname", "with_patronymic")

    def __init__(self, seed: int, family_id: int) -> None:
        """Choose the surname and the father's name of a family."""
        dice = Dice(seed, "household", family_id)
        self.surname = dice.pick(SURNAMES)
        other = dice.pick(SURNAMES)
        self.double = other if dice.chance(5) and other != self.surname else None
        self.father = dice.pick(MEN)
        self.with_patronymic = dice.chance(95)

    def last(self, sex: Sex) -> str:
        """Return the surname a child of this sex bears."""
        index = 1 if sex is Sex.FEMALE else 0
        return "-".join(pair[index] for pair in (self.surname, self.double) if pair)


class Census:
    """Everyone but the teachers."""

    def __init__(self, seed: int, year_start: int, roster: Roster) -> None:
        """Know the people of a roster."""
        self._seed = seed
        self._start = year_start
        self._roster = roster
        self.child = Memo(self._child, 50_000)
        self.parent = Memo(self._parent, 20_000)
        self._persona_logins = {
            (login.kind, login.username): ids.adult_id(family_id, place)
            for family_id, family in enumerate(FAMILIES[: roster.families], start=1)
            for place, adult in enumerate(family.adults, start=1)
            for login in adult.logins
        }
        self._twice_written = tuple(
            ids.adult_id(family_id, place)
            for family_id, family in enumerate(FAMILIES[: roster.families], start=1)
            for place, adult in enumerate(family.adults, start=1)
            if adult.snils_of
        )
        self._persona_mrko = {
            account.login: ids.adult_id(family_id, place)
            for family_id, family in enumerate(FAMILIES[: roster.families], start=1)
            for place, adult in enumerate(family.adults, start=1)
            for account in adult.mrko
        }

    def family(self, family_id: int) -> Family:
        """Return a family, KeyError when there is none of this id."""
        if not 1 <= family_id <= self._roster.families:
            raise KeyError(family_id)
        if family_id <= len(FAMILIES):
            places: Sequence[int] = range(1, len(FAMILIES[family_id - 1].adults) + 1)
        else:
            places = [place for place, _ in self._adults(family_id)]
        return Family(
            id=family_id,
            parent_ids=tuple(ids.adult_id(family_id, place) for place in places),
            child_ids=self._roster.children(family_id),
        )

    def guardians(self, child_id: int) -> tuple[Guardian, ...]:
        """Return the adults of a child; none for a classmate without a family."""
        child = self.child(child_id)
        if child.family_id is None:
            return ()
        family = self.family(child.family_id)
        found = [self._guardian(self.parent(parent_id), child, family) for parent_id in family.parent_ids]
        return tuple(guardian for guardian in found if guardian)

    def login(self, kind: LoginKind, username: str) -> Login | None:
        """Find a login; the city takes e-mail, phone and СНИЛС."""
        typed = username.strip()
        owner = self._persona_logins.get((kind, typed.lower()))
        candidates = (owner,) if owner else self._owners(kind, typed)
        for parent_id in candidates:
            for login in self._logins_of(parent_id):
                if login.kind is kind and self._answers_to(login, typed):
                    return login
        return None

    def by_snils(self, snils: str) -> tuple[Parent, ...]:
        """Return the adults whose record has this СНИЛС, by id; several when one was written down twice."""
        owners = {ids.number_of_snils(snils) or 0, *self._twice_written}
        found = (self.parent(owner) for owner in sorted(owners) if self._exists(owner))
        return tuple(parent for parent in found if parent.person.snils == snils)

    def mrko_account(self, login: str) -> MrkoAccount | None:
        """Find a МРКО account by its digits."""
        owner = self._persona_mrko.get(login)
        if owner is None and login.isascii() and login.isdigit() and len(login) == 10:
            owner = ids.ADULTS + int(login[3:])
        accounts = self.parent(owner).mrko_accounts if owner and self._exists(owner) else ()
        return next((account for account in accounts if account.login == login), None)

    def _owners(self, kind: LoginKind, typed: str) -> tuple[int, ...]:
        numbers = [_tail_number(typed.partition("@")[0])]
        if kind is LoginKind.MOS_RU:
            digits = "".join(letter for letter in typed if letter.isdigit())
            if len(digits) == 11 and digits[0] in "78":
                numbers.append(ids.ADULTS + int(digits[4:]))
            if len(digits) == 10:
                numbers.append(ids.ADULTS + int(digits[3:]))
            numbers.append(ids.number_of_snils(typed))
        return tuple(number for number in numbers if number is not None)

    def _logins_of(self, parent_id: int) -> tuple[Login, ...]:
        return self.parent(parent_id).logins if self._exists(parent_id) else ()

    def _answers_to(self, login: Login, typed: str) -> bool:
        if login.username == typed.lower():
            return True
        person = self.parent(login.parent_id).person
        digits = "".join(letter for letter in typed if letter.isdigit())
        if login.kind is not LoginKind.MOS_RU or "@" in typed:
            return False
        snils = "".join(letter for letter in person.snils or "" if letter.isdigit())
        return (bool(digits) and (digits[-10:] == person.phone if len(digits) in (10, 11) else False)) or (
            bool(snils) and digits == snils
        )

    def _exists(self, parent_id: int) -> bool:
        family_id = ids.family_of(parent_id)
        return 1 <= family_id <= self._roster.families and parent_id in self.family(family_id).parent_ids

    def _adults(self, family_id: int) -> list[tuple[int, Kinship]]:
        dice = Dice(self._seed, "adults", family_id)
        first = Kinship.FATHER if dice.chance(6) else Kinship.MOTHER
        adults = [(1, first)]
        if first is Kinship.MOTHER and dice.chance(65):
            adults.append((2, Kinship.FATHER))
        if dice.chance(10):
            adults.append((3, dice.pick((Kinship.GRANDMOTHER, Kinship.GRANDFATHER, Kinship.AUNT))))
        elif dice.chance(8):
            adults.append((3, Kinship.TRUSTED))
        return adults

    def _guardian(self, parent: Parent, child: Child, family: Family) -> Guardian | None:
        place = parent.id % 10
        hosts = sketch_of(child.school_id).hosts
        reads = {_HOSTS[login.kind] for login in parent.logins if login.state in _READS}
        if family.id <= len(FAMILIES):
            sketch = FAMILIES[family.id - 1].adults[place - 1]
            if sketch.sees is not None and family.child_ids.index(child.id) not in sketch.sees:
                return None
            kinship = sketch.kinship
        else:
            kinship = dict(self._adults(family.id))[place]
        legal = kinship in (Kinship.MOTHER, Kinship.FATHER)
        return Guardian(parent.id, child.id, kinship, legal=legal, hosts=frozenset(hosts & reads))

    def _parent(self, parent_id: int) -> Parent:
        if not self._exists_by_number(parent_id):
            raise KeyError(parent_id)
        family_id, place = ids.family_of(parent_id), parent_id % 10
        if family_id <= len(FAMILIES):
            return self._persona(parent_id, family_id, FAMILIES[family_id - 1].adults[place - 1])
        kinship = dict(self._adults(family_id))[place]
        person = self._adult_person(parent_id, family_id, kinship)
        hosts = {host for child in self._roster.children(family_id) for host in self._hosts(child)}
        kinds = [kind for kind, host in _HOSTS.items() if host in hosts]
        if kinship not in (Kinship.MOTHER, Kinship.FATHER):
            kinds = kinds[:1]
        logins = tuple(self._login(kind, parent_id, person) for kind in kinds)
        mrko = tuple(
            MrkoAccount(
                parent_id=parent_id,
                child_id=child,
                account_name=self.child(child).person.name.first,
                login=f"{100 + number}{parent_id - ids.ADULTS:07d}",
                password=f"mrko-{child}",
            )
            for number, child in enumerate(self._roster.children(family_id))
            if MOSCOW_HOST in self._hosts(child) and kinship in (Kinship.MOTHER, Kinship.FATHER)
        )
        return Parent(parent_id, person, family_id, logins, mrko)

    def _exists_by_number(self, parent_id: int) -> bool:
        family_id, place = ids.family_of(parent_id), parent_id % 10
        if not 1 <= family_id <= self._roster.families:
            return False
        if family_id <= len(FAMILIES):
            return 1 <= place <= len(FAMILIES[family_id - 1].adults)
        return place in dict(self._adults(family_id))

    def _persona(self, parent_id: int, family_id: int, sketch: AdultSketch) -> Parent:
        city = next((login.username for login in sketch.logins if "@" in login.username), None)
        person = Person(
            id=parent_id,
            uuid=ids.uuid(self._seed, parent_id),
            name=sketch.name,
            sex=sketch.sex,
            born=date(self._start - 40, 4, 2) + timedelta(days=parent_id % 300),
            snils=ids.snils(ids.adult_id(*sketch.snils_of) if sketch.snils_of else parent_id)
            if sketch.snils
            else None,
            phone=_phone(parent_id),
            email=city or f"{sketch.key.replace('_', '.')}@example.test",
        )
        children = self._roster.children(family_id)
        return Parent(
            id=parent_id,
            person=person,
            family_id=family_id,
            logins=tuple(
                Login(login.kind, parent_id, login.username, login.password, login.state, login.second_factor)
                for login in sketch.logins
            ),
            mrko_accounts=tuple(
                MrkoAccount(
                    parent_id,
                    children[account.child],
                    FAMILIES[family_id - 1].children[account.child].name.first,
                    account.login,
                    account.password,
                )
                for account in sketch.mrko
            ),
        )

    def _login(self, kind: LoginKind, parent_id: int, person: Person) -> Login:
        dice = Dice(self._seed, "login", parent_id, _HOSTS[kind] == MOSCOW_HOST)
        username = person.email or "" if kind is LoginKind.MOS_RU else f"{latin(person.name.last)}{parent_id}"
        second_factor = kind is LoginKind.MOS_RU and dice.chance(10)
        return Login(kind, parent_id, username, _PASSWORDS[kind], LoginState.ACTIVE, second_factor)

    def _hosts(self, child_id: int) -> frozenset[str]:
        return sketch_of(ids.school_of(ids.class_of(child_id))).hosts

    def _adult_person(self, parent_id: int, family_id: int, kinship: Kinship) -> Person:
        dice = Dice(self._seed, "adult", parent_id)
        home = Household(self._seed, family_id)
        male = kinship in (Kinship.FATHER, Kinship.GRANDFATHER)
        sex = Sex.MALE if male else Sex.FEMALE
        own_father = dice.pick(MEN)
        kin = kinship in (Kinship.MOTHER, Kinship.FATHER) and not (sex is Sex.FEMALE and dice.chance(15))
        last = home.last(sex) if kin else dice.pick(SURNAMES)[0 if male else 1]
        first = (
            (home.father if kinship is Kinship.FATHER else dice.pick(MEN))[0] if male else dice.pick(WOMEN)
        )
        middle = own_father[1 if male else 2] if dice.chance(96) else None
        elder = 25 if kinship in (Kinship.GRANDMOTHER, Kinship.GRANDFATHER) else 0
        return Person(
            id=parent_id,
            uuid=ids.uuid(self._seed, parent_id),
            name=Name(last, first, middle),
            sex=sex,
            born=date(self._start - 34 - elder, 1, 1) - timedelta(days=dice.below(5000)),
            snils=ids.snils(parent_id) if dice.chance(97) else None,
            phone=_phone(parent_id),
            email=f"{latin(last)}.{latin(first)[:1]}.{parent_id}@example.test",
        )

    def _child(self, child_id: int) -> Child:
        class_id = ids.class_of(child_id)
        parallel = ids.class_key(class_id)[1]
        if not 0 <= child_id % ids.SEATS < self._roster.class_size(class_id) or not 1 <= parallel <= 11:
            raise KeyError(child_id)
        seat = self._roster.seat(child_id)
        dice = Dice(self._seed, "child", child_id)
        born = date(self._start - 7 - parallel, 12, 1) + timedelta(days=dice.below(420))
        return Child(
            id=child_id,
            person=self._pupil(child_id, born, parallel),
            family_id=seat.family_id if seat else None,
            school_id=ids.school_of(class_id),
            class_id=class_id,
            subgroup=1 + child_id % 2,
            enrolled_on=date(self._start - dice.below(parallel), 9, 1),
            card=5_000_000 + child_id,
        )

    def _pupil(self, child_id: int, born: date, parallel: int) -> Person:
        dice = Dice(self._seed, "pupil", child_id)
        seat = self._roster.seat(child_id)
        if seat and seat.family_id <= len(FAMILIES):
            sketch = FAMILIES[seat.family_id - 1].children[seat.place]
            name, sex, with_snils = sketch.name, sketch.sex, seat.family_id % 3 != 2 or seat.place == 0
        else:
            sex = dice.pick((Sex.FEMALE, Sex.MALE))
            home = Household(self._seed, seat.family_id if seat else -child_id)
            male = sex is Sex.MALE
            first = dice.pick(MEN)[0] if male else dice.pick(WOMEN)
            middle = home.father[1 if male else 2] if home.with_patronymic else None
            name, with_snils = Name(home.last(sex), first, middle), dice.chance(92)
        older = parallel >= 5
        return Person(
            id=child_id,
            uuid=ids.uuid(self._seed, child_id),
            name=name,
            sex=sex,
            born=born,
            snils=ids.snils(child_id) if with_snils else None,
            phone=f"997{child_id:07d}" if older and dice.chance(80) else None,
            email=f"pupil.{child_id}@example.test" if older and dice.chance(40) else None,
        )


def _phone(parent_id: int) -> str:
    return f"999{parent_id - ids.ADULTS:07d}"


def _tail_number(text: str) -> int | None:
    tail = text[len(text.rstrip("0123456789")) :]
    return int(tail) if tail.isascii() and tail and len(tail) < 12 else None
