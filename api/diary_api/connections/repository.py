"""Connections and their sign-ins in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Update, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.connections.states import State
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import AccountRow, ChildRow, ConnectionRow, SignInRow
from diary_api.storage.touched import touching


async def connections_of(session: AsyncSession, account_id: str) -> Sequence[ConnectionRow]:
    """Return an account's connections, oldest first."""
    query = (
        select(ConnectionRow)
        .where(ConnectionRow.account_id == account_id)
        .order_by(ConnectionRow.created_at, ConnectionRow.id)
    )
    return (await session.scalars(query)).all()


async def sweep_unfinished(session: AsyncSession, before: datetime) -> None:
    """Forget links whose first sign-in was last begun before an instant, and never finished."""
    begun = exists().where(SignInRow.connection_id == ConnectionRow.id, SignInRow.created_at >= before)
    never = delete(ConnectionRow).where(
        ConnectionRow.sign_ins == 0, ConnectionRow.created_at < before, ~begun
    )
    await session.execute(touching(never))


async def unmet(session: AsyncSession, account_id: str) -> Sequence[ConnectionRow]:
    """Return the connections of an account that work, and whose children the diary has not told yet."""
    met = exists().where(ChildRow.connection_id == ConnectionRow.id, ChildRow.profile_sealed.is_not(None))
    query = select(ConnectionRow).where(
        ConnectionRow.account_id == account_id,
        ConnectionRow.state.in_((State.ACTIVE, State.DEGRADED)),
        ~met,
    )
    return (await session.scalars(query)).all()


async def connection_of(session: AsyncSession, account_id: str, connection_id: str) -> ConnectionRow | None:
    """Return one connection of an account."""
    return await session.scalar(
        select(ConnectionRow).where(ConnectionRow.id == connection_id, ConnectionRow.account_id == account_id)
    )


async def connection(session: AsyncSession, connection_id: str) -> ConnectionRow | None:
    """Return one connection, whosever it is."""
    return await session.get(ConnectionRow, connection_id)


async def hold(session: AsyncSession, connection_id: str) -> ConnectionRow | None:
    """Return one connection as it is now; nobody else changes it or its family before this transaction ends.

    Take it before anything that belongs to it, so that no two wait for each other.
    """
    query = select(ConnectionRow).where(ConnectionRow.id == connection_id)
    return await session.scalar(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    )


async def owner(session: AsyncSession, connection_id: str) -> AccountRow | None:
    """Return the account of a connection."""
    return await session.scalar(
        select(AccountRow)
        .join(ConnectionRow, ConnectionRow.account_id == AccountRow.id)
        .where(ConnectionRow.id == connection_id)
    )


async def note_outcome(
    session: AsyncSession, seen: ConnectionRow, *, state: str, outcome: str, at: datetime
) -> None:
    """Write down how a run went, unless the connection was signed in or revoked since it began."""
    changed = (
        update(ConnectionRow)
        .where(
            ConnectionRow.id == seen.id,
            ConnectionRow.sign_ins == seen.sign_ins,
            ConnectionRow.credentials_sealed.is_not(None),
        )
        .values(state=state, outcome=outcome, outcome_at=at)
    )
    await session.execute(touching(changed, seen.id))


async def save_renewed(
    session: AsyncSession,
    connection_id: str,
    sign_ins: int,
    credentials_sealed: bytes,
    renew_at: datetime | None,
) -> None:
    """Replace credentials by their renewal, unless the parent signed in or revoked meanwhile."""
    changed = (
        update(ConnectionRow)
        .where(
            ConnectionRow.id == connection_id,
            ConnectionRow.sign_ins == sign_ins,
            ConnectionRow.credentials_sealed.is_not(None),
        )
        .values(credentials_sealed=credentials_sealed, renew_at=renew_at)
    )
    await session.execute(touching(changed))  # no answer depends on them


async def take_lease(
    session: AsyncSession, connection_id: str, holder: str, *, now: datetime, until: datetime
) -> bool:
    """Become the one who renews; tell whether nobody else is."""
    taken = (
        update(ConnectionRow)
        .where(
            ConnectionRow.id == connection_id,
            or_(ConnectionRow.lease_until.is_(None), ConnectionRow.lease_until <= now),
        )
        .values(lease_holder=holder, lease_until=until)
    )
    return await any_changed(session, touching(taken))  # no answer depends on it


async def leave_lease(session: AsyncSession, connection_id: str, holder: str) -> None:
    """Let others renew."""
    changed = (
        update(ConnectionRow)
        .where(ConnectionRow.id == connection_id, ConnectionRow.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
    )
    await session.execute(touching(changed))  # no answer depends on it


async def pending_of(session: AsyncSession, connection_id: str, now: datetime) -> SignInRow | None:
    """Return the sign-in of a connection that still waits for a reply."""
    return await session.scalar(
        select(SignInRow).where(
            SignInRow.connection_id == connection_id,
            SignInRow.phase.in_(("waiting", "taken")),
            SignInRow.expires_at > now,
        )
    )


async def sign_in_by_ticket(session: AsyncSession, ticket_hash: str) -> SignInRow | None:
    """Return a sign-in by the hash of the ticket its browser brings."""
    return await session.scalar(select(SignInRow).where(SignInRow.ticket_hash == ticket_hash))


async def sign_in_by_state(session: AsyncSession, state_hash: str) -> SignInRow | None:
    """Return a sign-in by the hash of the state a redirect brings."""
    return await session.scalar(select(SignInRow).where(SignInRow.state_hash == state_hash))


async def drop_sign_ins(session: AsyncSession, connection_id: str, *, older_than: datetime) -> bool:
    """Drop what is unfinished and forget what is old; tell whether anything was dropped."""
    await session.execute(
        delete(SignInRow).where(SignInRow.connection_id == connection_id, SignInRow.created_at < older_than)
    )
    return await any_changed(
        session,
        update(SignInRow)
        .where(SignInRow.connection_id == connection_id, SignInRow.phase.in_(("waiting", "taken")))
        .values(phase="dropped"),
    )


async def forget_sign_ins(session: AsyncSession, connection_id: str) -> None:
    """Delete every sign-in of a connection."""
    await session.execute(delete(SignInRow).where(SignInRow.connection_id == connection_id))


async def take_turn(session: AsyncSession, seen: SignInRow, *, now: datetime, until: datetime) -> bool:
    """Become the one who answers this turn of a sign-in; tell whether it was still to be had.

    One who was killed with a turn in hand keeps it `until` then. One who lives after all has lost it: `seen`
    remembers until when it was taken, which no two have in common.
    """
    given_up = and_(SignInRow.phase == "taken", SignInRow.taken_until <= now)
    taken = await any_changed(
        session,
        update(SignInRow)
        .where(
            SignInRow.id == seen.id,
            SignInRow.turn == seen.turn,
            or_(SignInRow.phase == "waiting", given_up),
            SignInRow.expires_at > now,
        )
        .values(phase="taken", taken_until=until),
    )
    if taken:
        seen.taken_until = until
    return taken


async def settle_turn(
    session: AsyncSession, taken: SignInRow, phase: str, flow_sealed: bytes | None = None
) -> bool:
    """End a turn we have taken, without a next step; tell whether it was still ours.

    Args:
        session: A transaction that writes.
        taken: The turn.
        phase: What becomes of it.
        flow_sealed: With what has changed in the same step; as it was unless given.
    """
    changed = {} if flow_sealed is None else {"flow_sealed": flow_sealed}
    return await any_changed(session, ours(taken).values(phase=phase, taken_until=None, **changed))


async def readdress(session: AsyncSession, seen: SignInRow, *, flow_sealed: bytes, state_hash: str) -> bool:
    """Give a step that waits another state; tell whether it still waits."""
    return await any_changed(
        session,
        update(SignInRow)
        .where(SignInRow.id == seen.id, SignInRow.turn == seen.turn, SignInRow.phase == "waiting")
        .values(flow_sealed=flow_sealed, state_hash=state_hash),
    )


async def next_turn(
    session: AsyncSession,
    taken: SignInRow,
    *,
    step_kind: str,
    flow_sealed: bytes,
    expires_at: datetime,
    **changed: str | None,
) -> bool:
    """Go on to the next step of a turn we have taken; tell whether it was still ours.

    Args:
        session: A transaction that writes.
        taken: The turn.
        step_kind: Of the next step.
        flow_sealed: With the next step.
        expires_at: Of the next step.
        changed: Other columns, where the next step goes another way in.
    """
    return await any_changed(
        session,
        ours(taken).values(
            phase="waiting",
            taken_until=None,
            turn=taken.turn + 1,
            step_kind=step_kind,
            flow_sealed=flow_sealed,
            expires_at=expires_at,
            **changed,
        ),
    )


async def bind_browser(session: AsyncSession, seen: SignInRow, browser_hash: str) -> bool:
    """Bind a sign-in to a browser, once; tell whether it is this one."""
    return await any_changed(
        session,
        update(SignInRow)
        .where(
            SignInRow.id == seen.id,
            or_(SignInRow.browser_hash.is_(None), SignInRow.browser_hash == browser_hash),
        )
        .values(browser_hash=browser_hash),
    )


def ours(taken: SignInRow) -> Update:
    """Return a change of a turn we have taken, which finds nothing once it is another's."""
    return update(SignInRow).where(
        SignInRow.id == taken.id,
        SignInRow.turn == taken.turn,
        SignInRow.phase == "taken",
        SignInRow.taken_until == taken.taken_until,
    )
