"""Forgetting what is older than it may become."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import CursorResult, delete

from diary_api.absences.repository import sweep as sweep_absence_notices
from diary_api.clock import Clock
from diary_api.connections.repository import sweep_unfinished
from diary_api.events.service import sweep as sweep_events
from diary_api.grants.repository import sweep as sweep_grants
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.tables import AnswerRow, ChangeRow
from diary_api.storage.touched import touching
from diary_api.upstream_calls.repository import sweep as sweep_upstream_calls
from diary_api.work.habits import sweep as sweep_habits

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Retention:
    """Sweeps what is old out of the database: answers, changes, notices of absence, links never finished…

    What a day last looked like is kept while its link is: without it an old day, read again, would look new.
    """

    storage: Storage
    settings: Settings
    clock: Clock

    async def sweep(self) -> None:
        """Delete what is too old."""
        now, keep = self.clock(), self.settings.retention
        async with self.storage.erasing() as session:
            old = delete(AnswerRow).where(AnswerRow.asked_at < now - keep.answers)
            answers = await session.execute(touching(old))  # long too old to be given from memory
            changes = await session.execute(delete(ChangeRow).where(ChangeRow.seen_at < now - keep.changes))
            await sweep_events(session, now - keep.events)
            await sweep_grants(session, now - keep.grants)
            await sweep_habits(session, now - keep.habits)
            await sweep_unfinished(session, now - keep.unfinished_links)
            await sweep_upstream_calls(session, (now - keep.upstream_calls).date())
            await sweep_absence_notices(session, (now - keep.absence_notices).date())
        assert isinstance(answers, CursorResult)  # noqa: S101  what a deletion gives
        assert isinstance(changes, CursorResult)  # noqa: S101  as above
        log.info("what was old is forgotten", answers=answers.rowcount, changes=changes.rowcount)
