"""The server of login.mos.ru."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from diary_sandbox.mesh.sudir import (
    authorize,
    gosuslugi,
    password,
    qr,
    registration,
    second_factor,
    token_endpoint,
)
from diary_sandbox.mesh.sudir.provider import SSO_COOKIE, Provider
from diary_sandbox.state import SandboxState

Endpoint = Callable[[Provider, Request], Awaitable[Response]]


def build(state: SandboxState, host: str, *, initial_token: str | None = None) -> Starlette:
    """Return the identity provider of the city.

    Args:
        state: The running sandbox.
        host: The emulated name, `login.mos.ru`.
        initial_token: What an app must show to register itself. None takes any well-formed bearer token:
            every known client brings one of its own, and the sandbox wants to serve them all.
    """
    provider = Provider(state, host, initial_token)
    return Starlette(
        routes=[_route(provider, method, path, endpoint) for (method, path), endpoint in _ENDPOINTS.items()]
    )


def _route(provider: Provider, method: str, path: str, endpoint: Endpoint) -> Route:
    async def handle(request: Request) -> Response:
        return await endpoint(provider, request)

    return Route(path, handle, methods=[method], name=f"{method} {path}")


async def _logout(provider: Provider, request: Request) -> Response:
    """End the city session; the address to go on to is taken as it is: the sandbox has no strangers."""
    provider.logins.close_session(request.cookies.get(SSO_COOKIE))
    target = request.query_params.get("post_logout_redirect_uri", "/")
    response = RedirectResponse(target, status_code=302)
    response.delete_cookie(SSO_COOKIE)
    return response


_LOGIN = "/sps/login"
_ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("POST", "/sps/oauth/register"): registration.register,
    ("GET", "/sps/oauth/ae"): authorize.authorize,
    ("POST", "/sps/oauth/te"): token_endpoint.token,
    ("GET", f"{_LOGIN}/methods/password"): password.password_page,
    ("POST", f"{_LOGIN}/methods/password"): password.password_posted,
    ("POST", f"{_LOGIN}/methods/headless/password"): password.headless_password,
    ("GET", f"{_LOGIN}/externalIdps/execute"): gosuslugi.execute,
    ("GET", gosuslugi.CALLBACK): gosuslugi.callback,
    ("POST", f"{_LOGIN}/methods/headless/sms/bind"): second_factor.headless_bind,
    ("GET", f"{_LOGIN}/methods2/{{medium}}"): second_factor.code_page,
    ("POST", f"{_LOGIN}/methods2/{{medium}}"): second_factor.code_posted,
    ("GET", f"{_LOGIN}/methods/qrCode"): qr.screen,
    ("GET", f"{_LOGIN}/methods/qrCode/pull"): qr.pull,
    ("GET", f"{_LOGIN}/methods/headless/qrCode/pull"): qr.pull,
    ("POST", f"{_LOGIN}/methods/headless/qrCode/refresh"): qr.refresh,
    ("POST", f"{_LOGIN}/methods/qrCode/complete"): qr.complete,
    ("POST", f"{_LOGIN}/methods/headless/qrCode/complete"): qr.complete,
    ("POST", f"{_LOGIN}/methods/{{medium}}"): second_factor.code_posted,
    ("POST", f"{_LOGIN}/method/flashCall"): second_factor.code_posted,
    ("POST", f"{_LOGIN}/method/flashCall/code"): second_factor.code_posted,
    ("GET", second_factor.TRUST_PATH): second_factor.trust_page,
    ("POST", second_factor.TRUST_PATH): second_factor.trust_posted,
    ("GET", f"{_LOGIN}/logout"): _logout,
    ("GET", "/qr/{key}"): qr.phone,
    ("POST", "/qr/{key}"): qr.phone,
    ("GET", "/qr/{key}/done"): qr.phone_done,
    ("GET", "/sandbox/code"): second_factor.sent_code,
}
