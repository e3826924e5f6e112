"""The tables; what is personal or secret stands in `…_sealed` columns or as a keyed hash."""

from __future__ import annotations

from diary_api.storage.tables.absences import AbsenceNoticeRow
from diary_api.storage.tables.accounts import (
    AccessKeyRow,
    AccountEventRow,
    AccountRow,
    HabitRow,
    IdentityRow,
    ReplayRow,
)
from diary_api.storage.tables.children import ChildRow, EnrolmentRow
from diary_api.storage.tables.connections import ConnectionRow, SignInRow, UpstreamCallsRow
from diary_api.storage.tables.grants import GrantRow, GrantUseRow
from diary_api.storage.tables.root import MetaRow, Table
from diary_api.storage.tables.school import AnswerRow, ChangeRow, SeenDayRow, WatchRow

__all__ = [
    "AbsenceNoticeRow",
    "AccessKeyRow",
    "AccountEventRow",
    "AccountRow",
    "AnswerRow",
    "ChangeRow",
    "ChildRow",
    "ConnectionRow",
    "EnrolmentRow",
    "GrantRow",
    "GrantUseRow",
    "HabitRow",
    "IdentityRow",
    "MetaRow",
    "ReplayRow",
    "SeenDayRow",
    "SignInRow",
    "Table",
    "UpstreamCallsRow",
    "WatchRow",
]
