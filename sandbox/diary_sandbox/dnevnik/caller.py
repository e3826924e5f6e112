"""Who is asking: a parent with a token, and whom that parent may ask about."""

from dataclasses import dataclass

from starlette.requests import Request

from diary_sandbox.dnevnik.errors import WireError
from diary_sandbox.dnevnik.tokens import Token, Tokens
from diary_sandbox.faults import FaultKind
from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST, Child, LoginKind, Parent


@dataclass(frozen=True, slots=True)
class Caller:
    """A parent who holds a living token."""

    parent: Parent
    token: Token
    children: tuple[Child, ...]
    """Own children in schools this system serves, oldest first."""

    @property
    def username(self) -> str | None:
        """Return the login of this system, None for parents who have none."""
        return next((one.username for one in self.parent.logins if one.kind is LoginKind.DNEVNIK), None)


def identify(state: SandboxState, request: Request) -> Caller:
    """Return who is asking, by the token in the header or, failing that, in the query.

    Raises:
        WireError: No token, or not a living one.
    """
    value = request.headers.get("access-token") or request.query_params.get("access_token")
    if not value:
        raise WireError("tokenRequired", "Access token is required")
    tokens = Tokens(state)
    token = tokens.find(value)
    if token is None:
        raise WireError("invalidToken", "Invalid token")
    parent = state.world.parent(token.parent_id)
    caller = Caller(parent, token, state.world.children_of(parent.id, DNEVNIK_HOST))
    if state.faults.asked(FaultKind.REVOKED_TOKEN, DNEVNIK_HOST, caller.username):
        tokens.revoke(token)
        raise WireError("invalidToken", "Invalid token")
    if state.faults.asked(FaultKind.EXPIRED_TOKEN, DNEVNIK_HOST, caller.username):
        tokens.expire(token)
        raise WireError("invalidToken", "Invalid token")
    return caller


def require_scopes(caller: Caller, scopes: tuple[str, ...]) -> None:
    """Refuse a token that lacks a scope.

    Raises:
        WireError: `outOfScope`, naming what is missing.
    """
    missing = [scope for scope in scopes if scope not in caller.token.scopes]
    if missing:
        raise WireError("outOfScope", f"Required scopes: {', '.join(missing)}")
