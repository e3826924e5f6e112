"""Marks of whole classes, names and all.

They answer with everybody's marks on purpose: the real ones do, and a parent's client must filter.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.journal import Journal, PlacedMark, read_column_id
from diary_sandbox.dnevnik.render.marks import mark_wire
from diary_sandbox.dnevnik.results import Results
from diary_sandbox.dnevnik.v2.groups import class_id_of
from diary_sandbox.dnevnik.v2.lessons import group_lessons, journal_lesson
from diary_sandbox.dnevnik.v2.works import find_result_column
from diary_sandbox.dnevnik.wire_ids import Space, world_id
from diary_sandbox.world import Lesson


def _on_work(call: OwnCall) -> list[Wire]:
    work = call.number("work")
    if found := find_result_column(call, work):
        pupils = call.world.pupils(found[0].class_id)
        return [mark for pupil in pupils for mark in Results(call.world, pupil).marks_in(work)]
    return _wires(call, _entries_in(call, work))


def _on_lesson(call: OwnCall) -> list[Wire]:
    return _of_lesson(call, call.number("lesson"))


def _on_lessons(call: OwnCall) -> list[Wire]:
    return [mark for number in call.body_numbers() for mark in _of_lesson(call, number)]


def _in_group(call: OwnCall) -> list[Wire]:
    return _in_span(call, None)


def _in_subject(call: OwnCall) -> list[Wire]:
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    return [] if subject_id is None else _in_span(call, subject_id)


def _work_histogram(call: OwnCall) -> Wire:
    return {"markNumbers": _mark_numbers(_entries_in(call, call.number("work")))}


def _period_histogram(call: OwnCall) -> Wire:
    """Return, for every work of a subject in a period, how often each mark was given."""
    group = call.reach.group(call.number("group"))
    period_id = world_id(Space.PERIOD, call.number("period"))
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    if group is None or period_id is None:
        return {"works": []}
    term = next((one for one in call.world.terms(class_id_of(group)) if one.id == period_id), None)
    if term is None:
        return {"works": []}
    entries = _class_entries(call, class_id_of(group), term.since, term.until)
    entries = [one for one in entries if one.mark.subject_id == subject_id]
    return {
        "works": [
            {
                "workId": work,
                "workId_str": str(work),
                "markNumbers": _mark_numbers(one for one in entries if one.column_id == work),
            }
            for work in dict.fromkeys(one.column_id for one in entries)
        ]
    }


def _of_lesson(call: OwnCall, number: int) -> list[Wire]:
    lesson = journal_lesson(call, number)
    return [] if lesson is None else _wires(call, _lesson_entries(call, lesson))


def _in_span(call: OwnCall, subject_id: int | None) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    since, until = call.span()
    if group is None:
        return []
    lessons = {one.id for one in group_lessons(call, group, since, until)}
    entries = _class_entries(call, class_id_of(group), since, until)
    return _wires(
        call,
        (
            one
            for one in entries
            if one.mark.lesson_id in lessons and subject_id in (None, one.mark.subject_id)
        ),
    )


def _entries_in(call: OwnCall, work: int) -> list[PlacedMark]:
    if world_id(Space.LESSON_WORK, work) is None:
        return []
    lesson = call.reach.world_lesson(read_column_id(work)[0])
    return [one for one in _lesson_entries(call, lesson) if one.column_id == work] if lesson else []


def _lesson_entries(call: OwnCall, lesson: Lesson) -> list[PlacedMark]:
    entries = _class_entries(call, lesson.class_id, lesson.on, lesson.on)
    return [one for one in entries if one.mark.lesson_id == lesson.id]


def _class_entries(call: OwnCall, class_id: int, since: date, until: date) -> list[PlacedMark]:
    return list(Journal(call.world, class_id, since, until).entries)


def _mark_numbers(entries: Iterable[PlacedMark]) -> list[Wire]:
    counted = Counter((one.number, one.text) for one in entries)
    return [
        {
            "markNumber": number,
            "marks": [
                {"value": text, "count": count}
                for (at, text), count in sorted(counted.items())
                if at == number
            ],
        }
        for number in sorted({number for number, _ in counted})
    ]


def _wires(call: OwnCall, entries: Iterable[PlacedMark]) -> list[Wire]:
    return [mark_wire(call.world, one) for one in entries]


ENDPOINTS = (
    Endpoint("GET", "works/{work}/marks", _on_work),
    Endpoint("GET", "works/{work}/marks/histogram", _work_histogram),
    Endpoint("GET", "lessons/{lesson}/marks", _on_lesson),
    Endpoint("POST", "lessons/marks", _on_lessons),
    Endpoint("POST", "lessons/many/marks", _on_lessons),
    Endpoint("GET", "edu-groups/{group}/marks/{from}/{to}", _in_group),
    Endpoint("GET", "edu-groups/{group}/subjects/{subject}/marks/{from}/{to}", _in_subject),
    Endpoint("GET", "periods/{period}/subjects/{subject}/groups/{group}/marks/histogram", _period_histogram),
)
