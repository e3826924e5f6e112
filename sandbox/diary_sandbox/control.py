"""The control door, `/_sandbox`: shows the sandbox, moves its clock, edits its world, breaks its answers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from html import escape

from pydantic import AwareDatetime, ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from diary_sandbox.control_json import json_answer, read_json
from diary_sandbox.edits import Edit
from diary_sandbox.esia.accounts import PASSWORD as ESIA_PASSWORD
from diary_sandbox.esia.accounts import Accounts
from diary_sandbox.esia.control import control_routes as esia_routes
from diary_sandbox.faults import Fault
from diary_sandbox.state import SandboxState
from diary_sandbox.world import EditRefused


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class ClockOrder:
    """How to move the clock: to a moment, then by a span; and whether it goes on by itself."""

    now: AwareDatetime | None = None
    advance: timedelta | None = None
    """ISO 8601 (`P1DT2H`) or seconds; negative moves back."""
    running: bool | None = None


_CLOCK: TypeAdapter[ClockOrder] = TypeAdapter(ClockOrder)
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])
_FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


def build_control(state: SandboxState) -> Starlette:
    """Build the application of the control door and its index page."""
    door = ControlDoor(state)
    return Starlette(
        routes=[
            Route("/", door.index),
            Route("/_sandbox", door.look),
            Route("/_sandbox/hosts", door.hosts),
            Route("/_sandbox/personas", door.personas),
            Route("/_sandbox/children/{child_id:int}", door.child),
            Route("/_sandbox/requests", door.requests, methods=["GET"]),
            Route("/_sandbox/requests", door.forget_requests, methods=["DELETE"]),
            Route("/_sandbox/clock", door.move_clock, methods=["POST"]),
            Route("/_sandbox/edits", door.edit, methods=["POST"]),
            Route("/_sandbox/faults", door.add_faults, methods=["POST"]),
            Route("/_sandbox/faults", door.clear_faults, methods=["DELETE"]),
            Route("/_sandbox/faults/{fault_id:int}", door.remove_fault, methods=["DELETE"]),
            Route("/_sandbox/reset", door.reset, methods=["POST"]),
            *esia_routes(state),
        ],
        exception_handlers={HTTPException: _refusal},
    )


class ControlDoor:
    """Answers of the control door. All JSON but the index page; a refusal is `{"error": ...}`."""

    def __init__(self, state: SandboxState) -> None:
        """Open the door to one sandbox."""
        self._state = state

    async def index(self, _: Request) -> Response:
        """Show what runs here to a person."""
        state = self._state
        hosts = "".join(
            f"<tr><td>{escape(host)}</td><td><a href='{url}'>{url}</a></td></tr>"
            for host, url in state.hosts.items()
        )
        personas = "".join(
            f"<tr><td>{escape(persona.key)}</td><td>{escape(persona.story)}</td><td>"
            + "<br>".join(
                f"{login.kind}: <code>{escape(login.username)}</code> / <code>{escape(login.password)}</code>"
                for login in persona.logins
            )
            + "</td></tr>"
            for persona in state.world.personas()
        )
        accounts = "".join(
            f"<tr><td><code>{escape(one.username)}</code></td><td>{escape(one.story)}</td></tr>"
            for one in Accounts(state).all()
        )
        return HTMLResponse(
            _INDEX.format(
                now=state.clock.now(),
                hosts=hosts,
                personas=personas,
                accounts=accounts,
                esia_password=ESIA_PASSWORD,
            )
        )

    async def look(self, _: Request) -> Response:
        """Answer with the whole state of the sandbox."""
        state = self._state
        return json_answer(
            {
                "sandbox": True,
                "seed": state.world.seed,
                "families": state.world.families(),
                "year": {"since": state.world.year.since, "until": state.world.year.until},
                "clock": {"now": state.clock.now(), "running": state.clock.running},
                "hosts": state.hosts,
                "faults": [{"id": held.id, **_fault(held.fault)} for held in state.faults.in_force()],
                "edits": [{"at": at, "edit": edit} for at, edit in state.edits],
                "store": state.store.counts(),
                "requests": {host: sum(calls.values()) for host, calls in state.requests.items()},
            }
        )

    async def hosts(self, _: Request) -> Response:
        """Answer with where each emulated host listens."""
        return json_answer(self._state.hosts)

    async def personas(self, _: Request) -> Response:
        """Answer with the people to sign in as, and the children they see."""
        world = self._state.world
        return json_answer(
            [
                {
                    **asdict(persona),
                    "children": [
                        {
                            "id": child.id,
                            "name": child.person.name.full,
                            "class": world.class_group(child.class_id).name,
                            "school": world.school(child.school_id).short_name,
                            "hosts": sorted(world.school(child.school_id).hosts),
                        }
                        for child in world.children_of(persona.parent_id)
                    ],
                }
                for persona in world.personas()
            ]
        )

    async def child(self, request: Request) -> Response:
        """Answer with the truth about one pupil in a span of days, the present week unless told."""
        world, child_id = self._state.world, int(request.path_params["child_id"])
        try:
            child = world.child(child_id)
        except KeyError as error:
            raise HTTPException(404, f"the town has no pupil {child_id}") from error
        today = self._state.clock.today(world.school(child.school_id).zone)
        monday = today - timedelta(days=today.weekday())
        since = _day(request, "since", monday)
        until = _day(request, "until", since + timedelta(days=6))
        return json_answer(
            {
                "child": child,
                "since": since,
                "until": until,
                "lessons": world.lessons(child_id, since, until),
                "homework": world.homework(child_id, since, until),
                "marks": world.marks(child_id, since, until),
                "absences": world.absences(child_id, since, until),
                "notices": world.absence_notices(child_id, since, until),
                "notices_told": world.notices_told(child_id),
                "remarks": world.remarks(child_id, since, until),
            }
        )

    async def requests(self, _: Request) -> Response:
        """Answer with how often each host was called, in all and call by call."""
        return json_answer(
            {
                host: {"total": sum(calls.values()), "calls": calls}
                for host, calls in self._state.requests.items()
            }
        )

    async def forget_requests(self, _: Request) -> Response:
        """Count from zero again."""
        self._state.requests.clear()
        return json_answer({})

    async def move_clock(self, request: Request) -> Response:
        """Move the clock, start it or stop it; answer with the time it shows."""
        order = await read_json(request, _CLOCK, many=False)
        clock = self._state.clock
        before, running = clock.now(), clock.running
        try:
            clock.set(order.now or before, running=order.running)
            clock.advance(order.advance or timedelta())
        except ValueError as error:
            clock.set(before, running=running)
            raise HTTPException(422, str(error)) from error
        return json_answer({"now": clock.now(), "running": clock.running})

    async def edit(self, request: Request) -> Response:
        """Make one edit, or a list of them in order; answer with the edited things.

        The edits before a refused one stay made.
        """
        edits = await read_json(request, _EDITS, many=True)
        return json_answer([self._edit(edit) for edit in edits])

    def _edit(self, edit: Edit) -> object:
        try:
            return self._state.edit(edit)
        except EditRefused as error:
            raise HTTPException(409, str(error)) from error
        except KeyError as error:
            raise HTTPException(404, f"the town has no {error.args[0]!r}: {edit.kind}") from error

    async def add_faults(self, request: Request) -> Response:
        """Put one fault, or a list of them, in force; answer with their ids."""
        faults = await read_json(request, _FAULTS, many=True)
        return json_answer(
            [{"id": self._state.faults.add(fault), **_fault(fault)} for fault in faults], status=201
        )

    async def clear_faults(self, _: Request) -> Response:
        """Take every fault away."""
        self._state.faults.clear()
        return json_answer({})

    async def remove_fault(self, request: Request) -> Response:
        """Take one fault away."""
        fault_id = int(request.path_params["fault_id"])
        if not self._state.faults.remove(fault_id):
            raise HTTPException(404, f"there is no fault {fault_id} in force")
        return json_answer({})

    async def reset(self, _: Request) -> Response:
        """Bring clock, edits, faults, tokens and counters back to the start."""
        self._state.reset()
        return json_answer({"now": self._state.clock.now()})


def _day(request: Request, name: str, default: date) -> date:
    given = request.query_params.get(name)
    if given is None:
        return default
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007  a date has no zone
    except ValueError as error:
        raise HTTPException(422, f"{name}: a date is written YYYY-MM-DD, not {given!r}") from error


def _fault(fault: Fault) -> dict[str, object]:
    return asdict(fault)


async def _refusal(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


_INDEX = """<!doctype html>
<html lang="ru">
<head><meta charset="utf-8"><title>SANDBOX</title></head>
<body>
<h1>SANDBOX</h1>
<p>An invented town. Nobody here is real, nothing here reaches the outside.</p>
<p>Time in the town: {now:%Y-%m-%d %H:%M %Z}</p>
<h2>Hosts</h2>
<table>{hosts}</table>
<h2>Personas</h2>
<table>{personas}</table>
<h2>Gosuslugi accounts</h2>
<p>The password of each is <code>{esia_password}</code>; their phone and СНИЛС work as the login too.</p>
<table>{accounts}</table>
<p><a href="/_sandbox">/_sandbox</a> <a href="/_sandbox/personas">/_sandbox/personas</a>
<a href="/_sandbox/requests">/_sandbox/requests</a> <a href="/_sandbox/esia">/_sandbox/esia</a></p>
</body>
</html>
"""
