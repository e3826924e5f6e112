"""What stands on a lesson is shown only to who has the right to it."""

from __future__ import annotations

from itertools import combinations

import pytest

from diary_api.grants.rights import Right, Rights
from diary_api.school.cache import Served
from diary_api.school.examples import DAY
from diary_api.school.narrowing import answered_to
from diary_api.school.schemas import DayAnswer
from diary_core.model import AttendanceRecord, Missing, Reason, known
from tests.api.grants.giving import EVERY_RIGHT, WEEK, trusted
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio

RIGHT_TO = {
    "homework": Right.HOMEWORK,
    "marks": Right.MARKS,
    "attendance": Right.ATTENDANCE,
    "remark": Right.REMARKS,
}
BESIDES = [
    frozenset({Right.LESSONS, *some}) for count in range(5) for some in combinations(RIGHT_TO.values(), count)
]
"""Every set of rights to what stands on a lesson, with the right to the lesson."""
WORDS = {"homework": "упр. 401", "marks": "КАНАРЕЙКА-5", "attendance": "КАНАРЕЙКА-Н", "remark": "КАНАРЕЙКА-З"}


def a_full_day() -> DayAnswer:
    """Return a day on whose lesson everything stands, each with a word of its own."""
    (day,) = DAY.items
    (lesson,) = day.lessons
    record = AttendanceRecord(
        id="a",
        date=day.date,
        lesson_id=lesson.id,
        subject=None,
        kind="absent",
        display=WORDS["attendance"],
        counted=True,
        noted_by="teacher",
    )
    marks, homework = known(lesson.marks), known(lesson.homework)
    assert marks
    assert homework
    tasks = tuple(task.model_copy(update={"text": WORDS["homework"]}) for task in homework)
    full = lesson.model_copy(
        update={
            "homework": tasks,
            "marks": tuple(mark.model_copy(update={"form": WORDS["marks"]}) for mark in marks),
            "attendance": record,
            "remark": WORDS["remark"],
        }
    )
    days = (day.model_copy(update={"lessons": (full,), "homework": tasks}),)
    return DayAnswer.model_validate(DAY.model_dump() | {"items": [one.model_dump() for one in days]})


@pytest.mark.parametrize("rights", BESIDES, ids=lambda rights: "+".join(sorted(rights)))
def test_each_part_needs_its_right(rights: Rights) -> None:
    """For every set of rights: a part is there whole, or unavailable and no word of it anywhere."""
    whole = Served(a_full_day().model_dump_json().encode())
    answer = answered_to(rights, "days", whole)
    text = answer.body.decode()
    assert [part for part, word in WORDS.items() if (word in text) != (RIGHT_TO[part] in rights)] == []
    seen = DayAnswer.model_validate_json(answer.body)
    lesson = seen.items[0].lessons[0]
    hidden = {part for part, right in RIGHT_TO.items() if right not in rights}
    not_permitted = {
        gap.what for gap in seen.unavailable if gap.reason is Reason.NOT_PERMITTED and "." not in gap.what[8:]
    }
    assert not_permitted == {f"lessons.{part}" for part in hidden} | ({"homework"} & hidden)
    assert lesson.topic == a_full_day().items[0].lessons[0].topic


def test_with_every_right_the_answer_is_the_parents() -> None:
    """Nothing is even read anew."""
    whole = Served(b"untouched")
    assert answered_to(EVERY_RIGHT, "days", whole) is whole
    assert answered_to(None, "days", whole) is whole


def test_what_was_missing_stays_told() -> None:
    """Staleness and parts the diary failed to deliver are told to her as to the parent."""
    failed = (Missing(what="source:AFISHA", reason=Reason.UPSTREAM_ERROR),)
    whole = a_full_day().model_copy(update={"stale": True, "stale_reason": "region_down", "partial": failed})
    answer = answered_to(frozenset({Right.LESSONS}), "days", Served(whole.model_dump_json().encode()))
    seen = DayAnswer.model_validate_json(answer.body)
    assert (seen.stale_reason, seen.partial) == ("region_down", failed)


async def test_she_reads_what_the_parent_has_read(tiny: RunningGateway, town: TinyTown) -> None:
    """One known answer serves both: the diary is asked once, and with every right the bytes are the same."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    week = await family.read("week")
    hers = await nina.read("week")
    assert (hers.content, hers.headers["etag"]) == (week.content, week.headers["etag"])
    assert town.calls["days"] == 1
    await nina.read("marks", **WEEK)
    await family.read("marks", 0, **WEEK)
    assert town.calls["marks"] == 1


async def test_a_narrowed_answer_has_an_etag_of_its_own(tiny: RunningGateway) -> None:
    """It is 304 to her when unchanged, never by the parent's tag, and another once her rights change."""
    family = await tiny.family()
    nina = await trusted(tiny, family, {Right.LESSONS, Right.MARKS})
    tag = (await family.read("week")).headers["etag"]
    first = await nina.read("week")
    assert first.headers["etag"] != tag
    address = f"/v1/children/{nina.child_id}/week"
    known = {"If-None-Match": first.headers["etag"]}
    assert (await nina.person.get(address, headers=known)).status_code == 304
    assert (await nina.person.get(address, headers={"If-None-Match": tag})).status_code == 200
    await family.parent.patch(nina.address, json={"rights": ["lessons"]})
    changed = await nina.person.get(address, headers=known)
    assert changed.status_code == 200
    marks = {str(lesson["marks"]) for day in changed.json()["items"] for lesson in day["lessons"]}
    assert marks == {"{'state': 'unavailable', 'reason': 'not_permitted'}"}
