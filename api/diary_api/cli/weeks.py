"""Weeks of children the gateway lists, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType

from diary_api.cli import paper
from diary_api.cli.client import Problem, Refused
from diary_api.school.schemas import ChildShown, DiaryAnswer
from diary_core.model import Day, known


def pick(children: Sequence[ChildShown], wanted: str | None) -> ChildShown:
    """Return the child that is meant.

    Raises:
        Refused: Nobody fits, or several do.
    """
    fitting = [
        child
        for child in children
        if wanted is None or _folded(wanted) in {child.id, _folded(first_name(child))}
    ]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(f"{first_name(child)} ({child.id})" for child in children) or "пока никого"
    title = "Такого ребёнка нет" if not fitting else "Назовите ребёнка"
    raise Refused(Problem(code="child_unclear", title=title, remedy=f"Есть: {names}."))


def _folded(name: str) -> str:
    """Return a name without what people leave out when they type: capitals, and the dots of ё."""
    return name.strip().casefold().replace("ё", "е")


def first_name(child: ChildShown) -> str:
    """Return what the family calls the child."""
    name = known(child.name)
    return name.first if name else child.label or "Ребёнок"


def drawing(child: ChildShown, week: DiaryAnswer[Day], *, width: int) -> RenderableType:
    """Return the drawing of a child's week, with what must be known to trust it."""
    place = child.enrolments[0]
    group, school = known(place.group), known(place.school)
    title = " · ".join(part for part in (first_name(child), group and group.name) if part)
    age = f"данные на {week.as_of.astimezone():%d.%m %H:%M}"
    note = " · ".join(
        part
        for part in (
            school and (school.short_name or school.name),
            f"{week.source.provider}/{week.source.instance}",
            f"⚠ устарели ({week.stale_reason}), {age}" if week.stale else age,
            "⚠ не всё получено" if week.partial else None,
        )
        if part
    )
    return paper.week(title, note, week.items, width=width)
