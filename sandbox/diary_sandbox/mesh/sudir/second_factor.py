"""The second factor on a new device: one-time codes on pages and headless, and the question of trust."""

import json
from typing import get_args
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from diary_sandbox.mesh.pages import message, page
from diary_sandbox.mesh.sudir.logins import PendingLogin
from diary_sandbox.mesh.sudir.one_time_code import Medium, OneTimeCode, send_code
from diary_sandbox.mesh.sudir.password import back_to_client, begin_again, errors
from diary_sandbox.mesh.sudir.provider import Provider

TRUST_PATH = "/sps/login/ur/askToTrust"
_MEDIA: tuple[Medium, ...] = get_args(Medium)
_FIELDS: dict[Medium, str] = {"sms": "sms-code", "email": "email-code", "flashCall": "code", "totp": "code"}
_NAMES: dict[Medium, str] = {
    "sms": "Код из СМС",
    "email": "Код из письма",
    "flashCall": "Код из звонка",
    "totp": "Код из приложения",
}
_SENTENCES = {
    "invalid_otp": "Неверный код подтверждения.",
    "no_attempts": "Попытки ввода кода исчерпаны. Начните вход заново.",
    "expired": "Срок действия кода истёк. Запросите новый код.",
}


async def code_page(provider: Provider, request: Request) -> Response:
    """`GET /sps/login/methods2/{medium}`: send a code unless one is on its way, and ask for it."""
    pending = _waiting_for_code(provider, request)
    medium = _medium(request)
    if pending is None or medium is None:
        return begin_again()
    stale = pending.code is None or pending.code.medium != medium or pending.code.ttl_s(provider.now()) == 0
    if stale:
        pending.code = send_code(medium, provider.store, provider.now())
    return _form(provider, pending, medium)


async def code_posted(provider: Provider, request: Request) -> Response:
    """Check a code; the right one leads on to the question of trust.

    The same check stands behind `methods2/{medium}`, `methods/{sms|email}`, `method/flashCall` (an empty
    form there orders the call) and `method/flashCall/code`.
    """
    pending = _waiting_for_code(provider, request)
    medium = _medium(request)
    if pending is None or medium is None:
        return begin_again()
    answer = (await request.form()).get(_FIELDS[medium])
    if pending.code is None or pending.code.medium != medium or answer is None:
        pending.code = send_code(medium, provider.store, provider.now())
        return _form(provider, pending, medium)
    verdict = pending.code.check(str(answer), provider.now())
    if verdict == "right":
        pending.stage, pending.code = "trust", None
        return RedirectResponse(f"{TRUST_PATH}?bo={quote(pending.back, safe='')}", status_code=303)
    response = _form(provider, pending, medium, verdict)
    if verdict == "no_attempts":
        provider.logins.drop(pending)
    return response


async def headless_bind(provider: Provider, request: Request) -> Response:
    """`POST /sps/login/methods/headless/sms/bind`: an empty form sends the code, `sms-code` answers it."""
    pending = _waiting_for_code(provider, request)
    if pending is None:
        return errors("expired")
    answer = (await request.form()).get("sms-code")
    if answer is None:
        pending.code = send_code("sms", provider.store, provider.now())
        return JSONResponse(_challenge(provider, pending, pending.code))
    if pending.code is None:
        return errors("expired")
    verdict = pending.code.check(str(answer), provider.now())
    if verdict == "right":
        pending.stage, pending.code = "trust", None
        return RedirectResponse(TRUST_PATH, status_code=303)
    if verdict == "no_attempts":
        provider.logins.drop(pending)
    return errors(verdict)


async def trust_page(provider: Provider, request: Request) -> Response:
    """`GET /sps/login/ur/askToTrust`: ask whether the browser is the person's own."""
    pending = provider.pending(request)
    if pending is None or pending.stage != "trust":
        return begin_again()
    action = f"{TRUST_PATH}?bo={quote(pending.back, safe='')}"
    return page("trust.html", title="Доверять этому браузеру?", action=action)


async def trust_posted(provider: Provider, request: Request) -> Response:
    """`POST /sps/login/ur/askToTrust`: finish the login.

    A form without `action`, such as the old `trust=true`, gives 404 and kills the login.
    """
    pending = provider.pending(request)
    if pending is None or pending.stage != "trust":
        return begin_again()
    action = (await request.form()).get("action")
    if action not in ("trust", "do_not_trust"):
        provider.logins.drop(pending)
        return message("Страница не найдена", status=404)
    parent_id = provider.login_of(pending).parent_id
    response = back_to_client(provider, pending)
    if action == "trust":
        provider.trust(request, response, parent_id)
    return response


async def sent_code(provider: Provider, request: Request) -> Response:
    """`GET /sandbox/code`: the code this browser waits for, as plain text; there is no telephone here."""
    pending = provider.pending(request)
    if pending is None or pending.code is None:
        return PlainTextResponse("no code was sent", status_code=404)
    return PlainTextResponse(pending.code.digits)


def _waiting_for_code(provider: Provider, request: Request) -> PendingLogin | None:
    pending = provider.pending(request)
    return pending if pending is not None and pending.stage == "code" else None


def _medium(request: Request) -> Medium | None:
    asked = request.path_params.get("medium", "flashCall")
    return asked if asked in _MEDIA else None


def _challenge(provider: Provider, pending: PendingLogin, code: OneTimeCode) -> dict[str, object]:
    return {
        "inquire": "enter_sms_code",
        "contact": _masked(provider, pending),
        "remain_attempts": code.attempts_left,
        "ttl": code.ttl_s(provider.now()),
    }


def _masked(provider: Provider, pending: PendingLogin) -> str:
    phone = provider.state.world.parent(provider.login_of(pending).parent_id).person.phone
    return f"+7 *** ***-**-{(phone or '00')[-2:]}"


def _form(provider: Provider, pending: PendingLogin, medium: Medium, code: str | None = None) -> Response:
    sent = pending.code
    if sent is None:
        return begin_again()
    back = quote(pending.back, safe="")
    error = _SENTENCES[code] if code else None
    ttl = sent.ttl_s(provider.now())
    conf = {"ttl": ttl, "attemptsLeft": sent.attempts_left, "error": error}
    path = "/sps/login/method/flashCall/code" if medium == "flashCall" else f"/sps/login/methods2/{medium}"
    return page(
        "code.html",
        title="Подтверждение входа",
        error=error,
        conf=json.dumps(conf, ensure_ascii=False),
        sent=f"{_NAMES[medium]}: {_masked(provider, pending)}",
        digits=sent.digits,
        action=f"{path}?bo={back}",
        field=_FIELDS[medium],
        attempts_left=sent.attempts_left,
        ttl=ttl,
        others=[
            (_NAMES[other], f"/sps/login/methods2/{other}?bo={back}") for other in _MEDIA if other != medium
        ],
    )
