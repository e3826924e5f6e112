"""The child's place in the class: what it costs, what it survives, and that no classmate comes with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import JsonValue

from diary_core.errors import ChildUnknown, RegionDown
from diary_core.model import ClassStanding, Missing, Reason, Subject, Unavailable
from diary_mrko.parse.class_standing import class_standings
from diary_mrko.wire.rating import PupilRank, SubjectRank
from diary_sandbox.faults import FaultKind

from .bodies import FAILED, RANKED, RANKED_IN, rows
from .town import Town

pytestmark = pytest.mark.anyio

CLASS = "/api/ej/rating/v1/rank/class"
SUBJECTS = "/api/ej/rating/v1/rank/subjects"
ALGEBRA = Subject(id="56", name="Алгебра")
OWN = str(RANKED["personId"]).upper()


def ranked(person_id: str, average: float | None, place: int) -> dict[str, JsonValue]:
    """Return a classmate's row."""
    return {"personId": person_id, "rank": {"averageMarkFive": average, "rankPlace": place}}


CLASSMATES = [ranked("canary-1", 4.871, 1), RANKED, ranked("canary-2", 2.513, 3), ranked("canary-3", None, 4)]


async def test_places_cost_a_call_for_each_subject(town: Town) -> None:
    """The profile names the class; then come the child's own places, and the class in each and in all."""
    diary, child = await town.first_child()
    town.sandbox.state.requests.clear()
    places = (await diary.class_standing(child.id)).items
    asked = town.asked("school.mos.ru")
    assert set(asked) == {"GET /api/family/mobile/v1/profile", f"GET {SUBJECTS}", f"GET {CLASS}"}
    assert asked[f"GET {CLASS}"] == len(places) > 5
    assert [one.subject for one in places if one.subject is None] == [places[0].subject]


async def test_places_come_without_the_class(town: Town) -> None:
    """Without the class the child's own places stand, and the gap is named; in all subjects there is none."""
    diary, child = await town.first_child()
    town.fail(FaultKind.STATUS, CLASS, status=403)
    answer = await diary.class_standing(child.id)
    gap = Unavailable(reason=Reason.NOT_PERMITTED)
    assert answer.items
    assert [one for one in answer.items if (one.class_size, one.class_average) != (gap, gap)] == []
    assert [one.place for one in answer.items if one.subject is None] == []
    assert answer.partial == (Missing(what="class", reason=Reason.NOT_PERMITTED),)


async def test_without_places_there_is_no_answer(town: Town) -> None:
    """The class alone is none."""
    diary, child = await town.first_child()
    town.fail(FaultKind.STATUS, SUBJECTS, status=499)
    with pytest.raises(RegionDown):
        await diary.class_standing(child.id)


async def test_a_strangers_place_is_unknown(town: Town) -> None:
    """The child must be one of the family."""
    diary, _ = await town.first_child()
    _, stranger = await town.first_child("many")
    with pytest.raises(ChildUnknown):
        await diary.class_standing(stranger.id)


def test_classmates_are_counted_and_forgotten() -> None:
    """One without an average is not of the class; neither ids nor anybody else's average leave the mapper."""
    pupils = rows(PupilRank, CLASSMATES)
    (item,) = rows(SubjectRank, [RANKED_IN])
    found = class_standings(OWN, pupils, [(item, pupils)])
    standing = ClassStanding(
        subject=None,
        place=2,
        average=Decimal("4.12"),
        class_size=3,
        class_average=Decimal("3.8347"),
    )
    assert found == (standing, standing.model_copy(update={"subject": ALGEBRA}))
    told = "".join(one.model_dump_json() for one in found)
    assert [secret for secret in ("canary", "4.87", "2.51", OWN.lower()) if secret in told] == []


def test_a_child_without_a_place_stands_nowhere() -> None:
    """A subject without a place is left out, and so is the class the child is not ranked in."""
    (nowhere,) = rows(SubjectRank, [{**RANKED_IN, "rank": None}])
    others = rows(PupilRank, [one for one in CLASSMATES if one is not RANKED])
    assert class_standings(OWN, others, [(nowhere, others)]) == ()


def test_subjects_stand_by_name() -> None:
    """In whatever order they come; one whose class failed keeps its place."""
    items = rows(SubjectRank, [{**RANKED_IN, "subjectName": name} for name in ("Физика", "Алгебра")])
    found = class_standings(OWN, FAILED, [(item, FAILED) for item in items])
    assert [one.subject and one.subject.name for one in found] == ["Алгебра", "Физика"]
    assert [one for one in found if one.class_average != FAILED] == []
