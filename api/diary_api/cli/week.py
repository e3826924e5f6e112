"""The command that shows a week."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import RenderableType

from diary_api.cli import paper
from diary_api.cli.children import chosen_child, heading, note
from diary_api.cli.screen import screen
from diary_api.cli.signed_in import DAY_TYPED, HERE, ChildWord, Token, Url, signed_in
from diary_api.school.schemas import ChildShown, DiaryAnswer
from diary_core.model import Day


def command(
    child: ChildWord = None,
    of: Annotated[
        datetime | None, typer.Option(formats=DAY_TYPED, help="Any day of the week; today by default.")
    ] = None,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Show a child's week the way a paper diary looks."""
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        week = gateway.week(chosen.id, of.date() if of else None)
        screen.print(drawing(chosen, week, width=min(screen.width, 100)))


def drawing(child: ChildShown, week: DiaryAnswer[Day], *, width: int) -> RenderableType:
    """Return the drawing of a child's week, with what must be known to trust it."""
    return paper.week(heading(child), note(child, week), week.items, width=width)
