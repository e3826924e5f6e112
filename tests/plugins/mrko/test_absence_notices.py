"""Notices of absence against the sandbox: refusals, lost answers, and who told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from diary_core.errors import (
    AbsenceInPast,
    AbsenceRefused,
    ChildUnknown,
    DiaryError,
    LessonUnknown,
    NotPermitted,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
)
from diary_core.model import NewAbsenceNotice
from diary_mrko.diary import MrkoDiary
from diary_sandbox.faults import FaultKind
from diary_sandbox.world import AbsenceNotice, AbsenceReason, LessonKind

from .town import Town

pytestmark = pytest.mark.anyio

ON = date(2026, 12, 1)
TELLING = "/api/family/mobile/v1/attendance/v2"


@pytest.fixture
def town(town: Town) -> Town:
    """Return the town with no notice told by hand."""
    town.sandbox.world.forget_edits()
    return town


def told_to(town: Town, uuid: str) -> tuple[AbsenceNotice, ...]:
    """Return every notice told of a child, whatever became of it."""
    child = town.sandbox.world.child_by_uuid(uuid)
    assert child is not None
    return town.sandbox.world.notices_told(child.id)


async def test_what_is_told_is_what_the_school_knows(town: Town) -> None:
    """Reason, words and the parent's own name reach the world, and the receipt is its number."""
    diary, child = await town.first_child()
    receipt = await diary.notify_absence(
        child.id, NewAbsenceNotice(date=ON, reason_code="3", comment="Поездка")
    )
    (notice,) = told_to(town, child.child.id)
    assert receipt == (str(notice.id),)
    assert (notice.on, notice.slot, notice.reason, notice.comment) == (
        ON,
        None,
        AbsenceReason.FAMILY,
        "Поездка",
    )


@pytest.mark.parametrize(
    ("kind", "more", "error", "told"),
    [
        (FaultKind.STATUS, {"status": 500}, RegionMaintenance, 0),
        (FaultKind.STATUS, {"status": 499}, RegionDown, 0),
        (FaultKind.STATUS, {"status": 400}, AbsenceRefused, 0),
        (FaultKind.STATUS, {"status": 403}, NotPermitted, 0),
        (FaultKind.DROP, {}, RegionDown, 0),
        (FaultKind.LOST_ANSWER, {}, RegionDown, 1),
        (FaultKind.MALFORMED_JSON, {}, RegionChanged, 1),
    ],
)
async def test_a_notice_is_sent_once(
    town: Town, kind: FaultKind, more: Mapping[str, object], error: type[DiaryError], told: int
) -> None:
    """Nothing below repeats a call that may have told the school already."""
    diary, child = await town.first_child()
    town.fail(kind, TELLING, **more)
    with pytest.raises(error):
        await diary.notify_absence(child.id, NewAbsenceNotice(date=ON, reason_code="3"))
    assert len(told_to(town, child.child.id)) == told
    assert town.asked("school.mos.ru")[f"POST {TELLING}"] == 1


async def test_a_reason_of_the_schools_own_is_refused(town: Town) -> None:
    """The diary's refusal is an error of its own, and nothing stands."""
    diary, child = await town.first_child()
    with pytest.raises(AbsenceRefused):
        await diary.notify_absence(child.id, NewAbsenceNotice(date=ON, reason_code="4"))
    assert told_to(town, child.child.id) == ()


async def test_the_day_is_over_when_it_is_over_at_the_school(town: Town) -> None:
    """A minute before midnight the day may be told of, and taken back; a minute later neither."""
    diary, child = await town.first_child()
    notice = NewAbsenceNotice(date=town.now().date(), reason_code="3")
    midnight = town.now().replace(hour=23, minute=59)
    town.sandbox.clock.set(midnight)
    await diary.notify_absence(child.id, notice)
    (standing,) = (await diary.absence_notices(child.id, notice.date, notice.date)).items
    town.sandbox.clock.advance(timedelta(minutes=1))
    town.sandbox.state.requests.clear()
    with pytest.raises(AbsenceInPast):
        await diary.notify_absence(child.id, notice)
    with pytest.raises(AbsenceInPast):
        await diary.withdraw_absence(child.id, [standing.id])
    assert town.asked("school.mos.ru") == {}


async def test_a_cancelled_lesson_cannot_be_told_of(town: Town) -> None:
    """It is not in the short timetable any more."""
    diary, child = await town.first_child()
    world = town.sandbox.world
    pupil = world.child_by_uuid(child.child.id)
    assert pupil is not None
    lesson = next(one for one in world.lessons(pupil.id, ON, ON) if one.kind is LessonKind.REGULAR)
    world.cancel_lesson(lesson.id)
    with pytest.raises(LessonUnknown):
        await diary.notify_absence(
            child.id, NewAbsenceNotice(date=ON, lesson_ids=(str(lesson.id),), reason_code="1")
        )


async def test_a_trusted_person_may_not_tell(town: Town) -> None:
    """A nanny reads the notices of the child, and is not permitted to give one."""
    diary, _ = town.open(await town.credentials("nanny"))
    child = (await diary.enrolments()).items[0]
    await diary.absence_notices(child.id, ON, ON)
    with pytest.raises(NotPermitted):
        await diary.notify_absence(child.id, NewAbsenceNotice(date=ON, reason_code="3"))
    assert told_to(town, child.child.id) == ()


async def test_the_other_parent_is_told_apart(town: Town) -> None:
    """A notice of the same day by another adult is not one's own."""
    diary, child = await town.first_child()
    world = town.sandbox.world
    pupil = world.child_by_uuid(child.child.id)
    assert pupil is not None
    other = max(guardian.parent_id for guardian in world.guardians_of(pupil.id)) + 1
    world.notify_absence(pupil.id, other, ON, AbsenceReason.FAMILY)
    assert [one.told_by for one in (await diary.absence_notices(child.id, ON, ON)).items] == ["other"]


async def test_another_familys_child_cannot_be_told_of(town: Town) -> None:
    """By no call of the ability, and nothing reaches the school."""
    diary, _ = await town.first_child()
    _, stranger = await town.first_child("many")
    told = NewAbsenceNotice(date=ON, reason_code="3")
    for call in (
        _reasons(diary, stranger.id),
        diary.absence_notices(stranger.id, ON, ON),
        diary.notify_absence(stranger.id, told),
        diary.withdraw_absence(stranger.id, [ON.isoformat()]),
    ):
        with pytest.raises(ChildUnknown):
            await call
    assert told_to(town, stranger.child.id) == ()


async def _reasons(diary: MrkoDiary, enrolment_id: str) -> object:
    return await diary.absence_reasons(enrolment_id)
