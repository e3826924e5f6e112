"""Both ways through Gosuslugi, against the sandbox: a node's own entry, and the button on the city's page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diary_core.errors import CodeExpired, SignInMismatch, SignInRejected
from diary_core.model import known
from diary_core.sign_in import Redirect, Reply, SignedIn

from .town import CALLBACK, Town

pytestmark = pytest.mark.anyio
NODE = "moscow_oblast"
BUTTON = "Войти через Госуслуги"
PASSWORD = "sandbox-esia"


async def node(town: Town, login: str) -> SignedIn:
    """Come in by the node's entry."""
    carry, query = await town.go_through("gosuslugi", f"{login}@esia.test", PASSWORD, slug=NODE)
    done = await town.provider.answer(town.channel(NODE), "gosuslugi", carry, Reply(values=query))
    assert isinstance(done, SignedIn)
    return done


async def city(town: Town, login: str) -> SignedIn:
    """Come in by the button."""
    carry, query = await town.go_through("mos_ru", f"{login}@esia.test", PASSWORD, button=BUTTON)
    done = await town.provider.answer(town.channel(), "mos_ru", carry, Reply(values=query))
    assert isinstance(done, SignedIn)
    return done


async def children(town: Town, done: SignedIn, slug: str) -> list[str]:
    """Return the first names behind a finished sign-in."""
    diary, _ = town.open(done.credentials, slug=slug)
    names = [known(one.child.name) for one in (await diary.enrolments()).items]
    return [name.first for name in names if name]


async def test_a_node_sends_the_browser_to_its_own_entry(town: Town) -> None:
    """With our callback and its state, and nothing else in the address."""
    step = await town.provider.begin(town.channel(NODE), "gosuslugi", CALLBACK)
    assert isinstance(step, Redirect)
    entry = f"{town.sandbox.url('authedu.mosreg.ru')}/v3/auth/esia/login"
    assert step.url.partition("?")[0] == entry
    assert dict(part.split("=") for part in step.url.partition("?")[2].split("&")) == {
        "redirect_url": "http%3A%2F%2F127.0.0.1%3A9%2Fv1%2Fcallback",
        "state": CALLBACK.state,
    }


async def test_a_node_tells_whose_the_diary_is(town: Town) -> None:
    """Name, birth date and СНИЛС come along, to be compared with a proven owner."""
    done = await node(town, "region_mother")
    assert await children(town, done, NODE) == ["Злата"]
    (record,) = [one for one in town.sandbox.world.personas() if one.key == "region_mother"]
    person = town.sandbox.world.parent(record.parent_id).person
    assert done.person is not None
    assert done.person.name is not None
    assert done.person.snils is not None
    assert (done.person.name.full, done.person.snils.printed) == (person.name.full, person.snils)


async def test_a_nodes_code_opens_once_and_only_its_own_sign_in(town: Town) -> None:
    """Another state is refused before the code is spent; a spent and a late code are too old."""
    carry, query = await town.go_through("gosuslugi", "region_mother@esia.test", PASSWORD, slug=NODE)
    channel = town.channel(NODE)
    with pytest.raises(SignInMismatch):
        await town.provider.answer(channel, "gosuslugi", carry, Reply(values={**query, "state": "x"}))
    await town.provider.answer(channel, "gosuslugi", carry, Reply(values=query))
    with pytest.raises(CodeExpired):
        await town.provider.answer(channel, "gosuslugi", carry, Reply(values=query))
    carry, query = await town.go_through("gosuslugi", "region_mother@esia.test", PASSWORD, slug=NODE)
    town.sandbox.clock.advance(timedelta(minutes=3))
    with pytest.raises(CodeExpired):
        await town.provider.answer(channel, "gosuslugi", carry, Reply(values=query))


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ("dnevnik_mother", "недостаточно данных"),
        ("simplified", "нет СНИЛС"),
        ("trusted_nanny", "не предоставили"),
    ],
)
async def test_a_node_keeps_strangers_on_its_own_page(town: Town, login: str, told: str) -> None:
    """Who has no account there, no СНИЛС, or refuses, does not come back to us at all."""
    with pytest.raises(AssertionError, match=told):
        await node(town, login)


async def test_the_citys_button_opens_moscow(town: Town) -> None:
    """The way back is that of mos.ru, and the diary tells the СНИЛС."""
    done = await city(town, "moscow_mother")
    assert sorted(await children(town, done, "moscow")) == ["Артём", "Варвара"]
    assert done.person is not None
    assert done.person.snils is not None


@pytest.mark.parametrize("login", ["dnevnik_mother", "no_snils", "totp"])
async def test_the_city_keeps_strangers_on_its_own_page(town: Town, login: str) -> None:
    """No city account with this СНИЛС, none at all, a locked one."""
    with pytest.raises(AssertionError, match="не найдена или заблокирована"):
        await city(town, login)


@pytest.mark.parametrize("method", ["gosuslugi", "mos_ru"])
@pytest.mark.parametrize("code", ["x" * 8193, "x" * 100_000])
async def test_a_code_beyond_the_cap_is_sent_nowhere(town: Town, method: str, code: str) -> None:
    """Genuine codes have at most some 1300 characters."""
    slug = NODE if method == "gosuslugi" else "moscow"
    step = await town.provider.begin(town.channel(slug), method, CALLBACK)
    assert isinstance(step, Redirect)
    town.sandbox.state.requests.clear()
    values = {"code": code, "state": CALLBACK.state}
    with pytest.raises(SignInRejected) as caught:
        await town.provider.answer(town.channel(slug), method, step.carry, Reply(values=values))
    assert (caught.value.field, code in str(caught.value)) == ("code", False)
    assert town.sandbox.state.requests == {}
