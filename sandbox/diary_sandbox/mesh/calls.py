"""One call to the diary's services: who asks, for which child, for which days, and may they."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.aupd.accounts import account, has_profile
from diary_sandbox.mesh.aupd.refusals import bad_request, forbidden, refused, unauthorized
from diary_sandbox.mesh.aupd.tokens import Access
from diary_sandbox.mesh.node import Node, carriers
from diary_sandbox.mesh.request_body import BadBody, parse_object
from diary_sandbox.mesh.wire.ids import child_id, profile_id
from diary_sandbox.world import Child, Guardian, Parent, World

FAMILY_SUBSYSTEMS = frozenset(("familymp", "familyweb"))
ANY_SUBSYSTEM = FAMILY_SUBSYSTEMS | {"passportweb", "headerweb", "studentportfolioweb"}


class Guard(Enum):
    """How a service checks who calls it."""

    FAMILY = "family"
    """Any carrier of the token, a family subsystem, the caller's own `Profile-Id` (the web may omit it)."""
    EVENTS = "events"
    """Any carrier and subsystem, and a word about the role: `X-Mes-Role` or `Client-Type`."""
    PROFILES = "profiles"
    """The one service open to a fresh token; asking it makes the token work elsewhere."""
    ACCOUNT = "account"
    """Any carrier, nothing else."""
    PASSES = "passes"
    """A bearer token and no other carrier."""
    MEALS = "meals"
    """A bearer token and no other carrier, and the caller's own `Profile-Id`."""


class Refusal(Exception):
    """Ends a call with a ready answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True)
class Call:
    """One call whose caller is known and let in."""

    node: Node
    request: Request
    access: Access
    body: bytes

    @property
    def world(self) -> World:
        """Return the world as it is now."""
        return self.node.state.world

    @property
    def parent(self) -> Parent:
        """Return the adult who calls."""
        return self.world.parent(self.access.parent_id)

    @property
    def today(self) -> date:
        """Return the day by the sandbox clock, in Moscow."""
        return self.node.state.clock.today()

    def children(self) -> tuple[Child, ...]:
        """Return the children this adult sees on this node, oldest first."""
        return self.world.children_of(self.access.parent_id, self.node.host)

    def text(self, name: str) -> str:
        """Return a query parameter.

        Raises:
            Refusal: It is missing.
        """
        value = self.request.query_params.get(name)
        if not value:
            raise Refusal(bad_request(f"Required parameter '{name}' is not present"))
        return value

    def values(self, name: str) -> list[str]:
        """Return the values of a list parameter, separated by commas or repeated; empty when absent."""
        return [
            part.strip()
            for value in self.request.query_params.getlist(name)
            for part in value.split(",")
            if part.strip()
        ]

    def number(self, name: str) -> int:
        """Return a whole number from the query.

        Raises:
            Refusal: It is missing or no number.
        """
        return as_number(self.text(name), name)

    def day(self, name: str) -> date:
        """Return a day (`YYYY-MM-DD`) from the query.

        Raises:
            Refusal: It is missing or no date.
        """
        return as_day(self.text(name), name)

    def day_or(self, name: str, default: date) -> date:
        """Return a day from the query, or another one when the parameter is absent.

        Raises:
            Refusal: It is no date.
        """
        return self.day(name) if name in self.request.query_params else default

    def span(self, since: str = "from", until: str = "to") -> tuple[date, date]:
        """Return the first and the last day asked for, both inclusive.

        Raises:
            Refusal: One is missing or no date, or they are reversed.
        """
        first, last = self.day(since), self.day(until)
        if last < first:
            raise Refusal(bad_request(f"{until} is before {since}"))
        return first, last

    def child(self, name: str = "student_id") -> Child:
        """Return the child a `student_id` names.

        Raises:
            Refusal: It is missing, or no child of this adult on this node.
        """
        return self.own(self.number(name))

    def own(self, student_id: int) -> Child:
        """Return the caller's own child.

        Raises:
            Refusal: The number is nobody's, or somebody else's child.
        """
        for child in self.children():
            if child.id == child_id(student_id):
                return child
        raise Refusal(forbidden("Нет доступа к данным ученика"))

    def person(self, name: str) -> Child:
        """Return the child a person UUID names.

        Raises:
            Refusal: It is missing, or no child of this adult on this node.
        """
        return self.own_person(self.text(name))

    def own_person(self, uuid: str) -> Child:
        """Return the caller's own child by person UUID.

        Raises:
            Refusal: It is nobody's, or somebody else's child.
        """
        for child in self.children():
            if child.person.uuid == uuid:
                return child
        raise Refusal(forbidden("Нет доступа к данным ученика"))

    def guardian(self, child: Child) -> Guardian:
        """Return the caller's tie to one of the own children."""
        ties = self.world.guardians_of(child.id)
        return next(tie for tie in ties if tie.parent_id == self.access.parent_id)

    def must_be_legal(self, child: Child) -> None:
        """Let only legal representatives go on.

        Raises:
            Refusal: The caller is only a trusted person.
        """
        if not self.guardian(child).legal:
            raise Refusal(forbidden("Действие доступно только законному представителю"))

    def json(self) -> dict[str, object]:
        """Return the body as a JSON object.

        Raises:
            Refusal: It is none.
        """
        try:
            return parse_object(self.body)
        except BadBody as error:
            raise Refusal(bad_request(str(error))) from error


Endpoint = Callable[[Call], Response]


def as_number(value: str, name: str) -> int:
    """Return a text as a whole number.

    Raises:
        Refusal: It is none.
    """
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise Refusal(bad_request(f"Parameter '{name}' must be a number"))
    return int(value)


def as_day(value: str, name: str) -> date:
    """Return a text as a day.

    Raises:
        Refusal: It is none.
    """
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refusal(bad_request(f"Parameter '{name}' must be a date")) from error


def answer(value: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return JSONResponse(value, status_code=status)


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
