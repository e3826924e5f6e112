"""What a diary can do is what its class inherits, and one place decides."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from diary_core.abilities import (
    Ability,
    Diary,
    ReadsDays,
    ReadsHomework,
    ReadsMarks,
    TicksHomework,
    abilities_of,
    able,
)
from diary_core.errors import NotSupported
from diary_core.model import Answer, Day, Enrolment, Homework, Missing, Reason, Source

SOURCE = Source(provider="invented", instance="town", connection="c1")
NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)


class Small(Diary, ReadsHomework):
    """A diary of one ability."""

    async def enrolments(self) -> Answer[Enrolment]:
        """No children."""
        return self.answered([])

    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        """No homework."""
        return self.answered([], partial=[Missing(what="files", reason=Reason.UPSTREAM_ERROR)])


class Larger(Small, TicksHomework, ReadsDays):
    """One that inherits from another diary."""

    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """No days."""
        return self.answered([])

    async def tick_homework(self, enrolment_id: str, homework_id: str, *, done: bool) -> None:
        """Do nothing."""


def test_abilities_are_found_by_type() -> None:
    """By name, inherited ones too, each once, and nothing that is no ability."""
    assert abilities_of(Diary) == ()
    assert abilities_of(Small) == (ReadsHomework,)
    assert abilities_of(Larger) == (ReadsDays, ReadsHomework, TicksHomework)


def test_an_able_diary_is_given_back() -> None:
    """As the very same object, typed as the ability."""
    diary = Larger(SOURCE, lambda: NOW)
    assert able(diary, ReadsDays) is diary


def test_a_missing_ability_is_not_supported() -> None:
    """The error names the ability, so that a client can hide the button."""
    with pytest.raises(NotSupported) as caught:
        able(Small(SOURCE, lambda: NOW), ReadsMarks)
    assert caught.value.field == "ReadsMarks"


def test_an_ability_half_written_cannot_be_opened() -> None:
    """A diary that inherits an ability has its methods, or it cannot be made."""

    class Empty(Small, ReadsMarks):
        pass

    with pytest.raises(TypeError, match="marks"):
        Empty(SOURCE, lambda: NOW)  # type: ignore[abstract]  that it is refused is the test


def test_every_ability_has_one_or_few_methods_of_its_own() -> None:
    """Small classes: none is empty, none is a second provider."""
    sizes = {
        kind.__name__: len(kind.__abstractmethods__)
        for kind in Ability.__subclasses__()
        if kind.__module__ == "diary_core.abilities"
    }
    assert len(sizes) >= 19
    assert {name: size for name, size in sizes.items() if not 1 <= size <= 4} == {}


@pytest.mark.anyio
async def test_an_answer_is_stamped() -> None:
    """With where it came from, when it was true, and what failed to come."""
    answer = await Small(SOURCE, lambda: NOW).homework("e1", NOW.date(), NOW.date())
    assert (answer.source, answer.as_of, answer.stale) == (SOURCE, NOW, False)
    assert answer.partial == (Missing(what="files", reason=Reason.UPSTREAM_ERROR),)
