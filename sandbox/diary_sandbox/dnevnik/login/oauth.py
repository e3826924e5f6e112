"""The authorize page: consent, then a token in the fragment or a code in the query."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from diary_sandbox.dnevnik.applications import Application, find_application
from diary_sandbox.dnevnik.login.pages import Pages, permission_lines
from diary_sandbox.dnevnik.login.return_urls import login_url, with_query
from diary_sandbox.dnevnik.login.sessions import Sessions
from diary_sandbox.dnevnik.scopes import parse_scopes
from diary_sandbox.dnevnik.tokens import Tokens
from diary_sandbox.state import SandboxState

RESULT_PATH = "/oauth2/Authorization/Result"


@dataclass(frozen=True, slots=True)
class _Request:
    """An authorize request that may be answered."""

    application: Application
    response_type: str
    scopes: tuple[str, ...]
    redirect_uri: str
    """Empty: the result is shown on a page of this site."""
    state: str
    raw: Mapping[str, str]
    """As asked, to be repeated by the consent form and the result page."""


class _BadRequestError(Exception):
    """What is wrong with an authorize request, in a parent's words; nobody is redirected anywhere."""


class Authorize:
    """`/oauth2` and its result page."""

    def __init__(self, state: SandboxState, pages: Pages) -> None:
        self._state = state
        self._pages = pages
        self._sessions = Sessions(state)
        self._tokens = Tokens(state)

    async def show(self, request: Request) -> Response:
        """Ask for consent, or answer at once when it was given before."""
        try:
            asked = _read(request.query_params)
        except _BadRequestError as error:
            return self._refuse(error)
        parent_id = self._sessions.parent_id(request)
        if parent_id is None:
            return RedirectResponse(login_url(f"{request.url.path}?{request.url.query}"), 302)
        application = asked.application
        known = self._sessions.has_consent(parent_id, application.client_id, asked.scopes)
        if application.trusted or known:
            return self._grant(asked, parent_id)
        return self._consent_page(asked, parent_id)

    async def submit(self, request: Request) -> Response:
        """Take the answer to the consent page."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            asked = _read(form)
        except _BadRequestError as error:
            return self._refuse(error)
        parent_id = self._sessions.parent_id(request)
        if parent_id is None:
            return RedirectResponse(login_url(with_query("/oauth2", dict(asked.raw))), 303)
        if form.get("is_granted", "").lower() != "true":
            return self._deny(asked)
        self._sessions.consent(parent_id, asked.application.client_id, asked.scopes)
        return self._grant(asked, parent_id)

    async def result(self, request: Request) -> Response:
        """Show that access was given, or not; a token, if any, is in the address's fragment."""
        if request.query_params.get("result") == "success":
            return self._pages.notice("Доступ разрешён", "Это окно можно закрыть.")
        return self._pages.notice("Доступ не разрешён", "Приложение не получило доступа к дневнику.")

    def _grant(self, asked: _Request, parent_id: int) -> Response:
        client_id = asked.application.client_id
        if asked.response_type == "code":
            code = self._tokens.issue_code(parent_id, client_id, asked.scopes).value
            if asked.redirect_uri:
                return _found(with_query(asked.redirect_uri, {"code": code, "state": asked.state}))
            return _found(_result_url(asked, "success", {"code": code}))
        token = self._tokens.issue(parent_id, client_id, asked.scopes, refreshable=False).value
        fragment = urlencode({"access_token": token, "state": asked.state})
        address = asked.redirect_uri or _result_url(asked, "success", {})
        return _found(f"{address}#{fragment}")

    def _deny(self, asked: _Request) -> Response:
        """Tell of a refusal. What the real site says is not known: the OAuth standard's words are used."""
        error = {"error": "access_denied", "state": asked.state}
        if not asked.redirect_uri:
            return _found(_result_url(asked, "denied", {}))
        if asked.response_type == "code":
            return _found(with_query(asked.redirect_uri, error))
        return _found(f"{asked.redirect_uri}#{urlencode(error)}")

    def _refuse(self, error: _BadRequestError) -> Response:
        return self._pages.notice("Приложение не получило доступа", message=str(error), status=400)

    def _consent_page(self, asked: _Request, parent_id: int) -> Response:
        values = {
            "action": "/oauth2",
            "application": asked.application.name,
            "who": self._state.world.parent(parent_id).person.name.full,
            "permissions": permission_lines(asked.scopes),
            "fields": [("access_token", "0"), *asked.raw.items()],
        }
        return self._pages.show("consent.html", values)


def _read(values: Mapping[str, str]) -> _Request:
    """Read an authorize request.

    Raises:
        _BadRequestError: It may not be answered.
    """
    names = ("response_type", "client_id", "scope", "redirect_uri", "state")
    raw = {name: values[name] for name in names if values.get(name)}
    application = find_application(raw.get("client_id", ""))
    if application is None:
        raise _BadRequestError("Приложение не зарегистрировано.")
    redirect_uri = raw.get("redirect_uri", "")
    if redirect_uri and not application.may_redirect_to(redirect_uri):
        raise _BadRequestError("Адрес возврата не принадлежит приложению.")
    response_type = raw.get("response_type", "")
    if response_type not in ("token", "code"):
        raise _BadRequestError("Приложение просит доступ непонятным способом.")
    scopes = parse_scopes(raw.get("scope", ""))
    if not scopes:
        raise _BadRequestError("Приложение не сказало, какие данные ему нужны.")
    return _Request(application, response_type, scopes, redirect_uri, raw.get("state", ""), raw)


def _result_url(asked: _Request, result: str, more: dict[str, str]) -> str:
    shown = {name: asked.raw[name] for name in ("response_type", "client_id", "scope")}
    query = urlencode({**shown, "is_granted": "False", "result": result, **more}, safe=",")
    return f"{RESULT_PATH}?{query}"


def _found(url: str) -> RedirectResponse:
    return RedirectResponse(url, 302)
