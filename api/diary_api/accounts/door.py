"""The gateway's own door: who makes a request, and whether it may."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from diary_api.accounts.keys import Caller
from diary_api.accounts.scopes import Scope
from diary_api.gateway import Running
from diary_api.middleware.rates import ACCOUNT
from diary_core.errors import NotSignedIn, ScopeMissing

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="`Authorization: Bearer …` with the secret of a session (`dgs_…`) or of a token (`dgt_…`).",
)


async def caller(
    request: Request,
    wanted: SecurityScopes,
    gateway: Running,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Return who makes the request.

    Raises:
        NotSignedIn: No session or token, or not a living one.
        ScopeMissing: The token was not given this right.
    """
    if given is None:
        raise NotSignedIn("no session or token was sent")
    known = await gateway.accounts.keys.admit(given.credentials)
    request.scope[ACCOUNT] = known.account_id
    missing = sorted(set(wanted.scopes) - known.scopes)
    if missing:
        raise ScopeMissing(f"this needs the scope {str(missing[0])!r}", field=missing[0])
    if Scope.READ_DIARY in wanted.scopes:
        gateway.habits.note(known.account_id)
    return known


SignedIn = Annotated[Caller, Security(caller)]
"""Anyone with a living session or token."""
DiaryReader = Annotated[Caller, Security(caller, scopes=[Scope.READ_DIARY])]
DiaryWriter = Annotated[Caller, Security(caller, scopes=[Scope.WRITE_DIARY])]
ConnectionReader = Annotated[Caller, Security(caller, scopes=[Scope.READ_CONNECTIONS])]
ConnectionManager = Annotated[Caller, Security(caller, scopes=[Scope.MANAGE_CONNECTIONS])]
GrantManager = Annotated[Caller, Security(caller, scopes=[Scope.MANAGE_GRANTS])]
GrantGiver = Annotated[Caller, Security(caller, scopes=[Scope.READ_DIARY, Scope.MANAGE_GRANTS])]
"""Whoever lets others read must be let to read."""
AccountManager = Annotated[Caller, Security(caller, scopes=[Scope.MANAGE_ACCOUNT])]
