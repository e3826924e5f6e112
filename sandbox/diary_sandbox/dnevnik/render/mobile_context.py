"""The phone API's context: the parent, and each child with school, class and periods."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.render.groups import class_name
from diary_sandbox.dnevnik.render.people import pupil_user_id, sex_word
from diary_sandbox.dnevnik.render.periods import period_type, reporting_terms
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, Parent, Person, School, Term, World


def mobile_context(world: World, parent: Parent, children: Sequence[Child], today: date) -> Wire:
    """Return the context; everything a client needs for a diary is in it, so no second call is due."""
    info = _human(parent.person, wire_id(Space.ADULT_USER, parent.id), wire_id(Space.ADULT_PERSON, parent.id))
    return {
        "info": {**info, "currentCultureCode": "ru-RU"},
        "contextPersons": [_child(world, one, today) for one in children],
        "experiments": {},
        "firebaseExperiments": [],
        "onboarding": None,
        "fullScreenBanner": None,
    }


def _child(world: World, child: Child, today: date) -> Wire:
    school = world.school(child.school_id)
    group = world.class_group(child.class_id)
    return {
        **_human(child.person, pupil_user_id(child), wire_id(Space.PUPIL_PERSON, child.id)),
        "school": _school(school),
        "group": {"id": wire_id(Space.CLASS, group.id), "name": class_name(group)},
        "reportingPeriodGroup": _periods(world, child.class_id, school.zone, today),
    }


def _human(person: Person, user_id: int | None, person_id: int) -> Wire:
    return {
        "sex": sex_word(person),
        "userId": user_id,
        "personId": person_id,
        "firstName": person.name.first,
        "middleName": person.name.middle,
        "lastName": person.name.last,
        "avatarUrl": None,
    }


def _school(school: School) -> Wire:
    return {
        "id": wire_id(Space.SCHOOL, school.id),
        "name": school.short_name,
        "type": "Regular",
        "avatarUrl": None,
        "radius": None,
        "latitude": None,
        "longitude": None,
    }


def _periods(world: World, class_id: int, zone: ZoneInfo, today: date) -> Wire:
    terms = reporting_terms(world, class_id)
    return {
        "id": str(wire_id(Space.PERIOD_GROUP, class_id)),
        "type": period_type(terms[0].kind),
        "periods": [_period(world, term, zone, today) for term in terms],
    }


def _period(world: World, term: Term, zone: ZoneInfo, today: date) -> Wire:
    return {
        "id": wire_id(Space.PERIOD, term.id),
        "number": term.number,
        "type": period_type(term.kind),
        "dateStart": _unix(term.since, zone),
        "dateFinish": _unix(term.until, zone),
        "studyYear": world.year.start,
        "isCurrent": term.since <= today <= term.until,
    }


def _unix(on: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(on, time(), tzinfo=zone).timestamp())
