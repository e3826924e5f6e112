"""What a parent would have to work out of several answers: what is owed, and how much was missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from diary_api.connections.family import Asked
from diary_api.school import readings
from diary_api.school.composing import composed, part
from diary_api.school.readings import Kind
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span
from diary_api.school.term_choice import chosen_term
from diary_core.attendance_summary import attendance_summary as summed_up
from diary_core.averages import find_subject, same_subject
from diary_core.debts import debts as overdue
from diary_core.model import AttendanceSummary, Debt, Mark

DEBTS_BACK: Final = timedelta(days=120)
"""About a term: what was owed before it has become a mark."""


async def debts(school: SchoolDiaries, asked: Asked) -> DiaryAnswer[Debt]:
    """Return the pending marks whose deadline has passed, the longest overdue first.

    Raises:
        DiaryError: As `SchoolDiaries.read`.
    """
    today = await school.today(asked, Kind.MARKS)
    marks = await part(school, asked, readings.marks(Span(today - DEBTS_BACK, today)))
    return composed(overdue(marks.items, today), {"marks": marks}, {})


async def marks_of(school: SchoolDiaries, asked: Asked, span: Span, subject: str) -> DiaryAnswer[Mark]:
    """Return the marks of one subject in a span, oldest lesson first.

    Raises:
        SubjectUnknown: No mark of the span is of such a subject, or several subjects share the name.
        DiaryError: As `SchoolDiaries.read`.
    """
    marks = await part(school, asked, readings.marks(span))
    of = find_subject(list(dict.fromkeys(mark.subject for mark in marks.items)), subject)
    own = tuple(mark for mark in marks.items if same_subject(mark.subject, of))
    return marks.model_copy(update={"items": own})


async def attendance_summary(
    school: SchoolDiaries, asked: Asked, term_id: str | None
) -> DiaryAnswer[AttendanceSummary]:
    """Return how much was missed in a term, in all and by subject; in the present term unless one is named.

    Raises:
        TermUnknown: There is no such term, or none at all.
        DiaryError: As `SchoolDiaries.read`.
    """
    terms = await part(school, asked, readings.terms())
    term = chosen_term(terms.items, term_id, await school.today(asked, Kind.ATTENDANCE))
    missed = await part(school, asked, readings.attendance(Span(term.since, term.until)))
    summary = summed_up(missed.items, since=term.since, until=term.until)
    return composed((summary,), {"attendance": missed, "terms": terms}, {})
