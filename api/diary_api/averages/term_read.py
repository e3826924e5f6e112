"""What a diary says of one term, as far as averages need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from diary_api.school.composing import composed
from diary_api.school.schemas import DiaryAnswer
from diary_core.averages import averages_of, find_subject, in_subject
from diary_core.model import (
    UNSUPPORTED,
    Average,
    Day,
    DiaryAverage,
    Mark,
    Model,
    Term,
    Unavailable,
)

ItemT = TypeVar("ItemT", bound=Model)


@dataclass(frozen=True)
class TermRead:
    """The parts an answer about averages is made of."""

    term: Term
    up_from: Decimal | None
    """The fraction from which is rounded up, when the asker tells."""
    terms: DiaryAnswer[Term]
    marks: DiaryAnswer[Mark]
    shown: DiaryAnswer[DiaryAverage] | Unavailable
    """The diary's own averages."""
    rest: DiaryAnswer[Day] | Unavailable | None = None
    """The days from today to the end of the term; None when nobody asked, or none is left."""

    @cached_property
    def averages(self) -> tuple[Average, ...]:
        """The average of every subject with marks, or with a figure of the diary's, by name."""
        return averages_of(self.marks.items, self.term, shown=self._figures, up_from=self.up_from)

    def average(self, wanted: str) -> Average:
        """Return the average of the subject that is meant, also of one that is taught but has no mark.

        Raises:
            SubjectUnknown: There is none, or several share the name.
        """
        taught = (
            lesson.actual.subject
            for day in self.rest_of_days
            for lesson in day.lessons
            if lesson.kind == "lesson" and lesson.actual is not None
        )
        known = [average.subject for average in self.averages]
        subject = find_subject(list(dict.fromkeys((*known, *taught))), wanted)
        return in_subject(self.marks.items, subject, self.term, shown=self._figures, up_from=self.up_from)

    @property
    def rest_of_days(self) -> tuple[Day, ...]:
        """The days yet to come, as far as they are known."""
        return self.rest.items if isinstance(self.rest, DiaryAnswer) else ()

    def answer(self, items: Sequence[ItemT]) -> DiaryAnswer[ItemT]:
        """Return what was made of the parts, as trustworthy as they are."""
        parts = {"marks": self.marks, "terms": self.terms, "averages": self.shown, "days": self.rest}
        return composed(
            tuple(items),
            {name: one for name, one in parts.items() if isinstance(one, DiaryAnswer)},
            {name: one for name, one in parts.items() if isinstance(one, Unavailable) and one != UNSUPPORTED},
        )

    @property
    def _figures(self) -> Sequence[DiaryAverage] | Unavailable:
        return self.shown.items if isinstance(self.shown, DiaryAnswer) else self.shown
