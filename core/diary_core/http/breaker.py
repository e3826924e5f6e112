"""Leaving a failing host alone."""

from __future__ import annotations

import httpx2
from typing_extensions import override

from diary_core.errors import RegionDown, RegionSlow
from diary_core.http.circuits import Circuits, Outcome, Rest
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits

_FAULT = 500


class Breaker(Layer):
    """Stops calling a host after some failures in a row, then lets one call probe it.

    A failure is a connection that broke, an attempt out of time, or a status of 500 and above.
    A call that was cancelled, or kept back on our side, says nothing about the host.

    Args:
        inner: What is called.
        limits: How many failures, and how long a rest.
        name: Of the instance.
        circuits: What is known of the hosts; shared by everybody who calls them.

    Raises:
        RegionResting: The host is left alone just now.
    """

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, limits: DoorLimits, *, name: str, circuits: Circuits
    ) -> None:
        super().__init__(inner)
        probe_max_s = limits.bucket_wait_max_s + limits.attempt_timeout_s
        self._rest = Rest(limits.failures_max, limits.rest_s, probe_max_s)
        self._name = name
        self._circuits = circuits

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        line = f"{self._name} {request.url.netloc.decode('ascii')}"
        probing = await self._circuits.enter(line, self._rest)
        outcome = Outcome.NOTHING
        try:
            response = await self._inner.handle_async_request(request)
            outcome = Outcome.FAILED if response.status_code >= _FAULT else Outcome.GOOD
        except (RegionDown, RegionSlow):
            outcome = Outcome.FAILED
            raise
        finally:
            await self._circuits.left(line, self._rest, outcome, probing=probing)
        return response
