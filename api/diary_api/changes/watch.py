"""Looking into a linked diary now and then, so that a change is seen though nobody reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog

from diary_api.connections.family import Asked, Family, KnownChild
from diary_api.connections.states import CLOSED, RESTING, State
from diary_api.school import readings
from diary_api.school.readings import Kind, Reading
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import week_of
from diary_api.storage.tables import ConnectionRow
from diary_core.errors import DiaryError, NotSupported
from diary_core.model import Model

log = structlog.stdlib.get_logger()

ItemT = TypeVar("ItemT", bound=Model)

_WEEKS = (-1, 0, 1)
"""Which weeks are looked at, counted from the present one: marks come late, homework and changes early."""


@dataclass(frozen=True)
class Watch:
    """Reads what parents read, as parents do: through the cache, so what it brings is there for them too."""

    family: Family
    school: SchoolDiaries

    async def look_into(self, link: ConnectionRow) -> None:
        """Look once into a diary that can be read without its parent."""
        for child in await self.family.children(link.account_id):
            if child.connection.id == link.id:
                await self._child(link.account_id, child)

    async def _child(self, account_id: str, child: KnownChild) -> None:
        if State(child.connection.state) in CLOSED | RESTING:
            return
        for enrolment in child.enrolments:
            if enrolment.current:
                await self._enrolment(Asked(account_id, child.id, enrolment.id))

    async def _enrolment(self, asked: Asked) -> None:
        try:
            today = await self.school.today(asked, Kind.DAYS)
        except DiaryError as error:  # it may have been unlinked since; the other families' look goes on
            log.info("a diary could not be looked at", kind=Kind.DAYS, outcome=error.code)
            return
        for number in _WEEKS:
            await self._look_at(asked, readings.days(week_of(today + timedelta(weeks=number))))
        await self._look_at(asked, readings.announcements(week_of(today)))

    async def _look_at(self, asked: Asked, reading: Reading[ItemT]) -> None:
        try:
            await self.school.read(asked, reading, behind=False)
        except NotSupported:
            log.debug("a diary has no such thing", kind=reading.kind)
        except DiaryError as error:
            log.info("a diary could not be looked at", kind=reading.kind, outcome=error.code)
