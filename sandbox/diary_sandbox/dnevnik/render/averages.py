"""Averages: text with a decimal comma, and plain numbers where marks are weighed."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import is_shown
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, Mark, World

NO_AVERAGE = ""
"""What is sent when there is nothing to average; the sources do not say."""


def comma(value: Decimal | None) -> str:
    """Return an average as the wire writes it: `4,33`, `4,5`, `5`."""
    if value is None:
        return NO_AVERAGE
    return f"{_rounded(value).normalize():f}".replace(".", ",")


def plain_mean(marks: Iterable[Mark]) -> Decimal | None:
    """Return the unweighted mean of the marks that count, None when none does."""
    values = [value for mark in marks if is_shown(mark) and mark.counts for value in mark.values]
    return sum(values, Decimal(0)) / len(values) if values else None


def subject_averages(world: World, child: Child, since: date, until: date) -> list[Wire]:
    """Return one pupil's plain averages of a span, subjects without marks left out."""
    marks = world.marks(child.id, since, until)
    found: list[Wire] = []
    for subject_id in sorted({mark.subject_id for mark in marks}):
        mean = plain_mean(mark for mark in marks if mark.subject_id == subject_id)
        if mean is not None:
            number = wire_id(Space.SUBJECT, subject_id)
            found.append({"subject": number, "subject_str": str(number), "avg-mark-value": comma(mean)})
    return found


def pupil_averages(world: World, child: Child, since: date, until: date) -> Wire:
    """Return one line of a class-wide answer."""
    person = wire_id(Space.PUPIL_PERSON, child.id)
    return {
        "person": person,
        "person_str": str(person),
        "per-subject-averages": subject_averages(world, child, since, until),
    }


def pupil_period_averages(
    world: World, child: Child, since: date, until: date, *, group: int, period: int
) -> Wire:
    """Return one line of the answer for a reporting period; group and period are the wire's numbers."""
    line = pupil_averages(world, child, since, until)
    return {
        "person": line["person"],
        "person_str": line["person_str"],
        "group": group,
        "group_str": str(group),
        "reportingPeriod": period,
        "reportingPeriod_str": str(period),
        "per-subject-averages": line["per-subject-averages"],
    }


def weighted_averages(world: World, class_id: int, since: date, until: date) -> Wire:
    """Return the weighted averages of a whole class, by subject, as numbers."""
    lines: list[Wire] = []
    for subject in world.subjects(class_id):
        marks = [
            {
                "person": wire_id(Space.PUPIL_PERSON, pupil.id),
                "value": float(mean.quantize(Decimal("0.01"), ROUND_HALF_UP)),
            }
            for pupil in world.pupils(class_id)
            if (mean := world.average(pupil.id, subject.id, since, until)) is not None
        ]
        if marks:
            number = wire_id(Space.SUBJECT, subject.id)
            lines.append({"subject": number, "subject_str": str(number), "marks": marks})
    return {"subjectMarks": lines}


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
