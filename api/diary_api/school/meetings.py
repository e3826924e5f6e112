"""Meeting the children of links that stand, and whose diary could not tell them yet."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from diary_api.connections.family import Family
from diary_api.school.flights import Flights
from diary_api.storage.tables import ConnectionRow
from diary_core.errors import DiaryError

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Meetings:
    """Asks who is there when somebody wants to know, each diary once for all who do."""

    family: Family
    flights: Flights[None]
    patience: timedelta
    """How long whoever wants to know is kept waiting; a slow diary is asked on."""

    async def meet(self, account_id: str) -> None:
        """Meet the children of an account that nobody knows yet, as far as their diaries tell them now."""
        unmet = await self.family.unmet(account_id)
        await asyncio.gather(*(self._meet(one) for one in unmet))

    async def close(self) -> None:
        """Let the calls that are under way come to an end."""
        await self.flights.close()

    async def _meet(self, connection: ConnectionRow) -> None:
        try:
            await self.flights.join(connection.id, lambda: self.family.learn(connection), self.patience)
        except DiaryError as error:  # the connection says so itself
            log.info("children not read yet", provider=connection.provider, outcome=error.code)
