"""One server for pgu.mos.ru, my.mos.ru and mrko.mos.ru: their paths do not collide."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from diary_sandbox.mesh.legacy import mrko, portal
from diary_sandbox.mesh.legacy.door import Door
from diary_sandbox.state import SandboxState

Endpoint = Callable[[Door, Request], Awaitable[Response]]


def build(state: SandboxState, host: str) -> Starlette:
    """Return the old portal and the old diary.

    Args:
        state: The running sandbox.
        host: The emulated name faults are asked under; one of the three.
    """
    door = Door(state, host)
    return Starlette(
        routes=[_route(door, method, path, endpoint) for (method, path), endpoint in _ENDPOINTS.items()]
    )


def _route(door: Door, method: str, path: str, endpoint: Endpoint) -> Route:
    async def handle(request: Request) -> Response:
        return await endpoint(door, request)

    return Route(path, handle, methods=[method])


_SERVICES = "/dnevnik/services"
_ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("POST", "/eaidit/eaiditweb/outerlogin.do"): portal.sign_in_2016,
    ("POST", "/sps/j_security_check"): portal.sign_in_2017,
    ("GET", "/ru/application/dogm/journal/"): portal.journal,
    ("POST", "/ru/application/dogm/journal/"): portal.get_token,
    ("POST", "/data/token"): portal.storage_token,
    ("GET", "/data/{token}/profile/me/E_DIARY/"): portal.saved_accounts,
    ("GET", f"{_SERVICES}/index.php"): mrko.sign_in,
    ("POST", f"{_SERVICES}/index.php"): mrko.sign_in,
    ("GET", f"{_SERVICES}/secpic.php"): mrko.captcha_picture,
    ("GET", f"{_SERVICES}/dnevnik.php"): mrko.diary,
    ("GET", f"{_SERVICES}/rasp.php"): mrko.timetable,
    ("GET", f"{_SERVICES}/main.php"): mrko.main,
}
