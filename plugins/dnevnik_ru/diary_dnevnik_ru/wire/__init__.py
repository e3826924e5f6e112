"""What the partner API sends, as far as this plugin reads it; unknown fields are let through unseen.

Lenient where public clients disagree: nulls, missing fields, numbers as text, both spellings of a name,
a bare list where an object is documented. Strict in what a diary cannot do without: ids and dates.
Fields about other people than the child and its teachers are not named here, so they never come further.

Source: the archived documentation of 2021-02 and public clients of 2019-2026, for `/v2` of `api.dnevnik.ru`.
"""

from __future__ import annotations

from diary_dnevnik_ru.wire.attendance import LogEntries
from diary_dnevnik_ru.wire.calendar import Bell, Holiday, PeriodGroup, Timetable
from diary_dnevnik_ru.wire.family import Context, ContextChild, ContextSchool, EduGroup, Me, Person
from diary_dnevnik_ru.wire.homework import File, Homeworks, Task
from diary_dnevnik_ru.wire.lessons import Day, DayTeacher, FullLesson, LightLesson, LogEntry, Schedule
from diary_dnevnik_ru.wire.marks import Mark, Work
from diary_dnevnik_ru.wire.posts import Post, Posts
from diary_dnevnik_ru.wire.results import (
    FinalMarks,
    PupilAverage,
    PupilAverages,
    SubjectAverage,
    SubjectAverages,
    WeightedAverages,
)
from diary_dnevnik_ru.wire.school import (
    ReportingPeriod,
    School,
    SchoolParameters,
    StaffMember,
    Subject,
    WorkType,
)
from diary_dnevnik_ru.wire.session import (
    EsiaOutcome,
    EsiaRegion,
    EsiaRegions,
    EsiaSchool,
    EsiaStatus,
    EsiaUser,
    EsiaUsers,
    Grant,
    Refusal,
)

__all__ = [
    "Bell",
    "Context",
    "ContextChild",
    "ContextSchool",
    "Day",
    "DayTeacher",
    "EduGroup",
    "EsiaOutcome",
    "EsiaRegion",
    "EsiaRegions",
    "EsiaSchool",
    "EsiaStatus",
    "EsiaUser",
    "EsiaUsers",
    "File",
    "FinalMarks",
    "FullLesson",
    "Grant",
    "Holiday",
    "Homeworks",
    "LightLesson",
    "LogEntries",
    "LogEntry",
    "Mark",
    "Me",
    "PeriodGroup",
    "Person",
    "Post",
    "Posts",
    "PupilAverage",
    "PupilAverages",
    "Refusal",
    "ReportingPeriod",
    "Schedule",
    "School",
    "SchoolParameters",
    "StaffMember",
    "Subject",
    "SubjectAverage",
    "SubjectAverages",
    "Task",
    "Timetable",
    "WeightedAverages",
    "Work",
    "WorkType",
]
