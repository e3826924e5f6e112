"""The children a connection shows: remembered under ids of our own that outlive every sign-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.connections import repository
from diary_api.connections.diaries import Diaries
from diary_api.ids import is_id, new_id
from diary_api.storage import KeyRing, Storage
from diary_api.storage.tables import (
    AbsenceNoticeRow,
    AnswerRow,
    ChangeRow,
    ChildRow,
    ConnectionRow,
    EnrolmentRow,
    SeenDayRow,
    WatchRow,
)
from diary_api.storage.touched import touching
from diary_core.errors import ChildUnknown, ConnectionRevoked, InvalidInput
from diary_core.model import Answer, Child, Enrolment, Moment, known


@dataclass(frozen=True)
class KnownEnrolment:
    """A child in one school and class, as last listed by the diary."""

    id: str
    """Ours."""
    as_listed: Enrolment
    current: bool
    listed_at: Moment


@dataclass(frozen=True)
class KnownChild:
    """A child and where it studies."""

    id: str
    """Ours."""
    connection: ConnectionRow
    profile: Child
    enrolments: tuple[KnownEnrolment, ...]
    """Current ones first, then in the diary's order."""
    class_standing_shown: bool
    """Whether the parent wants the child compared with the class."""


@dataclass(frozen=True)
class Asked:
    """Whose diary is asked: the account, its child, and the enrolment where there are several."""

    account_id: str
    child_id: str
    enrolment_id: str | None


@dataclass(frozen=True)
class Place:
    """The child that is asked about, in the one school and class that is meant."""

    child: KnownChild
    enrolment: KnownEnrolment


@dataclass(frozen=True)
class Family:
    """The children of every account."""

    storage: Storage
    diaries: Diaries

    async def learn(self, connection: ConnectionRow, *, insist: bool = False) -> None:
        """Ask the diary who is there, and remember it.

        Raises:
            ConnectionRevoked: The link was withdrawn while the diary was answering; nothing is remembered.
            DiaryError: As the diary says; what was known stays.
        """
        listed = await self.diaries.run(connection, lambda diary: diary.enrolments(), insist=insist)
        try:
            await self._remember(connection, listed)
        except IntegrityError:  # another process has just met the same child
            await self._remember(connection, listed)

    async def unmet(self, account_id: str) -> Sequence[ConnectionRow]:
        """Return the links of an account that stand, and whose diary has not told its children yet."""
        async with self.storage.reading() as session:
            return await repository.unmet(session, account_id)

    async def children(self, account_id: str, child_id: str | None = None) -> tuple[KnownChild, ...]:
        """Return the children of an account, or the one of them that is asked for."""
        query = (
            select(ChildRow, ConnectionRow)
            .join(ConnectionRow, ChildRow.connection_id == ConnectionRow.id)
            .where(ChildRow.account_id == account_id, ChildRow.profile_sealed.is_not(None))
            .order_by(ConnectionRow.created_at, ConnectionRow.id, ChildRow.position)
        )
        if child_id is not None:
            query = query.where(ChildRow.id == child_id)
        async with self.storage.reading() as session:
            found = (await session.execute(query)).all()
            enrolments = await _enrolments(session, [child.id for child, _ in found])
        return tuple(self._known(child, link, enrolments.get(child.id, ())) for child, link in found)

    async def child(self, account_id: str, child_id: str) -> KnownChild:
        """Return one child of an account's own; who else may read about it is for `grants.access` to say.

        Raises:
            ChildUnknown: This account has no such child.
        """
        found = await self.children(account_id, child_id) if is_id("chd", child_id) else ()
        if not found:
            raise unknown_child(child_id)
        return found[0]

    async def place(self, asked: Asked) -> Place:
        """Return whose diary is meant: every call of a parent about a child begins here, or gets nowhere.

        What others may read as well goes through `grants.access`, which comes here on the parent's behalf.

        Raises:
            ChildUnknown: This account has no such child.
            InvalidInput: The enrolment must be named, or the named one is not the child's.
        """
        child = await self.child(asked.account_id, asked.child_id)
        return Place(child, _chosen(child, asked.enrolment_id))

    def zone(self, place: Place) -> ZoneInfo:
        """Return the zone the school lives in."""
        school = known(place.enrolment.as_listed.school)
        return ZoneInfo(school.zone if school else self.diaries.server(place.child.connection).instance.zone)

    def today(self, place: Place) -> date:
        """Return the school's own date at this moment."""
        return self.now(place).date()

    def now(self, place: Place) -> datetime:
        """Return this moment by the school's own clock."""
        return self.diaries.clock().astimezone(self.zone(place))

    async def _remember(self, connection: ConnectionRow, listed: Answer[Enrolment]) -> None:
        async with self.storage.writing() as session:
            present = await repository.hold(session, connection.id)
            if present is None or present.credentials_sealed is None:
                raise ConnectionRevoked("the link was withdrawn while the diary was answering")
            if present.sign_ins != connection.sign_ins:
                return  # somebody has signed in anew, perhaps another parent: that sign-in asks for itself
            children = select(ChildRow.id).where(ChildRow.connection_id == connection.id)
            left = update(EnrolmentRow).where(EnrolmentRow.child_id.in_(children)).values(current=False)
            await session.execute(touching(left, connection.id))
            for position, enrolment in enumerate(listed.items):
                child = await self._child(session, connection, enrolment.child, position)
                await self._enrolment(session, child.id, enrolment, position, listed.as_of)

    async def _child(
        self, session: AsyncSession, connection: ConnectionRow, profile: Child, position: int
    ) -> ChildRow:
        upstream_hash = self.storage.ring.index("child", connection.id, profile.id)
        row = await session.scalar(
            select(ChildRow).where(
                ChildRow.connection_id == connection.id, ChildRow.upstream_hash == upstream_hash
            )
        )
        if row is None:
            row = ChildRow(
                id=new_id("chd"),
                account_id=connection.account_id,
                connection_id=connection.id,
                upstream_hash=upstream_hash,
            )
            session.add(row)
        row.position = position
        row.profile_sealed = _seal(self.storage.ring, "children", row.id, profile)
        await session.flush()
        return row

    async def _enrolment(
        self, session: AsyncSession, child_id: str, enrolment: Enrolment, position: int, listed_at: Moment
    ) -> None:
        upstream_hash = self.storage.ring.index("enrolment", child_id, enrolment.id)
        row = await session.scalar(
            select(EnrolmentRow).where(
                EnrolmentRow.child_id == child_id, EnrolmentRow.upstream_hash == upstream_hash
            )
        )
        if row is None:
            row = EnrolmentRow(id=new_id("enr"), child_id=child_id, upstream_hash=upstream_hash)
            session.add(row)
        row.position, row.current, row.listed_at = position, True, listed_at
        row.profile_sealed = _seal(self.storage.ring, "enrolments", row.id, enrolment)
        await session.flush()

    def _known(
        self, row: ChildRow, connection: ConnectionRow, enrolments: Sequence[EnrolmentRow]
    ) -> KnownChild:
        assert row.profile_sealed is not None  # noqa: S101  the query asks for children that are known
        ring = self.storage.ring
        return KnownChild(
            id=row.id,
            connection=connection,
            profile=Child.model_validate_json(
                ring.open(row.profile_sealed, place=_place("children", row.id))
            ),
            enrolments=tuple(
                KnownEnrolment(
                    id=enrolment.id,
                    as_listed=Enrolment.model_validate_json(
                        ring.open(enrolment.profile_sealed, place=_place("enrolments", enrolment.id))
                    ),
                    current=enrolment.current,
                    listed_at=enrolment.listed_at,
                )
                for enrolment in enrolments
                if enrolment.profile_sealed is not None
            ),
            class_standing_shown=row.class_standing_shown,
        )


def unknown_child(child_id: str) -> ChildUnknown:
    """Return what an account is told about a child it may not see, whether there is one or not."""
    return ChildUnknown(f"you have no such child: {child_id[:64]!r}", field="child_id")


async def forget_family(session: AsyncSession, connection_id: str) -> None:
    """Erase all that is known of a family but its ids, so that linking again finds them.

    Whoever writes about a child or an enrolment holds its row: so these go first, and what was written a
    moment ago is erased with the rest.
    """
    children = select(ChildRow.id).where(ChildRow.connection_id == connection_id)
    enrolments = select(EnrolmentRow.id).where(EnrolmentRow.child_id.in_(children))
    for statement in (
        update(EnrolmentRow)
        .where(EnrolmentRow.child_id.in_(children))
        .values(profile_sealed=None, current=False),
        update(ChildRow)
        .where(ChildRow.connection_id == connection_id)
        .values(profile_sealed=None, class_standing_shown=False),
    ):
        await session.execute(touching(statement, connection_id))
    for table in (AnswerRow, WatchRow, SeenDayRow, ChangeRow, AbsenceNoticeRow):
        known = delete(table).where(table.enrolment_id.in_(enrolments))
        await session.execute(touching(known, connection_id))


def _chosen(child: KnownChild, enrolment_id: str | None) -> KnownEnrolment:
    if enrolment_id is not None:
        for enrolment in child.enrolments:
            if enrolment.id == enrolment_id:
                return enrolment
        raise InvalidInput("the child has no such enrolment", field="enrolment")
    current = [enrolment for enrolment in child.enrolments if enrolment.current] or child.enrolments
    if len(current) > 1:
        raise InvalidInput(
            f"the child has several enrolments, name one: {', '.join(one.id for one in current)}",
            field="enrolment",
        )
    if not current:
        raise ChildUnknown("the child has no enrolment", field="child_id")
    return current[0]


async def _enrolments(
    session: AsyncSession, child_ids: Sequence[str]
) -> Mapping[str, Sequence[EnrolmentRow]]:
    query = (
        select(EnrolmentRow)
        .where(EnrolmentRow.child_id.in_(child_ids))
        .order_by(EnrolmentRow.current.desc(), EnrolmentRow.position, EnrolmentRow.id)
    )
    found: dict[str, list[EnrolmentRow]] = {}
    for row in (await session.scalars(query)).all():
        found.setdefault(row.child_id, []).append(row)
    return found


def _place(table: str, row_id: str) -> str:
    return f"{table}.profile:{row_id}"


def _seal(ring: KeyRing, table: str, row_id: str, profile: Child | Enrolment) -> bytes:
    return ring.seal(profile.model_dump_json().encode(), place=_place(table, row_id))
