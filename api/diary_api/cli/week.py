"""The command that shows a week."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.screen import screen, show_problem
from diary_api.cli.weeks import drawing, pick
from diary_api.school.schemas import Children

NO_TOKEN = Problem(
    code="token_missing",
    title="Нужен токен с правом diary:read",
    remedy="Передайте его в переменной DIARY_TOKEN. Выпускает его POST /v1/tokens, готовый печатает демо.",
)


def command(
    child: Annotated[str | None, typer.Argument(help="Id or first name, with several children.")] = None,
    of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Any day of the week; today by default.")
    ] = None,
    url: Annotated[str, typer.Option(envvar="DIARY_URL", help="Where the gateway listens.")] = (
        "http://127.0.0.1:8000"
    ),
    token: Annotated[str, typer.Option(envvar="DIARY_TOKEN", help="A token with the right diary:read.")] = "",
) -> None:
    """Show a child's week the way a paper diary looks."""
    if not token:
        show_problem(NO_TOKEN)
        raise typer.Exit(1)
    with Gateway(url, token) as gateway:
        try:
            chosen = pick(gateway.get("/v1/children", Children).items, child)
            week = gateway.week(chosen.id, of.date() if of else None)
        except Refused as refused:
            show_problem(refused.problem)
            raise typer.Exit(1) from refused
        screen.print(drawing(chosen, week, width=min(screen.width, 100)))
