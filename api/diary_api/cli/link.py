"""The command that links a diary: it opens the browser, asks here for what is asked here, and waits."""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Mapping
from typing import Annotated, Final

import typer

from diary_api.cli.client import Gateway, Refused
from diary_api.cli.screen import aside, screen, show_problem
from diary_api.cli.weeks import first_name
from diary_api.connections.schemas import Connection, PendingStep
from diary_api.school.schemas import Children
from diary_core.sign_in import Ask, Choose, ConfirmElsewhere, EnterCode, Redirect, ShowQr

_LOOK_EVERY_S: Final = 1.5
_OWNER: Final[Mapping[str, str]] = {
    "unproven": "владелец не сверялся: личность в аккаунте не подтверждена",
    "proven": "владелец подтверждён: СНИЛС и ФИО совпали",
    "proven_by_birth_date": "владелец подтверждён: СНИЛС и дата рождения",
    "proven_by_login": "владелец подтверждён логином дневника",
}


def command(
    region: Annotated[str, typer.Argument(help="Two-digit code of the region, such as 29.")],
    method: Annotated[str, typer.Argument(help="Way to sign in, as `diary regions REGION` lists them.")],
    url: Annotated[str, typer.Option(envvar="DIARY_URL", help="Where the gateway listens.")] = (
        "http://127.0.0.1:8000"
    ),
    token: Annotated[
        str,
        typer.Option(
            envvar="DIARY_TOKEN",
            help="A session, or a token that may manage and read connections.",
            prompt=True,
        ),
    ] = "",
    browser: Annotated[bool, typer.Option(help="Open the browser, or only print the address.")] = True,
) -> None:
    """Link a diary: open the browser, wait for it to come back, and say what came of it."""
    with Gateway(url, token) as gateway:
        try:
            link = gateway.post("/v1/connections", {"region": region, "method": method}, Connection)
            while link.pending is not None:
                link = _next(gateway, link, link.pending, open_browser=browser)
            _tell(gateway, link)
        except Refused as refused:
            show_problem(refused.problem)
            raise typer.Exit(1) from refused
    if link.state != "active":
        raise typer.Exit(1)


def _next(gateway: Gateway, link: Connection, pending: PendingStep, *, open_browser: bool) -> Connection:
    """Take one step, and return the connection after it."""
    step = pending.step
    match step:
        case Redirect(url=url):
            aside.print(f"Откройте в браузере: {url}", soft_wrap=True, markup=False)
            if open_browser:
                webbrowser.open(url)
            return _wait(gateway, link.id, pending.turn)
        case Ask():
            values = {
                field.name: typer.prompt(
                    field.label.ru,
                    hide_input=field.secret,
                    default=None if field.required else "",
                    show_default=False,
                    err=True,
                )
                for field in step.fields
            }
        case EnterCode():
            values = {"code": typer.prompt("Код", err=True)}
        case Choose():
            for number, option in enumerate(step.options, 1):
                aside.print(f"{number}. {option.title}", markup=False)
            values = {"choice": _chosen(step)}
        case ShowQr() | ConfirmElsewhere():
            aside.print("Подтвердите вход в приложении дневника.")
            time.sleep(_LOOK_EVERY_S)
            values = {}
    return gateway.post(
        f"/v1/connections/{link.id}/steps", {"values": values, "turn": pending.turn}, Connection
    )


def _chosen(step: Choose) -> str:
    while True:
        typed = typer.prompt(step.title.ru, err=True)
        if typed.isdecimal() and 0 < int(typed) <= len(step.options):
            return step.options[int(typed) - 1].id
        aside.print(f"Введите число от 1 до {len(step.options)}.")


def _wait(gateway: Gateway, connection_id: str, turn: int) -> Connection:
    """Wait until the browser has come back, or too late to come."""
    with aside.status("Ждём, пока браузер вернётся…"):
        while True:
            link = gateway.get(f"/v1/connections/{connection_id}", Connection)
            if link.pending is None or link.pending.turn != turn:
                return link
            time.sleep(_LOOK_EVERY_S)


def _tell(gateway: Gateway, link: Connection) -> None:
    title = link.title.ru if link.title else link.provider
    if link.state != "active":
        aside.print(f"[bold red]Не подключено:[/] {title} [dim]({link.outcome or 'sign_in_expired'})[/]")
        return
    screen.print(f"[bold green]Подключено:[/] {title} — {_OWNER[link.identity]}", soft_wrap=True)
    try:
        children = gateway.get("/v1/children", Children).items
    except Refused:  # the token may link diaries but not read them
        return
    for child in children:
        if child.connection_id == link.id:
            screen.print(f"  {first_name(child)}", markup=False)
