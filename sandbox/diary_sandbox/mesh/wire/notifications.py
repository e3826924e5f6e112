"""What changed lately, as the notification feed tells it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.ids import profile_id, student_id
from diary_sandbox.mesh.wire.names import short_name
from diary_sandbox.world import Child, HomeworkTask, Mark, World

_LOOK_BACK = timedelta(days=30)
_LOOK_AHEAD = timedelta(days=60)
_OPTIONAL = (
    "lesson_date",
    "old_mark_value",
    "new_mark_value",
    "new_is_exam",
    "old_mark_weight",
    "new_mark_weight",
    "control_form_name",
    "new_hw_description",
    "new_date_assigned_on",
    "new_date_prepared_for",
)
_Happened = tuple[datetime, dict[str, object]]


def search(world: World, child: Child, today: date) -> list[dict[str, object]]:
    """Return `GET fm/notifications/search`: a bare list, the latest first; its reach back is a choice."""
    return _Feed(world, child).entries(today - _LOOK_BACK, today)


@dataclass(frozen=True)
class _Feed:
    """The feed of one child."""

    world: World
    child: Child

    def entries(self, since: date, today: date) -> list[dict[str, object]]:
        """Return what happened in a span, the latest first."""
        found: list[_Happened] = []
        for mark in self.world.marks(self.child.id, since, today, by="entered"):
            found += self._of_mark(mark)
        for task in self.world.homework(self.child.id, since, today + _LOOK_AHEAD, by="assigned"):
            found += self._of_task(task)
        return [entry for _, entry in sorted(found, key=lambda pair: pair[0], reverse=True)]

    def _of_mark(self, mark: Mark) -> list[_Happened]:
        displays = [*(version.display for version in mark.history), mark.display]
        found = [(mark.entered_at, self._mark_entry(mark, mark.entered_at, None, displays[0]))]
        for version, after in zip(mark.history, displays[1:], strict=True):
            found.append((version.until, self._mark_entry(mark, version.until, version.display, after)))
        return found

    def _mark_entry(self, mark: Mark, at: datetime, before: str | None, after: str) -> dict[str, object]:
        weight = 1 if mark.weight is None else mark.weight
        kind = "create_mark" if before is None else "update_mark"
        return {
            **self._head(kind, at, mark),
            "lesson_date": times.spaced_day(mark.on),
            "old_mark_value": before,
            "new_mark_value": after,
            "new_is_exam": weight > 1,
            "old_mark_weight": None if before is None else weight,
            "new_mark_weight": weight,
            "control_form_name": self.world.control_form(mark.control_form_id).name,
        }

    def _of_task(self, task: HomeworkTask) -> list[_Happened]:
        found = [(task.created_at, self._task_entry("create_homework", task.created_at, task))]
        if task.edited_at is not None:
            found.append((task.edited_at, self._task_entry("update_homework", task.edited_at, task)))
        return found

    def _task_entry(self, kind: str, at: datetime, task: HomeworkTask) -> dict[str, object]:
        return {
            **self._head(kind, at, task),
            "new_hw_description": task.text,
            "new_date_assigned_on": times.spaced_day(task.assigned_on),
            "new_date_prepared_for": times.spaced_day(task.due_on),
        }

    def _head(self, kind: str, at: datetime, thing: Mark | HomeworkTask) -> dict[str, object]:
        moment = times.spaced(at, self.world.school(self.child.school_id).zone)
        return {
            "datetime": moment,
            "event_type": kind,
            "created_at": moment,
            "updated_at": moment,
            "subject_name": self.world.subject(thing.subject_id).name,
            "student_profile_id": student_id(self.child.id),
            "author_profile_id": profile_id(thing.teacher_id),
            "teacher_name": short_name(self.world.teacher(thing.teacher_id).person.name),
            **dict.fromkeys(_OPTIONAL),
        }
