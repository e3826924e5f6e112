"""Госуслуги as an external provider of the city's login: the button, the way there and back."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from diary_sandbox.esia.relying_party import DiaryAtEsia
from diary_sandbox.esia.systems import CITY
from diary_sandbox.mesh.aupd.esia_door import login_by_snils
from diary_sandbox.mesh.pages import message
from diary_sandbox.mesh.sudir.password import back_to_client, begin_again, go_on
from diary_sandbox.mesh.sudir.provider import Provider
from diary_sandbox.world import LoginKind, LoginState

CALLBACK = "/sps/login/externalIdps/callback/esia/esia_1"


async def execute(provider: Provider, request: Request) -> Response:
    """`GET /sps/login/externalIdps/execute?typ=esia&name=esia_1`: send the browser to Госуслуги, with 303."""
    pending = provider.pending(request)
    if pending is None:
        return begin_again()
    if request.query_params.get("typ") != "esia":
        return message("Такого способа входа нет", status=404)
    home = f"https://{provider.host}"
    address = f"{provider.state.hosts.get(home, home)}{CALLBACK}"
    response = await DiaryAtEsia(provider.state, CITY).send(request, address, {"login": pending.id})
    response.status_code = 303
    return response


async def callback(provider: Provider, request: Request) -> Response:
    """Take the browser back: the city account is the one with the same СНИЛС, and no code is asked for."""
    returned = DiaryAtEsia(provider.state, CITY).take(request)
    pending = provider.pending(request)
    if returned is None or pending is None or returned.carry["login"] != pending.id:
        return begin_again()
    back = ("Войти другим способом", f"/sps/login/methods/password?bo={quote(pending.back, safe='')}")
    if returned.account is None:
        return message("Вход не выполнен", status=403, error=returned.sentence, links=[back])
    snils = returned.account.person.snils
    login = login_by_snils(provider.state.world, LoginKind.MOS_RU, snils) if snils else None
    if login is None or login.state is LoginState.LOCKED:
        sentence = "Учётная запись mos.ru с вашим СНИЛС не найдена или заблокирована."
        return message("Вход не выполнен", status=403, error=sentence, links=[back])
    pending.parent_id = login.parent_id
    if login.state is LoginState.ACTIVATION_NEEDED:
        return go_on(provider, request, pending)
    return back_to_client(provider, pending)
