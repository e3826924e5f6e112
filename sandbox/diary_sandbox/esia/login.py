"""The pages between a request and its answer: password, second factor, consent."""

from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from diary_sandbox.esia.accounts import PASSWORD, Account, Accounts, Level, SecondFactor
from diary_sandbox.esia.hosts import ESIA_HOST
from diary_sandbox.esia.pages import Pages
from diary_sandbox.esia.refusals import Refused
from diary_sandbox.esia.scopes import ORG_SCOPES, SECOND_FACTOR_SCOPE, WORDS
from diary_sandbox.esia.sign_ins import (
    BROWSER_COOKIE,
    SESSION_COOKIE,
    SESSION_LIFE,
    Session,
    SignIn,
    SignIns,
)
from diary_sandbox.esia.systems import Systems
from diary_sandbox.esia.tokens import Tokens
from diary_sandbox.faults import FaultKind
from diary_sandbox.state import SandboxState

_WRONG = "Неверный логин или пароль."
_WRONG_CODE = "Неверный код."
_SENT = {
    SecondFactor.SMS: "Мы отправили код в СМС.",
    SecondFactor.TOTP: "Введите код из приложения.",
}


class LoginPages:
    """`/login` and what follows it. A sign-in lives in one browser and ends with one answer."""

    def __init__(self, state: SandboxState, pages: Pages) -> None:
        """Serve a sandbox."""
        self._state = state
        self._pages = pages
        self._sign_ins = SignIns(state)
        self._accounts = Accounts(state)
        self._systems = Systems(state)
        self._tokens = Tokens(state)

    async def show(self, request: Request) -> Response:
        """Show the page where the sign-in stands; a browser signed in already goes on."""
        sign_in = self._sign_ins.find(
            request.query_params.get("sign_in", ""), request.cookies.get(BROWSER_COOKIE)
        )
        if sign_in is None:
            return self._begin_again()
        session = self._sign_ins.session(request.cookies.get(SESSION_COOKIE))
        if session is not None:
            return await self._go_on(sign_in, session)
        return self._code_page(sign_in) if sign_in.code else self._password_page(sign_in)

    async def password(self, request: Request) -> Response:
        """Take the login and the password."""
        form = await request.form()
        sign_in = self._posted(request, str(form.get("sign_in", "")))
        if sign_in is None:
            return self._begin_again()
        sign_in.username = str(form.get("login", ""))
        account = self._accounts.find(sign_in.username)
        given = str(form.get("password", "")).encode()
        if account is None or not compare_digest(PASSWORD.encode(), given):
            return self._password_page(sign_in, _WRONG)
        sign_in.oid = account.oid
        factor = self._factor(account)
        if factor is None:
            return await self._signed_in(sign_in, account)
        sign_in.code, sign_in.tries_left = self._state.store.secret(6, "0123456789"), 3
        return self._code_page(sign_in)

    async def code(self, request: Request) -> Response:
        """Take the code of the second factor; after three wrong ones the sign-in begins anew."""
        form = await request.form()
        sign_in = self._posted(request, str(form.get("sign_in", "")))
        account = self._accounts.by_oid(sign_in.oid) if sign_in and sign_in.oid else None
        if sign_in is None or account is None or sign_in.code is None:
            return self._begin_again()
        if not compare_digest(sign_in.code.encode(), str(form.get("code", "")).strip().encode()):
            sign_in.tries_left -= 1
            if sign_in.tries_left:
                return self._code_page(sign_in, _WRONG_CODE)
            sign_in.code = sign_in.oid = None
            return self._password_page(sign_in, _WRONG_CODE)
        return await self._signed_in(sign_in, account)

    async def consent(self, request: Request) -> Response:
        """Take the person's answer."""
        form = await request.form()
        sign_in = self._posted(request, str(form.get("sign_in", "")))
        session = self._sign_ins.session(request.cookies.get(SESSION_COOKIE))
        account = self._accounts.by_oid(session.oid) if session else None
        if sign_in is None or session is None or account is None:
            return self._begin_again()
        if form.get("answer") != "allow" or account.declines:
            return self._refuse(sign_in, Refused("007004"))
        if refused := self._obstacle(sign_in, account):
            return self._refuse(sign_in, refused)
        self._sign_ins.grant(account.oid, sign_in.asked)
        return await self._answer(sign_in, session, account)

    def _posted(self, request: Request, sign_in_id: str) -> SignIn | None:
        return self._sign_ins.find(sign_in_id, request.cookies.get(BROWSER_COOKIE))

    async def _signed_in(self, sign_in: SignIn, account: Account) -> Response:
        cookie, session = self._sign_ins.open(account.oid, second_factor=sign_in.code is not None)
        sign_in.code = None
        response = await self._go_on(sign_in, session)
        max_age = int(SESSION_LIFE.total_seconds())
        response.set_cookie(SESSION_COOKIE, cookie, max_age=max_age, httponly=True, samesite="lax")
        return response

    async def _go_on(self, sign_in: SignIn, session: Session) -> Response:
        account = self._accounts.by_oid(session.oid)
        if account is None:
            return self._begin_again()
        if refused := self._obstacle(sign_in, account):
            return self._refuse(sign_in, refused)
        if not self._sign_ins.has_granted(account.oid, sign_in.asked):
            return self._consent_page(sign_in, account)
        return await self._answer(sign_in, session, account)

    def _obstacle(self, sign_in: SignIn, account: Account) -> Refused | None:
        asked = sign_in.asked
        if asked.confirmed_only and account.level is not Level.CONFIRMED:
            return Refused("007055")
        if asked.employee:
            return Refused("007062")
        if ORG_SCOPES & set(asked.scopes):
            return Refused("007194")
        if SECOND_FACTOR_SCOPE in asked.scopes and account.second_factor is None:
            return Refused("007046")
        return None

    async def _answer(self, sign_in: SignIn, session: Session, account: Account) -> Response:
        asked = sign_in.asked
        system = self._systems.find(asked.mnemonic)
        if system is None or self._sign_ins.is_used(asked.mnemonic, asked.state):
            return self._begin_again()
        self._end(sign_in)
        code = await self._tokens.new_code(system, asked, session, account)
        return RedirectResponse(asked.answer(code=code), 302)

    def _refuse(self, sign_in: SignIn, refused: Refused) -> Response:
        self._end(sign_in)
        return RedirectResponse(sign_in.asked.refusal(refused), 302)

    def _end(self, sign_in: SignIn) -> None:
        self._sign_ins.use(sign_in.asked.mnemonic, sign_in.asked.state)
        self._sign_ins.end(sign_in)

    def _factor(self, account: Account) -> SecondFactor | None:
        if self._state.faults.asked(FaultKind.SECOND_FACTOR, ESIA_HOST, account.username):
            return account.second_factor or SecondFactor.SMS
        return account.second_factor

    def _password_page(self, sign_in: SignIn, message: str | None = None) -> Response:
        return self._pages.show(
            "login.html",
            title="Вход",
            sign_in=sign_in.id,
            login=sign_in.username,
            system=sign_in.asked.mnemonic,
            message=message,
        )

    def _code_page(self, sign_in: SignIn, message: str | None = None) -> Response:
        account = self._accounts.by_oid(sign_in.oid or 0)
        factor = (account.second_factor if account else None) or SecondFactor.SMS
        return self._pages.show(
            "code.html",
            title="Подтверждение входа",
            sign_in=sign_in.id,
            sent=_SENT[factor],
            code=sign_in.code,
            message=message,
        )

    def _consent_page(self, sign_in: SignIn, account: Account) -> Response:
        name = account.name
        return self._pages.show(
            "consent.html",
            title="Предоставление прав доступа",
            sign_in=sign_in.id,
            who=" ".join(part for part in (name.first, name.middle) if part),
            system=sign_in.asked.mnemonic,
            lines=list(dict.fromkeys(WORDS[scope] for scope in sign_in.asked.granted)),
        )

    def _begin_again(self) -> Response:
        return self._pages.notice(
            "Вход не начат",
            "Время входа истекло, или он начат в другом браузере.",
            "Вернитесь туда, откуда пришли, и начните вход заново.",
            status=400,
        )
