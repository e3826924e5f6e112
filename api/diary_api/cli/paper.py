"""A week drawn the way a paper diary looks: a box for each day, a line for each lesson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from diary_core.model import Day, Homework, Lesson, Mark, NotLoaded, Unavailable, known

WEEKDAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MARK_STYLES = {5: "bold green", 4: "green", 3: "yellow", 2: "bold red", 1: "bold red"}
UNKNOWN = "·"
"""What stands where the diary cannot tell; an empty place means there is nothing."""
_CHANGED, _PENDING = "⇄", "•"
SIGNS: Final[Mapping[str, str]] = {
    _CHANGED: "замена или перенос",
    _PENDING: "«точка», её можно исправить до срока",
    UNKNOWN: "дневник этого не сообщил",
}
"""What those beside subjects and marks mean."""


def week(title: str, note: str, days: Sequence[Day], *, width: int = 56) -> RenderableType:
    """Return the drawing of one child's week, and below it what its signs mean.

    Args:
        title: Whose week, such as the child's first name and class.
        note: Where it comes from and as of when.
        days: In order; a Sunday without lessons is left out.
        width: Of the whole drawing, in characters.
    """
    boxes = [_day(day, width - 4) for day in days if day.lessons or day.date.isoweekday() < 7]
    return Panel(
        Group(*boxes, *_legend([lesson for day in days for lesson in day.lessons])),
        title=Text(title, style="bold"),
        subtitle=Text(note, style="dim"),
        box=ROUNDED,
        width=width,
    )


def framed(title: str, note: str, lines: Sequence[RenderableType]) -> RenderableType:
    """Return lines in a box, with whose they are above and where they come from below."""
    room = Table.grid()
    room.add_column(min_width=cell_len(note) + 2)  # a panel grows with its title, not with its subtitle
    room.add_row(Group(*lines))
    return Panel(
        room,
        title=Text(title, style="bold"),
        subtitle=Text(note, style="dim"),
        box=ROUNDED,
        expand=False,
        padding=(0, 1),
    )


def side_by_side(drawings: Sequence[RenderableType]) -> RenderableType:
    """Return drawings next to each other where the terminal is wide enough, else one below the other."""
    return Columns(drawings, padding=(0, 1))


def spoken_date(on: date) -> str:
    """Return a date as it is said: `14 сентября`."""
    return f"{on.day} {MONTHS[on.month - 1]}"


def written(mark: Mark) -> str:
    """Return a mark as it is written in a paper diary, with its sign if it has one."""
    return f"{mark.display}{_PENDING}" if mark.status == "pending" else mark.display


def _day(day: Day, width: int) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, width=width)
    table.add_column(width=2, justify="right", style="dim")
    table.add_column(width=5, style="dim")
    table.add_column(ratio=5, overflow="ellipsis", no_wrap=True)
    table.add_column(ratio=6, overflow="ellipsis", no_wrap=True)
    table.add_column(width=7, justify="right", no_wrap=True)
    for lesson in day.lessons:
        table.add_row(*_lesson(lesson))
    if not day.lessons:
        table.add_row("", "", Text(_why_empty(day), style="dim italic"), "", "")
    heading = Text(f"{WEEKDAYS[day.date.weekday()]}, {spoken_date(day.date)}", style="bold cyan")
    return Group(heading, table, Text(""))


def _legend(lessons: Sequence[Lesson]) -> Iterator[Text]:
    drawn = "".join(f"{subject}{marks}" for _, _, subject, _, marks in map(_lesson, lessons))
    for sign, meaning in SIGNS.items():
        if sign in drawn:
            yield Text(f"{sign} {meaning}", style="dim")


def _why_empty(day: Day) -> str:
    exception = known(day.exception)
    return (exception and exception.title) or "уроков нет"


def _lesson(lesson: Lesson) -> tuple[str, str, Text, Text, Text]:
    half = lesson.actual or known(lesson.planned)
    slot = known(lesson.slot)
    subject = Text(half.subject.name if half else "")
    if lesson.actual is None:
        subject.stylize("strike dim")
    elif lesson.change in {"replaced", "moved", "added"}:
        subject.append(f" {_CHANGED}", style="magenta")
    starts = half.starts.strftime("%H:%M") if half and half.starts else ""
    return (str(slot) if slot is not None else "", starts, subject, _tasks(lesson), _marks(lesson))


def _tasks(lesson: Lesson) -> Text:
    if isinstance(lesson.homework, NotLoaded | Unavailable):
        return Text(UNKNOWN, style="dim")
    return Text("; ".join(_task(task) for task in lesson.homework))


def _task(task: Homework) -> str:
    text = " ".join(task.text.split()) or "см. вложение"
    return f"{text} 📎" if known(task.attachments) else text


def _marks(lesson: Lesson) -> Text:
    cell = Text()
    attendance = known(lesson.attendance)
    if attendance is not None:
        cell.append(attendance.display or "Н", style="red")
    if isinstance(lesson.marks, NotLoaded | Unavailable):
        return cell.append(UNKNOWN, style="dim")
    for mark in lesson.marks:
        if cell:
            cell.append(" ")
        cell.append(_mark(mark))
    return cell


def _mark(mark: Mark) -> Text:
    style = MARK_STYLES.get(int(mark.value), "") if mark.value is not None else ""
    return Text(written(mark), style="yellow" if mark.status == "pending" else style or "dim")
