"""The server of `api.dnevnik.ru`."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Router

from diary_sandbox.dnevnik import downloads, esia
from diary_sandbox.dnevnik.endpoint import make_routes
from diary_sandbox.dnevnik.errors import WireError, error_response
from diary_sandbox.dnevnik.mobile import authorizations as mobile_authorizations
from diary_sandbox.dnevnik.mobile import reads as mobile_reads
from diary_sandbox.dnevnik.v2 import (
    attendance,
    authorizations,
    class_marks,
    feed,
    groups,
    homework,
    identity,
    lessons,
    marks,
    periods,
    refused,
    results,
    schools,
    works,
)
from diary_sandbox.state import SandboxState

# The order matters where a word and an id may stand in the same place: words come first.
V2 = (
    *authorizations.ENDPOINTS,
    *homework.ENDPOINTS,
    *feed.ENDPOINTS,
    *schools.ENDPOINTS,
    *groups.ENDPOINTS,
    *periods.ENDPOINTS,
    *attendance.ENDPOINTS,
    *marks.ENDPOINTS,
    *class_marks.ENDPOINTS,
    *results.ENDPOINTS,
    *lessons.ENDPOINTS,
    *works.ENDPOINTS,
    *identity.ENDPOINTS,
    *refused.ENDPOINTS,
)
MOBILE = (*mobile_authorizations.ENDPOINTS, *mobile_reads.ENDPOINTS)
MOBILE_VERSIONS = ("v6", "v6.0", "v7.0", "v8.5", "v8.6")
_BARE = (*esia.ENDPOINTS, *downloads.ENDPOINTS)

DOCUMENTED_ERROR_NAMES = "documented_error_names"
"""Put this key into the store's bucket `dnevnik.options` to get the long spellings of error types."""


def build_api(state: SandboxState) -> Starlette:
    """Return the server: the partner API under both its prefixes, the phones' under theirs, and the rest."""
    tables = dict.fromkeys(("/v2", "/v2.0"), V2) | {f"/mobile/{one}": MOBILE for one in MOBILE_VERSIONS}
    routes: list[BaseRoute] = [
        Mount(prefix, app=Router(make_routes(state, table), redirect_slashes=False))
        for prefix, table in tables.items()
    ]
    routes += make_routes(state, _BARE)

    def wire_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, WireError):
            raise error
        return _answer(state, request, error)

    def http_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        known = {404: ("apiResourceUnavailable", "Resource is unavailable")}
        known[405] = ("apiMethodNotSupported", f"Method {request.method} is not supported")
        name, text = known.get(error.status_code, ("apiUnknownError", error.detail))
        return _answer(state, request, WireError(name, text, status=error.status_code))

    app = Starlette(routes=routes, exception_handlers={WireError: wire_error, HTTPException: http_error})
    app.router.redirect_slashes = False
    return app


def _answer(state: SandboxState, request: Request, error: WireError) -> Response:
    long_names = DOCUMENTED_ERROR_NAMES in state.store.bucket("dnevnik.options", bool)
    return error_response(request, error, documented_names=long_names)
