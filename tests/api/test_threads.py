"""No request waits for a thread that does nothing but call a function."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter

from diary_api.app import create_app
from diary_api.settings import Settings
from diary_core.plugins import load


def _calls(dependant: Dependant) -> Iterator[Any]:  # whatever may be called
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _endpoints(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from _endpoints(inner)


def _sync(call: Any) -> bool:  # as above
    run = call if inspect.isroutine(call) else call.__call__
    return not (inspect.iscoroutinefunction(run) or inspect.isasyncgenfunction(run))


READ_FILES = ["read_description", "read_part"]
"""For these a thread is right: a file may be slow to come."""


def test_every_endpoint_and_what_it_depends_on_is_async() -> None:
    """FastAPI sends a plain function to a thread and back, which costs more than most of ours do."""
    app = create_app(Settings(), plugins=load({}))
    found = {call for route in _endpoints(app.router) for call in _calls(route.dependant)}
    assert len(found) > 50
    assert sorted(getattr(call, "__qualname__", repr(call)) for call in found if _sync(call)) == READ_FILES
