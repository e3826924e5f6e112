"""Reporting periods and bells of a class."""

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import unavailable
from diary_sandbox.dnevnik.render.periods import period_group, period_wire, reporting_terms
from diary_sandbox.dnevnik.render.timetable import school_timetable
from diary_sandbox.dnevnik.v2.groups import class_id_of


def _periods(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    if group is None:
        return []
    return [period_wire(call.world, term) for term in reporting_terms(call.world, class_id_of(group))]


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
