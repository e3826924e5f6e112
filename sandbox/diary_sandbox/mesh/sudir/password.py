"""The password step, on the page and headless."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.pages import message, page
from diary_sandbox.mesh.request_body import BadBody, json_object, text
from diary_sandbox.mesh.sudir.logins import PendingLogin
from diary_sandbox.mesh.sudir.proof_of_work import is_paid
from diary_sandbox.mesh.sudir.provider import Provider
from diary_sandbox.world import Login, LoginState

TITLE = "Вход на mos.ru"
_SENTENCES = {
    "invalid_credentials": "Неверный логин или пароль.",
    "no_subject_found": "Пользователь с таким логином не найден.",
    "pswd_method_temp_locked": "Вход по паролю временно заблокирован. Попробуйте позже.",
    "captcha_required": "Введите символы с картинки.",
}


@dataclass(frozen=True)
class Refused:
    """Why a login and password did not help."""

    code: str


def judge(provider: Provider, username: str, password: str) -> Login | Refused:
    """Check a login and password; wrong passwords add up to a temporary lock."""
    login = provider.find_login(username)
    if login is None:
        return Refused("no_subject_found")
    now = provider.now()
    if login.state is LoginState.LOCKED or provider.logins.is_locked(login.parent_id, now):
        return Refused("pswd_method_temp_locked")
    if login.password != password:
        provider.logins.failed(login.parent_id, now)
        return Refused("invalid_credentials")
    provider.logins.succeeded(login.parent_id)
    return login


async def password_page(provider: Provider, request: Request) -> Response:
    """`GET /sps/login/methods/password`: the form."""
    pending = provider.pending(request)
    return begin_again() if pending is None else _form(pending)


async def password_posted(provider: Provider, request: Request) -> Response:
    """`POST /sps/login/methods/password`: go on, or show the form again with the reason."""
    pending = provider.pending(request)
    if pending is None:
        return begin_again()
    form = await request.form()
    username = str(form.get("login", ""))
    if _captcha_stands(provider, pending, username, str(form.get("captcha", ""))):
        return _form(pending, username, "captcha_required")
    verdict = judge(provider, username, str(form.get("password", "")))
    if isinstance(verdict, Refused):
        return _form(pending, username, verdict.code)
    pending.parent_id = verdict.parent_id
    return go_on(provider, request, pending)


def go_on(provider: Provider, request: Request, pending: PendingLogin) -> Response:
    """Send a browser whose person is known to the second factor, or back to the client."""
    login = provider.login_of(pending)
    if provider.needs_code(request, login):
        pending.stage = "code"
        return RedirectResponse(f"/sps/login/methods2/sms?bo={quote(pending.back, safe='')}", status_code=302)
    return back_to_client(provider, pending)


def back_to_client(provider: Provider, pending: PendingLogin) -> Response:
    """End the login: the client gets its code, the browser a city session."""
    parent_id = provider.login_of(pending).parent_id
    response = RedirectResponse(pending.request.answer(code=provider.end(pending)), status_code=302)
    provider.sign_in(response, parent_id)
    return response


async def headless_password(provider: Provider, request: Request) -> Response:
    """`POST /sps/login/methods/headless/password`: the same check for a client without a page.

    Success without a second factor is `{"trust_code"}`, the authorization code itself. The error code of a
    bad stamp is not known; the sandbox says `invalid_proof_of_work`.
    """
    pending = provider.pending(request)
    if pending is None:
        return errors("expired")
    try:
        body = await json_object(request)
        username, password = text(body, "login"), text(body, "password")
        stamp = text(body, "proofOfWork")
    except BadBody:
        return errors("invalid_request")
    if not is_paid(stamp, pending.stamp_header):
        return errors("invalid_proof_of_work")
    if provider.state.faults.asked(FaultKind.CAPTCHA, provider.host, username):
        return errors("captcha_required")
    verdict = judge(provider, username, password)
    if isinstance(verdict, Refused):
        return errors(verdict.code)
    pending.parent_id = verdict.parent_id
    if provider.needs_code(request, verdict):
        pending.stage = "code"
        return JSONResponse({"items": [{"inquire": "ask_to_send_sms"}]})
    response = JSONResponse({"trust_code": provider.end(pending)})
    provider.sign_in(response, verdict.parent_id)
    return response


def errors(code: str) -> Response:
    """Return a headless refusal; its HTTP status is not known, 400 is a choice."""
    return JSONResponse({"errors": [{"code": code}]}, status_code=400)


def begin_again() -> Response:
    """Tell a browser that its login is over or never began."""
    return message("Вход не начат", status=400, error="Время входа истекло. Начните вход заново.")


def _captcha_stands(provider: Provider, pending: PendingLogin, username: str, answer: str) -> bool:
    if pending.captcha is None:
        if not provider.state.faults.asked(FaultKind.CAPTCHA, provider.host, username):
            return False
        pending.captcha = provider.store.secret(5, "23456789")
        return True
    if answer.strip() != pending.captcha:
        return True
    pending.captcha = None
    return False


def _form(pending: PendingLogin, username: str = "", code: str | None = None) -> Response:
    back = quote(pending.back, safe="")
    return page(
        "login.html",
        title=TITLE,
        error=_SENTENCES[code] if code else None,
        action=f"/sps/login/methods/password?bo={back}",
        login=username,
        captcha=pending.captcha,
        qr_page=f"/sps/login/methods/qrCode?bo={back}",
        esia_page=f"/sps/login/externalIdps/execute?typ=esia&name=esia_1&isPopup=false&bo={back}",
    )
