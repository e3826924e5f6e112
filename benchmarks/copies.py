"""Copies of a linked family: rows of their own in the gateway's database, sealed with its own keys.

One family signs in as every parent does; the others get what that sign-in has left behind, under ids of
their own. To the gateway each is a stranger to the others; the far diary gives all of them the same answers.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert, select

from benchmarks.town import Parent
from diary_api.accounts.scopes import EVERYTHING, written
from diary_api.connections.credentials import seal, unseal
from diary_api.ids import new_id
from diary_api.storage import KeyRing, Storage, open_storage
from diary_api.storage.key_file import load
from diary_api.storage.sealing import digest
from diary_api.storage.tables import (
    AccessKeyRow,
    AccountRow,
    ChildRow,
    ConnectionRow,
    EnrolmentRow,
    Table,
)
from diary_core.credentials import Credentials
from diary_core.model import Child, Enrolment

AT_ONCE = 500
"""Families in one transaction: the gateway may be serving meanwhile."""

_Values = dict[str, Any]  # of a row, by column: whatever the column holds


def copy(settings: Mapping[str, str], parent: Parent, count: int) -> Sequence[Parent]:
    """Return so many new families, each a copy of one that is linked.

    Args:
        settings: Of the gateway, `DIARY_DATABASE_URL` and `DIARY_KEY_FILE` among them.
        parent: The family that is copied.
        count: How many copies.
    """
    return asyncio.run(_copy(settings, parent, count))


@dataclass(frozen=True)
class LeftBehind:
    """What a sign-in has left with the gateway, for whoever reads without it."""

    method: str
    credentials: Credentials
    enrolment_id: str
    """The diary's own, of the first child."""

    @property
    def token(self) -> str:
        """The token the diary has given, for clients that are not ours."""
        known = self.credentials.secrets
        return known["access" if "access" in known else "access_token"].get_secret_value()


def left_behind(settings: Mapping[str, str], parent: Parent) -> LeftBehind:
    """Open what is kept of a linked family."""

    async def read() -> LeftBehind:
        ring = load(Path(settings["DIARY_KEY_FILE"])).ring()
        async with open_storage(SecretStr(settings["DIARY_DATABASE_URL"]), ring) as storage:
            return (await _Pattern.read(storage, parent)).left_behind()

    return asyncio.run(read())


async def _copy(settings: Mapping[str, str], parent: Parent, count: int) -> Sequence[Parent]:
    ring = load(Path(settings["DIARY_KEY_FILE"])).ring()
    made: list[Parent] = []
    async with open_storage(SecretStr(settings["DIARY_DATABASE_URL"]), ring) as storage:
        pattern = await _Pattern.read(storage, parent)
        while len(made) < count:
            rows: dict[type[Table], list[_Values]] = {}
            made += [pattern.copy(rows) for _ in range(min(AT_ONCE, count - len(made)))]
            async with storage.writing() as session:
                for table, values in rows.items():
                    await session.execute(insert(table), values)
    return made


class _Pattern:
    """The rows of the family that is copied."""

    def __init__(
        self, ring: KeyRing, connection: ConnectionRow, children: Sequence[tuple[ChildRow, EnrolmentRow]]
    ) -> None:
        self._ring = ring
        self._connection = connection
        self._children = children
        self._credentials = unseal(ring, connection.id, connection.credentials_sealed or b"")

    @classmethod
    async def read(cls, storage: Storage, parent: Parent) -> _Pattern:
        """Read the rows of a family; each child has one enrolment in this town."""
        query = (
            select(ChildRow, EnrolmentRow, ConnectionRow)
            .join(EnrolmentRow, EnrolmentRow.child_id == ChildRow.id)
            .join(ConnectionRow, ConnectionRow.id == ChildRow.connection_id)
            .where(ChildRow.id.in_(parent.child_ids))
            .order_by(ChildRow.position)
        )
        async with storage.reading() as session:
            found = (await session.execute(query)).all()
        return cls(storage.ring, found[0][2], [(child, enrolment) for child, enrolment, _ in found])

    def left_behind(self) -> LeftBehind:
        """Return what whoever reads without the gateway needs."""
        row = self._children[0][1]
        plain = self._ring.open(row.profile_sealed or b"", place=f"enrolments.profile:{row.id}")
        upstream_id = Enrolment.model_validate_json(plain).id
        return LeftBehind(self._connection.method, self._credentials, upstream_id)

    def copy(self, rows: dict[type[Table], list[_Values]]) -> Parent:
        """Add the rows of one more family, and return it."""
        now, ring = datetime.now(UTC), self._ring
        account_id, connection_id, secret = new_id("acc"), new_id("con"), secrets.token_urlsafe(32)

        def add(table: type[Table], **values: object) -> None:
            rows.setdefault(table, []).append(values)

        add(
            AccountRow,
            id=account_id,
            email_index=ring.index("account.no_email", account_id),
            email_sealed=ring.seal(b"", place=f"accounts.email:{account_id}"),
            password_sealed=ring.seal(b"", place=f"accounts.password:{account_id}"),
            created_at=now,
        )
        add(
            AccessKeyRow,
            id=new_id("key"),
            account_id=account_id,
            kind="session",
            secret_hash=digest(secret),
            scopes=written(EVERYTHING),
            name_sealed=None,
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        changed: _Values = {
            "id": connection_id,
            "account_id": account_id,
            "credentials_sealed": seal(ring, connection_id, self._credentials),
        }
        add(ConnectionRow, **{**_values(self._connection), **changed})
        child_ids: list[str] = []
        for child, enrolment in self._children:
            child_ids.append(new_id("chd"))
            ids = {"id": child_ids[-1], "account_id": account_id, "connection_id": connection_id}
            add(ChildRow, **{**_values(child), **ids, **self._profile(child, ids["id"], connection_id)})
            own_id = new_id("enr")
            own = {"id": own_id, "child_id": child_ids[-1]}
            add(
                EnrolmentRow, **{**_values(enrolment), **own, **self._place(enrolment, own_id, child_ids[-1])}
            )
        return Parent(secret, tuple(child_ids))

    def _profile(self, row: ChildRow, child_id: str, connection_id: str) -> _Values:
        plain = self._ring.open(row.profile_sealed or b"", place=f"children.profile:{row.id}")
        upstream_id = Child.model_validate_json(plain).id
        return {
            "upstream_hash": self._ring.index("child", connection_id, upstream_id),
            "profile_sealed": self._ring.seal(plain, place=f"children.profile:{child_id}"),
        }

    def _place(self, row: EnrolmentRow, enrolment_id: str, child_id: str) -> _Values:
        plain = self._ring.open(row.profile_sealed or b"", place=f"enrolments.profile:{row.id}")
        upstream_id = Enrolment.model_validate_json(plain).id
        return {
            "upstream_hash": self._ring.index("enrolment", child_id, upstream_id),
            "profile_sealed": self._ring.seal(plain, place=f"enrolments.profile:{enrolment_id}"),
        }


def _values(row: Table) -> _Values:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
