"""Who is signed in: the activating call, user cards, the family profile, settings."""

from starlette.requests import Request
from starlette.responses import Response

from diary_sandbox.mesh.aupd.accounts import account, has_profile
from diary_sandbox.mesh.aupd.refusals import bad_request, unauthorized
from diary_sandbox.mesh.calls import Call, answer
from diary_sandbox.mesh.guards import ANY_SUBSYSTEM
from diary_sandbox.mesh.node import Node
from diary_sandbox.mesh.request_body import BadBody, json_object, text
from diary_sandbox.mesh.wire import family


def profile_info(call: Call) -> Response:
    """`GET …/mod-acl/users/profile_info`: the caller's profiles; a fresh token works from now on."""
    call.access.session.active = True
    linked = has_profile(account(call.node, call.access.parent_id))
    return answer(family.profiles(call.parent, linked=linked))


async def sessions(node: Node, request: Request) -> Response:
    """`POST /api/ej/acl/v1/sessions` `{"auth_token"}`: the other call that makes a fresh token work."""
    if request.headers.get("x-mes-subsystem", "").lower() not in ANY_SUBSYSTEM:
        return unauthorized()
    try:
        token = text(await json_object(request), "auth_token")
    except BadBody as error:
        return bad_request(str(error))
    access = node.tokens.read(token)
    if isinstance(access, str):
        return unauthorized()
    access.session.active = True
    world = node.state.world
    children = world.children_of(access.parent_id, node.host)
    school = world.school(children[0].school_id) if children else None
    linked = has_profile(account(node, access.parent_id))
    return answer(family.session(world.parent(access.parent_id), school, token, linked=linked))


def user_info(call: Call) -> Response:
    """`GET /v3/userinfo`."""
    login = account(call.node, call.access.parent_id)
    return answer(family.user_info(call.parent, login.username, call.node.address))


def oidc_user_info(call: Call) -> Response:
    """`GET /v1/oauth/userinfo`."""
    return answer(family.oidc_user_info(call.parent, call.children()))


def family_profile(call: Call) -> Response:
    """`GET fm/profile`."""
    return answer(family.family_profile(call.world, call.parent, call.children(), call.today))


def settings(call: Call) -> Response:
    """`GET /api/usersettings/v1`: what was stored; 200 with an empty body when nothing was."""
    stored = call.node.state.store.bucket("mesh.settings", bytes).get(_settings_key(call))
    return Response(stored or b"", media_type="application/json")


def store_settings(call: Call) -> Response:
    """`PUT /api/usersettings/v1`: keep an object as it is."""
    call.json()
    call.node.state.store.bucket("mesh.settings", bytes)[_settings_key(call)] = call.body
    return Response(b"", media_type="application/json")


def _settings_key(call: Call) -> str:
    return f"{call.node.host} {call.access.parent_id} {call.text('name')}"
