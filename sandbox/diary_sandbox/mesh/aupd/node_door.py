"""The door of a node itself: a page for login and password, and a code for a token pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_sandbox.mesh.aupd.accounts import obstacle
from diary_sandbox.mesh.aupd.cookies import set_cookies
from diary_sandbox.mesh.aupd.refusals import refused, unauthorized
from diary_sandbox.mesh.node import Node
from diary_sandbox.mesh.pages import message, page
from diary_sandbox.mesh.request_body import BadBody, json_object, text
from diary_sandbox.mesh.sudir.clients import is_loopback
from diary_sandbox.world import Login, LoginState

APP_SCHEME = "dnevnik-mes://"
CODE_LIFE = timedelta(seconds=120)
_TITLE = "Вход в «Мою школу»"


@dataclass(frozen=True)
class NodeCode:
    """A code a browser carries back to the app."""

    parent_id: int
    state: str | None
    expires_at: datetime


async def login_page(node: Node, request: Request) -> Response:
    """`GET /v3/auth/kauth/login?redirect_url=&state=`: ask for the login and password of the node.

    Moscow has no door of its own.
    """
    if node.is_moscow:
        return message("Страница не найдена", status=404)
    return wrong_target(request) or _form(request)


async def login_posted(node: Node, request: Request) -> Response:
    """Check the form; send a code to the app, or, without `redirect_url`, set the web diary's cookies."""
    stop = await login_page(node, request)
    if stop.status_code != 200:
        return stop
    form = await request.form()
    username = str(form.get("login", ""))
    login = judge(node, username, str(form.get("password", "")))
    if login is None:
        return _form(request, username, "Неверный логин или пароль.")
    if login.state is LoginState.LOCKED:
        return _form(request, username, "Учётная запись заблокирована.")
    if stands := obstacle(node, login):
        return message("Вход не выполнен", status=403, error=stands.sentence)
    return let_in(node, request.query_params, login)


async def exchange(node: Node, request: Request) -> Response:
    """`GET /v3/auth/token?code&state`: a code becomes a pair of tokens, once."""
    query = request.query_params
    codes = node.state.store.bucket(f"mesh.{node.host}.codes", NodeCode)
    code = codes.pop(query.get("code", ""), None)
    if code is None or node.state.clock.now() >= code.expires_at or code.state != query.get("state"):
        return unauthorized("Код недействителен")
    pair = node.tokens.open(code.parent_id)
    return JSONResponse({"token": pair.access, "refreshToken": pair.refresh})


async def headless_session(node: Node, request: Request) -> Response:
    """`POST /lms/api/sessions`: the legacy login with a plain password; its token opens the callback only.

    The answer holds what clients are known to read of it.
    """
    try:
        body = await json_object(request)
        login = judge(node, text(body, "login"), text(body, "password_plain"))
    except BadBody as error:
        return refused(400, "bad_request", str(error))
    if login is None or login.state is LoginState.LOCKED or obstacle(node, login) is not None:
        return JSONResponse({"code": 400, "message": "Неправильный логин или пароль"}, status_code=400)
    person = node.state.world.parent(login.parent_id).person
    code = _new_code(node, login, state=None)
    return JSONResponse(
        {
            "id": person.id,
            "first_name": person.name.first,
            "last_name": person.name.last,
            "middle_name": person.name.middle,
            "person_id": person.uuid,
            "authentication_token": code,
            "profiles": [],
        }
    )


async def headless_callback(node: Node, request: Request) -> Response:
    """`GET /v3/auth/kauth/callback?code=`: the legacy token becomes the web diary's cookies."""
    codes = node.state.store.bucket(f"mesh.{node.host}.codes", NodeCode)
    code = codes.pop(request.query_params.get("code", ""), None)
    if code is None or node.state.clock.now() >= code.expires_at:
        return unauthorized("Код недействителен")
    response = message("Дневник", "Вы вошли.")
    set_cookies(response, node.tokens.open(code.parent_id))
    return response


def judge(node: Node, username: str, password: str) -> Login | None:
    """Return the account of a login and password at this node."""
    login = node.state.world.login(node.login_kind, username.strip()) if username.strip() else None
    return login if login is not None and login.password == password else None


def wrong_target(request: Request) -> Response | None:
    """Return a page when the browser is to go on to an address that is no app's."""
    target = request.query_params.get("redirect_url")
    if target is None or target.startswith(APP_SCHEME) or is_loopback(target):
        return None
    return message("Вход невозможен", status=400, error="Адрес возврата не принадлежит приложению.")


def let_in(node: Node, asked: Mapping[str, str], login: Login) -> Response:
    """Send a code to the app that asked, or, without `redirect_url`, set the web diary's cookies."""
    target = asked.get("redirect_url")
    if target is None:
        response = RedirectResponse("/diary", status_code=303)
        set_cookies(response, node.tokens.open(login.parent_id))
        return response
    state = asked.get("state")
    given = {"code": _new_code(node, login, state)} | ({} if state is None else {"state": state})
    return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(given)}", status_code=303)


def _new_code(node: Node, login: Login, state: str | None) -> str:
    code = node.state.store.secret(32)
    expires_at = node.state.clock.now() + CODE_LIFE
    node.state.store.bucket(f"mesh.{node.host}.codes", NodeCode)[code] = NodeCode(
        login.parent_id, state, expires_at
    )
    return code


def _form(request: Request, username: str = "", error: str | None = None) -> Response:
    query = urlencode(parse_qsl(request.url.query))
    action = f"{request.url.path}?{query}" if query else request.url.path
    return page("login.html", title=_TITLE, error=error, action=action, login=username)
