"""Trying again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx2
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)
from typing_extensions import override

from diary_core.errors import RegionDown
from diary_core.http.deadline import left_s
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits
from diary_core.http.retry_after import retry_after

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_PASSING = frozenset({502, 503, 504})


class Retries(Layer):
    """Tries a GET or HEAD again when the connection failed or the server says it is a passing trouble.

    A `Retry-After` longer than our own backing off is kept to; when the call's time does not allow for it,
    what the last attempt brought is the answer.
    An attempt that ran out of time is not repeated: the server is slow, and another call makes it slower.
    """

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        limits: DoorLimits,
        *,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        super().__init__(inner)
        self._limits = limits
        self._sleep = sleep
        self._backing_off = wait_exponential_jitter(
            multiplier=limits.retry_wait_s, max=limits.retry_wait_max_s, jitter=limits.retry_wait_s
        )

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method not in _SAFE_METHODS:
            return await self._inner.handle_async_request(request)
        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(self._limits.attempts_max)
            | stop_before_delay(min(self._limits.call_timeout_s, left_s())),
            wait=self._pause_s,
            retry=retry_if_exception_type(RegionDown) | retry_if_result(_is_passing),
            retry_error_callback=_last,
        )
        return await retrying(self._inner.handle_async_request, request)

    def _pause_s(self, state: RetryCallState) -> float:
        ours = self._backing_off(state)
        if state.outcome is None or state.outcome.failed:
            return ours
        asked = retry_after(state.outcome.result())
        return ours if asked is None else asked.total_seconds() + ours  # so that not all come back at once


def _is_passing(response: httpx2.Response) -> bool:
    return response.status_code in _PASSING


def _last(state: RetryCallState) -> httpx2.Response:
    """Return what the last attempt brought, or raise what it raised."""
    if state.outcome is None:
        raise RuntimeError("retries ended before the first attempt")
    return state.outcome.result()
