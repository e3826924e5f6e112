"""Rows of what takes more than a line to say: calendars, events, schools, plans, sums of absences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from diary_api.cli.view import WEEKDAYS, Row, day, days, roubles, told
from diary_core.model import (
    AttendanceCounts,
    AttendanceSummary,
    DayException,
    Event,
    MealEntry,
    School,
    StudyPlan,
    known,
)

_EXCEPTIONS = {
    "holiday": "праздник",
    "vacation": "каникулы",
    "day_off": "выходной",
    "moved": "перенос",
    "other": "",
}
_EVENTS = {
    "meeting": "собрание",
    "competition": "конкурс",
    "olympiad": "олимпиада",
    "conference": "конференция",
    "seminar": "семинар",
    "other": "",
}
_MOVED = {
    "top_up": "пополнение",
    "order": "заказ",
    "refund": "возврат",
    "transfer": "перевод",
    "cancel": "отмена",
    "other": "",
}


def calendar_rows(items: Sequence[DayException]) -> Iterator[Row]:
    """Yield exceptions, days in a row of one kind and title as one."""
    runs: list[list[DayException]] = [[one] for one in items[:1]]
    for before, one in pairwise(items):
        if one == before.model_copy(update={"date": before.date + timedelta(days=1)}):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        first = run[0]
        follows = f"по расписанию: {WEEKDAYS[first.follows_weekday - 1]}" if first.follows_weekday else ""
        yield days(first.date, run[-1].date), _EXCEPTIONS[first.kind], first.title or "", follows


def event_row(one: Event) -> Row:
    """Return when an event is, what it is, and where."""
    at = f" {one.starts_at:%H:%M}" if one.starts_at else ""
    where = ", ".join(part for part in (one.place, one.address) if part)
    return f"{days(one.date, one.until)}{at}", _EVENTS[one.kind], one.title, where, one.text or ""


def meal_row(one: MealEntry) -> Row:
    """Return a movement on the canteen account."""
    return day(one.date), _MOVED[one.kind], roubles(one.amount), told(one.dishes, ", ".join)


def school_rows(items: Sequence[School]) -> Iterator[Row]:
    """Yield what is known of the school, a line for each thing."""
    for one in items:
        yield "", one.name
        contacts = {
            "Директор": one.principal,
            "Телефон": one.phone,
            "Почта": one.email,
            "Сайт": one.website,
            "Часы работы": one.hours,
            "Район": one.district,
        }
        yield from ((name, text) for name, value in contacts.items() if (text := told(value)))
        for address in known(one.addresses) or ():
            own = " (здесь уроки класса)" if address.own else ""
            yield address.name or "Адрес", f"{address.text}{own}"
        for teacher in known(one.class_teachers) or ():
            yield "Классный руководитель", teacher.name.full
        for teacher in known(one.teachers) or ():
            yield ", ".join(known(teacher.subjects) or ()), teacher.name.full
        groups = ", ".join(group.name for group in known(one.study_groups) or ())
        if groups:
            yield "Учебные группы", groups


def study_plan_rows(items: Sequence[StudyPlan]) -> Iterator[Row]:
    """Yield each plan with its hours in all, then its subjects."""
    for plan in items:
        about = " · ".join(part for part in (plan.title, plan.profile) if part)
        yield about, "", _number(plan.hours_total), ""
        for line in plan.subjects:
            week = {line.hours_a_week_least, line.hours_a_week_most}
            hours = "–".join(str(number) for number in sorted(number for number in week if number))
            yield line.subject.name, _number(line.hours_passed), _number(line.hours_total), hours


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def summary_rows(items: Sequence[AttendanceSummary]) -> Iterator[Row]:
    """Yield the sum of a span, then each subject."""
    for one in items:
        yield days(one.since, one.until), *_counts(one.total)
        for line in one.subjects:
            yield line.subject.name, *_counts(line.counts)


def _counts(counts: AttendanceCounts) -> tuple[str, str, str]:
    return str(counts.absent), str(counts.excused), str(counts.late)
