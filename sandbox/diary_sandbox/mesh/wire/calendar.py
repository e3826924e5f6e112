"""The school year: years, terms and vacations, day by day and moved days."""

from collections.abc import Sequence
from datetime import date

from diary_sandbox.mesh.wire.ids import academic_year_id, calendar_id
from diary_sandbox.mesh.wire.subject_marks import terms
from diary_sandbox.world import CalendarDay, Child, DayKind, Term, TermKind, World

_SCHEDULE_NAMES = {
    TermKind.QUARTER: "Четверти",
    TermKind.TRIMESTER: "Триместры",
    TermKind.HALF_YEAR: "Полугодия",
    TermKind.MODULE: "Модули",
    TermKind.YEAR: "Учебный год",
}
_DAY_TYPES = {
    DayKind.SCHOOL: "workday",
    DayKind.WEEKEND: "holiday",
    DayKind.HOLIDAY: "holiday",
    DayKind.VACATION: "vacation",
}
_YEARS_BACK = 2
_VACATIONS = 100_000


def academic_years(world: World) -> list[dict[str, object]]:
    """Return `GET …/academic_years`: the present year and the two before it."""
    present = world.year.start
    return [
        {
            "id": academic_year_id(start),
            "name": f"{start} - {start + 1}",
            "begin_date": f"{start}-09-01",
            "end_date": f"{start + 1}-08-31",
            "current_year": start == present,
            "calendar_id": calendar_id(start),
        }
        for start in range(present - _YEARS_BACK, present + 1)
    ]


def periods_of_days(world: World, child: Child, since: date, until: date) -> list[dict[str, object]]:
    """Return `GET fm/periods_schedules`: a bare list, one item a day."""
    own = terms(world, child)
    return [_calendar_day(own, day) for day in world.days(child.school_id, since, until)]


def period_schedules(world: World, child: Child) -> list[dict[str, object]]:
    """Return `GET /api/ej/core/family/v1/periods_schedules`: terms and vacations by time.

    Only the dates of the periods are confirmed; ids and names are a choice.
    """
    own = terms(world, child)
    periods: list[tuple[date, dict[str, object]]] = [
        (term.since, _period(term.id, term.name, term.since, term.until)) for term in own
    ]
    periods += [
        (rest.since, _period(_VACATIONS + rest.id, rest.name, rest.since, rest.until))
        for rest in world.vacations(child.school_id)
    ]
    return [
        {
            "id": child.class_id,
            "name": _SCHEDULE_NAMES[own[0].kind],
            "periods": [period for _, period in sorted(periods, key=lambda entry: entry[0])],
        }
    ]


def transpositions(world: World) -> list[dict[str, object]]:
    """Return `GET …/calendar_transpositions`: the moved days of the year."""
    return [
        {
            "id": day.id,
            "date": day.on.isoformat(),
            "is_holiday": day.rests,
            "postponed_from": day.postponed_from.isoformat() if day.postponed_from else None,
            "schedule_for_weekday": day.weekday,
            "note": day.note,
        }
        for day in world.moved_days()
    ]


def _calendar_day(own: Sequence[Term], day: CalendarDay) -> dict[str, object]:
    """Return a day; a working day is called by its term, and a move, if any, is told in the description."""
    works = day.kind is DayKind.SCHOOL
    term = next((term.name for term in own if term.since <= day.on <= term.until), None)
    return {
        "date": day.on.isoformat(),
        "type": _DAY_TYPES[day.kind],
        "title": term if works else day.title or "Выходной",
        "description": day.title if works else None,
        "events": None,
    }


def _period(number: int, name: str, since: date, until: date) -> dict[str, object]:
    return {"id": number, "name": name, "begin_date": since.isoformat(), "end_date": until.isoformat()}
