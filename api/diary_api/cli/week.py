"""The command that shows a week."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from diary_api.cli.screen import screen
from diary_api.cli.signed_in import HERE, ChildWord, Token, Url, signed_in
from diary_api.cli.weeks import drawing, pick
from diary_api.school.schemas import Children


def command(
    child: ChildWord = None,
    of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Any day of the week; today by default.")
    ] = None,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Show a child's week the way a paper diary looks."""
    with signed_in(url, token) as gateway:
        chosen = pick(gateway.get("/v1/children", Children).items, child)
        week = gateway.week(chosen.id, of.date() if of else None)
        screen.print(drawing(chosen, week, width=min(screen.width, 100)))
