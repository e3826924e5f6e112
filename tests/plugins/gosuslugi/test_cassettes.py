"""Each call of the client, as it went over the wire, replayed from a cassette of invented people.

Recorded from the sandbox; to record them anew:

    DIARY_RECORD=1 .venv/bin/pytest tests/plugins/gosuslugi/test_cassettes.py

Only the fields named in `KEPT` stay: no code, no token, no signature, no СНИЛС.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from tests.plugins.gosuslugi.esia_stub import HOST
from tests.plugins.gosuslugi.parties import Party
from tests.plugins.gosuslugi.settings import given
from tests.plugins.gosuslugi.town import QUICK, US, Town, a_town, brought

from diary_core.errors import CodeExpired, NotPermitted
from diary_core.http import open_client
from diary_core.identity import Fact
from diary_core.provider import Channel
from diary_core.sign_in import Callback
from diary_core.testing import Allowed, cassette, fixed_clock
from diary_gosuslugi import GosuslugiIdentity
from diary_gosuslugi.client import Client
from diary_gosuslugi.instances import INSTANCES
from diary_gosuslugi.options import read_options
from diary_gosuslugi.parse import person_name
from diary_gosuslugi.setup import read_setup
from diary_gosuslugi.signing import SlowWork

pytestmark = pytest.mark.anyio
RECORD: Final = os.environ.get("DIARY_RECORD") == "1"
CASSETTES: Final = Path(__file__).parent / "cassettes"
MOTHER: Final = "1001000011"
"""Of the sandbox's Moscow mother; the town is the same for the same seed."""
STATE: Final = "b7e41d52-08c9-4d3b-8f60-95a1c2e3d4f6"
SCOPE: Final = "openid fullname birthdate snils email mobile kid_fullname kid_birthdate kid_snils"
KEPT: Final = """
    grant_type token_type redirect_uri scope state expires_in embed error error_description
    stateFacts size elements id type vrfStu lastName firstName middleName birthDate trusted status
    kidAccCreatedByParent updatedOn verifying
"""
ALLOWED: Final = Allowed(fields=frozenset(KEPT.split()))
OPENERS: Final = ("eyJ", "BEGIN", "-000-", "+7(")
"""How tokens, keys, СНИЛС and phones begin or look; none of it may be in a cassette."""


@dataclass(frozen=True)
class Tape:
    """ЕСИА as a cassette, or the sandbox while recording."""

    client: Client
    oid: str
    code: str
    town: Town | None

    @contextmanager
    def playing(self, name: str) -> Generator[Client]:
        """Record or replay the calls of one test."""
        path = CASSETTES / f"{name}.yaml"
        moved = {real: base for base, real in self.town.sandbox.hosts.items()} if self.town else {}
        if RECORD:
            path.unlink(missing_ok=True)
        with cassette(path, ALLOWED, real_hosts=moved, record=RECORD):
            yield self.client

    async def token(self) -> str:
        """A token to read with; on replay any text does."""
        if not RECORD:
            return "never-sent-anywhere"
        return (await self.client.exchange(self.code, scope=SCOPE, redirect_uri=US)).access_token


@pytest.fixture
async def tape(party: Party, esia: Party, tmp_path: Path) -> AsyncGenerator[Tape]:
    """Stand before the cassettes; before the sandbox only when they are recorded."""
    if RECORD:
        async with a_town(tmp_path) as town:
            yield await _recording(town)
        return
    options = given(party, esia)
    async with open_client([HOST], limits=QUICK, name="cassette") as http:
        channel = Channel(INSTANCES[0], http, fixed_clock(), options)
        yield Tape(_client(channel), MOTHER, "never-sent-anywhere", None)


async def _recording(town: Town) -> Tape:
    provider, channel = GosuslugiIdentity(), town.channel(scopes=SCOPE)
    redirect = await provider.begin(channel, Callback(url=US, state=str(uuid4())), frozenset(Fact))
    code = (await brought(redirect)).values["code"]
    return Tape(_client(channel), MOTHER, code, town)


def _client(channel: Channel) -> Client:
    return Client(channel, read_setup(read_options(channel.options), SlowWork()), lambda: STATE)


async def test_exchange(tape: Tape) -> None:
    """A code becomes tokens, with the state of the request echoed."""
    with tape.playing("exchange") as client:
        answer = await client.exchange(tape.code, scope=SCOPE, redirect_uri=US)
    assert (answer.state, answer.expires_in, answer.refresh_token) == (STATE, 3600, None)
    assert answer.access_token
    assert answer.id_token


async def test_a_refused_exchange(tape: Tape) -> None:
    """A refusal is 400 with its number."""
    with tape.playing("exchange_refused") as client, pytest.raises(CodeExpired, match="007011"):
        await client.exchange("no-such-code", scope=SCOPE, redirect_uri=US)


async def test_person(tape: Tape) -> None:
    """What was consented to; a patronymic among it."""
    token = await tape.token()
    with tape.playing("person") as client:
        person = await client.person(tape.oid, token)
    name = person_name(person)
    assert name
    assert name.middle
    assert person.birth_date


async def test_children(tape: Tape) -> None:
    """Both cards, embedded."""
    token = await tape.token()
    with tape.playing("children") as client:
        children = await client.children(tape.oid, token)
    assert [bool(person_name(child) and child.birth_date) for child in children] == [True, True]


async def test_contacts(tape: Tape) -> None:
    """A mobile and an e-mail, verified."""
    token = await tape.token()
    with tape.playing("contacts") as client:
        contacts = await client.contacts(tape.oid, token)
    assert [(one.kind, one.status) for one in contacts] == [("MBT", "VERIFIED"), ("EML", "VERIFIED")]


async def test_links(tape: Tape) -> None:
    """The same collection as links, each fetched."""
    token = await tape.token()
    if tape.town:
        await tape.town.control("settings", links_only=True)
    with tape.playing("children_of_links") as client:
        children = await client.children(tape.oid, token)
    assert len(children) == 2


async def test_a_closed_collection(tape: Tape) -> None:
    """403 for what was not consented to."""
    token = await tape.token()
    with tape.playing("documents_closed") as client, pytest.raises(NotPermitted):
        await client.documents(tape.oid, token)


def test_cassettes_hold_nothing_that_opens_or_names() -> None:
    """No token, code, key, СНИЛС or phone is in any of them."""
    held = {file.name: file.read_text("utf-8") for file in sorted(CASSETTES.glob("*.yaml"))}
    assert len(held) == 7
    assert [(name, part) for name, text in held.items() for part in OPENERS if part in text] == []
