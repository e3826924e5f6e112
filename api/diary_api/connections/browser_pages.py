"""What a parent's browser is shown on its way to a diary and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from starlette.responses import RedirectResponse, Response

from diary_api.connections.browser import Invitation, Standing
from diary_api.connections.flow import Waiting
from diary_api.gateway import Gateway
from diary_api.identities.matching import Tie
from diary_api.problems import told_of
from diary_api.school.schemas import ChildShown, EnrolmentShown
from diary_api.storage.tables import SignInRow
from diary_api.web.pages import page
from diary_core.errors import NotSupported, ProviderUnknown, TellUs
from diary_core.model import known
from diary_core.sign_in import Ask, Choose, ConfirmElsewhere, EnterCode, Redirect, ShowQr

_OWNER = {
    Tie.PROVEN: "Дневник ваш: СНИЛС и имя в нём те же, что на Госуслугах.",
    Tie.PROVEN_BY_BIRTH_DATE: "Дневник ваш: совпали СНИЛС и дата рождения.",
    Tie.PROVEN_BY_LOGIN: "Дневник ваш: вы вошли в него его собственным логином.",
}
"""How it is known whose diary it is, where that was compared."""


@dataclass(frozen=True)
class Leaving:
    """A way out of the identity service that has let the browser in."""

    service: str
    """Its Russian name."""
    url: str


async def confirm_page(gateway: Gateway, invitation: Invitation) -> Response:
    """Return the page that says what is about to happen to whose account."""
    row, connection = invitation.row, invitation.connection
    go_url = f"/v1/sign-ins/{invitation.ticket}/go?confirmation={invitation.confirmation}"
    if connection is None and row.account_id is None:
        return page("confirm_entry", service=gateway.proofs.title(row.method), go_url=go_url)
    account_id = connection.account_id if connection else row.account_id or ""
    account = await gateway.accounts.me(account_id)
    veiled = _veiled(account.email) if account.email else f"без почты, создан {account.created_at:%d.%m.%Y}"
    if connection is None:
        return page("confirm_proof", service=gateway.proofs.title(row.method), account=veiled, go_url=go_url)
    server = gateway.diaries.server(connection)
    offered = {one.slug: one.title.ru for one in server.provider.sign_in_methods(server.instance)}
    return page(
        "confirm",
        diary=server.instance.title.ru,
        way=offered.get(row.method),
        account=veiled,
        reason=_reason(gateway.browsers.sign_ins.flow(row).step),
        go_url=go_url,
    )


async def outcome_page(gateway: Gateway, standing: Standing) -> Response:
    """Return the page that says what has come of a sign-in so far.

    Raises:
        SignInExpired: Nothing is left of it.
    """
    row, connection, flow = standing.row, standing.connection, standing.flow
    if row.phase == "taken":
        return page("under_way")
    if row.phase == "waiting":
        if standing.goes_on_in_browser:
            return RedirectResponse(f"/v1/sign-ins/{flow.ticket}", 303)
        return one_more_step_page(_wanted(flow.step), _reason(flow.step))
    if connection is None:
        return await _identity_page(gateway, row)
    shown = await gateway.linked.show(connection.account_id, connection.id)
    children = await gateway.school.children(connection.account_id)
    server = gateway.diaries.server(connection)
    services = {one.slug: one.identity for one in server.provider.sign_in_methods(server.instance)}
    return page(
        "linked",
        diary=shown.title.ru if shown.title else shown.provider,
        owner=_OWNER.get(shown.identity),
        children=[
            _spoken(child) for child in children if child.connection_id == connection.id and child.current
        ],
        leaving=_leaving(gateway, services.get(row.method)),
    )


def one_more_step_page(wanted: Sequence[str], reason: str | None = None) -> Response:
    """Return the page that sends the parent back to the app, and says what it will ask for.

    Args:
        wanted: What is asked for, in Russian; empty when only the app knows.
        reason: Why, in Russian, where there is more to say.
    """
    return page("one_more_step", wanted=wanted, reason=reason)


async def _identity_page(gateway: Gateway, row: SignInRow) -> Response:
    leaving = _leaving(gateway, row.method)
    if row.phase == "redeemed":
        return page("entered", code=None, minutes=0, leaving=leaving)
    done = await gateway.proofs.came_back(row)
    if done.code is None:
        return page("proven", service=gateway.proofs.title(row.method), leaving=leaving)
    left = row.expires_at - gateway.clock()
    return page("entered", code=done.code, minutes=ceil(left.total_seconds() / 60), leaving=leaving)


def _leaving(gateway: Gateway, service: str | None) -> Leaving | None:
    """Return the way out of an identity service; None where there is none, or it cannot be told just now."""
    if service is None:
        return None
    try:
        return Leaving(gateway.proofs.title(service), gateway.proofs.sign_out_url(service))
    except (ProviderUnknown, NotSupported, TellUs):  # what the page has to tell matters more
        return None


def _reason(step: Waiting) -> str | None:
    """Return why a step is asked for, where it says so."""
    return told_of(getattr(step, "problem", None))


def _wanted(step: Waiting) -> tuple[str, ...]:
    match step:
        case Ask(fields=fields):
            return tuple(field.label.ru for field in fields)
        case Choose(title=title):
            return (title.ru,)
        case EnterCode():
            return ("код подтверждения",)
        case ShowQr() | ConfirmElsewhere() | Redirect():
            return ()


def _spoken(child: ChildShown) -> tuple[str, str]:
    """Return a child the way a parent knows it: the first name, then classes and schools."""
    name = known(child.name)
    places = (_place(enrolment) for enrolment in child.enrolments if enrolment.current)
    return (name.first if name else child.label) or "Ребёнок", "; ".join(filter(None, places))


def _place(enrolment: EnrolmentShown) -> str:
    group, school = known(enrolment.group), known(enrolment.school)
    words = (group.name if group else None, (school.short_name or school.name) if school else None)
    return ", ".join(word for word in words if word)


def _veiled(email: str) -> str:
    """Return an e-mail its owner knows again and nobody else learns."""
    name, _, host = email.partition("@")
    return f"{name[:2] if len(name) > 3 else name[:1]}•••@{host}"
