"""What the phone applications read: context, diary and the school's notices."""

from datetime import date, timedelta
from functools import partial

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.downloads import file_url
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import WireError, invalid_parameter
from diary_sandbox.dnevnik.mobile.envelope import success
from diary_sandbox.dnevnik.render.mobile_context import mobile_context
from diary_sandbox.dnevnik.render.mobile_diary import mobile_week
from diary_sandbox.dnevnik.render.mobile_posts import posts
from diary_sandbox.dnevnik.v2.groups import class_id_of
from diary_sandbox.dnevnik.v2.users import named_child
from diary_sandbox.dnevnik.wire_ids import Space, world_id

_STEPS = {"Past": timedelta(weeks=-1), "Undefined": timedelta(), "Future": timedelta(weeks=1)}


def _context(call: OwnCall) -> Wire:
    if named_child(call) is not None:
        raise WireError("notOwner", "The context is its owner's only")
    today = call.state.clock.today()
    return success(mobile_context(call.world, call.caller.parent, call.caller.children, today))


def _diary(call: OwnCall) -> Wire:
    """Return one week: the current one, the one named by `id`, or its neighbour."""
    child = call.reach.child(call.number("person"))
    group = call.reach.group(call.number("group"))
    school_id = world_id(Space.SCHOOL, call.number("school"))
    step = _STEPS.get(call.query.get("loadType", "Undefined"))
    if step is None:
        raise invalid_parameter("loadType", call.query["loadType"])
    if child is None or group is None or class_id_of(group) != child.class_id or child.school_id != school_id:
        return success({"weeks": []})
    monday = _monday(call.query_day("id", call.today(child.class_id))) + step
    return success({"weeks": [mobile_week(call.world, child, monday, partial(file_url, call.state))]})


def _notices(call: OwnCall) -> Wire:
    """Return what the child's school announced."""
    child = call.reach.child(call.number("person"))
    school_id = world_id(Space.SCHOOL, call.number("school"))
    if child is None or child.school_id != school_id:
        return success({"unreadCount": 0, "postList": []})
    return success(posts(call.world, child))


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


ENDPOINTS = (
    Endpoint("GET", "users/{user}/context", _context),
    Endpoint("GET", "persons/{person}/schools/{school}/groups/{group}/diary", _diary),
    Endpoint("GET", "persons/{person}/schools/{school}/notifications", _notices),
)
