"""The page about homework says what the code does."""

from __future__ import annotations

from pathlib import Path

from diary_core.errors import GiveUp
from diary_core.errors import homework as errors
from diary_core.http import DoorLimits

PAGE = (Path(__file__).parents[2] / "docs" / "homework.md").read_text("utf-8")


def test_the_limits_are_those_of_the_code() -> None:
    """Size, time and number."""
    limits = DoorLimits()
    assert (limits.file_bytes_max, limits.file_timeout_s, limits.files_at_once) == (25 * 2**20, 180, 10)


def test_every_refusal_of_a_file_is_explained() -> None:
    """A reader finds the code that came."""
    refusals = [
        thing
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, GiveUp) and thing is not GiveUp
    ]
    assert len(refusals) > 4
    assert [error.code for error in refusals if f"`{error.code}`" not in PAGE] == []
