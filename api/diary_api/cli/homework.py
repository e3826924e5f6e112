"""Commands for homework: what is set, what is late, ticks and files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from diary_api.cli import homework_paper
from diary_api.cli.children import chosen_child, heading, note
from diary_api.cli.screen import screen
from diary_api.cli.signed_in import DAY_TYPED, HERE, ChildWord, Token, Url, WritingToken, signed_in
from diary_api.school.schemas import DiaryAnswer
from diary_core.model import Homework

commands = typer.Typer(help="Homework: what is set, what is late, ticks and files.", no_args_is_help=True)

AHEAD: Final = timedelta(days=7)
HomeworkId = Annotated[str, typer.Argument(help="As `diary homework list` shows it.")]


@commands.command("list")
def show(
    child: ChildWord = None,
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="What was due before today and is not done.")] = (
        False
    ),
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY_TYPED, help="First due day; today, or two weeks back with --overdue."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=DAY_TYPED, help="Last due day; a week after the first by default."),
    ] = None,
    subject: Annotated[str | None, typer.Option(help="Only of this subject, by its id.")] = None,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """List a child's homework, with the ids that the other commands take."""
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        path = f"/v1/children/{chosen.id}/homework"
        if overdue:
            query = {"since": f"{since:%Y-%m-%d}"} if since else {}
            answer = gateway.get(f"{path}/overdue", DiaryAnswer[Homework], query)
            nothing = "Просроченных заданий нет."
        else:
            first = since or datetime.now().astimezone()
            query = {"since": f"{first:%Y-%m-%d}", "until": f"{until or first + AHEAD:%Y-%m-%d}"}
            query |= {"subject_id": subject} if subject else {}
            answer = gateway.get(path, DiaryAnswer[Homework], query)
            nothing = "На эти дни ничего не задано."
        screen.print(
            homework_paper.homework(heading(chosen), note(chosen, answer), answer.items, nothing=nothing)
        )


@commands.command()
def done(
    homework: HomeworkId,
    child: ChildWord = None,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Take the tick back.")] = False,
    url: Url = HERE,
    token: WritingToken = "",
) -> None:
    """Tick homework as done: the family's own tick, no diary shows that a teacher sees it."""
    with signed_in(url, token) as gateway:
        path = f"/v1/children/{chosen_child(gateway, child).id}/homework/{homework}/done"
        if undo:
            gateway.delete(path)
        else:
            gateway.turn_on(path)
    screen.print("Отметка снята" if undo else "[bold green]Отмечено сделанным[/]")


@commands.command()
def fetch(
    homework: HomeworkId,
    attachment: Annotated[str, typer.Argument(help="Of one of its files, as the list shows it.")],
    child: ChildWord = None,
    *,
    into: Annotated[
        Path, typer.Option(help="Folder to put the file into.", exists=True, file_okay=False, writable=True)
    ] = Path(),
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Fetch a file of a homework; a file that is there already is never written over."""
    with signed_in(url, token) as gateway:
        path = f"/v1/children/{chosen_child(gateway, child).id}/homework/{homework}/attachments/{attachment}"
        saved = gateway.download(path, into)
    screen.print(f"Сохранено: {saved}", markup=False, soft_wrap=True)
