"""Weeks a parent has signed.

Source: `docs/sources.md`, МЭШ: the call and what is sent are known; what an answer holds is not, and the
names here are those of what is sent.
"""

from __future__ import annotations

from diary_mrko.wire.values import Day, Id, MaybeMoment, Wire


class SignedWeek(Wire):
    """One week as one adult has signed it; an item of `ej/core/family/v1/aware_journals`."""

    week: Day
    """The Monday, or any day of the week."""
    student_profile_id: Id | None = None
    created_at: MaybeMoment = None
