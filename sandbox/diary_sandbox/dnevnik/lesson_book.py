"""The works of the lessons of one class over a span, as one parent may see them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import Column, Journal, PlacedMark
from diary_sandbox.dnevnik.render.attendance import absence_entry, remark_entry
from diary_sandbox.dnevnik.render.works import column_work, filler_homework, has_filler, homework_work
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, HomeworkTask, Lesson, World


class LessonBook:
    """Columns, homework and log entries of a class, with the tasks of some of its pupils."""

    def __init__(
        self, world: World, class_id: int, pupils: Sequence[Child], since: date, until: date
    ) -> None:
        """Read a span, both days inclusive.

        Args:
            world: The truth.
            class_id: Whose lessons.
            pupils: The own children in that class: homework is what they were given.
            since: First day of lessons.
            until: Last day of lessons.
        """
        self._world = world
        self._pupils = pupils
        self._span = since, until
        self._journal = Journal(world, class_id, since, until)
        self._homework: dict[int, dict[int, HomeworkTask]] = defaultdict(dict)
        self._given: dict[int, list[Child]] = defaultdict(list)
        for pupil in pupils:
            for task in world.homework(pupil.id, since, until):
                self._homework[task.due_lesson_id][task.id] = task
                self._given[task.id].append(pupil)

    def columns(self, lesson: Lesson) -> tuple[Column, ...]:
        """Return the columns of a lesson."""
        return self._journal.columns(lesson)

    def tasks(self, lesson: Lesson) -> list[HomeworkTask]:
        """Return the homework a lesson must be ready for."""
        return list(self._homework[lesson.id].values())

    def works(self, lesson: Lesson) -> list[Wire]:
        """Return the works of a lesson that are no homework."""
        return [column_work(self._world, one) for one in self.columns(lesson) if not one.is_homework]

    def homeworks(self, lesson: Lesson) -> list[Wire]:
        """Return what stands among the homework of a lesson, fillers and mark columns included."""
        found = [self.homework(one) for one in self.tasks(lesson)]
        found += [column_work(self._world, one) for one in self.columns(lesson) if one.is_homework]
        if has_filler(lesson) and not found:
            found.append(filler_homework(self._world, lesson))
        return found

    def homework(self, task: HomeworkTask) -> Wire:
        """Return one homework with the tasks of the pupils of this book it was given to."""
        return homework_work(self._world, task, self._given[task.id])

    def work_ids(self, lesson: Lesson) -> list[int]:
        """Return the ids of both: the `works` list of a lesson mixes them."""
        ids = [one.id for one in self.columns(lesson) if not one.is_homework]
        tasks = [wire_id(Space.HOMEWORK, one.id) for one in self.tasks(lesson)]
        homework = tasks + [one.id for one in self.columns(lesson) if one.is_homework]
        if has_filler(lesson) and not homework:
            homework = [wire_id(Space.FILLER_HOMEWORK, lesson.id)]
        return ids + homework

    def marks(self, child: Child) -> list[PlacedMark]:
        """Return one pupil's marks of the span, by day of the lesson."""
        return [one for one in self._journal.entries if one.mark.child_id == child.id]

    def class_marks(self) -> tuple[PlacedMark, ...]:
        """Return everybody's marks of the span."""
        return self._journal.entries

    def log_entries(self, child: Child) -> list[tuple[int, Wire]]:
        """Return one pupil's log entries with the lesson (the world's number), by day and lesson."""
        return log_entries(self._world, child, *self._span)


def log_entries(world: World, child: Child, since: date, until: date) -> list[tuple[int, Wire]]:
    """Return a pupil's log entries with the lesson each belongs to, one a lesson at most."""
    remarks = {one.lesson_id: one for one in world.remarks(child.id, since, until)}
    absences = world.absences(child.id, since, until)
    missed = {one.lesson_id for one in absences}
    dated = [(one.on, one.lesson_id, absence_entry(one, remarks.get(one.lesson_id))) for one in absences]
    dated += [
        (one.on, one.lesson_id, remark_entry(one)) for one in remarks.values() if one.lesson_id not in missed
    ]
    return [(lesson_id, entry) for _, lesson_id, entry in sorted(dated, key=lambda one: one[:2])]
