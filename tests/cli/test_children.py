"""A child is found by what its family types."""

from __future__ import annotations

import pytest

from diary_api.cli.children import pick
from diary_api.cli.client import Refused
from diary_api.school.schemas import ChildShown
from diary_core.people import PersonName


def child(number: int, first: str) -> ChildShown:
    return ChildShown(
        id=f"chd_{number}",
        connection_id="con_1",
        name=PersonName(last="Берёзов", first=first),
        label=None,
        birth_date=None,
        current=True,
        enrolments=(),
        class_standing_shown=False,
        granted=None,
    )


FAMILY = (child(1, "Артём"), child(2, "Варвара"))


@pytest.mark.parametrize("typed", ["Артём", "Артем", "артем", " АРТЁМ ", "chd_1"])
def test_capitals_and_dots_are_left_out_when_typing(typed: str) -> None:
    """Nobody looks for the key of ё in a terminal."""
    assert pick(FAMILY, typed).id == "chd_1"


@pytest.mark.parametrize("typed", [None, "Арт", "", "Пётр"])
def test_whoever_is_not_clear_is_asked_for(typed: str | None) -> None:
    """The children there are stand in the remedy."""
    with pytest.raises(Refused) as refused:
        pick(FAMILY, typed)
    assert "Артём (chd_1), Варвара (chd_2)" in (refused.value.problem.remedy or "")
