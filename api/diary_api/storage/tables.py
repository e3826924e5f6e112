"""The tables; what is personal or secret stands in `…_sealed` columns or as a keyed hash."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from diary_api.storage.times import UtcDateTime


class Table(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pk",
            "ix": "%(table_name)s_%(column_0_N_name)s",
            "uq": "%(table_name)s_%(column_0_N_name)s_once",
            "fk": "%(table_name)s_%(column_0_N_name)s_of",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this name from the class
        datetime: UtcDateTime,
        bytes: LargeBinary,
        str: String(255),
    }


class MetaRow(Table):
    """Facts of the database itself, such as the probe that tells whether the key ring fits."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(primary_key=True)
    value_sealed: Mapped[bytes]


class AccountRow(Table):
    """A parent in the gateway."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    email_index: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of the folded e-mail; of the account's own id when it has none."""
    email_sealed: Mapped[bytes]
    """Empty inside when the account has none: it was made by an identity service."""
    password_sealed: Mapped[bytes]
    """The Argon2id hash, sealed besides; empty inside when there is none."""
    created_at: Mapped[datetime]


class HabitRow(Table):
    """In which hours of the week an account reads."""

    __tablename__ = "habits"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    hours_sealed: Mapped[bytes]
    """A weight for each hour of the week, Monday first, in UTC."""
    counted_at: Mapped[datetime] = mapped_column(index=True)
    """The beginning of the last hour that was counted."""


class AccessKeyRow(Table):
    """A session or a token: what opens the gateway's own door."""

    __tablename__ = "access_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """`session` or `token`."""
    secret_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    """Space-separated, sorted."""
    name_sealed: Mapped[bytes | None]
    """What the parent called a token."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ReplayRow(Table):
    """The first answer to a write that carried an `Idempotency-Key`."""

    __tablename__ = "replays"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of who asked, where, and the key."""
    fingerprint: Mapped[str]
    """Keyed hash of the request's body."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    body_sealed: Mapped[bytes | None]
    """None while the first request is still being answered."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ConnectionRow(Table):
    """An account's link to one diary server."""

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str]
    instance: Mapped[str]
    region: Mapped[str | None]
    method: Mapped[str]
    """The way the present credentials were got, or are being got for the first time."""
    state: Mapped[str]
    outcome: Mapped[str | None]
    """Of the last run: `ok` or an error code; None before the first."""
    outcome_at: Mapped[datetime | None]
    sign_ins: Mapped[int]
    """How often it was signed in: a run that began before a newer sign-in must not judge it."""
    credentials_sealed: Mapped[bytes | None]
    lease_holder: Mapped[str | None]
    """Who is renewing the credentials at the moment."""
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the gateway looks into the diary by itself; None until that is planned."""
    renew_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the credentials are renewed though nobody reads; None where only a reader can tell."""
    identity: Mapped[str] = mapped_column(server_default="unproven")
    """Whether the diary's person is the account's proven one, and by what."""
    identity_id: Mapped[str | None]
    """The identity that was compared with; cleared when it is removed from the account."""


class IdentityRow(Table):
    """Who an account's owner is, as an identity service has proven it."""

    __tablename__ = "identities"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    provider: Mapped[str]
    subject_index: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of the service and its id of the person."""
    snils_index: Mapped[str | None] = mapped_column(index=True)
    """Keyed hash of the digits."""
    level: Mapped[str]
    profile_sealed: Mapped[bytes]
    proven_at: Mapped[datetime]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("account_id", "provider"),)


class SignInRow(Table):
    """One unfinished, finished or failed conversation with a diary or an identity service."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(server_default="link")
    """`link` a diary, `enter` the gateway, or `prove` who an account's owner is."""
    connection_id: Mapped[str | None] = mapped_column(
        ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    """Of the diary to `link`."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    """Of the owner to `prove`."""
    method: Mapped[str]
    """The way in of a diary, or the slug of an identity service."""
    phase: Mapped[str]
    """`waiting`, `taken`, `finished`, `redeemed`, `failed` or `dropped`."""
    turn: Mapped[int]
    """Counts the steps; a reply takes a turn once."""
    step_kind: Mapped[str]
    flow_sealed: Mapped[bytes]
    """The step and what the provider carries."""
    ticket_hash: Mapped[str] = mapped_column(unique=True)
    state_hash: Mapped[str] = mapped_column(unique=True)
    browser_hash: Mapped[str | None]
    """The browser that was sent to the diary."""
    key_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of whoever began to `enter`."""
    result_sealed: Mapped[bytes | None]
    """Whose session an `enter` opens, and the code that opens it."""
    tries: Mapped[int] = mapped_column(server_default="0")
    """At the code."""
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]


class ChildRow(Table):
    """A child of the family, as one connection knows it."""

    __tablename__ = "children"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[str] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    upstream_hash: Mapped[str]
    """Keyed hash of the diary's id of the child."""
    profile_sealed: Mapped[bytes | None]
    """None after the link was withdrawn: then only the id is remembered."""
    position: Mapped[int]
    """The diary's own order."""
    class_standing_shown: Mapped[bool] = mapped_column(server_default=false())
    """Whether the parent wants the child compared with the class."""

    __table_args__ = (UniqueConstraint("connection_id", "upstream_hash"),)


class EnrolmentRow(Table):
    """A child in one school and class."""

    __tablename__ = "enrolments"

    id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"))
    upstream_hash: Mapped[str]
    """Keyed hash of the diary's id of the enrolment."""
    profile_sealed: Mapped[bytes | None]
    position: Mapped[int]
    """The diary's own order."""
    current: Mapped[bool]
    """Whether the diary still listed it when it was last asked."""
    listed_at: Mapped[datetime]
    writes: Mapped[int] = mapped_column(server_default="0")
    """How often the gateway has written to the diary about it: a call that began before knows no better."""

    __table_args__ = (UniqueConstraint("child_id", "upstream_hash"),)


class AnswerRow(Table):
    """The last known answer of a diary to one question."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of the question."""
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(server_default="")
    """What was read; empty for one that was kept before kinds were."""
    body_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    outdated: Mapped[bool] = mapped_column(server_default=false())
    """Whether the gateway has written to the diary since: then it is only there to fall back on."""


class WatchRow(Table):
    """Since when the answers to one kind of reading are compared: what was there before is no news."""

    __tablename__ = "watches"

    enrolment_id: Mapped[str] = mapped_column(
        ForeignKey("enrolments.id", ondelete="CASCADE"), primary_key=True
    )
    reading: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date]
    """The school's own day."""


class SeenDayRow(Table):
    """What a diary showed of one school day when it was last asked: what the next answer is compared with."""

    __tablename__ = "seen_days"

    enrolment_id: Mapped[str] = mapped_column(
        ForeignKey("enrolments.id", ondelete="CASCADE"), primary_key=True
    )
    reading: Mapped[str] = mapped_column(primary_key=True)
    """The kind of reading that showed it."""
    day: Mapped[date] = mapped_column(primary_key=True)
    things_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    """When the question was asked whose answer it is."""


class ChangeRow(Table):
    """One thing that appeared, changed or vanished; never changed once written."""

    __tablename__ = "changes"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counts the changes of the account."""
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), index=True)
    thing: Mapped[Literal["mark", "homework", "lesson", "attendance", "announcement"]] = mapped_column(
        String(255)
    )
    kind: Mapped[Literal["appeared", "changed", "vanished"]] = mapped_column(String(255))
    day: Mapped[date]
    body_sealed: Mapped[bytes]
    """As it was before, and as it is after."""
    seen_at: Mapped[datetime]


class GrantRow(Table):
    """What a trusted person may see of one child: an invitation first, then a grant, then a memory of it."""

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"), index=True)
    """Whose parent has given it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    """The trusted person's account; None until she has accepted."""
    called_sealed: Mapped[bytes]
    """What the parent calls her."""
    rights: Mapped[str]
    """Space-separated, sorted."""
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of the invitation's link; None once it is over."""
    code_sealed: Mapped[bytes | None]
    """The invitation's code; None once it is over."""
    tries: Mapped[int]
    """At the code."""
    invitation_ends_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Before its time; None while it runs, and when it has run out."""
    ended_by: Mapped[str | None]
    """What has ended it before its time."""

    __table_args__ = (
        Index(
            "grants_running_once",
            "child_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class GrantUseRow(Table):
    """How often, within one hour, a grant was used for one kind of reading with one outcome."""

    __tablename__ = "grant_uses"

    id: Mapped[str] = mapped_column(primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"))
    hour: Mapped[datetime]
    kind: Mapped[str]
    outcome: Mapped[str]
    """`ok`, or the code of the problem it was refused with."""
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("grant_id", "hour", "kind", "outcome"),)


class AbsenceNoticeRow(Table):
    """One notice of absence, from the moment it is accepted: the outbox and the memory of it."""

    __tablename__ = "absence_notices"

    id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"), index=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    """The school's own."""
    state: Mapped[str]
    turn: Mapped[int]
    """Counts the claims; whoever writes down an outcome must hold the latest."""
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """When somebody may take it on; while it is claimed, when the claim ends. None when nothing is left."""
    problem: Mapped[str | None]
    """Code of what went wrong last."""
    body_sealed: Mapped[bytes]
    """What was told, and by whom."""
    receipts_sealed: Mapped[bytes | None]
    """The diary's own numbers of it."""
    key_hash: Mapped[str | None]
    """Keyed hash of who asked, where, and the `Idempotency-Key`: kept with what it made, in one write."""
    fingerprint: Mapped[str | None]
    """Keyed hash of that request's body."""
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime]
    """When the present errand began: telling, or taking back."""
    changed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("key_hash", "day"),)
