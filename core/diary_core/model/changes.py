"""What appeared, changed or vanished in a diary."""

from __future__ import annotations

from typing import Literal

from diary_core.model.calendar import Moment
from diary_core.model.values import Model


class Change(Model):
    """One difference between what was known and what the diary says now."""

    id: str
    enrolment_id: str
    thing: Literal["mark", "homework", "lesson", "attendance", "announcement"]
    thing_id: str
    kind: Literal["appeared", "changed", "vanished"]
    before: str | None
    """The thing as it was, serialised; None when it appeared."""
    after: str | None
    """The thing as it is, serialised; None when it vanished."""
    seen_at: Moment
