"""Every number the door obeys."""

from __future__ import annotations

from pydantic import Field, PositiveFloat, PositiveInt

from diary_core.model import Model


class DoorLimits(Model):
    """Limits of one client; rates and failures are counted for each host apart, by all processes together."""

    connect_timeout_s: PositiveFloat = 5
    read_timeout_s: PositiveFloat = 10
    """The longest silence between two pieces of an answer."""
    write_timeout_s: PositiveFloat = 10
    pool_timeout_s: PositiveFloat = 5
    """How long a call waits for a free connection; there is one unless others are just being closed."""
    attempt_timeout_s: PositiveFloat = 15
    """One attempt, from connecting to the last byte; a slow drip ends here."""
    call_timeout_s: PositiveFloat = 30
    """The whole call, with its waiting and its retries."""

    connections_idle_max: PositiveInt = 20
    connection_idle_s: PositiveFloat = 4
    """Less than the five seconds after which many servers hang up: what is not retried must not meet that."""

    attempts_max: PositiveInt = 3
    """Of a GET or HEAD; anything else is tried once."""
    retry_wait_s: PositiveFloat = 0.2
    """Before the second attempt; doubled each time, with jitter of the same size."""
    retry_wait_max_s: PositiveFloat = 5
    """Of our own backing off; a server's `Retry-After` may be longer, as far as the call's time allows."""

    calls_at_once: PositiveInt = 50
    """Under way to one instance, in one process; each has a connection, and each file another."""
    calls_waiting_max: PositiveInt = 200
    """So many more wait until there is room; beyond that a call is refused at once (`RegionBusy`)."""
    calls_per_s: PositiveFloat = 20
    calls_burst: PositiveInt = 40
    """So many may go at once after a pause."""
    bucket_wait_max_s: PositiveFloat = 10
    """Who would wait longer for a turn is refused at once (`RegionBusy`); nobody waits longer for room."""
    hold_max_s: PositiveFloat = 300
    """The longest pause a host's `Retry-After` is obeyed for; then one of us asks again."""

    failures_max: PositiveInt = 5
    """Failed attempts in a row after which a host is left alone."""
    rest_s: PositiveFloat = 30
    """For how long; then one call probes it."""

    body_bytes_max: PositiveInt = 8 * 1024 * 1024
    """Of an answer, unpacked; the packed one is never larger."""
    header_bytes_max: int = Field(default=32 * 1024, gt=0, le=100 * 1024)
    """Of an answer; the HTTP parser itself gives up at 100 KiB."""

    file_bytes_max: PositiveInt = 25 * 1024 * 1024
    """Of a file that is passed on, unpacked."""
    file_timeout_s: PositiveFloat = 180
    """A file from its first byte to the last, however slow its reader."""
    files_at_once: PositiveInt = 10
    """Files under way; each holds a connection for as long as its reader takes."""
