"""The daily feed."""

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import invalid_parameter
from diary_sandbox.dnevnik.render.feed import feed

_MOST_DAYS = 31


def _feed(call: OwnCall) -> Wire:
    """Return the feed of a child; a parent must say of which, by person id."""
    person = call.query_number("childPersonId")
    if person is None:
        raise invalid_parameter("childPersonId", "")
    child = call.reach.child(person)
    days = call.query_number("limit", 1) or 0
    if not 1 <= days <= _MOST_DAYS:
        raise invalid_parameter("limit", days)
    if child is None:
        return {"days": []}
    return feed(call.world, child, call.query_day("date", call.today(child.class_id)), days)


ENDPOINTS = (Endpoint("GET", "users/me/feed", _feed),)
