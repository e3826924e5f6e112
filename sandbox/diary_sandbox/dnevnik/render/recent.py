"""Recent marks with everything they refer to."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import PlacedMark, is_shown, place_marks
from diary_sandbox.dnevnik.lesson_book import LessonBook, log_entries
from diary_sandbox.dnevnik.render.lessons import light_lesson
from diary_sandbox.dnevnik.render.marks import mark_wire
from diary_sandbox.dnevnik.render.subjects import light_subject
from diary_sandbox.dnevnik.render.work_types import embedded_work_type
from diary_sandbox.dnevnik.render.works import column_work
from diary_sandbox.dnevnik.results import Results
from diary_sandbox.world import Child, ControlForm, TermResult, World


@dataclass(frozen=True, slots=True)
class _Recent:
    """A mark of a lesson or a result, whichever was entered."""

    entered_at: datetime
    subject_id: int
    entry: PlacedMark | None
    result: TermResult | None


def recent_marks(world: World, child: Child, newest: date, subject_id: int | None, limit: int) -> Wire:
    """Return the newest marks, results of periods among them, newest first.

    The direction is not known. The documentation calls `fromDate` a paging aid, so the sandbox goes
    backwards in time from it.

    Args:
        world: The truth.
        child: Whose marks.
        newest: Marks entered after that local day are left out.
        subject_id: One subject only, or None.
        limit: At most so many a subject.
    """
    chosen = _choose(_all(world, child, newest), subject_id, limit)
    entries = [one.entry for one in chosen if one.entry is not None]
    results = Results(world, child)
    columns = {one.work_id: one for one in (results.column(r.result) for r in chosen if r.result)}
    lesson_works, lessons, forms = _lesson_tables(world, child, entries)
    forms |= {column.form.id: column.form for column in columns.values()}
    return {
        "marks": [_mark(world, results, one) for one in chosen],
        "criteriabasedmarks": [],
        "works": lesson_works + [results.work(one) for one in columns.values()],
        "subjects": [
            light_subject(world.subject(number)) for number in sorted({c.subject_id for c in chosen})
        ],
        "workTypes": [embedded_work_type(forms[number]) for number in sorted(forms)],
        "lessons": lessons,
        "lessonLogEntries": _log(world, child, entries),
    }


def _all(world: World, child: Child, newest: date) -> list[_Recent]:
    school = world.school(child.school_id)
    marks = [one for one in world.marks(child.id, world.year.since, world.year.until) if is_shown(one)]
    found = [
        _Recent(one.mark.entered_at, one.mark.subject_id, one, None) for one in place_marks(school, marks)
    ]
    found += [_Recent(one.entered_at, one.subject_id, None, one) for one in world.results(child.id)]
    found = [one for one in found if one.entered_at.astimezone(school.zone).date() <= newest]
    return sorted(found, key=lambda one: one.entered_at, reverse=True)


def _choose(found: list[_Recent], subject_id: int | None, limit: int) -> list[_Recent]:
    taken: dict[int, int] = defaultdict(int)
    chosen: list[_Recent] = []
    for one in found:
        if subject_id in (None, one.subject_id) and taken[one.subject_id] < limit:
            taken[one.subject_id] += 1
            chosen.append(one)
    return chosen


def _mark(world: World, results: Results, one: _Recent) -> Wire:
    if one.entry is not None:
        return mark_wire(world, one.entry)
    if one.result is None:
        raise ValueError("a recent mark is neither of a lesson nor a result")
    return results.mark(one.result)


def _lesson_tables(
    world: World, child: Child, entries: list[PlacedMark]
) -> tuple[list[Wire], list[Wire], dict[int, ControlForm]]:
    """Return the works and lessons marks hang on, and the kinds of work by id."""
    if not entries:
        return [], [], {}
    used = {one.column_id for one in entries}
    days = [one.mark.on for one in entries]
    book = LessonBook(world, child.class_id, [child], min(days), max(days))
    ids = dict.fromkeys(one.mark.lesson_id for one in entries)
    lessons = [world.lesson(number) for number in ids]
    columns = [column for lesson in lessons for column in book.columns(lesson) if column.id in used]
    works = [column_work(world, column) for column in columns]
    light = [light_lesson(world, lesson, book.work_ids(lesson)) for lesson in lessons]
    return works, light, {column.form.id: column.form for column in columns}


def _log(world: World, child: Child, entries: list[PlacedMark]) -> list[Wire]:
    if not entries:
        return []
    lessons = {one.mark.lesson_id for one in entries}
    days = [one.mark.on for one in entries]
    found = log_entries(world, child, min(days), max(days))
    return [entry for lesson_id, entry in found if lesson_id in lessons]
