"""`python -m benchmarks [--smoke] [part …]`: measure, print, keep; `table` writes the pages."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks import cold, evening, families, parse, start, warm
from benchmarks.figures import Figure, Machine, Results, keep, kept, measured
from benchmarks.rounds import Effort
from benchmarks.table import render_all, show

PARTS: Mapping[str, Callable[[Effort], Sequence[Figure]]] = {
    "start": start.measure,
    "parse": parse.measure,
    "cold": cold.measure,
    "warm": warm.measure,
    "families": families.measure,
    "evening": evening.measure,
}
"""By name, in the order they are run."""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the gateway.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}, or `table`")
    parser.add_argument("--smoke", action="store_true", help="only see that it starts; nothing is kept")
    options = parser.parse_args()
    wanted: list[str] = options.parts or list(PARTS)
    if wanted == ["table"]:
        render_all(kept())
        return
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for name in wanted:
        _measure(name, Effort.SMOKE if options.smoke else Effort.FULL)


def _measure(name: str, effort: Effort) -> None:
    machine, begun = Machine.this(), time.monotonic()
    figures = PARTS[name](effort)
    smoke = effort is Effort.SMOKE
    part = measured(figures, machine=machine, took_s=time.monotonic() - begun, smoke=smoke)
    show(Results(parts={name: part}))
    if not smoke:
        keep(kept().with_part(name, part))


if __name__ == "__main__":
    main()
