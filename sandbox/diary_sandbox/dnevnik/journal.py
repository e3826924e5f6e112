"""The class journal as this system sees it: lessons with columns, and marks that hang on columns.

A mark never hangs on a lesson but on a *work*, a column of the journal. The world knows only for which
kind of work a mark was given, so columns are derived here: one for every kind used on a lesson, a second
one when a pupil has two marks of that kind, and nearly everywhere the empty "new lesson" column.

Where the sources are silent on what this system does with things other diaries have:

* a cancelled lesson stays in the timetable and looks like any other (v2 has no sign of a cancellation; the
  mobile API has one), a replaced or moved one is simply the lesson as it is now held;
* clubs outside the timetable have no journal here and are left out;
* a pending mark («точка») does not exist here and is left out until it becomes an ordinary mark;
* a split mark (3/5) is two marks of one work, numbers 0 and 1, and `markCount` of the work is 2.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.world import (
    ControlForm,
    Lesson,
    LessonKind,
    Mark,
    PointState,
    School,
    WorkKind,
    World,
)

_FORMS, _REPEATS = 64, 8


@dataclass(frozen=True, slots=True)
class Column:
    """One work of one lesson."""

    lesson: Lesson
    form: ControlForm
    repeat: int
    """0 for the first column of this kind on the lesson."""
    id: int
    """Of the wire."""
    mark_count: int
    """How many marks a pupil may have in it: 2 when somebody's mark is split."""

    @property
    def is_new_lesson(self) -> bool:
        """Say whether this is the column that comes with every lesson, with nothing written in it."""
        return self.form.kind is WorkKind.CLASS_WORK and self.repeat == 0

    @property
    def is_homework(self) -> bool:
        """Say whether marks for homework stand in it."""
        return self.form.kind is WorkKind.HOMEWORK


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark as one cell entry: a split mark makes two."""

    mark: Mark
    column_id: int
    number: int
    """0, or 1 for the second half of a split mark."""
    text: str
    """What is written in the cell."""


class Journal:
    """The columns of one class over a span of days."""

    def __init__(self, world: World, class_id: int, since: date, until: date) -> None:
        """Read the marks of the span; both days inclusive."""
        self._world = world
        self._school = world.school(world.class_group(class_id).school_id)
        marks = [mark for mark in world.class_marks(class_id, since, until) if is_shown(mark)]
        self.entries: tuple[PlacedMark, ...] = tuple(place_marks(self._school, marks))
        """Everybody's marks, in the world's order."""
        self._widths = _widths(self.entries)
        self._used: dict[int, set[int]] = defaultdict(set)
        for column_id in self._widths:
            self._used[read_column_id(column_id)[0]].add(column_id)

    def columns(self, lesson: Lesson) -> tuple[Column, ...]:
        """Return the works of a lesson, the new-lesson column first."""
        forms = self._school.control_forms
        used = set(self._used[lesson.id])
        class_work = next(form for form in forms if form.kind is WorkKind.CLASS_WORK)
        if lesson.id % 12:
            used.add(column_id_of(self._school, lesson.id, class_work.id, 0))
        if lesson.control_form_id is not None:
            used.add(column_id_of(self._school, lesson.id, lesson.control_form_id, 0))
        return tuple(self._column(lesson, column_id) for column_id in sorted(used))

    def _column(self, lesson: Lesson, column_id: int) -> Column:
        _, form, repeat = read_column_id(column_id)
        return Column(
            lesson=lesson,
            form=self._school.control_forms[form],
            repeat=repeat,
            id=column_id,
            mark_count=self._widths.get(column_id, 1),
        )


def journal_lessons(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Keep the lessons this system has: those of the timetable, cancelled ones included."""
    return [one for one in lessons if one.kind is not LessonKind.ADDITIONAL and one.half.slot is not None]


def is_shown(mark: Mark) -> bool:
    """Say whether this system has a mark at all: it knows no pending ones."""
    return mark.point is None or mark.point.state is PointState.TURNED


def place_marks(school: School, marks: Sequence[Mark]) -> Iterable[PlacedMark]:
    """Put marks into columns, in the order given.

    A pupil's second mark of the same kind on the same lesson goes into a column of its own.
    """
    ranks: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for mark in marks:
        ranks[mark.child_id, mark.lesson_id, mark.control_form_id].append(mark.ordinal)
    for mark in marks:
        ordinals = sorted(ranks[mark.child_id, mark.lesson_id, mark.control_form_id])
        repeat = ordinals.index(mark.ordinal)
        column_id = column_id_of(school, mark.lesson_id, mark.control_form_id, repeat)
        for number, text in enumerate(mark_texts(mark)):
            yield PlacedMark(mark, column_id, number, text)


def mark_texts(mark: Mark) -> tuple[str, ...]:
    """Return what is written for a mark: one text, or two when it is split."""
    return tuple(mark.display.split("/")) if len(mark.values) > 1 else (mark.display,)


def column_id_of(school: School, lesson_id: int, form_id: int, repeat: int) -> int:
    """Return the wire's number of a column."""
    form = next(index for index, one in enumerate(school.control_forms) if one.id == form_id)
    return wire_id(Space.LESSON_WORK, (lesson_id * _FORMS + form) * _REPEATS + repeat)


def read_column_id(work: int) -> tuple[int, int, int]:
    """Return lesson, place of the form in its school's list, and repeat of a column's number.

    Raises:
        ValueError: It is the number of no column.
    """
    number = world_id(Space.LESSON_WORK, work)
    if number is None:
        raise ValueError(f"{work!r} is no column")
    rest, repeat = divmod(number, _REPEATS)
    return *divmod(rest, _FORMS), repeat


def _widths(entries: Iterable[PlacedMark]) -> dict[int, int]:
    widths: dict[int, int] = {}
    for entry in entries:
        widths[entry.column_id] = max(widths.get(entry.column_id, 1), entry.number + 1)
    return widths
