"""What is news, and what only looks like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from diary_api.changes.comparison import differences
from diary_api.changes.things import Seen

MON, TUE, WED, THU = (date(2026, 9, number) for number in range(14, 18))


def seen(key: str, body: str = "as it was", **told: object) -> Seen:
    given = {"name": "mark", "id": key, "nth": 0, "body": body, "born_on": None, "ordinary": False}
    return Seen.model_validate(given | told)


def news(
    before: Mapping[date, Sequence[Seen] | None], now: Mapping[date, Sequence[Seen]]
) -> list[tuple[date, str, str]]:
    found = differences(before, now, watched_since=MON, today=WED)
    return [(one.day, one.kind, (one.after or one.before or seen("")).id) for one in found]


def test_three_kinds_of_news() -> None:
    """A thing that is new, one that reads otherwise, and one that is gone; one that stays is none."""
    before = {MON: [seen("stays"), seen("edited"), seen("goes")]}
    now = {MON: [seen("stays"), seen("edited", "otherwise"), seen("comes")]}
    assert news(before, now) == [
        (MON, "changed", "edited"),
        (MON, "appeared", "comes"),
        (MON, "vanished", "goes"),
    ]


def test_what_moved_to_another_day_is_changed() -> None:
    """It neither vanished nor appeared."""
    before = {MON: [seen("moved")], TUE: []}
    now = {MON: [], TUE: [seen("moved", "on Tuesday")]}
    assert news(before, now) == [(TUE, "changed", "moved")]


def test_a_day_met_for_the_first_time() -> None:
    """What was there when the watch began is no news; later days are, but for lessons held as planned."""
    now = {
        MON: [seen("old")],
        WED: [seen("new"), seen("lesson", ordinary=True), seen("cancelled")],
    }
    assert news({MON: None, WED: None}, now) == [(WED, "appeared", "new"), (WED, "appeared", "cancelled")]


def test_a_day_ahead_holds_a_plan() -> None:
    """Only what says that it came since the watch began is news there."""
    now = {THU: [seen("plan"), seen("given before", born_on=MON), seen("given since", born_on=TUE)]}
    assert news({THU: None}, now) == [(THU, "appeared", "given since")]


def test_things_that_share_an_id_are_told_apart() -> None:
    """Each is compared with its own past."""
    pair = [seen("twin", "first"), seen("twin", "second", nth=1)]
    assert news({MON: pair}, {MON: pair}) == []
