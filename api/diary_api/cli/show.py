"""The commands that show what a diary lists, and sign a week that was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from diary_api.cli.children import chosen_child, first_name, heading, note
from diary_api.cli.lists import VIEWS, What
from diary_api.cli.screen import screen
from diary_api.cli.signed_in import DAY_TYPED, HERE, ChildWord, Token, Url, WritingToken, signed_in
from diary_api.clock import system_clock
from diary_core.model import WeekSignature

Day = Annotated[datetime | None, typer.Option(formats=DAY_TYPED)]


def show(
    what: Annotated[What, typer.Argument(help="What of the diary.")],
    child: ChildWord = None,
    *,
    since: Day = None,
    until: Day = None,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Show what a child's diary lists; of the days around today, unless others are given."""
    view = VIEWS[what]
    today = system_clock().astimezone().date()
    span = view.span(today, since.date() if since else None, until.date() if until else None)
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        answer = gateway.get(f"/v1/children/{chosen.id}/{what}", view.answer, span)
        screen.print(view.drawing(heading(chosen), note(chosen, answer), answer.items))


def sign(
    child: ChildWord = None,
    of: Annotated[
        datetime | None, typer.Option(formats=DAY_TYPED, help="Any day of the week; last week by default.")
    ] = None,
    url: Url = HERE,
    token: WritingToken = "",
) -> None:
    """Sign a week of a child's diary: a parent has read it."""
    day = of.date() if of else system_clock().astimezone().date() - timedelta(weeks=1)
    monday = day - timedelta(days=day.weekday())
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        signed = gateway.put(f"/v1/children/{chosen.id}/signatures/{monday}", WeekSignature)
        screen.print(f"{first_name(chosen)}: неделя с {signed.week:%d.%m.%Y} подписана.", markup=False)
