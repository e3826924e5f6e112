"""`POST /sps/oauth/te`: codes and refresh tokens become city tokens (RFC 6749 §4.1.3, §6)."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from diary_sandbox.mesh.sudir.clients import Client
from diary_sandbox.mesh.sudir.grants import ACCESS_LIFE, InvalidGrant, TokenPair
from diary_sandbox.mesh.sudir.provider import SCOPES, Provider


async def token(provider: Provider, request: Request) -> Response:
    """Answer a token request; parameters come in the form, or, from some clients, in the query."""
    given: dict[str, str] = dict(request.query_params)
    given.update({key: value for key, value in (await request.form()).items() if isinstance(value, str)})
    client = _client(provider, request, given)
    if client is None:
        return _refuse(401, "invalid_client", "client authentication failed")
    grant_type = given.get("grant_type")
    try:
        match grant_type:
            case "authorization_code":
                return _from_code(provider, client, given)
            case "refresh_token":
                refresh_token = given.get("refresh_token", "")
                pair = provider.grants.refresh(refresh_token, client_id=client.client_id, now=provider.now())
                return _answer(provider, pair)
            case "client_credentials":
                return _from_client(provider, client, given)
            case "urn:ietf:params:oauth:grant-type:token-exchange":
                return _exchanged(provider, given)
            case None:
                return _refuse(400, "invalid_request", "grant_type is required")
            case _:
                return _refuse(400, "unsupported_grant_type", "grant_type is not supported")
    except InvalidGrant as error:
        return _refuse(400, "invalid_grant", str(error))


def _from_code(provider: Provider, client: Client, given: Mapping[str, str]) -> Response:
    if not given.get("code"):
        return _refuse(400, "invalid_request", "code is required")
    grant, pair = provider.grants.redeem(
        given["code"],
        client_id=client.client_id,
        redirect_uri=given.get("redirect_uri"),
        verifier=given.get("code_verifier"),
        now=provider.now(),
    )
    return _answer(provider, pair, grant.nonce)


def _from_client(provider: Provider, client: Client, given: Mapping[str, str]) -> Response:
    """Renew the city token of an installation for the person who signed in through it last."""
    scope = given.get("scope", "")
    holder = provider.grants.last_holder(client.client_id)
    if not scope or not set(scope.split()) <= SCOPES:
        return _refuse(400, "invalid_scope", "scope is required and must be known")
    if holder is None:
        return _refuse(400, "unauthorized_client", "nobody has signed in through this client")
    pair = provider.grants.issue(
        client_id=client.client_id, parent_id=holder, scope=scope, offline=False, now=provider.now()
    )
    return _answer(provider, pair)


def _exchanged(provider: Provider, given: Mapping[str, str]) -> Response:
    """Give an opaque transport token for a living city token; what it opens (payments) is not emulated."""
    if provider.grants.holder(given.get("subject_token", ""), provider.now()) is None:
        raise InvalidGrant("subject_token is unknown")
    return JSONResponse(
        {
            "access_token": provider.store.secret(43),
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "token_type": "Bearer",
            "expires_in": 300,
        }
    )


def _answer(provider: Provider, pair: TokenPair, nonce: str | None = None) -> Response:
    access = pair.access
    now = int(provider.now().timestamp())
    expires_in = int(ACCESS_LIFE.total_seconds())
    body: dict[str, object] = {
        "access_token": access.value,
        "token_type": "Bearer",
        "expires_in": expires_in,
        "scope": access.scope,
    }
    if pair.refresh is not None:
        body["refresh_token"] = pair.refresh.value
    if "openid" in access.scope.split():
        claims: dict[str, object] = {
            "iss": f"https://{provider.host}",
            "sub": provider.state.world.parent(access.parent_id).person.uuid,
            "aud": access.client_id,
            "iat": now,
            "exp": now + expires_in,
        }
        body["id_token"] = provider.key.sign(claims if nonce is None else {**claims, "nonce": nonce})
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _client(provider: Provider, request: Request, given: Mapping[str, str]) -> Client | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return provider.clients.authenticate(given.get("client_id", ""), given.get("client_secret", ""))
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    client_id, _, secret = pair.partition(":")
    return provider.clients.authenticate(unquote(client_id), unquote(secret))


def _refuse(status: int, error: str, description: str) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="sudir"'} if status == 401 else None
    body = {"error": error, "error_description": description}
    return JSONResponse(body, status_code=status, headers=headers)
