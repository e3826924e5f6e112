"""The command that shows what was done with an account."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from diary_api.cli.screen import screen
from diary_api.cli.signed_in import HERE, AccountToken, Url, signed_in
from diary_api.events.kinds import EventKind
from diary_api.events.schemas import Event, Events

WORDS: dict[EventKind, str] = {
    EventKind.ACCOUNT_MADE: "Аккаунт создан",
    EventKind.SIGNED_IN: "Вход",
    EventKind.SIGN_IN_FAILED: "Неудачный вход",
    EventKind.PASSWORD_SET: "Задан пароль",
    EventKind.PASSWORD_CHANGED: "Пароль изменён",
    EventKind.TOKEN_ISSUED: "Выпущен токен",
    EventKind.TOKEN_REVOKED: "Отозван токен",
    EventKind.SESSION_ENDED: "Сеанс завершён",
    EventKind.DIARY_LINKED: "Подключён дневник",
    EventKind.DIARY_LINKED_AGAIN: "Новый вход в дневник",
    EventKind.DIARY_UNLINKED: "Дневник отключён",
    EventKind.IDENTITY_PROVEN: "Личность подтверждена",
    EventKind.IDENTITY_REMOVED: "Подтверждение личности удалено",
    EventKind.GRANT_GIVEN: "Приглашение близкому",
    EventKind.GRANT_NARROWED: "Доступ близкого изменён",
    EventKind.GRANT_ACCEPTED: "Приглашение принято",
    EventKind.GRANT_REVOKED: "Доступ близкого отозван",
    EventKind.GRANT_GIVEN_BACK: "Доступ возвращён",
    EventKind.EXPORT_TAKEN: "Выгружены данные",
    EventKind.CLASS_STANDING_SHOWN: "Сравнение с классом включено",
    EventKind.CLASS_STANDING_HIDDEN: "Сравнение с классом выключено",
    EventKind.ABSENCE_TOLD: "Сообщено об отсутствии",
    EventKind.ABSENCE_WITHDRAWN: "Сообщение об отсутствии отозвано",
}


def command(
    limit: Annotated[int, typer.Option(help="So many at most.", min=1, max=500)] = 30,
    url: Url = HERE,
    token: AccountToken = "",
) -> None:
    """Show what was done with your account, newest first: look here when something was not you."""
    with signed_in(url, token) as gateway:
        found = gateway.get("/v1/me/events", Events, {"limit": str(limit)}).items
    table = Table("когда", "что", "подробности")
    for event in found:
        table.add_row(f"{event.at.astimezone():%d.%m.%Y %H:%M}", _what(event), _details(event))
    screen.print(table if found else "Пока ничего не было.")


def _what(event: Event) -> str:
    return WORDS[event.kind] + (f" ×{event.count}" if event.count > 1 else "")


def _details(event: Event) -> str:
    about = event.about
    way = "по паролю" if about.way == "password" else about.way
    network = about.network and f"из сети {about.network}"
    return ", ".join(filter(None, (about.name and f"«{about.name}»", about.provider, way, network)))
