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

_NO_CHATS = "its chat is a service of its own, whose messages nobody has described"
_LACKS: Mapping[type[Ability], str] = MappingProxyType(
    {
        TicksHomework: "only a pupil tells how far homework has come",
        NotifiesAbsence: "the lesson log is written by teachers alone",
        ReadsClassStanding: "its rating is in the mobile app alone, and paid for",
        ReadsEvents: "meetings and events stand among the announcements, as words",
        ReadsMessages: _NO_CHATS,
        SendsMessages: _NO_CHATS,
        ReadsVisits: "no call about turnstiles is known",
        ReadsMeals: "no call about canteens is known",
        SignsWeeks: "no call about a parent's signature is known",
        ReadsStudyPlan: "classes have subjects and lessons, no plan with hours",
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
