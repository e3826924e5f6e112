"""The command that links a diary, or signs in to a linked one again.

It opens the browser, asks here for what is asked here, and waits.
"""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.markup import escape

from diary_api.cli.children import first_name
from diary_api.cli.client import UNREACHABLE, Gateway, Problem, Refused
from diary_api.cli.screen import aside, screen, show_problem
from diary_api.connections.schemas import Connection, Connections, PendingStep
from diary_api.connections.states import State
from diary_api.problems import PROBLEMS, told_of
from diary_api.regions.schemas import Region
from diary_api.school.schemas import Children
from diary_core.errors import SignInExpired
from diary_core.sign_in import Ask, Choose, ConfirmElsewhere, EnterCode, FormField, Redirect, ShowQr

_LOOK_EVERY_S: Final = 1.5
_CLOSED: Final = frozenset({State.SUSPENDED, State.ARCHIVED})
OWNERS: Final[Mapping[str, str]] = {
    "unproven": "владелец не сверялся: личность в аккаунте не подтверждена",
    "proven": "владелец подтверждён: СНИЛС и ФИО совпали",
    "proven_by_birth_date": "владелец подтверждён: СНИЛС и дата рождения",
    "proven_by_login": "владелец подтверждён логином дневника",
}
"""By what it is known whose a linked diary is."""
_STATE: Final[Mapping[str, str]] = {
    State.AWAITING_USER: "вход не закончен",
    State.ACTIVE: "работает",
    State.DEGRADED: "работает с перебоями",
    State.REAUTH_REQUIRED: "просит войти заново",
    State.BLOCKED: "закрыт школой или дневником",
    State.REVOKED: "отключён",
}
_CODE: Final[Mapping[str, str]] = {
    "sms": "Код из СМС",
    "email": "Код из письма",
    "call": "Код, названный по телефону",
    "app": "Код из приложения",
}
_INTERRUPTED: Final = 130
"""The status of a program that Ctrl-C has ended."""


def command(
    region: Annotated[str, typer.Argument(help="Two-digit code of the region, such as 29.")],
    method: Annotated[str, typer.Argument(help="Way to sign in, as `diary regions REGION` lists them.")],
    *,
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
    another: Annotated[
        bool, typer.Option("--another", help="Link one more diary of the region, of another login.")
    ] = False,
) -> None:
    """Link a diary: open the browser, wait for it to come back, and say what came of it.

    Where the region's diary is linked already, it is signed in to again: its children and their ids stay.
    """
    link: Connection | None = None
    with Gateway(url, token) as gateway:
        try:
            begun = link = _begin(gateway, region, method, another=another)
            while link.pending is not None:
                link = _next(gateway, link, link.pending, open_browser=browser)
            signed_in = link.state == "active" and (
                begun.pending is None or link.outcome_at != begun.outcome_at
            )
            failed_now = link.outcome_at != begun.outcome_at
            _tell(gateway, link, signed_in=signed_in, failed_now=failed_now)
        except Refused as refused:
            show_problem(refused.problem)
            raise typer.Exit(1) from refused
        except (KeyboardInterrupt, typer.Abort) as interrupted:
            _tell_of_interruption(link)
            raise typer.Exit(_INTERRUPTED) from interrupted
    if not signed_in:
        raise typer.Exit(1)


def _begin(gateway: Gateway, region: str, method: str, *, another: bool) -> Connection:
    """Begin to sign in: to a diary the account has in the region, else to a new one."""
    linked: Sequence[Connection] = () if another else _linked(gateway, region, method)
    if not linked:
        return gateway.post("/v1/connections", {"region": region, "method": method}, Connection)
    chosen = linked[0]
    if len(linked) > 1:
        titles = [f"{_title(one)}, {one.created_at:%d.%m.%Y}, {_STATE[one.state]}" for one in linked]
        chosen = linked[_choose("Какой из подключённых дневников?", titles)]
    stays = "" if chosen.state == State.AWAITING_USER else " Дети и история останутся на месте."
    aside.print(f"Входим заново: {_title(chosen)}.{stays}", markup=False)
    return gateway.post(f"/v1/connections/{chosen.id}/sign-in", {"method": method}, Connection)


def _linked(gateway: Gateway, region: str, method: str) -> Sequence[Connection]:
    """Return the account's diaries of a region that may be signed in to again by a method."""
    servers = gateway.get(f"/v1/regions/{region}", Region).instances
    entered = {
        (server.provider, server.instance)
        for server in servers
        if method in {way.slug for way in server.methods}
    }
    return [
        one
        for one in gateway.get("/v1/connections", Connections).items
        if one.region == region and (one.provider, one.instance) in entered and one.state not in _CLOSED
    ]


def _next(gateway: Gateway, link: Connection, pending: PendingStep, *, open_browser: bool) -> Connection:
    """Take one step, and return the connection after it."""
    step = pending.step
    if why := told_of(getattr(step, "problem", None)):
        aside.print(f"\n{why}", markup=False)
    match step:
        case Redirect(url=url):
            aside.print(f"Откройте в браузере: {url}", soft_wrap=True, markup=False)
            if open_browser:
                webbrowser.open(url)
            return _wait(gateway, link.id, pending)
        case Ask():
            values = {
                field.name: typer.prompt(
                    _question(field),
                    hide_input=field.secret,
                    default=None if field.required else "",
                    show_default=False,
                    err=True,
                )
                for field in step.fields
            }
        case EnterCode(medium=medium, sent_to=sent_to):
            question = f"{_CODE[medium]} ({sent_to})" if sent_to else _CODE[medium]
            values = {"code": typer.prompt(question, err=True)}
        case Choose():
            chosen = _choose(step.title.ru, [option.title for option in step.options])
            values = {"choice": step.options[chosen].id}
        case ShowQr() | ConfirmElsewhere():
            aside.print("Подтвердите вход в приложении дневника.")
            time.sleep(_LOOK_EVERY_S)
            values = {}
    return gateway.post(
        f"/v1/connections/{link.id}/steps", {"values": values, "turn": pending.turn}, Connection
    )


def _choose(question: str, titles: Sequence[str]) -> int:
    """Have one of several chosen, and return its place from 0."""
    for number, title in enumerate(titles, 1):
        aside.print(f"{number}. {title}", markup=False)
    while True:
        typed = typer.prompt(question, err=True)
        if typed.isdecimal() and 0 < int(typed) <= len(titles):
            return int(typed) - 1
        aside.print(f"Введите число от 1 до {len(titles)}.")


def _question(field: FormField) -> str:
    return f"{field.label.ru} ({field.hint.ru})" if field.hint else field.label.ru


def _wait(gateway: Gateway, connection_id: str, pending: PendingStep) -> Connection:
    """Wait until the browser has come back, or too late to come.

    A gateway that is being started anew is waited for.

    Raises:
        Refused: With the gateway's own words; or it cannot be reached, and the time is over.
    """
    waiting = "Ждём, пока браузер вернётся… Прервать: Ctrl-C."
    with aside.status(waiting) as status:
        while True:
            try:
                link = gateway.get(f"/v1/connections/{connection_id}", Connection)
                status.update(waiting)
                if link.pending is None or link.pending.turn != pending.turn:
                    return link
            except Refused as refused:
                if refused.problem.code != UNREACHABLE or datetime.now(UTC) >= pending.expires_at:
                    raise
                status.update("Шлюз не отвечает, ждём его… Прервать: Ctrl-C.")
            time.sleep(_LOOK_EVERY_S)


def _tell(gateway: Gateway, link: Connection, *, signed_in: bool, failed_now: bool) -> None:
    if not signed_in:
        _tell_of_failure(link, failed_now=failed_now)
        return
    owner = OWNERS[link.identity]
    screen.print(f"[bold green]Подключено:[/] {escape(_title(link))} — {owner}", soft_wrap=True)
    try:
        children = gateway.get("/v1/children", Children).items
    except Refused:  # the token may link diaries but not read them
        return
    for child in children:
        if child.connection_id == link.id:
            screen.print(f"  {first_name(child)}", markup=False)


def _tell_of_failure(link: Connection, *, failed_now: bool) -> None:
    """Say why nothing was linked: what the diary has said just now, else that the time was over."""
    if link.state == State.ACTIVE:
        aside.print(
            "Вход не удался или не закончен вовремя; если браузер вернулся, его страница говорит почему.\n"
            f"Дневник подключён, как был: {_title(link)}.",
            markup=False,
        )
        return
    error = PROBLEMS.get((failed_now and link.outcome) or "", SignInExpired)
    why = f"Не подключено: {_title(link)}. {error.title.ru}."
    show_problem(Problem(code=error.code, title=why, remedy=error.remedy.ru))


def _tell_of_interruption(link: Connection | None) -> None:
    """Say what is left of a sign-in that Ctrl-C has ended here: its browser may still finish it."""
    aside.print("\nПрервано.", markup=False)
    if link is None:
        return
    if link.state == State.ACTIVE:
        aside.print(f"Дневник подключён, как был: {_title(link)}.", markup=False)
    if link.pending is not None and isinstance(link.pending.step, Redirect):
        until = f"{link.pending.expires_at.astimezone():%H:%M}"
        aside.print(f"Вход, открытый в браузере, можно закончить там до {until}.", markup=False)
    aside.print("Начать заново: та же команда.", markup=False)


def _title(link: Connection) -> str:
    return link.title.ru if link.title else link.provider
