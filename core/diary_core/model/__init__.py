"""The common diary model: one shape for every diary, frozen, nothing invented."""

from __future__ import annotations

from diary_core.model.answer import (
    Answer,
    Missing,
    Source,
)
from diary_core.model.attendance import (
    AbsenceNotice,
    AbsenceReason,
    AttendanceRecord,
    Visit,
)
from diary_core.model.calendar import (
    Moment,
    SchoolDate,
    WallTime,
    ZoneName,
)
from diary_core.model.changes import (
    Change,
)
from diary_core.model.days import (
    Day,
    Lesson,
    LessonHalf,
)
from diary_core.model.family import (
    Child,
    Enrolment,
)
from diary_core.model.homework import (
    Attachment,
    Homework,
)
from diary_core.model.marks import (
    Average,
    Debt,
    Forecast,
    ForecastMark,
    Mark,
    MarkPart,
    MarkScale,
    MarkStatus,
    MarkVersion,
    TermResult,
)
from diary_core.model.school import (
    AcademicYear,
    Address,
    ClassGroup,
    DayException,
    LessonSlot,
    School,
    StudyPlan,
    StudyPlanSubject,
    Subject,
    Teacher,
    Term,
    TermKind,
)
from diary_core.model.school_life import (
    Announcement,
    Event,
    MealAccount,
    MealEntry,
    Message,
    Remark,
    Thread,
    WeekSignature,
)
from diary_core.model.values import (
    NOT_LOADED,
    UNSUPPORTED,
    Maybe,
    Model,
    NotLoaded,
    Reason,
    Unavailable,
    known,
)

__all__ = [
    "NOT_LOADED",
    "UNSUPPORTED",
    "AbsenceNotice",
    "AbsenceReason",
    "AcademicYear",
    "Address",
    "Announcement",
    "Answer",
    "Attachment",
    "AttendanceRecord",
    "Average",
    "Change",
    "Child",
    "ClassGroup",
    "Day",
    "DayException",
    "Debt",
    "Enrolment",
    "Event",
    "Forecast",
    "ForecastMark",
    "Homework",
    "Lesson",
    "LessonHalf",
    "LessonSlot",
    "Mark",
    "MarkPart",
    "MarkScale",
    "MarkStatus",
    "MarkVersion",
    "Maybe",
    "MealAccount",
    "MealEntry",
    "Message",
    "Missing",
    "Model",
    "Moment",
    "NotLoaded",
    "Reason",
    "Remark",
    "School",
    "SchoolDate",
    "Source",
    "StudyPlan",
    "StudyPlanSubject",
    "Subject",
    "Teacher",
    "Term",
    "TermKind",
    "TermResult",
    "Thread",
    "Unavailable",
    "Visit",
    "WallTime",
    "WeekSignature",
    "ZoneName",
    "known",
]
