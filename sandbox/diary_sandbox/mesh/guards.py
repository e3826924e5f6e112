"""Who may call which service: tokens and their carriers, headers, the caller's own profile."""

from collections.abc import Awaitable, Callable, Collection
from enum import Enum

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.aupd.accounts import account, has_profile
from diary_sandbox.mesh.aupd.refusals import bad_request, forbidden, refused, unauthorized
from diary_sandbox.mesh.aupd.tokens import Access
from diary_sandbox.mesh.calls import Call, Endpoint, Refusal
from diary_sandbox.mesh.node import Node, carriers
from diary_sandbox.mesh.wire.ids import profile_id

FAMILY_SUBSYSTEMS = frozenset(("familymp", "familyweb"))
ANY_SUBSYSTEM = FAMILY_SUBSYSTEMS | {"passportweb", "headerweb", "studentportfolioweb"}


class Guard(Enum):
    """How a service checks who calls it."""

    FAMILY = "family"
    """Any carrier of the token, a family subsystem, the caller's own `Profile-Id` (the web may omit it)."""
    EVENTS = "events"
    """Any carrier and subsystem, and a word about the role: `X-Mes-Role` or `Client-Type`; the news too."""
    PROFILES = "profiles"
    """The one service open to a fresh token; asking it makes the token work elsewhere."""
    ACCOUNT = "account"
    """Any carrier, nothing else."""
    PASSES = "passes"
    """A bearer token and no other carrier."""
    MEALS = "meals"
    """A bearer token and no other carrier, and the caller's own `Profile-Id`."""


def guarded(node: Node, guard: Guard, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Return a request handler that checks the caller and then makes the call."""

    async def handle(request: Request) -> Response:
        try:
            access = _let_in(node, guard, request)
            return endpoint(Call(node, request, access, await request.body()))
        except Refusal as refusal:
            return refusal.response

    return handle


def _let_in(node: Node, guard: Guard, request: Request) -> Access:
    tokens = carriers(request)
    if guard in (Guard.PASSES, Guard.MEALS):
        _only_bearer(tokens, request)
    _check_headers(guard, request)
    if not tokens:
        raise Refusal(unauthorized())
    access = node.tokens.read(tokens[0])
    if isinstance(access, str):
        raise Refusal(unauthorized())
    _check_faults(node, access)
    if guard in (Guard.PROFILES, Guard.ACCOUNT):
        return access
    if not access.session.active:
        raise Refusal(refused(403, "forbidden", "Профиль не выбран"))
    if not has_profile(account(node, access.parent_id)):
        raise Refusal(forbidden("Профиль не найден"))
    web = request.headers.get("x-mes-subsystem", "").lower() == "familyweb"
    if guard in (Guard.FAMILY, Guard.MEALS):
        _check_profile(request, access, may_omit=web and guard is Guard.FAMILY)
    return access


def _only_bearer(tokens: Collection[str], request: Request) -> None:
    if len(tokens) > 1:
        raise Refusal(PlainTextResponse("Found multiple bearer tokens in the request", status_code=401))
    if tokens and not request.headers.get("authorization"):
        raise Refusal(unauthorized())


def _check_headers(guard: Guard, request: Request) -> None:
    if guard is Guard.ACCOUNT:
        return
    headers = request.headers
    allowed = FAMILY_SUBSYSTEMS if guard is Guard.FAMILY else ANY_SUBSYSTEM
    if headers.get("x-mes-subsystem", "").lower() not in allowed:
        raise Refusal(unauthorized())
    if guard is Guard.PROFILES and headers.get("partner-source-id") != "MOBILE":
        raise Refusal(unauthorized())
    if guard is Guard.EVENTS:
        role, client = headers.get("x-mes-role"), headers.get("client-type")
        if role != "parent" and not (role is None and client == "diary-mobile"):
            raise Refusal(unauthorized())


def _check_faults(node: Node, access: Access) -> None:
    username = account(node, access.parent_id).username
    if node.state.faults.asked(FaultKind.EXPIRED_TOKEN, node.host, username):
        raise Refusal(unauthorized())
    if node.state.faults.asked(FaultKind.REVOKED_TOKEN, node.host, username):
        access.session.revoked = True
        raise Refusal(unauthorized())


def _check_profile(request: Request, access: Access, *, may_omit: bool) -> None:
    """Check `Profile-Id`; the web diary's own calls go without it."""
    given = request.headers.get("profile-id")
    if given is None and may_omit:
        return
    if given is None:
        raise Refusal(bad_request("Required request header 'Profile-Id' is not present"))
    if given != str(profile_id(access.parent_id)):
        raise Refusal(forbidden("Нет доступа к профилю"))
