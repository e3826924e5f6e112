"""Bodies as strangers may send them: a good one with some of its values lost, retyped, dirty or huge."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from hypothesis import strategies as st

_WORDS = (
    "",
    " ",
    "0",
    "-1",
    "5",
    "4-",
    "3/5",
    "н/а",
    "См",
    "балл: 4,5",
    "Не задано",
    "<p>§&nbsp;5<script>x</script>",
    "\u200b\u202e\x00",
    "null",
    "NaN",
    "1e999",
    "2026-09-14",
    "14.09.2026",
    "99.99.9999",
    "2026-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-09-14T08:30:00",
    "2026-09-14T21:30:00Z",
    "24:61",
    "student",
    "PLAN",
    "а" * 30_000,
)
_NUMBERS = (0, -1, 1, 5, 10**12, -(10**18), 2**63, 10**30, 1.5, -0.0, 1e300, 1789363800)
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(_WORDS),
    st.sampled_from(_NUMBERS),
    st.text(max_size=20),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.builds(list[object]),
    st.builds(dict[str, object]),
    st.builds(lambda: [None]),
    st.builds(lambda: {"id": None}),
    st.lists(st.integers(), max_size=4),
)

Place = tuple[int | str, ...]


class Gone:
    """Stands for a value that is taken away."""


def places(body: object, here: Place = ()) -> Iterator[Place]:
    """Yield where in a body every value stands, the whole body left out."""
    for key, value in _parts(body):
        yield (*here, key)
        yield from places(value, (*here, key))


def spoiled(good: object) -> st.SearchStrategy[object]:
    """Return good bodies with one to six values replaced by strange ones, or taken away."""
    edit = st.tuples(st.sampled_from(list(places(good))), st.one_of(st.builds(Gone), junk))
    return st.lists(edit, min_size=1, max_size=6).map(lambda edits: reduce(_edited, edits, good))


def _edited(body: object, edit: tuple[Place, object]) -> object:
    place, value = edit
    if not place:
        return value
    step, rest = place[0], place[1:]
    parts = [(key, _edited(part, (rest, value)) if key == step else part) for key, part in _parts(body)]
    kept = [(key, part) for key, part in parts if not isinstance(part, Gone)]
    if isinstance(body, dict):
        return dict(kept)
    return [part for _, part in kept] if isinstance(body, list) else body


def _parts(body: object) -> list[tuple[int | str, object]]:
    if isinstance(body, dict):
        return list(body.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  JSON
    return list(enumerate(body)) if isinstance(body, list) else []  # pyright: ignore[reportUnknownArgumentType]  JSON
