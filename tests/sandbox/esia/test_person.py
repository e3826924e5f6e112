"""Who has an account, and what a token opens of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.sandbox.esia.conftest import (
    CONTROL,
    ESIA,
    PASSWORD,
    Asker,
    Json,
    field_of,
    location,
    payload,
)

from diary_sandbox.esia.accounts import Accounts
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.state import SandboxState
from diary_sandbox.world import LoginKind

pytestmark = pytest.mark.anyio

ALL = (
    "openid fullname birthdate birthplace gender snils inn id_doc birth_cert_doc drivers_licence_doc contacts"
    " addresses vehicles usr_org kid_fullname kid_birthdate kid_gender kid_snils kid_birth_cert_doc"
)
COLLECTIONS = ("ctts", "docs", "addrs", "kids", "vhls", "orgs", "roles")


async def _all_of(asker: Asker, login: str) -> Json:
    return await asker.tokens(login, scope=ALL)


LEVELS = [
    ("moscow_mother", "PR", True),
    ("dnevnik_mother", "PR", True),
    ("both_mother", "PR", True),
    ("region_mother", "PR", True),
    ("dnevnik_father", "P", None),
    ("simplified", "P", None),
    ("child", "KD", None),
    ("teen", "P", None),
]


@pytest.mark.parametrize(("login", "level", "confirmed"), LEVELS)
async def test_tokens_tell_the_level(asker: Asker, login: str, level: str, confirmed: bool | None) -> None:
    """`is_tru` is absent unless the person is confirmed."""
    subject = payload((await asker.tokens(login))["id_token"])["urn:esia:sbj"]
    assert subject["urn:esia:sbj:lvl"] == level
    assert subject.get("urn:esia:sbj:is_tru") is confirmed


async def test_the_level_may_be_left_out(asker: Asker) -> None:
    """By a setting, as in tokens before 2023."""
    await asker.browser.post(f"{CONTROL}/_sandbox/esia/settings", json={"no_level": True})
    assert "urn:esia:sbj:lvl" not in payload((await asker.tokens())["id_token"])["urn:esia:sbj"]


@pytest.mark.parametrize("login", ["moscow_mother", "dnevnik_mother", "both_mother", "region_mother"])
async def test_confirmed_parents_agree_with_the_school(asker: Asker, login: str) -> None:
    """Name, birth date and СНИЛС equal the school's record, and so do the children."""
    tokens = await _all_of(asker, login)
    person = (await asker.read(tokens)).json()
    persona = next(one for one in asker.state.world.personas() if one.key == login)
    record = asker.state.world.parent(persona.parent_id).person
    assert (person["lastName"], person["firstName"], person.get("middleName")) == (
        record.name.last,
        record.name.first,
        record.name.middle,
    )
    assert (person["snils"], person["birthDate"]) == (record.snils, f"{record.born:%d.%m.%Y}")
    kids = (await asker.read(tokens, "/kids", embed="(elements)")).json()["elements"]
    children = asker.state.world.children_of(persona.parent_id)
    assert [(kid["firstName"], kid.get("snils")) for kid in kids] == [
        (child.person.name.first, child.person.snils) for child in children
    ]


async def test_a_simplified_account_has_little(asker: Asker) -> None:
    """No СНИЛС, no documents, no children, whatever was granted."""
    tokens = await _all_of(asker, "simplified")
    person = (await asker.read(tokens)).json()
    assert (person["trusted"], "snils" in person, "rIdDoc" in person) == (False, False, False)
    sizes = [(await asker.read(tokens, f"/{name}")).json()["size"] for name in ("docs", "kids")]
    assert sizes == [0, 0]


async def test_a_standard_account_has_a_verified_passport(asker: Asker) -> None:
    """And a СНИЛС; that is all that tells it from a simplified one."""
    tokens = await _all_of(asker, "dnevnik_father")
    person = (await asker.read(tokens)).json()
    assert person["trusted"] is False
    assert person["snils"]
    documents = (await asker.read(tokens, "/docs", embed="(elements)")).json()["elements"]
    assert [(one["type"], one["vrfStu"]) for one in documents] == [("RF_PASSPORT", "VERIFIED")]


async def test_a_child_has_a_birth_certificate(asker: Asker) -> None:
    """And an account its parent made; a teenager has a passport and an account of their own."""
    child, teen = await _all_of(asker, "child"), None
    assert (await asker.read(child)).json()["kidAccCreatedByParent"] is True
    documents = (await asker.read(child, "/docs", embed="(elements)")).json()["elements"]
    assert [one["type"] for one in documents] == ["RF_BRTH_CERT"]
    asker.browser.cookies.clear()
    teen = await _all_of(asker, "teen")
    assert (await asker.read(teen)).json()["kidAccCreatedByParent"] is False


async def test_records_that_differ_from_the_school(state: SandboxState) -> None:
    """«е» for «ё», a double surname, another СНИЛС, one СНИЛС for two records."""
    accounts = {one.username.partition("@")[0]: one for one in Accounts(state).all()}
    world = state.world

    def school(kind: LoginKind, username: str) -> Any:
        login = world.login(kind, username)
        assert login is not None
        return world.parent(login.parent_id).person

    yo = school(LoginKind.DNEVNIK, "lesnaya")
    assert (accounts["yo_written_e"].name.middle, yo.name.middle) == ("Федоровна", "Фёдоровна")
    assert accounts["yo_written_e"].person.snils == yo.snils
    single = school(LoginKind.DNEVNIK, "snegiryov")
    assert (accounts["double_surname"].name.last, single.name.last) == ("Снегирёв-Лунин", "Снегирёв")
    other = school(LoginKind.MOS_RU, "mismatch@example.test")
    assert accounts["not_matched"].person.snils not in (None, other.snils)
    twice = [school(LoginKind.DNEVNIK, one) for one in ("sokolova", "sokolova.vera")]
    assert {one.snils for one in twice} == {accounts["two_profiles"].person.snils}
    assert twice[0].id != twice[1].id


async def test_logins_are_stable_and_told(asker: Asker) -> None:
    """By the control door's JSON and its index page; phone and СНИЛС work too."""
    told = (await asker.browser.get(f"{CONTROL}/_sandbox/esia")).json()
    assert told["password"] == PASSWORD
    logins = [one["login"] for one in told["accounts"]]
    assert len(logins) == len(set(logins)) == 19
    page = (await asker.browser.get(f"{CONTROL}/")).text
    assert [login for login in logins if login not in page] == []
    accounts = Accounts(asker.state)
    account = accounts.find("region_mother@esia.test")
    assert account is not None
    for typed in (f"+7 {account.person.phone}", account.person.snils or "", "REGION_MOTHER@esia.test "):
        assert accounts.find(typed) == account
    assert accounts.find("nobody@esia.test") is None
    assert accounts.find("") is None


async def test_every_other_adult_has_an_account(asker: Asker) -> None:
    """Under their number, confirmed, with their own children; unknown numbers have none."""
    parent = asker.state.world.parent(asker.state.world.family(13).parent_ids[0])
    account = Accounts(asker.state).find(f"parent.{parent.id}@esia.test")
    assert account is not None
    assert account.person == parent.person
    assert Accounts(asker.state).by_oid(account.oid) == account
    assert Accounts(asker.state).find("parent.1999999@esia.test") is None


async def test_a_wrong_password_and_a_wrong_code_go_no_further(asker: Asker) -> None:
    """Three wrong codes lead back to the password."""
    page = await asker.browser.get(location(await asker.authorize()))
    sign_in = field_of(page, "sign_in")
    form = {"sign_in": sign_in, "login": "second_factor@esia.test", "password": "wrong"}
    page = await asker.browser.post(f"{ESIA}/login", data=form)
    assert "Неверный логин или пароль" in page.text
    page = await asker.browser.post(f"{ESIA}/login", data=form | {"password": PASSWORD})
    for _ in range(2):
        page = await asker.browser.post(f"{ESIA}/login/code", data={"sign_in": sign_in, "code": "x"})
        assert "Неверный код" in page.text
    page = await asker.browser.post(f"{ESIA}/login/code", data={"sign_in": sign_in, "code": "x"})
    assert 'name="password"' in page.text
    assert (
        await asker.browser.post(f"{ESIA}/login/consent", data={"sign_in": sign_in, "answer": "allow"})
    ).status_code == 400


@pytest.mark.parametrize("login", ["second_factor", "totp"])
async def test_a_second_factor_is_told_in_the_code(asker: Asker, login: str) -> None:
    """`acr` says so; it is absent otherwise, unless the fault asks for a code."""
    assert payload(await asker.code(login))["acr"] == {"2fa": "otp"}
    asker.browser.cookies.clear()
    assert "acr" not in payload(await asker.code())
    asker.browser.cookies.clear()
    asker.state.faults.add(Fault(FaultKind.SECOND_FACTOR, who="moscow_mother@esia.test", count=1))
    assert payload(await asker.code())["acr"] == {"2fa": "otp"}


async def test_fields_without_consent_are_missing(asker: Asker) -> None:
    """And every collection without its scope is 403."""
    tokens = await asker.tokens(scope="openid")
    person = (await asker.read(tokens)).json()
    assert set(person) == {
        "stateFacts",
        "trusted",
        "updatedOn",
        "rfgUOperatorCheck",
        "status",
        "verifying",
        "rIdDoc",
        "containsUpCfmCode",
        "kidAccCreatedByParent",
        "eTag",
    }
    answers = [await asker.read(tokens, f"/{name}") for name in COLLECTIONS]
    assert [(one.status_code, set(one.json())) for one in answers] == [(403, {"code", "message"})] * 7
    assert (await asker.read(tokens, "/nonsense")).status_code == 404


async def test_a_missing_patronymic_is_a_missing_key(asker: Asker) -> None:
    """Not null, not empty."""
    person = (await asker.read(await asker.tokens("both_mother"))).json()
    assert "middleName" not in person


async def test_collections_are_links_unless_embedded(asker: Asker) -> None:
    """Each link opens one element with the same token; a setting gives links always."""
    tokens = await _all_of(asker, "moscow_mother")
    for name in ("ctts", "docs", "addrs", "kids"):
        links = (await asker.read(tokens, f"/{name}")).json()
        embedded = (await asker.read(tokens, f"/{name}", embed="(elements)")).json()
        assert links["size"] == embedded["size"] == len(links["elements"])
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        fetched = [(await asker.browser.get(link, headers=bearer)).json() for link in links["elements"]]
        assert fetched == embedded["elements"]
        assert (await asker.read(tokens, f"/{name}/1")).status_code == 404
    await asker.browser.post(f"{CONTROL}/_sandbox/esia/settings", json={"links_only": True})
    kids = (await asker.read(tokens, "/kids", embed="(elements)")).json()["elements"]
    assert all(isinstance(one, str) for one in kids)


async def test_collections_may_be_embedded_into_the_person(asker: Asker) -> None:
    """By dotted names; those without consent are left out."""
    tokens = await asker.tokens(scope="openid fullname contacts kid_fullname")
    embed = "(contacts.elements,documents.elements,kids.elements)"
    person = (await asker.read(tokens, embed=embed)).json()
    assert [one["type"] for one in person["contacts"]["elements"]] == ["MBT", "EML", "PHN"]
    assert person["kids"]["size"] == 2
    assert set(person["kids"]["elements"][0]) == {
        "stateFacts",
        "id",
        "firstName",
        "lastName",
        "middleName",
        "trusted",
        "updatedOn",
        "eTag",
    }
    assert "documents" not in person


@pytest.mark.parametrize(("scope", "types"), [("mobile", ["MBT"]), ("email", ["EML"])])
async def test_contacts_by_scope(asker: Asker, scope: str, types: list[str]) -> None:
    """The phone and the address are granted apart."""
    tokens = await asker.tokens(scope=f"openid {scope}")
    contacts = (await asker.read(tokens, "/ctts", embed="(elements)")).json()["elements"]
    assert [one["type"] for one in contacts] == types


async def test_a_token_opens_its_own_person_for_an_hour(asker: Asker) -> None:
    """Another oid is 403; no token, a changed one and a late one are 401."""
    tokens = await asker.tokens()
    token = tokens["access_token"]

    async def status(path: str, authorization: str) -> int:
        answer = await asker.browser.get(f"{ESIA}{path}", headers={"Authorization": authorization})
        return answer.status_code

    own = "/rs/prns/1001000011"
    assert await status("/rs/prns/1001000021", f"Bearer {token}") == 403
    for authorization in ("", token, f"Bearer {token[:-1]}", f"Bearer {tokens['id_token']}", "Bearer"):
        assert await status(own, authorization) == 401
    asker.state.clock.advance(timedelta(seconds=3599))
    assert await status(own, f"Bearer {token}") == 200
    asker.state.clock.advance(timedelta(seconds=1))
    assert await status(own, f"Bearer {token}") == 401


async def test_faults_hide_the_snils_and_kill_tokens(asker: Asker) -> None:
    """And a setting forbids a collection that was granted."""
    tokens = await _all_of(asker, "moscow_mother")
    asker.state.faults.add(Fault(FaultKind.NO_SNILS, host="esia.gosuslugi.ru", count=1))
    assert "snils" not in (await asker.read(tokens)).json()
    assert "snils" in (await asker.read(tokens)).json()
    asker.state.faults.add(Fault(FaultKind.REVOKED_TOKEN, host="esia.gosuslugi.ru", count=1))
    assert (await asker.read(tokens)).status_code == 401
    await asker.browser.post(f"{CONTROL}/_sandbox/esia/settings", json={"forbidden": ["kids"]})
    assert (await asker.read(tokens, "/kids")).status_code == 403
    assert (await asker.read(tokens, "/docs")).status_code == 200


async def test_consents_can_be_withdrawn(asker: Asker) -> None:
    """The page asks again."""
    await asker.code()
    assert (await asker.browser.delete(f"{CONTROL}/_sandbox/esia/consents/1001000011")).status_code == 200
    page = await asker.browser.get(location(await asker.authorize()))
    assert "Предоставить" in page.text


async def test_the_ready_client_survives_a_reset(asker: Asker, browser: httpx2.AsyncClient) -> None:
    """Its key, certificate and the certificates of tokens stay what was told; sessions do not."""
    before = (await browser.get(f"{CONTROL}/_sandbox/esia")).json()
    await asker.code()
    asker.state.reset()
    assert (await browser.get(f"{CONTROL}/_sandbox/esia")).json() == before
    page = await browser.get(location(await asker.authorize()))
    assert 'name="password"' in page.text
