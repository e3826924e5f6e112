"""City token → diary token, and the renewals of the latter."""

from zlib import crc32

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from diary_sandbox.mesh.aupd.accounts import account, obstacle
from diary_sandbox.mesh.aupd.cookies import set_cookies
from diary_sandbox.mesh.aupd.refusals import bad_request, gateway_failure, refused, unauthorized
from diary_sandbox.mesh.aupd.tokens import PARENT_ROLE, SUBSYSTEM
from diary_sandbox.mesh.node import Node, carriers
from diary_sandbox.mesh.request_body import BadBody, inner, json_object, text
from diary_sandbox.mesh.sudir.grants import Grants


async def sudir_auth(node: Node, request: Request) -> Response:
    """`POST /v3/auth/sudir/auth`: give diary tokens for a living city token."""
    try:
        body = await json_object(request)
        city_token = text(inner(body, "user_authentication_for_mobile_request"), "mos_access_token")
    except BadBody as error:
        return bad_request(str(error))
    parent_id = Grants(node.state.store).holder(city_token, node.state.clock.now())
    if parent_id is None:
        return unauthorized()
    if stands := obstacle(node, account(node, parent_id)):
        if stands.no_snils:
            return JSONResponse({"user_authentication_for_mobile_response": None})
        return refused(422, "accountDoesNotExist", "accountDoesNotExist")
    pair = node.tokens.open(parent_id)
    tokens = {"mesh_access_token": pair.access, "mesh_refresh_token": pair.refresh}
    return JSONResponse({"user_authentication_for_mobile_response": tokens})


async def refresh(node: Node, request: Request) -> Response:
    """`POST /v3/token/refresh`: rotate both tokens.

    The token comes as form field `refresh_token`, or as cookie `aupd_refresh_token` with an empty form; in
    the second case the new pair is set as cookies too.
    """
    posted = (await request.form()).get("refresh_token")
    cookie = request.cookies.get("aupd_refresh_token")
    given = posted if isinstance(posted, str) and posted else cookie
    if given is None:
        return refused(403, "RefreshTokenError", "refresh token is required")
    pair = node.tokens.refresh(given)
    if pair == "unknown":
        return refused(404, "RefreshTokenError", "refresh token is not known")
    if isinstance(pair, str):
        return refused(401, "RefreshTokenError", "refresh token is dead")
    body = {"access_token": pair.access, "refresh_token": pair.refresh}
    response = JSONResponse(body, status_code=201)
    if given is cookie:
        set_cookies(response, pair)
    return response


async def reissue(node: Node, request: Request) -> Response:
    """`GET /v2/token/refresh`: a token for a role, as plain text, sometimes in quotes; `exp` stays."""
    carried = carriers(request)
    if not carried:
        return refused(403, "RefreshTokenError", "access token is required")
    access = node.tokens.read(carried[0])
    if isinstance(access, str):
        return unauthorized()
    query = request.query_params
    if "roleId" not in query and "subsystem" not in query:
        return gateway_failure()
    if query.get("roleId") != str(PARENT_ROLE) or query.get("subsystem", str(SUBSYSTEM)) != str(SUBSYSTEM):
        return PlainTextResponse("user roles insufficient", status_code=499)
    token = node.tokens.reissue(access, PARENT_ROLE)
    quoted = crc32(access.token_id.encode()) % 2 == 1
    return PlainTextResponse(f'"{token}"' if quoted else token, status_code=201)
