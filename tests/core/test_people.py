"""People are matched by СНИЛС and name together, and never by less."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from diary_core.people import (
    MatchReason,
    NameReason,
    NameVerdict,
    PersonName,
    Snils,
    Strength,
    compare_names,
    match_people,
    normal_form,
)

VECTORS: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "snils.json").read_text("utf-8"))
SNILS = Snils("112-233-445 95")
OTHER_SNILS = Snils("900-000-101 85")


@dataclass(frozen=True)
class Person:
    """The least that can be matched."""

    name: PersonName | None
    snils: Snils | None


def named(line: str) -> PersonName:
    name = PersonName.read(line)
    assert name
    return name


parts = st.sampled_from(
    ["Алёна", "Алена", "Aлена", "Анна", "Тестова", "Примерова-Тестова", "Тестова – Примерова", "О’Нил"]
)
names = st.builds(PersonName, last=parts, first=parts, middle=st.none() | parts)
strange = st.text(max_size=30)
strange_names = st.builds(
    PersonName, last=strange.map("а".__add__), first=strange.map("б".__add__), middle=st.none() | strange
)
people = st.builds(
    Person, name=st.none() | names | strange_names, snils=st.sampled_from([None, SNILS, OTHER_SNILS])
)


def test_names_are_tidied() -> None:
    """Invisible characters and odd spaces go; the school's spelling stays."""
    name = PersonName(last=" Примерова\xa0–\u200b Тестова\n", first="АЛЁНА", middle="Игорь\u00a0оглы")
    assert name == PersonName(last="Примерова – Тестова", first="АЛЁНА", middle="Игорь оглы")
    assert name.full == "Примерова – Тестова АЛЁНА Игорь оглы"


@pytest.mark.parametrize("middle", [None, "", " ", "-", "—", ".", "нет", "0", "\u200b"])
def test_a_filler_is_no_patronymic(middle: str | None) -> None:
    """What schools type into a box they must fill stands for none."""
    assert PersonName(last="Тестова", first="Анна", middle=middle).middle is None


@pytest.mark.parametrize("last", ["", " ", "-", "\u3164", "7", "Т" * 101])
def test_an_impossible_name_is_refused(last: str) -> None:
    """A surname without a letter or beyond all measure is refused, unrepeated."""
    with pytest.raises(ValidationError) as refused:
        PersonName(last=last, first="Неповторимая")
    assert "Неповторимая" not in str(refused.value)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Кленова И. С.", PersonName(last="Кленова", first="И.", middle="С.")),
        ("Мамедов Али Гейдар оглы", PersonName(last="Мамедов", first="Али", middle="Гейдар оглы")),
        ("Кленова Ирина", PersonName(last="Кленова", first="Ирина")),
        ("Кленова", None),
        ("Кленова -", None),
        ("", None),
    ],
)
def test_a_line_is_read_surname_first(line: str, name: PersonName | None) -> None:
    """Surname, first name, and whatever follows as the patronymic."""
    assert PersonName.read(line) == name


@pytest.mark.parametrize(
    ("a", "b", "verdict", "reasons"),
    [
        ("Тестова Анна Игоревна", "ТЕСТОВА анна  игоревна", "equal", set[str]()),
        ("Тестова Алёна", "Тестова Алена", "equal", {"yo"}),
        ("Тестова Алëна", "Тестова Алена", "equal", {"yo", "look_alikes"}),
        ("Tестовa Анна", "Тестова Анна", "equal", {"look_alikes"}),
        ("Примерова—Тестова Анна", "Примерова-Тестова Анна", "equal", set[str]()),
        ("О’Нил Анна", "О'Нил Анна", "equal", set[str]()),
        ("Тестова-Примерова Анна", "Примерова-Тестова Анна", "equal", {"double_surname"}),
        ("Примерова-Тестова Анна", "Тестова Анна", "close", {"double_surname_part"}),
        ("Тестова Анна Игоревна", "Тестова Анна", "close", {"patronymic_absent"}),
        (
            "Примерова-Тёстова Анна Игоревна",
            "Тестова Анна",
            "close",
            {"double_surname_part", "patronymic_absent", "yo"},
        ),
        ("Тестова-Тестова Анна", "Тестова Анна", "close", {"double_surname_part"}),
        ("Тестова Анна Игоревна", "Тестова Анна Олеговна", "different", {"patronymic_differs"}),
        ("Тестова Анна", "Тестова Мария", "different", {"first_name_differs"}),
        ("Тестова Анна", "Тестова Анна-Мария", "different", {"first_name_differs"}),
        ("Тестова-Примерова Анна", "Тестова-Образцова Анна", "different", {"surname_differs"}),
        ("Мамедов Али Гейдар оглы", "Мамедов Али Гейдар", "different", {"patronymic_differs"}),
    ],
)
def test_names_are_compared(a: str, b: str, verdict: str, reasons: set[str]) -> None:
    """The verdict and what led to it follow the matching table, in either order."""
    match = compare_names(named(a), named(b))
    assert (match.verdict, match.reasons) == (verdict, reasons)
    assert compare_names(named(b), named(a)) == match


@given(names | strange_names, names | strange_names)
def test_comparing_is_symmetric(a: PersonName, b: PersonName) -> None:
    """The order never matters, a name equals itself, and any difference has a reason."""
    assert compare_names(a, b) == compare_names(b, a)
    assert compare_names(a, a).verdict is NameVerdict.EQUAL
    assert compare_names(a, a).reasons == frozenset[NameReason]()
    assert compare_names(a, b).reasons or compare_names(a, b).verdict is NameVerdict.EQUAL


@given(st.text() | st.text(st.sampled_from("аАёЁaAßŉΐ-–'’ \u0301\u200b")))
def test_the_normal_form_is_final(part: str) -> None:
    """The normal form of a normal form is itself, and case does not change it."""
    assert normal_form(normal_form(part)) == normal_form(part)


@pytest.mark.parametrize("number", VECTORS["valid"] + VECTORS["older_than_check_digits"])
def test_good_numbers_are_taken(number: str) -> None:
    """Right check digits pass, and so do numbers older than check digits; printing gives the paper form."""
    assert Snils(number).printed == number


@pytest.mark.parametrize("number", VECTORS["wrong_check_digits"] + VECTORS["malformed"])
def test_bad_numbers_are_refused(number: str) -> None:
    """A wrong number is refused without being repeated, and read from an upstream as none."""
    with pytest.raises(ValueError, match="СНИЛС") as refused:
        Snils(number)
    assert not number or number not in str(refused.value)
    assert Snils.read(number) is None


def test_spelling_does_not_matter() -> None:
    """However a number is spaced and dashed, it is one number."""
    assert {Snils(number) for number in VECTORS["same_number"]} == {SNILS}
    assert SNILS.digits == "11223344595"
    assert Snils.read(None) is None


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 99))
def test_one_pair_of_check_digits_is_right(number: int, check: int) -> None:
    """Of the hundred endings of a number exactly one is taken."""
    taken = [ending for ending in range(100) if Snils.read(f"{number:09}{ending:02}")]
    assert len(taken) == 1
    assert (Snils.read(f"{number:09}{check:02}") is not None) == (check in taken)


def test_the_number_never_shows() -> None:
    """Neither printing, nor formatting, nor a model around it, nor its JSON holds the digits."""

    class Holder(BaseModel):
        snils: Snils | None

    holder = Holder(snils=SNILS)
    shown = (
        f"{SNILS} {SNILS!r} {[SNILS]} {holder} {holder!r} {holder.model_dump()} {holder.model_dump_json()}"
    )
    assert [piece for piece in ("112", "233", "445", "95") if piece in shown] == []
    assert holder.snils == SNILS
    assert pickle.loads(pickle.dumps(SNILS)) == SNILS


@pytest.mark.parametrize(
    ("theirs", "strength", "reason"),
    [
        (Person(named("Тестова Алена Игоревна"), SNILS), "strong", "all_equal"),
        (Person(named("Тестова Алена"), SNILS), "weak", "names_close"),
        (Person(named("Примерова-Тестова Алёна Игоревна"), SNILS), "weak", "names_close"),
        (Person(named("Образцова Алёна Игоревна"), SNILS), "none", "names_differ"),
        (Person(None, SNILS), "none", "name_absent"),
        (Person(named("Тестова Алёна Игоревна"), None), "none", "snils_absent"),
        (Person(named("Тестова Алёна Игоревна"), OTHER_SNILS), "none", "snils_differs"),
    ],
)
def test_people_are_matched(theirs: Person, strength: str, reason: str) -> None:
    """Strong needs both; a close name is weak; no or another СНИЛС or name is no match."""
    ours = Person(named("Тестова Алёна Игоревна"), SNILS)
    match = match_people(ours, theirs)
    assert (match.strength, match.reason) == (strength, reason)


@given(people, people)
def test_matching_is_symmetric_and_careful(a: Person, b: Person) -> None:
    """The order never matters; no strength without an equal СНИЛС; nothing strong without equal names."""
    match = match_people(a, b)
    assert match == match_people(b, a)
    if a.snils is None or a.snils != b.snils:
        assert match.strength is Strength.NONE
    assert (match.strength is Strength.STRONG) == (match.reason is MatchReason.ALL_EQUAL)
    if match.strength is Strength.STRONG:
        assert match.names
        assert match.names.verdict is NameVerdict.EQUAL


@given(names | strange_names)
def test_a_name_alone_never_matches(name: PersonName) -> None:
    """Two records of the same name without a СНИЛС are two people until proven otherwise."""
    person = Person(name, None)
    assert match_people(person, replace(person)).strength is Strength.NONE


@given(st.text(st.characters(exclude_categories=())), st.text(st.sampled_from("0123456789- \u200b")))
def test_strangers_input_is_read(line: str, number: str) -> None:
    """Any line is a name or None, any number a СНИЛС or None; building from parts fails in one way only."""
    assert isinstance(PersonName.read(line), PersonName | None)
    assert isinstance(Snils.read(line), Snils | None)
    assert isinstance(Snils.read(number), Snils | None)
    try:
        name = PersonName(last=line, first="Анна", middle=line)
    except ValidationError:
        return
    assert PersonName.model_validate_json(name.model_dump_json()) == name
