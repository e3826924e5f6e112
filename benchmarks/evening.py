"""Four million parents at eight in the evening: the model of `evening_model`, fed with what was measured.

It writes the curve to `benchmarks/evening.json`; `docs/capacity.md` tells what follows from it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.evening_model import Host, Minute, Parents, Rules, rate_for, simulate
from benchmarks.figures import Figure, Results, kept
from benchmarks.rounds import Effort
from diary_core.http.limits import DoorLimits

CURVE = Path("benchmarks/evening.json")
BUSY = 0.6
"""Share of a core that a process may be busy at the peak, so that chance does not queue."""
ANSWERS_KEPT_KB = 50
"""One child's week, sealed, with what comparing needs."""
MRKO_NODES = 12


@dataclass(frozen=True)
class Costs:
    """What was measured."""

    hit_ms: float
    """CPU of the gateway for a known answer, on PostgreSQL and Redis."""
    ask_ms: float
    """CPU for an answer the diary is asked for, the mean of both systems."""
    mrko_calls: float
    dnevnik_calls: float
    """Upstream calls of one child's week."""
    transactions: float
    """Of PostgreSQL, a request of mixed traffic."""
    commands: float
    """Of Redis, the same."""
    process_mb: float

    @classmethod
    def measured(cls, results: Results) -> Costs:
        """Take them from the results.

        Raises:
            KeyError: The parts `cold` and `families` were not measured yet.
        """
        cold = [results.value("cold", f"{provider}.cpu.50") for provider in ("mrko", "dnevnik_ru")]
        return cls(
            hit_ms=results.value("families", "two.known.cpu"),
            ask_ms=sum(cold) / len(cold),
            mrko_calls=results.value("cold", "mrko.calls") / 2,
            dnevnik_calls=results.value("cold", "dnevnik_ru.calls") / 2,
            transactions=results.value("families", "two.transactions"),
            commands=results.value("families", "two.redis"),
            process_mb=results.value("families", "two.memory") / 2,
        )


def hosts_of(costs: Costs, calls_per_s: float) -> Sequence[Host]:
    """Return the servers of the plan; how parents divide among them is assumed, not measured."""
    nodes = [
        Host(f"МЭШ, region {number}", 0.25 / MRKO_NODES, costs.mrko_calls, calls_per_s)
        for number in range(1, MRKO_NODES + 1)
    ]
    return [
        Host("МЭШ, Moscow", 0.35, costs.mrko_calls, calls_per_s),
        *nodes,
        Host("Дневник.ру", 0.40, costs.dnevnik_calls, calls_per_s),
    ]


def measure(effort: Effort) -> Sequence[Figure]:
    """Simulate the evening as shipped, and the evening the diaries' owners would have to agree to."""
    results = kept()
    costs = Costs.measured(results) if effort is Effort.FULL else _INVENTED
    parents, rules = Parents(), Rules()
    shipped = hosts_of(costs, DoorLimits().calls_per_s)
    agreed = [replace(host, calls_per_s=rate_for(parents, host, rules, at_peak=0.999)) for host in shipped]
    polite, wide = simulate(parents, shipped, rules), simulate(parents, agreed, rules)
    if effort is Effort.FULL:
        CURVE.write_text(
            json.dumps({"shipped": _curve(polite), "agreed": _curve(wide)}, indent=1) + "\n", "utf-8"
        )
    peak = max(wide, key=lambda one: one.asked)
    mean = sum(one.asked for one in wide) / len(wide)
    return [
        _figure("asked", "requests a second at the peak", peak.asked / 60, "/s"),
        _figure("factor", "peak minute / mean minute", peak.asked / mean, ""),
        _figure("wanted", "upstream calls a second that parents wait for", peak.wanted_calls / 60, "/s"),
        *_outcome("shipped", "as shipped", polite, shipped),
        *_outcome("agreed", "with limits agreed", wide, agreed),
        *_machines(costs, parents, peak),
    ]


def _outcome(key: str, says: str, evening: Sequence[Minute], hosts: Sequence[Host]) -> list[Figure]:
    worst = min(evening, key=lambda one: (one.fresh + one.called) / one.asked)
    rate = sum(host.calls_per_s for host in hosts)
    whole = sum(one.asked for one in evening)
    shares = {
        "fresh": (worst.fresh + worst.called, "fresh"),
        "todays": (worst.todays, "of earlier today"),
        "older": (worst.older, "of an earlier day"),
        "refused": (worst.refused, "refused"),
    }
    return [
        _figure(f"{key}.rate", f"{says}: upstream calls a second let through, all hosts", rate, "/s"),
        *(
            _figure(f"{key}.{name}", f"{says}: answers {told}, worst minute", 100 * part / worst.asked, "%")
            for name, (part, told) in shares.items()
        ),
        _figure(
            f"{key}.evening",
            f"{says}: answers fresh or of today, whole evening",
            100 * sum(one.fresh + one.called + one.todays for one in evening) / whole,
            "%",
        ),
        _figure(f"{key}.ahead", f"{says}: answers fetched ahead", sum(one.ahead for one in evening), ""),
    ]


def _machines(costs: Costs, parents: Parents, peak: Minute) -> list[Figure]:
    known = peak.asked - peak.called
    cores = (known * costs.hit_ms + (peak.called + peak.ahead) * costs.ask_ms) / 1000 / 60
    processes = math.ceil(cores / BUSY)
    per_s = peak.asked / 60
    kept_gb = parents.count * parents.children * ANSWERS_KEPT_KB / 1_000_000
    return [
        _figure("cores", "cores busy at the peak", cores, ""),
        _figure("processes", f"processes, each {100 * BUSY:.0f} % busy", processes, ""),
        _figure("memory", "memory of the processes", processes * costs.process_mb / 1000, "GB"),
        _figure("transactions", "PostgreSQL transactions a second", per_s * costs.transactions, "/s"),
        _figure("commands", "Redis commands a second", per_s * costs.commands, "/s"),
        _figure("kept", "one week of every child, kept", kept_gb, "GB"),
    ]


def _curve(evening: Sequence[Minute]) -> list[dict[str, float | str]]:
    """Return every tenth minute, rates a second and shares of the answers."""
    return [
        {
            "at": one.clock,
            "asked_per_s": round(one.asked / 60, 1),
            "calls_per_s": round(one.calls / 60, 1),
            "wanted_calls_per_s": round(one.wanted_calls / 60, 1),
            "fresh": round((one.fresh + one.called) / one.asked, 4),
            "todays": round(one.todays / one.asked, 4),
            "older": round(one.older / one.asked, 4),
            "refused": round(one.refused / one.asked, 6),
        }
        for one in evening[::10]
    ]


def _figure(key: str, says: str, value: float, unit: str) -> Figure:
    return Figure(key=key, says=says, value=round(value, 3), unit=unit)


_INVENTED = Costs(
    hit_ms=1, ask_ms=20, mrko_calls=5, dnevnik_calls=4, transactions=2, commands=2, process_mb=200
)
"""For a smoke run, which says nothing."""
