"""Wire to core model, pure: no calls, no clock, no state."""

from __future__ import annotations

from diary_dnevnik_ru.parse.attendance import missed_lessons, undescribed
from diary_dnevnik_ru.parse.bells import bells
from diary_dnevnik_ru.parse.calendar import vacations
from diary_dnevnik_ru.parse.days import Beside, diary_days, unnamed
from diary_dnevnik_ru.parse.family import enrolments
from diary_dnevnik_ru.parse.homework import Files, due_homework
from diary_dnevnik_ru.parse.marks import lesson_ids, lesson_marks
from diary_dnevnik_ru.parse.people import person_name
from diary_dnevnik_ru.parse.posts import announcements
from diary_dnevnik_ru.parse.school import school_profile
from diary_dnevnik_ru.parse.tables import Whose, names_of
from diary_dnevnik_ru.parse.terms import year_terms
from diary_dnevnik_ru.parse.weights import Weights

__all__ = [
    "Beside",
    "Files",
    "Weights",
    "Whose",
    "announcements",
    "bells",
    "diary_days",
    "due_homework",
    "enrolments",
    "lesson_ids",
    "lesson_marks",
    "missed_lessons",
    "names_of",
    "person_name",
    "school_profile",
    "undescribed",
    "unnamed",
    "vacations",
    "year_terms",
]
