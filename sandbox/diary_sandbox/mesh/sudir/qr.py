"""Login by a QR code: the screen shows it, a phone that is signed in confirms it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_sandbox.mesh.pages import message, page
from diary_sandbox.mesh.sudir.logins import QrCode
from diary_sandbox.mesh.sudir.password import Refused, begin_again, errors, go_on, judge
from diary_sandbox.mesh.sudir.provider import Provider

_PHONE = "Подтвердите вход"


def link_of(request: Request, qr: QrCode) -> str:
    """Return the address inside a QR code: a page of this very server."""
    return f"{str(request.base_url).rstrip('/')}/qr/{qr.key}"


async def pull(provider: Provider, request: Request) -> Response:
    """`GET …/qrCode/pull`: tell the polling screen what to do now."""
    login = provider.pending(request)
    if login is None:
        return JSONResponse({"command": "needRefresh", "cause": "login_expired"})
    qr = login.qr
    if qr.state == "confirmed":
        return JSONResponse({"command": "needComplete"})
    if provider.now() >= qr.expires_at:
        return JSONResponse({"command": "needRefresh", "cause": "qr_code_expired"})
    if qr.state == "scanned":
        return JSONResponse({"command": "askForConfirm"})
    expires = int(qr.expires_at.timestamp())
    return JSONResponse({"command": "showQRCode", "link": link_of(request, qr), "expires": expires})


async def refresh(provider: Provider, request: Request) -> Response:
    """`POST …/qrCode/refresh`: a new code for the same login."""
    login = provider.pending(request)
    if login is None:
        return errors("expired")
    login.qr = provider.logins.new_qr(provider.now())
    expires = int(login.qr.expires_at.timestamp())
    return JSONResponse({"command": "showQRCode", "link": link_of(request, login.qr), "expires": expires})


async def complete(provider: Provider, request: Request) -> Response:
    """`POST …/qrCode/complete`: go on as a right password would."""
    login = provider.pending(request)
    if login is None or login.qr.state != "confirmed":
        return errors("expired")
    login.parent_id = login.qr.parent_id
    return go_on(provider, request, login)


async def screen(provider: Provider, request: Request) -> Response:
    """Show the code as a link, for people without a second device."""
    login = provider.pending(request)
    if login is None:
        return begin_again()
    return page(
        "qr.html",
        title="Вход по QR-коду",
        link=link_of(request, login.qr),
        action="/sps/login/methods/qrCode/complete",
    )


async def phone(provider: Provider, request: Request) -> Response:
    """Stand in for the signed-in phone that scanned the code: ask whose login it is."""
    login = provider.logins.by_qr(request.path_params["key"])
    if login is None or provider.now() >= login.qr.expires_at:
        return message("QR-код устарел", status=404, error="Обновите код на экране входа.")
    if request.method == "GET":
        login.qr.state = "scanned"
        return page("login.html", title=_PHONE, action=request.url.path, login="")
    form = await request.form()
    username = str(form.get("login", ""))
    verdict = judge(provider, username, str(form.get("password", "")))
    if isinstance(verdict, Refused):
        error = "Неверный логин или пароль."
        return page("login.html", title=_PHONE, error=error, action=request.url.path, login=username)
    login.qr.state, login.qr.parent_id = "confirmed", verdict.parent_id
    return RedirectResponse(f"{request.url.path}/done", status_code=303)


async def phone_done(provider: Provider, request: Request) -> Response:
    """Say that the screen may go on."""
    del provider, request
    return message("Вход подтверждён", "Вернитесь на экран входа.")
