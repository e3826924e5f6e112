"""Reporting periods and the holidays between them."""

from datetime import date

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Term, TermKind, World

_KINDS = {
    TermKind.QUARTER: "Quarter",
    TermKind.TRIMESTER: "Trimester",
    TermKind.HALF_YEAR: "HalfYear",
    TermKind.MODULE: "Module",
    TermKind.YEAR: "Year",
}


def reporting_terms(world: World, class_id: int) -> list[Term]:
    """Return the terms results are given for, in order of time; the year itself is none of them."""
    return [term for term in world.terms(class_id) if term.kind is not TermKind.YEAR]


def period_type(kind: TermKind) -> str:
    """Return the wire's word for a kind of term."""
    return _KINDS[kind]


def period_of(world: World, class_id: int, on: date) -> Term:
    """Return the period a day's works are filed under; in the gap between two, the one before."""
    terms = reporting_terms(world, class_id)
    begun = [term for term in terms if term.since <= on]
    return begun[-1] if begun else terms[0]


def period_wire(term: Term, start: int) -> Wire:
    """Return a reporting period of the year that begins in `start`."""
    number = wire_id(Space.PERIOD, term.id)
    return {
        "id": number,
        "id_str": str(number),
        "start": local_midnight(term.since),
        "finish": local_midnight(term.until),
        "number": term.number,
        "type": period_type(term.kind),
        "name": term.name,
        "year": start,
    }


def period_group(world: World, class_id: int) -> Wire:
    """Return the periods of a class with the vacations between them."""
    number = wire_id(Space.PERIOD_GROUP, class_id)
    school_id = world.class_group(class_id).school_id
    return {
        "id": number,
        "reportingPeriods": [
            period_wire(term, world.year.start) for term in reporting_terms(world, class_id)
        ],
        "holidays": [
            {
                "id": wire_id(Space.HOLIDAY, vacation.id),
                "reportingPeriodGroupId": number,
                "dateStart": local_midnight(vacation.since),
                "dateFinish": local_midnight(vacation.until),
                "name": vacation.name,
                "description": "",
            }
            for vacation in world.vacations(school_id)
        ],
    }
