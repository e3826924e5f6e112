"""From a table of endpoints to Starlette routes: body, token and scopes first, then the handler."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from diary_sandbox.dnevnik import scopes
from diary_sandbox.dnevnik.call import Call, OwnCall
from diary_sandbox.dnevnik.caller import identify, require_scopes
from diary_sandbox.state import SandboxState

Answer = object
"""What a handler gives: something JSON can write, or a finished `Response`."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation for a signed-in parent."""

    method: str
    path: str
    """Without the version, with names in braces."""
    handler: Callable[[OwnCall], Answer]
    scopes: tuple[str, ...] = (scopes.EDUCATIONAL,)


@dataclass(frozen=True, slots=True)
class OpenEndpoint:
    """One operation that takes no token."""

    method: str
    path: str
    handler: Callable[[Call], Answer]


def make_routes(state: SandboxState, endpoints: Iterable[Endpoint | OpenEndpoint]) -> list[Route]:
    """Return the routes of a table, in its order: the first that fits wins."""
    return [_route(state, one) for one in endpoints]


def _route(state: SandboxState, endpoint: Endpoint | OpenEndpoint) -> Route:
    async def serve(request: Request) -> Response:
        body = await request.body()
        if isinstance(endpoint, OpenEndpoint):
            answer = endpoint.handler(Call(state, request.path_params, request.query_params, body))
        else:
            caller = identify(state, request)
            require_scopes(caller, endpoint.scopes)
            call = OwnCall(state, request.path_params, request.query_params, body, caller)
            answer = endpoint.handler(call)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    return Route(f"/{endpoint.path}", serve, methods=[endpoint.method])
