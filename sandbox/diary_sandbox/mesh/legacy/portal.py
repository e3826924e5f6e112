"""The city portal's side: signing in, the saved accounts, and opening one of them."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_sandbox.mesh.legacy.door import PORTAL_COOKIE, Door
from diary_sandbox.mesh.pages import page

JOURNAL = "/ru/application/dogm/journal/"
NEW_SYSTEM = "e"


async def sign_in_2016(door: Door, request: Request) -> Response:
    """`POST /eaidit/eaiditweb/outerlogin.do`: `username` and `password`."""
    return await _sign_in(door, request, "username", "password")


async def sign_in_2017(door: Door, request: Request) -> Response:
    """`POST /sps/j_security_check`: `j_username`, `j_password`, `accessType=alias`."""
    return await _sign_in(door, request, "j_username", "j_password")


async def journal(door: Door, request: Request) -> Response:
    """`GET /ru/application/dogm/journal/`: the service page with the saved accounts."""
    parent_id = door.portal_holder(request.cookies.get(PORTAL_COOKIE))
    if parent_id is None:
        return page("portal_login.html", title="Вход на портал")
    nonce, signature = door.new_nonce(parent_id)
    return page(
        "journal.html",
        title="Электронный дневник ученика (МРКО)",
        accounts=door.accounts(parent_id),
        nonce=nonce,
        signature=signature,
        timestamp=door.state.clock.timestamp(),
    )


async def get_token(door: Door, request: Request) -> Response:
    """`POST /ru/application/dogm/journal/` with `ajaxAction=get_token`: a token for one account.

    `data[subsystem]=e` asks for the next system, which takes no such token here; without it, МРКО. What the
    portal says to a wrong pair is not known: an answer without a token.
    """
    if door.portal_holder(request.cookies.get(PORTAL_COOKIE)) is None:
        return RedirectResponse(JOURNAL, status_code=302)
    form = await request.form()
    login, password = str(form.get("data[login]", "")), str(form.get("data[pass]", ""))
    account = door.account(login)
    asked = form.get("ajaxAction") == "get_token" and form.get("ajaxModule") == "DogmJournal"
    if not asked or account is None or account.password != password:
        return JSONResponse({"data": {"params": {}}})
    return JSONResponse({"data": {"params": {"token": door.new_token(account)}}})


async def storage_token(door: Door, request: Request) -> Response:
    """`POST /data/token`: the four values of the journal page become a storage token."""
    form = await request.form()
    complete = all(form.get(name) for name in ("system_id", "nonce", "timestamp", "signature"))
    token = door.storage_token(str(form.get("nonce")), str(form.get("signature"))) if complete else None
    if token is None:
        return JSONResponse({"error": "signature is wrong"}, status_code=403)
    response = JSONResponse({"token": token})
    response.set_cookie("elk_token", f"sandbox|{token}")
    return response


async def saved_accounts(door: Door, request: Request) -> Response:
    """`GET /data/{token}/profile/me/E_DIARY/`: the saved accounts, passwords in clear.

    `SYSTEM` says which generation an account is for and may be missing: here the first account of a person
    has it, the others have not.
    """
    parent_id = door.storage_holder(request.path_params["token"])
    if parent_id is None:
        return JSONResponse({"error": "token is not known"}, status_code=403)
    data: list[dict[str, object]] = []
    for account in door.accounts(parent_id):
        entry: dict[str, object] = {
            "LOGIN": account.login,
            "PASSWORD": account.password,
            "COMMENT": account.account_name,
        }
        data.append(entry if data else {**entry, "SYSTEM": NEW_SYSTEM})
    return JSONResponse({"data": data})


async def _sign_in(door: Door, request: Request, login_field: str, password_field: str) -> Response:
    form = await request.form()
    cookie = door.open_portal(str(form.get(login_field, "")), str(form.get(password_field, "")))
    if cookie is None:
        return page("portal_login.html", title="Вход на портал", error="Неверный логин или пароль.")
    response = RedirectResponse(JOURNAL, status_code=302)
    response.set_cookie(PORTAL_COOKIE, cookie, httponly=True)
    response.set_cookie("PD-ID", cookie[:16])
    response.set_cookie("Ltpatoken2", cookie[16:])
    return response
