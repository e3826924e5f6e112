"""The diary behind one connection to Дневник.ру."""

from __future__ import annotations

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
