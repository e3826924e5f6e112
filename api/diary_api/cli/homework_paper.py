"""Homework drawn for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from diary_api.cli.paper import UNKNOWN, framed
from diary_core.model import Homework, NotLoaded, Unavailable, known


def homework(title: str, note: str, items: Sequence[Homework], *, nothing: str) -> RenderableType:
    """Return homework, a row for each, with the ids that other commands take.

    Args:
        title: Whose.
        note: Where it comes from and as of when.
        items: In the order to be shown.
        nothing: What to say when there is none.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Срок", "Предмет", "Задание"):
        table.add_column(name)
    table.add_column("Минут", justify="right")
    table.add_column("Сделано", justify="center")
    for one in items:
        table.add_row(f"{one.due_on:%d.%m}", one.subject.name, _task(one), _minutes(one), _done(one))
    return framed(title, note, [table if items else Text(nothing)])


def _task(task: Homework) -> Text:
    """Return what to do, and below it what else is to be known of it."""
    text = Text(task.text or "см. вложение")
    if known(task.required) is False:
        text.append("\nпо желанию", style="dim")
    edited_at = known(task.edited_at)
    if edited_at is not None:
        text.append(f"\nизменено {edited_at:%d.%m %H:%M}", style="dim")
    for one in known(task.attachments) or ():
        mark = "📎" if one.kind == "file" else "🔗"
        text.append(f"\n{mark} {one.name}").append(f"  {one.id}", style="dim")
    return text.append(f"\n{task.id}", style="dim")


def _minutes(task: Homework) -> str:
    if isinstance(task.minutes, NotLoaded | Unavailable):
        return UNKNOWN
    return "—" if task.minutes is None else str(task.minutes)


def _done(task: Homework) -> Text:
    match known(task.done):
        case None:
            return Text(UNKNOWN, style="dim")
        case True:
            return Text("✓", style="green")
        case False:
            return Text("—")
