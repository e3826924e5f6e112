"""The flow from the redirect to the person, against a stub that checks our signatures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.plugins.gosuslugi.esia_stub import CODE, HOST, STATE, Esia, parent_pages
from tests.plugins.gosuslugi.parties import Party, header, id_claims, rsa_token, sample
from tests.plugins.gosuslugi.settings import given
from tests.plugins.gosuslugi.walking import ALL, CALLBACK, opened, reached, walked

from diary_core.errors import (
    CodeExpired,
    ConsentRefused,
    DiaryError,
    IdentityServiceChanged,
    IdentityServiceDown,
    IdentityUnproven,
    Misconfigured,
    SignInMismatch,
    SignInRejected,
    Unexpected,
)
from diary_core.identity import AccountLevel, Fact, Identity, KnownChild
from diary_core.people import PersonName, Snils
from diary_core.plugins import installed, load
from diary_core.sign_in import Callback, Reply
from diary_gosuslugi import GosuslugiIdentity

pytestmark = pytest.mark.anyio


@pytest.fixture
def stub(party: Party, esia: Party) -> Esia:
    """The published parent."""
    return Esia(party, esia, pages=parent_pages())


async def failed(stub: Esia, reply: Mapping[str, str] | None = None) -> DiaryError:
    """How a walk fails."""
    provider = GosuslugiIdentity()
    async with opened(stub) as channel:
        redirect = await provider.begin(channel, CALLBACK, {Fact.NAME})
        values = stub.authorized(redirect.url) if reply is None else reply
        with pytest.raises(DiaryError) as error:
            await provider.answer(channel, redirect.carry, Reply(values=values))
        return error.value


@pytest.mark.parametrize("gost", [True, False])
async def test_the_published_parent(gost: bool, stub: Esia) -> None:
    """Name, birth date, СНИЛС, children and verified contacts; with signatures checked on both sides."""
    stub.gost = gost
    assert await walked(stub) == Identity(
        provider="gosuslugi",
        subject="1000999001",
        name=PersonName(last="Примерова-Тестова", first="Алёна", middle="Игоревна"),
        birth_date=date(1988, 3, 14),
        snils=Snils("000-000-701 22"),
        level=AccountLevel.CONFIRMED,
        children=(
            KnownChild(
                name=PersonName(last="Примеров", first="Фёдор", middle="Олегович"),
                birth_date=date(2014, 9, 2),
                snils=Snils("000-000-702 23"),
            ),
            KnownChild(
                name=PersonName(last="Примерова", first="Мария"), birth_date=date(2019, 1, 11), snils=None
            ),
        ),
        email="alena.primerova@example.org",
        phone="+7(000)0000701",
    )


async def test_consent_is_asked_only_as_needed(stub: Esia) -> None:
    """To sign in, the name alone; nothing more is asked of REST either."""
    provider = GosuslugiIdentity()
    async with opened(stub) as channel:
        redirect = await provider.begin(channel, CALLBACK, {Fact.NAME})
    assert parse_qs(urlsplit(redirect.url).query)["scope"] == ["openid fullname"]
    told = await walked(stub, {Fact.NAME})
    assert stub.calls == ["/aas/oauth2/v3/te", "/rs/prns/1000999001"]
    assert told.children == ()
    assert told.missing == frozenset()


async def test_the_redirect(stub: Esia) -> None:
    """The address is ЕСИА's own, the state is the gateway's, and what is kept for later holds no secret."""
    async with opened(stub) as channel:
        redirect = await GosuslugiIdentity().begin(channel, CALLBACK, ALL)
    query = {name: values[0] for name, values in parse_qs(urlsplit(redirect.url).query).items()}
    assert redirect.url.startswith(f"{HOST}/aas/oauth2/v2/ac?")
    assert (query["state"], query["access_type"], query["response_type"]) == (STATE, "online", "code")
    assert set(query) == {
        *("access_type", "client_certificate_hash", "client_id", "client_secret", "redirect_uri"),
        *("response_type", "scope", "state", "timestamp"),
    }
    assert query["client_secret"] not in str(redirect.carry)


async def test_the_token_request_has_a_state_of_its_own(stub: Esia) -> None:
    """A fresh lower-case UUID, not the one the browser saw; scope and address are the same."""
    await walked(stub)
    form = stub.forms[0]
    assert form["state"] != STATE
    assert len(form["state"]) == 36
    assert form["state"] == form["state"].lower()
    assert (form["grant_type"], form["token_type"], form["code"]) == ("authorization_code", "Bearer", CODE)
    assert form["redirect_uri"] == CALLBACK.url


@pytest.mark.parametrize("state", ["", "abc", STATE.upper(), STATE.replace("-", ""), f"{STATE}x"])
async def test_a_state_of_another_form_is_our_own_fault(state: str, stub: Esia) -> None:
    """ЕСИА takes a lower-case UUID with dashes and nothing else, so nothing else is sent."""
    async with opened(stub) as channel:
        with pytest.raises(Unexpected):
            await GosuslugiIdentity().begin(channel, Callback(url=CALLBACK.url, state=state), ALL)


async def test_another_state_is_refused(stub: Esia) -> None:
    """A callback made for another sign-in, or by a stranger, goes no further."""
    for values in ({"code": CODE}, {"code": CODE, "state": "b" + STATE[1:]}, {"code": CODE, "state": ""}):
        assert isinstance(await failed(stub, values), SignInMismatch)
    assert stub.calls == []


async def test_a_refused_consent(stub: Esia) -> None:
    """The published callback of somebody who pressed no."""
    assert isinstance(await failed(stub, sample("callback")["user_declined"]["query"]), ConsentRefused)
    assert stub.calls == []


@pytest.mark.parametrize("values", [{}, {"code": ""}, {"code": "x" * 8193}])
async def test_no_code_or_too_long_a_one(values: dict[str, str], stub: Esia) -> None:
    """A genuine code has some 1300 characters; above 8192 it is not even sent on."""
    assert isinstance(await failed(stub, {**values, "state": STATE}), SignInRejected)
    assert stub.calls == []


async def test_a_long_genuine_code_travels(stub: Esia) -> None:
    """The code is a token of 1.3 KB and more; nothing cuts it."""
    long = "x" * 8192
    provider = GosuslugiIdentity()
    async with opened(stub) as channel:
        redirect = await provider.begin(channel, CALLBACK, {Fact.NAME})
        await provider.answer(channel, redirect.carry, Reply(values={"code": long, "state": STATE}))
    assert stub.forms[0]["code"] == long


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "ESIA-007011: x"}, CodeExpired),
        (400, {"error": "access_denied", "error_description": "ESIA-007053: x"}, Misconfigured),
        (400, "<html><body>error</body></html>", IdentityServiceDown),
        (200, "<html><body>error</body></html>", IdentityServiceDown),
        (500, "<html><body>error</body></html>", IdentityServiceDown),
        (502, {"error": "x"}, IdentityServiceDown),
        (429, {"error": "x"}, IdentityServiceDown),
        (200, {}, IdentityServiceChanged),
        (200, {"access_token": 1}, IdentityServiceChanged),
        (302, {}, IdentityServiceChanged),
        (401, {"error": "invalid_client"}, Misconfigured),
        (403, {"unknown": "body"}, SignInRejected),
    ],
)
async def test_failures_of_the_token_endpoint(
    status: int, body: dict[str, object] | str, kind: type[DiaryError], stub: Esia
) -> None:
    """JSON or a web page, each ends in a sentence of ours, none of them about a diary."""
    stub.answers["/aas/oauth2/v3/te"] = (status, body)
    error = await failed(stub)
    assert isinstance(error, kind)
    assert "дневник" not in error.title.ru.lower()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": STATE}, "state"),
        ({"id_token": None}, "id_token"),
        ({"id_token": rsa_token(header("id", "HS256"), id_claims())}, "id_token.alg"),
        ({"access_token": "opaque"}, "access_token"),
    ],
)
async def test_an_answer_that_proves_nothing(changes: dict[str, object], field: str, stub: Esia) -> None:
    """Another state, no id token, tokens of another making: nobody is signed in."""
    stub.token_changes = changes
    error = await failed(stub)
    assert isinstance(error, IdentityUnproven)
    assert error.field == field
    assert stub.calls == ["/aas/oauth2/v3/te"]


@pytest.mark.parametrize("expires_in", [3600, "3600"])
async def test_the_lifetime_is_a_number_or_its_digits(expires_in: object, stub: Esia) -> None:
    """Clients saw both."""
    stub.expires_in = expires_in
    assert (await walked(stub)).level is AccountLevel.CONFIRMED


async def test_ids_as_strings(stub: Esia) -> None:
    """A subject written as a string is the same subject."""
    stub.oid = "1000999001"
    assert (await walked(stub)).subject == "1000999001"


async def test_links_are_fetched_one_by_one(stub: Esia) -> None:
    """A collection of links gives what the embedded one gives, and the token goes to our host only."""
    whole = await walked(stub)
    stub.calls.clear()
    for name in ("kids", "ctts", "docs"):
        body = sample(name)
        for element in body["elements"]:
            stub.pages[f"/{name}/{element['id']}"] = element
        links = [f"https://elsewhere.example.org/{name}/{element['id']}" for element in body["elements"]]
        stub.pages[f"/{name}"] = {**body, "elements": links}
    assert await walked(stub) == whole
    assert "/rs/prns/1000999001/ctts/810001" in stub.calls


@pytest.mark.parametrize("links", [["https://esia/rs/../../x?y="], ["x" * 600], ["/1"] * 51, [7], [None]])
async def test_odd_links_lose_their_collection_only(links: list[object], stub: Esia) -> None:
    """Whatever stands where a link should, the person is signed in and the fact is named as missing."""
    stub.pages["/kids"] = {"elements": links}
    told = await walked(stub)
    assert told.children == ()
    assert told.missing == {Fact.CHILDREN}
    assert told.snils


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        ("openid fullname", ALL - {Fact.NAME}),
        ("openid fullname snils", ALL - {Fact.NAME, Fact.SNILS}),
        ("openid", ALL),
        ("openid fullname birthdate snils id_doc email mobile kid_fullname", {Fact.CHILDREN}),
    ],
)
async def test_missing_consents_are_missing_facts(granted: str, missing: set[Fact], stub: Esia) -> None:
    """What was not consented to is not asked for, and is named; the rest is there."""
    stub.granted = granted
    page = dict(sample("prns_parent_confirmed"))
    gone = {
        "fullname": ("firstName", "lastName", "middleName"),
        "birthdate": ("birthDate",),
        "snils": ("snils",),
    }
    for scope, fields in gone.items():
        if scope not in granted.split():
            for name in fields:
                del page[name]
    stub.pages[""] = page
    assert (await walked(stub)).missing == missing


@pytest.mark.parametrize("path", ["", "/kids", "/ctts", "/docs"])
async def test_403_is_a_missing_fact(path: str, stub: Esia) -> None:
    """A collection, or even the person's own page, may be closed to us: the sign-in still stands."""
    del stub.pages[path]
    told = await walked(stub)
    lost = {
        "": {Fact.NAME, Fact.BIRTH_DATE, Fact.SNILS},
        "/kids": {Fact.CHILDREN},
        "/ctts": {Fact.CONTACTS},
        "/docs": {Fact.DOCUMENTS},
    }
    assert told.missing == lost[path]
    assert told.subject == "1000999001"


@pytest.mark.parametrize(
    "answer", [(500, "<html>"), (503, {}), (404, {}), (401, {}), (200, "<html>"), (200, {"elements": 7})]
)
async def test_a_broken_collection_is_a_missing_fact(answer: tuple[int, object], stub: Esia) -> None:
    """The code is spent by now, so a collection in trouble must not cost the parent the sign-in."""
    stub.answers["/rs/prns/1000999001/kids"] = answer  # pyright: ignore[reportArgumentType]  any body
    told = await walked(stub)
    assert told.missing == {Fact.CHILDREN}
    assert told.name


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((500, "<html>"), IdentityServiceDown),
        ((401, {"code": "ESIA-005011"}), SignInRejected),
        ((404, {"code": "ESIA-000404"}), IdentityServiceChanged),
        ((200, "<html>"), IdentityServiceDown),
        ((200, "[]"), IdentityServiceChanged),
    ],
)
async def test_a_broken_page_of_the_person_ends_it(
    answer: tuple[int, dict[str, object] | str], kind: type[DiaryError], stub: Esia
) -> None:
    """Without the person there is nobody to sign in; the parent is told whose trouble it is."""
    stub.answers["/rs/prns/1000999001"] = answer
    assert isinstance(await failed(stub), kind)


async def test_a_stuck_service_costs_its_timeout(stub: Esia) -> None:
    """Where the code is traded or the person told, silence ends in a sentence; of an extra, in a gap."""
    for path in ("/aas/oauth2/v3/te", "/rs/prns/1000999001"):
        stub.stuck_at = path
        assert isinstance(await failed(stub), IdentityServiceDown)
    stub.stuck_at = "/rs/prns/1000999001/kids"
    assert (await walked(stub)).missing == {Fact.CHILDREN}


async def test_approved_scopes_bound_what_is_asked(stub: Esia) -> None:
    """A system without the right to СНИЛС never asks for it, and says that it is missing."""
    told = await walked(stub, {Fact.NAME, Fact.SNILS}, scopes="openid fullname")
    assert stub.forms[0]["scope"] == "openid fullname"
    assert Fact.SNILS in told.missing


async def test_the_legacy_pair(stub: Esia) -> None:
    """Where the operator says so, the older endpoints are used."""
    stub.answers["/aas/oauth2/te"] = (400, {"error": "invalid_grant", "error_description": "ESIA-007011"})
    provider = GosuslugiIdentity()
    async with opened(stub, endpoints="legacy") as channel:
        redirect = await provider.begin(channel, CALLBACK, {Fact.NAME})
        with pytest.raises(CodeExpired):
            await provider.answer(channel, redirect.carry, Reply(values={"code": CODE, "state": STATE}))
    assert redirect.url.startswith(f"{HOST}/aas/oauth2/ac?")
    assert "client_certificate_hash" not in redirect.url
    assert stub.calls == ["/aas/oauth2/te"]


async def test_many_at_once(stub: Esia) -> None:
    """Sign-ins side by side do not mix, with GOST all the way."""
    stub.gost = True
    told = await asyncio.gather(*(walked(stub) for _ in range(3)))
    assert len({one.model_dump_json() for one in told}) == 1


async def test_it_is_off_until_configured(stub: Esia) -> None:
    """Without a client id there is no server; with one alone, what is missing is named."""
    provider = GosuslugiIdentity()
    assert provider.instance({}) is None
    half = {"client_id": given(stub.ours, stub.key)["client_id"]}
    async with reached(stub, half) as channel:
        with pytest.raises(Misconfigured) as error:
            await provider.begin(channel, CALLBACK, ALL)
    assert error.value.field in {"key_file", "certificate_file", "trusted_certificates"}


def test_the_environment_chooses_the_server(party: Party, esia: Party) -> None:
    """Production unless the operator says test; anything else is refused at once."""
    provider = GosuslugiIdentity()
    found = [provider.instance(given(party, esia, **more)) for more in ({}, {"environment": "test"})]
    assert [one and one.slug for one in found] == ["production", "test"]
    with pytest.raises(Misconfigured):
        provider.instance(given(party, esia, environment="staging"))


async def test_signing_out_at_gosuslugi(stub: Esia) -> None:
    """The parameter is `redirect_url`, and the address comes back encoded."""
    async with opened(stub) as channel:
        url = GosuslugiIdentity().sign_out_url(channel, "https://gateway.example.org/?a=1&b=2")
    assert url == (
        f"{HOST}/idp/ext/Logout?client_id=DIARYGW01"
        "&redirect_url=https%3A%2F%2Fgateway.example.org%2F%3Fa%3D1%26b%3D2"
    )


def test_the_plugin_is_found_by_its_entry_point() -> None:
    """Installed, it brings one identity provider and reads nothing."""
    plugins = load({"gosuslugi": installed()["gosuslugi"]})
    assert list(plugins.identity_providers) == ["gosuslugi"]
    assert [one.slug for one in plugins.identity_providers["gosuslugi"].instances()] == ["production", "test"]
