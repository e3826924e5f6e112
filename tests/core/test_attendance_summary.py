"""Absences are counted as they were told: by subject, within the span, nothing guessed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from diary_core.attendance_summary import attendance_summary
from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    AttendanceCounts,
    AttendanceRecord,
    Maybe,
    Subject,
)

SINCE, UNTIL = date(2026, 9, 1), date(2026, 10, 31)
ALGEBRA, PHYSICS = Subject(id="56", name="Алгебра"), Subject(id="57", name="Физика")
TALKS = Subject(id=None, name="Разговоры о важном")


def _record(
    on: date = SINCE,
    subject: Subject | None = ALGEBRA,
    *,
    kind: Literal["absent", "late", "other"] = "absent",
    excused: Maybe[bool | None] = None,
    counted: bool = True,
    lesson_id: str | None = "1",
) -> AttendanceRecord:
    return AttendanceRecord(
        id=f"{on}-{kind}",
        date=on,
        lesson_id=lesson_id,
        subject=subject,
        kind=kind,
        display=None,
        excused=excused,
        counted=counted,
        noted_by="teacher",
    )


def _counts(**numbers: int) -> AttendanceCounts:
    names = AttendanceCounts.model_fields
    return AttendanceCounts(**{name: numbers.get(name, 0) for name in names})


def test_nothing_missed_is_counted_as_nothing() -> None:
    """An empty span has no subjects and zeros."""
    summary = attendance_summary([], since=SINCE, until=UNTIL)
    assert (summary.total, summary.days, summary.subjects) == (_counts(), 0, ())
    assert (summary.since, summary.until) == (SINCE, UNTIL)


@pytest.mark.parametrize(
    ("excused", "kind"),
    [
        (True, "excused"),
        (False, "unexcused"),
        (None, "unknown"),
        (NOT_LOADED, "unknown"),
        (UNSUPPORTED, "unknown"),
    ],
)
def test_an_excuse_is_told_or_unknown(excused: Maybe[bool | None], kind: str) -> None:
    """A gap is no excuse, and no lack of one."""
    summary = attendance_summary([_record(excused=excused)], since=SINCE, until=UNTIL)
    assert summary.total == _counts(absent=1, **{kind: 1})


def test_lateness_and_the_rest_are_apart() -> None:
    """Coming late is not missing; what the school does not count is told as such."""
    records = [
        _record(kind="late", counted=False),
        _record(kind="other", counted=False),
        _record(counted=False),
    ]
    summary = attendance_summary(records, since=SINCE, until=UNTIL)
    assert summary.total == _counts(late=1, other=2)
    assert summary.days == 0


def test_a_whole_day_is_no_lesson() -> None:
    """How many lessons it had, nobody says; it is a day missed all the same."""
    summary = attendance_summary([_record(subject=None, lesson_id=None)], since=SINCE, until=UNTIL)
    assert (summary.total, summary.days, summary.subjects) == (_counts(whole_days=1), 1, ())


def test_subjects_stand_by_name() -> None:
    """One subject is one line, though it be named twice; one without an id goes by its name."""
    renamed = Subject(id="56", name="Алгебра и начала анализа")
    records = [_record(subject=subject) for subject in (PHYSICS, ALGEBRA, TALKS, renamed, TALKS)]
    summary = attendance_summary(records, since=SINCE, until=UNTIL)
    assert [(line.subject.name, line.counts.absent) for line in summary.subjects] == [
        ("Алгебра", 2),
        ("Разговоры о важном", 2),
        ("Физика", 1),
    ]


def test_both_ends_of_the_span_count() -> None:
    """The days before and after do not."""
    day = timedelta(days=1)
    records = [_record(on) for on in (SINCE - day, SINCE, UNTIL, UNTIL + day)]
    summary = attendance_summary(records, since=SINCE, until=UNTIL)
    assert (summary.total.absent, summary.days) == (2, 2)


def test_numbers_that_contradict_each_other_cannot_be_made() -> None:
    """A missed lesson is of exactly one kind."""
    with pytest.raises(ValidationError, match="excused"):
        _counts(absent=2, excused=1)


records_of_anything = st.lists(
    st.builds(
        _record,
        st.dates(SINCE - timedelta(days=3), UNTIL + timedelta(days=3)),
        st.sampled_from([ALGEBRA, PHYSICS, TALKS, None]),
        kind=st.sampled_from(["absent", "late", "other"]),
        excused=st.sampled_from([True, False, None, NOT_LOADED]),
        counted=st.booleans(),
        lesson_id=st.sampled_from(["1", None]),
    ),
    max_size=30,
)


@given(records=records_of_anything)
def test_every_record_is_counted_once(records: list[AttendanceRecord]) -> None:
    """In all and by subject; two spans that meet count what the whole does."""
    summary = attendance_summary(records, since=SINCE, until=UNTIL)
    total = summary.total
    within = [record for record in records if SINCE <= record.date <= UNTIL]
    assert total.absent + total.late + total.other + total.whole_days == len(within)
    named = [record for record in within if record.subject is not None]
    lines = [line.counts for line in summary.subjects]
    assert sum(one.absent + one.late + one.other + one.whole_days for one in lines) == len(named)
    middle = date(2026, 9, 30)
    parts = [
        attendance_summary(records, since=SINCE, until=middle),
        attendance_summary(records, since=middle + timedelta(days=1), until=UNTIL),
    ]
    assert [sum(getattr(part.total, name) for part in parts) for name in AttendanceCounts.model_fields] == [
        getattr(total, name) for name in AttendanceCounts.model_fields
    ]
    assert sum(part.days for part in parts) == summary.days
