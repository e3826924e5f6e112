"""Writes that may be sent twice: the same `Idempotency-Key` gives the first answer again.

Source: the HTTP API working group's draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import ColumnElement, and_, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.storage import Storage
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import ReplayRow
from diary_core.errors import Conflict

_PATIENCE = timedelta(seconds=30)
"""After this a first request that never ended is taken for dead; if it is not, what it does is undone."""

ModelT = TypeVar("ModelT", bound=BaseModel)
Keep = Callable[[AsyncSession, Any], Awaitable[None]]  # any answer: an act knows which is its own
"""Keeps an answer in the transaction that makes it true."""


@dataclass(frozen=True)
class Attempt:
    """One request that may be a repetition."""

    key: str | None
    """The header; None when the client does not care."""
    where: str
    said: bytes
    """Its query and its body."""


async def attempt_of(
    request: Request,
    idempotency_key: Annotated[
        str | SkipJsonSchema[None],
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="Any unique text; the same request with the same key gives its first answer again.",
            examples=["7d0d9a5c-link-moscow"],
        ),
    ] = None,
) -> Attempt:
    """Read the header and what the request says."""
    said = request.url.query.encode() + b"\n" + await request.body()
    return Attempt(idempotency_key, f"{request.method} {request.url.path}", said)


OnceOnly = Annotated[Attempt, Depends(attempt_of)]


@dataclass(frozen=True)
class Replays:
    """Remembers first answers, sealed, for some hours."""

    storage: Storage
    clock: Clock
    lifetime: timedelta

    async def once(
        self,
        attempt: Attempt,
        shape: type[ModelT],
        act: Callable[[Keep], Awaitable[ModelT]],
        *,
        account_id: str | None = None,
        owner_of: Callable[[ModelT], str] | None = None,
    ) -> ModelT:
        """Act, or give again what acting gave the first time.

        Args:
            attempt: The request.
            shape: The answer's model.
            act: What to do once; when it fails, the key is free again. It keeps its answer in the transaction
                that does it: so neither is there without the other, whenever a process is killed.
            account_id: Whose key it is; None before there is an account.
            owner_of: Says whose the answer is, where acting makes the account.

        Raises:
            Conflict: The key was used for another request, or its first request is still being answered.
        """
        if attempt.key is None:
            return await act(_keep_nothing)
        row_id = self.storage.ring.index("replay", account_id or "", attempt.where, attempt.key)
        claim = _Claim(row_id, self.clock() + _PATIENCE, self.clock() + self.lifetime)
        known = await self._claim(claim, attempt, account_id)
        if known is not None:
            return shape.model_validate_json(known)
        kept: list[ModelT] = []

        async def keep(session: AsyncSession, answer: ModelT) -> None:
            await self._keep(session, claim, answer, owner_of(answer) if owner_of else account_id)
            kept[:] = [answer]

        try:
            answer = await act(keep)
        except BaseException:
            await self._release(claim)
            raise
        if kept != [answer]:  # it has gone on since
            async with self.storage.writing() as session:
                await keep(session, answer)
        return answer

    async def _claim(self, claim: _Claim, attempt: Attempt, account_id: str | None) -> bytes | None:
        """Take the key for us, or return the first answer."""
        fingerprint = self.storage.ring.index("replay.said", attempt.said.hex())
        row = ReplayRow(
            id=claim.row_id,
            fingerprint=fingerprint,
            account_id=account_id,
            body_sealed=None,
            expires_at=claim.until,
        )
        try:
            async with self.storage.writing() as session:
                await session.execute(delete(ReplayRow).where(ReplayRow.expires_at <= self.clock()))
                session.add(row)
        except IntegrityError:
            return await self._first_answer(claim.row_id, fingerprint)
        return None

    async def _first_answer(self, row_id: str, fingerprint: str) -> bytes:
        async with self.storage.reading() as session:
            row = await session.get(ReplayRow, row_id)
        if row is not None and row.fingerprint != fingerprint:
            raise Conflict("this key was used for another request", field="Idempotency-Key")
        if row is None or row.body_sealed is None:
            raise Conflict("the first request with this key is not answered yet", field="Idempotency-Key")
        return self.storage.ring.open(row.body_sealed, place=f"replays.body:{row_id}")

    async def _keep(
        self, session: AsyncSession, claim: _Claim, answer: BaseModel, account_id: str | None
    ) -> None:
        """Keep an answer under a claim that is still ours.

        Raises:
            Conflict: Another request has taken the key over: what this one has done is undone.
        """
        sealed = self.storage.ring.seal(
            answer.model_dump_json().encode(), place=f"replays.body:{claim.row_id}"
        )
        kept = await any_changed(
            session,
            update(ReplayRow)
            .where(claim.is_ours())
            .values(body_sealed=sealed, account_id=account_id, expires_at=claim.kept_until),
        )
        if not kept:
            raise Conflict("another request with this key is being answered", field="Idempotency-Key")

    async def _release(self, claim: _Claim) -> None:
        async with self.storage.writing() as session:
            await session.execute(delete(ReplayRow).where(claim.is_ours()))


@dataclass(frozen=True)
class _Claim:
    """A key that is taken by one request."""

    row_id: str
    until: datetime
    """Tells it from the claims of others: no two of one key end at the same moment."""
    kept_until: datetime

    def is_ours(self) -> ColumnElement[bool]:
        """Say how it is found, before its answer is kept and after."""
        return and_(ReplayRow.id == self.row_id, ReplayRow.expires_at.in_((self.until, self.kept_until)))


async def _keep_nothing(session: AsyncSession, answer: BaseModel) -> None:
    """Stand in where the client does not care."""
