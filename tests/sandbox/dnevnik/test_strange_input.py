"""Whatever a stranger sends, the answer is a body or a refusal, never a crash."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import cache
from urllib.parse import quote

import anyio
import httpx2
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from diary_sandbox.clock import MOSCOW
from diary_sandbox.dnevnik import API_HOST, build
from diary_sandbox.dnevnik.api import MOBILE, V2
from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.dnevnik.moments import read_day
from diary_sandbox.dnevnik.scopes import parse_scopes
from diary_sandbox.dnevnik.tokens import Tokens
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.world import LoginKind

from .conftest import ALL_SCOPES, new_state

_ROOM = 10**11
_EVERY = [("/v2", one) for one in V2] + [("/mobile/v8.5", one) for one in MOBILE]
_QUERY = (
    *("startDate", "endDate", "from", "to", "date", "fromDate", "limit", "subject", "childPersonId"),
    *("eduGroups", "eduGroup", "schools", "lesson", "lessons", "persons", "homeworkId", "pageNumber"),
    *("pageSize", "schoolMembershipType", "id", "loadType"),
)

own_numbers = st.integers(0, 5000) | st.integers(0, _ROOM - 1)
numbers = (
    st.builds(wire_id, st.sampled_from(Space), own_numbers)
    | st.integers(0, 2**64)
    | st.sampled_from([0, 1, 2**63 - 1, 2**63])
)
oddities = st.sampled_from(["me", "2026-11-17", "0001-01-01", "9999-12-31", "-1", "1e5", "٣", " "])
words = numbers.map(str) | st.text(min_size=1, max_size=30) | oddities
bodies = st.binary(max_size=40) | st.lists(numbers, max_size=4).map(lambda ids: str(ids).encode())


@given(data=st.data())
def test_no_path_query_or_body_makes_a_server_error(data: st.DataObject) -> None:
    """Ids of every kind in the place of every other, dates and texts for ids, any body."""
    prefix, endpoint = data.draw(st.sampled_from(_EVERY))
    places = re.findall(r"{(\w+)}", endpoint.path)
    path = endpoint.path.format(**{name: quote(data.draw(words), safe="") for name in places})
    values = words | st.lists(words, max_size=3)
    query = data.draw(st.dictionaries(st.sampled_from(_QUERY), values, max_size=5))
    body = None if endpoint.method == "GET" else data.draw(bodies)
    answer = anyio.run(_ask, endpoint.method, f"{prefix}/{path}", query, body)
    assert answer.status_code in (200, 400, 401, 403, 404, 405), answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"type", "description"}


async def _ask(
    method: str, path: str, query: dict[str, str | list[str]], body: bytes | None
) -> httpx2.Response:
    app, token = _server()
    headers = {"accept": "application/json", "access-token": token}
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://api.test") as client:
        return await client.request(method, path, params=query, content=body, headers=headers)


@cache
def _server() -> tuple[Starlette, str]:
    """Return one server and token for all examples: nothing a parent may ask changes anything."""
    state = new_state(datetime(2026, 11, 23, 12, tzinfo=MOSCOW))
    login = state.world.login(LoginKind.DNEVNIK, "obraztsova")
    assert login is not None
    scopes = parse_scopes(ALL_SCOPES)
    token = Tokens(state).issue(login.parent_id, GATEWAY.client_id, scopes, refreshable=False)
    return build(state, API_HOST), token.value


@given(st.text())
def test_a_day_is_read_or_refused(text: str) -> None:
    """No text makes anything but a date or nothing."""
    assert isinstance(read_day(text), date | None)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)), st.times())
def test_every_day_is_read_back(on: date, at: time) -> None:
    """With a time behind `T` or a blank, or alone."""
    for text in (f"{on}", f"{on}T{at}", f"{on} {at}"):
        assert read_day(text) == on


@given(st.sampled_from(Space), st.integers(0, _ROOM - 1))
def test_ids_of_the_wire_name_one_thing_only(space: Space, number: int) -> None:
    """The world's number comes back from its own space and from no other."""
    wire = wire_id(space, number)
    assert [one for one in Space if world_id(one, wire) is not None] == [space]
    assert world_id(space, wire) == number
    assert wire < 2**63
