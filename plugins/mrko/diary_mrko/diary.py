"""The diary behind one connection to a node of the МЭШ family."""

from __future__ import annotations

from diary_mrko.reads.days import Days
from diary_mrko.reads.homework import Homework
from diary_mrko.reads.marks import Marks
from diary_mrko.reads.school import School
from diary_mrko.reads.terms import Terms
from diary_mrko.writes.absence_notices import AbsenceNotices


class MrkoDiary(Days, Marks, Homework, Terms, School, AbsenceNotices):
    """The diary of one signed-in adult at one node."""
