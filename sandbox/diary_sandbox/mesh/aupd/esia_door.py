"""The Госуслуги door of a node: there, back, and the account with the same СНИЛС."""

from starlette.requests import Request
from starlette.responses import Response

from diary_sandbox.esia.relying_party import DiaryAtEsia
from diary_sandbox.esia.systems import NODE
from diary_sandbox.mesh.aupd.accounts import NO_ACCOUNT, NO_SNILS, has_profile, obstacle
from diary_sandbox.mesh.aupd.node_door import let_in, wrong_target
from diary_sandbox.mesh.node import Node
from diary_sandbox.mesh.pages import message
from diary_sandbox.world import Login, LoginKind, LoginState, World

CALLBACK = "/v3/auth/esia/callback"
_TITLE = "Вход не выполнен"
_CARRIED = ("redirect_url", "state")


async def login(node: Node, request: Request) -> Response:
    """`GET /v3/auth/esia/login?redirect_url=&state=`: send the browser to Госуслуги."""
    if stop := wrong_target(request):
        return stop
    carry = {name: request.query_params[name] for name in _CARRIED if name in request.query_params}
    return await DiaryAtEsia(node.state, NODE).send(request, f"{node.address}{CALLBACK}", carry)


async def callback(node: Node, request: Request) -> Response:
    """`GET /v3/auth/esia/callback`: a code goes on to the app, as after the node's own form."""
    returned = DiaryAtEsia(node.state, NODE).take(request)
    if returned is None:
        return message(_TITLE, status=400, error="Время входа истекло. Начните заново.")
    if returned.account is None:
        return message(_TITLE, status=403, error=returned.sentence)
    snils = returned.account.person.snils
    if snils is None:
        return message(_TITLE, status=403, error=NO_SNILS.sentence)
    found = login_by_snils(node.state.world, node.login_kind, snils)
    if found is None or not has_profile(found):
        return message(_TITLE, status=403, error=NO_ACCOUNT.sentence)
    if found.state is LoginState.LOCKED:
        return message(_TITLE, status=403, error="Учётная запись заблокирована.")
    if stands := obstacle(node, found):
        return message(_TITLE, status=403, error=stands.sentence)
    return let_in(node, returned.carry, found)


def login_by_snils(world: World, kind: LoginKind, snils: str) -> Login | None:
    """Return the account of one kind whose owner has a СНИЛС."""
    logins = (login for parent in world.parents_by_snils(snils) for login in parent.logins)
    return next((login for login in logins if login.kind is kind), None)
