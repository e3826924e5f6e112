"""What one gateway counts and measures, for Prometheus: `docs/observability.md` tells what for.

Labels hold names from closed sets alone: templates of routes, names of servers, codes of problems.
Never an id, an address or anything of a person.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from diary_core.errors import RegionResting
from diary_core.http import Call

CacheOutcome = Literal["hit", "miss", "stale", "refresh"]
"""How a question was answered: from what is kept, by the diary, by an old answer that is refreshed behind, or
by the last known one because the diary is in trouble or slow."""

_RESTS_S: Final = 60.0
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CALL_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 30)


class Metrics:
    """The figures of one gateway, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._refused_at: dict[str, float] = {}
        self.failing: set[str] = set()
        """Background work whose last turn has failed."""
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "diary_requests_total",
            "Requests answered, by outcome: `ok` or the code of the problem.",
            ["route", "method", "status", "outcome"],
            registry=self.registry,
        )
        self._requests_of: dict[tuple[str, str, int, str], tuple[Counter, Histogram]] = {}
        """What a kind of request is counted by, so that it is looked up once."""
        self._request_seconds = Histogram(
            "diary_request_seconds",
            "From a request to the last byte of its answer; streams last as long as they are listened to.",
            ["route", "method"],
            buckets=_REQUEST_SECONDS,
            registry=self.registry,
        )
        self._upstream_seconds = Histogram(
            "diary_upstream_seconds",
            "Calls to diaries that were sent, with their waiting and retries, by outcome.",
            ["instance", "outcome"],
            buckets=_CALL_SECONDS,
            registry=self.registry,
        )
        self._attempts = Counter(
            "diary_upstream_attempts_total",
            "Requests that went out to diaries, retries included.",
            ["instance"],
            registry=self.registry,
        )
        self._refusals = Counter(
            "diary_upstream_refusals_total",
            "Calls that were kept back on our side, by reason: `region_resting`, `region_busy` and others.",
            ["instance", "reason"],
            registry=self.registry,
        )
        self._resting = Gauge(
            "diary_breaker_open",
            "1 while a diary that failed too often is left alone, 0 while it is called.",
            ["instance"],
            registry=self.registry,
        )
        self._cache = Counter(
            "diary_cache_answers_total",
            "Questions for known answers, by kind of reading (`hot`: any): hit, miss, stale, refresh.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.hot_hits = self._cache.labels("hot", "hit")
        """Questions answered from memory."""
        self._turns = Histogram(
            "diary_background_seconds",
            "Turns of background work, by outcome: `ok` or `failed`.",
            ["work", "outcome"],
            buckets=(0.01, 0.1, 1, 10, 60, 600),
            registry=self.registry,
        )
        self.under_way = Gauge(
            "diary_under_way",
            "What lasts: open streams of changes, tasks of the event loop.",
            ["things"],
            registry=self.registry,
        )
        self.waiting = Gauge(
            "diary_queue_waiting",
            "What waits for a background worker: notices of absence that have not reached their diary.",
            ["queue"],
            registry=self.registry,
        )
        self.database_connections = Gauge(
            "diary_database_connections_in_use",
            "Connections to the database that are in use.",
            registry=self.registry,
        )

    def request(self, *, route: str, method: str, status: int, outcome: str, seconds: float) -> None:
        """Count a request.

        Args:
            route: The template of its route, never its address.
            method: As it was sent; one that no route knows is `other`.
            status: 0 when nothing was answered.
            outcome: `ok`, or the code of the problem.
            seconds: From the request to the last byte of its answer.
        """
        method = method if method in _METHODS else "other"
        kind = (route, method, status, outcome)
        counters = self._requests_of.get(kind)
        if counters is None:
            counters = self._requests_of[kind] = (
                self._requests.labels(route, method, str(status), outcome),
                self._request_seconds.labels(route, method),
            )
        counted, seconds_taken = counters
        counted.inc()
        seconds_taken.observe(seconds)

    def upstream(self, call: Call) -> None:
        """Count a call to a diary."""
        if call.attempts:
            self._upstream_seconds.labels(call.instance, call.outcome).observe(call.seconds)
            self._attempts.labels(call.instance).inc(call.attempts)
            self._resting.labels(call.instance).set(0)
            return
        self._refusals.labels(call.instance, call.outcome).inc()
        if call.outcome == RegionResting.code:
            self._refused_at[call.instance] = time.monotonic()
            self._resting.labels(call.instance).set(1)

    def cache(self, kind: str, outcome: CacheOutcome) -> None:
        """Count how a question of one kind of reading was answered."""
        self._cache.labels(kind, outcome).inc()

    def timed(self, name: str, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Return one turn of background work that is counted whenever it is done."""

        async def turn() -> None:
            began, outcome = time.perf_counter(), "failed"
            try:
                await work()
                outcome = "ok"
            finally:
                (self.failing.add if outcome == "failed" else self.failing.discard)(name)
                self._turns.labels(name, outcome).observe(time.perf_counter() - began)

        return turn

    def written(self) -> bytes:
        """Return everything in Prometheus' text format; a rest nobody has met for a while is over."""
        for instance, refused_at in self._refused_at.items():
            if time.monotonic() - refused_at > _RESTS_S:
                self._resting.labels(instance).set(0)
        return generate_latest(self.registry)
