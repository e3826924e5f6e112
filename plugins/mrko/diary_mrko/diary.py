"""The diary behind one connection to a node of the МЭШ family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diary_core.abilities import Ability, ReadsMeals, ReadsMessages, ReadsVisits, SendsMessages
from diary_core.bilingual import Bilingual
from diary_mrko.reads.announcements import Announcements
from diary_mrko.reads.attachments import Attachments
from diary_mrko.reads.attendance import Attendance
from diary_mrko.reads.averages import Averages
from diary_mrko.reads.bells import Bells
from diary_mrko.reads.calendar import Calendar
from diary_mrko.reads.class_standing import ClassStanding
from diary_mrko.reads.days import Days
from diary_mrko.reads.events import Events
from diary_mrko.reads.homework import Homework
from diary_mrko.reads.marks import Marks
from diary_mrko.reads.meals import Meals
from diary_mrko.reads.remarks import Remarks
from diary_mrko.reads.results import Results
from diary_mrko.reads.school import School
from diary_mrko.reads.study_plan import StudyPlan
from diary_mrko.reads.terms import Terms
from diary_mrko.reads.visits import Visits
from diary_mrko.writes.absence_notices import AbsenceNotices
from diary_mrko.writes.homework_ticks import HomeworkTicks
from diary_mrko.writes.signatures import Signatures

_NO_CHATS = Bilingual(
    "Переписки в дневнике нет: её ведут в мессенджерах.",
    "No service has a call for chats: people talk in messengers outside the diary.",
)
_LACKS: Mapping[type[Ability], Bilingual] = MappingProxyType(
    {
        ReadsMessages: _NO_CHATS,
        SendsMessages: _NO_CHATS,
        ReadsVisits: Bilingual(
            "О проходах через турникет дневник сообщает только в Москве.",
            "Nodes outside Moscow answer no calls about turnstiles.",
        ),
        ReadsMeals: Bilingual(
            "О питании дневник сообщает только в Москве.",
            "Nodes outside Moscow answer no calls about canteens.",
        ),
    }
)


class MrkoDiary(
    Days,
    Marks,
    Averages,
    ClassStanding,
    Results,
    Homework,
    Attachments,
    HomeworkTicks,
    Terms,
    School,
    Attendance,
    Calendar,
    Bells,
    AbsenceNotices,
    Announcements,
    Events,
    Remarks,
    StudyPlan,
    Signatures,
):
    """The diary of one signed-in adult at one node, as far as every node has it."""

    lacks = _LACKS


class MoscowDiary(MrkoDiary, Visits, Meals):
    """The diary in Moscow: its schools have turnstiles and canteens on the wire, those of other nodes not."""
