"""A model of one evening: who asks when, what is known already, and what the diaries let us ask.

It goes minute by minute and keeps, for each diary server, how many of its families have an answer of how old.
It is no queueing theory: within a minute everything is smooth, and chance only shakes the number of visits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BEGINS, ENDS = 14 * 60, 23 * 60
"""Minutes of the day the model goes over: from the end of school to bedtime."""


@dataclass(frozen=True)
class Parents:
    """How many there are, and how they look."""

    count: int = 4_000_000
    visits: float = 1.5
    """Of one parent, in one evening."""
    children: float = 1.6
    """Of one parent; each visit asks about every one."""
    repeats: float = 1.0
    """How often each question is asked again within the visit: going back, a second tab, a refresh."""
    peak_minute: int = 20 * 60
    peak_spread_min: float = 75
    """Standard deviation of the visits around the peak."""
    at_peak: float = 0.75
    """Share of the visits that gather around it; the others come at any minute."""


@dataclass(frozen=True)
class Host:
    """A diary server."""

    name: str
    share: float
    """Of all parents."""
    calls_per_question: float
    """Upstream calls that one child's answer costs."""
    calls_per_s: float
    """What politeness lets through, all processes together."""


@dataclass(frozen=True)
class Rules:
    """How the gateway works."""

    fresh_min: int = 10
    """Minutes an answer is fresh after school: `DIARY_FRESHNESS__DAYS`."""
    ahead: bool = True
    """Whether turns nobody waits for go to families that have no answer of today."""
    newcomers: float = 0.002
    """Share of the questions no answer was ever known to."""


@dataclass
class Minute:
    """What happened in one minute, over all hosts."""

    minute: int
    visits: float = 0
    asked: float = 0
    """Requests of parents."""
    fresh: float = 0
    """Answered from what is known and fresh."""
    called: float = 0
    """Answered by asking the diary."""
    todays: float = 0
    """Answered with what is known since earlier today: the diary had no turn for it."""
    older: float = 0
    """Answered with what was known on an earlier day, marked as such."""
    refused: float = 0
    """Nothing was known and there was no turn."""
    wanted_calls: float = 0
    """Upstream calls that parents wait for, if there were turns for all."""
    calls: float = 0
    """Upstream calls made, those ahead included."""
    ahead: float = 0
    """Answers fetched ahead."""

    @property
    def clock(self) -> str:
        """The time of day."""
        return f"{self.minute // 60:02}:{self.minute % 60:02}"


def simulate(parents: Parents, hosts: Sequence[Host], rules: Rules, *, seed: int = 20) -> Sequence[Minute]:
    """Return an evening minute by minute; the same seed gives the same evening."""
    chance = random.Random(seed)  # noqa: S311  a model, not a secret
    servers = [_Server(host, parents, rules) for host in hosts]
    evening: list[Minute] = []
    for minute, share in _arrivals(parents).items():
        now = Minute(minute)
        for server in servers:
            mean = parents.count * server.host.share * parents.visits * share
            server.pass_minute(now, max(0.0, chance.gauss(mean, math.sqrt(mean))))
        evening.append(now)
    return evening


@dataclass
class _Server:
    """One host through the evening, and what is known of its families, in questions."""

    host: Host
    parents: Parents
    rules: Rules
    todays: float = 0
    """Questions whose answer was learnt today."""
    recent: list[float] = field(default_factory=list[float])
    """Answers that came in each of the last minutes: those that are still fresh."""

    @property
    def questions(self) -> float:
        """One for each child."""
        return self.parents.count * self.host.share * self.parents.children

    def pass_minute(self, now: Minute, visits: float) -> None:
        """Let parents come, ask as politeness lets us, and count what they get."""
        rules, cost = self.rules, self.host.calls_per_question
        first = visits * self.parents.children
        again = first * self.parents.repeats
        fresh = first * min(1.0, sum(self.recent) / self.questions)
        missing = first - fresh
        turns = 60 * self.host.calls_per_s / cost
        called = min(missing, turns)
        without = missing - called
        newcomers = without * rules.newcomers
        known_today = self.todays / self.questions
        ahead = min(turns - called, self.questions - self.todays) if rules.ahead else 0.0
        self.todays = min(self.questions, self.todays + ahead + called * (1 - known_today))
        self.recent = [*self.recent, called + ahead][-rules.fresh_min :]
        now.visits += visits
        now.asked += first + again
        now.fresh += fresh + again
        now.called += called
        now.refused += newcomers
        now.todays += (without - newcomers) * known_today
        now.older += (without - newcomers) * (1 - known_today)
        now.wanted_calls += missing * cost
        now.calls += (called + ahead) * cost
        now.ahead += ahead


def _arrivals(parents: Parents) -> Mapping[int, float]:
    """Return the share of the evening's visits that begin in each minute; together they are one."""
    minutes = range(BEGINS, ENDS)
    around = {
        minute: math.exp(-(((minute - parents.peak_minute) / parents.peak_spread_min) ** 2) / 2)
        for minute in minutes
    }
    whole = sum(around.values())
    return {
        minute: parents.at_peak * weight / whole + (1 - parents.at_peak) / len(minutes)
        for minute, weight in around.items()
    }


def rate_for(parents: Parents, host: Host, rules: Rules, *, at_peak: float, seed: int = 20) -> float:
    """Return the calls a second a host must let through for a share of all answers to be fresh.

    Args:
        parents: All of them.
        host: Its own rate is not looked at.
        rules: How the gateway works.
        at_peak: The share, in the worst minute, above 0 and up to 1.
        seed: Of the evening.
    """
    low, high = 0.0, parents.count * host.share * host.calls_per_question / 60
    for _ in range(30):
        rate = (low + high) / 2
        tried = Host(host.name, host.share, host.calls_per_question, rate)
        worst = min(
            (one.fresh + one.called) / one.asked for one in simulate(parents, [tried], rules, seed=seed)
        )
        low, high = (low, rate) if worst >= at_peak else (rate, high)
    return high
