"""What a process has cost so far."""

from __future__ import annotations

from collections.abc import Sequence

import psutil


def cpu_s(pids: Sequence[int]) -> float:
    """Return the seconds of CPU that processes have spent, those of their threads included."""
    times = (psutil.Process(pid).cpu_times() for pid in pids)
    return sum(one.user + one.system for one in times)


def memory_mb(pids: Sequence[int]) -> float:
    """Return the memory that processes hold, in megabytes."""
    return sum(psutil.Process(pid).memory_info().rss for pid in pids) / 1_000_000
