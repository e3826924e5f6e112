"""One call to the diary's services: who asks, for which child, for which days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from diary_sandbox.mesh.aupd.refusals import bad_request, forbidden
from diary_sandbox.mesh.aupd.tokens import Access
from diary_sandbox.mesh.node import Node
from diary_sandbox.mesh.request_body import BadBody, parse_object
from diary_sandbox.mesh.wire.ids import child_id
from diary_sandbox.world import Child, Guardian, Parent, World


class Refusal(Exception):
    """Ends a call with a ready answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True)
class Call:
    """One call whose caller is known and let in."""

    node: Node
    request: Request
    access: Access
    body: bytes

    @property
    def world(self) -> World:
        """Return the world as it is now."""
        return self.node.state.world

    @property
    def parent(self) -> Parent:
        """Return the adult who calls."""
        return self.world.parent(self.access.parent_id)

    @property
    def today(self) -> date:
        """Return the day by the sandbox clock, in Moscow."""
        return self.node.state.clock.today()

    def children(self) -> tuple[Child, ...]:
        """Return the children this adult sees on this node, oldest first."""
        return self.world.children_of(self.access.parent_id, self.node.host)

    def text(self, name: str) -> str:
        """Return a query parameter.

        Raises:
            Refusal: It is missing.
        """
        value = self.request.query_params.get(name)
        if not value:
            raise Refusal(bad_request(f"Required parameter '{name}' is not present"))
        return value

    def values(self, name: str) -> list[str]:
        """Return the values of a list parameter, separated by commas or repeated; empty when absent."""
        return [
            part.strip()
            for value in self.request.query_params.getlist(name)
            for part in value.split(",")
            if part.strip()
        ]

    def number(self, name: str) -> int:
        """Return a whole number from the query.

        Raises:
            Refusal: It is missing or no number.
        """
        return as_number(self.text(name), name)

    def day(self, name: str) -> date:
        """Return a day (`YYYY-MM-DD`) from the query.

        Raises:
            Refusal: It is missing or no date.
        """
        return as_day(self.text(name), name)

    def day_or(self, name: str, default: date) -> date:
        """Return a day from the query, or another one when the parameter is absent.

        Raises:
            Refusal: It is no date.
        """
        return self.day(name) if name in self.request.query_params else default

    def span(self, since: str = "from", until: str = "to") -> tuple[date, date]:
        """Return the first and the last day asked for, both inclusive.

        Raises:
            Refusal: One is missing or no date, or they are reversed.
        """
        first, last = self.day(since), self.day(until)
        if last < first:
            raise Refusal(bad_request(f"{until} is before {since}"))
        return first, last

    def child(self, name: str = "student_id") -> Child:
        """Return the child a `student_id` names.

        Raises:
            Refusal: It is missing, or no child of this adult on this node.
        """
        return self.own(self.number(name))

    def own(self, student_id: int) -> Child:
        """Return the caller's own child.

        Raises:
            Refusal: The number is nobody's, or somebody else's child.
        """
        for child in self.children():
            if child.id == child_id(student_id):
                return child
        raise Refusal(forbidden("Нет доступа к данным ученика"))

    def person(self, name: str) -> Child:
        """Return the child a person UUID names.

        Raises:
            Refusal: It is missing, or no child of this adult on this node.
        """
        return self.own_person(self.text(name))

    def own_person(self, uuid: str) -> Child:
        """Return the caller's own child by person UUID.

        Raises:
            Refusal: It is nobody's, or somebody else's child.
        """
        for child in self.children():
            if child.person.uuid == uuid:
                return child
        raise Refusal(forbidden("Нет доступа к данным ученика"))

    def guardian(self, child: Child) -> Guardian:
        """Return the caller's tie to one of the own children."""
        ties = self.world.guardians_of(child.id)
        return next(tie for tie in ties if tie.parent_id == self.access.parent_id)

    def must_be_legal(self, child: Child) -> None:
        """Let only legal representatives go on.

        Raises:
            Refusal: The caller is only a trusted person.
        """
        if not self.guardian(child).legal:
            raise Refusal(forbidden("Действие доступно только законному представителю"))

    def json(self) -> dict[str, object]:
        """Return the body as a JSON object.

        Raises:
            Refusal: It is none.
        """
        try:
            return parse_object(self.body)
        except BadBody as error:
            raise Refusal(bad_request(str(error))) from error


Endpoint = Callable[[Call], Response]


def as_number(value: str, name: str) -> int:
    """Return a text as a whole number.

    Raises:
        Refusal: It is none.
    """
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise Refusal(bad_request(f"Parameter '{name}' must be a number"))
    return int(value)


def as_day(value: str, name: str) -> date:
    """Return a text as a day.

    Raises:
        Refusal: It is none.
    """
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refusal(bad_request(f"Parameter '{name}' must be a date")) from error


def answer(value: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return JSONResponse(value, status_code=status)
