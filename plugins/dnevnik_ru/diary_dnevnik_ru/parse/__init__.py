"""Wire to core model, pure: no calls, no clock, no state."""

from __future__ import annotations

from diary_dnevnik_ru.parse.attendance import missed_lessons, undescribed
from diary_dnevnik_ru.parse.averages import averages, plain_averages, weighted_averages
from diary_dnevnik_ru.parse.bells import bells
from diary_dnevnik_ru.parse.calendar import vacations
from diary_dnevnik_ru.parse.days import Beside, diary_days, unnamed
from diary_dnevnik_ru.parse.family import enrolments
from diary_dnevnik_ru.parse.homework import Files, due_homework, file_name
from diary_dnevnik_ru.parse.marks import is_of, lesson_ids, lesson_marks, mark_in_depth
from diary_dnevnik_ru.parse.people import person_name
from diary_dnevnik_ru.parse.posts import announcements
from diary_dnevnik_ru.parse.remarks import remarks
from diary_dnevnik_ru.parse.results import results
from diary_dnevnik_ru.parse.school import SchoolParts, school_profile
from diary_dnevnik_ru.parse.tables import Whose, names_of
from diary_dnevnik_ru.parse.terms import year_terms
from diary_dnevnik_ru.parse.weights import Weights
from diary_dnevnik_ru.parse.years import academic_years, seats_of_year

__all__ = [
    "Beside",
    "Files",
    "SchoolParts",
    "Weights",
    "Whose",
    "academic_years",
    "announcements",
    "averages",
    "bells",
    "diary_days",
    "due_homework",
    "enrolments",
    "file_name",
    "is_of",
    "lesson_ids",
    "lesson_marks",
    "mark_in_depth",
    "missed_lessons",
    "names_of",
    "person_name",
    "plain_averages",
    "remarks",
    "results",
    "school_profile",
    "seats_of_year",
    "undescribed",
    "unnamed",
    "vacations",
    "weighted_averages",
    "year_terms",
]
