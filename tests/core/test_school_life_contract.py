"""The contract about school life: a good diary passes it, each slip is caught; no real system has it all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diary_core.abilities import (
    Diary,
    ReadsAnnouncements,
    ReadsEvents,
    ReadsMessages,
    ReadsRemarks,
    ReadsStudyPlan,
    SendsMessages,
    SignsWeeks,
)
from diary_core.errors import ChildUnknown, InvalidInput, NotFound, NotPermitted, WeekAhead
from diary_core.model import (
    Announcement,
    Answer,
    Enrolment,
    Event,
    Message,
    PlanModule,
    Remark,
    Source,
    StudyPlan,
    StudyPlanSubject,
    Subject,
    Thread,
    WeekSignature,
)
from diary_core.testing import DiaryContract, fixed_clock
from diary_example import ExampleProvider, town

ZONE = ZoneInfo(town.ZONE)
MONDAY, SUNDAY = date(2026, 9, 14), date(2026, 9, 20)
NOW = datetime(2026, 9, 16, 12, tzinfo=ZONE)
MATHS = Subject(id="1", name="Математика")


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=ZONE)


class TalkingDiary(
    Diary,
    ReadsAnnouncements,
    ReadsEvents,
    ReadsRemarks,
    ReadsMessages,
    SendsMessages,
    SignsWeeks,
    ReadsStudyPlan,
):
    """A diary of an invented system that has everything around lessons; Lada is read by a nanny."""

    news: tuple[Announcement, ...] = (
        Announcement(id="n2", title="Ярмарка", text=None, published_at=_at(16, 10)),
        Announcement(id="n1", title="Каникулы", text="С 5 октября.", published_at=_at(14, 0)),
        Announcement(id="n0", title="Правила", text="Всегда.", published_at=None),
    )
    happenings: tuple[Event, ...] = (
        Event(
            id="e1",
            kind="meeting",
            title="Родительское собрание",
            text="Повестка: разное.",
            date=date(2026, 9, 17),
            until=None,
            starts_at=_at(17, 18),
            ends_at=_at(17, 19),
            place="Кабинет 12",
            address=None,
            link="https://example.test/1",
        ),
        Event(
            id="e2",
            kind="other",
            title="Неделя чтения",
            text=None,
            date=date(2026, 9, 19),
            until=date(2026, 9, 25),
            starts_at=None,
            ends_at=None,
            place=None,
            address=None,
        ),
    )
    words: tuple[Remark, ...] = (
        Remark(id="r1", date=MONDAY, subject=MATHS, lesson_id=None, text="Молодец"),
        Remark(id="r2", date=SUNDAY, subject=None, lesson_id=None, text="Забыт дневник"),
    )
    plan = StudyPlan(
        id="p1",
        title="Учебный план",
        profile=None,
        form=None,
        subjects=(StudyPlanSubject(subject=MATHS, hours_total=170, hours_passed=8),),
        modules=(PlanModule(id="m1", title="Числа", subject=MATHS, since=MONDAY, until=SUNDAY),),
    )

    def __init__(self) -> None:
        super().__init__(Source(provider="example", instance="town", connection="c1"), fixed_clock(NOW))
        self.said = [self._said("Добрый день", _at(14, 9))]
        self.signed: set[tuple[str, date]] = set()

    async def enrolments(self) -> Answer[Enrolment]:
        """Vera, and Lada whom a trusted person reads."""
        vera, lada = town.ENROLMENTS
        return self.answered([vera, lada.model_copy(update={"role": "trusted"})])

    async def announcements(self, enrolment_id: str, since: date, until: date) -> Answer[Announcement]:
        """The same for both."""
        self._know(enrolment_id)
        return self.answered(self.news)

    async def events(self, enrolment_id: str, since: date, until: date) -> Answer[Event]:
        """The same for both."""
        self._know(enrolment_id)
        return self.answered(self.happenings)

    async def remarks(self, enrolment_id: str, since: date, until: date) -> Answer[Remark]:
        """The same for both."""
        self._know(enrolment_id)
        return self.answered(self.words)

    async def threads(self, enrolment_id: str) -> Answer[Thread]:
        """One."""
        self._know(enrolment_id)
        last = self.said[-1].sent_at
        return self.answered([Thread(id="t1", title="7-Б", members=(), last_at=last, unread=0)])

    async def messages(self, enrolment_id: str, thread_id: str) -> Answer[Message]:
        """Those of the one thread."""
        self._know(enrolment_id)
        if thread_id != "t1":
            raise NotFound("no such thread", field="thread_id")
        return self.answered(self.said)

    async def send_message(self, enrolment_id: str, thread_id: str, text: str) -> Message:
        """Add a message."""
        await self.messages(enrolment_id, thread_id)
        self.said.append(self._said(text, NOW))
        return self.said[-1]

    async def signatures(self, enrolment_id: str, since: date, until: date) -> Answer[WeekSignature]:
        """The week of the test."""
        self._know(enrolment_id)
        return self.answered([self._signature(enrolment_id, since - timedelta(days=since.weekday()))])

    async def sign_week(self, enrolment_id: str, week: date) -> WeekSignature:
        """Sign once and for all."""
        if week.weekday():
            raise InvalidInput("no Monday", field="week")
        if week > NOW.date():
            raise WeekAhead("it has not begun", field="week")
        if enrolment_id == "lada":
            raise NotPermitted("a trusted person may not")
        self.signed.add((enrolment_id, week))
        return self._signature(enrolment_id, week)

    async def study_plan(self, enrolment_id: str) -> Answer[StudyPlan]:
        """The same for both."""
        self._know(enrolment_id)
        return self.answered([self.plan])

    def _signature(self, enrolment_id: str, week: date) -> WeekSignature:
        signed = (enrolment_id, week) in self.signed
        return WeekSignature(week=week, signed=signed, signed_at=NOW if signed else None)

    def _said(self, text: str, at: datetime) -> Message:
        return Message(id=text, thread_id="t1", author="Мама", text=text, sent_at=at)

    def _know(self, enrolment_id: str) -> None:
        if enrolment_id not in {"vera", "lada"}:
            raise ChildUnknown("no such enrolment", field="enrolment_id")


class TalkingProvider(ExampleProvider):
    """The example system with that diary."""

    diary = TalkingDiary


class TestTalking(DiaryContract):
    """All of the contract, by a diary that keeps it."""

    provider = TalkingProvider()
    span = (MONDAY, SUNDAY)

    @pytest.fixture
    def diary(self) -> Diary:
        """Open it anew."""
        return TalkingDiary()


class Unordered(TalkingDiary):
    """News oldest first, events and remarks newest first."""

    news = TalkingDiary.news[::-1]
    happenings = TalkingDiary.happenings[::-1]
    words = TalkingDiary.words[::-1]


class Elsewhere(TalkingDiary):
    """All a month away."""

    news = (TalkingDiary.news[0].model_copy(update={"published_at": _at(16, 10) + timedelta(days=30)}),)
    happenings = (
        TalkingDiary.happenings[0].model_copy(
            update={"date": date(2026, 10, 17), "starts_at": None, "ends_at": None}
        ),
    )
    words = (TalkingDiary.words[0].model_copy(update={"date": date(2026, 10, 14)}),)


class OnAnotherClock(TalkingDiary):
    """News of the night before, by the school's own clock, and an event on a day that is not its own."""

    news = (TalkingDiary.news[0].model_copy(update={"published_at": _at(13, 23)}),)
    happenings = (TalkingDiary.happenings[0].model_copy(update={"date": date(2026, 9, 18)}),)


class Twice(TalkingDiary):
    """Everything two times."""

    news = TalkingDiary.news[:1] * 2
    happenings = TalkingDiary.happenings[:1] * 2
    words = TalkingDiary.words[:1] * 2
    plan = TalkingDiary.plan.model_copy(update={"subjects": TalkingDiary.plan.subjects * 2})


class Scripted(TalkingDiary):
    """An event whose page runs a script, and a remark without words."""

    happenings = (TalkingDiary.happenings[0].model_copy(update={"link": "javascript:alert(1)"}),)
    words = (TalkingDiary.words[0].model_copy(update={"text": " "}),)


class Forgetful(TalkingDiary):
    """A signature that is not kept, a message that is not written down."""

    async def sign_week(self, enrolment_id: str, week: date) -> WeekSignature:
        """Say yes and forget."""
        await super().sign_week(enrolment_id, week)
        self.signed.clear()
        return WeekSignature(week=week, signed=True, signed_at=NOW)

    async def send_message(self, enrolment_id: str, thread_id: str, text: str) -> Message:
        """Say yes and forget."""
        sent = await super().send_message(enrolment_id, thread_id, text)
        self.said.pop()
        return sent


class Unrestrained(TalkingDiary):
    """Anybody signs anything."""

    async def sign_week(self, enrolment_id: str, week: date) -> WeekSignature:
        """Never refuse."""
        return WeekSignature(week=week, signed=True, signed_at=NOW)


NEWS, EVENTS = "test_news_are_of_the_span", "test_events_reach_into_the_span"
REMARKS, PLAN = "test_remarks_stand_in_the_span", "test_a_study_plan_counts_hours"
SIGNING, SENDING = "test_signing_twice_is_signing_once", "test_a_message_sent_is_in_its_thread"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("faulty", "tests"),
    [
        (Unordered, (NEWS, EVENTS, REMARKS)),
        (Elsewhere, (NEWS, EVENTS, REMARKS)),
        (OnAnotherClock, (NEWS, EVENTS)),
        (Twice, (NEWS, EVENTS, REMARKS, PLAN)),
        (Scripted, (EVENTS, REMARKS)),
        (Forgetful, (SIGNING, SENDING)),
        (Unrestrained, (SIGNING, "test_only_a_week_that_has_begun_is_signed")),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
async def test_a_slip_is_caught(faulty: type[TalkingDiary], tests: Sequence[str]) -> None:
    """Each contract test fails on a diary that breaks the rule it is about."""
    for name in tests:
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            await getattr(TestTalking(), name)(faulty())
