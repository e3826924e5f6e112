"""The same child read through both systems has the same diary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from tests.oracle import limits
from tests.oracle.compare import Comparison
from tests.oracle.systems import DNEVNIK, MESH, opened, twin
from tests.oracle.test_world import FIRST, LAST, MONDAYS, SUMMER, YEAR

from diary_core.abilities import (
    Diary,
    ReadsDays,
    ReadsHomework,
    ReadsMarkDetails,
    ReadsMarks,
    ReadsResults,
    able,
)
from diary_core.model import AttendanceRecord, Day, Lesson, Mark, TermResult
from diary_sandbox.serve import running_sandbox

pytestmark = pytest.mark.anyio

OWN_WORDS = frozenset(
    {
        "lessons.attendance.comment",
        "lessons.attendance.reason",
        "lessons.attendance.display",
        "lessons.attendance.excused",
        "lessons.attendance.noted_by",
        "lessons.control",
        "lessons.actual.room",
        "lessons.marks.important",
        "lessons.marks.scale",
        "important",
        "scale",
    }
)
"""What both tell, each in words of its own: each is held to the truth in `test_world.py`."""


def _without_lateness(days: Sequence[Day]) -> list[Day]:
    """Drop what МЭШ does not tell: that a child came late."""
    return [
        day.model_copy(update={"lessons": tuple(_punctual(lesson) for lesson in day.lessons)}) for day in days
    ]


def _punctual(lesson: Lesson) -> Lesson:
    late = isinstance(lesson.attendance, AttendanceRecord) and lesson.attendance.kind == "late"
    return lesson.model_copy(update={"attendance": None}) if late else lesson


async def test_the_twin_has_one_diary() -> None:
    """Days, marks and homework agree in every field both systems have."""
    comparison = Comparison(leave_out=OWN_WORDS)
    async with running_sandbox(seed=3, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = twin(sandbox)
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            for monday in MONDAYS:
                sunday = monday + timedelta(days=6)
                one = await able(mesh, ReadsDays).days(here.id, monday, sunday)
                other = await able(dnevnik, ReadsDays).days(there.id, monday, sunday)
                comparison.each(
                    limits.through_dnevnik(one.items), _without_lateness(other.items), str(monday)
                )
            marks = await able(mesh, ReadsMarks).marks(here.id, FIRST, LAST)
            also = await able(dnevnik, ReadsMarks).marks(there.id, FIRST, LAST)
            comparison.each(limits.dnevnik_marks(marks.items), also.items, "marks")
            tasks = await able(mesh, ReadsHomework).homework(here.id, FIRST, LAST)
            given = await able(dnevnik, ReadsHomework).homework(there.id, FIRST, LAST)
            comparison.each(limits.dnevnik_homework(tasks.items), given.items, "homework")
    assert comparison.differences[:20] == []


@pytest.mark.slow
async def test_the_twin_has_one_record() -> None:
    """Marks asked for one by one, and the results of every year, agree in every field both systems have."""
    comparison = Comparison(leave_out=OWN_WORDS)
    async with running_sandbox(seed=3, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = twin(sandbox)
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            for monday in MONDAYS[3::18]:
                one = await _in_depth(mesh, here.id, monday)
                other = await _in_depth(dnevnik, there.id, monday)
                comparison.each(limits.dnevnik_marks(one), other, str(monday))
                assert other
            ended, also = await _results(mesh, here.id), await _results(dnevnik, there.id)
            for start in ended.keys() | also.keys():
                comparison.each(ended.get(start, ()), also.get(start, ()), f"results of {start}")
    assert comparison.differences[:20] == []
    assert len(ended) > 1


async def _in_depth(diary: Diary, enrolment_id: str, monday: date) -> list[Mark]:
    """Return the marks of a week, each asked for by itself."""
    listed = await able(diary, ReadsMarks).marks(enrolment_id, monday, monday + timedelta(days=6))
    details = able(diary, ReadsMarkDetails)
    return [found for mark in listed.items for found in (await details.mark(enrolment_id, mark.id)).items]


async def _results(diary: Diary, enrolment_id: str) -> dict[int, list[TermResult]]:
    """Return the results of terms and years by the first calendar year; a year's own have no common title."""
    results = able(diary, ReadsResults)
    found: dict[int, list[TermResult]] = {}
    for year in (await results.academic_years(enrolment_id)).items:
        for one in (await results.results(enrolment_id, year.id)).items:
            if one.kind in {"term", "year"}:
                titled = one if one.kind == "term" else one.model_copy(update={"title": ""})
                found.setdefault(year.since.year, []).append(titled)
    return found
