"""Whom a path under `users/` names."""

from diary_sandbox.dnevnik.call import OwnCall
from diary_sandbox.dnevnik.errors import WireError
from diary_sandbox.dnevnik.render.people import pupil_user_id
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child


def own_person_id(call: OwnCall) -> int:
    """Return the caller's person id."""
    return wire_id(Space.ADULT_PERSON, call.caller.parent.id)


def own_user_id(call: OwnCall) -> int:
    """Return the caller's user id."""
    return wire_id(Space.ADULT_USER, call.caller.parent.id)


def named_child(call: OwnCall) -> Child | None:
    """Return the own child a path's `user` names, None when it is the caller (`me` works here only).

    Raises:
        WireError: It is neither, or no number.
    """
    if call.path["user"] == "me":
        return None
    user = call.number("user")
    if user == own_user_id(call):
        return None
    child = child_by_user(call, user)
    if child is None:
        raise WireError("systemForbidden", "Access to this user is forbidden")
    return child


def named_children(call: OwnCall) -> tuple[Child, ...]:
    """Return the child a path names, or all own children when it names the caller."""
    child = named_child(call)
    return call.caller.children if child is None else (child,)


def child_by_user(call: OwnCall, user: int) -> Child | None:
    """Return the own child with a user id, None when no own child has it."""
    return next((one for one in call.caller.children if pupil_user_id(one) == user), None)
