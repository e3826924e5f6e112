"""Where a child stands in the class, reckoned from the marks of every classmate the town has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from diary_core.model import ClassStanding, Subject
from diary_sandbox.world import Child, Mark, World

_SHOWN = Decimal("0.01")
"""МЭШ ranks by averages as it shows them."""
_MEAN = Decimal("0.0001")
"""As all figures of ours."""


def standings(world: World, child: Child, on: date) -> list[ClassStanding]:
    """Return the child's places by the marks of the year up to a day, in all subjects and in each."""
    pupils = [pupil.id for pupil in world.pupils(child.class_id)]
    marks = {pupil: world.marks(pupil, world.year.since, on) for pupil in pupils}
    found: list[ClassStanding] = []
    for subject in (None, *world.subjects(child.class_id)):
        averages = {
            pupil: average
            for pupil, own in marks.items()
            if (average := _average(one for one in own if subject in (None, world.subject(one.subject_id))))
        }
        if child.id in averages:
            found.append(
                ClassStanding(
                    subject=subject and Subject(id=None, name=subject.name),
                    place=1 + sum(average > averages[child.id] for average in averages.values()),
                    average=averages[child.id],
                    class_size=len(averages),
                    class_average=_rounded(sum(averages.values(), Decimal(0)) / len(averages), _MEAN),
                )
            )
    return found


def _average(marks: Iterable[Mark]) -> Decimal | None:
    weighed = [(value, mark.weight or 1) for mark in marks if mark.counts for value in mark.values]
    if not weighed:
        return None
    total = sum((value * weight for value, weight in weighed), Decimal(0))
    return _rounded(total / sum(weight for _, weight in weighed), _SHOWN)


def _rounded(number: Decimal, places: Decimal) -> Decimal:
    return number.quantize(places, ROUND_HALF_UP)
