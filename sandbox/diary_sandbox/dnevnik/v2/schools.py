"""Schools, what they teach and who teaches there."""

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import invalid_parameter, unavailable
from diary_sandbox.dnevnik.render.people import teacher_person
from diary_sandbox.dnevnik.render.schools import (
    city_id,
    city_wire,
    passport,
    person_school,
    school_wire,
    staff_member,
)
from diary_sandbox.dnevnik.render.subjects import journal_subjects, subject_wire
from diary_sandbox.dnevnik.v2.users import named_children
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.world import DNEVNIK_HOST, School


def _person_schools(call: OwnCall) -> list[Wire]:
    ids = dict.fromkeys(one.school_id for one in call.caller.children)
    return [person_school(call.world.school(number)) for number in ids]


def _school(call: OwnCall) -> Wire:
    """Return any school's profile: profiles are public."""
    school = _any_school(call, call.number("school"))
    if school is None:
        raise unavailable("school")
    return school_wire(school, call.state.clock.today())


def _schools(call: OwnCall) -> list[Wire]:
    found = (_any_school(call, number) for number in call.query_numbers("schools"))
    return [school_wire(school, call.state.clock.today()) for school in found if school is not None]


def _school_ids(call: OwnCall) -> list[int]:
    children = named_children(call)
    return list(dict.fromkeys(wire_id(Space.SCHOOL, one.school_id) for one in children))


def _subjects(call: OwnCall) -> list[Wire]:
    school = call.reach.school(call.number("school"))
    if school is None:
        return []
    taught = {
        one.id: one
        for group in call.world.classes(school.id)
        for one in journal_subjects(call.world, group.id)
    }
    return [subject_wire(taught[number]) for number in sorted(taught)]


def _teachers(call: OwnCall) -> list[Wire]:
    """Return the staff. Whether a parent may see it today is not known; clients could in 2023-2026."""
    school = call.reach.school(call.number("school"))
    return [] if school is None else [staff_member(call.world, one) for one in call.world.teachers(school.id)]


def _staff(call: OwnCall) -> list[Wire]:
    school = call.reach.school(call.number("school"))
    sort = call.query.get("schoolMembershipType", "")
    if sort not in ("Staff", "Admins"):
        raise invalid_parameter("schoolMembershipType", sort)
    if school is None:
        return []
    teachers = call.world.teachers(school.id)
    return [teacher_person(one) for one in (teachers if sort == "Staff" else teachers[:1])]


def _parameters(call: OwnCall) -> Wire:
    school = _any_school(call, call.number("school"))
    if school is None:
        raise unavailable("school")
    return passport(call.world, school)


def _cities(call: OwnCall) -> list[Wire]:
    cities = {city_id(school): school for school in call.world.schools(DNEVNIK_HOST)}
    return [city_wire(cities[number]) for number in sorted(cities)]


def _any_school(call: OwnCall, number: int) -> School | None:
    wanted = world_id(Space.SCHOOL, number)
    return next((one for one in call.world.schools(DNEVNIK_HOST) if one.id == wanted), None)


ENDPOINTS = (
    Endpoint("GET", "schools/person-schools", _person_schools),
    Endpoint("GET", "schools/cities", _cities),
    Endpoint("GET", "schools", _schools),
    Endpoint("GET", "users/{user}/schools", _school_ids),
    Endpoint("GET", "schools/{school}/subjects", _subjects),
    Endpoint("GET", "schools/{school}/teachers", _teachers),
    Endpoint("GET", "schools/{school}/membership", _staff),
    Endpoint("GET", "schools/{school}/parameters", _parameters),
    Endpoint("GET", "schools/{school}", _school),
)
