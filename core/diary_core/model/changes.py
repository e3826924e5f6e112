"""What appeared, changed or vanished in a diary."""

from __future__ import annotations

from typing import Literal

from diary_core.model.attendance import AttendanceRecord
from diary_core.model.calendar import Moment, SchoolDate
from diary_core.model.days import Lesson
from diary_core.model.homework import Homework
from diary_core.model.marks import Mark
from diary_core.model.school_life import Announcement
from diary_core.model.values import Model

Thing = Mark | Homework | Lesson | AttendanceRecord | Announcement
"""What a diary is watched for."""


class Change(Model):
    """One difference between what was known and what the diary says now."""

    id: str
    """Its place in the account's log, which only grows; a cursor."""
    child_id: str
    enrolment_id: str
    thing: Literal["mark", "homework", "lesson", "attendance", "announcement"]
    kind: Literal["appeared", "changed", "vanished"]
    day: SchoolDate
    """The school day it belongs to; for a thing that was moved, the later one seen."""
    before: Thing | None
    """As it was; None when it appeared."""
    after: Thing | None
    """As it is; None when it vanished."""
    seen_at: Moment
    """When the gateway saw it, which may be long after it was done."""
