"""Every route about a child, for everyone who is not its parent: allowed is only what was granted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import httpx2
import pytest

from diary_api.grants.rights import CHILD, OPENED_BY, TELLING_ABSENCE, TICKING_HOMEWORK, Right, Rights
from diary_api.school.readings import Kind
from tests.api.grants.giving import EVERY_RIGHT, WEEK, Trusted, accept, invite, trusted
from tests.api.running import LinkedFamily, RunningGateway, described_paths
from tests.api.test_strangers import BODIES, MADE_UP, OF_THE_DIARY, QUERY
from tests.more import quick_first

pytestmark = pytest.mark.anyio

ABOUT_A_CHILD = "/v1/children/{child_id}"
GRANTED: Mapping[str, Rights] = {
    "GET /v1/children/{child_id}": EVERY_RIGHT,
    "GET /v1/children/{child_id}/absence-notices": frozenset({Right.ABSENCE_NOTICES}),
    "GET /v1/children/{child_id}/absence-notices/reasons": frozenset({Right.ABSENCE_NOTICES}),
    "GET /v1/children/{child_id}/absence-notices/{notice_id}": frozenset({Right.ABSENCE_NOTICES}),
    "POST /v1/children/{child_id}/absence-notices": frozenset({Right.ABSENCE_NOTICES}),
    "DELETE /v1/children/{child_id}/absence-notices/{notice_id}": frozenset({Right.ABSENCE_NOTICES}),
    "GET /v1/children/{child_id}/announcements": frozenset({Right.ANNOUNCEMENTS}),
    "GET /v1/children/{child_id}/attendance": frozenset({Right.ATTENDANCE}),
    "GET /v1/children/{child_id}/attendance/summary": frozenset({Right.ATTENDANCE}),
    "GET /v1/children/{child_id}/averages": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/bells": frozenset({Right.LESSONS}),
    "GET /v1/children/{child_id}/calendar": frozenset({Right.LESSONS}),
    "GET /v1/children/{child_id}/days": frozenset({Right.LESSONS}),
    "GET /v1/children/{child_id}/debts": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/events": frozenset({Right.ANNOUNCEMENTS}),
    "GET /v1/children/{child_id}/forecast": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/homework": frozenset({Right.HOMEWORK}),
    "PUT /v1/children/{child_id}/homework/{homework_id}/done": frozenset({Right.HOMEWORK_TICKS}),
    "DELETE /v1/children/{child_id}/homework/{homework_id}/done": frozenset({Right.HOMEWORK_TICKS}),
    "GET /v1/children/{child_id}/homework/overdue": frozenset({Right.HOMEWORK}),
    "GET /v1/children/{child_id}/homework/{homework_id}/attachments/{attachment_id}": frozenset(
        {Right.HOMEWORK}
    ),
    "GET /v1/children/{child_id}/marks": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/marks/{mark_id}": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/meals": frozenset({Right.MEALS}),
    "GET /v1/children/{child_id}/meals/account": frozenset({Right.MEALS}),
    "GET /v1/children/{child_id}/progress": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/remarks": frozenset({Right.REMARKS}),
    "GET /v1/children/{child_id}/results": frozenset({Right.MARKS}),
    "GET /v1/children/{child_id}/school": frozenset({Right.SCHOOL}),
    "GET /v1/children/{child_id}/study-plan": frozenset({Right.SCHOOL}),
    "GET /v1/children/{child_id}/terms": frozenset({Right.LESSONS, Right.MARKS, Right.ATTENDANCE}),
    "GET /v1/children/{child_id}/visits": frozenset({Right.VISITS}),
    "GET /v1/children/{child_id}/week": frozenset({Right.LESSONS}),
    "GET /v1/children/{child_id}/years": frozenset({Right.MARKS}),
    "POST /v1/children/{child_id}/what-if": frozenset({Right.MARKS}),
}
"""Routes that a right opens, and any one of which rights; a new route about a child belongs here or below."""
PARENTS_ONLY = {
    "GET /v1/children/{child_id}/class-standing",
    "PUT /v1/children/{child_id}/class-standing",
    "GET /v1/children/{child_id}/signatures",
    "PUT /v1/children/{child_id}/signatures/{week}",
    "GET /v1/children/{child_id}/threads",
    "GET /v1/children/{child_id}/threads/{thread_id}/messages",
    "POST /v1/children/{child_id}/grants",
    "GET /v1/children/{child_id}/grants",
    "PATCH /v1/children/{child_id}/grants/{grant_id}",
    "DELETE /v1/children/{child_id}/grants/{grant_id}",
    "GET /v1/children/{child_id}/grants/{grant_id}/uses",
}
"""Routes that no right opens."""
KINDS_OF_THE_PARENT_ONLY = {Kind.CLASS_STANDING, Kind.MESSAGES, Kind.SIGNATURES, Kind.THREADS}
"""Kinds of reading that no right opens."""
WRITES = {
    route
    for route in GRANTED
    if route.endswith("/done") or ("absence-notices" in route and not route.startswith("GET"))
}
"""Routes that want the scope `diary:write`; all others that a right opens want `diary:read`."""


def about_a_child() -> set[str]:
    """Return every route about one child, as the description lists them."""
    return {
        f"{method.upper()} {path}"
        for path, operations in described_paths().items()
        for method in operations
        if path.startswith(ABOUT_A_CHILD)
    }


async def ask(person: httpx2.AsyncClient, route: str, child_id: str) -> str:
    """Ask one route about a child, and return what came of it: `let in` or the code of a problem.

    That the tests' own diary has no such thing, or there is no such notice, is said behind the door.
    """
    method, _, path = route.partition(" ")
    address = path.format_map({**MADE_UP, **OF_THE_DIARY, "child_id": child_id})
    answer = await person.request(method, address, params=QUERY, json=BODIES.get(path))
    code = "let in" if answer.is_success else answer.json()["code"]
    return "let in" if code in {"not_supported", "absence_notice_unknown"} else code


async def asked(person: httpx2.AsyncClient, child_id: str) -> dict[str, str]:
    """Ask every route about a child."""
    return {route: await ask(person, route, child_id) for route in sorted({*GRANTED, *PARENTS_ONLY})}


def test_every_route_is_declared() -> None:
    """No route about a child can be added without saying which right opens it, or that none does."""
    assert about_a_child() == GRANTED.keys() | PARENTS_ONLY


def test_every_kind_of_reading_is_declared() -> None:
    """No kind of reading can be added without a right to it, or the word that it is the parent's only."""
    assert OPENED_BY.keys() | KINDS_OF_THE_PARENT_ONLY == {
        CHILD,
        TELLING_ABSENCE,
        TICKING_HOMEWORK,
        *Kind,
    }
    assert OPENED_BY.keys() & KINDS_OF_THE_PARENT_ONLY == set()


def test_every_right_opens_something() -> None:
    """No parent gives a right that shows nothing; what stands on a lesson is opened by rights of its own."""
    on_a_lesson = {Right.ATTENDANCE, Right.REMARKS}
    opened = {right for kind, rights in OPENED_BY.items() if kind != CHILD for right in rights}
    assert opened | on_a_lesson == EVERY_RIGHT


async def test_a_kind_without_a_right_is_refused(
    tiny: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forgets to declare a new kind has closed it to everyone but the parent."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    undeclared = {kind: rights for kind, rights in OPENED_BY.items() if kind != "marks"}
    monkeypatch.setattr("diary_api.grants.rights.OPENED_BY", undeclared)
    assert (await nina.read("marks", **WEEK)).json()["code"] == "right_missing"
    assert (await family.read("marks", 0, **WEEK)).status_code == 200


@pytest.mark.parametrize("right", quick_first(Right, quick=4))
async def test_one_right_opens_its_routes_and_no_other(tiny: RunningGateway, right: Right) -> None:
    """With one right alone, each route answers if that right opens it, and is refused by name if not."""
    nina = await trusted(tiny, await tiny.family(), {right})
    came = await asked(nina.person, nina.child_id)
    assert {route: came[route] for route in GRANTED} == {
        route: "let in" if right in rights else "right_missing" for route, rights in GRANTED.items()
    }
    assert {came[route] for route in PARENTS_ONLY} == {"child_unknown", "right_missing"}


async def revoked(gate: RunningGateway, nina: Trusted) -> None:
    assert (await nina.family.parent.delete(nina.address)).status_code == 204


async def expired(gate: RunningGateway, nina: Trusted) -> None:
    gate.clock.move(timedelta(days=5))


async def shortened(gate: RunningGateway, nina: Trusted) -> None:
    changed = {"ends_at": gate.clock().isoformat()}
    assert (await nina.family.parent.patch(nina.address, json=changed)).status_code == 200


async def given_back(gate: RunningGateway, nina: Trusted) -> None:
    assert (await nina.person.delete(f"/v1/me/grants/{nina.grant_id}")).status_code == 204


async def unlinked(gate: RunningGateway, nina: Trusted) -> None:
    address = f"/v1/connections/{nina.family.connection_id}"
    assert (await nina.family.parent.delete(address)).status_code == 204


async def linked_again(gate: RunningGateway, nina: Trusted) -> None:
    """The children get their old ids; she does not get them back."""
    await unlinked(gate, nina)
    parent, connection_id = nina.family.parent, nina.family.connection_id
    await parent.post(f"/v1/connections/{connection_id}/sign-in", json={})
    filled = {"values": {"login": "olga", "password": "kestrel-9"}}
    assert (await parent.post(f"/v1/connections/{connection_id}/steps", json=filled)).status_code == 200
    assert (await nina.family.read("week")).status_code == 200


async def parent_erased(gate: RunningGateway, nina: Trusted) -> None:
    assert (await nina.family.parent.delete("/v1/me")).status_code == 200


@pytest.mark.parametrize(
    "end",
    quick_first([revoked, expired, unlinked, shortened, given_back, linked_again, parent_erased], quick=3),
)
async def test_after_the_end_nothing_is_shown(
    tiny: RunningGateway, end: Callable[[RunningGateway, Trusted], Awaitable[None]]
) -> None:
    """However a grant with every right ends, at once no route about the child answers, nor is it listed."""
    nina = await trusted(tiny, await tiny.family(), days=5)
    before = await asked(nina.person, nina.child_id)
    assert {route for route, came in before.items() if came == "let in"} == set(GRANTED)
    await end(tiny, nina)
    assert set((await asked(nina.person, nina.child_id)).values()) == {"child_unknown"}
    lists = [(await nina.person.get(f"/v1/{what}")).json()["items"] for what in ("children", "me/grants")]
    assert lists == [[], []]


async def test_an_erased_account_reads_nothing(tiny: RunningGateway) -> None:
    """Her account erased, its session is nobody's, and a new account of the same e-mail sees nothing."""
    nina = await trusted(tiny, await tiny.family())
    assert (await nina.person.delete("/v1/me")).status_code == 200
    assert set((await asked(nina.person, nina.child_id)).values()) == {"not_signed_in"}
    again = await tiny.parent("nina@example.org")
    assert set((await asked(again, nina.child_id)).values()) == {"child_unknown"}
    assert (await nina.family.parent.get(f"/v1/children/{nina.child_id}/grants")).json()["items"] == []


async def test_another_child_is_not_granted(tiny: RunningGateway) -> None:
    """A grant on one child opens nothing of its sister, nor of a stranger's child."""
    family = await tiny.family("olga")
    others = [family.child_ids[1], (await tiny.family("ivan")).child_ids[0], MADE_UP["child_id"]]
    nina = await trusted(tiny, family)
    for child_id in others:
        assert set((await asked(nina.person, child_id)).values()) == {"child_unknown"}


@pytest.mark.parametrize("accepted", [True, False])
async def test_another_account_is_not_let_in(tiny: RunningGateway, accepted: bool) -> None:
    """Nobody but the one who has accepted is let in; an invitation alone lets nobody in."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    if accepted:
        await accept(await tiny.parent("nina@example.org"), invited)
    other = await tiny.parent("other@example.org")
    assert set((await asked(other, family.child_ids[0])).values()) == {"child_unknown"}


@pytest.mark.parametrize(
    "scope", quick_first(["grants:manage", "connections:read", "connections:manage", "account:manage"])
)
async def test_a_token_without_the_scope_is_refused(tiny: RunningGateway, scope: str) -> None:
    """A grant adds nothing to a token: without `diary:read` or `diary:write` every route is refused."""
    nina = await trusted(tiny, await tiny.family())
    token = (await nina.person.post("/v1/tokens", json={"name": "x", "scopes": [scope]})).json()["secret"]
    came = await asked(tiny.another_client(Authorization=f"Bearer {token}"), nina.child_id)
    assert {came[route] for route in GRANTED} == {"scope_missing"}
    assert {came[route] for route in PARENTS_ONLY} <= {"scope_missing", "child_unknown"}


@pytest.mark.parametrize("scope", ["diary:read", "diary:write"])
async def test_reading_and_telling_are_scopes_of_their_own(tiny: RunningGateway, scope: str) -> None:
    """A token that reads tells the school nothing, and one that tells reads nothing."""
    nina = await trusted(tiny, await tiny.family())
    token = (await nina.person.post("/v1/tokens", json={"name": "x", "scopes": [scope]})).json()["secret"]
    came = await asked(tiny.another_client(Authorization=f"Bearer {token}"), nina.child_id)
    let_in = WRITES if scope == "diary:write" else GRANTED.keys() - WRITES
    assert {route for route in GRANTED if came[route] == "let in"} == let_in
    assert {came[route] for route in GRANTED.keys() - let_in} == {"scope_missing"}


async def test_a_token_with_the_scope_gets_what_was_granted(tiny: RunningGateway) -> None:
    """With `diary:read` a token of hers reads what the grant opens, and no more."""
    nina = await trusted(tiny, await tiny.family(), {Right.HOMEWORK})
    new = {"name": "x", "scopes": ["diary:read"]}
    token = (await nina.person.post("/v1/tokens", json=new)).json()["secret"]
    came = await asked(tiny.another_client(Authorization=f"Bearer {token}"), nina.child_id)
    assert {route for route, outcome in came.items() if outcome == "let in"} == {
        "GET /v1/children/{child_id}",
        "GET /v1/children/{child_id}/homework",
        "GET /v1/children/{child_id}/homework/overdue",
        "GET /v1/children/{child_id}/homework/{homework_id}/attachments/{attachment_id}",
    }


async def test_a_grant_changes_nothing_for_the_parent(tiny: RunningGateway) -> None:
    """With others let in, the parent reads and manages as before."""
    family: LinkedFamily = await tiny.family()
    await trusted(tiny, family, {Right.HOMEWORK})
    came = await asked(family.parent, family.child_ids[0])
    assert {route for route in GRANTED if came[route] != "let in"} == set()
