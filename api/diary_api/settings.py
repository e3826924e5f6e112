"""Every setting of the gateway; each is an environment variable with the prefix `DIARY_`.

Nested ones take two underscores: `DIARY_OPTIONS__mrko__client_id`, `DIARY_FRESHNESS__days`.
"""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from diary_core.errors import Misconfigured
from diary_core.http import DoorLimits


class Freshness(BaseModel):
    """For how many seconds an answer of a diary is served without asking again; zero asks each time.

    In school hours `SchoolHours` shortens some of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    absence_notices: int = Field(default=60, ge=0)
    """Notices of absence as the diary lists them; what the gateway itself tells makes them old at once."""
    absence_reasons: int = Field(default=86_400, ge=0)
    """Reasons a parent may give for an absence."""
    announcements: int = Field(default=900, ge=0)
    """News of the class, the school or the city."""
    attendance: int = Field(default=600, ge=0)
    """Missed and late lessons."""
    averages: int = Field(default=600, ge=0)
    """The diary's own averages; as long as marks, so that both are of one time."""
    bells: int = Field(default=86_400, ge=0)
    """Bell times."""
    calendar: int = Field(default=86_400, ge=0)
    """Holidays, vacations and moved days."""
    class_standing: int = Field(default=21_600, ge=0)
    """The child's place in the class: it may cost a call for each subject."""
    days: int = Field(default=600, ge=0)
    """The week diary."""
    events: int = Field(default=900, ge=0)
    """Meetings and events."""
    homework: int = Field(default=600, ge=0)
    """Homework."""
    mark: int = Field(default=600, ge=0)
    """One mark in depth."""
    marks: int = Field(default=600, ge=0)
    """Marks."""
    meal_account: int = Field(default=300, ge=0)
    """The balance of the canteen account."""
    meals: int = Field(default=300, ge=0)
    """Movements on the canteen account."""
    messages: int = Field(default=60, ge=0)
    """One conversation."""
    overdue_homework: int = Field(default=600, ge=0)
    """What is late."""
    remarks: int = Field(default=600, ge=0)
    """Teachers' remarks."""
    results: int = Field(default=3_600, ge=0)
    """Term, year and exam results."""
    school: int = Field(default=86_400, ge=0)
    """The school and its people."""
    signatures: int = Field(default=300, ge=0)
    """Which weeks are signed."""
    study_plan: int = Field(default=86_400, ge=0)
    """The study plan."""
    terms: int = Field(default=86_400, ge=0)
    """Terms: they change a few times a year."""
    threads: int = Field(default=60, ge=0)
    """The list of conversations."""
    visits: int = Field(default=120, ge=0)
    """Turnstile passes: the gates report with a delay of minutes."""
    years: int = Field(default=86_400, ge=0)
    """School years that results are kept of."""

    def of(self, kind: str) -> timedelta:
        """Return for how long a kind of answer is fresh."""
        seconds: int = dict(self)[kind]
        return timedelta(seconds=seconds)


class SchoolHours(BaseModel):
    """When lessons are held, Monday to Saturday but for the summer, and what is asked for more often then.

    Seconds as in `Freshness`; whichever is shorter holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    begin: time = time(8)
    """By the school's own clock, inclusive."""
    end: time = time(18)
    """Exclusive; the same as the beginning, or an earlier one, leaves no school hours."""
    absence_notices: int = Field(default=30, ge=0)
    """Notices of absence."""
    attendance: int = Field(default=300, ge=0)
    """Missed and late lessons."""
    averages: int = Field(default=300, ge=0)
    """The diary's own averages."""
    days: int = Field(default=300, ge=0)
    """The week diary."""
    homework: int = Field(default=300, ge=0)
    """Homework."""
    mark: int = Field(default=300, ge=0)
    """One mark in depth."""
    marks: int = Field(default=300, ge=0)
    """Marks."""
    overdue_homework: int = Field(default=300, ge=0)
    """What is late."""
    remarks: int = Field(default=300, ge=0)
    """Teachers' remarks."""
    visits: int = Field(default=60, ge=0)
    """Turnstile passes: when a parent wonders whether the child is in."""

    def of(self, kind: str, usual: timedelta) -> timedelta:
        """Return for how long a kind of answer is fresh in school hours; what is not listed, as usual."""
        seconds: int | None = dict(self).get(kind)
        return usual if seconds is None else timedelta(seconds=seconds)


class Refreshing(BaseModel):
    """How an old answer is made fresh again."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    patience: timedelta = timedelta(milliseconds=300)
    """How long a reader waits for the diary before the old answer is served and refreshed behind."""
    behind_most: PositiveInt = 200
    """Calls to diaries that may go on with nobody waiting; beyond that old answers are served as they are."""


class HotAnswersLimits(BaseModel):
    """How much each process keeps in memory of what it has just answered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    limit_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    """Memory for answers, the least recently used going first; zero keeps none."""
    backstop: timedelta = timedelta(seconds=5)
    """The longest an answer is given from memory before the database is looked at again.

    What is written in the same process drops it at once, in another as fast as Redis carries the news:
    this bounds what lost news, or several processes without a Redis, can cost.
    """


class RetentionTimes(BaseModel):
    """For how long things are kept at most; what is unlinked or erased goes at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    answers: timedelta = timedelta(days=400)
    """The last known answers of diaries: a school year and its summer."""
    changes: timedelta = timedelta(days=400)
    """The log of changes."""
    events: timedelta = timedelta(days=400)
    """The log of what was done with an account."""
    grants: timedelta = timedelta(days=400)
    """Grants to trusted people that have ended, and what every grant was used for."""
    habits: timedelta = timedelta(days=56)
    """In which hours of the week a family reads, counted from its last reading."""
    upstream_calls: timedelta = timedelta(days=90)
    """How many requests were sent for each link, day by day."""
    absence_notices: timedelta = timedelta(days=400)
    """Notices of absence, counted from the day they are about."""
    unfinished_links: timedelta = timedelta(days=7)
    """Links to diaries whose first sign-in was never finished."""


class AbsenceTimes(BaseModel):
    """How notices of absence are delivered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    every: timedelta = timedelta(seconds=15)
    """How often the outbox is looked into for what waits; zero delivers only while a parent waits for it."""
    patience: timedelta = timedelta(seconds=8)
    """How long a parent waits for the diary before the gateway says `accepted` and delivers behind."""
    claim: timedelta = timedelta(minutes=2)
    """How long one delivery is left alone: after it the process that began it is taken for dead.

    It must be longer than a few calls to a diary take (`DIARY_UPSTREAM__CALL_TIMEOUT_S`).
    """
    retry_first: timedelta = timedelta(seconds=30)
    """The first pause after a diary in trouble; each next one is twice as long."""
    retry_longest: timedelta = timedelta(minutes=30)
    """The longest pause."""
    give_up_after: timedelta = timedelta(days=1)
    """After this a notice that could not be delivered is refused, with the reason."""


class DatabaseLimits(BaseModel):
    """How one process uses the database."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    connections: PositiveInt = 15
    """The most it opens; times the number of processes it must fit PostgreSQL's `max_connections`.

    On SQLite as many again that only read.
    """
    patience: timedelta = timedelta(seconds=10)
    """How long PostgreSQL is waited for before `gateway_busy`: for a connection, a lock, a statement each."""


class Settings(BaseSettings):
    """What an operator can set; secrets are never printed in clear."""

    model_config = SettingsConfigDict(
        env_prefix="DIARY_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///diary.db")
    """SQLAlchemy address of the database; the default is an SQLite file in the working directory."""
    database: DatabaseLimits = DatabaseLimits()
    """How one process uses the database, such as `DIARY_DATABASE__CONNECTIONS=30`."""
    redis_url: SecretStr | None = None
    """Address of the Redis that several processes of one gateway share (`redis://`, `rediss://` or `unix://`).

    One process needs none. Whatever Redis forgets costs speed only.
    """
    key_file: Path = Path("diary.keys")
    """The key ring that opens the database, made on first start and readable by its owner only.

    Keep a copy of it apart from the database: without it nothing sealed can be read again.
    """
    keys: SecretStr | None = None
    """The content of a key ring file, where secrets come by environment; wins over `key_file`."""
    public_url: str = "http://127.0.0.1:8000"
    """Where browsers reach the gateway; redirects come back here. No trailing slash."""

    upstream_hosts: dict[str, str] = Field(default={})
    """JSON map from the real base address of a diary to another one, such as a sandbox's."""
    sandbox_url: str | None = None
    """Address of a sandbox's control door; the map of hosts is fetched from it at start."""
    options: dict[str, dict[str, SecretStr]] = Field(default={})
    """What plugins need of the operator, by plugin and name: `DIARY_OPTIONS__mrko__client_id`."""
    plugins_off: frozenset[str] = frozenset({"example"})
    """JSON list of installed plugins to leave out, by name; `[]` serves the tutorial's `example` as well."""

    session_lifetime: timedelta = timedelta(days=30)
    """How long a session of the gateway lives."""
    token_lifetime_max: timedelta = timedelta(days=366)
    """The longest life a scoped token may be given."""
    sign_in_lifetime: timedelta = timedelta(minutes=10)
    """How long each step of a sign-in to a diary waits for its reply."""
    invitation_lifetime: timedelta = timedelta(days=3)
    """How long an invitation to a trusted person can be accepted."""
    grant_lifetime_max: timedelta = timedelta(days=366)
    """The longest time a trusted person may be let in for."""
    idempotency_lifetime: timedelta = timedelta(hours=24)
    """How long a repeated `Idempotency-Key` gives the first answer again."""
    sign_in_attempts: PositiveInt = 10
    """Wrong passwords of the gateway from one address for one e-mail before its door closes for a while."""
    sign_in_attempts_of_address: PositiveInt = 100
    """Wrong passwords from one address for all e-mails together before it has to wait as long."""
    sign_in_attempts_of_account: PositiveInt = 25
    """Wrong passwords for one e-mail from all addresses together before its door closes as long."""
    sign_in_pause: timedelta = timedelta(minutes=15)
    """For how long it then stays closed."""
    accounts_per_address: PositiveInt = 60
    """Accounts that may be made from one address within that time."""
    requests_per_s_of_account: float = Field(default=30, ge=0)
    """Requests a second of one account, ten seconds' worth at once, counted by each process. Zero: no end."""
    requests_per_s_of_address: float = Field(default=30, ge=0)
    """The same for one address of people who have not signed in, or send a key that opens nothing."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses and networks of the proxies in front whose `X-Forwarded-For` is believed, commas between.

    Nobody else's is. Where a proxy is not named here, everybody behind it shares its address, and its limits.
    One that comes by a Unix socket counts as 127.0.0.1.
    `diary serve` passes it on; other servers have their own, such as uvicorn's `FORWARDED_ALLOW_IPS`.
    """

    request_timeout: timedelta = Field(default=timedelta(seconds=25), gt=timedelta())
    """How long a request is worked on, its calls to diaries included, before it answers with what there is.

    Longer than `DIARY_UPSTREAM__ATTEMPT_TIMEOUT_S`, or a diary that hangs is never found out.
    Streams and files are bounded until they begin only.
    """
    family_patience: timedelta = timedelta(seconds=5)
    """How long a family's day waits for a diary before it takes the last known answer."""
    watch_every: timedelta = timedelta(minutes=15)
    """How often a diary is looked at in the hours its family usually reads; zero never looks by itself."""
    watch_rarely: timedelta = timedelta(hours=6)
    """How often in all other hours, and for families that do not read: changes are seen all the same."""
    watch_ahead: timedelta = timedelta(minutes=30)
    """How long before the hours a family usually reads its diary is looked at, spread over this time."""
    background: Literal["inline", "worker", "off"] = "inline"
    """Who looks, renews, delivers and forgets: the processes that serve, `diary worker` alone, or nobody."""

    drain: timedelta = timedelta(seconds=3)
    """How long `diary serve`, told to stop by SIGTERM, goes on answering while `readyz` says `draining`.

    Every answer then asks for another connection, and a proxy that looks at `readyz` has the time to see it.
    """
    grace: timedelta = timedelta(seconds=10)
    """How long calls under way may take to end after that; streams are ended at once."""

    upstream: DoorLimits = DoorLimits()
    """Limits of the way out to a diary, such as `DIARY_UPSTREAM__CALLS_PER_S`."""
    freshness: Freshness = Freshness()
    """For how many seconds each kind of answer is fresh."""
    school_hours: SchoolHours = SchoolHours()
    """When and how much shorter that is while lessons are held, such as `DIARY_SCHOOL_HOURS__MARKS=60`."""
    refreshing: Refreshing = Refreshing()
    """How old answers are made fresh again, such as `DIARY_REFRESHING__PATIENCE=PT0.5S`."""
    hot: HotAnswersLimits = HotAnswersLimits()
    """What is kept in memory, such as `DIARY_HOT__LIMIT_BYTES=134217728`."""
    absences: AbsenceTimes = AbsenceTimes()
    """How notices of absence are delivered, such as `DIARY_ABSENCES__GIVE_UP_AFTER=P2D`."""
    retention: RetentionTimes = RetentionTimes()
    """For how long things are kept, such as `DIARY_RETENTION__CHANGES=P90D`."""
    body_limit_bytes: PositiveInt = 256 * 1024
    """The largest request body taken."""
    address_limit_bytes: PositiveInt = 8 * 1024
    """The longest address taken, its query included."""
    requests_at_once: PositiveInt = 4
    """Requests one process works on at once; those that wait for a diary do not count."""
    queue_patience: timedelta = timedelta(seconds=0.5)
    """How long any others of a burst wait for their turn; what queues for longer is refused, with 503."""

    traces_url: str | None = None
    """Where an OpenTelemetry collector takes traces over HTTP, such as `http://127.0.0.1:4318/v1/traces`.

    `OTEL_EXPORTER_OTLP_ENDPOINT` and the other standard variables do as well; without any, nothing is traced.
    """
    traces_from_outside: bool = False
    """Whether a `traceparent` that came with a request is gone on with: for a trusted proxy in front only."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """What Prometheus sends as `Authorization: Bearer …` to read `GET /metrics`; unless set, nobody may."""

    log_format: Literal["json", "console"] = "json"
    """`json` for machines, `console` for people."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important message that is logged."""

    @field_validator("public_url", "sandbox_url")
    @classmethod
    def _own_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        return _base_address(url).rstrip("/")

    @field_validator("upstream_hosts")
    @classmethod
    def _base_addresses(cls, hosts: dict[str, str]) -> dict[str, str]:
        for real, moved in hosts.items():
            _base_address(real)
            _base_address(moved)
        return hosts

    @property
    def browser_is_safe(self) -> bool:
        """Whether browsers come by https, so that cookies may insist on it."""
        return self.public_url.startswith("https://")


def _base_address(url: str) -> str:
    parts = urlsplit(url)
    strange = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in {"http", "https"} or not parts.hostname or strange:
        raise ValueError("must be an http or https address without query or user")
    return url


_A_DURATION = "Input should be a duration, such as PT0.5S, PT10M, 00:10:00 or P30D"
_SAID = {"extra_forbidden": "There is no such setting", "time_delta_parsing": _A_DURATION}


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        Misconfigured: One does not fit; its value is not repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        told = "; ".join(
            f"DIARY_{'__'.join(map(str, one['loc'])).upper()}: {_SAID.get(one['type'], one['msg'])}"
            for one in faults
        )
        raise Misconfigured(told) from None
