"""Bells of a weekday."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Final

from diary_core.model import LessonSlot
from diary_dnevnik_ru import wire

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def bells(timetables: Iterable[wire.Timetable], on: date) -> tuple[LessonSlot, ...]:
    """Return the bells of a day, by number, each once.

    Numbers below one stand for no lesson. The words for weekdays are not known for certain: a timetable
    that uses none of ours rings every day. Whether the day has lessons, bells do not say.
    """
    ringing = list(chain.from_iterable(timetable.items for timetable in timetables))
    found: dict[int, LessonSlot] = {}
    for bell in _of_weekday(ringing, _WEEKDAYS[on.weekday()]):
        slot = _slot(bell)
        if slot is not None:
            found.setdefault(slot.number, slot)
    return tuple(found[number] for number in sorted(found))


def _of_weekday(bells: Sequence[wire.Bell], weekday: str) -> Sequence[wire.Bell]:
    named = [(bell, {name.strip().lower() for name in bell.weekdays}) for bell in bells]
    if not any(names.intersection(_WEEKDAYS) for _, names in named):
        return bells
    return [bell for bell, names in named if weekday in names]


def _slot(bell: wire.Bell) -> LessonSlot | None:
    if bell.number is None or bell.number < 1 or bell.starts is None or bell.ends is None:
        return None
    if bell.ends <= bell.starts:
        return None
    return LessonSlot(number=bell.number, starts=bell.starts, ends=bell.ends)
