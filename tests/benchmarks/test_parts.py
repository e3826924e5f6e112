"""Every part of the benchmark starts, and says something."""

from __future__ import annotations

import subprocess
import sys

import pytest
from benchmarks.__main__ import PARTS


@pytest.mark.slow
@pytest.mark.timeout(400)  # it starts a dozen servers, one after the other
@pytest.mark.parametrize("part", PARTS)
def test_a_part_starts(part: str) -> None:
    """With tiny numbers, which are not kept."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--smoke", part], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "the figures say nothing" in " ".join(done.stdout.split())
