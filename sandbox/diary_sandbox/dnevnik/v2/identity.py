"""Who the parent is, the children, the relatives."""

from zoneinfo import ZoneInfo

from diary_sandbox.clock import MOSCOW
from diary_sandbox.dnevnik import scopes
from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import WireError, unavailable
from diary_sandbox.dnevnik.render.people import (
    PARENT_ROLES,
    adult_person,
    child_relatives,
    context,
    parent_user,
    pupil_person,
    pupil_user,
    pupil_user_id,
    relative,
)
from diary_sandbox.dnevnik.render.schools import membership
from diary_sandbox.dnevnik.v2.users import (
    child_by_user,
    named_child,
    named_children,
    own_person_id,
    own_user_id,
)
from diary_sandbox.world import Child, Guardian


def _context(call: OwnCall) -> Wire:
    if named_child(call) is not None:
        raise WireError("notOwner", "The context is its owner's only")
    return context(call.world, call.caller.parent, call.caller.children)


def _user(call: OwnCall) -> Wire:
    child = named_child(call)
    return _own_profile(call) if child is None else _child_profile(call, child)


def _users_many(call: OwnCall) -> list[Wire]:
    """Return the users asked for that the caller may see; the others are simply not there."""
    found: list[Wire] = []
    for user in call.body_numbers():
        child = child_by_user(call, user)
        if user == own_user_id(call):
            found.append(_own_profile(call))
        elif child is not None:
            found.append(_child_profile(call, child))
    return found


def _roles(call: OwnCall) -> list[str]:
    return list(PARENT_ROLES) if named_child(call) is None else ["EduStudent"]


def _children_ids(call: OwnCall) -> list[int]:
    """Return user ids: a child without an account is not among them, only `person/{id}/children` has it."""
    return [user for one in call.caller.children if (user := pupil_user_id(one)) is not None]


def _children_of_person(call: OwnCall) -> list[Wire]:
    own = call.number("person") == own_person_id(call)
    return [pupil_person(one) for one in call.caller.children] if own else []


def _children_of_user(call: OwnCall) -> list[Wire]:
    own = named_child(call) is None
    return [pupil_person(one) for one in call.caller.children] if own else []


def _relatives(call: OwnCall) -> list[Wire]:
    """Return the adults of the child named, or the other adults of the caller's children."""
    ties: dict[int, Guardian] = {}
    for child in named_children(call):
        ties |= {tie.parent_id: tie for tie in call.world.guardians_of(child.id)}
    if named_child(call) is None:
        ties.pop(call.caller.parent.id, None)
    return [relative(call.world, tie) for tie in ties.values()]


def _children_relatives(call: OwnCall) -> list[Wire]:
    return [child_relatives(call.world, one) for one in call.caller.children]


def _person(call: OwnCall) -> Wire:
    person = call.number("person")
    if person == own_person_id(call):
        return adult_person(call.caller.parent)
    pupil = call.reach.classmate(person)
    if pupil is None:
        raise unavailable("person")
    return pupil_person(pupil)


def _memberships_of_user(call: OwnCall) -> Wire:
    child = named_child(call)
    return _no_membership(own_person_id(call)) if child is None else _membership(call, child)


def _memberships_of_person(call: OwnCall) -> Wire:
    person = call.number("person")
    child = call.reach.child(person)
    return _no_membership(person) if child is None else _membership(call, child)


def _membership(call: OwnCall, child: Child) -> Wire:
    return membership(call.world, child, call.state.clock.today())


def _no_membership(person: int) -> Wire:
    return {"person": person, "person_str": str(person), "schools": []}


def _own_profile(call: OwnCall) -> Wire:
    contacts = scopes.CONTACT in call.caller.token.scopes
    today = call.state.clock.today()
    return parent_user(call.caller.parent, call.caller.username, _zone(call), today, contacts=contacts)


def _child_profile(call: OwnCall, child: Child) -> Wire:
    return pupil_user(child, call.world.school(child.school_id).zone, call.state.clock.today())


def _zone(call: OwnCall) -> ZoneInfo:
    children = call.caller.children
    return call.world.school(children[0].school_id).zone if children else MOSCOW


_ALL = (scopes.COMMON, scopes.KIN, scopes.EDUCATIONAL)
_CHILDREN = (scopes.KIN, scopes.EDUCATIONAL)

ENDPOINTS = (
    Endpoint("GET", "users/{user}/context", _context, _ALL),
    Endpoint("GET", "users/{user}/roles", _roles, (scopes.COMMON,)),
    Endpoint("GET", "users/me/children", _children_ids, _CHILDREN),
    Endpoint("GET", "person/{person}/children", _children_of_person, _CHILDREN),
    Endpoint("GET", "user/{user}/children", _children_of_user, _CHILDREN),
    Endpoint("GET", "users/{user}/relatives", _relatives, (scopes.KIN,)),
    Endpoint("GET", "users/me/childrenrelatives", _children_relatives, (scopes.KIN,)),
    Endpoint("POST", "users/many", _users_many, (scopes.COMMON,)),
    Endpoint("GET", "users/{user}/school-memberships", _memberships_of_user),
    Endpoint("GET", "users/{user}/education", _memberships_of_user),
    Endpoint("GET", "persons/{person}/school-memberships", _memberships_of_person),
    Endpoint("GET", "persons/{person}", _person, (scopes.COMMON,)),
    Endpoint("GET", "users/{user}", _user, (scopes.COMMON,)),
)
