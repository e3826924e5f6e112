"""What a writing transaction touches, so that whatever was made of it can be dropped at once.

Only rows that answers depend on count: who may read, whose child, which diary, and what it said.
Objects are noted as they are flushed. A bulk statement on such a table names what it touches by
`touching`; one that names nothing touches everything, which is safe and slow.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sqlalchemy import Delete, Insert, Update, event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.base import Executable

from diary_api.storage.tables import (
    AccessKeyRow,
    AccountRow,
    AnswerRow,
    ChildRow,
    ConnectionRow,
    EnrolmentRow,
)

StatementT = TypeVar("StatementT", bound=Executable)

EVERYTHING: Final = "*"
"""Stands among the touched ids for every id there is."""
_WATCHED: Final = (AccessKeyRow, AccountRow, AnswerRow, ChildRow, ConnectionRow, EnrolmentRow)
_TABLES: Final = frozenset(row.__tablename__ for row in _WATCHED)
_OPTION, _NOTED = "diary_touches", "diary_touched"


def touching(statement: StatementT, *ids: str) -> StatementT:
    """Name what a bulk statement touches: ids its rows are found by; none when no answer depends on it."""
    return statement.execution_options(**{_OPTION: frozenset(ids)})


class NotingSession(Session):
    """A session that notes the ids of what it touches."""


def noted(session: AsyncSession) -> frozenset[str]:
    """Return the ids a session has touched so far."""
    return frozenset(session.info.get(_NOTED, ()))


@dataclass(frozen=True)
class Touched:
    """Tells what was touched, once the transaction is over, whatever became of it."""

    _hearers: list[Callable[[frozenset[str]], Awaitable[None]]] = field(
        default_factory=list[Callable[[frozenset[str]], Awaitable[None]]], repr=False
    )

    def hear(self, heard: Callable[[frozenset[str]], Awaitable[None]]) -> None:
        """Have it told to somebody, from now on; never with nothing in it."""
        self._hearers.append(heard)

    async def tell(self, ids: frozenset[str]) -> None:
        """Tell what was touched."""
        if ids:
            for heard in self._hearers:
                await heard(ids)


def _note(session: Session, ids: Iterable[str]) -> None:
    session.info.setdefault(_NOTED, set[str]()).update(ids)


@event.listens_for(NotingSession, "after_flush")
def _flushed(session: Session, context: object) -> None:
    del context
    for rows in (session.new, session.dirty, session.deleted):
        for row in rows:
            if isinstance(row, _WATCHED):
                _note(session, (row.id, row.child_id) if isinstance(row, EnrolmentRow) else (row.id,))


@event.listens_for(NotingSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    statement = state.statement
    if state.is_select:
        return
    if isinstance(statement, Delete | Insert | Update) and str(statement.table) not in _TABLES:
        return
    _note(state.session, state.execution_options.get(_OPTION, (EVERYTHING,)))
