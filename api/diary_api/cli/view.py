"""How answers of a diary are laid out as tables for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from rich.box import ROUNDED
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from diary_api.cli.paper import UNKNOWN
from diary_api.school.schemas import DiaryAnswer
from diary_core.model import Maybe, Model, NotLoaded, Unavailable

ItemT = TypeVar("ItemT", bound=Model)
ValueT = TypeVar("ValueT")
Row = tuple[str, ...]

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


@dataclass(frozen=True)
class View(Generic[ItemT]):
    """How one kind of answer is asked for and shown."""

    title: str
    answer: type[DiaryAnswer[ItemT]]
    head: Row
    rows: Callable[[Sequence[ItemT]], Iterable[Row]]
    days: tuple[int, int] | None = None
    """First and last day from today that is asked for by default; None where the answer is not about days."""

    def span(self, today: date, since: date | None, until: date | None) -> Mapping[str, str]:
        """Return the query for the days that are meant."""
        if self.days is None:
            return {}
        first, last = (today + timedelta(days=number) for number in self.days)
        return {
            "since": str(since or min(first, until or first)),
            "until": str(until or max(last, since or last)),
        }

    def drawing(self, title: str, note: str, items: Sequence[ItemT]) -> RenderableType:
        """Return the drawing of an answer.

        Args:
            title: Whose it is.
            note: Where it comes from and as of when.
            items: In the diary's order.
        """
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_header=any(self.head))
        for name in self.head:
            table.add_column(name)
        for row in self.rows(items):
            table.add_row(*(Text(cell) for cell in row))
        shown: RenderableType = table if table.row_count else Text("Ничего нет.", style="dim italic")
        return Panel(
            shown,
            title=Text(f"{title} · {self.title}", style="bold"),
            subtitle=Text(note, style="dim"),
            box=ROUNDED,
            expand=False,
            padding=(0, 1),
        )


def each(row: Callable[[ItemT], Row]) -> Callable[[Sequence[ItemT]], Iterable[Row]]:
    """Return how things are shown that are a row each."""
    return lambda items: map(row, items)


def told(value: Maybe[ValueT | None], write: Callable[[ValueT], str] = str) -> str:
    """Return a value in words; a dot where the diary cannot tell, nothing where there is none."""
    if isinstance(value, NotLoaded | Unavailable):
        return UNKNOWN
    return "" if value is None else write(value)


def day(on: date) -> str:
    """Return a day as `пн 14.09`."""
    return f"{WEEKDAYS[on.weekday()]} {on:%d.%m}"


def moment(at: datetime) -> str:
    """Return a moment as `14.09 15:02`."""
    return f"{at:%d.%m %H:%M}"


def days(since: date, until: date | None) -> str:
    """Return a span of days, or its one day."""
    return day(since) if until in (None, since) else f"{day(since)} – {day(until)}"


def roubles(amount: Decimal) -> str:
    """Return a sum as `−120,00 ₽`."""
    return f"{amount:.2f} ₽".replace(".", ",")


def yes(value: bool) -> str:
    """Return a tick or a dash."""
    return "✓" if value else "—"
