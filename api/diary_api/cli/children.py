"""Which child a command is about, and what is said of it above and below an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.school.schemas import REFRESHING, Children, ChildShown, DiaryAnswer
from diary_core.model import known


def chosen_child(gateway: Gateway, wanted: str | None) -> ChildShown:
    """Return the child that is meant, of all the account sees.

    Raises:
        Refused: Nobody fits, or several do.
    """
    return pick(gateway.get("/v1/children", Children).items, wanted)


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


def heading(child: ChildShown) -> str:
    """Return whose diary it is: the first name and the class."""
    group = known(child.enrolments[0].group)
    return " · ".join(part for part in (first_name(child), group and group.name) if part)


def note(child: ChildShown, answer: DiaryAnswer[Any]) -> str:  # whatever it is about
    """Return what must be known to trust an answer: where it comes from, as of when, and what it lacks."""
    school = known(child.enrolments[0].school)
    age = f"данные на {answer.as_of.astimezone():%d.%m %H:%M}"
    old = "обновляются" if answer.stale_reason == REFRESHING else f"устарели ({answer.stale_reason})"
    parts = (
        school and (school.short_name or school.name),
        f"{answer.source.provider}/{answer.source.instance}",
        f"⚠ {old}, {age}" if answer.stale else age,
        "⚠ не всё получено" if answer.partial else None,
    )
    return " · ".join(part for part in parts if part)
