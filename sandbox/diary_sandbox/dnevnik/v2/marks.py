"""Marks of one child, in every cut."""

from collections.abc import Iterable
from datetime import date

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import WireError, invalid_parameter, unavailable
from diary_sandbox.dnevnik.journal import PlacedMark, is_shown, place_marks
from diary_sandbox.dnevnik.render.marks import mark_number, mark_wire
from diary_sandbox.dnevnik.results import Results
from diary_sandbox.dnevnik.v2.groups import class_id_of
from diary_sandbox.dnevnik.v2.lessons import journal_lesson
from diary_sandbox.dnevnik.wire_ids import Space, world_id
from diary_sandbox.world import Child, World

# Only `mark5` is evidenced of the mark systems: its fifteen values, minus before plain before plus.
_MARK5 = tuple(f"{value}{sign}" for value in "12345" for sign in ("-", "", "+"))


def child_entries(world: World, child: Child, since: date, until: date) -> list[PlacedMark]:
    """Return a pupil's marks of a span as entries of columns, by day of the lesson."""
    marks = [mark for mark in world.marks(child.id, since, until) if is_shown(mark)]
    return list(place_marks(world.school(child.school_id), marks))


def _in_school(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    school_id = world_id(Space.SCHOOL, call.number("school"))
    span = call.span()
    if child is None or child.school_id != school_id:
        return []
    return _wires(call, child_entries(call.world, child, *span))


def _in_group(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    group = call.reach.group(call.number("group"))
    span = call.span()
    if child is None or group is None or class_id_of(group) != child.class_id:
        return []
    return _wires(call, child_entries(call.world, child, *span))


def _in_subject(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    span = call.span()
    if child is None or subject_id is None:
        return []
    return _wires(
        call, (one for one in child_entries(call.world, child, *span) if one.mark.subject_id == subject_id)
    )


def _in_subject_group(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    group_id = world_id(Space.STUDY_GROUP, call.number("subjectGroup"))
    span = call.span()
    if child is None or group_id is None:
        return []
    subject_ids = {one.subject_id for one in call.world.study_groups(child.id) if one.id == group_id}
    return _wires(
        call, (one for one in child_entries(call.world, child, *span) if one.mark.subject_id in subject_ids)
    )


def _on_lesson(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    lesson = journal_lesson(call, call.number("lesson"))
    if child is None or lesson is None:
        return []
    marks = child_entries(call.world, child, lesson.on, lesson.on)
    return _wires(call, (one for one in marks if one.mark.lesson_id == lesson.id))


def _on_work(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    work = call.number("work")
    if child is None:
        return []
    if world_id(Space.RESULT_WORK, work) is not None:
        return Results(call.world, child).marks_in(work)
    year = call.world.year
    marks = child_entries(call.world, child, year.since, year.until)
    return _wires(call, (one for one in marks if one.column_id == work))


def _by_entry_day(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    on = call.day("date")
    if child is None:
        return []
    entered = {mark.id for mark in call.world.marks(child.id, on, on, by="entered")}
    year = call.world.year
    marks = child_entries(call.world, child, year.since, year.until)
    return _wires(call, (one for one in marks if one.mark.id in entered))


def _by_lesson_day(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    on = call.day("date")
    return [] if child is None else _wires(call, child_entries(call.world, child, on, on))


def _mark(call: OwnCall) -> Wire:
    number = call.number("mark")
    found = _lesson_mark(call, number) or _result_mark(call, number)
    if found is None:
        raise unavailable("mark")
    return found


def _lesson_mark(call: OwnCall, number: int) -> Wire | None:
    inner = world_id(Space.MARK, number)
    if inner is None:
        return None
    mark_id, half = mark_number(inner)
    try:
        mark = call.world.mark(mark_id)
    except KeyError:
        return None
    child = next((one for one in call.caller.children if one.id == mark.child_id), None)
    if child is None:
        raise WireError("notOwner", "Access to this mark is forbidden")
    entries = child_entries(call.world, child, mark.on, mark.on)
    wanted = (one for one in entries if one.mark.id == mark_id and one.number == half)
    return next((mark_wire(call.world, one) for one in wanted), None)


def _result_mark(call: OwnCall, number: int) -> Wire | None:
    inner = world_id(Space.RESULT_MARK, number)
    for child in call.caller.children if inner is not None else ():
        results = Results(call.world, child)
        for result in results.given:
            if result.id == inner:
                return results.mark(result)
    return None


def _values(call: OwnCall) -> dict[str, list[str]]:
    del call  # the same for everybody
    return {"mark5": list(_MARK5)}


def _values_of(call: OwnCall) -> list[str]:
    if call.path["type"] != "mark5":
        raise invalid_parameter("type", call.path["type"])
    return list(_MARK5)


def _wires(call: OwnCall, entries: Iterable[PlacedMark]) -> list[Wire]:
    return [mark_wire(call.world, one) for one in entries]


ENDPOINTS = (
    Endpoint("GET", "persons/{person}/schools/{school}/marks/{from}/{to}", _in_school),
    Endpoint("GET", "persons/{person}/edu-groups/{group}/marks/{from}/{to}", _in_group),
    Endpoint("GET", "persons/{person}/subjects/{subject}/marks/{from}/{to}", _in_subject),
    Endpoint("GET", "persons/{person}/subject-groups/{subjectGroup}/marks/{from}/{to}", _in_subject_group),
    Endpoint("GET", "persons/{person}/lessons/{lesson}/marks", _on_lesson),
    Endpoint("GET", "persons/{person}/works/{work}/marks", _on_work),
    Endpoint("GET", "persons/{person}/marks/{date}", _by_entry_day),
    Endpoint("GET", "lessons/{date}/persons/{person}/marks", _by_lesson_day),
    Endpoint("GET", "marks/values", _values),
    Endpoint("GET", "marks/values/type/{type}", _values_of),
    Endpoint("GET", "marks/{mark}", _mark),
)
