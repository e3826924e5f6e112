"""Entries through Gosuslugi: there, back, and the account that answers to the person (§1.5, §4).

Where an entry was given a `ReturnUrl`, the browser is signed in and goes on there, as after the form;
otherwise it ends on `/esia/auth`, whose address an application reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from diary_sandbox.dnevnik.esia_tasks import TASK_LIFE, EsiaTasks
from diary_sandbox.dnevnik.hosts import LOGIN_HOST, public_url
from diary_sandbox.dnevnik.login.esia_links import EsiaLinks
from diary_sandbox.dnevnik.login.pages import Pages
from diary_sandbox.dnevnik.login.return_urls import HOME, login_url, safe_return, with_query
from diary_sandbox.dnevnik.login.sessions import Sessions
from diary_sandbox.dnevnik.passwords import Passwords, Verdict
from diary_sandbox.dnevnik.regions import REGIONS, region_by_slug
from diary_sandbox.esia.relying_party import DiaryAtEsia
from diary_sandbox.esia.systems import DNEVNIK
from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST, LoginKind, LoginState

RETURN_PATH = "/esia/return"
_BACK = ("/login/", "Войти по логину и паролю")
_WRONG = "Неверный логин или пароль."
_LOCKED = "Слишком много попыток входа. Попробуйте через 15 минут."
_NO_SNILS = "В вашем профиле на Госуслугах нет СНИЛС."
_NO_MATCH = "ФИО и СНИЛС на Госуслугах не совпали с теми, что внесла школа."
_LATE = "Время входа истекло, или он начат в другом браузере. Начните заново."


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A proven person whose account is still to be found or chosen."""

    oid: int
    choice: tuple[int, ...]
    carry: Mapping[str, str]
    reason: str
    expires_at: datetime


class EsiaPages:
    """`/login/esia…`, `/esia/…`."""

    def __init__(self, state: SandboxState, pages: Pages) -> None:
        """Serve a sandbox."""
        self._state = state
        self._pages = pages
        self._door = DiaryAtEsia(state, DNEVNIK)
        self._links = EsiaLinks(state)
        self._tickets = state.store.bucket("dnevnik.esia_tickets", _Ticket)

    async def choose(self, request: Request) -> Response:
        """Let the person choose a region."""
        url = request.query_params.get("ReturnUrl", "")
        tail = f"?{with_query('', {'ReturnUrl': url}).lstrip('?')}" if url else ""
        regions = [(f"/login/esia/{region.slug}{tail}", region.name) for region in REGIONS]
        return self._pages.show("regions.html", {"regions": regions})

    async def entry(self, request: Request) -> Response:
        """Send the browser to Gosuslugi."""
        region = region_by_slug(request.path_params["slug"])
        if region is None:
            return self._pages.notice("Нет такого региона", link=_BACK, status=404)
        query = request.query_params
        url = query.get("ReturnUrl") or query.get("returnUrl") or ""
        carry = {"region": str(region.number), "return_to": safe_return(self._state, url) if url else ""}
        return await self._door.send(request, f"{public_url(self._state, LOGIN_HOST)}{RETURN_PATH}", carry)

    async def came_back(self, request: Request) -> Response:
        """Take a browser back from Gosuslugi."""
        returned = self._door.take(request)
        if returned is None:
            return self._pages.notice("Вход не выполнен", message=_LATE, link=_BACK, status=400)
        account = returned.account
        if account is None:
            return self._pages.notice("Вход не выполнен", message=returned.sentence, link=_BACK, status=403)
        linked = self._links.of(account)
        reason = "" if linked else _NO_MATCH if self._links.has_snils(account) else _NO_SNILS
        ticket = self._new_ticket(_Ticket(account.oid, linked, returned.carry, reason, self._soon()))
        return self._go_on(ticket) if linked else self._link_page(ticket)

    async def link(self, request: Request) -> Response:
        """Take the login and password that make a link, or go on without one."""
        form = await request.form()
        ticket_id = str(form.get("ticket", ""))
        ticket = self._ticket(ticket_id)
        if ticket is None:
            return self._pages.notice("Вход не выполнен", message=_LATE, link=_BACK, status=400)
        if form.get("answer") == "skip":
            return self._go_on(ticket_id)
        attempt = Passwords(self._state).attempt(str(form.get("login", "")), str(form.get("password", "")))
        if attempt.login is None:
            locked = attempt.verdict is Verdict.LOCKED
            return self._link_page(ticket_id, _LOCKED if locked else _WRONG)
        self._links.make(ticket.oid, attempt.login.parent_id)
        self._tickets[ticket_id] = _Ticket(
            ticket.oid, (attempt.login.parent_id,), ticket.carry, "", ticket.expires_at
        )
        return self._go_on(ticket_id)

    async def pick(self, request: Request) -> Response:
        """Take the choice among several profiles."""
        form = await request.form()
        ticket_id, chosen = str(form.get("ticket", "")), str(form.get("profile", ""))
        ticket = self._ticket(ticket_id)
        if ticket is None or chosen not in {str(one) for one in ticket.choice}:
            return self._pages.notice("Вход не выполнен", message=_LATE, link=_BACK, status=400)
        del self._tickets[ticket_id]
        return self._signed_in(int(chosen), ticket.carry["return_to"])

    async def returned(self, request: Request) -> Response:
        """Speak on the page Gosuslugi returns to; applications read its address, not its text."""
        del request  # the same for everybody
        return self._pages.notice("Вы вернулись с Госуслуг", "Продолжайте вход в приложении.")

    async def offer(self, request: Request) -> Response:
        """Offer to link Gosuslugi; the browser is signed in already."""
        del request  # the same for everybody
        return self._pages.notice(
            "Свяжите дневник с Госуслугами",
            "Так вы сможете входить без отдельного пароля.",
            "Это можно сделать позже: вы уже вошли.",
            link=("/login/esia", "Связать"),
        )

    def _go_on(self, ticket_id: str) -> Response:
        ticket = self._tickets[ticket_id]
        return_to = ticket.carry["return_to"]
        if return_to and len(ticket.choice) > 1:
            profiles = [(one, self._profile(one)) for one in ticket.choice]
            return self._pages.show("profiles.html", {"ticket": ticket_id, "profiles": profiles})
        del self._tickets[ticket_id]
        if return_to:
            if not ticket.choice:
                return RedirectResponse(login_url(return_to), 303)
            return self._signed_in(ticket.choice[0], return_to)
        task = EsiaTasks(self._state).begin(int(ticket.carry["region"]), ticket.choice)
        address = with_query("/esia/auth", {"taskId": task.id, "regionId": str(task.region)})
        return RedirectResponse(address, 303)

    def _signed_in(self, parent_id: int, return_to: str) -> Response:
        logins = self._state.world.parent(parent_id).logins
        state = next(login.state for login in logins if login.kind is LoginKind.DNEVNIK)
        if state is LoginState.ACTIVATION_NEEDED:
            line = "Сначала войдите с временным паролем, который дала школа."
            link = (login_url(return_to), "Войти с временным паролем")
            return self._pages.notice("Первый вход", line, link=link)
        response = RedirectResponse(return_to or HOME, 303)
        Sessions(self._state).open(response, parent_id)
        return response

    def _profile(self, parent_id: int) -> str:
        children = self._state.world.children_of(parent_id, DNEVNIK_HOST)
        schools = [self._state.world.school(child.school_id).short_name for child in children]
        return f"{self._state.world.parent(parent_id).person.name.full}, {', '.join(dict.fromkeys(schools))}"

    def _link_page(self, ticket_id: str, message: str | None = None) -> Response:
        reason = self._tickets[ticket_id].reason
        return self._pages.show("esia_link.html", {"ticket": ticket_id, "reason": reason, "message": message})

    def _new_ticket(self, ticket: _Ticket) -> str:
        ticket_id = self._state.store.secret(32)
        self._tickets[ticket_id] = ticket
        return ticket_id

    def _ticket(self, ticket_id: str) -> _Ticket | None:
        ticket = self._tickets.get(ticket_id)
        return ticket if ticket and self._state.clock.now() < ticket.expires_at else None

    def _soon(self) -> datetime:
        return self._state.clock.now() + TASK_LIFE
