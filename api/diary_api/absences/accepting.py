"""Accepting notices: the promise to deliver stands in the database before anybody is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from diary_api.absences import matching, repository
from diary_api.absences.noted import noted
from diary_api.absences.schemas import Told
from diary_api.absences.sealed import seal_told, told_of
from diary_api.absences.states import NoticeState
from diary_api.clock import Clock
from diary_api.connections.family import Asked, Place, unknown_child
from diary_api.events.kinds import EventKind
from diary_api.idempotency import Attempt
from diary_api.ids import new_id
from diary_api.storage import Storage
from diary_api.storage.tables import AbsenceNoticeRow, GrantRow
from diary_core.errors import AbsenceOverlaps, Conflict, ConnectionRevoked
from diary_core.model import NewAbsenceNotice


@dataclass(frozen=True)
class Key:
    """An `Idempotency-Key`, as kept with what it made."""

    hash: str
    fingerprint: str


@dataclass(frozen=True)
class Accepting:
    """Writes notices down that are to be delivered."""

    storage: Storage
    clock: Clock

    def key_of(self, asked: Asked, attempt: Attempt) -> Key | None:
        """Return the key of a request; None when it carries none."""
        if attempt.key is None:
            return None
        ring = self.storage.ring
        return Key(
            ring.index("absence", asked.account_id, attempt.where, attempt.key),
            ring.index("replay.said", attempt.said.hex()),
        )

    async def accepted_before(self, key: Key | None) -> Sequence[AbsenceNoticeRow]:
        """Return what this key has made already.

        Raises:
            Conflict: It was used for another request.
        """
        if key is None:
            return ()
        async with self.storage.reading() as session:
            known = await repository.by_key(session, key.hash)
        if any(row.fingerprint != key.fingerprint for row in known):
            raise Conflict("this key was used for another request", field="Idempotency-Key")
        return known

    async def accept(
        self,
        place: Place,
        told: Sequence[NewAbsenceNotice],
        account_id: str,
        grant: GrantRow | None,
        key: Key | None,
    ) -> Sequence[AbsenceNoticeRow]:
        """Commit the promise to deliver, all of it or nothing.

        Raises:
            AbsenceOverlaps: Some of it is on its way already.
            ConnectionRevoked: The diary was unlinked meanwhile.
            ChildUnknown: The account was erased meanwhile.
        """
        ring = self.storage.ring
        rows = [self.row(place, notice, account_id, grant, key) for notice in told]
        try:
            async with self.storage.writing(lasting=True) as session:
                if not await repository.hold_enrolment(session, place.enrolment.id):
                    raise ConnectionRevoked("the link was withdrawn meanwhile")
                waiting = await repository.in_span(
                    session, place.enrolment.id, rows[0].day, rows[-1].day, open_only=True
                )
                if key is not None and any(row.key_hash == key.hash for row in waiting):
                    return [row for row in waiting if row.key_hash == key.hash]
                under_way = [told_of(ring, row).notice for row in waiting]
                if any(matching.meet(one, other) for one in told for other in under_way):
                    raise AbsenceOverlaps("another notice for that day is on its way", field="since")
                session.add_all(rows)
                session.add(noted(ring, rows[0].created_at, EventKind.ABSENCE_TOLD, place, rows[0].id))
        except IntegrityError as error:  # another request with the same key was first
            known = await self.accepted_before(key)
            if not known:
                raise unknown_child(place.child.id) from error  # erased meanwhile
            return known
        return rows

    def row(
        self,
        place: Place,
        notice: NewAbsenceNotice,
        account_id: str,
        grant: GrantRow | None,
        key: Key | None,
    ) -> AbsenceNoticeRow:
        """Return an accepted notice that is due at once, not written down yet."""
        now, row_id = self.clock(), new_id("ntc")
        body = Told(notice=notice, account_id=account_id, grant_id=grant and grant.id)
        return AbsenceNoticeRow(
            id=row_id,
            child_id=place.child.id,
            enrolment_id=place.enrolment.id,
            day=notice.date,
            state=NoticeState.ACCEPTED,
            turn=0,
            next_at=now,
            body_sealed=seal_told(self.storage.ring, row_id, body),
            key_hash=key and key.hash,
            fingerprint=key and key.fingerprint,
            created_at=now,
            begun_at=now,
            changed_at=now,
        )
