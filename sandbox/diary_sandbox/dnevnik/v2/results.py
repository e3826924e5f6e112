"""Recent marks, averages and results."""

from datetime import date

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import invalid_parameter
from diary_sandbox.dnevnik.render.averages import (
    comma,
    plain_mean,
    pupil_averages,
    pupil_period_averages,
    weighted_averages,
)
from diary_sandbox.dnevnik.render.recent import recent_marks
from diary_sandbox.dnevnik.render.subjects import subject_wire
from diary_sandbox.dnevnik.render.work_types import embedded_work_type
from diary_sandbox.dnevnik.results import Results
from diary_sandbox.dnevnik.v2.groups import class_id_of, find_past_year, group_pupils
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.world import Child, ClassGroup, StudyGroup, Term

_RECENT_DEFAULT, _RECENT_MOST = 10, 100


def _recent(call: OwnCall) -> Wire:
    child = _child_in_group(call)
    limit = call.query_number("limit", _RECENT_DEFAULT) or 0
    if not 1 <= limit <= _RECENT_MOST:
        raise invalid_parameter("limit", limit)
    subject = call.query_number("subject")
    subject_id = None if subject is None else world_id(Space.SUBJECT, subject) or -1
    if child is None:
        call.query_day("fromDate", date.max)
        return recent_nothing()
    newest = call.query_day("fromDate", call.today(child.class_id))
    return recent_marks(call.world, child, newest, subject_id, limit)


def recent_nothing() -> Wire:
    """Return the recent marks of nobody."""
    tables = ("marks", "criteriabasedmarks", "works", "subjects", "workTypes", "lessons", "lessonLogEntries")
    return {name: [] for name in tables}


def _period_average(call: OwnCall) -> str:
    child = call.reach.child(call.number("person"))
    term = _term(call, child)
    if child is None or term is None:
        return comma(None)
    return comma(plain_mean(call.world.marks(child.id, term.since, term.until)))


def _subject_average(call: OwnCall) -> str:
    child = call.reach.child(call.number("person"))
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    term = _term(call, child)
    if child is None or term is None:
        return comma(None)
    marks = call.world.marks(child.id, term.since, term.until)
    return comma(plain_mean(one for one in marks if one.subject_id == subject_id))


def _group_averages(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    since, until = call.span()
    return (
        []
        if group is None
        else [pupil_averages(call.world, one, since, until) for one in group_pupils(call, group)]
    )


def _group_period_averages(call: OwnCall) -> list[Wire]:
    """Return a class's averages of a period as they stood on a day."""
    group = call.reach.group(call.number("group"))
    period, on = call.number("period"), call.day("date")
    if group is None:
        return []
    term = _find_term(call, class_id_of(group), period)
    if term is None or on < term.since:
        return []
    until = min(on, term.until)
    number = _group_number(group)
    return [
        pupil_period_averages(call.world, one, term.since, until, group=number, period=period)
        for one in group_pupils(call, group)
    ]


def _weighted(call: OwnCall) -> Wire:
    group = call.reach.group(call.number("group"))
    since, until = call.span()
    if group is None:
        return {"subjectMarks": []}
    return weighted_averages(call.world, class_id_of(group), since, until)


def _all_finals(call: OwnCall) -> Wire:
    """Return the results of a year: those of a former year stand with the class as it was then."""
    results = _results(call)
    if results is None:
        return {"marks": [], "works": [], "subjects": [], "workTypes": []}
    columns = results.columns()
    forms = {column.form.id: column.form for column in columns}
    subjects = sorted({column.subject_id for column in columns})
    return {
        "marks": [results.mark(one) for one in results.given],
        "works": [results.work(one) for one in columns],
        "subjects": [subject_wire(call.world.subject(number)) for number in subjects],
        "workTypes": [embedded_work_type(forms[number]) for number in sorted(forms)],
    }


def _results(call: OwnCall) -> Results | None:
    former = call.reach.past_class(call.number("group"))
    if former is None:
        child = _child_in_group(call)
        return None if child is None else Results(call.world, child)
    child = call.reach.child(call.number("person"))
    class_id, years_ago = former
    past = find_past_year(call.world, child, years_ago) if child and child.class_id == class_id else None
    return Results(call.world, child, past) if child and past else None


def _person_finals(call: OwnCall) -> list[Wire]:
    child = _child_in_group(call)
    return [] if child is None else _finals(call, child)


def _group_finals(call: OwnCall) -> list[Wire]:
    """Return the finals of a whole class. They close the year, so no reporting period is named."""
    group = call.reach.group(call.number("group"))
    if group is None:
        return []
    number = _group_number(group)
    return [
        {
            "person": wire_id(Space.PUPIL_PERSON, one.id),
            "person_str": str(wire_id(Space.PUPIL_PERSON, one.id)),
            "group": number,
            "group_str": str(number),
            "reportingPeriod": None,
            "reportingPeriod_str": None,
            "per-subject-final-marks": _finals(call, one),
        }
        for one in group_pupils(call, group)
    ]


def _subject_finals(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    if group is None or subject_id is None:
        return []
    everybody = (Results(call.world, one) for one in group_pupils(call, group))
    return [one.mark(final) for one in everybody if (final := one.final(subject_id)) is not None]


def _finals(call: OwnCall, child: Child) -> list[Wire]:
    results = Results(call.world, child)
    return [
        {
            "subject": wire_id(Space.SUBJECT, number),
            "subject_str": str(wire_id(Space.SUBJECT, number)),
            "final-mark": results.mark(final),
        }
        for number in results.subjects()
        if (final := results.final(number)) is not None
    ]


def _criteria(call: OwnCall) -> list[Wire]:
    """Return nothing: criteria marks are not used in Russia."""
    call.reach.group(call.number("group"))
    return []


def _child_in_group(call: OwnCall) -> Child | None:
    child = call.reach.child(call.number("person"))
    group = call.reach.group(call.number("group"))
    return child if child and group and class_id_of(group) == child.class_id else None


def _term(call: OwnCall, child: Child | None) -> Term | None:
    period = call.number("period")
    return None if child is None else _find_term(call, child.class_id, period)


def _find_term(call: OwnCall, class_id: int, period: int) -> Term | None:
    period_id = world_id(Space.PERIOD, period)
    return next((one for one in call.world.terms(class_id) if one.id == period_id), None)


def _group_number(group: ClassGroup | StudyGroup) -> int:
    return wire_id(Space.CLASS if isinstance(group, ClassGroup) else Space.STUDY_GROUP, group.id)


ENDPOINTS = (
    Endpoint("GET", "persons/{person}/group/{group}/recentmarks", _recent),
    Endpoint("GET", "persons/{person}/reporting-periods/{period}/avg-mark", _period_average),
    Endpoint(
        "GET", "persons/{person}/reporting-periods/{period}/subjects/{subject}/avg-mark", _subject_average
    ),
    Endpoint("GET", "edu-groups/{group}/avg-marks/{from}/{to}", _group_averages),
    Endpoint("GET", "edu-groups/{group}/reporting-periods/{period}/avg-marks/{date}", _group_period_averages),
    Endpoint("GET", "edu-groups/{group}/wa-marks/{from}/{to}", _weighted),
    Endpoint("GET", "persons/{person}/edu-groups/{group}/allfinalmarks", _all_finals),
    Endpoint("GET", "persons/{person}/edu-groups/{group}/final-marks", _person_finals),
    Endpoint("GET", "edu-groups/{group}/final-marks", _group_finals),
    Endpoint("GET", "edu-groups/{group}/subjects/{subject}/final-marks", _subject_finals),
    Endpoint("GET", "edu-group/{group}/criteria-marks-totals", _criteria),
    Endpoint("GET", "edu-group/{group}/subject/{subject}/criteria-marks-totals", _criteria),
)
