"""How each server has answered in the last minutes, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel

from diary_api.clock import Clock
from diary_core.errors import (
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    RegionResting,
    RegionSlow,
)
from diary_core.http import Call

MINUTES: Final = 10
"""So many minutes the figures speak of, the running one included."""
REMEMBERED: Final = timedelta(hours=1)
"""A server is told of for so long after it was last called."""
FAILURES: Final = frozenset(
    error.code for error in (RegionBusy, RegionChanged, RegionDown, RegionMaintenance, RegionSlow)
)
"""Outcomes that speak against the server; what is ours or the parent's says nothing of it."""
_FASTEST_S, _STEP, _STEPS = 0.01, 1.15, 64
"""Durations are counted in steps of 15 %, from ten milliseconds to over a minute."""


class Minute(BaseModel):
    """What one minute brought."""

    calls: int = 0
    """That were sent and came to an end that says something of the server."""
    failed: int = 0
    seconds: dict[int, int] = {}
    """Calls by the step of their duration."""


class Window(BaseModel):
    """The last minutes of one server, as one process or several have seen them."""

    minutes: dict[int, Minute] = {}
    """By the number of the minute since 1970."""
    last_success: AwareDatetime | None = None
    last_failure: AwareDatetime | None = None
    last_failure_code: str | None = None
    failed_in_row: int = 0
    """Since the last success."""
    last_refusal: AwareDatetime | None = None
    """When a call was last kept back because the server rests."""

    @property
    def calls(self) -> int:
        """How many there were."""
        return sum(minute.calls for minute in self.minutes.values())

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return sum(minute.failed for minute in self.minutes.values())

    @property
    def last(self) -> datetime | None:
        """When anything was last learnt of the server."""
        return max(filter(None, (self.last_success, self.last_failure, self.last_refusal)), default=None)

    def quantile(self, share: float) -> float | None:
        """Return the seconds within which this share of the calls ended, to 15 %; None without calls."""
        steps = sorted(_added(minute.seconds for minute in self.minutes.values()).items())
        wanted, seen = math.ceil(share * sum(times for _, times in steps)), 0
        for step, times in steps:
            seen += times
            if seen >= wanted:
                return round(_FASTEST_S * _STEP**step, 2)
        return None


@dataclass(frozen=True)
class Windows:
    """The windows of one process, by the server's name."""

    clock: Clock
    _of: dict[str, Window] = field(default_factory=dict[str, Window], repr=False)

    def note(self, call: Call) -> None:
        """Take a finished call in."""
        now, window = self.clock(), self._of.setdefault(call.instance, Window())
        if not call.attempts:
            if call.outcome == RegionResting.code:
                window.last_refusal = now
            return
        if call.outcome != "ok" and call.outcome not in FAILURES:
            return
        minute = self._minute(window, now)
        minute.calls += 1
        step = _step(call.seconds)
        minute.seconds[step] = minute.seconds.get(step, 0) + 1
        if call.outcome == "ok":
            window.last_success, window.failed_in_row = now, 0
        else:
            _fail(window, minute, now, call.outcome)

    def judge(self, name: str, code: str) -> None:
        """Take in that a good answer of a server was none after all: a web page, or of another shape."""
        window = self._of.get(name)
        if window is None or code not in FAILURES or window.last_success is None:
            return
        if window.last_failure is not None and window.last_failure >= window.last_success:
            return  # the way out has told it already
        now = self.clock()
        _fail(window, self._minute(window, now), now, code)

    def now(self) -> Mapping[str, Window]:
        """Return a copy of what is known, without what is too old."""
        return {name: window for name, known in self._of.items() if (window := fresh(known, self.clock()))}

    def _minute(self, window: Window, now: datetime) -> Minute:
        number = _number(now)
        if number not in window.minutes:
            for old in [one for one in window.minutes if one <= number - MINUTES]:
                del window.minutes[old]
        return window.minutes.setdefault(number, Minute())


def fresh(window: Window, now: datetime) -> Window | None:
    """Return a window without the minutes that are over; None when nothing was heard for too long."""
    if window.last is None or now - window.last > REMEMBERED:
        return None
    oldest = _number(now) - MINUTES
    kept = {number: minute for number, minute in window.minutes.items() if number > oldest}
    return window.model_copy(update={"minutes": kept}, deep=True)


def together(windows: Iterable[Window]) -> Window:
    """Return what several processes have seen of one server as if one had seen it."""
    given = list(windows)
    minutes: dict[int, Minute] = {}
    for window in given:
        for number, minute in window.minutes.items():
            known = minutes.get(number, Minute())
            minutes[number] = Minute(
                calls=known.calls + minute.calls,
                failed=known.failed + minute.failed,
                seconds=_added((known.seconds, minute.seconds)),
            )
    failed = max(
        ((one.last_failure, one.last_failure_code) for one in given if one.last_failure),
        key=lambda pair: pair[0],
        default=(None, None),
    )
    answered = max((one.last_success for one in given if one.last_success), default=None)
    since = [one for one in given if one.last_failure and (not answered or one.last_failure > answered)]
    return Window(
        minutes=minutes,
        last_success=answered,
        failed_in_row=sum(one.failed_in_row for one in since),
        last_failure=failed[0],
        last_failure_code=failed[1],
        last_refusal=max((one.last_refusal for one in given if one.last_refusal), default=None),
    )


def _fail(window: Window, minute: Minute, now: datetime, code: str) -> None:
    minute.failed = min(minute.failed + 1, minute.calls)
    window.last_failure, window.last_failure_code = now, code
    window.failed_in_row += 1


def _added(counts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for one in counts:
        for step, times in one.items():
            total[step] = total.get(step, 0) + times
    return total


def _step(seconds: float) -> int:
    if seconds <= _FASTEST_S:
        return 0
    return min(math.ceil(math.log(seconds / _FASTEST_S) / math.log(_STEP)), _STEPS)


def _number(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
