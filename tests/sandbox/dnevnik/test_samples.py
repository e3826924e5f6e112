"""Every sample body has the shape the sandbox serves, field by field."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState

from .conftest import SignIn
from .shapes import differences, shape_of, uneven

pytestmark = pytest.mark.anyio

SAMPLES = Path(__file__).parents[2] / "samples" / "dnevnik"
_YEAR = "startDate=2026-09-01&endDate=2027-05-31"
_PATHS = {
    "01-users-me-context.parent": "users/me/context",
    "02-users-me": "users/me",
    "03-person-children": "person/{mother}/children",
    "04-users-me-childrenrelatives": "users/me/childrenrelatives",
    "05-school": "schools/{school}",
    "06-person-edu-groups": "persons/{person}/edu-groups",
    "07-reporting-period-group": "edu-groups/{group}/reporting-period-group",
    "08-person-group-schedules": f"persons/{{person}}/groups/{{group}}/schedules?{_YEAR}",
    "10-person-school-homeworks": f"persons/{{person}}/school/{{school}}/homeworks?{_YEAR}",
    "11-person-marks-range": "persons/{person}/schools/{school}/marks/2026-09-01/2027-05-31",
    "12-person-group-recentmarks": "persons/{person}/group/{group}/recentmarks?limit=100",
    "13-group-period-avg-marks": "edu-groups/{group}/reporting-periods/{period}/avg-marks/2026-10-20",
    "14-person-group-allfinalmarks": "persons/{person}/edu-groups/{group}/allfinalmarks",
    "15-person-lesson-log-entries": f"persons/{{person}}/lesson-log-entries?{_YEAR}",
    "16-work-types": "work-types/{school}",
    "17-edu-group-timetables": "edu-groups/{group}/timetables",
    "18-users-me-feed": "users/me/feed?childPersonId={person}&date=2027-05-20&limit=31",
}


@pytest.mark.parametrize("name", _PATHS)
async def test_sample_and_served_body_have_the_same_shape(
    name: str, state: SandboxState, sign_in: SignIn
) -> None:
    """Key sets are equal at every path, and a served value is of a type the sample has there, or null."""
    state.clock.set(datetime(2027, 5, 29, 12, tzinfo=MOSCOW))
    mother = await sign_in("obraztsova")
    child = mother.children[0]
    path = _PATHS[name].format(
        mother=wire_id(Space.ADULT_PERSON, mother.parent.id),
        person=wire_id(Space.PUPIL_PERSON, child.id),
        group=wire_id(Space.CLASS, child.class_id),
        school=wire_id(Space.SCHOOL, child.school_id),
        period=wire_id(Space.PERIOD, state.world.terms(child.class_id)[0].id),
    )
    served = await mother.get(path)
    assert list(uneven(served)) == []
    assert list(differences(shape_of(_sample(name)), shape_of(served))) == []


async def test_a_full_lesson_has_the_shape_of_its_sample(sign_in: SignIn) -> None:
    """The sample of one lesson is met by lessons with works of several kinds, alone and in a span."""
    mother = await sign_in("obraztsova")
    group = wire_id(Space.CLASS, mother.children[0].class_id)
    lessons = await mother.get_list(f"edu-groups/{group}/lessons/2026-09-01/2026-11-20")
    assert list(differences(shape_of(_sample("09-lesson")), shape_of(*lessons))) == []
    assert await mother.get(f"lessons/{lessons[0]['id']}") == lessons[0]


def _sample(name: str) -> object:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
