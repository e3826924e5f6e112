"""Whose diary the samples are, and what the side calls of its week bring."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from diary_dnevnik_ru import parse, wire

from .bodies import SCHOOL, SEAT, read, rows, sample


@pytest.fixture
def whose() -> parse.Whose:
    """Return the first child of the samples, in Arkhangelsk."""
    return parse.Whose(SEAT, ZoneInfo("Europe/Moscow"))


@pytest.fixture
def weighed() -> parse.Weights:
    """Return the sample school as one that weighs marks."""
    return parse.Weights.read(rows(wire.WorkType, sample("16")), read(wire.School, SCHOOL))


@pytest.fixture
def beside(weighed: parse.Weights) -> parse.Beside:
    """Return what the side calls of the sample week bring."""
    return parse.Beside(files=parse.Files.read([read(wire.Homeworks, sample("10"))]), weights=weighed)
