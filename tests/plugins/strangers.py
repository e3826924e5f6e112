"""Good bodies made bad: parts missing, null, of another type, repeated, dirty, huge, or joined by others."""

from __future__ import annotations

import copy
import json
from typing import Final

import httpx2
from hypothesis import strategies as st
from pydantic import JsonValue

Step = str | int

_TRAPS: Final = (
    "",
    " ",
    "-",
    "0",
    "-1",
    "5",
    "4-",
    "3/5",
    "5/0",
    "4,4,4",
    "1e999",
    "１２",
    "н/а",
    "См",
    "балл: 4,5",
    "Не задано",
    "<b>5</b>",
    "<p>§&nbsp;5<script>x</script>",
    "&#0;",
    "\u200b\u202e\x00",
    "null",
    "NaN",
    "Infinity",
    "2026-09-14",
    "14.09.2026",
    "99.99.9999",
    "2026-02-30",
    "2025-02-30T00:00:00",
    "0001-01-01T00:00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59",
    "9999-12-31T23:59:59-14:00",
    "2025-11-18T00:00:00+03:00",
    "2026-09-14T21:30:00Z",
    "24:61",
    "24:00 - 25:00",
    "student",
    "PLAN",
    "Group",
    "EduStudent",
    "Attend",
    "x" * 100_000,
)
dirty: Final[st.SearchStrategy[str]] = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zs"]), max_size=10),
    st.sampled_from(_TRAPS),
)
_scalars: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 0, 2**63, 10**30, 10**4000, -(10**400)]),
    st.floats(),
    dirty,
)


def _larger(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return st.one_of(st.lists(inner, max_size=4), st.dictionaries(dirty, inner, max_size=4))


anything: Final[st.SearchStrategy[JsonValue]] = st.recursive(_scalars, _larger, max_leaves=12)


@st.composite
def disturbed(draw: st.DrawFn, body: JsonValue) -> JsonValue:
    """Return a body with one to four disturbances, the rest as it was."""
    broken = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 4))):
        places = _paths(broken)
        if places:
            _disturb(draw, broken, draw(st.sampled_from(places)))
    return broken


def answer_of(body: JsonValue, status: int = 200) -> httpx2.Response:
    """Return an answer with a body as Python writes it, `NaN` and lone surrogates included."""
    return httpx2.Response(status, content=json.dumps(body), headers={"content-type": "application/json"})


def within(body: JsonValue, *path: Step) -> JsonValue:
    """Return a part of a body."""
    for step in path:
        match body, step:
            case dict(), str():
                body = body[step]
            case list(), int():
                body = body[step]
            case _:
                raise AssertionError(f"there is no {path!r}")
    return body


def _paths(body: JsonValue, so_far: tuple[Step, ...] = ()) -> list[tuple[Step, ...]]:
    found = [so_far] if so_far else []
    steps: list[Step] = []
    if isinstance(body, dict):
        steps = list(body)
    elif isinstance(body, list):
        steps = list(range(len(body)))
    for step in steps:
        found += _paths(within(body, step), (*so_far, step))
    return found


def _disturb(draw: st.DrawFn, body: JsonValue, path: tuple[Step, ...]) -> None:
    *above, last = path
    parent = within(body, *above)
    how = draw(st.sampled_from(["drop", "change", "more"]))
    if isinstance(parent, dict) and isinstance(last, str):
        if how == "drop":
            del parent[last]
        else:
            parent[last if how == "change" else draw(dirty)] = draw(anything)
    elif isinstance(parent, list) and isinstance(last, int):
        if how == "drop":
            del parent[last]
        elif how == "change":
            parent[last] = draw(anything)
        else:
            parent.append(copy.deepcopy(parent[last]))
