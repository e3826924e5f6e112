"""The server of esia.gosuslugi.ru."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from diary_sandbox.esia.authorize import Authorize
from diary_sandbox.esia.login import LoginPages
from diary_sandbox.esia.pages import Pages
from diary_sandbox.esia.rest import PersonResources
from diary_sandbox.esia.sign_ins import SESSION_COOKIE, SignIns
from diary_sandbox.esia.systems import Systems
from diary_sandbox.esia.token_endpoint import TokenEndpoint
from diary_sandbox.state import SandboxState


def build(state: SandboxState, host: str) -> Starlette:
    """Return the server."""
    del host  # it has one name
    pages = Pages()
    authorize, login = Authorize(state, pages), LoginPages(state, pages)
    token, resources = TokenEndpoint(state, pages), PersonResources(state)

    async def home(_: Request) -> Response:
        return pages.notice(
            "Вход", "Сюда приходят из других систем: сам по себе этот адрес ничего не делает."
        )

    async def log_out(request: Request) -> Response:
        return _log_out(state, pages, request)

    async def missing(_: Request, __: Exception) -> Response:
        return pages.notice("Нет такой страницы", status=404)

    prns = "/rs/prns/{oid}"
    return Starlette(
        routes=[
            Route("/", home),
            Route("/aas/oauth2/v2/ac", authorize.current, methods=["GET", "POST"]),
            Route("/aas/oauth2/ac", authorize.legacy, methods=["GET", "POST"]),
            Route("/aas/oauth2/v3/te", token.current, methods=["POST"]),
            Route("/aas/oauth2/te", token.legacy, methods=["POST"]),
            Route("/login", login.show, methods=["GET"]),
            Route("/login", login.password, methods=["POST"]),
            Route("/login/code", login.code, methods=["POST"]),
            Route("/login/consent", login.consent, methods=["POST"]),
            Route("/idp/ext/Logout", log_out),
            Route(prns, resources.person),
            Route(f"{prns}/{{collection}}", resources.collection),
            Route(f"{prns}/{{collection}}/{{id}}", resources.element),
        ],
        exception_handlers={404: missing},
    )


def _log_out(state: SandboxState, pages: Pages, request: Request) -> Response:
    """End the session; go back only to an address the named system is registered with."""
    SignIns(state).close(request.cookies.get(SESSION_COOKIE))
    query = request.query_params
    system, target = Systems(state).find(query.get("client_id", "")), query.get("redirect_url", "")
    response: Response
    if system is not None and system.allows(target):
        response = RedirectResponse(target, 302)
    else:
        response = pages.notice("Вы вышли", "Это окно можно закрыть.")
    response.delete_cookie(SESSION_COOKIE)
    return response
