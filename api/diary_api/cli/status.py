"""The command that tells whose trouble it is."""

from __future__ import annotations

import typer
from rich.table import Table

from diary_api.cli.client import Gateway, Refused
from diary_api.cli.screen import screen, show_problem
from diary_api.cli.signed_in import HERE, Token, Url
from diary_api.status.schemas import Part, State, Status, Whose
from diary_api.status.words import STATES, figures_in_words
from diary_api.upstream_calls.schemas import CallsOfDay

_WHOSE: dict[Whose, str] = {"us": "шлюз", "gosuslugi": "Госуслуги", "diary": "дневник"}
_COLOURS = {State.OK: "green", State.UNKNOWN: "dim", State.SLOW: "yellow", State.MAINTENANCE: "yellow"}


def command(*, url: Url = HERE, token: Token = "") -> None:
    """Tell, in Russian, how the gateway, Gosuslugi and the diaries do; with a token, what you cost."""
    with Gateway(url, token) as gateway:
        try:
            status = gateway.get("/v1/status", Status)
            sent = gateway.get("/v1/me/upstream-calls", CallsOfDay) if token else None
        except Refused as refused:
            show_problem(refused.problem)
            raise typer.Exit(1) from refused
    screen.print(f"[bold]{status.sentence.ru}[/]")
    table = Table("чьё", "что", "как", "с", "за последние минуты")
    for part in status.items:
        table.add_row(*_cells(part))
    screen.print(table)
    if not status.shared:
        screen.print("[dim]Числа — одного процесса шлюза: общая память недоступна.[/]")
    if sent is not None:
        each = ", ".join(f"{one.provider}/{one.instance} {one.calls}" for one in sent.items)
        screen.print(f"Запросов к дневникам для вас сегодня: {sent.calls}" + (f" ({each})" if each else ""))


def _cells(part: Part) -> tuple[str, ...]:
    colour = _COLOURS.get(part.state, "red")
    return (
        _WHOSE[part.whose],
        part.title.ru,
        f"[{colour}]{STATES[part.state]}[/]",
        f"{part.since.astimezone():%d.%m %H:%M}",
        (part.figures and figures_in_words(part.figures)) or "",
    )
