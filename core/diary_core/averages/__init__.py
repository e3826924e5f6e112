"""One exact engine for averages, how they came about, and what they may become.

Reckoned with fractions and written as decimals, rounded half up to four places; nothing is guessed
but what is said to be: `docs/averages.md` tells every rule.
"""

from __future__ import annotations

from diary_core.averages.forecast import MOST_WAYS, forecast
from diary_core.averages.future import FutureMarks, future_marks
from diary_core.averages.lessons import lessons_left
from diary_core.averages.progress import progress_of
from diary_core.averages.rounding import DEFAULT_UP_FROM
from diary_core.averages.subjects import find_subject, same_subject
from diary_core.averages.term_averages import averages_of, in_subject
from diary_core.averages.what_if import what_if

__all__ = [
    "DEFAULT_UP_FROM",
    "MOST_WAYS",
    "FutureMarks",
    "averages_of",
    "find_subject",
    "forecast",
    "future_marks",
    "in_subject",
    "lessons_left",
    "progress_of",
    "same_subject",
    "what_if",
]
