"""The whole flow against the sandbox's ЕСИА, which checks signatures by code of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.more import quick_first
from tests.plugins.gosuslugi.conftest import Openssl
from tests.plugins.gosuslugi.parties import new_party
from tests.plugins.gosuslugi.town import ALL, US, Town, a_town, brought

from diary_core.errors import (
    CodeExpired,
    ConsentRefused,
    IdentityServiceDown,
    IdentityUnproven,
    LoginRequired,
    Misconfigured,
)
from diary_core.identity import AccountLevel, Fact, Identity
from diary_core.people import Snils
from diary_core.sign_in import Callback, Redirect
from diary_gosuslugi import GosuslugiIdentity
from diary_gosuslugi.checks import check
from diary_gosuslugi.client import Client
from diary_gosuslugi.options import read_options
from diary_gosuslugi.parse import SCOPES
from diary_gosuslugi.setup import read_setup
from diary_gosuslugi.signing import SlowWork
from diary_sandbox.esia.accounts import Account, Accounts

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run on one loop for the session, as the sandbox does."""
    return "asyncio"


@pytest.fixture(scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Town]:
    """Run one ЕСИА for all tests."""
    async with a_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture
def town(running: Town) -> Town:
    """Return it as it was at the start: nobody has consented to anything."""
    running.sandbox.state.reset()
    return running


def told(town: Town, login: str) -> Account:
    """Who the sandbox says a person is."""
    account = Accounts(town.sandbox.state).find(f"{login}@esia.test")
    assert account
    return account


def expected(account: Account) -> dict[str, object]:
    """The identity of an account, by the sandbox's own record of it."""
    person = account.person
    return {
        "subject": str(account.oid),
        "name": person.name.full,
        "born": person.born,
        "snils": Snils.read(person.snils),
        "level": account.level.value,
        "children": [(kid.person.name.full, kid.person.born) for kid in account.kids],
    }


def found(identity: Identity) -> dict[str, object]:
    """The same of what the plugin found."""
    return {
        "subject": identity.subject,
        "name": identity.name and identity.name.full,
        "born": identity.birth_date,
        "snils": identity.snils,
        "level": identity.level.value,
        "children": [(child.name.full, child.birth_date) for child in identity.children],
    }


@pytest.mark.parametrize(
    "login",
    quick_first(
        [
            *("moscow_mother", "dnevnik_father", "child", "simplified", "no_snils", "second_factor"),
            *("teen", "not_matched", "two_profiles", "double_surname", "yo_written_e", "totp"),
        ],
        quick=6,
    ),
)
async def test_every_persona_is_told_as_the_state_has_them(login: str, town: Town) -> None:
    """Field by field, levels included, second factor or not; what ЕСИА has not is not called missing."""
    identity = await town.walked(login)
    assert found(identity) == expected(told(town, login))
    assert identity.missing == frozenset()


async def test_the_configuration_passes_its_check(town: Town) -> None:
    """What the sandbox hands out is what `diary gosuslugi check` wants."""
    judged = await check(town.options, town.sandbox.clock.now())
    assert [one.text for one in judged if one.verdict == "wrong"] == []


@pytest.mark.parametrize("signer", ["python", "openssl"])
@pytest.mark.parametrize("endpoints", ["current", "legacy"])
async def test_both_signers_and_both_generations(
    signer: str, endpoints: str, town: Town, openssl: Openssl
) -> None:
    """Each signature is one the sandbox believes, where it belongs."""
    del openssl
    identity = await town.walked(signer=signer, endpoints=endpoints)
    assert found(identity) == expected(told(town, "moscow_mother"))


async def test_tokens_signed_with_rsa(town: Town) -> None:
    """A system that chose RS256 is served; the other algorithm is then refused."""
    await town.control("systems", mnemonic="SANDBOXGW", algorithm="RS256")
    assert (await town.walked(token_algorithm="RS256")).level is AccountLevel.CONFIRMED
    with pytest.raises(IdentityUnproven) as error:
        await town.walked()
    assert error.value.field == "id_token.alg"


async def test_a_key_of_our_own(town: Town, tmp_path: Path) -> None:
    """A pair as `keygen` makes it, registered, signs in; unregistered, it is the operator's to mend."""
    ours = new_party(tmp_path)
    key, certificate = str(ours.key_file), str(ours.certificate_file)
    with pytest.raises(Misconfigured, match="007002"):
        await town.walked(key_file=key, certificate_file=certificate)
    await town.control(
        "systems",
        mnemonic="DIARYGW01",
        certificates=[ours.certificate_file.read_text()],
        redirect_domains=["127.0.0.1"],
    )
    assert (await town.walked(client_id="DIARYGW01", key_file=key, certificate_file=certificate)).subject


async def test_a_key_that_does_not_fit_its_certificate(town: Town, tmp_path: Path) -> None:
    """One wrong byte of a signature is not believed."""
    other = new_party(tmp_path, name="OTHER")
    with pytest.raises(Misconfigured, match="007053") as error:
        await town.walked(key_file=str(other.key_file))
    assert error.value.field == "key_file"


async def test_rotated_keys(town: Town) -> None:
    """New tokens fail with the old certificates alone, and pass once the new ones lie beside them."""
    published = await town.control("keys")
    with pytest.raises(IdentityUnproven) as error:
        await town.walked()
    assert error.value.field == "id_token.signature"
    town.trust(published["trusted_certificates"])
    assert (await town.walked()).subject


@pytest.mark.parametrize("login", ["moscow_mother", "trusted_nanny"])
async def test_consent_refused(login: str, town: Town) -> None:
    """By the button, or by somebody who always declines."""
    with pytest.raises(ConsentRefused):
        await town.walked(login, answer="refuse")


async def test_a_code_works_once_and_not_for_long(town: Town) -> None:
    """The second trade, and a trade after four minutes, ask the parent to begin anew."""
    provider, channel = GosuslugiIdentity(), town.channel()
    redirect = await provider.begin(channel, Callback(url=US, state=str(uuid4())), {Fact.NAME})
    reply = await brought(redirect)
    assert await provider.answer(channel, redirect.carry, reply)
    with pytest.raises(CodeExpired):
        await provider.answer(channel, redirect.carry, reply)
    redirect = await provider.begin(channel, Callback(url=US, state=str(uuid4())), {Fact.NAME})
    reply = await brought(redirect)
    town.sandbox.clock.set(town.sandbox.clock.now() + timedelta(seconds=241))
    with pytest.raises(CodeExpired):
        await provider.answer(channel, redirect.carry, reply)


@pytest.mark.parametrize("variant", ["redirect_uri", "refresh_token"])
async def test_refreshing_with_rotation(variant: str, town: Town) -> None:
    """Each refresh token works once and is replaced; whichever text is signed, the sandbox knows it."""
    channel = town.channel(refresh_signs=variant)
    setup = read_setup(read_options(channel.options), SlowWork())
    client = Client(channel, setup, lambda: str(uuid4()))
    scope = "openid fullname"
    url = await client.authorize_url(scope=scope, state=str(uuid4()), redirect_uri=US, access="offline")
    code = (await brought(Redirect(url=url))).values["code"]
    first = await client.exchange(code, scope=scope, redirect_uri=US)
    assert first.refresh_token
    second = await client.refresh(first.refresh_token, scope=scope, redirect_uri=US)
    assert second.refresh_token not in {None, first.refresh_token}
    with pytest.raises(LoginRequired):
        await client.refresh(first.refresh_token, scope=scope, redirect_uri=US)


async def test_collections_of_links(town: Town) -> None:
    """The same person comes out."""
    whole = await town.walked()
    await town.control("settings", links_only=True)
    assert await town.walked() == whole


async def test_closed_collections(town: Town) -> None:
    """Each is named as missing, and nothing else is lost."""
    await town.control("settings", forbidden=["kids", "ctts", "docs"])
    identity = await town.walked()
    assert identity.missing == {Fact.CHILDREN, Fact.CONTACTS, Fact.DOCUMENTS}
    assert identity.snils


ONE_LESS = {
    "fullname": "name",
    "birthdate": "birth_date",
    "snils": "snils",
    "email": "email",
    "mobile": "phone",
    "id_doc": None,
    "kid_fullname": "children",
    "kid_birthdate": "children",
    "kid_snils": "children",
}
"""The one field of an identity that each scope is needed for; documents only tell the level."""


async def test_one_scope_less(town: Town) -> None:
    """A right the system has not got is not asked for: its fact is missing, and everything else is there."""
    await town.control("systems", mnemonic="SANDBOXGW", algorithm="RS256")  # quicker
    whole = (await town.walked(token_algorithm="RS256")).model_dump()
    for scope, field in ONE_LESS.items():
        approved = " ".join(["openid", *(one for one in ONE_LESS if one != scope)])
        identity = await town.walked(scopes=approved, token_algorithm="RS256")
        changed = {name for name, value in identity.model_dump().items() if value != whole[name]}
        assert (scope, changed) == (scope, {"missing", field or "missing"})
        assert identity.missing == {fact for fact, scopes in SCOPES.items() if scope in scopes}


async def test_tokens_without_a_level(town: Town) -> None:
    """Nothing is guessed, but that a child's account is a child's."""
    await town.control("settings", no_level=True)
    levels = [(await town.walked(login)).level for login in ("moscow_mother", "child")]
    assert levels == [AccountLevel.UNKNOWN, AccountLevel.CHILD]


async def test_a_token_endpoint_that_fails_with_pages(town: Town) -> None:
    """A page in place of a refusal is the service's trouble, not the parent's."""
    await town.control("settings", html_errors=True)
    await town.control("refusals", code="007011", step="token")
    with pytest.raises(IdentityServiceDown):
        await town.walked()


async def test_unapproved_scopes(town: Town) -> None:
    """Asked for, they are the operator's to mend; left out by the options, they are missing."""
    await town.control("systems", mnemonic="SANDBOXGW", scopes=["openid", "fullname"])
    with pytest.raises(Misconfigured) as error:
        await town.walked()
    assert error.value.field == "scopes"
    identity = await town.walked(scopes="openid fullname")
    assert identity.missing == ALL - {Fact.NAME}
    assert identity.name
