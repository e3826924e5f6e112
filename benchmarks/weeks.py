"""The weeks that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from benchmarks.load import asking
from benchmarks.town import Parent


def monday(back: int) -> date:
    """Return the Monday so many weeks back; the town lives on this machine's day."""
    today = date.today()  # noqa: DTZ011  as said
    return today - timedelta(days=today.weekday(), weeks=back)


def asked_week(parent: Parent, since: date) -> Sequence[bytes]:
    """Return the requests for the week of both children."""
    return [
        asking("GET", f"/v1/children/{child}/week?of={since}", headers=parent.headers)
        for child in parent.child_ids[:2]
    ]
