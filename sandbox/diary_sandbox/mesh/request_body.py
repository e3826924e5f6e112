"""Reading what a client posted: JSON of any shape comes in, typed values or a refusal come out."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from starlette.requests import Request


class BadBody(Exception):
    """The body is not what this call takes; the message names the field."""


async def json_object(request: Request) -> dict[str, object]:
    """Return the body as a JSON object.

    Raises:
        BadBody: It is not JSON, or not an object.
    """
    return parse_object(await request.body())


def parse_object(text: bytes | str) -> dict[str, object]:
    """Return a JSON text as an object.

    Raises:
        BadBody: It is not JSON, or not an object.
    """
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBody("body is not JSON") from error
    if not is_object(value):
        raise BadBody("body is not an object")
    return value


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Tell whether a decoded JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[object]]:
    """Tell whether a decoded JSON value is an array."""
    return isinstance(value, list)


def objects(body: Mapping[str, object], key: str) -> Sequence[dict[str, object]]:
    """Return an array of objects.

    Raises:
        BadBody: The field is missing, no array, or holds something else than objects.
    """
    value = body.get(key)
    if not is_array(value):
        raise BadBody(f"{key} is not a list")
    items: list[dict[str, object]] = []
    for item in value:
        if not is_object(item):
            raise BadBody(f"{key} holds something else than objects")
        items.append(item)
    return items


def inner(body: Mapping[str, object], key: str) -> dict[str, object]:
    """Return a nested object.

    Raises:
        BadBody: The field is missing or no object.
    """
    value = body.get(key)
    if not is_object(value):
        raise BadBody(f"{key} is not an object")
    return value


def text(body: Mapping[str, object], key: str) -> str:
    """Return a text that is not empty.

    Raises:
        BadBody: The field is missing, empty or no text.
    """
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise BadBody(f"{key} is required")
    return value


def text_or_none(body: Mapping[str, object], key: str) -> str | None:
    """Return a text, or nothing when the field is absent or null.

    Raises:
        BadBody: The field is no text.
    """
    value = body.get(key)
    if value is None or isinstance(value, str):
        return value
    raise BadBody(f"{key} is not a text")


def number(body: Mapping[str, object], key: str) -> int:
    """Return a whole number; digits in quotes count.

    Raises:
        BadBody: The field is missing or no number.
    """
    value = body.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    raise BadBody(f"{key} is not a number")


def number_or_none(body: Mapping[str, object], key: str) -> int | None:
    """Return a whole number, or nothing when the field is absent or null.

    Raises:
        BadBody: The field is no number.
    """
    return None if body.get(key) is None else number(body, key)
