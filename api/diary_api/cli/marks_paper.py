"""Averages and forecasts drawn for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from diary_api.cli.paper import MARK_STYLES, UNKNOWN, framed
from diary_core.averages import same_subject
from diary_core.model import (
    Average,
    ClassStanding,
    Forecast,
    ForecastMark,
    ForecastWay,
    NotLoaded,
    Rounding,
    Subject,
    Unavailable,
    known,
)

SOURCES = {"diary": "так в дневнике", "given": "как вы указали", "default": "по умолчанию"}
STOPGAP = "~"
"""Stands before an average of marks whose weights are not known."""


def averages(
    title: str, note: str, items: Sequence[Average], places: Sequence[ClassStanding] | None = None
) -> RenderableType:
    """Return the averages of a term, a line for each subject.

    Args:
        title: Whose, and of which term.
        note: Where it comes from and as of when.
        items: In the order to be shown.
        places: In the class by the whole year; None when the parent does not want to know.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Предмет")
    for name in ("Средний", "Выходит", "Отметок", "В дневнике"):
        table.add_column(name, justify="right")
    for name in () if places is None else ("Место\nза год", "Класс\nза год"):
        table.add_column(name, justify="right")
    for one in items:
        table.add_row(
            one.subject.name,
            _value(one),
            _made(one),
            str(len(one.inputs)),
            _upstream(one),
            *(() if places is None else _place(one.subject, places)),
        )
    lines: list[RenderableType] = [table] if items else [Text("Отметок в этом периоде пока нет.")]
    if items:
        lines.append(Text(f"\n{_rounding(items[0].rounding)}", style="dim"))
    lines += [Text(f"По всем предметам за год: {_told(one)}.") for one in places or () if one.subject is None]
    if any(one.weights == "unknown" for one in items):
        lines.append(Text(f"{STOPGAP} веса отметок неизвестны, это простое среднее", style="dim"))
    return framed(title, note, lines)


def forecast(title: str, note: str, found: Forecast) -> RenderableType:
    """Return an answer to the question what is needed for a mark."""
    now = found.average
    standing = f"{figure(now.value)}, выходит {now.rounds_to}" if now.value is not None else "отметок нет"
    lines = [
        Text(f"Сейчас: {standing}. Для {found.target} нужен средний балл от {figure(found.needed)}."),
        Text(_lessons(found), style="dim"),
        Text(_rounding(now.rounding), style="dim"),
        Text(""),
        _verdict(found),
        *(_way(way) for way in found.ways),
    ]
    return framed(title, note, lines)


def _place(subject: Subject, places: Sequence[ClassStanding]) -> tuple[Text, Text]:
    """Return the place in one subject and the mean of the class."""
    for one in places:
        if one.subject is not None and same_subject(one.subject, subject):
            mean = known(one.class_average)
            return Text(_of(one)), Text(UNKNOWN if mean is None else figure(mean))
    return Text("—", style="dim"), Text("—", style="dim")


def _of(one: ClassStanding) -> str:
    size = known(one.class_size)
    return f"{one.place}" if size is None else f"{one.place} из {size}"


def _told(one: ClassStanding) -> str:
    mean = known(one.class_average)
    return f"место {_of(one)}" + ("" if mean is None else f", в среднем по классу {figure(mean)}")


def _value(average: Average) -> Text:
    if average.value is None:
        return Text("—", style="dim")
    return Text(f"{STOPGAP if average.weights == 'unknown' else ''}{figure(average.value)}")


def _made(average: Average) -> Text:
    made = average.rounds_to
    return Text("") if made is None else Text(str(made), style=MARK_STYLES.get(int(made), ""))


def _upstream(average: Average) -> Text:
    """Return the diary's own figure, and whether it is ours."""
    shown = average.upstream
    if isinstance(shown, NotLoaded | Unavailable):
        return Text(UNKNOWN, style="dim")
    if shown is None:
        return Text("—", style="dim")
    figure = str(shown).replace(".", ",")
    if average.agrees:
        return Text(f"{figure} ✓", style="green")
    why = " без весов" if average.disagreement == "plain_mean" else ""
    return Text(f"{figure} ≠{why}", style="yellow")


def _rounding(rounding: Rounding) -> str:
    fraction = f"{rounding.up_from.normalize():f}".replace(".", ",")
    return f"Округление вверх с {fraction} ({SOURCES[rounding.source]})."


def _lessons(found: Forecast) -> str:
    if found.lessons_left is None:
        return "Сколько уроков осталось, дневник не говорит."
    return f"Осталось уроков: {found.lessons_left.count}."


def _verdict(found: Forecast) -> Text:
    match found.verdict:
        case "reached":
            return Text(f"{found.target} уже выходит.", style="bold green")
        case "impossible":
            return Text(f"{found.target} в этом периоде уже не выйдет.", style="bold red")
        case "possible":
            return Text(f"Чтобы вышло {found.target}, хватит:", style="bold")


def _way(way: ForecastWay) -> Text:
    marks = " и ".join(_marks(one) for one in way.marks)
    weight = way.marks[0].weight
    weighed = "" if weight is None else f", вес {weight.normalize():f}"
    return Text(f"  {marks}{weighed} → {figure(way.average)}")


def _marks(one: ForecastMark) -> str:
    return f"«{one.value}»" if one.count == 1 else f"«{one.value}» × {one.count}"


def figure(value: Decimal) -> str:
    """Return a figure as diaries show it: two places and a comma."""
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")
