"""The clock only chooses what is seen: nothing before its time, nothing seen is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.more import quick_first

from diary_sandbox.clock import MOSCOW
from diary_sandbox.world import Child, LessonChange, PointState, World

from .towns import FIRST_DAY, LAST_DAY, persona_child, pupils, town

_YEAR = (FIRST_DAY, LAST_DAY)
_MOMENTS = [
    datetime(2026, 9, 2, 10, 0, tzinfo=MOSCOW) + timedelta(days=days, hours=hours)
    for days, hours in ((0, 0), (1, 3), (20, 12), (62, 1), (80, 5), (110, 20), (160, 2), (210, 7), (265, 4))
]
_FAR_APART_FIRST = [*_MOMENTS[::4], *(moment for moment in _MOMENTS if moment not in _MOMENTS[::4])]


def everyone(world: World) -> list[Child]:
    """Return pupils of every zone and system."""
    keys = ("moscow_mother", "dnevnik_mother", "region_mother", "big_family")
    return [persona_child(world, key) for key in keys] + list(pupils(world))[-1:]


@pytest.mark.parametrize("moment", quick_first(_FAR_APART_FIRST, quick=3))
def test_nothing_is_known_before_its_time(moment: datetime) -> None:
    """No mark, absence, result, remark, visit, meal or task is dated after the clock."""
    world = town(5, now=moment, families=30)
    for child in everyone(world):
        number, zone = child.id, world.school(child.school_id).zone
        seen = [mark.entered_at for mark in world.marks(number, *_YEAR)]
        seen += [mark.edited_at for mark in world.marks(number, *_YEAR) if mark.edited_at]
        seen += [version.until for mark in world.marks(number, *_YEAR) for version in mark.history]
        seen += [absence.entered_at for absence in world.absences(number, *_YEAR)]
        seen += [result.entered_at for result in world.results(number)]
        seen += [remark.entered_at for remark in world.remarks(number, *_YEAR)]
        seen += [task.created_at for task in world.homework(number, *_YEAR)]
        seen += [task.edited_at for task in world.homework(number, *_YEAR) if task.edited_at]
        seen += [entry.at for entry in world.meal_entries(number, *_YEAR)]
        seen += [signature.signed_at for signature in world.signatures(number)]
        seen += [news.published_at for news in world.announcements(child.class_id, *_YEAR)]
        seen += [
            datetime.combine(visit.on, passed, tzinfo=zone)
            for visit in world.visits(number, *_YEAR)
            for passed in (visit.came, visit.left)
            if passed
        ]
        assert [when for when in seen if when > moment] == []


@pytest.mark.parametrize("moment", quick_first(_FAR_APART_FIRST, quick=3))
def test_lessons_ahead_are_only_planned(moment: datetime) -> None:
    """A lesson has no topic before it begins, has not happened before it ends, and is all there after."""
    world = town(5, now=moment, families=30)
    for child in everyone(world):
        zone = world.school(child.school_id).zone
        for lesson in world.lessons(child.id, *_YEAR):
            half = lesson.half
            begins = datetime.combine(half.on, half.starts, tzinfo=zone)
            ends = datetime.combine(half.on, half.ends, tzinfo=zone)
            assert lesson.happened == (ends <= moment and lesson.change is not LessonChange.CANCELLED)
            assert lesson.topic is None or begins <= moment
            assert lesson.changed_at is None or lesson.changed_at <= moment


def test_what_was_seen_stays() -> None:
    """From moment to moment marks, absences, tasks and results are only added, and old versions kept."""
    world = town(5, now=_MOMENTS[0], families=30)
    for child in everyone(world):
        known: dict[str, set[object]] = {}
        texts: dict[int, list[str]] = {}
        for moment in _MOMENTS:
            world.clock.set(moment)
            now: dict[str, set[object]] = {
                "absences": set(world.absences(child.id, *_YEAR)),
                "results": set(world.results(child.id)),
                "tasks": {task.id for task in world.homework(child.id, *_YEAR)},
                "marks": {mark.id for mark in world.marks(child.id, *_YEAR)},
                "meals": set(world.meal_entries(child.id, *_YEAR)),
            }
            assert {name: known[name] - now[name] for name in known if known[name] - now[name]} == {}
            known = now
            for mark in world.marks(child.id, *_YEAR):
                seen = [version.display for version in mark.history] + [mark.display]
                before = texts.get(mark.id, [])
                assert seen[: len(before)] == before
                texts[mark.id] = seen


def test_homework_is_known_from_the_lesson_it_was_given_on() -> None:
    """A task for tomorrow is on the page today after the lesson, and not before it."""
    world = town(6)
    child = persona_child(world, "moscow_mother")
    world.clock.set(datetime(2027, 5, 26, 23, 0, tzinfo=MOSCOW))
    tasks = world.homework(child.id, date(2026, 11, 2), date(2026, 11, 13))
    assert tasks
    for task in tasks:
        world.clock.set(task.created_at - timedelta(seconds=1))
        assert task.id not in {one.id for one in world.homework(child.id, *_YEAR)}
        world.clock.set(task.created_at)
        assert task.id in {one.id for one in world.homework(child.id, *_YEAR)}
        assert task.assigned_on < task.due_on


def test_a_point_opens_and_then_expires_or_turns() -> None:
    """A «точка» is open up to its deadline; then the debt stands, or it has become an ordinary mark."""
    world = town(2)
    child = persona_child(world, "moscow_mother")
    world.clock.set(datetime(2027, 5, 20, 12, 0, tzinfo=MOSCOW))
    points = [mark for mark in world.marks(child.id, *_YEAR) if mark.point]
    ends: set[PointState] = set()
    for late in points:
        assert late.point
        world.clock.set(late.entered_at)
        early = world.mark(late.id)
        assert early.point
        assert (early.point.state, early.counts, early.edited_at) == (PointState.OPEN, False, None)
        world.clock.set(
            datetime.combine(late.point.due_on, datetime.max.time(), tzinfo=MOSCOW) + timedelta(minutes=1)
        )
        after = world.mark(late.id)
        assert after.point
        ends.add(after.point.state)
        assert after.counts == (after.point.state is PointState.TURNED)
        assert bool(after.history) == (after.point.state is PointState.TURNED)
    assert ends == {PointState.EXPIRED, PointState.TURNED}


def test_changes_are_announced() -> None:
    """Before its announcement a changed lesson stands as planned."""
    world = town(2)
    child = persona_child(world, "dnevnik_mother")
    world.clock.set(datetime(2027, 5, 26, 23, 0, tzinfo=MOSCOW))
    changed = [lesson for lesson in world.lessons(child.id, *_YEAR) if lesson.changed_at]
    assert {lesson.change for lesson in changed} == {
        LessonChange.CANCELLED,
        LessonChange.REPLACED,
        LessonChange.MOVED,
    }
    for lesson in changed[:60]:
        assert lesson.changed_at
        world.clock.set(lesson.changed_at - timedelta(seconds=1))
        before = world.lesson(lesson.id)
        assert (before.change, before.actual) == (LessonChange.NONE, before.planned)
        assert before.planned == lesson.planned
