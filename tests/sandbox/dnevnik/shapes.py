"""The shape of JSON: which keys stand where, and of which types the values are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast


@dataclass
class Shape:
    """What was seen at one path of one body."""

    kinds: set[str] = field(default_factory=set[str])
    fields: dict[str, Shape] = field(default_factory=dict[str, "Shape"])
    items: Shape | None = None


def shape_of(*values: object) -> Shape:
    """Fold the values seen at one path into their shape."""
    shape = Shape({_kind(value) for value in values})
    fields: dict[str, list[object]] = {}
    items: list[object] = []
    for value in values:
        if isinstance(value, dict):
            for key, inner in cast("dict[str, object]", value).items():
                fields.setdefault(key, []).append(inner)
        if isinstance(value, list):
            items += cast("list[object]", value)
    shape.fields = {key: shape_of(*inner) for key, inner in fields.items()}
    shape.items = shape_of(*items) if items else None
    return shape


def differences(wanted: Shape, served: Shape, path: str = "$") -> Iterator[str]:
    """Say where the served shape differs: null may stand anywhere, everything else must be as wanted.

    Where only null is known, anything may stand. A list that has items in the one must have some in the
    other, or nothing would be compared.
    """
    if wanted.kinds == {"null"}:
        return
    if extra := served.kinds - wanted.kinds - {"null"}:
        yield f"{path}: served {sorted(extra)}, wanted {sorted(wanted.kinds)}"
    if served.kinds & {"dict", "list"} and (lost := set(wanted.fields) ^ set(served.fields)):
        yield f"{path}: keys on one side only: {sorted(lost)}"
    for key in wanted.fields.keys() & served.fields.keys():
        yield from differences(wanted.fields[key], served.fields[key], f"{path}.{key}")
    if wanted.items is not None and served.items is None:
        yield f"{path}: served no items to compare"
    if wanted.items is not None and served.items is not None:
        yield from differences(wanted.items, served.items, f"{path}[]")


def uneven(value: object, path: str = "$") -> Iterator[str]:
    """Say where objects of one list have different keys."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from uneven(inner, f"{path}.{key}")
    if isinstance(value, list):
        items = cast("list[object]", value)
        keys = {tuple(sorted(cast("dict[str, object]", one))) for one in items if isinstance(one, dict)}
        if len(keys) > 1:
            yield f"{path}[]: objects with {len(keys)} different key sets"
        for one in items:
            yield from uneven(one, f"{path}[]")


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__
