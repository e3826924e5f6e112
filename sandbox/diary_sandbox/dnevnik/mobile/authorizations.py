"""Log-in, activation and refresh of the phone applications."""

from collections.abc import Mapping
from datetime import UTC

from diary_sandbox.dnevnik.applications import Application, find_with_secret
from diary_sandbox.dnevnik.call import Call, Wire, text_field
from diary_sandbox.dnevnik.endpoint import OpenEndpoint
from diary_sandbox.dnevnik.mobile.envelope import refusal
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.passwords import Passwords, Verdict, activation_problem
from diary_sandbox.dnevnik.render.people import sex_word
from diary_sandbox.dnevnik.scopes import parse_scopes
from diary_sandbox.dnevnik.tokens import Token, Tokens
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Login

_FIRST_LOGINS = "dnevnik.first_logins"
_REFUSED = refusal("authorizationFailed", "Can't authorize")


def _by_credentials(call: Call) -> Wire:
    """Log in; whatever comes of it, the HTTP status is 200."""
    fields = call.body_fields()
    application = _application(fields, "clientId", "clientSecret")
    scopes = parse_scopes(text_field(fields, "scope"))
    if application is None or not scopes:
        return _REFUSED
    attempt = Passwords(call.state).attempt(text_field(fields, "username"), text_field(fields, "password"))
    if attempt.verdict is Verdict.LOCKED:
        return refusal("maxAttempsExceeded", "Maximum attempts exceeded")
    if attempt.login is None:
        return _REFUSED
    if attempt.verdict is Verdict.FIRST_LOGIN:
        return _logged_in("FirstLogin", activation=_activation_data(call, attempt.login))
    if attempt.verdict is Verdict.NO_MEMBERSHIP:
        return _logged_in("HaveNotActiveMemberships")
    return _enter(call, attempt.login, application, scopes)


def _activate(call: Call) -> Wire:
    """Finish a first sign-in and log in with the new password."""
    fields = call.body_fields()
    first_logins = call.state.store.bucket(_FIRST_LOGINS, Login)
    login = first_logins.get(text_field(fields, "token"))
    application = _application(fields, "clientId", "clientSecret")
    scopes = parse_scopes(text_field(fields, "scope"))
    if login is None or application is None or not scopes:
        return _REFUSED
    if call.number("person") != wire_id(Space.ADULT_PERSON, login.parent_id):
        return _REFUSED
    password = text_field(fields, "newPassword")
    problem = activation_problem(
        login,
        email=text_field(fields, "email"),
        phone=text_field(fields, "phone"),
        password=password,
        again=text_field(fields, "newPasswordRepeat"),
    )
    if problem is not None:
        return refusal("parameterInvalid", problem)
    del first_logins[text_field(fields, "token")]
    Passwords(call.state).activate(login, password)
    return _enter(call, login, application, scopes)


def _by_refresh_token(call: Call) -> Wire:
    """Exchange a refresh token; the previous pair dies."""
    fields = call.body_fields()
    application = _application(fields, "client_id", "client_secret")
    if application is None or text_field(fields, "grant_type") != "RefreshToken":
        return _REFUSED
    token = Tokens(call.state).refresh(text_field(fields, "refreshToken"), application.client_id)
    if token is None:
        return _REFUSED
    return {
        "type": "Success",
        "accessToken": token.value,
        "refreshToken": token.refresh,
        "user": wire_id(Space.ADULT_USER, token.parent_id),
        "scope": ",".join(token.scopes),
        "expiresDate": _end(token),
    }


def _application(fields: Mapping[str, object], client_id: str, secret: str) -> Application | None:
    return find_with_secret(text_field(fields, client_id), text_field(fields, secret))


def _enter(call: Call, login: Login, application: Application, scopes: tuple[str, ...]) -> Wire:
    token = Tokens(call.state).issue(login.parent_id, application.client_id, scopes, refreshable=True)
    credentials: Wire = {
        "accessToken": token.value,
        "refreshToken": token.refresh,
        "scope": ",".join(token.scopes),
        "userId": wire_id(Space.ADULT_USER, token.parent_id),
        "expiresDate": _end(token),
    }
    return _logged_in("Authenticate", credentials=credentials)


def _logged_in(reason: str, *, credentials: Wire | None = None, activation: Wire | None = None) -> Wire:
    return {
        "type": "Success",
        "description": None,
        "mobileSubscriptionStatus": None,
        "reason": reason,
        "credentials": credentials,
        "activationData": activation,
        "teacherAppLink": None,
        "validationRules": None,
    }


def _activation_data(call: Call, login: Login) -> Wire:
    token = call.state.store.secret(32)
    call.state.store.bucket(_FIRST_LOGINS, Login)[token] = login
    person = call.world.parent(login.parent_id).person
    return {
        "lastName": person.name.last,
        "firstName": person.name.first,
        "middleName": person.name.middle,
        "birthday": local_midnight(person.born)[:10],
        "sex": sex_word(person),
        "isPhoneRequired": True,
        "termsLink": "https://terms.example.invalid/",
        "personId": wire_id(Space.ADULT_PERSON, login.parent_id),
        "token": token,
        "username": login.username,
        "password": None,
    }


def _end(token: Token) -> str:
    return token.expires_at.astimezone(UTC).isoformat(timespec="seconds")


ENDPOINTS = (
    OpenEndpoint("POST", "authorizations/bycredentials", _by_credentials),
    OpenEndpoint("POST", "authorizations/byCredentials", _by_credentials),
    OpenEndpoint("POST", "authorizations/byrefreshtoken", _by_refresh_token),
    OpenEndpoint("POST", "persons/{person}/activation", _activate),
)
