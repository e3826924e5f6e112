"""The week diary.

A week costs one round trip: what else it is made of is asked for at the same time.
Only the schedule must come; whatever a side call fails to bring is a gap with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain

from diary_core.abilities import ReadsDays
from diary_core.model import Answer, Day, Unavailable
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.pieces import pieces
from diary_dnevnik_ru.session import Session, missing


class Days(Session, ReadsDays):
    """Days with all that is on them."""

    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return every day of the span with its lessons, homework, marks and absences."""
        whose = await self.whose(enrolment_id)
        seat = whose.seat
        async with together() as tasks:
            schedules = [
                tasks.create_task(self.ask(lambda client, piece=piece: client.schedules(seat, *piece)))
                for piece in pieces(since, until)
            ]
            homeworks = [
                tasks.create_task(
                    attempt(self.ask(lambda client, piece=piece: client.homeworks(seat, *piece)))
                )
                for piece in pieces(since, until)
            ]
            weights = tasks.create_task(self.weights(seat))
        sent = [day for schedule in schedules for day in schedule.result().days]
        answers = [homework.result() for homework in homeworks]
        names, names_gap = await self._names(sent, answers, seat)
        beside = parse.Beside(files=parse.Files.read(answers), weights=weights.result(), names=names)
        return self.answered(
            parse.diary_days(sent, beside, whose, since, until),
            partial=missing(
                {
                    "lessons.homework.attachments": beside.files.gap,
                    "lessons.marks.weight": beside.weights.gap,
                    "lessons.actual.subject": names_gap,
                }
            ),
        )

    async def _names(
        self, sent: Sequence[wire.Day], answers: Sequence[wire.Homeworks | Unavailable], seat: Seat
    ) -> tuple[dict[str, str], Unavailable | None]:
        """Return names of subjects from beside the days; the diary is asked only when one is missing yet."""
        told = (answer.subjects for answer in answers if isinstance(answer, wire.Homeworks))
        names = parse.names_of(chain.from_iterable(told))
        if not parse.unnamed(sent, names):
            return names, None
        taught = await attempt(self.ask(lambda client: client.subjects(seat)))
        if isinstance(taught, Unavailable):
            return names, taught
        return {**parse.names_of(taught), **names}, None
