"""The server of `login.dnevnik.ru`."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from diary_sandbox.dnevnik.login.esia_pages import RETURN_PATH, EsiaPages
from diary_sandbox.dnevnik.login.form import LoginForm
from diary_sandbox.dnevnik.login.oauth import RESULT_PATH, Authorize
from diary_sandbox.dnevnik.login.pages import Pages
from diary_sandbox.dnevnik.login.return_urls import HOME
from diary_sandbox.dnevnik.login.sessions import Sessions
from diary_sandbox.state import SandboxState


def build_login(state: SandboxState) -> Starlette:
    """Return the server."""
    pages = Pages()
    form, authorize, esia = LoginForm(state, pages), Authorize(state, pages), EsiaPages(state, pages)

    async def done(request: Request) -> Response:
        if Sessions(state).parent_id(request) is None:
            return RedirectResponse("/login/", 302)
        return pages.notice("Вы вошли", "Это окно можно закрыть.", link=("/logout", "Выйти"))

    async def log_out(request: Request) -> Response:
        response = RedirectResponse("/login/", 302)
        Sessions(state).close(request, response)
        return response

    async def missing(request: Request, error: Exception) -> Response:
        del request, error  # the same for everybody
        return pages.notice("Нет такой страницы", link=("/login/", "Ко входу"), status=404)

    return Starlette(
        routes=[
            Route("/", RedirectResponse("/login/", 302)),
            *(Route(path, form.show, methods=["GET"]) for path in ("/login", "/login/")),
            *(Route(path, form.submit, methods=["POST"]) for path in ("/login", "/login/")),
            Route("/login/activation", form.activate, methods=["POST"]),
            Route(HOME, done),
            Route("/logout", log_out),
            *(Route(path, authorize.show, methods=["GET"]) for path in ("/oauth2", "/oauth2/")),
            *(Route(path, authorize.submit, methods=["POST"]) for path in ("/oauth2", "/oauth2/")),
            Route(RESULT_PATH, authorize.result),
            Route("/login/esia", esia.choose),
            Route("/login/esia/{slug}", esia.entry, methods=["GET"]),
            # The real page also holds the form, and scripts post to it.
            Route("/login/esia/{slug}", form.submit, methods=["POST"]),
            Route("/esia/redirect/{slug}", esia.entry),
            Route(RETURN_PATH, esia.came_back),
            Route("/esia/link", esia.link, methods=["POST"]),
            Route("/esia/profile", esia.pick, methods=["POST"]),
            Route("/esia/auth", esia.returned),
            Route("/esia/auth/message/OfferLinkingAccounts", esia.offer),
        ],
        exception_handlers={404: missing},
    )
