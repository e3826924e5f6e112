"""Homework over a span and by id, with its files."""

from functools import partial

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.downloads import file_url
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.render.homework import NOTHING, homework_by_id, homework_of_span
from diary_sandbox.dnevnik.wire_ids import Space, world_id
from diary_sandbox.world import Child, HomeworkTask


def own_task(call: OwnCall, task_id: int) -> tuple[HomeworkTask, Child] | None:
    """Return a homework as the first own child it was given to sees it; the number is the world's."""
    for child in call.caller.children:
        try:
            return call.world.task(task_id, child.id), child
        except KeyError:
            continue
    return None


def _of_person(call: OwnCall) -> Wire:
    child = call.reach.child(call.number("person"))
    school_id = world_id(Space.SCHOOL, call.number("school"))
    since, until = call.query_span()
    if child is None or child.school_id != school_id:
        return NOTHING
    return homework_of_span(call.world, child, since, until, partial(file_url, call.state))


def _of_caller(call: OwnCall) -> Wire:
    """Return nothing: the call is a pupil's own, and a parent has no homework."""
    call.number("school")
    call.query_span()
    return NOTHING


def _by_id(call: OwnCall) -> Wire:
    ids = (world_id(Space.HOMEWORK, number) for number in call.query_numbers("homeworkId"))
    found = (own_task(call, number) for number in ids if number is not None)
    tasks = [one for one in found if one is not None]
    return homework_by_id(call.world, tasks, partial(file_url, call.state))


ENDPOINTS = (
    Endpoint("GET", "persons/{person}/school/{school}/homeworks", _of_person),
    Endpoint("GET", "users/me/school/homeworks", _by_id),
    Endpoint("GET", "users/me/school/{school}/homeworks", _of_caller),
)
