"""Signing in to the gateway through an identity service."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from pydantic import SecretStr
from tests.api.identities.stack import ENTER, Stack
from tests.api.identities.state_service import BASE, SUBJECT, StateOffice, a_person
from tests.api.identities.walking import entered, proven, redeemed, to_enter, to_prove
from tests.api.running import EMAIL, PASSWORD, PUBLIC_URL, RunningGateway

from diary_core.errors import IdentityServiceDown, Misconfigured, NotSignedIn
from diary_core.identity import AccountLevel, Fact

pytestmark = pytest.mark.anyio
PAGE = {"Accept": "text/html"}


async def test_the_first_time_makes_an_account_and_the_next_finds_it(
    gate: RunningGateway, office: StateOffice
) -> None:
    """One person has one account, whatever name they come with the next time."""
    first = (await (await entered(gate, office, a_person())).get("/v1/me")).json()
    again = (await (await entered(gate, office, a_person(name=None, snils=None))).get("/v1/me")).json()
    assert first["id"] == again["id"]
    assert first["email"] is None
    assert [(one["provider"], one["level"]) for one in first["identities"]] == [("state", "confirmed")]


async def test_only_what_is_needed_is_asked(gate: RunningGateway, office: StateOffice) -> None:
    """Neither contacts nor children are asked for."""
    await entered(gate, office, a_person())
    assert office.asked == [{Fact.NAME, Fact.BIRTH_DATE, Fact.SNILS, Fact.DOCUMENTS}]


async def test_nothing_is_merged_by_name_or_number(gate: RunningGateway, office: StateOffice) -> None:
    """Another subject with the same name and СНИЛС is another person with another account."""
    one = (await (await entered(gate, office, a_person())).get("/v1/me")).json()
    two = (await (await entered(gate, office, a_person(subject="2"))).get("/v1/me")).json()
    assert one["id"] != two["id"]


async def test_an_account_may_get_a_password_later(gate: RunningGateway, office: StateOffice) -> None:
    """It then opens by either way, and the password is set once."""
    parent = await entered(gate, office, a_person())
    body = {"email": EMAIL, "password": PASSWORD}
    given = await parent.put("/v1/me/password", json=body)
    assert (given.status_code, given.json()["email"]) == (200, EMAIL)
    assert (await gate.client.post("/v1/sessions", json=body)).status_code == 201
    assert (await parent.put("/v1/me/password", json=body)).json()["code"] == "conflict"
    assert (await entered(gate, office, a_person())) is not None


async def test_a_password_account_may_prove_who_owns_it(gate: RunningGateway, office: StateOffice) -> None:
    """From then on the same account opens through the service; the level is told, the number never."""
    parent = await gate.parent()
    before = (await parent.get("/v1/me")).json()
    done = await proven(gate, office, parent, a_person(level=AccountLevel.STANDARD))
    assert done.json() == {"purpose": "prove", "level": "standard", "code": None}
    shown = (await parent.get("/v1/me")).json()
    assert [(one["provider"], one["level"]) for one in shown["identities"]] == [("state", "standard")]
    assert set(shown["identities"][0]) == {"id", "provider", "level", "proven_at"}
    assert (await (await entered(gate, office, a_person())).get("/v1/me")).json()["id"] == before["id"]


async def test_a_person_of_another_account_is_refused(gate: RunningGateway, office: StateOffice) -> None:
    """The proof is refused, and neither account changes."""
    owner = await entered(gate, office, a_person())
    parent = await gate.parent()
    refused = await proven(gate, office, parent, a_person())
    assert (refused.status_code, refused.json()["code"]) == (409, "identity_taken")
    assert (await parent.get("/v1/me")).json()["identities"] == []
    assert len((await owner.get("/v1/me")).json()["identities"]) == 1


async def test_an_account_has_one_owner(gate: RunningGateway, office: StateOffice) -> None:
    """A second person of the same service is refused; the first may be proven anew."""
    parent = await gate.parent()
    await proven(gate, office, parent, a_person(level=AccountLevel.SIMPLIFIED))
    assert (await proven(gate, office, parent, a_person(subject="2"))).json()["code"] == "conflict"
    await proven(gate, office, parent, a_person())
    levels = [one["level"] for one in (await parent.get("/v1/me")).json()["identities"]]
    assert levels == ["confirmed"]


async def test_an_identity_may_be_removed_but_not_the_last_way_in(
    gate: RunningGateway, office: StateOffice
) -> None:
    """Without a password the identity stays; with one it goes, and the person may have another account."""
    parent = await entered(gate, office, a_person())
    identity = (await parent.get("/v1/me")).json()["identities"][0]["id"]
    assert (await parent.delete(f"/v1/me/identities/{identity}")).json()["code"] == "conflict"
    await parent.put("/v1/me/password", json={"email": EMAIL, "password": PASSWORD})
    assert (await parent.delete(f"/v1/me/identities/{identity}")).status_code == 204
    assert (await parent.get("/v1/me")).json()["identities"] == []
    another = await entered(gate, office, a_person())
    assert (await another.get("/v1/me")).json()["id"] != (await parent.get("/v1/me")).json()["id"]


async def test_an_erased_account_leaves_nobody(gate: RunningGateway, office: StateOffice) -> None:
    """The person may come again, to a new account."""
    parent = await entered(gate, office, a_person())
    old = (await parent.get("/v1/me")).json()["id"]
    assert (await parent.delete("/v1/me")).status_code == 200
    assert (await (await entered(gate, office, a_person())).get("/v1/me")).json()["id"] != old


async def test_an_account_erased_meanwhile_begins_nothing(gate: RunningGateway) -> None:
    """Its owner was let in before it went."""
    parent = await gate.parent()
    account_id = (await parent.get("/v1/me")).json()["id"]
    assert (await parent.delete("/v1/me")).status_code == 200
    with pytest.raises(NotSignedIn):
        await gate.gateway.proofs.begin_to_prove("state", account_id)


async def test_neither_key_nor_code_opens_alone(gate: RunningGateway, office: StateOffice) -> None:
    """Who sent the link has the key, who came back sees the code: each alone is refused, at last for good."""
    way = await to_enter(gate)
    assert (await redeemed(gate, way.key, "XXXX-XXXX")).json()["code"] == "conflict"
    code = (await way.back(code=office.consent(a_person()))).json()["code"]
    assert (await redeemed(gate, "dgk_another", code)).json()["code"] == "sign_in_expired"
    tries = [(await redeemed(gate, way.key, "XXXX-XXXX")).json()["code"] for _ in range(6)]
    assert tries == ["wrong_code"] * 5 + ["sign_in_expired"]
    assert (await redeemed(gate, way.key, code)).json()["code"] == "sign_in_expired"


async def test_a_code_works_once_and_not_for_long(gate: RunningGateway, office: StateOffice) -> None:
    """A second use and a late use are refused; case and spaces do not matter."""
    way = await to_enter(gate)
    code = (await way.back(code=office.consent(a_person()))).json()["code"]
    assert (await redeemed(gate, way.key, f" {code.lower().replace('-', ' ')} ")).status_code == 201
    assert (await redeemed(gate, way.key, code)).json()["code"] == "sign_in_expired"
    late = await to_enter(gate)
    code = (await late.back(code=office.consent(a_person()))).json()["code"]
    gate.clock.move(timedelta(minutes=11))
    assert (await redeemed(gate, late.key, code)).json()["code"] == "sign_in_expired"


async def test_a_redirect_comes_back_once(gate: RunningGateway, office: StateOffice) -> None:
    """A replayed callback is refused, whatever code it brings, and the code shown stays good."""
    way = await to_enter(gate)
    code = (await way.back(code=office.consent(a_person()))).json()["code"]
    replay = await way.back(code=office.consent(a_person(subject="attacker")))
    assert (replay.status_code, replay.json()["code"]) == (409, "sign_in_expired")
    assert (await redeemed(gate, way.key, code)).status_code == 201


async def test_another_browser_is_refused(gate: RunningGateway, office: StateOffice) -> None:
    """A stolen callback address is worth nothing in another browser, with a cookie of its own or without."""
    way, other = await to_enter(gate), await to_enter(gate)
    query = {"state": way.state, "code": office.consent(a_person())}
    for browser in (gate.another_client(), other.browser):
        answer = await browser.get("/v1/callback", params=query, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (409, "sign_in_mismatch")
    assert (await way.back(code=query["code"])).status_code == 200


async def test_a_proof_does_not_enter(gate: RunningGateway, office: StateOffice) -> None:
    """What was begun to prove gives no code and has no key: it can open no session."""
    parent = await gate.parent()
    way = await to_prove(gate, parent)
    done = await way.back(code=office.consent(a_person()))
    assert done.json()["code"] is None
    assert (await redeemed(gate, "dgk_", "XXXX-XXXX")).json()["code"] == "sign_in_expired"


async def test_a_refusal_can_be_tried_again_in_the_same_browser(
    gate: RunningGateway, office: StateOffice
) -> None:
    """The page says what happened and leads on; whoever began still opens the session with the same key."""
    way = await to_enter(gate)
    refused = await way.browser.get(
        "/v1/callback", params={"state": way.state, "error": "access_denied"}, headers=PAGE
    )
    assert refused.status_code == 409
    again = refused.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    gone = await way.browser.get(again, headers=PAGE)
    assert gone.status_code == 303
    second = await way.browser.get(gone.headers["location"], headers={"Accept": "application/json"})
    state = second.headers["location"].partition("state=")[2]
    page = await way.browser.get(
        "/v1/callback",
        params={"state": state, "code": office.consent(a_person())},
        headers=PAGE,
        follow_redirects=True,
    )
    code = page.text.partition('id="code">')[2].partition("<")[0]
    assert (await redeemed(gate, way.key, code)).status_code == 201
    repeated = await way.browser.get(again, headers={"Accept": "application/json"})
    assert repeated.json()["code"] == "sign_in_expired"


async def test_a_service_in_trouble_loses_nothing(gate: RunningGateway, office: StateOffice) -> None:
    """The same redirect may come back again when the service is well."""
    way = await to_enter(gate)
    office.trouble = IdentityServiceDown("as if")
    code = office.consent(a_person())
    down = await way.back(code=code)
    assert (down.status_code, down.json()["code"]) == (503, "identity_service_down")
    office.trouble = None
    assert (await way.back(code=code)).status_code == 200


async def test_a_service_that_is_off_is_unknown(gate: RunningGateway) -> None:
    """So is one nobody has brought."""
    answer = await gate.client.post("/v1/sign-in/gosuslugi")
    assert (answer.status_code, answer.json()["code"]) == (404, "provider_unknown")


async def test_the_page_says_whose_account_it_is_for(gate: RunningGateway) -> None:
    """A link sent by somebody else shows that somebody's account before anything happens."""
    parent = await gate.parent()
    begun = (await parent.post("/v1/me/identities", json={"provider": "state"})).json()
    page = await gate.another_client().get(begun["step"]["url"], headers=PAGE)
    assert "ol•••@example.org" in page.text
    assert SUBJECT not in page.text


async def test_an_address_begins_only_so_often(gate: RunningGateway) -> None:
    """Each beginning costs a signature, so one address is stopped after sixty."""
    seen = [(await gate.client.post("/v1/sign-in/state")).status_code for _ in range(61)]
    assert seen == [201] * 60 + [429]


async def test_a_refused_sign_in_is_tried_again_only_so_often(gate: RunningGateway) -> None:
    """A browser that refuses and begins anew, over and over, is stopped like one that only begins."""
    way = await to_enter(gate)
    browser, state, seen = way.browser, way.state, list[int]()
    for _ in range(60):
        refused = await browser.get(
            "/v1/callback", params={"state": state, "error": "access_denied"}, headers=PAGE
        )
        again = refused.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
        gone = await browser.get(again, headers=PAGE)
        seen.append(gone.status_code)
        if gone.status_code == 303:
            left = await browser.get(gone.headers["location"], headers={"Accept": "application/json"})
            state = left.headers["location"].partition("state=")[2]
    assert seen == [303] * 59 + [429]


async def test_an_account_begins_to_prove_only_so_often(gate: RunningGateway) -> None:
    """Whoever is signed in costs the same signature."""
    parent = await gate.parent()
    asked = [await parent.post("/v1/me/identities", json={"provider": "state"}) for _ in range(61)]
    assert [answer.status_code for answer in asked] == [201] * 60 + [429]


async def test_two_tabs_make_one_account(gate: RunningGateway, office: StateOffice) -> None:
    """Both come back, and both open the same account."""
    one, two = await to_enter(gate), await to_enter(gate)
    codes = [(await way.back(code=office.consent(a_person()))).json()["code"] for way in (one, two)]
    ids: set[str] = set()
    for way, code in zip((one, two), codes, strict=True):
        secret = (await redeemed(gate, way.key, code)).json()["secret"]
        me = await gate.client.get("/v1/me", headers={"Authorization": f"Bearer {secret}"})
        ids.add(me.json()["id"])
    assert len(ids) == 1


async def test_a_link_is_opened_by_one_browser(gate: RunningGateway) -> None:
    """After one browser has gone to the service, no other may."""
    way = await to_enter(gate)
    other = await gate.another_client().get(way.link, headers={"Accept": "application/json"})
    assert other.json()["code"] == "sign_in_mismatch"


async def test_a_browser_is_led_out_of_the_service(gate: RunningGateway, office: StateOffice) -> None:
    """A program is told the address, a browser is sent there, and comes back to a page that says so."""
    way_out = "/v1/sign-in/state/sign-out"
    told = await gate.client.get(way_out)
    assert told.json() == {"url": f"{BASE}/out?back={PUBLIC_URL}/v1/sign-in/state/signed-out"}
    sent = await gate.client.get(way_out, headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, told.json()["url"])
    page = await gate.client.get(sent.headers["location"].partition("back=")[2])
    assert (page.status_code, "Вы вышли" in page.text) == (200, True)
    office.signs_out = False
    refused = [await gate.client.get(way_out), await gate.client.get(way_out.replace("state", "other"))]
    assert [answer.json()["code"] for answer in refused] == ["not_supported", "provider_unknown"]
    shown = await gate.client.get(way_out, headers=PAGE)
    assert (shown.status_code, shown.headers["content-type"]) == (409, "text/html; charset=utf-8")


async def test_a_way_out_that_is_broken_hides_nothing(gate: RunningGateway, office: StateOffice) -> None:
    """The last page offers the way out, and does without where the service is not configured well."""
    way = await to_enter(gate)
    code = (await way.back(code=office.consent(a_person()))).json()["code"]
    offered = await way.browser.get(f"{way.link}/outcome", headers=PAGE)
    office.trouble = Misconfigured("an option is wrong")
    without = await way.browser.get(f"{way.link}/outcome", headers=PAGE)
    assert [(code in page.text, f"{BASE}/out" in page.text) for page in (offered, without)] == [
        (True, True),
        (True, False),
    ]


async def test_an_old_link_leads_there_by_a_new_address(gate: RunningGateway, office: StateOffice) -> None:
    """With the same state, so that any tab may come back; trouble is told; and it costs only so much."""
    way = await to_enter(gate)

    async def opened() -> httpx2.Response:
        return await way.browser.get(way.link, headers={"Accept": "application/json"})

    assert len(office.asked) == 1
    gate.clock.move(timedelta(minutes=2))
    assert (await opened()).headers["location"] == f"{BASE}/go?state={way.state}"
    assert len(office.asked) == 2
    office.trouble = IdentityServiceDown("as if")
    assert (await opened()).json()["code"] == "identity_service_down"
    office.trouble = None
    assert [(await opened()).status_code for _ in range(59)] == [303] * 58 + [429]
    assert (await way.back(code=office.consent(a_person()))).status_code == 200


async def test_a_service_asked_for_something_else_meanwhile(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link made under other settings is over, and says so; the next one works."""
    begun, window = await stack.begun(ENTER), await stack.window()
    monkeypatch.setitem(stack.gateway.settings.options["gosuslugi"], "scopes", SecretStr("openid fullname"))
    stack.sandbox.clock.advance(timedelta(minutes=2))
    answer = await window.http.get(begun.link, headers={"Accept": "application/json"})
    assert answer.json()["code"] == "sign_in_expired"
    assert (await stack.entered(ENTER.login)).headers["Authorization"]
