"""The log-in form, its captcha, and the first sign-in of an account."""

from dataclasses import dataclass
from hmac import compare_digest

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from diary_sandbox.dnevnik.hosts import LOGIN_HOST
from diary_sandbox.dnevnik.login.pages import Pages
from diary_sandbox.dnevnik.login.return_urls import login_url, safe_return, with_query
from diary_sandbox.dnevnik.login.sessions import Sessions
from diary_sandbox.dnevnik.passwords import (
    TRIES_BEFORE_CAPTCHA,
    Attempt,
    Passwords,
    Verdict,
    activation_problem,
)
from diary_sandbox.faults import FaultKind
from diary_sandbox.state import SandboxState
from diary_sandbox.world import Login

WRONG = "Неверный логин или пароль. Проверьте раскладку и Caps Lock."
LOCKED = "Слишком много попыток входа. Попробуйте через 15 минут или восстановите пароль."
BAD_CAPTCHA = "Неверный ответ на вопрос с картинки. Попробуйте ещё раз."
_OFFER = "/esia/auth/message/OfferLinkingAccounts"


@dataclass(frozen=True, slots=True)
class _Captcha:
    id: str
    question: str
    answer: str


class LoginForm:
    """`/login/` and what may follow it."""

    def __init__(self, state: SandboxState, pages: Pages) -> None:
        self._state = state
        self._pages = pages
        self._passwords = Passwords(state)
        self._sessions = Sessions(state)
        self._captchas = state.store.bucket("dnevnik.captchas", _Captcha)
        self._activations = state.store.bucket("dnevnik.activations", Login)

    async def show(self, request: Request) -> Response:
        """Show the form, or go on at once when the browser is signed in."""
        return_to = safe_return(self._state, _return_url(request.query_params))
        if self._sessions.parent_id(request) is not None:
            return RedirectResponse(return_to, 302)
        return self._form(return_to)

    async def submit(self, request: Request) -> Response:
        """Take a login and password, as query or form fields."""
        form = await request.form()
        login = _field(form, request.query_params, "login")
        password = _field(form, request.query_params, "password")
        url = _field(form, request.query_params, "ReturnUrl") or _return_url(request.query_params)
        return_to = safe_return(self._state, url)
        if self._captcha_due(login) and not self._captcha_good(form):
            return self._form(return_to, login, BAD_CAPTCHA if "Captcha.Input" in form else WRONG)
        attempt = self._passwords.attempt(login, password)
        if attempt.verdict in (Verdict.WRONG, Verdict.LOCKED):
            return self._form(return_to, login, LOCKED if attempt.verdict is Verdict.LOCKED else WRONG)
        return self._let_in(attempt, return_to)

    async def activate(self, request: Request) -> Response:
        """Finish a first sign-in: e-mail, phone and a new password."""
        form = await request.form()
        token = _field(form, request.query_params, "token")
        return_to = safe_return(self._state, _field(form, request.query_params, "ReturnUrl"))
        login = self._activations.get(token)
        if login is None:
            return RedirectResponse(login_url(return_to), 303)
        names = ("email", "phone", "newPassword", "newPasswordRepeat")
        email, phone, password, again = (_field(form, request.query_params, name) for name in names)
        if problem := activation_problem(login, email=email, phone=phone, password=password, again=again):
            return self._activation_page(login, token, return_to, problem)
        del self._activations[token]
        self._passwords.activate(login, password)
        return self._signed_in(login, return_to)

    def _let_in(self, attempt: Attempt, return_to: str) -> Response:
        login = attempt.login
        if login is None:
            raise ValueError(f"verdict {attempt.verdict!r} without a login")
        if attempt.verdict is Verdict.FIRST_LOGIN:
            token = self._state.store.secret(32)
            self._activations[token] = login
            return self._activation_page(login, token, return_to, None)
        # In some regions the chain stops once on an offer to link Gosuslugi; the fault brings it about.
        if self._state.faults.asked(FaultKind.NOT_LINKED, LOGIN_HOST, login.username):
            return self._signed_in(login, _OFFER)
        return self._signed_in(login, return_to)

    def _signed_in(self, login: Login, return_to: str) -> Response:
        response = RedirectResponse(return_to, 302)
        self._sessions.open(response, login.parent_id)
        return response

    def _form(self, return_to: str, login: str = "", message: str | None = None) -> Response:
        values = {
            "action": login_url(return_to),
            "return_url": return_to,
            "login": login,
            "message": message,
            "captcha": self._new_captcha() if self._captcha_due(login) else None,
            "esia": with_query("/login/esia", {"ReturnUrl": return_to}),
        }
        return self._pages.show("login.html", values)

    def _activation_page(self, login: Login, token: str, return_to: str, message: str | None) -> Response:
        person = self._state.world.parent(login.parent_id).person
        values = {
            "action": "/login/activation",
            "token": token,
            "return_url": return_to,
            "who": person.name.full,
            "born": f"{person.born:%d.%m.%Y}",
            "message": message,
        }
        return self._pages.show("activation.html", values)

    def _captcha_due(self, login: str) -> bool:
        if not login:
            return False
        failed = self._passwords.failed(login) >= TRIES_BEFORE_CAPTCHA
        return failed or self._state.faults.asked(FaultKind.CAPTCHA, LOGIN_HOST, login)

    def _new_captcha(self) -> _Captcha:
        digits = self._state.store.secret(2, "123456789")
        captcha = _Captcha(self._state.store.secret(16), " + ".join(digits), str(sum(map(int, digits))))
        self._captchas[captcha.id] = captcha
        return captcha

    def _captcha_good(self, form: FormData) -> bool:
        captcha = self._captchas.pop(str(form.get("Captcha.Id", "")), None)
        return captcha is not None and compare_digest(
            captcha.answer, str(form.get("Captcha.Input", "")).strip()
        )


def _return_url(query: QueryParams) -> str:
    return query.get("ReturnUrl") or query.get("returnUrl") or ""


def _field(form: FormData, query: QueryParams, name: str) -> str:
    value = form.get(name) or query.get(name) or ""
    return value if isinstance(value, str) else ""
