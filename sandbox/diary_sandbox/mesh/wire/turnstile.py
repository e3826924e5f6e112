"""What the turnstile saw."""

from datetime import date, datetime

from diary_sandbox.world import Child, Visit, World

_NOT_SEEN = "-"


def visit_durations(world: World, child: Child, since: date, until: date) -> dict[str, object]:
    """Return `GET /api/pass/entrances/v1/visit_durations`: days with passes only, in order."""
    school = world.school(child.school_id)
    return {
        "payload": [
            {
                "date": on.isoformat(),
                "visits": [
                    {
                        "in": _pass_time(visit.came),
                        "out": _pass_time(visit.left),
                        "duration": _duration(visit),
                        "isIncomplete": not visit.complete,
                        "personIn": None,
                        "personOut": None,
                        "kindId": 1,
                        "kindName": "Общеобразовательное ОУ",
                        "organizationId": 990_000 + school.id,
                        "organizationName": school.name,
                        "organizationShortName": school.short_name,
                        "organizationAddress": _address(world, child, visit),
                    }
                    for visit in visits
                ],
            }
            for on, visits in _by_day(world, child, since, until).items()
        ]
    }


def old_visits(world: World, child: Child, since: date, until: date) -> dict[str, object]:
    """Return `GET fm/visits`, the form of before 2025, keyed by the card number."""
    return {
        "payload": [
            {
                "date": on.isoformat(),
                "visits": [
                    {
                        "in": _pass_time(visit.came),
                        "out": _pass_time(visit.left),
                        "duration": _duration(visit),
                        "address": _address(world, child, visit),
                        "type": "ОУ",
                        "is_warning": not visit.complete,
                        "short_name": world.school(child.school_id).short_name,
                    }
                    for visit in visits
                ],
            }
            for on, visits in _by_day(world, child, since, until).items()
        ]
    }


def at_school(world: World, child: Child, today: date) -> bool:
    """Say whether the child is inside by the last pass of the day."""
    visits = world.visits(child.id, today, today)
    return bool(visits) and visits[-1].left is None


def _by_day(world: World, child: Child, since: date, until: date) -> dict[date, list[Visit]]:
    days: dict[date, list[Visit]] = {}
    for visit in world.visits(child.id, since, until):
        days.setdefault(visit.on, []).append(visit)
    return days


def _pass_time(at: object) -> str:
    return _NOT_SEEN if at is None else f"{at:%H:%M}"


def _duration(visit: Visit) -> str:
    if visit.came is None or visit.left is None:
        return _NOT_SEEN
    stayed = datetime.combine(visit.on, visit.left) - datetime.combine(visit.on, visit.came)
    hours, minutes = divmod(int(stayed.total_seconds()) // 60, 60)
    return f"{hours} ч.{minutes} мин."


def _address(world: World, child: Child, visit: Visit) -> str:
    buildings = world.school(child.school_id).buildings
    return next(house.address for house in buildings if house.id == visit.building_id)
