"""Picking the profile: one, several, a student's own, and accounts that have lost their children."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx2
import pytest

from diary_core.errors import (
    ChildLeftSchool,
    NoDiaryAccount,
    RegionChanged,
    SignInExpired,
    SignInFailed,
    SignInRejected,
    TryLater,
)
from diary_core.provider import Channel
from diary_core.sign_in import Choose, Reply, SignedIn, Step
from diary_core.testing import fixed_clock
from diary_mrko.instances import instances
from diary_mrko.sign_in.profile import chosen, finish

from .bodies import Json

pytestmark = pytest.mark.anyio


@dataclass
class Node:
    """A node with any profiles, which the sandbox has not."""

    profiles: list[Json]
    children: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    """First names by profile."""
    role_answer: Callable[[], httpx2.Response] = lambda: httpx2.Response(201, text='"role-token"')
    asked: list[str] = field(default_factory=list[str])

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as the three services of a sign-in do."""
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.asked.append(f"{request.url.path.rsplit('/', 1)[-1]} {token}")
        match request.url.path:
            case "/api/ej/acl/v1/mod-acl/users/profile_info":
                return httpx2.Response(200, json=self.profiles)
            case "/v2/token/refresh":
                return self.role_answer()
            case _:
                number = request.headers["profile-id"]
                children = [
                    {"id": 1, "first_name": first, "last_name": "Примеров"}
                    for first in self.children.get(number, [])
                ]
                return httpx2.Response(200, json={"profile": {"id": number}, "children": children})

    async def ask(self, call: Callable[[Channel], Awaitable[Step]]) -> Step:
        """Make a call with a channel to this node."""
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer)) as http:
            return await call(Channel(instance=instances()[0], http=http, now=fixed_clock()))

    async def finish(self) -> Step:
        """Finish a sign-in that has got a token."""
        return await self.ask(lambda channel: finish(channel, {"access": "first-token", "refresh": "r"}))


@pytest.mark.parametrize("written", ["parent", "ParentProfile", " Parent "])
async def test_the_only_parent_profile_is_taken(written: str) -> None:
    """There is nothing to choose, however the profile's kind is spelt, and its number may be text."""
    step = await Node([{"id": "71", "type": written}], {"71": ["Артём"]}).finish()
    assert isinstance(step, SignedIn)
    assert step.credentials.facts == {"profile_id": "71", "role": "parent", "several_roles": "no"}


async def test_a_parent_who_studies_too_is_taken_as_a_parent() -> None:
    """The token is made over for the role, woken again, and renewals will know of it."""
    node = Node([{"id": 71, "type": "parent"}, {"id": 72, "type": "student"}], {"71": ["Артём"]})
    step = await node.finish()
    assert isinstance(step, SignedIn)
    assert step.credentials.secret("access") == "role-token"
    assert step.credentials.facts["several_roles"] == "yes"
    assert node.asked[-3:] == ["refresh first-token", "profile_info role-token", "profile role-token"]


async def test_a_student_reads_the_own_diary() -> None:
    """An account with a student profile only is no failure."""
    step = await Node([{"id": 72, "type": "StudentProfile"}], {"72": ["Артём"]}).finish()
    assert isinstance(step, SignedIn)
    assert step.credentials.facts["role"] == "student"


async def test_several_parent_profiles_are_offered_by_their_children() -> None:
    """The parent recognises a profile by the children's names, and the chosen one is opened."""
    node = Node(
        [{"id": 71, "type": "parent"}, {"id": 73, "type": "parent"}], {"71": ["Артём"], "73": ["Зоя", "Лев"]}
    )
    step = await node.finish()
    assert isinstance(step, Choose)
    assert [(option.id, option.title) for option in step.options] == [("71", "Артём"), ("73", "Зоя, Лев")]
    assert "first-token" not in repr(step) + step.model_dump_json()
    opened = await node.ask(lambda channel: chosen(channel, step.carry, Reply(values={"choice": "73"})))
    assert isinstance(opened, SignedIn)
    assert opened.credentials.facts["profile_id"] == "73"
    assert opened.credentials.secret("refresh") == "r"


async def test_a_profile_that_was_not_offered_is_refused() -> None:
    """A choice of somebody else's profile opens nothing."""
    node = Node([{"id": 71, "type": "parent"}, {"id": 73, "type": "parent"}])
    step = await node.finish()
    assert isinstance(step, Choose)
    for choice in ({"choice": "99"}, {}):
        with pytest.raises(SignInExpired):
            await node.ask(partial(chosen, carry=step.carry, reply=Reply(values=choice)))


@pytest.mark.parametrize("profiles", [[], [{"id": 5, "type": "teacher"}], [{"id": 5, "type": None}]])
async def test_an_account_without_a_family_profile_has_no_diary(profiles: list[Json]) -> None:
    """No profile, or only a teacher's."""
    with pytest.raises(NoDiaryAccount):
        await Node(profiles).finish()


async def test_a_profile_without_children_has_lost_them() -> None:
    """The sign-in is right, but nobody is enrolled any more."""
    with pytest.raises(ChildLeftSchool):
        await Node([{"id": 71, "type": "parent"}]).finish()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx2.Response(499, text="user roles insufficient"), NoDiaryAccount),
        (httpx2.Response(499, text="Something went wrong"), TryLater),
        (httpx2.Response(401), SignInRejected),
        (httpx2.Response(403), NoDiaryAccount),
        (httpx2.Response(201, text=""), RegionChanged),
        (httpx2.Response(201, text="<html> </html>"), RegionChanged),
    ],
)
async def test_a_role_that_cannot_be_had_is_told(
    answer: httpx2.Response, error: type[SignInFailed | TryLater | RegionChanged]
) -> None:
    """A refusal, a failing gateway under the same status, and nonsense are three things."""
    node = Node([{"id": 71, "type": "parent"}, {"id": 72, "type": "student"}], role_answer=lambda: answer)
    with pytest.raises(error):
        await node.finish()
