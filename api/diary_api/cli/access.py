"""How a parent gets a login, in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.padding import Padding
from rich.table import Table

from diary_api.cli.screen import screen
from diary_core.access_guide import AccessGuide, Obstacle


def show_access(guides: Sequence[AccessGuide]) -> None:
    """Print how to get into each diary."""
    for guide in guides:
        screen.print()
        _show(guide)


def _show(guide: AccessGuide) -> None:
    where = f"  [dim]{guide.site}[/]" if guide.site else ""
    screen.print(f"[bold]Как получить вход: {guide.diary.ru}[/]{where}")
    _section("Кто даёт", [("", guide.issuer.ru)])
    _section("Сколько ждать", [("", guide.takes.ru)])
    _section("На сколько", [("", guide.lasts.ru)])
    _section("Что понадобится", [("•", paper.ru) for paper in guide.papers])
    _section("По шагам", [(f"{number}.", step.ru) for number, step in enumerate(guide.steps, 1)])
    _section("Если не пускают", [("•", _spoken(obstacle)) for obstacle in guide.obstacles])
    _section("Кого спросить", [("", guide.ask.ru)])


def _section(title: str, lines: Iterable[tuple[str, str]]) -> None:
    """Print lines under a title, each after its sign; nothing when there are none."""
    table = Table.grid(padding=(0, 1))
    for line in lines:
        table.add_row(*line)
    if table.row_count:
        screen.print(f"[cyan]{title}[/]")
        screen.print(Padding(table, (0, 0, 0, 1)))


def _spoken(obstacle: Obstacle) -> str:
    shown = f"«{obstacle.shown}» — " if obstacle.shown else ""
    return f"{shown}{obstacle.cause.ru} {obstacle.remedy.ru}"
