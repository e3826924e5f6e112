"""What became of «точки»: which are still to be mended, and which are owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from diary_core.model import Debt, Mark


def debts(marks: Iterable[Mark], today: date) -> tuple[Debt, ...]:
    """Return the pending marks whose last day to mend has passed, the longest overdue first.

    One that was mended is pending no more; one without a deadline cannot be overdue.

    Args:
        marks: Of one child.
        today: The school's own date.
    """
    overdue = [
        Debt(mark=mark, overdue_since=mark.due_on + timedelta(days=1))
        for mark in marks
        if mark.status == "pending" and mark.due_on is not None and mark.due_on < today
    ]
    return tuple(sorted(overdue, key=lambda debt: (debt.overdue_since, debt.mark.id)))
