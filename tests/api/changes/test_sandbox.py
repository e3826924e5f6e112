"""The town is edited at random under a gateway that is started again and again: the log equals the edits."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from tests.api.running import MovableClock, RunningGateway, look_into_everything, running, settings_for
from tests.more import quick_first
from tests.oracle.systems import DNEVNIK, MESH, System

from diary_core.sign_in import Reply
from diary_sandbox import edits
from diary_sandbox.serve import Sandbox, running_sandbox
from diary_sandbox.world import Child, HomeworkTask, Lesson, LessonChange, LessonKind, Mark

pytestmark = pytest.mark.anyio

ThingT = TypeVar("ThingT")

FIRST, LAST = date(2026, 11, 16), date(2026, 12, 6)
"""The weeks a gateway watches on the town's Wednesday, 25 November."""
ROUNDS, EDITS = 3, 6


class Expected(NamedTuple):
    """A line of the log, as the edit foretells it."""

    thing: str
    kind: str
    before: str | None
    after: str | None


FAMILIES = {"mesh": (MESH, "77", "moscow_mother"), "dnevnik": (DNEVNIK, None, "dnevnik_mother")}


@pytest.mark.parametrize("seed", quick_first([1, 2, 3]))
@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
async def test_the_log_equals_the_edits(
    family: tuple[System, str | None, str], seed: int, tmp_path: Path
) -> None:
    """Every edit of a watched child's weeks is told once, as it was and as it is, and nothing else is."""
    system, region, persona = family
    async with running_sandbox(seed=seed, families=20) as sandbox:
        parent_id = next(one.parent_id for one in sandbox.world.personas() if one.key == persona)
        child = sandbox.world.children_of(parent_id, system.host)[0]
        settings = settings_for(
            tmp_path,
            sandbox_url=sandbox.control_url,
            options=system.options and {system.provider.slug: dict(system.options)},
        )
        clock, school = MovableClock(sandbox.clock.now()), School(sandbox, child, random.Random(seed))
        async with running(settings, clock=clock) as gate:
            parent = await gate.parent()
            region = region or sandbox.world.school(child.school_id).region
            await link(parent, region, system, system.reply(sandbox, parent_id))
            children = (await parent.get("/v1/children")).json()["items"]
            ours = next(one["id"] for one in children if one["name"]["first"] == child.person.name.first)
            await look(gate)
            key = parent.headers["Authorization"]
        expected: Counter[Expected] = Counter()
        for _ in range(ROUNDS):
            expected.update(one for _ in range(EDITS) for one in school.edit(system))
            async with running(settings, clock=clock) as gate:
                await look(gate)
                await look(gate)
                page = await gate.another_client(Authorization=key).get(
                    "/v1/changes", params={"child_id": ours, "limit": "500"}
                )
                assert Counter(map(line, page.json()["items"])) == expected
        assert expected.total() > EDITS


async def link(parent: Any, region: str, system: System, reply: Reply) -> None:
    """Link a diary by a form."""
    begun = await parent.post("/v1/connections", json={"region": region, "method": system.method})
    assert begun.status_code == 201, begun.text
    answer = await parent.post(
        f"/v1/connections/{begun.json()['id']}/steps", json={"values": dict(reply.values)}
    )
    assert answer.json()["state"] == "active", answer.text


async def look(gate: RunningGateway) -> None:
    """Let the gateway look as it does by itself, once everything it knows is old."""
    gate.clock.move(timedelta(hours=1))
    await look_into_everything(gate.gateway)


def line(change: dict[str, Any]) -> Expected:
    """Return a change by what the edit said of it."""
    word = {"mark": "display", "homework": "text", "attendance": "kind", "lesson": "id"}[change["thing"]]
    before, after = (change[half] and str(change[half][word]) for half in ("before", "after"))
    if change["thing"] == "lesson":
        before = after = None
    return Expected(change["thing"], change["kind"], before, after)


class School:
    """Edits one child's page at random; no lesson twice."""

    def __init__(self, sandbox: Sandbox, child: Child, dice: random.Random) -> None:
        self._world, self._child, self._dice = sandbox.world, child, dice
        self._touched: set[int] = set()

    def edit(self, system: System) -> Iterator[Expected]:
        """Make one edit and yield what the log must say of it; nothing where the diary cannot show it."""
        kinds = (
            self._give_mark,
            self._change_mark,
            self._withdraw_mark,
            self._give_task,
            self._edit_task,
            self._withdraw_task,
            self._substitute,
            self._cancel,
            self._miss,
        )
        kind = self._dice.choice(kinds)
        told = kind()
        if told is not None and not (kind == self._cancel and system is DNEVNIK):
            yield told

    def _give_mark(self) -> Expected | None:
        for lesson in self._lessons(held=True):
            try:
                edits.SetMark(child_id=self._child.id, lesson_id=lesson.id, display="4-").apply(self._world)
            except ValueError:  # a subject without marks, or a lesson that was missed
                continue
            return Expected("mark", "appeared", None, "4-")
        return None

    def _change_mark(self) -> Expected | None:
        mark = self._one(self._marks())
        if mark is None:
            return None
        display = "3" if mark.display == "5" else "5"
        edits.ChangeMark(mark_id=mark.id, display=display).apply(self._world)
        return Expected("mark", "changed", mark.display, display)

    def _withdraw_mark(self) -> Expected | None:
        mark = self._one(self._marks())
        if mark is None:
            return None
        edits.WithdrawMark(mark_id=mark.id).apply(self._world)
        return Expected("mark", "vanished", mark.display, None)

    def _give_task(self) -> Expected | None:
        for lesson in self._lessons(held=False):
            text = f"§ {self._dice.randint(100, 999)}, пересказ"
            edits.AddHomework(due_lesson_id=lesson.id, text=text).apply(self._world)
            return Expected("homework", "appeared", None, text)
        return None

    def _edit_task(self) -> Expected | None:
        task = self._one(self._tasks())
        if task is None:
            return None
        text = f"упр. {self._dice.randint(100, 999)}"
        edits.EditHomework(task_id=task.id, text=text).apply(self._world)
        return Expected("homework", "changed", task.text, text)

    def _withdraw_task(self) -> Expected | None:
        task = self._one(self._tasks())
        if task is None:
            return None
        edits.WithdrawHomework(task_id=task.id).apply(self._world)
        return Expected("homework", "vanished", task.text, None)

    def _substitute(self) -> Expected | None:
        for lesson in self._lessons(held=False):
            edits.ReplaceLesson(lesson_id=lesson.id).apply(self._world)
            return Expected("lesson", "changed", None, None)
        return None

    def _cancel(self) -> Expected | None:
        for lesson in self._lessons(held=False):
            edits.CancelLesson(lesson_id=lesson.id).apply(self._world)
            return Expected("lesson", "changed", None, None)
        return None

    def _miss(self) -> Expected | None:
        busy = {one.lesson_id for one in self._world.absences(self._child.id, FIRST, LAST)}
        busy |= {one.lesson_id for one in self._world.marks(self._child.id, FIRST, LAST)}
        for lesson in self._lessons(held=True):
            if lesson.id not in busy:
                edits.AddAbsence(child_id=self._child.id, lesson_id=lesson.id).apply(self._world)
                return Expected("attendance", "appeared", None, "absent")
        return None

    def _marks(self) -> list[tuple[int, Mark]]:
        """Return plain marks by their lessons; what becomes of a «точка» is its own story."""
        found = self._world.marks(self._child.id, FIRST, LAST)
        plain = [mark for mark in found if mark.display in {"2", "3", "4", "5"} and mark.point is None]
        return [(mark.lesson_id, mark) for mark in plain]

    def _tasks(self) -> list[tuple[int, HomeworkTask]]:
        found = self._world.homework(self._child.id, FIRST, LAST)
        return [(task.due_lesson_id, task) for task in found if task.text]

    def _one(self, by_lesson: list[tuple[int, ThingT]]) -> ThingT | None:
        """Take a thing of a lesson that nothing was done to."""
        untouched = [pair for pair in by_lesson if pair[0] not in self._touched]
        if not untouched:
            return None
        lesson_id, thing = self._dice.choice(untouched)
        self._touched.add(lesson_id)
        return thing

    def _lessons(self, *, held: bool) -> Iterator[Lesson]:
        """Yield ordinary lessons that nothing was done to, at random; one that is yielded is touched."""
        due = {task.due_lesson_id for task in self._world.homework(self._child.id, FIRST, LAST)}
        found = [
            lesson
            for lesson in self._world.lessons(self._child.id, FIRST, LAST)
            if lesson.happened is held
            and lesson.change is LessonChange.NONE
            and lesson.kind is LessonKind.REGULAR
            and lesson.id not in self._touched | (set() if held else due)
        ]
        self._dice.shuffle(found)
        for lesson in found:
            self._touched.add(lesson.id)
            yield lesson
