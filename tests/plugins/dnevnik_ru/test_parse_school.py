"""Terms, and the school with its people."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from diary_core.model import known
from diary_dnevnik_ru import parse, wire

from .bodies import (
    FORBIDDEN,
    NO_ANSWER,
    read,
    rows,
    sample,
)

FULL_NAME = (
    "Муниципальное бюджетное общеобразовательное учреждение "
    "«Средняя общеобразовательная школа № 999» г. Примерска"
)


def test_terms_of_the_sample() -> None:
    """Quarters by first day, both ends inclusive."""
    group = sample("07")
    assert isinstance(group, dict)
    periods = group["reportingPeriods"]
    assert isinstance(periods, list)
    terms = parse.year_terms(rows(wire.ReportingPeriod, [*reversed(periods), periods[0]]))
    assert [(term.kind, term.number, term.title, str(term.since), str(term.until)) for term in terms] == [
        ("quarter", 1, "1 четверть", "2025-09-01", "2025-10-26"),
        ("quarter", 2, "2 четверть", "2025-11-05", "2025-12-30"),
        ("quarter", 3, "3 четверть", "2026-01-12", "2026-03-29"),
        ("quarter", 4, "4 четверть", "2026-04-06", "2026-05-26"),
    ]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("HalfYear", "half_year"),
        ("Semester", "half_year"),
        ("Trimester", "trimester"),
        ("Module", "module"),
        ("Sprint", "other"),
        (None, "other"),
    ],
)
def test_kinds_of_terms(written: str | None, kind: str) -> None:
    """An unknown kind is other, never a guess."""
    period = {"id": 1, "start": "2025-09-01", "finish": "2025-12-31", "type": written}
    (term,) = parse.year_terms(rows(wire.ReportingPeriod, [period]))
    assert term.kind == kind


def test_the_school_with_all_its_parts() -> None:
    """The profile, the passport and the people make one school."""
    parameters = {
        "directorFullName": "Макетов Олег Петрович",
        "schoolPhone": "+7 000 000-00-00",
        "email": "",
        "website": None,
        "address": ["г. Примерск, ул. Лесная, 1", {"unknown": 1}, ""],
        "inn": "0000000000",
        "workHours": "пн–пт 8:00–18:00",
    }
    staff = [
        {
            "Id": 5,
            "Subjects": "Математика, Алгебра",
            "NameTeacherPosition": "Учитель",
            "Email": "e@example.test",
        },
        {"Id": 9, "Subjects": "Физика"},
    ]
    groups = [
        {"id": 70, "type": "Subgroup", "name": "7А (англ. 2)"},
        {"id": 7, "type": "Group", "name": "7А"},
    ]
    person = {"id": 5, "firstName": "Елена", "lastName": "Примерова", "middleName": "Игоревна"}
    school = parse.school_profile(
        read(wire.School, sample("05")),
        parse.SchoolParts(
            read(wire.SchoolParameters, parameters),
            rows(wire.Person, [person, person, {"id": 6}, {**person, "id": 8}]),
            read(wire.Person, person),
            rows(wire.StaffMember, staff),
            rows(wire.EduGroup, groups),
        ),
        "Europe/Moscow",
    )
    assert school.model_dump(mode="json") == snapshot(
        {
            "id": "1000990000001",
            "name": FULL_NAME,
            "short_name": "МБОУ СОШ № 999",
            "zone": "Europe/Moscow",
            "principal": "Макетов Олег Петрович",
            "phone": "+7 000 000-00-00",
            "email": None,
            "website": None,
            "hours": "пн–пт 8:00–18:00",
            "district": "Городской округ Примерск",
            "addresses": [{"text": "г. Примерск, ул. Лесная, 1", "main": None, "name": None, "own": None}],
            "class_teachers": [
                {
                    "id": "5",
                    "name": {"last": "Примерова", "first": "Елена", "middle": "Игоревна"},
                    "subjects": ["Математика", "Алгебра"],
                    "position": "Учитель",
                }
            ],
            "teachers": [
                {
                    "id": "5",
                    "name": {"last": "Примерова", "first": "Елена", "middle": "Игоревна"},
                    "subjects": ["Математика", "Алгебра"],
                    "position": "Учитель",
                },
                {
                    "id": "8",
                    "name": {"last": "Примерова", "first": "Елена", "middle": "Игоревна"},
                    "subjects": {"state": "unavailable", "reason": "unsupported"},
                    "position": {"state": "unavailable", "reason": "unsupported"},
                },
            ],
            "study_groups": [{"id": "70", "name": "7А (англ. 2)"}],
        }
    )


def test_a_forbidden_part_of_the_school_says_so() -> None:
    """What this account may not see is a gap; the rest stands."""
    school = parse.school_profile(
        read(wire.School, sample("05")),
        parse.SchoolParts(FORBIDDEN, FORBIDDEN, NO_ANSWER, FORBIDDEN, FORBIDDEN),
        "Europe/Moscow",
    )
    gaps = (
        school.principal,
        school.phone,
        school.email,
        school.website,
        school.addresses,
        school.study_groups,
    )
    assert gaps == (FORBIDDEN,) * 6
    assert school.class_teachers == NO_ANSWER
    assert school.short_name == "МБОУ СОШ № 999"


def test_teachers_stand_without_what_the_staff_would_tell() -> None:
    """A parent may not see the staff of the whole school: names are there, subjects say why they are not."""
    person = {"id": 5, "firstName": "Елена", "lastName": "Примерова"}
    parts = parse.SchoolParts(
        FORBIDDEN, rows(wire.Person, [person]), NO_ANSWER, FORBIDDEN, rows(wire.EduGroup, [])
    )
    school = parse.school_profile(read(wire.School, sample("05")), parts, "Europe/Moscow")
    assert [(one.name.last, one.subjects, one.position) for one in known(school.teachers) or ()] == [
        ("Примерова", FORBIDDEN, FORBIDDEN)
    ]
    assert [name for name, gap in parts.gaps.items() if gap] == [
        "parameters",
        "class_teachers",
        "teachers.subjects",
    ]
