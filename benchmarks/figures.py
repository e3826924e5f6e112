"""Figures, and the file that keeps the newest of each: `benchmarks/results.json`."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

FILE = Path("benchmarks/results.json")


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Goal(_Kept):
    """What a figure should come to."""

    bound: float
    kind: Literal["at most", "at least"] = "at most"

    def met_by(self, value: float) -> bool:
        """Tell whether a value is good enough."""
        return value <= self.bound if self.kind == "at most" else value >= self.bound


class Figure(_Kept):
    """One measured number."""

    key: str
    """Unique within its part; what other parts read it by."""
    says: str
    """What it is, in one line."""
    value: float
    unit: str
    """`ms`, `/s`, `MB`; empty for a ratio or a count."""
    goal: Goal | None = None


class Machine(_Kept):
    """Where it was measured."""

    cpu: str
    cores: int
    """Those this process may use."""
    python: str
    load: float
    """Processes that wanted a core in the last minute, when the part began: above `cores` it was crowded."""

    @classmethod
    def this(cls) -> Self:
        """Describe the machine this runs on."""
        facts = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else ""
        named = [
            line.partition(":")[2].strip() for line in facts.splitlines() if line.startswith("model name")
        ]
        return cls(
            cpu=named[0] if named else platform.processor() or platform.machine(),
            cores=len(os.sched_getaffinity(0)),
            python=platform.python_version(),
            load=round(os.getloadavg()[0], 1),
        )


class Measured(_Kept):
    """What one part has come to."""

    at: datetime
    took_s: float
    smoke: bool
    """Whether it was only tried with tiny numbers: such figures say nothing."""
    machine: Machine
    figures: tuple[Figure, ...]


class Results(_Kept):
    """The newest figures of every part."""

    parts: Mapping[str, Measured] = {}

    def with_part(self, name: str, measured: Measured) -> Results:
        """Return the results with one part measured anew."""
        return Results(parts={**self.parts, name: measured})

    def value(self, part: str, key: str) -> float:
        """Return one figure.

        Raises:
            KeyError: It was not measured yet.
        """
        for figure in self.parts[part].figures:
            if figure.key == key:
                return figure.value
        raise KeyError(f"{part}.{key}")


def kept(file: Path = FILE) -> Results:
    """Return the results that were kept; none where there are none."""
    return Results.model_validate_json(file.read_bytes()) if file.exists() else Results()


def keep(results: Results, file: Path = FILE) -> None:
    """Write results down, sorted by part."""
    ordered = Results(parts=dict(sorted(results.parts.items())))
    file.write_text(ordered.model_dump_json(indent=2) + "\n", encoding="utf-8")


def measured(figures: Sequence[Figure], *, machine: Machine, took_s: float, smoke: bool = False) -> Measured:
    """Return figures as measured now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return Measured(at=now, took_s=round(took_s, 1), smoke=smoke, machine=machine, figures=tuple(figures))
