"""The plugin says what the world says: field by field, week by week, through real HTTP."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary_core.model import Enrolment, known
from diary_mrko.provider import MrkoDiary
from diary_sandbox.world import Child

from .town import Town
from .truth import Told, differences, told_lesson, told_mark, told_task, true_mark, true_task, true_week

pytestmark = pytest.mark.anyio

WEEKS = [date(2026, 8, 31) + timedelta(days=7 * number) for number in range(13)]


async def _children(town: Town, login: str) -> list[tuple[MrkoDiary, Enrolment, Child]]:
    diary, _ = town.open(await town.credentials(login))
    found = [
        (diary, enrolment, town.sandbox.world.child_by_uuid(enrolment.child.id))
        for enrolment in (await diary.enrolments()).items
    ]
    return [(diary, enrolment, child) for diary, enrolment, child in found if child]


@pytest.mark.parametrize("login", ["moscow", "both", "many"])
async def test_weeks_are_the_worlds(town: Town, login: str) -> None:
    """Every lesson of thirteen weeks, with its homework, marks and absence, is the world's own."""
    world = town.sandbox.world
    for diary, enrolment, child in await _children(town, login):
        for monday in WEEKS:
            sunday = monday + timedelta(days=6)
            answer = await diary.days(enrolment.id, monday, sunday)
            assert answer.partial == ()
            told: Told = {str(day.date): [told_lesson(item) for item in day.lessons] for day in answer.items}
            assert list(differences(told, true_week(world, child, monday, sunday))) == []
            assert [day.date for day in answer.items if known(day.homework)] == []


@pytest.mark.parametrize("login", ["moscow", "both", "many"])
async def test_marks_are_the_worlds(town: Town, login: str) -> None:
    """The marks of the whole term so far, each once, are the world's own."""
    world, since, until = town.sandbox.world, date(2026, 9, 1), town.now().date()
    for diary, enrolment, child in await _children(town, login):
        marks = (await diary.marks(enrolment.id, since, until)).items
        told: Told = {mark.id: told_mark(mark) for mark in marks}
        true: Told = {str(mark.id): true_mark(world, mark) for mark in world.marks(child.id, since, until)}
        assert list(differences(told, true)) == []


@pytest.mark.parametrize("login", ["moscow", "both", "many"])
async def test_homework_is_the_worlds(town: Town, login: str) -> None:
    """Homework of the term so far and the weeks ahead, each once; minutes stand in lessons only."""
    world = town.sandbox.world
    since, until = date(2026, 9, 1), date(2026, 12, 31)
    for diary, enrolment, child in await _children(town, login):
        tasks = (await diary.homework(enrolment.id, since, until)).items
        told: Told = {task.id: _of_the_list(told_task(task)) for task in tasks}
        listed = [true_task(world, child, task) for task in world.homework(child.id, since, until)]
        true: Told = {str(task["id"]): _of_the_list(task) for task in listed}
        assert list(differences(told, true)) == []


def _of_the_list(task: Told) -> Told:
    return {name: value for name, value in task.items() if name not in ("minutes", "lesson_id")}
