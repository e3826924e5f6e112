"""What registered applications call when a parent signs in through Gosuslugi."""

from collections.abc import Mapping

from diary_sandbox.dnevnik.applications import find_with_secret
from diary_sandbox.dnevnik.call import Call, Wire, text_field
from diary_sandbox.dnevnik.endpoint import OpenEndpoint
from diary_sandbox.dnevnik.errors import WireError, invalid_parameter
from diary_sandbox.dnevnik.esia_tasks import EsiaTask, EsiaTasks
from diary_sandbox.dnevnik.hosts import LOGIN_HOST, public_url
from diary_sandbox.dnevnik.regions import REGIONS
from diary_sandbox.dnevnik.scopes import parse_scopes
from diary_sandbox.dnevnik.tokens import Tokens
from diary_sandbox.dnevnik.v2.authorizations import token_wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.faults import FaultKind
from diary_sandbox.world import DNEVNIK_HOST, LoginKind, LoginState, Parent

_AVATAR = "https://static.example.invalid/images/avatar-placeholder.png"
_LOGO = "https://static.example.invalid/blank.jpg"


def _regions(call: Call) -> Wire:
    base = public_url(call.state, LOGIN_HOST)
    return {
        "regions": [
            {
                "regionId": region.number,
                "esiaUrl": f"{base}/login/esia/{region.slug}",
                "name": region.name,
                "logoUrl": _LOGO,
            }
            for region in REGIONS
        ]
    }


def _linked(call: Call) -> Wire:
    """Return the accounts tied to a state identity; none when nothing is linked."""
    fields = call.body_fields()
    task = _task(call, fields)
    if task is None:
        raise invalid_parameter("TaskId", text_field(fields, "TaskId"))
    return {"users": [_user(call, call.world.parent(number)) for number in _linked_ids(call, task)]}


def _authorize(call: Call) -> Wire:
    """Exchange a return from Gosuslugi for a token; trouble is told with status 200 and a code."""
    fields = call.body_fields()
    application = find_with_secret(text_field(fields, "ClientId"), text_field(fields, "ClientSecret"))
    if application is None:
        raise WireError("authorizationFailed", "Can't authorize")
    scopes = parse_scopes(text_field(fields, "Scope"))
    task = _task(call, fields)
    if task is None or not scopes:
        return _status("UnexpectedError", "Unexpected error")
    chosen = world_id(Space.ADULT_USER, _number(fields, "UserId"))
    if chosen not in _linked_ids(call, task):
        return _status("EsiaUserNotLinked", "The user is not linked")
    if _never_signed_in(call.world.parent(chosen)):
        return _status("FirstSign", "The account must be activated first")
    EsiaTasks(call.state).finish(task)
    token = Tokens(call.state).issue(chosen, application.client_id, scopes, refreshable=True)
    return _status("Success", "Success") | {"authorization": token_wire(call, token)}


def _status(code: str, description: str) -> Wire:
    return {"status": {"code": code, "description": description}, "authorization": None}


def _task(call: Call, fields: Mapping[str, object]) -> EsiaTask | None:
    return EsiaTasks(call.state).find(text_field(fields, "TaskId"), _number(fields, "RegionId"))


def _linked_ids(call: Call, task: EsiaTask) -> tuple[int, ...]:
    broken = call.state.faults.asked(FaultKind.NOT_LINKED, LOGIN_HOST)
    return () if broken else task.parent_ids


def _user(call: Call, parent: Parent) -> Wire:
    children = call.world.children_of(parent.id, DNEVNIK_HOST)
    school = call.world.school(children[0].school_id).short_name if children else None
    name = parent.person.name
    return {
        "userId": wire_id(Space.ADULT_USER, parent.id),
        "firstName": name.first,
        "middleName": name.middle,
        "lastName": name.last,
        "avatarUrl": _AVATAR,
        "school": {"name": school},
    }


def _never_signed_in(parent: Parent) -> bool:
    logins = (one for one in parent.logins if one.kind is LoginKind.DNEVNIK)
    return any(one.state is LoginState.ACTIVATION_NEEDED for one in logins)


def _number(fields: Mapping[str, object], name: str) -> int:
    value = fields.get(name.lower())
    return value if isinstance(value, int) else -1


ENDPOINTS = (
    OpenEndpoint("GET", "authorizations/esia/v2.0/regions", _regions),
    OpenEndpoint("POST", "authorizations/esia/v2.0/users/linked", _linked),
    OpenEndpoint("POST", "authorizations/esia/v2.0", _authorize),
)
