"""The house's own rules, where no tool holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOUSES = ("core", "plugins", "sandbox", "api", "benchmarks", "tests")
LONGEST = 400
UNEXPLAINED = re.compile(r"# (?:noqa: [A-Z0-9, ]+|(?:pyright|type): ignore\[[^\]]+\])\s*$")


def modules(*houses: str) -> Iterator[Path]:
    for house in houses:
        yield from sorted((ROOT / house).rglob("*.py"))


def test_whatever_is_ignored_says_why() -> None:
    """A line that tells a tool to look away gives its reason after two spaces."""
    assert [
        f"{module.relative_to(ROOT)}:{number}"
        for module in modules(*HOUSES)
        for number, line in enumerate(module.read_text("utf-8").splitlines(), start=1)
        if UNEXPLAINED.search(line)
    ] == []


def test_no_module_is_too_long_to_read() -> None:
    """Beyond this a module has more than one job."""
    assert [
        str(module.relative_to(ROOT))
        for module in modules("core", "plugins", "sandbox", "api", "benchmarks")
        if len(module.read_text("utf-8").splitlines()) > LONGEST
    ] == []
