"""Leaving a failing host alone."""

from __future__ import annotations

import time
from datetime import timedelta

import httpx2
from purgatory import AsyncCircuitBreakerFactory
from typing_extensions import override

from diary_core.errors import RegionDown, RegionResting, RegionSlow
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits

_FAULT = 500


class Breaker(Layer):
    """Stops calling a host after some failures in a row, then lets one call probe it.

    A failure is a connection that broke, an attempt out of time, or a status of 500 and above.
    A call that was cancelled, or kept back on our side, says nothing about the host.
    purgatory keeps the state; it would let any number of calls probe at once, so the single probe is ours.

    Raises:
        RegionResting: The host is left alone just now.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, limits: DoorLimits) -> None:
        super().__init__(inner)
        self._circuits = AsyncCircuitBreakerFactory(
            default_threshold=limits.failures_max, default_ttl=limits.rest_s
        )
        self._probed: set[str] = set()

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.netloc.decode("ascii")
        breaker = await self._circuits.get_breaker(host)
        left_s = (breaker.context.opened_at or 0) + breaker.context.ttl - time.time()
        if breaker.context.state == "opened" and left_s >= 0:
            raise RegionResting("the host failed too often", retry_after=timedelta(seconds=left_s))
        if host in self._probed:
            raise RegionResting("the host is being probed", retry_after=timedelta(seconds=1))
        await breaker.__aenter__()
        probing = breaker.context.state == "half-opened"
        if probing:
            self._probed.add(host)
        try:
            response = await self._inner.handle_async_request(request)
        except (RegionDown, RegionSlow) as error:
            await breaker.__aexit__(type(error), error, None)
            raise
        finally:
            if probing:
                self._probed.discard(host)
        failure = RegionDown() if response.status_code >= _FAULT else None
        await breaker.__aexit__(type(failure) if failure else None, failure, None)
        return response
