"""The same child read through both systems has the same life at school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.oracle.systems import DNEVNIK, MESH, opened, twin
from tests.oracle.test_world import FIRST, LAST, YEAR

from diary_core.abilities import ReadsAttendance, ReadsBells, ReadsCalendar, ReadsRemarks, ReadsSchool, able
from diary_core.diary import Diary
from diary_core.model import Enrolment, LessonSlot, Subject, known
from diary_sandbox.serve import running_sandbox

pytestmark = pytest.mark.anyio

NOW = datetime(YEAR, 11, 16, 12, tzinfo=ZoneInfo("Europe/Moscow"))


@dataclass(frozen=True)
class Life:
    """What one system tells."""

    missed: set[tuple[date, str]]
    """Days and subjects."""
    remarks: dict[tuple[date, str], str]
    """By day and subject, of the last weeks."""
    vacations: set[date]
    holidays: set[date]
    bells: list[LessonSlot]
    """Of the present day."""
    people: tuple[object, ...]
    teachers: set[str]


async def test_the_twin_has_one_school_life() -> None:
    """Absences, remarks, vacations, bells and the school; МЭШ names all who teach the class."""
    async with running_sandbox(seed=3, year=YEAR, now=NOW) as sandbox:
        parent_id, child = twin(sandbox)
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            one, other = await read(mesh, here), await read(dnevnik, there)
    assert one.missed == other.missed != set()
    present = one.remarks.keys() - one.missed
    assert {place: one.remarks[place] for place in present} == {
        place: text for place, text in other.remarks.items() if place not in one.missed
    }
    assert present
    shared = one.remarks.keys() & one.missed
    assert [place for place in shared if one.remarks[place] not in other.remarks[place]] == []
    assert set() != one.vacations <= other.vacations
    assert other.vacations - one.vacations <= one.holidays
    assert [bell for bell in one.bells if bell not in other.bells] == []
    assert one.bells
    assert one.people == other.people
    assert set() != other.teachers <= one.teachers


async def read(diary: Diary, place: Enrolment) -> Life:
    """Read what both systems tell."""
    today = NOW.date()
    missed = await able(diary, ReadsAttendance).attendance(place.id, FIRST, today)
    remarks = await able(diary, ReadsRemarks).remarks(place.id, today - timedelta(weeks=3), today)
    calendar = await able(diary, ReadsCalendar).calendar(place.id, FIRST, LAST)
    bells = await able(diary, ReadsBells).bells(place.id, today)
    (school,) = (await able(diary, ReadsSchool).school(place.id)).items
    leaders = [teacher.name for teacher in known(school.class_teachers) or ()]
    return Life(
        missed={(record.date, called(record.subject)) for record in missed.items if record.kind == "absent"},
        remarks={(remark.date, called(remark.subject)): remark.text for remark in remarks.items},
        vacations={day.date for day in calendar.items if day.kind == "vacation"},
        holidays={day.date for day in calendar.items if day.kind == "holiday"},
        bells=list(bells.items),
        people=(school.name, school.principal, school.email, school.website, school.district, leaders),
        teachers={teacher.name.full for teacher in known(school.teachers) or ()},
    )


def called(subject: Subject | None) -> str:
    """Return the name of a subject."""
    return subject.name if subject else ""
