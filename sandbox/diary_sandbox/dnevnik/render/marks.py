"""Marks: of lessons, and of periods, the year and exams."""

from decimal import Decimal

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import PlacedMark, read_column_id
from diary_sandbox.dnevnik.moments import naive_utc
from diary_sandbox.dnevnik.render.work_types import work_type_id
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import ControlForm, TermResult, World

_HALVES = 2


def mark_id(entry: PlacedMark) -> int:
    """Return the wire's number of a mark; both halves of a split one have their own."""
    return wire_id(Space.MARK, entry.mark.id * _HALVES + entry.number)


def mark_number(number: int) -> tuple[int, int]:
    """Return the world's number of a mark and which half it is, from what `world_id` gave."""
    return divmod(number, _HALVES)


def mark_wire(world: World, entry: PlacedMark) -> Wire:
    """Return a mark of a lesson. Its date is when it was entered, in UTC, not the day of the lesson."""
    mark = entry.mark
    lesson = wire_id(Space.LESSON, mark.lesson_id)
    value = mark.values[entry.number] if mark.values else None
    return {
        **_head(mark_id(entry), entry.text, mark.child_id, entry.column_id),
        "lesson": lesson,
        "lesson_str": str(lesson),
        "number": entry.number,
        "date": naive_utc(mark.entered_at),
        "workType": work_type_id(_form(world, entry)),
        "mood": mood(value),
        "use_avg_calc": mark.counts,
    }


def result_mark(result: TermResult, form: ControlForm, work_id: int) -> Wire:
    """Return the mark of a period, the year or an exam: it has no lesson."""
    return {
        **_head(wire_id(Space.RESULT_MARK, result.id), result.display, result.child_id, work_id),
        "lesson": None,
        "lesson_str": None,
        "number": 0,
        "date": naive_utc(result.entered_at),
        "workType": work_type_id(form),
        "mood": mood(result.value),
        "use_avg_calc": result.value is not None,
    }


def mood(value: Decimal | None) -> str:
    """Return the mood of a mark; words like «зач» have none."""
    if value is None:
        return "NotSet"
    if value >= 4:
        return "Good"
    return "Average" if value >= 3 else "Bad"


def _head(number: int, text: str, child_id: int, work: int) -> Wire:
    person = wire_id(Space.PUPIL_PERSON, child_id)
    return {
        "id": number,
        "id_str": str(number),
        "type": "mark5",
        "value": text,
        "textValue": text,
        "person": person,
        "person_str": str(person),
        "work": work,
        "work_str": str(work),
    }


def _form(world: World, entry: PlacedMark) -> ControlForm:
    school = world.school(world.class_group(entry.mark.class_id).school_id)
    return school.control_forms[read_column_id(entry.column_id)[1]]
