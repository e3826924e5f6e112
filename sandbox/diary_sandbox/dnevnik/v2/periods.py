"""Reporting periods and bells of a class."""

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import unavailable
from diary_sandbox.dnevnik.render.periods import period_group, period_wire, reporting_terms
from diary_sandbox.dnevnik.render.timetable import school_timetable
from diary_sandbox.dnevnik.v2.groups import class_id_of, find_past_year
from diary_sandbox.world import TermKind


def _periods(call: OwnCall) -> list[Wire]:
    """Return the periods of a class; those of a former class are kept with it, by our reading."""
    if former := call.reach.past_class(call.number("group")):
        return _former_periods(call, *former)
    group = call.reach.group(call.number("group"))
    if group is None:
        return []
    terms = reporting_terms(call.world, class_id_of(group))
    return [period_wire(term, call.world.year.start) for term in terms]


def _former_periods(call: OwnCall, class_id: int, years_ago: int) -> list[Wire]:
    past = find_past_year(call.world, call.reach.children_in(class_id)[0], years_ago)
    if past is None:
        return []
    return [period_wire(term, past.year.start) for term in past.terms if term.kind is not TermKind.YEAR]


def _period_group(call: OwnCall) -> Wire:
    group = call.reach.group(call.number("group"))
    if group is None:
        raise unavailable("reporting-period-group")
    return period_group(call.world, class_id_of(group))


def _group_timetable(call: OwnCall) -> Wire:
    """Return one object; the school's own call gives a list (the sources disagree on both)."""
    group = call.reach.group(call.number("group"))
    if group is None:
        raise unavailable("timetable")
    school = call.world.school(call.world.class_group(class_id_of(group)).school_id)
    return school_timetable(school, call.world.year.since)


def _school_timetables(call: OwnCall) -> list[Wire]:
    school = call.reach.school(call.number("school"))
    return [] if school is None else [school_timetable(school, call.world.year.since)]


ENDPOINTS = (
    Endpoint("GET", "edu-groups/{group}/reporting-periods", _periods),
    Endpoint("GET", "edu-groups/{group}/reporting-period-group", _period_group),
    Endpoint("GET", "edu-groups/{group}/timetables", _group_timetable),
    Endpoint("GET", "schools/{school}/timetables", _school_timetables),
)
