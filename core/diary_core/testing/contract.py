"""The contract every diary system keeps, as tests a plugin author inherits.

    class TestMyDiary(DiaryContract):
        provider = MyProvider()

        @pytest.fixture
        def diary(self): ...

When they pass, the plugin is done.
Abilities are found by type: the tests of an ability run when the provider's diary inherits it.
A contract test may not be overridden, unless as `xfail(reason=...)` so that the exception is seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from inspect import signature
from typing import ClassVar

import pytest

from diary_core.abilities import (
    Diary,
    ReadsDays,
    ReadsSchool,
    ReadsTerms,
    abilities_of,
    able,
)
from diary_core.errors import ChildUnknown
from diary_core.model import (
    Day,
    Enrolment,
    School,
    Term,
    known,
)
from diary_core.testing import checks
from diary_core.testing.ability_tests import children_of, is_sound, needed_by, needs
from diary_core.testing.absence_contract import AbsenceContract
from diary_core.testing.homework_contract import HomeworkContract
from diary_core.testing.marks_contract import MarksContract
from diary_core.testing.presence_contract import PresenceContract
from diary_core.testing.provider_contract import ProviderContract
from diary_core.testing.school_life_contract import SchoolLifeContract


@pytest.mark.anyio
class DiaryContract(
    ProviderContract, MarksContract, HomeworkContract, AbsenceContract, PresenceContract, SchoolLifeContract
):
    """What every diary must keep; subclass it, name the provider, and open a diary."""

    span: ClassVar[tuple[date, date]]
    """A span of at least one week with lessons, marks and homework, for every enrolment."""
    opens: ClassVar[type[Diary] | None] = None
    """The class the fixture opens, where it is not the provider's usual one."""

    @pytest.fixture
    def diary(self) -> Diary:
        """Return a diary that opens; every plugin has its own way."""
        raise AssertionError("a contract class brings its own `diary` fixture")

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        missing = [name for name in ("provider", "span") if not hasattr(cls, name)]
        if missing:
            raise TypeError(f"{cls.__name__} must name its {' and '.join(missing)}")
        _refuse_overrides(cls)
        present = abilities_of(cls.opens or cls.provider.diary)
        for name in dir(cls):
            ability = needed_by(getattr(cls, name))
            if ability is not None and ability not in present:
                setattr(cls, name, None)

    async def test_enrolments_are_there_and_stay(self, diary: Diary) -> None:
        """A diary has at least one child, ids are unique, and the same when asked again."""
        first, second = await diary.enrolments(), await diary.enrolments()
        ids = [enrolment.id for enrolment in first.items]
        assert ids
        assert checks.repeated(ids) == []
        assert [enrolment.id for enrolment in second.items] == ids
        is_sound(diary, first, Enrolment)

    async def test_a_strange_enrolment_is_unknown(self, diary: Diary) -> None:
        """An enrolment the diary did not give out is refused before anything is read."""
        for read in _calls(diary, "no-such-enrolment", *self.span):
            with pytest.raises(ChildUnknown):
                await read()

    @needs(ReadsDays)
    async def test_days_cover_the_span_in_order(self, diary: Diary) -> None:
        """Every day of the span stands there once, also one without lessons; and a single day is a span."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsDays).days(enrolment.id, since, until)
            is_sound(diary, answer, Day)
            assert [day.date for day in answer.items] == checks.every_day(since, until)
            school = known(enrolment.school)
            assert [day.date for day in answer.items if school and day.zone != school.zone] == []
            single = await able(diary, ReadsDays).days(enrolment.id, since, since)
            assert [day.date for day in single.items] == [since]

    @needs(ReadsDays)
    async def test_lessons_stand_on_their_day(self, diary: Diary) -> None:
        """Lessons are in order, on their own day, with at least one half, and what hangs on them fits."""
        since, until = self.span
        lessons = 0
        for enrolment in await children_of(diary):
            for day in (await able(diary, ReadsDays).days(enrolment.id, since, until)).items:
                assert checks.lesson_faults(day) == []
                lessons += len(day.lessons)
        assert lessons

    @needs(ReadsTerms)
    async def test_terms_form_a_tree(self, diary: Diary) -> None:
        """Terms have known parents and lie inside them."""
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsTerms).terms(enrolment.id)
            is_sound(diary, answer, Term)
            assert answer.items
            assert checks.term_faults(answer.items) == []

    @needs(ReadsSchool)
    async def test_the_school_is_the_enrolments_own(self, diary: Diary) -> None:
        """Exactly one school comes, and it is the one of the enrolment."""
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsSchool).school(enrolment.id)
            is_sound(diary, answer, School)
            own = known(enrolment.school)
            assert own is not None
            assert [school.id for school in answer.items] == [own.id]
            assert answer.items[0].zone == own.zone


def _calls(
    diary: Diary, enrolment_id: str, since: date, until: date
) -> list[Callable[[], Awaitable[object]]]:
    """Return every read the diary has, for one enrolment."""
    arguments = {
        "enrolment_id": enrolment_id,
        "since": since,
        "until": until,
        "on": since,
        "mark_id": "no-such-mark",
        "term_id": "no-such-term",
        "thread_id": "no-such-thread",
        "year_id": "no-such-year",
    }
    methods = [
        getattr(diary, name)
        for ability in abilities_of(type(diary))
        if ability.__name__.startswith("Reads")
        for name in sorted(ability.__abstractmethods__)
    ]
    return [
        partial(method, **{name: arguments[name] for name in signature(method).parameters})
        for method in methods
    ]


def _refuse_overrides(cls: type[DiaryContract]) -> None:
    """Refuse a contract test that a subclass replaces without saying why."""
    for name, test in vars(cls).items():
        if not name.startswith("test_") or not hasattr(DiaryContract, name):
            continue
        marks: list[pytest.Mark] = getattr(test, "pytestmark", [])
        if not any(mark.name == "xfail" and mark.kwargs.get("reason") for mark in marks):
            raise TypeError(f"{cls.__name__}.{name} replaces a contract test; mark it xfail(reason=...)")
