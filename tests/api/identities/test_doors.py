"""The three doors of Gosuslugi, walked from page to page through the running sandbox by its personas."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
from tests.api.identities.stack import BY_ADDRESS, CITY, DNEVNIK, ENTER, NODE, Door, Stack, running_stack
from tests.api.identities.window import Stuck, query_of
from tests.tokens import TOKENS_BEGIN

from diary_sandbox.faults import Fault, FaultKind

pytestmark = pytest.mark.anyio
LOGIN = {"login": "obraztsova", "password": "sandbox-dnevnik"}


async def names(parent: httpx2.AsyncClient) -> list[str]:
    """Return the first names of an account's children, sorted."""
    children = (await parent.get("/v1/children")).json()["items"]
    return sorted(child["name"]["first"] for child in children)


async def replied(parent: httpx2.AsyncClient, connection: dict[str, Any], **values: str) -> httpx2.Response:
    """Reply to the step that waits."""
    return await parent.post(f"/v1/connections/{connection['id']}/steps", json={"values": values})


@pytest.mark.parametrize(
    ("login", "door", "children"),
    [
        ("region_mother", NODE, ["Злата"]),
        ("yo_written_e", NODE, ["Камила"]),
        ("moscow_mother", CITY, ["Артём", "Варвара"]),
        ("both_mother", CITY, ["Лев", "Фёдор"]),
    ],
    ids=lambda value: getattr(value, "name", None) or str(value),
)
async def test_one_person_enters_and_links(stack: Stack, login: str, door: Door, children: list[str]) -> None:
    """The account is made, the diary tells the СНИЛС, and the link is proven by it; «ё» is no difference."""
    window = await stack.window()
    parent = await stack.entered(login, window)
    me = (await parent.get("/v1/me")).json()
    assert [(one["provider"], one["level"]) for one in me["identities"]] == [("gosuslugi", "confirmed")]
    begun = await stack.begun(door, parent)
    await window.back(await window.go(begun.link, login, button=door.button))
    linked = await stack.connection(parent, begun)
    assert (linked["state"], linked["identity"], linked["pending"]) == ("active", "proven", None)
    assert await names(parent) == children


async def test_gost_all_the_way(tmp_path: Path) -> None:
    """With tokens signed by GOST, as a new system has them, a person enters and links a node."""
    async with running_stack(tmp_path) as stack:
        parent = await stack.entered("region_mother")
        assert (await stack.linked(parent, NODE))["identity"] == "proven"


async def test_one_person_has_one_account_and_three_diaries(stack: Stack) -> None:
    """All in one browser: Gosuslugi asks for the password once, and every child is there at the end."""
    window, login = await stack.window(), "yo_written_e"
    parent = await stack.entered(login, window)
    for door in (NODE, CITY, DNEVNIK):
        begun = await stack.begun(door, parent)
        await window.back(await window.go(begun.link, login, button=door.button))
    done = await replied(
        parent, await stack.connection(parent, begun), login="lesnaya", password="sandbox-dnevnik"
    )
    assert done.json()["identity"] == "proven_by_login"
    assert await names(parent) == ["Зарина", "Камила", "Марат", "Тимур"]
    again = await stack.entered(login, window)
    assert (await again.get("/v1/me")).json()["id"] == (await parent.get("/v1/me")).json()["id"]


async def test_a_region_of_dnevnik_wants_its_login_once(stack: Stack) -> None:
    """Its API tells no СНИЛС, so its own login proves the link, and the step says why; never again after."""
    parent = await stack.entered("dnevnik_mother")
    linked = await stack.linked(parent, DNEVNIK)
    step = linked["pending"]["step"]
    assert (linked["state"], step["step"], step["problem"]) == ("awaiting_user", "ask", "owner_unproven")
    assert await names(parent) == []
    done = (await replied(parent, linked, **LOGIN)).json()
    assert (done["state"], done["identity"]) == ("active", "proven_by_login")
    children = (await parent.get("/v1/children")).json()["items"]
    again = await parent.post(f"/v1/connections/{linked['id']}/sign-in", json={"method": "gosuslugi"})
    window = await stack.window()
    await window.back(await window.go(again.json()["pending"]["step"]["url"], "dnevnik_mother"))
    shown = (await parent.get(f"/v1/connections/{linked['id']}")).json()
    assert (shown["state"], shown["pending"], shown["method"]) == ("active", None, "gosuslugi")
    assert (await parent.get("/v1/children")).json()["items"] == children


@pytest.mark.parametrize(
    ("login", "username", "children"),
    [
        ("simplified", "grachyov", ["Полина"]),
        ("double_surname", "snegiryov", ["Пётр"]),
        ("no_diary", "obraztsova", ["Алёна", "Семён"]),
    ],
    ids=["no СНИЛС", "another surname", "no match"],
)
async def test_the_regions_site_takes_its_login_once(
    stack: Stack, login: str, username: str, children: list[str]
) -> None:
    """Where СНИЛС or name do not agree, the site asks for login and password once, and the link is made."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(DNEVNIK, parent)
    with pytest.raises(Stuck, match="Введите один раз логин и пароль дневника"):
        await window.go(begun.link, login, stuck_at="Свяжите дневник")
    await window.back(await window.go_on(login=username, password=LOGIN["password"]))
    linked = await stack.connection(parent, begun)
    assert (linked["state"], linked["identity"]) == ("active", "unproven")
    assert await names(parent) == children
    again = await parent.post(f"/v1/connections/{linked['id']}/sign-in", json={})
    await window.back(await window.go(again.json()["pending"]["step"]["url"], login))
    assert (await stack.connection(parent, begun))["state"] == "active"


async def test_a_first_sign_in_goes_on_at_the_diary(stack: Stack) -> None:
    """FirstSign: the region's site has the temporary password replaced, and comes back to us."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(DNEVNIK, parent)
    words = {"newPassword": "четыре Кота 7", "newPasswordRepeat": "четыре Кота 7"}
    contacts = {"email": "t@example.test", "phone": "+79990000000"}
    with pytest.raises(Stuck, match="Первый вход"):
        await window.go(begun.link, "first_login", stuck_at="Первый вход")
    typed = {"login": "snegiryova", "password": LOGIN["password"], **contacts, **words}
    await window.back(await window.go_on(**typed))
    assert (await stack.connection(parent, begun))["state"] == "active"
    assert await names(parent) == ["Пётр"]


async def test_one_of_two_profiles_is_chosen_at_the_diary(stack: Stack) -> None:
    """The site shows both; the one that is pressed is linked."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(DNEVNIK, parent)
    await window.back(await window.go(begun.link, "two_profiles", profile="1000112"))
    assert (await stack.connection(parent, begun))["state"] == "active"
    assert await names(parent) == ["Зарина", "Тимур"]


async def test_an_app_brings_the_address_and_chooses(stack: Stack) -> None:
    """Two profiles of one person are shown, the chosen one is linked, and the address is then spent."""
    parent = await stack.parent()
    begun, address = await stack.at_address(parent, "two_profiles")
    choice = (await replied(parent, begun, address=address)).json()["pending"]["step"]
    assert (choice["step"], len(choice["options"])) == ("choose", 2)
    assert (await replied(parent, begun, choice="1")).json()["code"] == "invalid_input"
    done = await replied(parent, begun, choice=choice["options"][1]["id"])
    assert done.json()["state"] == "active", done.text
    late = (await parent.post("/v1/connections", json=BY_ADDRESS)).json()
    used = await replied(parent, late, address=address)
    assert (used.status_code, used.json()["code"]) == (409, "sign_in_expired")


async def test_an_app_is_told_of_a_lost_tie(stack: Stack) -> None:
    """EsiaUserNotLinked: the diary's login is asked for once, with the reason, and proves the owner."""
    parent = await stack.entered("two_profiles")
    begun, address = await stack.at_address(parent, "two_profiles")
    choice = (await replied(parent, begun, address=address)).json()["pending"]["step"]
    stack.sandbox.faults.add(Fault(FaultKind.NOT_LINKED, host="login.dnevnik.ru", count=1))
    asked = (await replied(parent, begun, choice=choice["options"][0]["id"])).json()
    assert asked["pending"]["step"]["problem"] == "account_not_linked"
    done = (await replied(parent, begun, login="sokolova", password=LOGIN["password"])).json()
    assert (done["state"], done["identity"]) == ("active", "proven_by_login")


async def test_an_app_is_told_of_a_first_sign_in(stack: Stack) -> None:
    """FirstSign: the login is asked for, and a temporary password leads to the diary's own site."""
    parent = await stack.parent()
    begun, address = await stack.at_address(parent, "first_login")
    assert (await replied(parent, begun, address=address)).json()["pending"]["step"]["step"] == "ask"
    refused = await replied(parent, begun, login="snegiryova", password=LOGIN["password"])
    assert (refused.status_code, refused.json()["code"]) == (409, "activation_required")


async def test_without_an_identity_gosuslugi_alone_links(stack: Stack) -> None:
    """A password account links by any diary's entry, with nothing more asked, and the link says so."""
    parent = await stack.parent()
    for door in (DNEVNIK, NODE, CITY):
        linked = await stack.linked(parent, door)
        assert (linked["state"], linked["identity"]) == ("active", "unproven")
    assert await names(parent) == ["Алёна", "Артём", "Варвара", "Злата", "Семён"]


@pytest.mark.parametrize("login", ["moscow_mother", "trusted_nanny"])
async def test_a_refused_consent_has_a_way_on(stack: Stack, login: str) -> None:
    """By the button, or by somebody who always declines: a page says so, and another try works."""
    window, client = await stack.window(), await stack.client()
    begun = await stack.begun(ENTER, client)
    page = await window.back(await window.go(begun.link, login, answer="refuse"))
    assert page.status_code == 409
    assert "Доступ не предоставлен" in page.text
    again = page.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    gone = await window.http.get(urljoin(stack.url, again))
    await window.http.get(f"{stack.sandbox.url('esia.gosuslugi.ru')}/idp/ext/Logout")
    address = await window.go(urljoin(stack.url, gone.headers["location"]), "moscow_mother")
    assert "code" in query_of(address)
    assert (await window.back(address)).status_code == 200


@pytest.mark.parametrize("door", [DNEVNIK, NODE], ids=lambda door: door.name)
async def test_a_decliner_stays_on_the_diarys_page(stack: Stack, door: Door) -> None:
    """The diary is the one who asked, so it is the one who says so; with us the sign-in can be begun anew."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(door, parent)
    with pytest.raises(Stuck, match="не предоставили доступ"):
        await window.go(begun.link, "trusted_nanny")
    assert (await stack.connection(parent, begun))["state"] == "awaiting_user"
    again = await parent.post(f"/v1/connections/{begun.connection_id}/sign-in", json={})
    address = await (fresh := await stack.window()).go(again.json()["pending"]["step"]["url"], door.login)
    assert (await fresh.back(address)).status_code == 200
    assert (await stack.connection(parent, begun))["state"] == "active"


async def test_numbers_and_secrets_are_nowhere(tmp_path: Path) -> None:
    """After all three doors no СНИЛС, name, subject, code or token stands in a log or in the database."""
    async with running_stack(tmp_path) as stack:
        window, login = await stack.window(), "yo_written_e"
        parent = await stack.entered(login, window)
        for door in (NODE, CITY, DNEVNIK):
            begun = await stack.begun(door, parent)
            await window.back(await window.go(begun.link, login, button=door.button))
        (person,) = [one for one in stack.told["accounts"] if one["login"] == f"{login}@esia.test"]
        digits = "".join(filter(str.isdigit, person["snils"]))
        words = [person["snils"], digits, person["name"].split()[0], stack.told["key"].splitlines()[1]]
        words += TOKENS_BEGIN
        files = [file.read_bytes() for file in stack.folder.iterdir() if file.name.startswith("diary.db")]
        places = (*files, stack.log.getvalue().encode())
        assert [word for word in words for data in places if word.encode() in data] == []
        assert str(person["oid"]).encode() not in b"".join(files)
        assert len(stack.log.getvalue()) > 1000
