"""What is owed: pending marks whose last day to mend has passed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from diary_core.debts import debts
from diary_core.model import Mark, MarkScale, Subject

DUE = date(2026, 9, 28)


def _mark(mark_id: str, due_on: date | None, *, pending: bool = True) -> Mark:
    return Mark(
        id=mark_id,
        subject=Subject(id="41", name="Английский язык"),
        date=date(2026, 9, 14),
        display="2",
        value=Decimal(2),
        status="pending" if pending else "graded",
        scale=MarkScale(kind="five"),
        counts=not pending,
        due_on=due_on,
    )


def test_a_point_is_owed_from_the_day_after_its_last() -> None:
    """On its last day it can still be mended; a debt tells since when it is one."""
    point = _mark("a", DUE)
    assert debts([point], DUE) == ()
    (debt,) = debts([point], DUE + timedelta(days=1))
    assert (debt.mark, debt.overdue_since) == (point, date(2026, 9, 29))


def test_what_was_mended_or_has_no_deadline_is_not_owed() -> None:
    """A point that has become a mark is pending no more; without a deadline nothing can pass it."""
    later = DUE + timedelta(days=100)
    assert debts([_mark("a", None, pending=False), _mark("b", None)], later) == ()


def test_the_longest_overdue_comes_first() -> None:
    """Whatever the order of the marks; of one day by id."""
    marks = [_mark("c", DUE), _mark("b", DUE - timedelta(days=1)), _mark("a", DUE)]
    assert [debt.mark.id for debt in debts(marks, DUE + timedelta(days=9))] == ["b", "a", "c"]
