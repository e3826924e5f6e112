"""One call of the API: its parameters, read strictly, and the parent who makes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from starlette.datastructures import QueryParams

from diary_sandbox.dnevnik.caller import Caller
from diary_sandbox.dnevnik.errors import WireError, invalid_parameter
from diary_sandbox.dnevnik.moments import read_day
from diary_sandbox.dnevnik.reach import Reach
from diary_sandbox.state import SandboxState
from diary_sandbox.world import World

Wire = dict[str, object]
"""A JSON object about to leave; only rendering makes them."""

_INT64 = 2**63
# No limit is documented; this one only keeps a slip of the pen from asking for centuries.
_LONGEST_SPAN = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Call:
    """A call without a caller: what the doors that hand out tokens get."""

    state: SandboxState
    path: Mapping[str, str]
    query: QueryParams
    body: bytes

    @property
    def world(self) -> World:
        """Return the world."""
        return self.state.world

    def number(self, name: str) -> int:
        """Return a path parameter as an id.

        Raises:
            WireError: It is not a 64-bit number.
        """
        return _read_number(name, self.path[name])

    def day(self, name: str) -> date:
        """Return a path parameter as a date.

        Raises:
            WireError: It is not one.
        """
        return _read_day(name, self.path[name])

    def span(self) -> tuple[date, date]:
        """Return `from` and `to` of the path, both inclusive.

        Raises:
            WireError: One is no date, they are reversed, or more than two years apart.
        """
        return _ordered("to", self.day("from"), self.day("to"))

    def query_span(self, first: str = "startDate", last: str = "endDate") -> tuple[date, date]:
        """Return two dates of the query, both inclusive, under the same rules as `span`."""
        since = _read_day(first, self.query.get(first, ""))
        return _ordered(last, since, _read_day(last, self.query.get(last, "")))

    def query_number(self, name: str, default: int | None = None) -> int | None:
        """Return one number of the query, or the default when it is not given."""
        text = self.query.get(name)
        return default if not text else _read_number(name, text)

    def query_day(self, name: str, default: date) -> date:
        """Return one date of the query, or the default when it is not given."""
        text = self.query.get(name)
        return default if not text else _read_day(name, text)

    def query_numbers(self, name: str) -> tuple[int, ...]:
        """Return the numbers of a repeated query key, in order, without repeats.

        Raises:
            WireError: There is none, or one is not a number.
        """
        texts = self.query.getlist(name)
        if not texts:
            raise invalid_parameter(name, "")
        return tuple(dict.fromkeys(_read_number(name, text) for text in texts))

    def body_numbers(self) -> tuple[int, ...]:
        """Return the body as ids: it must be a bare JSON array, not an object around one.

        Raises:
            WireError: It is anything else.
        """
        body = self._json()
        if not isinstance(body, list):
            raise WireError("invalidRequest", "The body must be an array of identifiers")
        items = cast("list[object]", body)  # isinstance cannot say of what
        return tuple(dict.fromkeys(_read_number("body", str(item)) for item in items))

    def body_fields(self) -> Mapping[str, object]:
        """Return the body as a JSON object; names are compared without case, as the real parser does.

        Raises:
            WireError: It is anything else.
        """
        body = self._json()
        if not isinstance(body, dict):
            raise WireError("invalidRequest", "The body must be an object")
        fields = cast("dict[str, object]", body)  # JSON objects have text names
        return {name.lower(): value for name, value in fields.items()}

    def _json(self) -> object:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise WireError("invalidRequest", "The body is not valid JSON") from error


@dataclass(frozen=True, slots=True)
class OwnCall(Call):
    """A call of a parent who holds a token with the scopes it takes."""

    caller: Caller

    def today(self, class_id: int) -> date:
        """Return the present date where a class goes to school."""
        school = self.world.school(self.world.class_group(class_id).school_id)
        return self.state.clock.today(school.zone)

    @property
    def reach(self) -> Reach:
        """Return what this parent may read."""
        return Reach(self.state.world, self.caller.children)


def text_field(fields: Mapping[str, object], name: str) -> str:
    """Return a text of a body, empty when it is absent or of another type."""
    value = fields.get(name.lower())
    return value if isinstance(value, str) else ""


def _read_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:20]) >= _INT64:
        raise invalid_parameter(name, text)
    return int(text)


def _read_day(name: str, text: str) -> date:
    day = read_day(text)
    if day is None:
        raise invalid_parameter(name, text)
    return day


def _ordered(name: str, since: date, until: date) -> tuple[date, date]:
    if since > until or until - since > _LONGEST_SPAN:
        raise invalid_parameter(name, until)
    return since, until
