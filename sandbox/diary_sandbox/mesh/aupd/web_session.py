"""Sign-in of the web diary: to the city and back, with the tokens in cookies."""

from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from diary_sandbox.mesh.aupd.accounts import account, obstacle
from diary_sandbox.mesh.aupd.cookies import clear_cookies, set_cookies
from diary_sandbox.mesh.node import Node
from diary_sandbox.mesh.pages import message
from diary_sandbox.mesh.sudir.clients import WEB_CLIENT_ID
from diary_sandbox.mesh.sudir.grants import Grants, InvalidGrant

SUDIR_HOST = "login.mos.ru"
STATE_COOKIE = "sudir_state"
SCOPE = "openid profile birthday contacts snils"


async def login(node: Node, request: Request) -> Response:
    """`GET /v3/auth/sudir/login`: a page that moves the browser on to the city's login."""
    del request
    state = node.state.store.secret(24)
    city = node.state.hosts.get(f"https://{SUDIR_HOST}", f"https://{SUDIR_HOST}")
    query = urlencode(
        {
            "client_id": WEB_CLIENT_ID,
            "response_type": "code",
            "scope": SCOPE,
            "redirect_uri": callback_address(node),
            "state": state,
        }
    )
    target = escape(f"{city}/sps/oauth/ae?{query}")
    refresh = f'<meta http-equiv="refresh" content="0;url={target}">'
    response = HTMLResponse(f"<html><head><title>SANDBOX</title>{refresh}</head></html>")
    response.set_cookie(STATE_COOKIE, state, httponly=True)
    return response


async def callback(node: Node, request: Request) -> Response:
    """`GET /v3/auth/sudir/callback`: fetch the city token behind the scenes and set the diary's cookies."""
    query = request.query_params
    state = request.cookies.get(STATE_COOKIE)
    if state is None or query.get("state") != state:
        return message("Вход не выполнен", status=400, error="Вход начат в другом окне. Начните заново.")
    if "code" not in query:
        return message("Вход не выполнен", status=400, error=query.get("error_description", "Вход отменён."))
    try:
        grant, _ = Grants(node.state.store).redeem(
            query["code"],
            client_id=WEB_CLIENT_ID,
            redirect_uri=callback_address(node),
            verifier=None,
            now=node.state.clock.now(),
        )
    except InvalidGrant:
        return message("Вход не выполнен", status=400, error="Время входа истекло. Начните заново.")
    if stands := obstacle(node, account(node, grant.parent_id)):
        return message("Вход не выполнен", status=403, error=stands.sentence)
    response = RedirectResponse("/diary", status_code=302)
    set_cookies(response, node.tokens.open(grant.parent_id))
    response.delete_cookie(STATE_COOKIE)
    return response


async def diary(node: Node, request: Request) -> Response:
    """`GET /diary`: where a signed-in browser lands; the web diary itself is not emulated."""
    del request
    return message("Дневник", f"Вы вошли. Интерфейс для программ: {node.address}/api/family/web/v1/profile")


async def logout(node: Node, request: Request) -> Response:
    """`GET /v3/auth/logout`: drop the cookies; the tokens themselves live on until they expire."""
    del node, request
    response = RedirectResponse("/", status_code=302)
    clear_cookies(response)
    return response


def callback_address(node: Node) -> str:
    """Return where the city sends the browser back to."""
    return f"{node.address}/v3/auth/sudir/callback"
