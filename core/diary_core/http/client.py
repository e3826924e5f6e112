"""Putting the door together."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2

from diary_core.http.allow_list import AllowList
from diary_core.http.aside import Aside
from diary_core.http.body import Body
from diary_core.http.breaker import Breaker
from diary_core.http.bucket import Bucket
from diary_core.http.bulkhead import Bulkhead
from diary_core.http.circuits import Circuits, OwnCircuits
from diary_core.http.deadline import CallDeadline, Deadline
from diary_core.http.journal import Journal
from diary_core.http.limits import DoorLimits
from diary_core.http.network import Network
from diary_core.http.observer import Observe
from diary_core.http.retries import Retries
from diary_core.http.statuses import Refusals
from diary_core.http.turns import OwnTurns, Turns


def open_client(
    hosts: Iterable[str],
    *,
    limits: DoorLimits,
    name: str,
    base: httpx2.AsyncBaseTransport | None = None,
    turns: Turns | None = None,
    circuits: Circuits | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
    observe: Observe | None = None,
    inner: Iterable[str] = (),
) -> httpx2.AsyncClient:
    """Return the client of one instance, to be kept for as long as the gateway runs.

    Every connection to the instance shares it, so it keeps nothing of a call: no cookies, no credentials.
    A plugin that needs cookies takes them from `response.cookies` and sends them in its own `Cookie` header.
    Redirects are never followed; a call that asks for it fails. Bodies are read whole, also when streamed;
    files alone flow on, by `download`.
    Timeouts and extensions set on a call are replaced by the door's own.
    Certificates beyond the usual ones are named by `SSL_CERT_FILE` or `SSL_CERT_DIR`.

    Args:
        hosts: Base addresses the client may talk to, as in `Instance.hosts`; paths in them are ignored.
        limits: Every limit.
        name: Of the instance, such as `mrko/moscow`.
        base: What stands below the layers; the network by default.
        turns: Who may call when, where others call the same hosts; the client's own unless given.
        circuits: Which hosts are left alone, as known by others too; the client's own unless given.
        sleep: Pauses between retries, in seconds.
        clock: Seconds that never go back, for the durations in the log.
        observe: Told of each call once it is over.
        inner: Base addresses that may stand in a private network, since the operator has named them.

    Raises:
        Misconfigured: One of the hosts is no address of a web server.
    """
    transport = base or Network(limits, _certificates(), inner)
    transport = Body(transport, limits)
    transport = Deadline(transport, limit_s=limits.attempt_timeout_s)
    transport = Bucket(transport, limits, name=name, turns=turns or OwnTurns())
    transport = Breaker(transport, limits, name=name, circuits=circuits or OwnCircuits())
    transport = Bulkhead(transport, limits)
    transport = Retries(transport, limits, sleep=sleep)
    transport = CallDeadline(transport, limit_s=limits.call_timeout_s)
    transport = AllowList(transport, hosts)
    transport = Journal(transport, name=name, clock=clock, observe=observe)
    transport = Refusals(transport)
    transport = Aside(transport)
    return httpx2.AsyncClient(
        transport=transport,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        follow_redirects=False,
        max_redirects=0,
        trust_env=False,
        timeout=None,  # the layers keep the time
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Read the certificates once for all instances: each reading costs some twenty milliseconds."""
    return httpx2.create_ssl_context()
