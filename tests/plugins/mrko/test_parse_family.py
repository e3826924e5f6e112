"""Children, school and terms: small JSON in, model out."""

from __future__ import annotations

from datetime import date

import pytest
from inline_snapshot import snapshot

from diary_core.errors import ChildUnknown, RegionChanged
from diary_core.model import ClassGroup, Enrolment, Term, known
from diary_mrko.ids import ChildRef
from diary_mrko.parse.family import enrolments
from diary_mrko.parse.school import school
from diary_mrko.parse.terms import terms
from diary_mrko.wire.family import ChildGroup, FamilyProfile, SchoolInfo
from diary_mrko.wire.year import AcademicYear, PeriodsSchedule

from .bodies import MOSCOW, Json, read, rows, sample

CHILD: Json = {
    "id": 3200011,
    "contingent_guid": "00000000-0000-4000-8000-000000000011",
    "last_name": "Берёзов",
    "first_name": "Артём",
    "middle_name": None,
    "school": {"id": 9001, "name": "Школа № 9999"},
    "class_name": "7-Б",
    "class_level_id": 7,
    "class_unit_id": 410701,
    "is_legal_representative": True,
}
YEAR: Json = {
    "id": 14,
    "name": "2026 - 2027",
    "begin_date": "2026-09-01",
    "end_date": "2027-08-31",
    "current_year": True,
}


def _enrolments(*children: Json, role: str = "parent") -> tuple[Enrolment, ...]:
    family = {"profile": {"id": 1, "type": role}, "children": list(children)}
    return enrolments(read(FamilyProfile, family), MOSCOW)


def test_the_sample_family_has_two_enrolments() -> None:
    """Both children come in the diary's order, with class, school and the day they came."""
    first, second = enrolments(read(FamilyProfile, sample("family_profile")), MOSCOW)
    assert first.model_dump(mode="json", exclude={"school"}) == snapshot(
        {
            "id": "3200011.00000000-0000-4000-8000-000000000011",
            "child": {
                "id": "00000000-0000-4000-8000-000000000011",
                "name": {"last": "Берёзов", "first": "Артём", "middle": "Ильич"},
                "label": None,
                "birth_date": "2013-05-20",
            },
            "group": {"id": "410701", "name": "7-Б", "parallel": 7},
            "since": "2020-09-01",
            "role": "parent",
        }
    )
    assert (second.id, known(second.group)) == snapshot(
        ("3200012.00000000-0000-4000-8000-000000000012", ClassGroup(id="410301", name="3-А", parallel=3))
    )


def test_contacts_and_other_adults_are_left_behind() -> None:
    """Phones, e-mails, СНИЛС and the trusted person of the sample appear nowhere in the model."""
    shown = " ".join(
        child.model_dump_json() for child in enrolments(read(FamilyProfile, sample("family_profile")), MOSCOW)
    )
    private = ("Рябинина", "parent@example.test", "9990000001", "000-000-000", "5100011")
    assert [word for word in private if word in shown] == []


@pytest.mark.parametrize(
    ("adult", "legal", "role"),
    [
        ("parent", True, "parent"),
        ("parent", False, "trusted"),
        ("parent", None, "parent"),
        ("student", None, "self"),
    ],
)
def test_the_role_is_what_the_adult_is_to_the_child(adult: str, legal: bool | None, role: str) -> None:
    """A trusted person is no parent, a student reads the own diary."""
    (found,) = _enrolments({**CHILD, "is_legal_representative": legal}, role=adult)
    assert found.role == role


@pytest.mark.parametrize(
    "gap", [{"school": None}, {"class_unit_id": None, "class_uid": None}, {"class_name": ""}]
)
def test_a_child_without_a_class_has_no_diary(gap: Json) -> None:
    """A child who has left, or not begun, is no enrolment; the others are untouched."""
    assert [child.id[:7] for child in _enrolments({**CHILD, **gap}, {**CHILD, "id": 3200012})] == ["3200012"]


def test_a_child_outside_the_register_keeps_an_id() -> None:
    """Without a person UUID the child is known by the student number alone."""
    (found,) = _enrolments({**CHILD, "contingent_guid": ""})
    assert (found.id, found.child.id) == ("3200011", "student-3200011")
    assert ChildRef.read(found.id) == ChildRef(student_id="3200011", person_id=None)


def test_an_answer_without_an_adult_is_read() -> None:
    """`profile` is null in some answers."""
    assert len(enrolments(read(FamilyProfile, {"profile": None, "children": [CHILD]}), MOSCOW)) == 1


def test_a_nameless_child_is_not_passed_over() -> None:
    """A child is never shown as nobody."""
    with pytest.raises(RegionChanged) as caught:
        _enrolments({**CHILD, "first_name": None})
    assert caught.value.field == "children.[].last_name"


@pytest.mark.parametrize("strange", ["", "abc", "1.2.3", "-1", "1/../2", "1" * 30, "1.x y"])
def test_a_strange_enrolment_id_is_unknown(strange: str) -> None:
    """Only ids we gave out are read."""
    with pytest.raises(ChildUnknown):
        ChildRef.read(strange)


def test_the_sample_school_has_its_people() -> None:
    """Class teacher, teachers with their subjects, house and contacts come through."""
    groups = [
        {"id": 881, "name": "Английский язык 7-Б, группа 2", "subject_id": "33", "is_fake": False},
        {"id": 882, "name": "Разговоры о важном", "subject_id": None, "is_fake": True},
    ]
    found = school(
        read(SchoolInfo, sample("school_info")), "ГБОУ Школа № 9999", rows(ChildGroup, groups), MOSCOW
    )
    assert found.model_dump(mode="json", exclude={"name"}) == snapshot(
        {
            "id": "9001",
            "short_name": "ГБОУ Школа № 9999",
            "zone": "Europe/Moscow",
            "principal": "Дубравин Олег Петрович",
            "phone": "9990000100",
            "email": "school9999@example.test",
            "website": "https://example.test/school9999",
            "hours": {"state": "unavailable", "reason": "unsupported"},
            "district": "Примерный",
            "addresses": [
                {"text": "г. Москва, Учебная ул., д. 1", "main": True, "name": "Корпус 1", "own": True}
            ],
            "class_teachers": [
                {
                    "id": None,
                    "name": {"last": "Кленова", "first": "Ирина", "middle": "Сергеевна"},
                    "subjects": {"state": "not_loaded"},
                    "position": {"state": "unavailable", "reason": "unsupported"},
                }
            ],
            "teachers": [
                {
                    "id": None,
                    "name": {"last": "Кленова", "first": "Ирина", "middle": "Сергеевна"},
                    "subjects": ["Алгебра", "Геометрия"],
                    "position": {"state": "unavailable", "reason": "unsupported"},
                },
                {
                    "id": None,
                    "name": {"last": "Осинский", "first": "Павел", "middle": "Юрьевич"},
                    "subjects": ["Английский язык"],
                    "position": {"state": "unavailable", "reason": "unsupported"},
                },
            ],
            "study_groups": [{"id": "881", "name": "Английский язык 7-Б, группа 2"}],
        }
    )


def test_a_vacancy_is_no_teacher() -> None:
    """A place without a name is left out, its neighbours stay."""
    staff = [{"last_name": "Вакансия", "first_name": "-"}, {"last_name": "Кленова", "first_name": "Ирина"}]
    found = school(read(SchoolInfo, {"id": 1, "name": "Школа", "teachers": staff}), None, (), MOSCOW)
    assert [teacher.name.last for teacher in known(found.teachers) or ()] == ["Кленова"]


def _terms(*periods: Json, years: list[Json] | None = None) -> tuple[Term, ...]:
    schedules = rows(PeriodsSchedule, [{"id": 7, "name": "Триместры", "periods": list(periods)}])
    return terms(rows(AcademicYear, [YEAR] if years is None else years), schedules)


def _period(number: int, name: str, since: str, until: str) -> Json:
    return {"id": number, "name": name, "begin_date": since, "end_date": until}


def test_terms_hang_on_the_year() -> None:
    """The year is first, its parts follow by first day, and vacations are no terms."""
    found = _terms(
        _period(2, "Осенние каникулы", "2026-10-05", "2026-10-11"),
        _period(3, "2 триместр", "2026-11-30", "2027-02-28"),
        _period(1, "1 триместр", "2026-09-01", "2026-11-29"),
    )
    told = [(term.id, term.parent_id, term.kind, term.number, str(term.since)) for term in found]
    assert told == snapshot(
        [
            ("year-14", None, "year", None, "2026-09-01"),
            ("7-1", "year-14", "trimester", 1, "2026-09-01"),
            ("7-3", "year-14", "trimester", 2, "2026-11-30"),
        ]
    )


def test_modules_hang_on_their_trimester() -> None:
    """A tree: a part lies inside the smallest one around it."""
    found = _terms(
        _period(1, "1 триместр", "2026-09-01", "2026-11-29"),
        _period(5, "Модуль 1", "2026-09-01", "2026-10-04"),
    )
    assert [(term.title, term.parent_id) for term in found] == [
        ("2026 - 2027", None),
        ("1 триместр", "year-14"),
        ("Модуль 1", "7-1"),
    ]


@pytest.mark.parametrize(
    ("title", "kind", "number"),
    [
        ("1 четверть", "quarter", 1),
        ("III четверть", "quarter", 3),
        ("Четвёртая четверть", "quarter", 4),
        ("За первое полугодие", "half_year", 1),
        ("2-е полугодие", "half_year", 2),
        ("Учебный период", "other", None),
    ],
)
def test_a_title_tells_kind_and_number(title: str, kind: str, number: int | None) -> None:
    """Schools name their terms in words, digits and Roman numerals."""
    _, term = _terms(_period(1, title, "2026-09-01", "2026-10-25"))
    assert (term.title, term.kind, term.number) == (title, kind, number)


def test_terms_of_another_year_are_left_out() -> None:
    """Only the current year is asked for."""
    assert len(_terms(_period(1, "1 триместр", "2025-09-01", "2025-11-30"))) == 1


def test_terms_are_there_without_the_year() -> None:
    """When the years failed to come, the terms still do, as roots."""
    found = _terms(_period(1, "1 триместр", "2026-09-01", "2026-11-29"), years=[])
    assert [term.parent_id for term in found] == [None]


def test_a_period_without_dates_is_no_term_yet() -> None:
    """Either end may be null until the school sets it."""
    assert len(_terms({"id": 1, "name": "1 триместр", "begin_date": "2026-09-01", "end_date": None})) == 1


def test_the_year_spans_september_to_august() -> None:
    """Its days are the journal's own."""
    (year,) = terms(rows(AcademicYear, [YEAR]), ())
    assert (year.since, year.until) == (date(2026, 9, 1), date(2027, 8, 31))
