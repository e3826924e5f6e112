"""Schools, classes, classmates, teachers, periods and bells as a parent reads them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST, TermKind

from .conftest import Json, SignedIn, SignIn

pytestmark = pytest.mark.anyio


def _ids(parent: SignedIn, place: int = 0) -> dict[str, int]:
    child = parent.children[place]
    return {
        "person": wire_id(Space.PUPIL_PERSON, child.id),
        "group": wire_id(Space.CLASS, child.class_id),
        "school": wire_id(Space.SCHOOL, child.school_id),
    }


async def test_groups_of_a_pupil_are_the_class_and_the_own_subgroups(
    mother: SignedIn, state: SandboxState
) -> None:
    """A subgroup has the class for its parent and one subject; past years come with `all` only."""
    ids = _ids(mother)
    current = await mother.get_list(f"persons/{ids['person']}/edu-groups")
    assert [one["type"] for one in current] == ["Group", "Subgroup", "Subgroup"]
    assert current[0]["name"] == "8А"
    assert current[0]["fullName"] == "8А 2026/2027"
    for subgroup in current[1:]:
        assert subgroup["parentIds"] == [ids["group"]]
        assert subgroup["parentIds_str"] == [str(ids["group"])]
        assert len(subgroup["subjects"]) == 1
        assert await mother.get(f"edu-groups/{subgroup['id']}") == subgroup
        pupils = await mother.get_list(f"edu-groups/{subgroup['id']}/persons")
        everybody = await mother.get_list(f"edu-groups/{ids['group']}/persons")
        assert 0 < len(pupils) < len(everybody)
        assert ids["person"] in {one["id"] for one in pupils}
    every = await mother.get_list(f"persons/{ids['person']}/edu-groups/all")
    assert every[:-2] == current
    former = [(one["name"], one["studyyear"], one["status"]) for one in every[-2:]]
    assert former == [("7А", 2025, "Archive"), ("6А", 2024, "Archive")]
    in_school = await mother.get_list(f"persons/{ids['person']}/schools/{ids['school']}/edu-groups")
    assert in_school == current
    assert await mother.get(f"persons/{ids['person']}/schools/1/edu-groups") == []


async def test_a_first_grader_has_no_past_class(sign_in: SignIn) -> None:
    """Nobody was in grade zero."""
    parent = await sign_in("lesnaya")
    ids = _ids(parent, 1)
    every = await parent.get_list(f"persons/{ids['person']}/edu-groups/all")
    assert {one["studyyear"] for one in every} == {2026}


async def test_one_group_many_groups_and_the_parallel(mother: SignedIn) -> None:
    """Repeated keys ask for several; the parallel has the class itself among its own."""
    first, second = _ids(mother)["group"], _ids(mother, 1)["group"]
    one = await mother.get_dict(f"edu-groups/{first}")
    other = await mother.get_dict(f"edu-groups/{second}")
    both = await mother.get_list(f"edu-groups?eduGroups={first}&eduGroups={second}&eduGroups={first}")
    assert both == [one, other]
    parallel = await mother.get_list(f"edu-groups/{first}/parallel")
    assert first in {group["id"] for group in parallel}
    assert {group["parallel"] for group in parallel} == {8}


async def test_classmates_in_every_spelling(mother: SignedIn, state: SandboxState) -> None:
    """Four operations, the same people."""
    group = _ids(mother)["group"]
    persons = await mother.get_list(f"edu-groups/{group}/persons?includeArchive=true")
    assert len(persons) == len(state.world.pupils(mother.children[0].class_id))
    assert await mother.get(f"edu-groups/{group}/students") == persons
    assert await mother.get(f"persons?eduGroup={group}") == persons
    for path in ("edu-groups/students", "edu-groups"):
        answer = (await mother.client.post(f"/v2/{path}", json=[group])).json()
        assert [one["person"] for one in answer[0]["students"]] == persons
        assert {one["membershipstatus"] for one in answer[0]["students"]} == {"Active"}
        assert answer[0]["group"]["id"] == group
    assert await mother.get_dict(f"persons/{persons[-1]['id']}") == persons[-1]


async def test_teachers_of_a_class_are_those_with_lessons_about_now(
    mother: SignedIn, state: SandboxState
) -> None:
    """A week back and thirty days ahead; the class teacher is told apart."""
    child = mother.children[0]
    group = _ids(mother)["group"]
    today = state.clock.today()
    lessons = state.world.class_lessons(child.class_id, today - timedelta(7), today + timedelta(30))
    expected = {wire_id(Space.TEACHER_PERSON, one.half.teacher_id) for one in lessons if one.half.slot}
    assert {one["id"] for one in await mother.get_list(f"edu-groups/{group}/teachers")} == expected
    leader = await mother.get_dict(f"edu-groups/{group}/classteacher")
    wanted = state.world.class_group(child.class_id).class_teacher_id
    assert leader["id"] == wire_id(Space.TEACHER_PERSON, wanted)


async def test_staff_is_listed_in_pascal_case_and_by_membership(mother: SignedIn) -> None:
    """`teachers` has its own spelling, `membership` the ordinary one; only two kinds exist."""
    school = _ids(mother)["school"]
    teachers = await mother.get_list(f"schools/{school}/teachers")
    assert set(teachers[1]) == {
        *("Id", "IdStr", "UserId", "UserIdStr", "FirstName", "LastName", "MiddleName", "ShortName", "Sex"),
        *("DateBirth", "Email", "Subjects", "HouseMaster", "NameTeacherPosition", "TeachingStaff"),
    }
    assert all(one["IdStr"] == str(one["Id"]) for one in teachers)
    assert any(one["HouseMaster"] for one in teachers)
    staff = await mother.get_list(f"schools/{school}/membership?schoolMembershipType=Staff")
    admins = await mother.get_list(f"schools/{school}/membership?schoolMembershipType=Admins")
    assert [one["id"] for one in staff] == [one["Id"] for one in teachers]
    assert admins == staff[:1]
    assert await mother.refusal(f"schools/{school}/membership") == (400, "parameterInvalid")


async def test_a_school_s_profile_passport_and_city(sign_in: SignIn, state: SandboxState) -> None:
    """Far schools tell their own time zone; profiles are public, in lists too."""
    parent = await sign_in("lesnaya")
    far = _ids(parent)["school"]
    profile = await parent.get_dict(f"schools/{far}")
    assert (profile["timeZone"], profile["regionId"]) == (10, 27)
    assert (await parent.get_dict("users/me"))["timezone"] == "10:00"
    schools = [wire_id(Space.SCHOOL, one.id) for one in state.world.schools(DNEVNIK_HOST)]
    query = "&".join(f"schools={number}" for number in schools)
    listed = await parent.get_list(f"schools?{query}")
    assert [one["id"] for one in listed] == schools
    assert profile in listed
    passport = await parent.get_dict(f"schools/{far}/parameters")
    assert passport["schoolId"] == far
    assert passport["address"]
    cities = {one["id"]: one for one in await parent.get_list("schools/cities")}
    assert cities[profile["tsoCityId"]]["name"] == profile["city"]
    own = await parent.get_list("schools/person-schools?excludeOrganizations=true")
    assert {one["id"] for one in own} == {wire_id(Space.SCHOOL, one.school_id) for one in parent.children}
    assert await parent.refusal("schools/1000000000001") == (404, "apiResourceUnavailable")


async def test_ids_of_schools_and_groups_of_the_caller(mother: SignedIn) -> None:
    """A parent's are the children's."""
    assert await mother.get("users/me/schools") == [_ids(mother)["school"]]
    assert await mother.get("users/me/edu-groups") == [_ids(mother)["group"], _ids(mother, 1)["group"]]


async def test_memberships_are_the_child_s_not_the_parent_s(mother: SignedIn) -> None:
    """By person or by the child's user id; the parent is a member of nothing."""
    ids = _ids(mother)
    by_person = await mother.get_dict(f"persons/{ids['person']}/school-memberships")
    assert [one["school"]["id"] for one in by_person["schools"]] == [ids["school"]]
    groups = await mother.get_list(f"persons/{ids['person']}/edu-groups")
    assert [one["eduGroup"] for one in by_person["schools"][0]["eduGroupMemberships"]] == groups
    child = (await mother.get_list(f"person/{wire_id(Space.ADULT_PERSON, mother.parent.id)}/children"))[0]
    assert await mother.get_dict(f"users/{child['userId']}/education") == by_person
    assert await mother.get_dict(f"users/{child['userId']}/school-memberships") == by_person
    assert (await mother.get_dict("users/me/school-memberships"))["schools"] == []
    assert await mother.get(f"users/{child['userId']}/roles") == ["EduStudent"]
    assert await mother.get("users/me/roles") == ["EduParent"]


async def test_people_by_user_id(mother: SignedIn) -> None:
    """`me`, the own number and a child's number; strangers are left out of a list."""
    me = await mother.get_dict("users/me")
    assert await mother.get_dict(f"users/{me['id']}") == me
    assert await mother.get_dict(f"users/{me['id']}/context") == await mother.get_dict("users/me/context")
    children = await mother.get("users/me/children")
    child = await mother.get_dict(f"users/{children[0]}")
    assert (child["roles"], child["login"], child["email"]) == (["EduStudent"], None, None)
    many = (await mother.client.post("/v2/users/many", json=[me["id"], children[0], 1600009999999])).json()
    assert many == [me, child]
    relatives = await mother.get_list("users/me/relatives")
    assert [(one["type"], one["person"]["firstName"]) for one in relatives] == [("Father", "Сергей")]
    of_child = await mother.get_list(f"users/{children[0]}/relatives")
    assert [one["type"] for one in of_child] == ["Mother", "Father"]
    assert await mother.get_list(f"user/{me['id']}/children") == await mother.get_list(
        f"person/{me['personId']}/children"
    )


@pytest.mark.parametrize(
    ("username", "kinds"),
    [
        ("obraztsova", {"Quarter"}),
        ("korolyova", {"Quarter", "HalfYear"}),
        ("lesnaya", {"Trimester", "HalfYear"}),
    ],
)
async def test_periods_are_the_world_s_terms_without_the_year(
    username: str, kinds: set[str], sign_in: SignIn, state: SandboxState
) -> None:
    """Numbered from 1 in order of time, with local days; both operations agree."""
    parent = await sign_in(username)
    seen: set[str] = set()
    for place, child in enumerate(parent.children):
        group = _ids(parent, place)["group"]
        periods = await parent.get_list(f"edu-groups/{group}/reporting-periods")
        terms = [one for one in state.world.terms(child.class_id) if one.kind is not TermKind.YEAR]
        assert [(one["start"][:10], one["finish"][:10], one["number"]) for one in periods] == [
            (str(term.since), str(term.until), term.number) for term in terms
        ]
        assert {one["year"] for one in periods} == {2026}
        whole = await parent.get_dict(f"edu-groups/{group}/reporting-period-group")
        assert whole["reportingPeriods"] == periods
        assert {one["reportingPeriodGroupId"] for one in whole["holidays"]} == {whole["id"]}
        _no_overlap(whole)
        seen |= {one["type"] for one in periods}
    assert seen == kinds


async def test_bells_are_one_object_for_a_class_and_a_list_for_a_school(sign_in: SignIn) -> None:
    """Saturdays ring their own bells; only the clock part of a time means something."""
    parent = await sign_in("korolyova")
    ids = _ids(parent, 1)
    timetable = await parent.get_dict(f"edu-groups/{ids['group']}/timetables")
    assert await parent.get_list(f"schools/{ids['school']}/timetables") == [timetable]
    days = {tuple(item["DaysOfWeek"]) for item in timetable["Items"]}
    assert days == {("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), ("Saturday",)}
    assert {item["Start"][:11] for item in timetable["Items"]} == {"0001-01-01T"}


def _no_overlap(whole: Json) -> None:
    spans = [(one["start"], one["finish"]) for one in whole["reportingPeriods"]]
    for since, until in spans:
        assert date.fromisoformat(since[:10]) < date.fromisoformat(until[:10])
    assert spans == sorted(spans)
