"""Opening a diary of each system on a running sandbox, by a sign-in of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from diary_core.abilities import Diary
from diary_core.http import DoorLimits, open_client
from diary_core.model import Enrolment, known
from diary_core.provider import Channel, Instance, Provider
from diary_core.sign_in import Callback, Reply, SignedIn
from diary_core.testing import MemoryStore, open_diary
from diary_dnevnik_ru import DnevnikRuProvider
from diary_mrko.provider import MrkoProvider
from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.mesh.aupd.tokens import DiaryTokens
from diary_sandbox.serve import Sandbox
from diary_sandbox.world import DNEVNIK_HOST, MOSCOW_HOST, Child, LoginKind, School

UNHURRIED = DoorLimits(
    calls_per_s=10_000,
    calls_burst=10_000,
    connect_timeout_s=60,
    read_timeout_s=60,
    pool_timeout_s=60,
    attempt_timeout_s=60,
    call_timeout_s=90,
)
"""The oracle asks for whole years, on a busy machine; politeness and deadlines are tested elsewhere."""


@dataclass(frozen=True)
class System:
    """One diary system, as the oracle opens it."""

    provider: Provider
    method: str
    host: str
    options: Mapping[str, SecretStr]

    def instance(self, school: School) -> Instance:
        """Return the server of a school's region; for a twin, whose region has none, one of its zone."""
        servers = self.provider.instances()
        own = [one for one in servers if school.region in one.regions]
        return next(iter(own or [one for one in servers if one.zone == str(school.zone)]))

    def reply(self, sandbox: Sandbox, parent_id: int) -> Reply:
        """Return what this parent answers to the first step."""
        if self.host == MOSCOW_HOST:
            pair = DiaryTokens(sandbox.state, MOSCOW_HOST).open(parent_id)
            return Reply(values={"token": pair.access, "refresh_token": pair.refresh})
        logins = sandbox.world.parent(parent_id).logins
        login = next(login for login in logins if login.kind is LoginKind.DNEVNIK)
        return Reply(values={"login": login.username, "password": login.password})


MESH = System(MrkoProvider(), "token", MOSCOW_HOST, {})
DNEVNIK = System(
    DnevnikRuProvider(),
    "password",
    DNEVNIK_HOST,
    {"client_id": SecretStr(GATEWAY.client_id), "client_secret": SecretStr(GATEWAY.secret)},
)


@asynccontextmanager
async def opened(
    system: System, sandbox: Sandbox, parent_id: int, child: Child
) -> AsyncGenerator[tuple[Diary, Enrolment]]:
    """Sign a parent in at the server of a child's region; give the diary and the child's place in it."""
    instance = system.instance(sandbox.world.school(child.school_id)).at(sandbox.hosts)
    async with open_client(instance.hosts.values(), limits=UNHURRIED, name="oracle") as http:
        channel = Channel(instance=instance, http=http, now=sandbox.clock.now, options=system.options)
        callback = Callback(url="https://gateway.test/v1/callback", state="oracle")
        step = await system.provider.begin(channel, system.method, callback)
        step = await system.provider.answer(
            channel, system.method, getattr(step, "carry", {}), system.reply(sandbox, parent_id)
        )
        assert isinstance(step, SignedIn), step
        diary = open_diary(
            system.provider,
            instance,
            system.method,
            MemoryStore(step.credentials),
            http=http,
            now=sandbox.clock.now,
            options=system.options,
        )

        yield diary, await _place(diary, child)


def twin(sandbox: Sandbox) -> tuple[int, Child]:
    """Return the child both systems serve, and the parent who sees it in both."""
    persona = next(one for one in sandbox.world.personas() if one.key == "both_mother")
    in_mesh = sandbox.world.children_of(persona.parent_id, MOSCOW_HOST)
    in_dnevnik = {child.id for child in sandbox.world.children_of(persona.parent_id, DNEVNIK_HOST)}
    return persona.parent_id, next(child for child in in_mesh if child.id in in_dnevnik)


async def _place(diary: Diary, child: Child) -> Enrolment:
    """Find a child by name, as a parent would."""
    for enrolment in (await diary.enrolments()).items:
        name = known(enrolment.child.name)
        if name and (name.last, name.first) == (child.person.name.last, child.person.name.first):
            return enrolment
    raise AssertionError(f"child {child.id} is not among the enrolments")
