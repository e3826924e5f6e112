"""Tokens for codes, refresh tokens and passwords."""

from typing import Literal

from diary_sandbox.dnevnik.applications import Application, find_with_secret
from diary_sandbox.dnevnik.call import Call, Wire, text_field
from diary_sandbox.dnevnik.endpoint import OpenEndpoint
from diary_sandbox.dnevnik.errors import WireError, invalid_parameter
from diary_sandbox.dnevnik.hosts import API_HOST
from diary_sandbox.dnevnik.passwords import Passwords, Verdict
from diary_sandbox.dnevnik.scopes import parse_scopes
from diary_sandbox.dnevnik.tokens import Token, Tokens
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.faults import FaultKind
from diary_sandbox.world import Login

REFUSED_TEXT = "Can't authorize"
_GRANT_FIELDS = ("accessToken", "expiresIn", "refreshToken", "scope", "user", "user_str")


def token_wire(call: Call, token: Token) -> Wire:
    """Return a fresh token; `expiresIn` is in seconds."""
    user = wire_id(Space.ADULT_USER, token.parent_id)
    return {
        "accessToken": token.value,
        "expiresIn": Tokens(call.state).life_s(token),
        "refreshToken": token.refresh,
        "scope": ",".join(token.scopes),
        "user": user,
        "user_str": str(user),
    }


def application_of(client_id: str, secret: str) -> Application:
    """Return the application.

    Raises:
        WireError: Unknown, or its secret is wrong.
    """
    application = find_with_secret(client_id, secret)
    if application is None:
        raise WireError("authorizationFailed", REFUSED_TEXT)
    return application


def _authorize(call: Call) -> Wire:
    fields = call.body_fields()
    application = application_of(text_field(fields, "client_id"), text_field(fields, "client_secret"))
    grant = text_field(fields, "grant_type") or "NotSet"
    tokens = Tokens(call.state)
    if grant == "AuthorizationCode":
        token = tokens.redeem(text_field(fields, "code"), application.client_id)
    elif grant == "RefreshToken":
        token = tokens.refresh(text_field(fields, "refreshToken"), application.client_id)
    else:
        raise invalid_parameter("grant_type", grant)
    if token is None:
        raise WireError("authorizationFailed", REFUSED_TEXT)
    answer = token_wire(call, token)
    return answer | {"expiresIn_str": str(answer["expiresIn"])}


def _by_credentials(call: Call) -> Wire:
    """Answer the password grant.

    How it tells of a first sign-in is not known: the word of the mobile log-in is borrowed, with no token
    beside it. A parent without enrolled children is let in and finds an empty context.
    """
    fields = call.body_fields()
    username, password = text_field(fields, "username"), text_field(fields, "password")
    granted = parse_scopes(text_field(fields, "scope"))
    for name, value in (("username", username), ("password", password), ("scope", granted)):
        if not value:
            raise WireError("invalidRequest", f"Field {name!r} is required")
    application = application_of(text_field(fields, "client_id"), text_field(fields, "client_secret"))
    login = try_password(call, username, password)
    if isinstance(login, Verdict):
        return {**dict.fromkeys(_GRANT_FIELDS), "reason": "FirstLogin"}
    tokens = Tokens(call.state)
    return token_wire(call, tokens.issue(login.parent_id, application.client_id, granted, refreshable=True))


def try_password(call: Call, username: str, password: str) -> Login | Literal[Verdict.FIRST_LOGIN]:
    """Return the login of a right password, or that the account must be activated first.

    Raises:
        WireError: Wrong, locked, or a captcha is wanted (which an API has no way to show: our invention).
    """
    if call.state.faults.asked(FaultKind.CAPTCHA, API_HOST, username):
        raise WireError("authorizationFailed", "Captcha is required")
    attempt = Passwords(call.state).attempt(username, password)
    if attempt.verdict is Verdict.LOCKED:
        raise WireError("maxAttempsExceeded", "Maximum attempts exceeded")
    if attempt.login is None:
        raise WireError("authorizationFailed", REFUSED_TEXT)
    return attempt.verdict if attempt.verdict is Verdict.FIRST_LOGIN else attempt.login


ENDPOINTS = (
    OpenEndpoint("POST", "authorizations", _authorize),
    OpenEndpoint("POST", "authorizations/bycredentials", _by_credentials),
)
