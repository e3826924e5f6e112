"""`POST /sps/oauth/register`: an app installation becomes a client (RFC 7591)."""

import re
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from diary_sandbox.mesh.request_body import BadBody, is_array, json_object, text
from diary_sandbox.mesh.sudir.clients import APP_REDIRECTS, stated_redirects
from diary_sandbox.mesh.sudir.provider import Provider

SOFTWARE_ID = "dnevnik.mos.ru"
_WELL_FORMED = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""What a bearer token may be made of (RFC 6750 §2.1)."""


async def register(provider: Provider, request: Request) -> Response:
    """Register an app that shows the initial access token and a software statement.

    What a statement must say is not known; the sandbox takes any JWT and any client metadata. A code may be
    sent to the app's own two addresses, those of the statement, and those of `redirect_uris` in the body.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _WELL_FORMED.fullmatch(token.strip()):
        return _refuse(401, "invalid_token", "initial access token is required")
    if provider.initial_token is not None and not secrets.compare_digest(
        token.strip().encode(), provider.initial_token.encode()
    ):
        return _refuse(401, "invalid_token", "initial access token is not known")
    try:
        body = await json_object(request)
        if text(body, "software_id") != SOFTWARE_ID:
            return _refuse(400, "invalid_client_metadata", "software_id is not known")
        text(body, "device_type")
        stated = stated_redirects(text(body, "software_statement"))
    except BadBody as error:
        return _refuse(400, "invalid_client_metadata", str(error))
    asked = body.get("redirect_uris")
    own = [item for item in asked if isinstance(item, str)] if is_array(asked) else []
    client = provider.clients.register([*APP_REDIRECTS, *stated, *own], provider.now())
    return JSONResponse(
        {
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "registration_access_token": provider.store.secret(43),
            "registration_client_uri": f"{str(request.url).rstrip('/')}/{client.client_id}",
        },
        status_code=201,
    )


def _refuse(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status_code=status)
