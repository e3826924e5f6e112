"""The part of the contract about marks: lists, one in depth, results and averages."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest

from diary_core.abilities import (
    Diary,
    ReadsAverages,
    ReadsClassStanding,
    ReadsMarkDetails,
    ReadsMarks,
    ReadsResults,
    ReadsTerms,
    able,
)
from diary_core.errors import MarkUnknown, TermUnknown, YearUnknown
from diary_core.model import AcademicYear, ClassStanding, DiaryAverage, Mark, TermResult, known
from diary_core.testing import checks
from diary_core.testing.ability_tests import children_of, is_sound, needs

_IN_DEPTH = 10
"""Marks of each child that are asked for one by one."""


@pytest.mark.anyio
class MarksContract:
    """What every diary that shows marks must keep."""

    span: ClassVar[tuple[date, date]]

    @needs(ReadsMarks)
    async def test_marks_keep_the_rules(self, diary: Diary) -> None:
        """Marks stand in the span, oldest first, each once; one that contradicts itself cannot be made."""
        since, until = self.span
        seen = 0
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsMarks).marks(enrolment.id, since, until)
            is_sound(diary, answer, Mark)
            assert checks.outside([mark.date for mark in answer.items], since, until) == []
            assert checks.repeated([mark.id for mark in answer.items]) == []
            seen += len(answer.items)
        assert seen

    @needs(ReadsMarkDetails)
    async def test_a_mark_in_depth_is_the_listed_one(self, diary: Diary) -> None:
        """Asked for by its id, a mark comes alone, and whatever the list tells of it is told again."""
        since, until = self.span
        seen = 0
        for enrolment in await children_of(diary):
            listed = (await able(diary, ReadsMarks).marks(enrolment.id, since, until)).items
            for mark in listed[:_IN_DEPTH]:
                answer = await able(diary, ReadsMarkDetails).mark(enrolment.id, mark.id)
                is_sound(diary, answer, Mark)
                assert [checks.mark_faults(found, mark) for found in answer.items] == [[]]
                seen += 1
        assert seen

    @needs(ReadsMarkDetails)
    async def test_an_unknown_mark_is_told_so(self, diary: Diary) -> None:
        """A mark that nobody gave is no mark, whatever its id looks like."""
        for enrolment in await children_of(diary):
            for strange in ("no-such-mark", "1", "-1", "../marks", "9" * 30):
                with pytest.raises(MarkUnknown):
                    await able(diary, ReadsMarkDetails).mark(enrolment.id, strange)

    @needs(ReadsResults)
    async def test_school_years_are_each_once(self, diary: Diary) -> None:
        """Years come latest first, each once, and exactly one of them is the current one."""
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsResults).academic_years(enrolment.id)
            is_sound(diary, answer, AcademicYear)
            starts = [year.since for year in answer.items]
            assert starts == sorted(set(starts), reverse=True)
            assert checks.repeated([year.id for year in answer.items]) == []
            assert len([year for year in answer.items if year.current]) == 1

    @needs(ReadsResults)
    async def test_results_are_each_once(self, diary: Diary) -> None:
        """A result of any year stands once, by subject; without a year the current one is meant."""
        seen = 0
        for enrolment in await children_of(diary):
            years = (await able(diary, ReadsResults).academic_years(enrolment.id)).items
            meant = await able(diary, ReadsResults).results(enrolment.id)
            for year in years:
                answer = await able(diary, ReadsResults).results(enrolment.id, year.id)
                is_sound(diary, answer, TermResult)
                assert checks.result_faults(answer.items) == []
                assert not year.current or answer.items == meant.items
                seen += len(answer.items)
            terms = (await diary.terms(enrolment.id)).items if isinstance(diary, ReadsTerms) else ()
            closed = {known(result.term_id) for result in meant.items} - {None}
            assert closed - {term.id for term in terms} == set()
        assert seen

    @needs(ReadsResults)
    async def test_an_unknown_year_is_told_so(self, diary: Diary) -> None:
        """A year that is not in the list is not taken for an empty one."""
        for enrolment in await children_of(diary):
            with pytest.raises(YearUnknown):
                await able(diary, ReadsResults).results(enrolment.id, "no-such-year")

    @needs(ReadsAverages)
    async def test_averages_are_each_once(self, diary: Diary) -> None:
        """Every term has averages by subject, each once, or none yet; an unknown term is told so."""
        seen = 0
        for enrolment in await children_of(diary):
            for term in (await able(diary, ReadsTerms).terms(enrolment.id)).items:
                answer = await able(diary, ReadsAverages).averages(enrolment.id, term.id)
                is_sound(diary, answer, DiaryAverage)
                assert checks.average_faults(answer.items, term.id) == []
                seen += len(answer.items)
            with pytest.raises(TermUnknown):
                await able(diary, ReadsAverages).averages(enrolment.id, "no-such-term")
        assert seen

    @needs(ReadsClassStanding)
    async def test_places_are_in_the_class(self, diary: Diary) -> None:
        """All subjects together stand first, then each once by name; no place is beyond the class's size."""
        seen = 0
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsClassStanding).class_standing(enrolment.id)
            is_sound(diary, answer, ClassStanding)
            assert checks.standing_faults(answer.items) == []
            seen += len(answer.items)
        assert seen
