"""What a child's diary lists, each part with how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from diary_api.class_standing.schemas import ClassStandingAnswer
from diary_api.cli.marks_paper import figure
from diary_api.cli.paper import written
from diary_api.cli.rows import (
    calendar_rows,
    event_row,
    meal_row,
    school_rows,
    study_plan_rows,
    summary_rows,
)
from diary_api.cli.view import View, day, days, each, moment, roubles, told, yes
from diary_api.school import schemas
from diary_core.model import (
    AcademicYear,
    Announcement,
    AttendanceRecord,
    AttendanceSummary,
    ClassStanding,
    DayException,
    Debt,
    Event,
    Homework,
    LessonSlot,
    Mark,
    MealAccount,
    MealEntry,
    Remark,
    School,
    StudyPlan,
    Term,
    TermResult,
    Thread,
    Visit,
    WeekSignature,
)


class What(StrEnum):
    """What can be shown; the words of the API's addresses."""

    MARKS = "marks"
    DEBTS = "debts"
    RESULTS = "results"
    YEARS = "years"
    CLASS_STANDING = "class-standing"
    HOMEWORK = "homework"
    OVERDUE_HOMEWORK = "homework/overdue"
    ATTENDANCE = "attendance"
    ATTENDANCE_SUMMARY = "attendance/summary"
    REMARKS = "remarks"
    TERMS = "terms"
    CALENDAR = "calendar"
    BELLS = "bells"
    ANNOUNCEMENTS = "announcements"
    EVENTS = "events"
    THREADS = "threads"
    SCHOOL = "school"
    STUDY_PLAN = "study-plan"
    SIGNATURES = "signatures"
    VISITS = "visits"
    MEALS = "meals"
    MEAL_ACCOUNT = "meals/account"


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
                    written(one),
                    told(one.weight, lambda weight: f"{weight.normalize():f}"),
                    told(one.form),
                    told(one.comment),
                )
            ),
            (-13, 0),
        ),
        What.DEBTS: View[Debt](
            "долги",
            schemas.DebtAnswer,
            ("Просрочено с", "Предмет", "Точка", "За что"),
            each(
                lambda one: (
                    day(one.overdue_since),
                    one.mark.subject.name,
                    one.mark.display,
                    told(one.mark.form),
                )
            ),
        ),
        What.YEARS: View[AcademicYear](
            "учебные годы",
            schemas.YearAnswer,
            ("Год", "Номер", "Идёт"),
            each(lambda one: (one.title, one.id, yes(one.current))),
        ),
        What.CLASS_STANDING: View[ClassStanding](
            "место в классе",
            ClassStandingAnswer,
            ("Предмет", "Место", "Средний", "Учеников", "Средний класса"),
            each(
                lambda one: (
                    one.subject.name if one.subject else "все предметы",
                    str(one.place),
                    told(one.average, figure),
                    told(one.class_size),
                    told(one.class_average, figure),
                )
            ),
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
        What.OVERDUE_HOMEWORK: View[Homework](
            "просроченные задания",
            schemas.HomeworkAnswer,
            ("Было к дню", "Предмет", "Задание"),
            each(lambda one: (day(one.due_on), one.subject.name, one.text)),
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
        What.ATTENDANCE_SUMMARY: View[AttendanceSummary](
            "сводка пропусков",
            schemas.AttendanceSummaryAnswer,
            ("", "Пропущено", "По уважительной", "Опозданий"),
            summary_rows,
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
                    told(one.author, lambda author: author.name.full),
                )
            ),
            (-13, 0),
        ),
        What.TERMS: View[Term](
            "учебные периоды",
            schemas.TermAnswer,
            ("Период", "Дни", "id"),
            each(lambda one: (one.title, days(one.since, one.until), one.id)),
        ),
        What.CALENDAR: View[DayException](
            "каникулы и праздники", schemas.CalendarAnswer, ("Дни", "", "", ""), calendar_rows, (0, 180)
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
            each(event_row),
            (0, 30),
        ),
        What.THREADS: View[Thread](
            "переписка",
            schemas.ThreadAnswer,
            ("Последнее", "О чём", "С кем", "Новых"),
            each(
                lambda one: (
                    told(one.last_at, moment),
                    one.title,
                    ", ".join(one.members),
                    str(one.unread or ""),
                )
            ),
        ),
        What.SCHOOL: View[School]("школа", schemas.SchoolAnswer, ("", ""), school_rows),
        What.STUDY_PLAN: View[StudyPlan](
            "учебный план",
            schemas.StudyPlanAnswer,
            ("Предмет", "Прошло часов", "Всего", "В неделю"),
            study_plan_rows,
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
            each(meal_row),
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
