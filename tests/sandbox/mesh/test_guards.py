"""Who gets in: tokens and their carriers, headers, other people's children, parameters without sense."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from starlette.routing import Route, compile_path

from diary_sandbox.mesh.school import build
from diary_sandbox.mesh.wire.ids import entry_student_id, student_id

if TYPE_CHECKING:
    from diary_sandbox.world import Child

    from .conftest import Family, Town

NODE = "https://authedu.mosreg.ru"
EVENTS = "/api/eventcalendar/v1/api/events"
PASSES = "/api/pass/entrances/v1/visit_durations"
BALANCE = "/api/food/meals/v3/clients/balance"
CORE = "/api/ej/core/family/v1"
RATING = "/api/ej/rating/v1/rank"
MEALS = "/api/food/meals/v3"
NEWS = "/api/news/v2/news/users/v2"
WEEK: dict[str, str | int] = {"from": "2026-11-09", "to": "2026-11-15"}

pytestmark = pytest.mark.anyio

Params = dict[str, str | int]


def reads(child: Child) -> dict[str, Params]:
    """Return every call that reads one child's data, with good parameters."""
    number, uuid = student_id(child.id), child.person.uuid
    client = json.dumps({"personId": uuid})
    own: Params = {"student_id": number}
    return {
        "fm/schedule": {**own, "date": "2026-11-10"},
        "fm/schedule/short": {**own, "dates": "2026-11-10"},
        "fm/lesson_schedule_items": {**own, "date": "2026-11-10", "subject_id": 9},
        "fm/marks": {**own, **WEEK},
        "fm/subject_marks": own,
        "fm/subject_marks/short": own,
        "fm/subject_marks/for_subject": {**own, "subject_id": 1},
        "fm/subjects/list": own,
        "fm/final_marks/v2": {"person_id": uuid, "academic_year_id": 14},
        "fm/homeworks": {**own, **WEEK},
        "fm/homeworks/short": {**own, **WEEK},
        "fm/attendance": {**own, **WEEK},
        "fm/periods_schedules": {**own, **WEEK},
        "fm/notifications/search": own,
        f"fm/programs/parallel_curriculum/{600_000 + child.class_id}": own,
        "fm/day-balance-info/v2": {"person_id": uuid},
        "fm/day_balance_info": {"contract_id": child.card},
        "fm/visits": {"contract_id": child.card, **WEEK},
        "fm/status": {"contract_ids": child.card},
        "fm/school_info": {"school_id": child.school_id, "class_unit_id": child.class_id},
        EVENTS: {"person_ids": uuid, "begin_date": "2026-11-09", "end_date": "2026-11-15"},
        PASSES: {"personId": uuid, **WEEK},
        "/api/pass/entrances/v1/status": {"personId": uuid},
        BALANCE: {"clientIds": json.dumps([{"personId": uuid}])},
        f"{MEALS}/orders": {"clientId": client, **WEEK},
        f"{MEALS}/transactions": {"clientId": client, **WEEK},
        f"{CORE}/periods_schedules": {"student_profile_id": number},
        f"{CORE}/aware_journals": {
            "student_profile_ids": number,
            "week_from": "2026-11-09",
            "week_to": "2026-11-09",
        },
        "/api/ej/plan/family/v1/lesson_modules": {"student_profile_id": number},
        "/api/ej/organizer/family/v1/events": {
            "school_id": child.school_id,
            "begin_date": "01.11.2026",
            "end_date": "30.11.2026",
        },
        f"{RATING}/class": {"personId": uuid, "classUnitId": child.class_id, "date": "2026-11-10"},
        f"{RATING}/rankShort": {"personId": uuid, "beginDate": "2026-11-09", "endDate": "2026-11-10"},
        f"{RATING}/subjects": {"personId": uuid, "date": "2026-11-10"},
    }


GENERAL: dict[str, Params] = {
    "fm/profile": {},
    "/v3/userinfo": {},
    "/v1/oauth/userinfo": {},
    "/api/usersettings/v1": {"name": "settings_group_v1", "subsystem_id": 1},
    NEWS: {},
    f"{CORE}/academic_years": {},
    f"{CORE}/nonattendance_reasons": {},
    f"{CORE}/calendars/54/calendar_transpositions": {},
}
PATHS = sorted(
    [
        *GENERAL,
        "fm/schedule",
        "fm/marks",
        "fm/subject_marks",
        "fm/homeworks",
        "fm/attendance",
        "fm/notifications/search",
        EVENTS,
        PASSES,
        BALANCE,
        f"{CORE}/periods_schedules",
        f"{RATING}/class",
    ]
)


def params_of(family: Family, path: str) -> Params:
    """Return good parameters of a call for the family's first child."""
    return {**GENERAL, **reads(family.children[0])}[path]


async def test_every_read_answers_its_own_family(town: Town) -> None:
    """All calls are 200 for both children of the family, on both façades."""
    family = await town.family("moscow@example.test")
    for child in family.children:
        for path, params in {**GENERAL, **reads(child)}.items():
            for form in {path, path.replace("fm/", "fw/")}:
                answer = await family.get(form, None, **params)
                assert answer.status_code == 200, (form, answer.status_code, answer.text)


async def test_no_read_shows_another_family_s_child(town: Town) -> None:
    """Every call × every foreign child is refused, whatever number the child is asked for by."""
    family = await town.family("moscow@example.test")
    world = town.state.world
    strangers = [
        *world.children_of(world.personas()[4].parent_id),
        next(pupil for pupil in world.pupils(family.children[0].class_id) if pupil.family_id != 1),
    ]
    classes = {child.class_id for child in family.children}
    schools = {child.school_id for child in family.children}
    for stranger in strangers:
        for path, params in reads(stranger).items():
            if path.startswith("fm/school_info") and stranger.class_id in classes:
                continue  # about the class of an own child
            if path.startswith("/api/ej/organizer") and stranger.school_id in schools:
                continue  # about the school of an own child
            answer = await family.get(path, None, **params)
            assert answer.status_code in (400, 403), (path, answer.status_code)
            assert stranger.person.name.last not in answer.text


async def test_a_trusted_person_reads_the_one_child_only(town: Town) -> None:
    """The nanny sees the younger child and is no legal representative."""
    mother, nanny = await town.family("moscow@example.test"), await town.family("nanny@example.test")
    older, younger = mother.children
    assert nanny.children == (younger,)
    profile = await nanny.read("fm/profile")
    assert [child["is_legal_representative"] for child in profile["children"]] == [False]
    refused = await nanny.get("fm/subject_marks", None, student_id=student_id(older.id))
    assert refused.status_code == 403
    types = {person["type"] for person in profile["children"][0]["representatives"]}
    assert types == {"Родитель", "Доверенный представитель"}


async def test_marks_lessons_and_tasks_of_others_are_not_found(town: Town) -> None:
    """A thing of another class or pupil cannot be reached by its own number either."""
    family = await town.family("moscow@example.test")
    world, own = town.state.world, family.children[0]
    stranger = world.children_of(world.personas()[4].parent_id)[0]
    since, until = world.year.since, town.state.clock.today()
    mark = world.marks(stranger.id, since, until)[-1]
    lesson = world.lessons(stranger.id, until, until)[0]
    task = world.homework(stranger.id, since, until)[-1]
    number = student_id(own.id)
    assert (await family.get(f"fm/marks/{mark.id}", None, student_id=number)).status_code == 404
    answer = await family.get(f"fm/lesson_schedule_items/{lesson.id}", None, student_id=number)
    assert answer.status_code == 404
    for key in (entry_student_id(task.id, stranger.id), entry_student_id(task.id, own.id)):
        answer = await family.call("POST", f"fm/homeworks/{key}/done")
        assert answer.status_code in (403, 404)
    assert not world.task(task.id, stranger.id).done


@pytest.mark.parametrize("path", PATHS)
async def test_every_service_needs_a_token(town: Town, path: str) -> None:
    """No token, a senseless one, or one of another issuer is 401."""
    family = await town.family("moscow@example.test")
    params = params_of(family, path)
    for bearer in ("", "Bearer", "Bearer x.y.z", "Basic x"):
        answer = await family.get(path, {"Authorization": bearer}, **params)
        assert answer.status_code == 401, bearer


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path not in ("/v3/userinfo", "/v1/oauth/userinfo")]
)
async def test_every_api_needs_a_known_subsystem(town: Town, path: str) -> None:
    """A missing or wrong `X-Mes-Subsystem` is 401."""
    family = await town.family("moscow@example.test")
    given = params_of(family, path)
    told = [
        (await family.get(path, {"X-Mes-Subsystem": subsystem}, **given)).status_code
        for subsystem in ("", "familypom", "nonsense")
    ]
    assert told == [401, 401, 401]


@pytest.mark.parametrize(
    "path", [p for p in PATHS if p not in ("/v3/userinfo", "/v1/oauth/userinfo", EVENTS, PASSES, NEWS)]
)
async def test_family_services_need_the_callers_own_profile(town: Town, path: str) -> None:
    """Without `Profile-Id` 400, with another's 403; the web façade may leave it out, meals may not."""
    family = await town.family("moscow@example.test")
    params = params_of(family, path)
    assert (await family.get(path, {"Profile-Id": ""}, **params)).status_code == 400
    assert (await family.get(path, {"Profile-Id": "1"}, **params)).status_code == 403
    web = await family.get(path, {"Profile-Id": "", "X-Mes-Subsystem": "FamilyWeb"}, **params)
    assert web.status_code == (400 if path == BALANCE else 200)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Mes-Role": "parent", "Client-Type": ""}, 200),
        ({"X-Mes-Role": "parent", "Client-Type": "diary-mobile"}, 200),
        ({"X-Mes-Role": "", "Client-Type": "diary-mobile"}, 200),
        ({"X-Mes-Role": "", "Client-Type": ""}, 401),
        ({"X-Mes-Role": "", "Client-Type": "other"}, 401),
        ({"X-Mes-Role": "student"}, 401),
        ({"X-Mes-Role": "parent", "Profile-Id": ""}, 200),
    ],
)
async def test_the_calendar_needs_a_word_about_the_role(
    town: Town, headers: dict[str, str], status: int
) -> None:
    """`X-Mes-Role` or `Client-Type`, else 401 «Пользователь не авторизован»."""
    family = await town.family("moscow@example.test")
    answer = await family.get(EVENTS, headers, **params_of(family, EVENTS))
    assert answer.status_code == status
    assert status == 200 or "Пользователь не авторизован" in answer.text


@pytest.mark.parametrize("path", [PASSES, BALANCE, "/api/pass/entrances/v1/status", f"{MEALS}/orders"])
async def test_bearer_only_services_refuse_a_second_carrier(town: Town, path: str) -> None:
    """`Auth-Token` or a cookie beside the bearer is 401 with the known text; alone it is 401 too."""
    family = await town.family("moscow@example.test")
    params = params_of(family, path)
    for extra in ({"Auth-Token": family.token}, {"Cookie": f"aupd_token={family.token}"}):
        answer = await family.get(path, extra, **params)
        assert (answer.status_code, answer.text) == (401, "Found multiple bearer tokens in the request")
        alone = await family.get(path, {**extra, "Authorization": ""}, **params)
        assert alone.status_code == 401


@pytest.mark.parametrize("carrier", ["Auth-Token", "aupd_token", "aupdtoken", "auth_token"])
async def test_the_facade_takes_the_token_from_any_carrier(town: Town, carrier: str) -> None:
    """Header without prefix or any of three cookies, alone or together."""
    family = await town.family("moscow@example.test")
    extra = {carrier: family.token} if carrier == "Auth-Token" else {"Cookie": f"{carrier}={family.token}"}
    for headers in ({**extra, "Authorization": ""}, extra):
        assert (await family.get("fm/profile", headers)).status_code == 200


async def test_a_region_has_no_turnstiles_and_no_meals(town: Town) -> None:
    """The same code under another name: the diary answers, the city's own services do not exist."""
    family = await town.family("tikhomirova", host=NODE)
    (child,) = family.children
    city_only = ("/api/pass/", "/api/food/", "fm/visits", "fm/status", "fm/day")
    for path, params in {**GENERAL, **reads(child)}.items():
        answer = await family.get(path, None, **params)
        expected = 404 if path.startswith(city_only) else 200
        assert answer.status_code == expected, (path, answer.text)


async def test_a_parent_sees_on_a_node_only_its_own_children(town: Town) -> None:
    """Four children in three systems: two in Moscow, one in the region."""
    moscow = await town.family("many@example.test")
    region = await town.family("lesnaya", host=NODE)
    assert not {child.id for child in moscow.children} & {child.id for child in region.children}
    for family, host in ((moscow, "school.mos.ru"), (region, "authedu.mosreg.ru")):
        profile = await family.read("fm/profile")
        seen = {child["contingent_guid"] for child in profile["children"]}
        assert seen == {child.person.uuid for child in family.children}
        schools = {town.state.world.school(child.school_id) for child in family.children}
        assert all(school.served_by(host) for school in schools)


@pytest.mark.parametrize("path", ["fm/unknown", "/api/unknown", "/nothing", "fm/profile/x"])
async def test_an_unknown_method_says_so(town: Town, path: str) -> None:
    """404 `method does not exist`, for a wrong verb too."""
    family = await town.family("moscow@example.test")
    for method, address in (("GET", path), ("PATCH", "fm/profile")):
        answer = await family.call(method, address)
        assert (answer.status_code, answer.text) == (404, "method does not exist")


async def test_a_trailing_slash_is_tolerated_on_family_paths(town: Town) -> None:
    """As some clients write them, with no redirect."""
    family = await town.family("moscow@example.test")
    for path in ("fm/profile/", "fw/profile/"):
        assert (await family.get(path)).status_code == 200


@pytest.mark.parametrize("bad", ["", "x", "-1", "٣", "9" * 30, "1.5", "2026-13-01", "[]", "\x00"])
async def test_senseless_parameters_are_refused(town: Town, bad: str) -> None:
    """Any parameter spoilt, one at a time: a refusal, never 500 and never data of another child."""
    family = await town.family("moscow@example.test")
    skipped = {"clientIds"} if bad == "[]" else set[str]()  # an empty list of children is a good list
    for path, params in reads(family.children[0]).items():
        for name in params.keys() - skipped:
            answer = await family.get(path, None, **{**params, name: bad})
            assert answer.status_code in (400, 403, 404), (path, name, bad, answer.status_code)


async def test_missing_parameters_are_named(town: Town) -> None:
    """400 with the parameter's name, but for those with a default."""
    family = await town.family("moscow@example.test")
    optional = {("fm/attendance", "from"), ("fm/attendance", "to")}
    optional |= {(f"{RATING}/class", "date"), (f"{RATING}/subjects", "date")}
    for path, params in reads(family.children[0]).items():
        for name in params:
            given = {key: value for key, value in params.items() if key != name}
            answer = await family.get(path, None, **given)
            if (path, name) in optional:
                assert answer.status_code == 200
            elif name == "subject_id" or (path, name) == ("fm/final_marks/v2", "student_id"):
                assert answer.status_code == 400
            else:
                status = answer.status_code
                assert status == 400 or "message" in answer.json(), (path, name, answer.text)


async def test_reversed_days_are_refused(town: Town) -> None:
    """The last day must not be before the first."""
    family = await town.family("moscow@example.test")
    number = student_id(family.children[0].id)
    for path in ("fm/marks", "fm/homeworks", "fm/attendance", "fm/periods_schedules"):
        answer = await family.get(path, None, student_id=number, **{"from": "2026-11-10", "to": "2026-11-09"})
        assert answer.status_code == 400


async def test_no_read_route_is_forgotten(town: Town) -> None:
    """Every GET route of the façade and the services stands in the tables of this file."""
    family = await town.family("moscow@example.test")
    asked = {path.replace("fm/", "/api/family/mobile/v1/") for path in (*GENERAL, *reads(family.children[0]))}
    routes = [route for route in build(town.state, "school.mos.ru").routes if isinstance(route, Route)]
    read = [route.path for route in routes if "GET" in (route.methods or set()) and "/api/" in route.path]
    elsewhere = (
        "profile_info",
        "/family/web/",
        "/marks/{id}",
        "/lesson_schedule_items/{id}",
        "/news/{id}",
        "/files/",
        "launch",
    )
    missing = [
        path
        for path in read
        if not any(word in path for word in elsewhere)
        and not any(compile_path(path)[0].fullmatch(known) for known in asked)
    ]
    assert missing == []
