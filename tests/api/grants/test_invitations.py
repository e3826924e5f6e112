"""An invitation lets in one person, once, who has both the link and the code."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot

from diary_api.grants.rights import Right
from diary_api.grants.service import OPEN_MOST
from diary_api.identities.codes import MOST_TRIES
from diary_api.retention import Retention
from diary_api.settings import RetentionTimes
from tests.api.grants.giving import accept, ends_in, invite, trusted
from tests.api.running import LinkedFamily, RunningGateway

pytestmark = pytest.mark.anyio

WRONG_LINK = "https://diary.example.org/invitation#dgi_" + "a" * 43


async def state_of(family: LinkedFamily, grant_id: str) -> str:
    grants = (await family.parent.get(f"/v1/children/{family.child_ids[0]}/grants")).json()["items"]
    return next(grant["state"] for grant in grants if grant["id"] == grant_id)


async def test_an_invitation_is_told_whole(tiny: RunningGateway) -> None:
    """The parent gets the grant, the link with its secret behind a `#`, and the code apart from it."""
    invited = await invite(tiny, await tiny.family(), {Right.LESSONS, Right.HOMEWORK})
    assert invited == snapshot(
        {
            "id": IsStr(regex=r"grt_[a-z2-7]{26}"),
            "called": "Бабушка Нина",
            "rights": ["homework", "lessons"],
            "state": "invited",
            "created_at": "2026-09-16T09:00:00Z",
            "invitation_ends_at": "2026-09-19T09:00:00Z",
            "accepted_at": None,
            "ends_at": "2026-10-16T09:00:00Z",
            "ended_at": None,
            "last_used_at": None,
            "invitation": {
                "link": IsStr(regex=r"https://diary\.example\.org/invitation#dgi_[\w-]{43}"),
                "code": IsStr(regex=r"[2-9A-Z]{4}-[2-9A-Z]{4}"),
                "ends_at": "2026-09-19T09:00:00Z",
            },
        }
    )


async def test_she_accepts_in_her_own_account(tiny: RunningGateway) -> None:
    """She gets the grant, the child stands among hers; the parent sees it active, and the code no more."""
    family = await tiny.family()
    invited = await invite(tiny, family, {Right.LESSONS})
    person = await tiny.parent("nina@example.org")
    held = await accept(person, invited)
    assert held.json() == snapshot(
        {
            "id": IsStr(regex=r"grt_[a-z2-7]{26}"),
            "child_id": IsStr(regex=r"chd_[a-z2-7]{26}"),
            "child_name": {"last": "Воробьёва", "first": "Вера", "middle": None},
            "rights": ["lessons"],
            "accepted_at": "2026-09-16T09:00:00Z",
            "ends_at": "2026-10-16T09:00:00Z",
        }
    )
    assert (await person.get("/v1/me/grants")).json() == {"items": [held.json()]}
    shown = (await family.parent.get(f"/v1/children/{family.child_ids[0]}/grants")).json()["items"]
    assert [(one["state"], one["accepted_at"], "invitation" in one) for one in shown] == [
        ("active", "2026-09-16T09:00:00Z", False)
    ]


async def test_a_granted_child_is_marked(tiny: RunningGateway) -> None:
    """It stands after her own children, by whose leave is told, and what she has no right to is not there."""
    invited = await invite(tiny, await tiny.family("olga"), {Right.LESSONS})
    person = (await tiny.family("ivan")).parent
    await accept(person, invited)
    own, granted = (await person.get("/v1/children")).json()["items"]
    assert (own["granted"], own["name"]["first"]) == (None, "Пётр")
    assert granted == snapshot(
        {
            "id": IsStr(regex=r"chd_[a-z2-7]{26}"),
            "connection_id": IsStr(regex=r"con_[a-z2-7]{26}"),
            "name": {"last": "Воробьёва", "first": "Вера", "middle": None},
            "label": None,
            "birth_date": {"state": "unavailable", "reason": "not_permitted"},
            "current": True,
            "enrolments": [
                {
                    "id": IsStr(regex=r"enr_[a-z2-7]{26}"),
                    "school": {"state": "unavailable", "reason": "not_permitted"},
                    "group": {"state": "unavailable", "reason": "not_permitted"},
                    "since": {"state": "unavailable", "reason": "not_permitted"},
                    "role": "parent",
                    "current": True,
                    "listed_at": "2026-09-16T09:00:00Z",
                }
            ],
            "class_standing_shown": False,
            "granted": {
                "grant_id": invited["id"],
                "rights": ["lessons"],
                "until": "2026-10-16T09:00:00Z",
            },
        }
    )
    assert (await person.get(f"/v1/children/{granted['id']}")).json() == granted


async def test_the_right_to_the_school_shows_the_class(tiny: RunningGateway) -> None:
    """With it the school and the class stand on the child."""
    nina = await trusted(tiny, await tiny.family(), {Right.SCHOOL})
    (child,) = (await nina.person.get("/v1/children")).json()["items"]
    place = child["enrolments"][0]
    assert (place["school"]["name"], place["group"]["name"]) == ("Школа Воробьёва", "7-Б")


async def test_link_and_code_as_people_bring_them(tiny: RunningGateway) -> None:
    """What follows the `#` is link enough; a code is typed in any case, with a space for the hyphen."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    person = await tiny.parent("nina@example.org")
    link = f" {invited['invitation']['link'].partition('#')[2]} "
    code = invited["invitation"]["code"].lower().replace("-", " ")
    assert (await accept(person, invited, link=link, code=code)).status_code == 200


async def refused(person: httpx2.AsyncClient, invited: dict[str, object], **changed: str) -> object:
    """Fail to accept, and return what was told, less what names this one answer."""
    answer = await accept(person, invited, **changed)
    return answer.status_code, {**answer.json(), "instance": ""}


async def test_nothing_tells_what_was_wrong(tiny: RunningGateway) -> None:
    """A wrong link, a wrong code, one accepted, revoked or late: one answer to all of them."""
    family = await tiny.family()
    person, other = await tiny.parent("nina@example.org"), await tiny.parent("other@example.org")
    late = await invite(tiny, family)
    tiny.clock.move(timedelta(days=3))
    wrong, used, taken_back = [await invite(tiny, family) for _ in range(3)]
    await accept(other, used)
    await family.parent.delete(f"/v1/children/{family.child_ids[0]}/grants/{taken_back['id']}")
    told = [
        await refused(person, wrong, link=WRONG_LINK),
        await refused(person, wrong, link="#"),
        await refused(person, wrong, code="AAAA-AAAA"),
        await refused(person, wrong, code=late["invitation"]["code"]),
        await refused(person, used),
        await refused(person, taken_back),
        await refused(person, late),
    ]
    assert told == [told[0]] * len(told)
    assert told[0] == snapshot(
        (
            409,
            {
                "type": "https://diary.example.org/problems/invitation_refused",
                "title": "Приглашение не подошло",
                "status": 409,
                "instance": "",
                "code": "invitation_refused",
                "remedy": "Проверьте ссылку и код; если не выходит, попросите новое приглашение.",
                "actor": "parent",
                "retry": "after_remedy",
            },
        )
    )


async def test_a_code_is_not_guessed(tiny: RunningGateway) -> None:
    """After a few wrong codes, whoever tries them, the invitation is dead for the right one too."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    guesser, person = await tiny.parent("guesser@example.org"), await tiny.parent("nina@example.org")
    for _ in range(MOST_TRIES - 1):
        await accept(guesser, invited, code="AAAA-AAAA")
    assert await state_of(family, invited["id"]) == "invited"
    await accept(guesser, invited, code="AAAA-AAAA")
    assert await state_of(family, invited["id"]) == "guessed"
    assert (await accept(person, invited)).json()["code"] == "invitation_refused"
    assert (await accept(person, await invite(tiny, family))).status_code == 200


async def test_the_last_try_may_be_the_right_one(tiny: RunningGateway) -> None:
    """One typing error less than too many does no harm."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    person = await tiny.parent("nina@example.org")
    for _ in range(MOST_TRIES - 1):
        await accept(person, invited, code="AAAA-AAAA")
    assert (await accept(person, invited)).status_code == 200
    assert await state_of(family, invited["id"]) == "active"


async def test_guesses_sent_at_once_all_count(tiny: RunningGateway) -> None:
    """Twenty accounts with a wrong code each, at the same moment, get no more tries than one."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    guessers = [await tiny.parent(f"guesser{number}@example.org") for number in range(MOST_TRIES * 2)]
    await asyncio.gather(*(accept(guesser, invited, code="AAAA-AAAA") for guesser in guessers))
    assert await state_of(family, invited["id"]) == "guessed"
    assert (await accept(guessers[0], invited)).status_code == 409


async def test_an_account_guesses_links_for_a_while_only(tiny: RunningGateway) -> None:
    """Trying link after link closes the door to that account, for some minutes, and to no other."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    guesser, person = await tiny.parent("guesser@example.org"), await tiny.parent("nina@example.org")
    for _ in range(tiny.gateway.settings.sign_in_attempts):
        await accept(guesser, invited, link=WRONG_LINK)
    stopped = await accept(guesser, invited)
    assert (stopped.status_code, stopped.headers["retry-after"]) == (429, "900")
    assert (await accept(person, invited)).status_code == 200


async def test_an_invitation_is_accepted_once(tiny: RunningGateway) -> None:
    """Link and code sent again are refused, to another account and to the same one."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    person, other = await tiny.parent("nina@example.org"), await tiny.parent("other@example.org")
    assert (await accept(person, invited)).status_code == 200
    answers = [await accept(other, invited), await accept(person, invited)]
    assert [answer.json()["code"] for answer in answers] == ["invitation_refused"] * 2
    assert (await person.get("/v1/me/grants")).json()["items"][0]["id"] == invited["id"]


async def test_a_lost_answer_can_be_asked_for_again(tiny: RunningGateway) -> None:
    """With an `Idempotency-Key` the same invitation, and the same acceptance, are told again."""
    family = await tiny.family()
    address = f"/v1/children/{family.child_ids[0]}/grants"
    body = {"called": "Нина", "rights": ["lessons"], "ends_at": ends_in(tiny).isoformat()}
    key = {"Idempotency-Key": "once"}
    invited = [(await family.parent.post(address, json=body, headers=key)).json() for _ in range(2)]
    assert invited[0] == invited[1]
    person = await tiny.parent("nina@example.org")
    given = {part: invited[0]["invitation"][part] for part in ("link", "code")}
    held = [(await person.post("/v1/grants/accept", json=given, headers=key)).json() for _ in range(2)]
    assert held[0] == held[1]
    assert held[0]["id"] == invited[0]["id"]


async def test_of_two_who_accept_at_once_one_is_let_in(tiny: RunningGateway) -> None:
    """However many hold link and code, one of them gets the grant and the others are refused."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    people = [await tiny.parent(f"person{number}@example.org") for number in range(4)]
    answers = await asyncio.gather(*(accept(person, invited) for person in people))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    let_in = [person for person in people if (await person.get("/v1/children")).json()["items"]]
    assert len(let_in) == 1


async def test_a_parent_cannot_accept_their_own(tiny: RunningGateway) -> None:
    """Trying the link oneself says whose it is, and spoils nothing."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    for code in (invited["invitation"]["code"], "AAAA-AAAA"):
        answer = await accept(family.parent, invited, code=code)
        assert (answer.status_code, answer.json()["code"]) == (409, "own_invitation")
    assert (await accept(await tiny.parent("nina@example.org"), invited)).status_code == 200


async def test_a_newer_grant_replaces_the_older(tiny: RunningGateway) -> None:
    """Accepting another invitation to the same child leaves one grant; revoking it leaves none."""
    family = await tiny.family()
    nina = await trusted(tiny, family, {Right.LESSONS})
    tiny.clock.move(timedelta(hours=1))
    newer = await invite(tiny, family, {Right.MARKS})
    assert (await accept(nina.person, newer)).status_code == 200
    assert await nina.state() == "replaced"
    assert [grant["id"] for grant in (await nina.person.get("/v1/me/grants")).json()["items"]] == [
        newer["id"]
    ]
    assert (await nina.read("week")).json()["code"] == "right_missing"
    assert (await family.parent.delete(nina.address.replace(nina.grant_id, newer["id"]))).status_code == 204
    assert (await nina.read("week")).json()["code"] == "child_unknown"
    assert (await nina.person.get("/v1/children")).json()["items"] == []


async def test_after_the_end_a_new_invitation_is_a_new_grant(tiny: RunningGateway) -> None:
    """What was revoked stays so; letting her in again is another grant with another id."""
    family = await tiny.family()
    nina = await trusted(tiny, family, {Right.LESSONS})
    await family.parent.delete(nina.address)
    tiny.clock.move(timedelta(hours=1))
    again = await trusted(tiny, family, {Right.LESSONS})
    assert again.grant_id != nina.grant_id
    assert (await again.read("week")).status_code == 200
    assert await nina.state() == "revoked"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rights": []}, "rights"),
        ({"rights": ["everything"]}, "rights.0"),
        ({"called": ""}, "called"),
        ({"called": "x" * 81}, "called"),
        ({"ends_at": "2026-09-16T09:00:00Z"}, "ends_at"),
        ({"ends_at": "2027-09-17T09:00:01Z"}, "ends_at"),
        ({"ends_at": "2026-12-01T00:00:00"}, "ends_at"),
        ({"ends_at": "0001-01-01T00:00:00+14:00"}, "ends_at"),
        ({"ends_at": "9999-12-31T23:59:59-14:00"}, "ends_at"),
        ({"ends_at": None}, "ends_at"),
        ({"for_ever": True}, "for_ever"),
    ],
)
async def test_a_malformed_invitation(tiny: RunningGateway, changed: dict[str, object], field: str) -> None:
    """Rights and an end within a year are needed, and nothing unknown is taken; nothing is made."""
    family = await tiny.family()
    address = f"/v1/children/{family.child_ids[0]}/grants"
    body = {"called": "Нина", "rights": ["lessons"], "ends_at": ends_in(tiny).isoformat(), **changed}
    answer = await family.parent.post(address, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await family.parent.get(address)).json()["items"] == []


async def test_so_many_may_be_open(tiny: RunningGateway) -> None:
    """Beyond a number nobody needs the next is refused until one has ended."""
    family = await tiny.family()
    invited = [await invite(tiny, family) for _ in range(OPEN_MOST)]
    address = f"/v1/children/{family.child_ids[0]}/grants"
    body = {"called": "Нина", "rights": ["lessons"], "ends_at": ends_in(tiny).isoformat()}
    refused = await family.parent.post(address, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    await family.parent.delete(f"{address}/{invited[0]['id']}")
    assert (await family.parent.post(address, json=body)).status_code == 201


async def test_a_grant_is_narrowed_at_once(tiny: RunningGateway) -> None:
    """A right taken away is missing from the next reading on; the new name and end are told."""
    nina = await trusted(tiny, await tiny.family(), {Right.LESSONS, Right.MARKS})
    changed = {"rights": ["lessons"], "ends_at": "2026-10-01T00:00:00Z", "called": "Нина Петровна"}
    shown = (await nina.family.parent.patch(nina.address, json=changed)).json()
    assert {part: shown[part] for part in changed} == changed
    assert (await nina.read("marks", since="2026-09-14", until="2026-09-20")).status_code == 403
    assert (await nina.read("week")).status_code == 200
    (held,) = (await nina.person.get("/v1/me/grants")).json()["items"]
    assert (held["rights"], held["ends_at"]) == (["lessons"], "2026-10-01T00:00:00Z")


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"rights": ["lessons", "marks"]}, "rights"), ({"ends_at": "2026-10-16T09:00:01Z"}, "ends_at")],
)
async def test_a_grant_is_not_widened(tiny: RunningGateway, changed: dict[str, object], field: str) -> None:
    """More, or longer, needs a new invitation; nothing is changed."""
    nina = await trusted(tiny, await tiny.family(), {Right.LESSONS})
    answer = await nina.family.parent.patch(nina.address, json={**changed, "called": "Другая"})
    said = answer.json()
    assert (answer.status_code, said["code"], said["field"]) == (409, "grant_widened", field)
    (shown,) = (await nina.family.parent.get(f"/v1/children/{nina.child_id}/grants")).json()["items"]
    assert (shown["rights"], shown["ends_at"], shown["called"]) == (
        ["lessons"],
        "2026-10-16T09:00:00Z",
        "Бабушка Нина",
    )


async def test_an_ended_grant_stays_as_it_ended(tiny: RunningGateway) -> None:
    """Revoking twice is revoking once; one given back is not revoked afterwards, nor narrowed."""
    nina = await trusted(tiny, await tiny.family())
    await nina.person.delete(f"/v1/me/grants/{nina.grant_id}")
    tiny.clock.move(timedelta(hours=1))
    parent = nina.family.parent
    assert [(await parent.delete(nina.address)).status_code for _ in range(2)] == [204, 204]
    assert (await parent.patch(nina.address, json={"rights": ["lessons"]})).json()["code"] == "conflict"
    (shown,) = (await parent.get(f"/v1/children/{nina.child_id}/grants")).json()["items"]
    assert (shown["state"], shown["ended_at"]) == ("given_back", "2026-09-16T09:00:00Z")
    again = await nina.person.delete(f"/v1/me/grants/{nina.grant_id}")
    assert (again.status_code, again.json()["code"]) == (404, "grant_unknown")


async def test_old_grants_are_forgotten(tiny: RunningGateway) -> None:
    """Long after its end a grant is gone with all its uses; a younger one, and a running one, stay."""
    family = await tiny.family()
    keep = RetentionTimes(grants=timedelta(days=10))
    settings = tiny.gateway.settings.model_copy(update={"retention": keep})
    retention = Retention(tiny.gateway.storage, settings, tiny.clock)
    ended, lapsed = await trusted(tiny, family), await invite(tiny, family)
    await ended.read("terms")
    await family.parent.delete(ended.address)
    tiny.clock.move(timedelta(days=8))
    running = await trusted(tiny, family, email="other@example.org")
    await running.read("terms")
    assert {await ended.state(), await running.state()} == {"revoked", "active"}
    tiny.clock.move(timedelta(days=6))
    await retention.sweep()
    shown = (await family.parent.get(f"/v1/children/{family.child_ids[0]}/grants")).json()["items"]
    assert [grant["id"] for grant in shown] == [running.grant_id]
    assert lapsed["id"] != running.grant_id
    assert await running.uses() == [("terms", "ok", 1)]
    tiny.clock.move(timedelta(days=5))
    await retention.sweep()
    assert (await running.uses(), await running.state()) == ([], "active")
