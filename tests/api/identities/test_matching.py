"""A diary is linked to the person it belongs to, where the account says who that is."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from tests.api.identities.state_service import OTHER_SNILS, SNILS, StateOffice, a_person
from tests.api.identities.walking import JSON, entered
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown

from diary_core.identity import AccountLevel
from diary_core.people import PersonName, Snils
from diary_core.sign_in import Person

pytestmark = pytest.mark.anyio
NAME = PersonName(last="Канарейкина", first="Ольга", middle="Петровна")
BORN = date(1985, 3, 4)
SAME = Person(name=NAME, birth_date=BORN, snils=Snils(SNILS))
SILENT = Person(name=NAME)
LOGIN = {"values": {"login": "olga", "password": "kestrel-9"}}


async def begun(parent: httpx2.AsyncClient, method: str) -> dict[str, object]:
    return (await parent.post("/v1/connections", json={"region": "54", "method": method})).json()


async def by_password(parent: httpx2.AsyncClient) -> httpx2.Response:
    link = await begun(parent, "password")
    return await parent.post(f"/v1/connections/{link['id']}/steps", json=LOGIN)


async def by_door(
    gate: RunningGateway, town: TinyTown, parent: httpx2.AsyncClient, link: dict[str, object] | None = None
) -> httpx2.Response:
    """Link through the diary's own entry of the service, and return what the browser is told."""
    shown = link or await begun(parent, "state")
    browser = gate.another_client()
    gone = await browser.get(shown["pending"]["step"]["url"], headers=JSON)  # type: ignore[index]  any JSON
    state = parse_qs(urlsplit(gone.headers["location"]).query)["state"][0]
    return await browser.get(
        "/v1/callback", params={"state": state, "code": town.consent("olga")}, headers=JSON
    )


async def only_connection(parent: httpx2.AsyncClient) -> dict[str, object]:
    (connection,) = (await parent.get("/v1/connections")).json()["items"]
    return connection


async def answered(parent: httpx2.AsyncClient, **values: str) -> httpx2.Response:
    link = await only_connection(parent)
    return await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": values})


async def test_nothing_is_demanded_without_an_identity(gate: RunningGateway, town: TinyTown) -> None:
    """A password account links whatever its credentials open, and the link says it is unproven."""
    town.people["olga"] = Person(name=NAME, snils=Snils(OTHER_SNILS))
    linked = (await by_password(await gate.parent())).json()
    assert (linked["state"], linked["identity"]) == ("active", "unproven")


@pytest.mark.parametrize(
    "written",
    [
        NAME,
        PersonName(last="КАНАРЕЙКИНА", first="ольга", middle="Пётровна".replace("ё", "е")),
        PersonName(last="Кaнарейкина", first="Ольга", middle="Петровна"),  # a Latin «a»
    ],
)
async def test_the_same_person_is_linked(
    gate: RunningGateway, town: TinyTown, office: StateOffice, written: PersonName
) -> None:
    """Equal СНИЛС and name need nothing more, by whatever door."""
    town.people["olga"] = SAME.model_copy(update={"name": written})
    parent = await entered(gate, office, a_person())
    done = await by_door(gate, town, parent)
    assert (done.json()["state"], done.json()["next_step"]) == ("active", None)
    assert (await only_connection(parent))["identity"] == "proven"


@pytest.mark.parametrize(
    "other",
    [
        Person(name=NAME, birth_date=BORN, snils=Snils(OTHER_SNILS)),
        Person(name=PersonName(last="Иная", first="Ольга"), birth_date=BORN, snils=Snils(SNILS)),
        Person(
            name=PersonName(last="Канарейкина", first="Ольга"),
            birth_date=date(1986, 1, 1),
            snils=Snils(SNILS),
        ),
    ],
    ids=["snils", "name", "birth-date"],
)
@pytest.mark.parametrize("door", ["password", "state"])
async def test_another_person_is_refused_and_nothing_is_kept(
    gate: RunningGateway, town: TinyTown, office: StateOffice, other: Person, door: str
) -> None:
    """No credentials stay, no child appears, and the session upstream is ended."""
    town.people["olga"] = other
    parent = await entered(gate, office, a_person())
    refused = await (by_password(parent) if door == "password" else by_door(gate, town, parent))
    assert (refused.status_code, refused.json()["code"]) == (409, "identity_mismatch")
    shown = await only_connection(parent)
    assert (shown["state"], shown["outcome"]) == ("awaiting_user", "identity_mismatch")
    assert (await parent.get("/v1/children")).json()["items"] == []
    assert len(town.revoked) == 1


async def test_a_close_name_asks_for_the_birth_date(
    gate: RunningGateway, town: TinyTown, office: StateOffice
) -> None:
    """Equal СНИЛС and a part of a double surname: the right date links, written either way."""
    town.people["olga"] = SAME.model_copy(
        update={"name": PersonName(last="Канарейкина-Щеглова", first="Ольга", middle="Петровна")}
    )
    for typed in ("1985-03-04", "4.3.1985"):
        parent = await entered(gate, office, a_person(subject=typed))
        assert (await by_door(gate, town, parent)).json()["next_step"] == "ask"
        assert (await parent.get("/v1/children")).json()["items"] == []
        linked = (await answered(parent, birth_date=typed)).json()
        assert (linked["state"], linked["identity"]) == ("active", "proven_by_birth_date")


async def test_a_birth_date_is_not_guessed(gate: RunningGateway, town: TinyTown, office: StateOffice) -> None:
    """Twice it is asked again; the third wrong answer ends it, here and upstream."""
    town.people["olga"] = SAME.model_copy(update={"name": PersonName(last="Канарейкина", first="Ольга")})
    parent = await entered(gate, office, a_person())
    await by_door(gate, town, parent)
    for _ in range(2):
        again = (await answered(parent, birth_date="04.03.1984")).json()
        assert again["pending"]["step"]["problem"] == "birth_date_wrong"
    last = await answered(parent, birth_date="вчера")
    assert (last.status_code, last.json()["code"]) == (409, "identity_mismatch")
    assert (await answered(parent, birth_date="04.03.1985")).json()["code"] == "sign_in_expired"
    assert len(town.revoked) == 1


async def test_a_diary_that_tells_no_number_wants_its_own_login_once(
    gate: RunningGateway, town: TinyTown, office: StateOffice
) -> None:
    """Then it is linked, and coming by the door again needs the login no more; id and children stay."""
    town.people["olga"] = SILENT
    parent = await entered(gate, office, a_person())
    assert (await by_door(gate, town, parent)).json()["next_step"] == "ask"
    linked = (await answered(parent, login="olga", password="kestrel-9")).json()
    assert (linked["state"], linked["identity"]) == ("active", "proven_by_login")
    children = (await parent.get("/v1/children")).json()["items"]
    again = (await parent.post(f"/v1/connections/{linked['id']}/sign-in", json={"method": "state"})).json()
    done = (await by_door(gate, town, parent, again)).json()
    assert (done["connection_id"], done["state"], done["next_step"]) == (linked["id"], "active", None)
    assert (await only_connection(parent))["identity"] == "proven_by_login"
    assert [one["id"] for one in (await parent.get("/v1/children")).json()["items"]] == [
        one["id"] for one in children
    ]


async def test_what_was_remembered_is_of_one_name(
    gate: RunningGateway, town: TinyTown, office: StateOffice
) -> None:
    """Another name behind the same link wants the login anew."""
    town.people["olga"] = SILENT
    parent = await entered(gate, office, a_person())
    linked = (await by_password(parent)).json()
    assert linked["identity"] == "proven_by_login"
    town.people["olga"] = Person(name=PersonName(last="Другая", first="Анна"))
    again = (await parent.post(f"/v1/connections/{linked['id']}/sign-in", json={"method": "state"})).json()
    assert (await by_door(gate, town, parent, again)).json()["next_step"] == "ask"


async def test_a_working_link_survives_a_stranger(
    gate: RunningGateway, town: TinyTown, office: StateOffice
) -> None:
    """When another person comes in at the diary's door, the old link goes on working."""
    town.people["olga"] = SAME
    parent = await entered(gate, office, a_person())
    linked = (await by_password(parent)).json()
    town.people["olga"] = Person(name=NAME, snils=Snils(OTHER_SNILS))
    again = (await parent.post(f"/v1/connections/{linked['id']}/sign-in", json={"method": "state"})).json()
    assert (await by_door(gate, town, parent, again)).status_code == 409
    shown = await only_connection(parent)
    assert (shown["state"], shown["identity"]) == ("active", "proven")
    child = (await parent.get("/v1/children")).json()["items"][0]["id"]
    assert (await parent.get(f"/v1/children/{child}/week")).status_code == 200


async def test_a_removed_identity_proves_nothing(
    gate: RunningGateway, town: TinyTown, office: StateOffice
) -> None:
    """The links stay, as unproven."""
    town.people["olga"] = SAME
    parent = await entered(gate, office, a_person())
    await by_password(parent)
    await parent.put("/v1/me/password", json={"email": "x@example.org", "password": "three quiet sparrows"})
    identity = (await parent.get("/v1/me")).json()["identities"][0]["id"]
    assert (await parent.delete(f"/v1/me/identities/{identity}")).status_code == 204
    shown = await only_connection(parent)
    assert (shown["state"], shown["identity"]) == ("active", "unproven")


@pytest.mark.parametrize(
    ("level", "born", "enough"),
    [
        (AccountLevel.CONFIRMED, BORN, True),
        (AccountLevel.STANDARD, BORN, True),
        (AccountLevel.SIMPLIFIED, BORN, False),
        (AccountLevel.UNKNOWN, BORN, False),
        (AccountLevel.SIMPLIFIED, None, False),
        (AccountLevel.SIMPLIFIED, date(2012, 9, 16), False),  # fourteen today
        (AccountLevel.SIMPLIFIED, date(2012, 9, 17), True),
        (AccountLevel.CHILD, date(2014, 1, 1), True),
    ],
)
async def test_the_level_must_do_for_the_age(
    gate: RunningGateway,
    town: TinyTown,
    office: StateOffice,
    level: AccountLevel,
    born: date | None,
    enough: bool,
) -> None:
    """Up to fourteen a simplified account is enough; above, its door is refused before anything begins."""
    parent = await entered(gate, office, a_person(level=level, birth_date=born))
    answer = await parent.post("/v1/connections", json={"region": "54", "method": "state"})
    assert answer.status_code == (201 if enough else 409)
    if not enough:
        assert answer.json()["code"] == "identity_too_weak"
        assert (await parent.get("/v1/connections")).json()["items"] == []
        town.people["olga"] = SILENT
        assert (await by_password(parent)).json()["identity"] == "proven_by_login"


async def test_states_of_the_doors_are_not_mixed(
    gate: RunningGateway, town: TinyTown, office: StateOffice
) -> None:
    """A code of the diary brought with the state of the service opens nothing, and the other way round."""
    parent = await entered(gate, office, a_person())
    link = await begun(parent, "state")
    browser = gate.another_client()
    gone = await browser.get(link["pending"]["step"]["url"], headers=JSON)  # type: ignore[index]  any JSON
    diary_state = parse_qs(urlsplit(gone.headers["location"]).query)["state"][0]
    proof = (await parent.post("/v1/me/identities", json={"provider": "state"})).json()
    gone = await browser.get(proof["step"]["url"], headers=JSON)
    service_state = parse_qs(urlsplit(gone.headers["location"]).query)["state"][0]
    wrong = {"state": service_state, "code": town.consent("olga")}
    refused = await browser.get("/v1/callback", params=wrong, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "sign_in_rejected")
    wrong = {"state": diary_state, "code": office.consent(a_person())}
    assert (await browser.get("/v1/callback", params=wrong, headers=JSON)).status_code >= 400
    assert (await only_connection(parent))["state"] == "awaiting_user"
