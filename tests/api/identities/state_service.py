"""An identity service of the tests' own: people come back with a code, and trouble comes on demand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from pydantic import SecretStr
from tests.api.tiny import TinyTown, tiny_plugins

from diary_core.bilingual import Bilingual
from diary_core.errors import ConsentRefused, DiaryError, SignInRejected
from diary_core.identity import AccountLevel, Fact, Identity, IdentityProvider
from diary_core.people import PersonName, Snils
from diary_core.plugins import Plugins
from diary_core.provider import Channel, Instance
from diary_core.sign_in import Callback, Redirect, Reply

SNILS = "112-233-445 95"
OTHER_SNILS = "087-654-303 00"
BASE = "https://state.example.org"
SUBJECT = "canary-subject-1000000001"


def a_person(**changed: object) -> Identity:
    """Return the proven identity of the tests' mother."""
    person = Identity(
        provider="state",
        subject=SUBJECT,
        name=PersonName(last="Канарейкина", first="Ольга", middle="Петровна"),
        birth_date=date(1985, 3, 4),
        snils=Snils(SNILS),
        level=AccountLevel.CONFIRMED,
    )
    return person.model_copy(update=changed)


@dataclass
class StateOffice:
    """What the service knows, and what the tests do to it."""

    trouble: DiaryError | Exception | None = None
    people: dict[str, Identity] = field(default_factory=dict[str, Identity])
    """By the code their browser comes back with."""
    asked: list[Collection[Fact]] = field(default_factory=list[Collection[Fact]])
    signs_out: bool = True
    """Whether it has a way out."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def consent(self, person: Identity) -> str:
        """Press «Предоставить», and return the code of the redirect."""
        code = f"canary-state-code-{next(self._numbers)}"
        self.people[code] = person
        return code


class StateService(IdentityProvider):
    """The service."""

    slug = "state"
    title = Bilingual("Служба", "Service")

    def __init__(self, office: StateOffice) -> None:
        self.office = office

    def instances(self) -> Sequence[Instance]:
        return [
            Instance(
                slug="only", provider="state", title=self.title, regions=(), zone="UTC", hosts={"main": BASE}
            )
        ]

    def instance(self, options: Mapping[str, SecretStr]) -> Instance | None:
        return None if "off" in options else self.instances()[0]

    async def begin(self, channel: Channel, callback: Callback, facts: Collection[Fact]) -> Redirect:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", callback.state)
        self.office.asked.append(facts)
        if self.office.trouble:
            raise self.office.trouble
        return Redirect(
            url=f"{channel.instance.hosts['main']}/go?state={callback.state}", carry={"state": callback.state}
        )

    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Identity:
        assert carry["state"] == reply.values["state"]
        if self.office.trouble:
            raise self.office.trouble
        if "error" in reply.values:
            raise ConsentRefused("the person said no")
        person = self.office.people.pop(reply.values.get("code", ""), None)
        if person is None:
            raise SignInRejected("the code is spent or not ours")
        return person

    def sign_out_url(self, channel: Channel, return_to: str) -> str | None:
        if self.office.trouble:
            raise self.office.trouble
        return f"{BASE}/out?back={return_to}" if self.office.signs_out else None


def plugins_with(town: TinyTown, office: StateOffice) -> Plugins:
    """Return the tiny diary and the service."""
    service = StateService(office)
    return replace(tiny_plugins(town), identity_providers={service.slug: service})
