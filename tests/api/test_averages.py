"""Averages, progress and forecasts, put together from what the diary says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from dirty_equals import IsPartialDict, IsStr
from inline_snapshot import snapshot

from diary_api.grants.rights import Right
from diary_core.errors import NotPermitted, RegionDown
from diary_core.model import DiaryAverage, Mark, MarkScale, Subject
from tests.api.grants.giving import trusted
from tests.api.running import LinkedFamily, RunningGateway
from tests.api.tiny import YEAR, TinyTown
from tests.core.averages.marks import mark

pytestmark = pytest.mark.anyio

MATHS, RUSSIAN, SPORT = (
    Subject(id="1", name="Математика"),
    Subject(id="2", name="Русский язык"),
    Subject(id="4", name="Физкультура"),
)
FIRST = YEAR.model_copy(
    update={"id": "q1", "parent_id": "y", "kind": "quarter", "number": 1, "until": date(2026, 9, 30)}
)
SECOND = FIRST.model_copy(
    update={"id": "q2", "number": 2, "since": date(2026, 10, 5), "until": date(2026, 12, 25)}
)


def weighed(number: int, written: str, weight: int, of: Subject = MATHS, **changes: Any) -> Mark:
    return mark(number, written, Decimal(weight), subject=of, **changes)


@pytest.fixture
async def family(tiny: RunningGateway, town: TinyTown) -> LinkedFamily:
    """A family in the third week of September, before noon; two subjects have marks."""
    town.terms = [YEAR, FIRST, SECOND]
    town.marks = [
        weighed(0, "4", 1),
        weighed(1, "3", 3),
        weighed(2, "5", 1, RUSSIAN),
        weighed(40, "2", 1),
    ]
    town.averages = [DiaryAverage(subject=MATHS, term_id="q1", value=Decimal("3.25"))]
    return await tiny.family()


async def items(family: LinkedFamily, what: str, /, **query: str) -> list[dict[str, Any]]:
    answer = await family.read(what, 0, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_averages_are_told_whole(family: LinkedFamily) -> None:
    """The rule, the inputs, the rounding and the diary's own figure; sums are exact."""
    answer = (await family.read("averages")).json()
    assert answer == snapshot(
        {
            "stale": False,
            "stale_reason": None,
            "as_of": "2026-09-16T09:00:00Z",
            "source": {
                "provider": "tiny",
                "instance": "town",
                "connection": IsStr(regex=r"con_[a-z2-7]{26}"),
            },
            "unavailable": [],
            "partial": [],
            "items": [
                {
                    "subject": {"id": "1", "name": "Математика"},
                    "term_id": "q1",
                    "value": "3.25",
                    "total": "13",
                    "weight": "4",
                    "rule": "weighted_mean",
                    "weights": "told",
                    "scale": {"kind": "five", "raw": None},
                    "inputs": [
                        {"mark_id": "m0", "date": "2026-09-01", "values": ["4"], "weight": "1"},
                        {"mark_id": "m1", "date": "2026-09-02", "values": ["3"], "weight": "3"},
                    ],
                    "left_out": [],
                    "rounds_to": "3",
                    "rounding": {"up_from": "0.51", "source": "default"},
                    "upstream": "3.25",
                    "agrees": True,
                    "disagreement": None,
                },
                {
                    "subject": {"id": "2", "name": "Русский язык"},
                    "term_id": "q1",
                    "value": "5",
                    "total": "5",
                    "weight": "1",
                    "rule": "weighted_mean",
                    "weights": "told",
                    "scale": {"kind": "five", "raw": None},
                    "inputs": [{"mark_id": "m2", "date": "2026-09-03", "values": ["5"], "weight": "1"}],
                    "left_out": [],
                    "rounds_to": "5",
                    "rounding": {"up_from": "0.51", "source": "default"},
                    "upstream": None,
                    "agrees": None,
                    "disagreement": None,
                },
            ],
        }
    )


async def test_the_present_term_is_meant_unless_one_is_named(
    family: LinkedFamily, tiny: RunningGateway
) -> None:
    """The smallest around the school's own day (Novosibirsk, seven hours ahead); any other by its id."""
    assert {one["term_id"] for one in await items(family, "averages")} == {"q1"}
    assert [one["value"] for one in await items(family, "averages", term="y")] == ["3", "5"]
    tiny.clock.now = tiny.clock.now.replace(month=10, day=4, hour=17)
    assert {one["term_id"] for one in await items(family, "averages")} == {"q2"}
    refused = await family.read("averages", 0, term="nowhere")
    assert (refused.status_code, refused.json()["code"]) == (404, "term_unknown")


async def test_a_difference_to_the_diarys_figure_is_shown(family: LinkedFamily, town: TinyTown) -> None:
    """With what explains it."""
    town.averages = [
        DiaryAverage(subject=MATHS, term_id="q1", value=Decimal("3.50")),
        DiaryAverage(subject=RUSSIAN, term_id="q1", value=Decimal("4.90")),
    ]
    told = [(one["upstream"], one["agrees"], one["disagreement"]) for one in await items(family, "averages")]
    assert told == [("3.50", False, "plain_mean"), ("4.90", False, "unexplained")]


async def test_a_diary_without_averages_of_its_own_has_ours(family: LinkedFamily, town: TinyTown) -> None:
    """What is lacking is named, and there is nothing to agree with."""
    town.averages = None
    answer = (await family.read("averages")).json()
    assert [one["value"] for one in answer["items"]] == ["3.25", "5"]
    assert {one["agrees"] for one in answer["items"]} == {None}
    assert (answer["unavailable"], answer["partial"]) == ([{"what": "upstream", "reason": "unsupported"}], [])


@pytest.mark.parametrize(
    ("trouble", "unavailable", "partial"),
    [
        (
            RegionDown("down"),
            [{"what": "upstream", "reason": "upstream_error"}],
            [{"what": "averages", "reason": "upstream_error"}],
        ),
        (
            NotPermitted("no"),
            [
                {"what": "averages", "reason": "not_permitted"},
                {"what": "upstream", "reason": "not_permitted"},
            ],
            [],
        ),
    ],
)
async def test_averages_that_fail_upstream_spoil_nothing(
    family: LinkedFamily,
    town: TinyTown,
    trouble: RegionDown | NotPermitted,
    unavailable: list[dict[str, str]],
    partial: list[dict[str, str]],
) -> None:
    """Ours are told, and why the diary's are not."""
    town.troubles = {"averages": trouble}
    answer = (await family.read("averages")).json()
    assert [one["value"] for one in answer["items"]] == ["3.25", "5"]
    assert (answer["unavailable"], answer["partial"]) == (unavailable, partial)


async def test_an_answer_is_as_old_as_its_oldest_part(
    family: LinkedFamily, town: TinyTown, tiny: RunningGateway
) -> None:
    """Marks that could not be read anew make the averages of them stale, from the time they were true."""
    fresh = (await family.read("averages")).json()
    tiny.clock.move(timedelta(minutes=10))
    town.troubles = {"marks": RegionDown("down")}
    stale = (await family.read("averages")).json()
    assert (stale["stale"], stale["stale_reason"], stale["as_of"]) == (True, "region_down", fresh["as_of"])
    assert stale["items"] == fresh["items"]


async def test_without_marks_or_terms_there_is_no_average(family: LinkedFamily, town: TinyTown) -> None:
    """What the answer stands on has to be there; the diary's own trouble is told as it is."""
    town.troubles = {"marks": RegionDown("down")}
    assert (await family.read("averages")).json()["code"] == "region_down"
    town.troubles = {"terms": NotPermitted("no")}
    town.terms = []
    assert (await family.read("averages", 1)).json()["code"] == "not_permitted"


async def test_a_diary_without_terms_cannot_average(tiny: RunningGateway) -> None:
    """Nobody knows over which days."""
    family = await tiny.family("ivan", method="narrow")
    answer = await family.read("averages")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        409,
        "not_supported",
        "ReadsTerms",
    )


async def test_what_has_not_changed_is_not_sent_again(family: LinkedFamily, town: TinyTown) -> None:
    """One tag for the same averages, another when a mark has come; and no call while marks are fresh."""
    first = await family.read("averages")
    address = f"/v1/children/{family.child_ids[0]}/averages"
    again = await family.parent.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, town.calls["marks"]) == (304, b"", 1)


async def test_progress_is_ready_to_plot(family: LinkedFamily) -> None:
    """A point a day; of all subjects, or of the one that is named."""
    told = await items(family, "progress", subject="математика")
    assert [(point["date"], point["of_the_day"], point["value"]) for point in told[0]["points"]] == [
        ("2026-09-01", "4", "4"),
        ("2026-09-02", "3", "3.25"),
    ]
    assert [one["average"]["subject"]["name"] for one in await items(family, "progress")] == [
        "Математика",
        "Русский язык",
    ]


async def test_a_forecast_is_told_whole(family: LinkedFamily) -> None:
    """Ten lessons of mathematics are left on this Wednesday noon, the one of today is over."""
    told = await items(family, "forecast", subject="1", target="4")
    told[0]["average"] = told[0]["average"]["value"]
    assert told == snapshot(
        [
            {
                "average": "3.25",
                "target": "4",
                "needed": "3.51",
                "lessons_left": {"count": 10, "source": "timetable"},
                "verdict": "possible",
                "ways": [
                    {"marks": [{"value": "4", "weight": "3", "count": 1}], "count": 1, "average": "3.5714"},
                    {"marks": [{"value": "5", "weight": "1", "count": 1}], "count": 1, "average": "3.6"},
                    {"marks": [{"value": "4", "weight": "1", "count": 3}], "count": 3, "average": "3.5714"},
                ],
            }
        ]
    )


async def test_the_lessons_left_bound_a_forecast(family: LinkedFamily, town: TinyTown) -> None:
    """Those in the timetable, or as many as the asker knows of; with none left it is plainly impossible."""
    query = {"subject": "1", "target": "5"}
    assert (await items(family, "forecast", **query))[0]["verdict"] == "possible"
    given = (await items(family, "forecast", **query, lessons_left="1"))[0]
    assert (given["verdict"], given["lessons_left"], given["ways"]) == (
        "impossible",
        {"count": 1, "source": "given"},
        [],
    )
    town.calls.clear()
    await items(family, "forecast", **query, lessons_left="40")
    assert town.calls["days"] == 0


async def test_a_term_that_is_over_has_no_lessons(family: LinkedFamily, tiny: RunningGateway) -> None:
    """On vacation nothing can be mended any more."""
    tiny.clock.now = tiny.clock.now.replace(month=10, day=2)
    told = (await items(family, "forecast", subject="1", target="5"))[0]
    assert (told["verdict"], told["lessons_left"]) == ("impossible", {"count": 0, "source": "timetable"})


async def test_without_a_timetable_nothing_bounds_a_forecast(family: LinkedFamily, town: TinyTown) -> None:
    """And the answer says what it lacks."""
    town.troubles = {"days": RegionDown("down")}
    answer = (await family.read("forecast", 0, subject="1", target="5")).json()
    assert answer["items"][0] == IsPartialDict(verdict="possible", lessons_left=None)
    assert answer["partial"] == [{"what": "days", "reason": "upstream_error"}]


async def test_a_subject_without_marks_has_a_forecast(family: LinkedFamily) -> None:
    """One mark of any weight does; it is found in the timetable, by its name too."""
    for word in ("4", "физкультура"):
        told = (await items(family, "forecast", subject=word, target="5"))[0]
        assert told["average"] == IsPartialDict(value=None, rule=None, inputs=[])
        assert [way["marks"] for way in told["ways"]] == [
            [{"value": "5", "weight": "1", "count": 1}],
            [{"value": "5", "weight": "3", "count": 1}],
        ]


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("forecast", {"subject": "Астрономия", "target": "5"}),
        ("forecast", {"subject": "Астрономия", "target": "5", "lessons_left": "3"}),
        ("progress", {"subject": "Астрономия"}),
    ],
)
async def test_a_subject_that_is_not_taught_is_a_problem(
    family: LinkedFamily, what: str, query: dict[str, str]
) -> None:
    """It says where the subjects are listed."""
    refused = await family.read(what, 0, **query)
    assert refused.status_code == 404
    assert refused.json() == IsPartialDict(
        code="subject_unknown", field="subject", remedy=IsStr(regex=".*GET /v1/children/{id}/averages.*")
    )


async def test_a_scale_without_an_end_has_no_forecast(family: LinkedFamily, town: TinyTown) -> None:
    """Marks of a seven-point scale are averaged and shown, and that is all."""
    town.marks = [weighed(0, "6", 1, scale=MarkScale(kind="other", raw="seven"))]
    refused = await family.read("forecast", 0, subject="1", target="5")
    assert (refused.status_code, refused.json()["code"]) == (409, "scale_unknown")
    assert (await items(family, "averages"))[0]["value"] == "6"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"subject": "1"}, "target"),
        ({"target": "5"}, "subject"),
        ({"subject": "1", "target": "6"}, "target"),
        ({"subject": "1", "target": "4.5"}, "target"),
        ({"subject": "1", "target": "5", "weights": "0"}, "weights.0"),
        ({"subject": "1", "target": "5", "weights": "NaN"}, "weights.0"),
        ({"subject": "1", "target": "5", "rounds_up_from": "0"}, "rounds_up_from"),
        ({"subject": "1", "target": "5", "rounds_up_from": "4.6"}, "rounds_up_from"),
        ({"subject": "1", "target": "5", "lessons_left": "-1"}, "lessons_left"),
    ],
)
async def test_a_forecast_that_makes_no_sense(
    family: LinkedFamily, query: dict[str, str], field: str
) -> None:
    """A malformed request, with the field to correct."""
    refused = await family.read("forecast", 0, **query)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        "invalid_input",
        field,
    )


async def test_a_school_may_round_in_its_own_way(family: LinkedFamily, town: TinyTown) -> None:
    """As the diary tells, and the asker knows better."""
    town.averages = [
        DiaryAverage(subject=MATHS, term_id="q1", value=Decimal("3.25"), rounds_up_from=Decimal("0.67"))
    ]
    told = (await items(family, "forecast", subject="1", target="4"))[0]
    assert (told["needed"], told["average"]["rounding"]) == ("3.67", {"up_from": "0.67", "source": "diary"})
    given = (await items(family, "forecast", subject="1", target="4", rounds_up_from="0.25"))[0]
    assert (given["verdict"], given["average"]["rounds_to"]) == ("reached", "4")


async def ask_what_if(family: LinkedFamily, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = await family.parent.post(f"/v1/children/{family.child_ids[0]}/what-if", json=body)
    return answer.status_code, answer.json()


async def test_what_if_is_answered_and_nothing_is_stored(family: LinkedFamily, town: TinyTown) -> None:
    """The average then, and the mark it would make; the averages are what they were."""
    before = (await family.read("averages")).json()
    status, told = await ask_what_if(
        family,
        subject="математика",
        marks=[{"value": 5, "weight": 3}, {"value": "4", "weight": 1, "count": 2}],
    )
    assert (status, told["items"][0]["value"], told["items"][0]["rounds_to"]) == (200, "4", "4")
    assert told["items"][0]["before"] == before["items"][0]
    assert (await family.read("averages")).json() == before
    assert town.calls["days"] == 0


async def test_what_if_in_a_subject_without_marks(family: LinkedFamily) -> None:
    """It is found in the timetable."""
    status, told = await ask_what_if(family, subject="Физкультура", marks=[{"value": 5, "weight": 1}])
    assert (status, told["items"][0]["value"]) == (200, "5")


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"subject": "1", "marks": []}, 422, "invalid_input", "marks"),
        ({"subject": "1", "marks": [{"value": 5}]}, 422, "invalid_input", "marks.0.weight"),
        ({"subject": "1", "marks": [{"value": 6, "weight": 1}]}, 422, "invalid_input", "marks.0.value"),
        ({"subject": "1", "marks": [{"value": 5, "weight": 0}]}, 422, "invalid_input", "marks.0.weight"),
        ({"subject": "1", "marks": [{"value": "много", "weight": 1}]}, 422, "invalid_input", "marks.0.value"),
        ({"subject": "1", "marks": [{"value": 5, "weight": 1}], "x": 1}, 422, "invalid_input", "x"),
        ({"subject": "0", "marks": [{"value": 5, "weight": 1}]}, 404, "subject_unknown", "subject"),
        ({"subject": "1", "term": "z", "marks": [{"value": 5, "weight": 1}]}, 404, "term_unknown", "term"),
    ],
)
async def test_what_if_with_marks_that_could_not_be_given(
    family: LinkedFamily, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    """A typed problem with the field to correct: no weight is made up, no mark is off the scale."""
    seen, problem = await ask_what_if(family, **body)
    assert (seen, problem["code"], problem["field"]) == (status, code, field)


@pytest.mark.parametrize("what", ["averages", "progress", "forecast"])
async def test_a_strangers_child_is_no_child(family: LinkedFamily, tiny: RunningGateway, what: str) -> None:
    """Another account learns nothing."""
    other = await tiny.family("ivan")
    query = {"subject": "1", "target": "5"}
    refused = await other.parent.get(f"/v1/children/{family.child_ids[0]}/{what}", params=query)
    assert (refused.status_code, refused.json()["code"]) == (404, "child_unknown")


async def test_a_trusted_person_with_a_right_to_marks_gets_what_is_made_of_them(
    family: LinkedFamily, tiny: RunningGateway
) -> None:
    """Averages and forecasts; the timetable is behind another right, and so are the lessons left."""
    nina = await trusted(tiny, family, {Right.MARKS})
    assert (await nina.read("averages")).json() == (await family.read("averages")).json()
    answer = (await nina.read("forecast", subject="1", target="5")).json()
    assert answer["items"][0] == IsPartialDict(verdict="possible", lessons_left=None)
    assert answer["unavailable"] == [{"what": "days", "reason": "not_permitted"}]
    wider = await trusted(tiny, family, {Right.MARKS, Right.LESSONS}, email="rita@example.org")
    told = (await wider.read("forecast", subject="1", target="5")).json()["items"][0]
    assert told["lessons_left"] == {"count": 10, "source": "timetable"}
