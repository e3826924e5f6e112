"""`GET /sps/oauth/ae`: where every login of the city begins."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_sandbox.mesh.pages import message
from diary_sandbox.mesh.sudir.clients import Client
from diary_sandbox.mesh.sudir.logins import AuthorizeRequest, PendingLogin
from diary_sandbox.mesh.sudir.provider import LOGIN_COOKIE, SCOPES, SSO_COOKIE, Provider
from diary_sandbox.mesh.sudir.qr import link_of


async def authorize(provider: Provider, request: Request) -> Response:
    """Check an authorization request; go on to a login page, to headless steps, or straight back.

    A client or an address that is not known is told to the person, never redirected to. Everything else that
    is wrong goes back to the client as `error` (RFC 6749 §4.1.2.1).
    """
    query = request.query_params
    client = provider.client(query.get("client_id", ""))
    redirect_uri = query.get("redirect_uri", "")
    if client is None:
        return _stop("Приложение не зарегистрировано (client_id).")
    if not client.may_start(provider.now()):
        return _stop("Регистрация приложения устарела, начните вход заново (client_id).")
    if not client.allows(redirect_uri):
        return _stop("Адрес возврата не принадлежит приложению (redirect_uri).")
    asked = AuthorizeRequest(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        scope=" ".join(query.get("scope", "").split()),
        state=query.get("state"),
        challenge=query.get("code_challenge"),
        nonce=query.get("nonce"),
        offline=query.get("access_type") == "offline",
    )
    if fault := _fault(client, asked, query):
        return RedirectResponse(asked.answer(error=fault[0], error_description=fault[1]), status_code=302)
    return _start(provider, request, asked)


def _start(provider: Provider, request: Request, asked: AuthorizeRequest) -> Response:
    now = provider.now()
    back = f"{request.url.path}?{request.url.query}"
    prompt = request.query_params.get("prompt")
    headless = request.query_params.get("display") == "script"
    holder = provider.logins.session_holder(request.cookies.get(SSO_COOKIE), now)
    if holder is not None and prompt != "login" and not headless:
        return RedirectResponse(asked.answer(code=provider.code_for(asked, holder)), status_code=302)
    if prompt == "none":
        refusal = asked.answer(error="login_required", error_description="no session")
        return RedirectResponse(refusal, status_code=302)
    login = provider.logins.begin(asked, back, now)
    response: Response
    if headless:
        response = JSONResponse({"items": headless_items(request, login)})
    else:
        response = RedirectResponse(f"/sps/login/methods/password?bo={quote(back, safe='')}", status_code=302)
    response.set_cookie(LOGIN_COOKIE, login.id, httponly=True)
    return response


def headless_items(request: Request, login: PendingLogin) -> list[dict[str, object]]:
    """Return the ways to go on that a headless client may choose from."""
    return [
        {"inquire": "login_with_password", "proofOfWork": login.stamp_header},
        {
            "inquire": "show_qr_code",
            "link": link_of(request, login.qr),
            "expires": int(login.qr.expires_at.timestamp()),
            "logo": None,
        },
    ]


def _fault(client: Client, asked: AuthorizeRequest, query: Mapping[str, str]) -> tuple[str, str] | None:
    if query.get("response_type") != "code":
        return "unsupported_response_type", "only code is supported"
    unknown = [scope for scope in asked.scope.split() if scope not in SCOPES]
    if unknown or not asked.scope:
        return "invalid_scope", f"unknown scope: {' '.join(unknown)}" if unknown else "scope is required"
    if asked.challenge is None:
        # Apps cannot keep a secret, so they must prove the code is theirs; the web diary keeps one.
        return None if client.registered_at is None else ("invalid_request", "code_challenge is required")
    if query.get("code_challenge_method") != "S256":
        return "invalid_request", "code_challenge_method must be S256"
    return None


def _stop(reason: str) -> Response:
    return message("Вход невозможен", status=400, error=reason)
