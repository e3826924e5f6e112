"""What a child's diary lists, as rows for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from diary_api.cli.view import WEEKDAYS, Row, View, day, days, each, moment, roubles, told, yes
from diary_api.school import schemas
from diary_core.model import (
    Announcement,
    AttendanceRecord,
    DayException,
    Event,
    Homework,
    LessonSlot,
    Mark,
    MealAccount,
    MealEntry,
    Remark,
    School,
    StudyPlan,
    Teacher,
    Term,
    TermResult,
    Visit,
    WeekSignature,
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


class What(StrEnum):
    """What can be shown; the words of the API's addresses."""

    MARKS = "marks"
    RESULTS = "results"
    HOMEWORK = "homework"
    ATTENDANCE = "attendance"
    REMARKS = "remarks"
    TERMS = "terms"
    CALENDAR = "calendar"
    BELLS = "bells"
    ANNOUNCEMENTS = "announcements"
    EVENTS = "events"
    SCHOOL = "school"
    STUDY_PLAN = "study-plan"
    SIGNATURES = "signatures"
    VISITS = "visits"
    MEALS = "meals"
    MEAL_ACCOUNT = "meals/account"


def _calendar(items: Sequence[DayException]) -> Iterator[Row]:
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


def _event(one: Event) -> Row:
    at = f" {one.starts_at:%H:%M}" if one.starts_at else ""
    where = ", ".join(part for part in (one.place, one.address) if part)
    return f"{days(one.date, one.until)}{at}", _EVENTS[one.kind], one.title, where, one.text or ""


def _school(items: Sequence[School]) -> Iterator[Row]:
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
        yield from ((name, text) for name, value in contacts.items() if (text := known(value)))
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


def _study_plan(items: Sequence[StudyPlan]) -> Iterator[Row]:
    for plan in items:
        about = " · ".join(part for part in (plan.title, plan.profile) if part)
        yield about, "", _number(plan.hours_total), ""
        for line in plan.subjects:
            week = {line.hours_a_week_least, line.hours_a_week_most}
            hours = "–".join(str(number) for number in sorted(number for number in week if number))
            yield line.subject.name, _number(line.hours_passed), _number(line.hours_total), hours


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _by(author: Teacher) -> str:
    return author.name.full


VIEWS: Mapping[What, View[Any]] = MappingProxyType(  # each is about things of its own
    {
        What.MARKS: View[Mark](
            "отметки",
            schemas.MarkAnswer,
            ("День", "Предмет", "Отметка", "Вес", "За что", "Примечание"),
            each(
                lambda one: (
                    day(one.date),
                    one.subject.name,
                    f"{one.display}•" if one.status == "pending" else one.display,
                    told(one.weight, lambda weight: f"{weight.normalize():f}"),
                    told(one.form),
                    told(one.comment),
                )
            ),
            (-13, 0),
        ),
        What.RESULTS: View[TermResult](
            "итоговые отметки",
            schemas.ResultAnswer,
            ("Предмет", "За что", "Отметка"),
            each(lambda one: (one.subject.name, one.title, one.display)),
        ),
        What.HOMEWORK: View[Homework](
            "домашние задания",
            schemas.HomeworkAnswer,
            ("К дню", "Предмет", "Задание", "Сделано"),
            each(lambda one: (day(one.due_on), one.subject.name, one.text, told(one.done, yes))),
            (0, 7),
        ),
        What.ATTENDANCE: View[AttendanceRecord](
            "пропуски и опоздания",
            schemas.AttendanceAnswer,
            ("День", "Предмет", "", "Причина", "Примечание"),
            each(
                lambda one: (
                    day(one.date),
                    one.subject.name if one.subject else "весь день",
                    one.display or "",
                    told(one.reason, lambda reason: reason.title),
                    told(one.comment),
                )
            ),
            (-30, 0),
        ),
        What.REMARKS: View[Remark](
            "замечания",
            schemas.RemarkAnswer,
            ("День", "Предмет", "Замечание", "Кто"),
            each(
                lambda one: (
                    day(one.date),
                    one.subject.name if one.subject else "",
                    one.text,
                    told(one.author, _by),
                )
            ),
            (-13, 0),
        ),
        What.TERMS: View[Term](
            "учебные периоды",
            schemas.TermAnswer,
            ("Период", "Дни"),
            each(lambda one: (one.title, days(one.since, one.until))),
        ),
        What.CALENDAR: View[DayException](
            "каникулы и праздники", schemas.CalendarAnswer, ("Дни", "", "", ""), _calendar, (0, 180)
        ),
        What.BELLS: View[LessonSlot](
            "звонки",
            schemas.BellAnswer,
            ("Урок", "Начало", "Конец"),
            each(lambda one: (str(one.number), f"{one.starts:%H:%M}", f"{one.ends:%H:%M}")),
        ),
        What.ANNOUNCEMENTS: View[Announcement](
            "объявления",
            schemas.AnnouncementAnswer,
            ("Когда", "Кто", "О чём", "Текст"),
            each(lambda one: (told(one.published_at, moment), told(one.author), one.title, told(one.text))),
            (-13, 0),
        ),
        What.EVENTS: View[Event](
            "собрания и мероприятия",
            schemas.EventAnswer,
            ("Когда", "", "Что", "Где", "Подробности"),
            each(_event),
            (0, 30),
        ),
        What.SCHOOL: View[School]("школа", schemas.SchoolAnswer, ("", ""), _school),
        What.STUDY_PLAN: View[StudyPlan](
            "учебный план",
            schemas.StudyPlanAnswer,
            ("Предмет", "Прошло часов", "Всего", "В неделю"),
            _study_plan,
        ),
        What.SIGNATURES: View[WeekSignature](
            "подписи недель",
            schemas.SignatureAnswer,
            ("Неделя с", "Подписана", "Когда"),
            each(lambda one: (day(one.week), yes(one.signed), told(one.signed_at, moment))),
            (-27, 0),
        ),
        What.VISITS: View[Visit](
            "проходы через турникет",
            schemas.VisitAnswer,
            ("День", "Вход", "Выход", "Где"),
            each(
                lambda one: (
                    day(one.date),
                    f"{one.entered:%H:%M}" if one.entered else "—",
                    f"{one.left:%H:%M}" if one.left else "—",
                    one.place or "",
                )
            ),
            (-6, 0),
        ),
        What.MEALS: View[MealEntry](
            "питание",
            schemas.MealAnswer,
            ("День", "", "Сумма", "Блюда"),
            each(
                lambda one: (
                    day(one.date),
                    _MOVED[one.kind],
                    roubles(one.amount),
                    told(one.dishes, ", ".join),
                )
            ),
            (-13, 0),
        ),
        What.MEAL_ACCOUNT: View[MealAccount](
            "счёт питания",
            schemas.MealAccountAnswer,
            ("Остаток", "Лимит в день"),
            each(lambda one: (roubles(one.balance), told(one.day_limit, roubles))),
        ),
    }
)
"""By what is shown."""
