"""`/rs/prns/{oid}` and its collections, opened by an access token."""

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from diary_sandbox.esia import person
from diary_sandbox.esia.accounts import Account, Accounts
from diary_sandbox.esia.hosts import ESIA_HOST, esia_url
from diary_sandbox.esia.person import Wire
from diary_sandbox.esia.settings import settings
from diary_sandbox.esia.tokens import Tokens
from diary_sandbox.faults import FaultKind
from diary_sandbox.state import SandboxState

Render = Callable[[Account, frozenset[str]], list[Wire] | None]
_EMBED = re.compile(r"\(([a-z_.,]*)\)", re.ASCII)
_RENDERS: dict[str, Render] = {
    "ctts": person.contacts,
    "docs": person.documents,
    "addrs": person.addresses,
    "kids": person.kids,
    "vhls": lambda _, scopes: person.nothing("vehicles", scopes),
    "orgs": lambda _, scopes: person.nothing("usr_org", scopes),
    "roles": lambda _, scopes: person.nothing("usr_org", scopes),
}
_LONG_NAMES = {
    "contacts": "ctts",
    "documents": "docs",
    "addresses": "addrs",
    "kids": "kids",
    "vehicles": "vhls",
    "organizations": "orgs",
}


class _NoAnswer(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


_BODIES = {
    401: {"code": "ESIA-005011", "message": "access token is missing or invalid"},
    403: {"code": "ESIA-005012", "message": "no rights for this resource"},
}
"""The numbers are invented, the shape was seen once."""


class PersonResources:
    """What a person allowed a system to read of them, and of nobody else."""

    def __init__(self, state: SandboxState) -> None:
        """Serve a sandbox."""
        self._state = state
        self._tokens = Tokens(state)
        self._accounts = Accounts(state)

    async def person(self, request: Request) -> Response:
        """Answer `/rs/prns/{oid}`, with collections when `embed` names them."""
        return self._answer(request, self._person)

    async def collection(self, request: Request) -> Response:
        """Answer a collection: links, or elements when `embed` asks for them."""
        return self._answer(request, self._collection)

    async def element(self, request: Request) -> Response:
        """Answer one element of a collection."""
        return self._answer(request, self._element)

    def _answer(
        self, request: Request, render: Callable[[Request, Account, frozenset[str]], Wire]
    ) -> Response:
        try:
            account, scopes = self._reader(request)
            return JSONResponse(render(request, account, scopes))
        except _NoAnswer as none:
            return JSONResponse(_BODIES.get(none.status), status_code=none.status)

    def _reader(self, request: Request) -> tuple[Account, frozenset[str]]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        access = self._tokens.access(token.strip()) if scheme.lower() == "bearer" else None
        account = self._accounts.by_oid(access.oid) if access else None
        if access is None or account is None:
            raise _NoAnswer(401)
        asked = self._state.faults.asked
        if any(asked(kind, ESIA_HOST, account.username) for kind in _DEAD):
            raise _NoAnswer(401)
        if request.path_params["oid"] != str(account.oid):
            raise _NoAnswer(403)
        return account, access.scopes

    def _person(self, request: Request, account: Account, scopes: frozenset[str]) -> Wire:
        hidden = self._state.faults.asked(FaultKind.NO_SNILS, ESIA_HOST, account.username)
        wire = person.person_wire(
            account, scopes, updated_on=self._state.clock.timestamp() // 86_400 * 86_400, snils=not hidden
        )
        for word in _embedded(request):
            long_name, _, rest = word.partition(".")
            name = _LONG_NAMES.get(long_name)
            if name is not None and rest == "elements":
                # A collection without its scope is left out: what the real service does is not known.
                elements = self._elements(name, account, scopes)
                if elements is not None:
                    wire[long_name] = person.collection(elements)
        return wire

    def _collection(self, request: Request, account: Account, scopes: frozenset[str]) -> Wire:
        name = request.path_params["collection"]
        elements = self._granted(name, account, scopes)
        if "elements" in _embedded(request) and not settings(self._state).links_only:
            return person.collection(elements)
        base = f"{esia_url(self._state)}/rs/prns/{account.oid}/{name}"
        return person.collection([f"{base}/{one['id']}" for one in elements])

    def _element(self, request: Request, account: Account, scopes: frozenset[str]) -> Wire:
        elements = self._granted(request.path_params["collection"], account, scopes)
        for one in elements:
            if str(one["id"]) == request.path_params["id"]:
                return one
        raise _NoAnswer(404)

    def _granted(self, name: str, account: Account, scopes: frozenset[str]) -> list[Wire]:
        if name not in _RENDERS:
            raise _NoAnswer(404)
        elements = self._elements(name, account, scopes)
        if elements is None:
            raise _NoAnswer(403)
        return elements

    def _elements(self, name: str, account: Account, scopes: frozenset[str]) -> list[Wire] | None:
        if name in settings(self._state).forbidden:
            return None
        return _RENDERS[name](account, scopes)


_DEAD = (FaultKind.EXPIRED_TOKEN, FaultKind.REVOKED_TOKEN)


def _embedded(request: Request) -> list[str]:
    found = _EMBED.fullmatch(request.query_params.get("embed", ""))
    return found[1].split(",") if found else []
