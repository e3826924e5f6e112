"""What a system has not got, it says why."""

from __future__ import annotations

import pytest

from diary_core.abilities import Diary, SignsWeeks, abilities_of, lacking
from diary_core.ability_page import every_ability
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_mrko.diary import MoscowDiary, MrkoDiary


@pytest.mark.parametrize("diary", [DnevnikRuDiary, MrkoDiary, MoscowDiary])
def test_every_lack_has_its_reason(diary: type[Diary]) -> None:
    """A new ability is either read by a diary, or the diary tells why it cannot be."""
    missing = {ability for ability in every_ability() if ability not in abilities_of(diary)}
    assert missing - diary.lacks.keys() == set()


@pytest.mark.parametrize("diary", [DnevnikRuDiary, Diary])
def test_a_refusal_says_why(diary: type[Diary]) -> None:
    """Where the plugin knows; one that gives no reasons is refused as well."""
    refusal = lacking(diary, SignsWeeks)
    assert refusal.detail == "the diary has no SignsWeeks"
    assert refusal.because == diary.lacks.get(SignsWeeks)
