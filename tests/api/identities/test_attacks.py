"""What a stranger tries with links, states, codes and callbacks, over real HTTP and at every door."""

from __future__ import annotations

import itertools
from urllib.parse import urlencode

import httpx2
import pytest
from tests.api.identities.stack import CITY, DNEVNIK, DOORS, ENTER, NODE, PROVE, WHO, Begun, Door, Stack
from tests.api.identities.window import Window, query_of
from tests.more import quick_first

pytestmark = pytest.mark.anyio
EVERYBODY = "yo_written_e"
"""A mother with an account in each of the three diaries."""
LINKS = (CITY, DNEVNIK, NODE)
FORGED = "7f1b0c5e-0d8e-4a3f-9d55-0123456789ab"

every_door = pytest.mark.parametrize("door", quick_first(DOORS, quick=2), ids=lambda door: door.name)


async def begun(stack: Stack, door: Door) -> tuple[httpx2.AsyncClient, Begun, Window, str]:
    """Go through a door as far as the callback."""
    parent, window = await stack.parent(), await stack.window()
    sign_in = await stack.begun(door, parent)
    return parent, sign_in, window, await stack.arrived(sign_in, window)


async def done(stack: Stack, parent: httpx2.AsyncClient, sign_in: Begun) -> bool:
    """Tell whether a sign-in has led to anything: an account, a proof or a link."""
    if sign_in.door is ENTER:
        body = {"key": sign_in.key, "code": "XXXX-XXXX"}
        refused = await parent.post("/v1/sign-in/gosuslugi/session", json=body)
        return refused.json()["code"] == "wrong_code"
    if sign_in.door is PROVE:
        return (await parent.get("/v1/me")).json()["identities"] != []
    return (await stack.connection(parent, sign_in))["state"] == "active"


def code_of(page: httpx2.Response) -> str | None:
    """Return the error code a page shows, None for a page that shows none."""
    return page.text.partition("Код ошибки: ")[2].partition(".")[0] or None


def told_by(page: httpx2.Response) -> str:
    """Return what a page says, without what differs each time it is drawn."""
    return page.text.partition("<main>")[2]


@every_door
async def test_a_stolen_callback_opens_nothing_elsewhere(stack: Stack, door: Door) -> None:
    """In a browser without our cookie or with its own it is refused; the rightful one still comes back."""
    parent, sign_in, window, address = await begun(stack, door)
    bare, other = await stack.window(), await stack.window()
    await stack.arrived(await stack.begun(ENTER), other)
    for thief in (bare, other):
        page = await thief.back(address)
        assert (page.status_code, code_of(page)) == (409, "sign_in_mismatch")
        assert "Попробовать ещё раз" not in page.text
    assert not await done(stack, parent, sign_in)
    assert (await window.back(address)).status_code == 200
    assert await done(stack, parent, sign_in)


@every_door
async def test_a_callback_works_once(stack: Stack, door: Door) -> None:
    """Replayed it is refused; the browser that brought it is shown again what it has led to."""
    parent, sign_in, window, address = await begun(stack, door)
    first = await window.back(address)
    assert first.status_code == 200
    for _ in range(2):
        again = await window.http.get(address, headers={"Accept": "application/json"})
        assert (again.status_code, again.json()["code"]) == (409, "sign_in_expired")
        shown = await window.back(address)
        assert (shown.url, told_by(shown)) == (first.url, told_by(first))
    assert await done(stack, parent, sign_in)


@every_door
async def test_a_state_we_did_not_give_out(stack: Stack, door: Door) -> None:
    """Forged, changed, doubled or missing, it spends neither the code nor the sign-in."""
    parent, sign_in, window, address = await begun(stack, door)
    query = query_of(address)
    states = [FORGED, query["state"][:-1], query["state"].upper(), f"{query['state']} ", "../x"]
    strange = [urlencode({**query, "state": state}) for state in states]
    strange += [urlencode({"code": query["code"]}), urlencode([*query.items(), ("state", FORGED)])]
    for one in strange:
        page = await window.back(f"{window.callback}?{one}")
        assert (page.status_code, code_of(page)) == (409, "sign_in_mismatch")
    assert not await done(stack, parent, sign_in)
    assert (await window.back(address)).status_code == 200


@every_door
async def test_somebody_elses_sign_in_is_not_finished_here(stack: Stack, door: Door) -> None:
    """CSRF on the callback: a victim's browser made to call the attacker's address changes nothing."""
    attacker, sign_in, _, address = await begun(stack, door)
    victim, window = await stack.parent("victim@example.org"), await stack.window()
    own = await stack.begun(door, victim)
    own_address = await stack.arrived(own, window)
    lured = await window.back(address)
    assert (lured.status_code, code_of(lured)) == (409, "sign_in_mismatch")
    assert not await done(stack, attacker, sign_in)
    assert not await done(stack, victim, own)
    assert (await window.back(own_address)).status_code == 200


@every_door
async def test_a_sign_in_is_fixed_on_nobody(stack: Stack, door: Door) -> None:
    """A link an attacker has opened is dead for everybody else, and one sent on binds nobody unasked."""
    attacker, trap = await stack.parent(), await stack.window()
    sent = await stack.begun(door, attacker)
    await stack.arrived(sent, trap)
    victim = await stack.window()
    refused = await victim.http.get(sent.link)
    assert (refused.status_code, code_of(refused)) == (409, "sign_in_mismatch")
    fresh = await stack.begun(door, attacker)
    page = await victim.http.get(fresh.link)
    assert page.status_code == 200
    for confirmation in ("", "x", "0" * 64):
        gone = await victim.http.get(f"{fresh.link}/go", params={"confirmation": confirmation})
        assert (gone.status_code, code_of(gone)) == (409, "sign_in_mismatch")
    if door is not ENTER:
        assert f"{WHO['email'][:2]}•••@example.org" in page.text


@pytest.mark.parametrize("door", [ENTER, PROVE, NODE, CITY], ids=lambda door: door.name)
async def test_a_stolen_code_opens_nothing_to_the_thief(stack: Stack, door: Door) -> None:
    """Taken before it is spent, and brought under the thief's own state in the thief's own browser.

    Дневник.ру alone binds its codes to nothing: whoever brings one first is let in.
    """
    parent, sign_in, window, address = await begun(stack, door)
    thief, own = await stack.parent("thief@example.org"), await stack.window()
    theirs = await stack.begun(door, thief)
    state = query_of(await stack.arrived(theirs, own))["state"]
    page = await own.back(f"{own.callback}?{urlencode({**query_of(address), 'state': state})}")
    refusal = "identity_unproven" if door in {ENTER, PROVE} else "code_expired"
    assert (page.status_code, code_of(page)) == (409, refusal)
    assert not await done(stack, thief, theirs)
    assert not await done(stack, parent, sign_in)
    if door is not NODE:  # the diary takes a code once, whoever brings it
        assert (await window.back(address)).status_code == 200


@every_door
async def test_a_spent_code_opens_nothing_again(stack: Stack, door: Door) -> None:
    """Replayed under a new state, in the very browser it came with, it is refused."""
    parent, _, window, address = await begun(stack, door)
    assert (await window.back(address)).status_code == 200
    again = await stack.begun(door, parent)
    state = query_of(await stack.arrived(again, window))["state"]
    page = await window.back(f"{window.callback}?{urlencode({**query_of(address), 'state': state})}")
    refusal = "identity_unproven" if door in {ENTER, PROVE} else "code_expired"
    assert (page.status_code, code_of(page)) == (409, refusal)


async def test_a_cookie_brought_along_opens_nothing(stack: Stack) -> None:
    """Session fixation: with the attacker's own cookie in the victim's browser, the page is still needed."""
    attacker, trap, victim = await stack.parent(), await stack.window(), await stack.window()
    sign_in = await stack.begun(NODE, attacker)
    page = await trap.http.get(sign_in.link)
    (name, planted) = next(iter(trap.http.cookies.items()))
    victim.http.cookies.set(name, "x" * 43)
    confirmation = query_of(page.text.partition('class="button" href="')[2].partition('"')[0])["confirmation"]
    gone = await victim.http.get(f"{sign_in.link}/go", params={"confirmation": confirmation})
    assert (gone.status_code, code_of(gone)) == (409, "sign_in_mismatch")
    assert planted not in page.text


ROUND = ((ENTER, DNEVNIK), (DNEVNIK, NODE), (NODE, CITY), (CITY, ENTER))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    quick_first(
        sorted(itertools.permutations((ENTER, *LINKS), 2), key=lambda pair: pair not in ROUND),
        quick=len(ROUND),
    ),
    ids=lambda door: door.name,
)
async def test_doors_are_not_mixed_up(stack: Stack, ours: Door, theirs: Door) -> None:
    """A code of one door under the state of another opens neither; its own return still works."""
    parent, window = await stack.parent(), await stack.window()
    one, two = await stack.begun(ours, parent), await stack.begun(theirs, parent)
    address = await window.go(one.link, EVERYBODY, button=ours.button)
    other = query_of(await window.go(two.link, EVERYBODY, button=theirs.button))
    mixed = await window.back(
        f"{window.callback}?{urlencode({**query_of(address), 'state': other['state']})}"
    )
    assert (mixed.status_code, code_of(mixed)) in {(409, "code_expired"), (409, "sign_in_rejected")}
    assert not await done(stack, parent, two)
    assert (await window.back(address)).status_code == 200
    assert await done(stack, parent, one)


@pytest.mark.parametrize("door", quick_first(LINKS), ids=lambda door: door.name)
async def test_a_code_for_a_diary_does_not_enter_the_gateway(stack: Stack, door: Door) -> None:
    """ЕСИА's code for the diary's own system, taken in flight, answers another sign-in: it is not sent."""
    window = await stack.window()
    link = await stack.begun(door, await stack.parent())
    stops = {
        "dnevnik": f"{stack.sandbox.url('login.dnevnik.ru')}/esia/return",
        "node": f"{stack.sandbox.url('authedu.mosreg.ru')}/v3/auth/esia/callback",
        "city": f"{stack.sandbox.url('login.mos.ru')}/sps/login/externalIdps/callback",
    }
    taken = query_of(await window.go(link.link, door.login, button=door.button, stop_at=stops[door.name]))
    assert len(taken["code"]) > 1000
    enter = await stack.begun(ENTER)
    ours = query_of(await window.go(enter.link, door.login))
    traded = dict(stack.sandbox.state.requests["esia.gosuslugi.ru"])
    page = await window.back(
        f"{window.callback}?{urlencode({'state': ours['state'], 'code': taken['code']})}"
    )
    assert (page.status_code, code_of(page)) == (409, "identity_unproven")
    assert dict(stack.sandbox.state.requests["esia.gosuslugi.ru"]) == traded
    assert not await done(stack, await stack.client(), enter)


@every_door
async def test_nobody_is_sent_elsewhere(stack: Stack, door: Door) -> None:
    """Open redirects: no parameter of ours, known or invented, leads a browser to another host."""
    evil = "https://evil.example/"
    names = ("redirect_uri", "redirect_url", "return_to", "ReturnUrl", "next", "url", "back", "RelayState")
    extra = urlencode(dict.fromkeys(names, evil))
    parent, sign_in, window, address = await begun(stack, door)
    answers = [
        await window.http.get(f"{sign_in.link}?{extra}"),
        await window.http.get(f"{sign_in.link}/go?{extra}"),
        await window.http.get(f"{sign_in.link}/again?{extra}"),
        await window.http.get(f"{window.callback}?{extra}"),
        await window.http.get(f"{stack.url}//evil.example/%2e%2e"),
        await window.back(f"{address}&{extra}"),
    ]
    assert [answer.headers.get("location") for answer in answers] == [None] * len(answers)
    assert [answer.url for answer in answers if "evil.example" in answer.text] == []
    assert await done(stack, parent, sign_in)


@every_door
async def test_endless_codes_cost_nothing(stack: Stack, door: Door) -> None:
    """Beyond 8 KB a callback is refused before anything is looked at, and the real one still works."""
    parent, sign_in, window, address = await begun(stack, door)
    state = query_of(address)["state"]
    for length in (8_200, 60_000):
        page = await window.back(f"{window.callback}?{urlencode({'state': state, 'code': 'x' * length})}")
        assert (page.status_code, code_of(page)) == (414, "address_too_long")
    assert not await done(stack, parent, sign_in)
    assert (await window.back(address)).status_code == 200


@every_door
async def test_an_invented_code_of_a_genuine_length(stack: Stack, door: Door) -> None:
    """1.3 KB of nothing is sent, refused, and told with a way to begin anew."""
    _, _, window, address = await begun(stack, door)
    query = urlencode({"state": query_of(address)["state"], "code": "eyJ" + "A" * 1300})
    page = await window.back(f"{window.callback}?{query}")
    assert (page.status_code, code_of(page)) == (409, "code_expired")
    assert "Попробовать ещё раз" in page.text
