"""How answers of a diary are laid out as tables for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from diary_api.cli.paper import UNKNOWN, framed
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
        return framed(f"{title} · {self.title}", note, [shown])


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
    return f"{amount:.2f} ₽".replace(".", ",").replace("-", "−")


def id_column(head: str) -> Column:
    """Return a column as wide as an id: the others give way before it is cut."""
    return Column(head, no_wrap=True, max_width=30)


def above_id(words: str, thing_id: str) -> Text:
    """Return words with the id below them that other commands take, for an `id_column`."""
    return Text.assemble(words, "\n", (thing_id, "dim"), no_wrap=False)


def yes(value: bool) -> str:
    """Return a tick or a dash."""
    return "✓" if value else "—"
