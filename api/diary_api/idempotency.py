"""Writes that may be sent twice: the same `Idempotency-Key` gives the first answer again.

Source: the HTTP API working group's draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from diary_api.clock import Clock
from diary_api.storage import Storage
from diary_api.storage.tables import ReplayRow
from diary_core.errors import Conflict

_PATIENCE = timedelta(minutes=2)
"""After this a first request that never ended is taken for dead."""

ModelT = TypeVar("ModelT", bound=BaseModel)


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
        act: Callable[[], Awaitable[ModelT]],
        *,
        account_id: str | None = None,
        owner_of: Callable[[ModelT], str] | None = None,
    ) -> ModelT:
        """Act, or give again what acting gave the first time.

        Args:
            attempt: The request.
            shape: The answer's model.
            act: What to do once; when it fails, the key is free again.
            account_id: Whose key it is; None before there is an account.
            owner_of: Says whose the answer is, where acting makes the account.

        Raises:
            Conflict: The key was used for another request, or its first request is still being answered.
        """
        if attempt.key is None:
            return await act()
        row_id = self.storage.ring.index("replay", account_id or "", attempt.where, attempt.key)
        known = await self._claim(row_id, attempt, account_id)
        if known is not None:
            return shape.model_validate_json(known)
        try:
            answer = await act()
        except BaseException:
            await self._release(row_id)
            raise
        await self._remember(row_id, answer, owner_of(answer) if owner_of else account_id)
        return answer

    async def _claim(self, row_id: str, attempt: Attempt, account_id: str | None) -> bytes | None:
        """Take the key for us, or return the first answer."""
        fingerprint = self.storage.ring.index("replay.said", attempt.said.hex())
        row = ReplayRow(
            id=row_id,
            fingerprint=fingerprint,
            account_id=account_id,
            body_sealed=None,
            expires_at=self.clock() + _PATIENCE,
        )
        try:
            async with self.storage.writing() as session:
                await session.execute(delete(ReplayRow).where(ReplayRow.expires_at <= self.clock()))
                session.add(row)
        except IntegrityError:
            return await self._first_answer(row_id, fingerprint)
        return None

    async def _first_answer(self, row_id: str, fingerprint: str) -> bytes:
        async with self.storage.reading() as session:
            row = await session.get(ReplayRow, row_id)
        if row is not None and row.fingerprint != fingerprint:
            raise Conflict("this key was used for another request", field="Idempotency-Key")
        if row is None or row.body_sealed is None:
            raise Conflict("the first request with this key is not answered yet", field="Idempotency-Key")
        return self.storage.ring.open(row.body_sealed, place=f"replays.body:{row_id}")

    async def _remember(self, row_id: str, answer: BaseModel, account_id: str | None) -> None:
        async with self.storage.writing() as session:
            row = await session.get(ReplayRow, row_id)
            if row is not None:
                sealed = answer.model_dump_json().encode()
                row.body_sealed = self.storage.ring.seal(sealed, place=f"replays.body:{row_id}")
                row.account_id = account_id
                row.expires_at = self.clock() + self.lifetime

    async def _release(self, row_id: str) -> None:
        async with self.storage.writing() as session:
            await session.execute(delete(ReplayRow).where(ReplayRow.id == row_id))
