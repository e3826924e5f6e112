"""The diary behind one connection to Дневник.ру."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diary_core.abilities import (
    Ability,
    NotifiesAbsence,
    ReadsClassStanding,
    ReadsEvents,
    ReadsMeals,
    ReadsMessages,
    ReadsStudyPlan,
    ReadsVisits,
    SendsMessages,
    SignsWeeks,
    TicksHomework,
)
from diary_core.bilingual import Bilingual
from diary_dnevnik_ru.reads.announcements import Announcements
from diary_dnevnik_ru.reads.attachments import Attachments
from diary_dnevnik_ru.reads.attendance import Attendance
from diary_dnevnik_ru.reads.averages import Averages
from diary_dnevnik_ru.reads.bells import Bells
from diary_dnevnik_ru.reads.calendar import Calendar
from diary_dnevnik_ru.reads.days import Days
from diary_dnevnik_ru.reads.homework import Homework
from diary_dnevnik_ru.reads.marks import Marks
from diary_dnevnik_ru.reads.remarks import Remarks
from diary_dnevnik_ru.reads.results import Results
from diary_dnevnik_ru.reads.school import School
from diary_dnevnik_ru.reads.terms import Terms

_NO_CHATS = Bilingual(
    "Чат Дневник.ру — отдельный сервис, и читать его переписку извне нельзя.",
    "Its chat is a service of its own, whose messages nobody has described.",
)
_LACKS: Mapping[type[Ability], Bilingual] = MappingProxyType(
    {
        TicksHomework: Bilingual(
            "Выполнение заданий в Дневник.ру отмечает только сам ученик.",
            "Only a pupil tells how far homework has come.",
        ),
        NotifiesAbsence: Bilingual(
            "Пропуски в Дневник.ру записывают только учителя.", "The lesson log is written by teachers alone."
        ),
        ReadsClassStanding: Bilingual(
            "Рейтинг класса есть только в мобильном приложении, за плату.",
            "Its rating is in the mobile app alone, and paid for.",
        ),
        ReadsEvents: Bilingual(
            "Собрания и мероприятия стоят среди объявлений, словами.",
            "Meetings and events stand among the announcements, as words.",
        ),
        ReadsMessages: _NO_CHATS,
        SendsMessages: _NO_CHATS,
        ReadsVisits: Bilingual(
            "О проходах через турникет этот дневник не сообщает.", "No call about turnstiles is known."
        ),
        ReadsMeals: Bilingual("О питании этот дневник не сообщает.", "No call about canteens is known."),
        SignsWeeks: Bilingual(
            "Подписывать неделю этот дневник не предлагает.", "No call about a parent's signature is known."
        ),
        ReadsStudyPlan: Bilingual(
            "У классов есть предметы и уроки, а плана с часами нет.",
            "Classes have subjects and lessons, no plan with hours.",
        ),
    }
)


class DnevnikRuDiary(
    Days,
    Marks,
    Averages,
    Results,
    Homework,
    Attachments,
    Terms,
    School,
    Attendance,
    Calendar,
    Bells,
    Announcements,
    Remarks,
):
    """The diary of one signed-in parent."""

    lacks = _LACKS
