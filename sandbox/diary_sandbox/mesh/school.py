"""The server of a МЭШ node: `school.mos.ru`, or a region's under its own host name."""

from collections.abc import Awaitable, Callable, Iterable, Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from diary_sandbox.mesh.aupd import esia_door, exchange, node_door, web_session
from diary_sandbox.mesh.aupd.refusals import no_such_method
from diary_sandbox.mesh.calls import Endpoint
from diary_sandbox.mesh.guards import Guard, guarded
from diary_sandbox.mesh.node import Node
from diary_sandbox.mesh.services import (
    attendance,
    city,
    homework,
    marks,
    news,
    profile,
    school_year,
    timetable,
)
from diary_sandbox.state import SandboxState

Door = Callable[[Node, Request], Awaitable[Response]]

FAMILY = ("/api/family/mobile/v1", "/api/family/web/v1")
EJ = "/api/ej"
CORE = f"{EJ}/core/family/v1"
MEALS = "/api/food/meals/v3"


def build(state: SandboxState, host: str) -> Starlette:
    """Return a node.

    Moscow's is entered through the city's identity provider and has turnstiles and meals; a region's has a
    door of its own and neither of them.

    Args:
        state: The running sandbox.
        host: The emulated name.
    """
    node = Node(state, host)
    app = Starlette(routes=list(_routes(node)), exception_handlers={404: _unknown, 405: _unknown})
    app.add_middleware(_TrailingSlash)
    return app


class _TrailingSlash:
    """Lets `family/*` paths end in a slash, as some clients write them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the slash away and pass the request on."""
        if scope["type"] == "http" and scope["path"].startswith(FAMILY):
            scope = {**scope, "path": scope["path"].rstrip("/")}
        await self._app(scope, receive, send)


async def _unknown(request: Request, error: Exception) -> Response:
    del request, error
    return no_such_method()


def _routes(node: Node) -> Iterator[Route]:
    doors = (_CITY_DOORS if node.is_moscow else _REGION_DOORS) | _DOORS
    for (method, path), door in doors.items():
        yield _open(node, method, path, door)
    for guard, services in _SERVICES.items():
        for (method, path), endpoint in services.items():
            yield Route(path, guarded(node, guard, endpoint), methods=[method])
    family = {**_FAMILY, **(_CITY_FAMILY if node.is_moscow else {})}
    for method, path, endpoint in _both_flavours(family):
        yield Route(path, guarded(node, Guard.FAMILY, endpoint), methods=[method])
    if node.is_moscow:
        for guard, services in _CITY_SERVICES.items():
            for (method, path), endpoint in services.items():
                yield Route(path, guarded(node, guard, endpoint), methods=[method])


def _open(node: Node, method: str, path: str, door: Door) -> Route:
    async def handle(request: Request) -> Response:
        return await door(node, request)

    return Route(path, handle, methods=[method])


def _both_flavours(table: dict[tuple[str, str], Endpoint]) -> Iterable[tuple[str, str, Endpoint]]:
    for (method, path), endpoint in table.items():
        for prefix in FAMILY:
            yield method, f"{prefix}{path}", endpoint


_DOORS: dict[tuple[str, str], Door] = {
    ("POST", "/v3/token/refresh"): exchange.refresh,
    ("GET", "/v2/token/refresh"): exchange.reissue,
    ("GET", "/v3/auth/esia/login"): esia_door.login,
    ("GET", esia_door.CALLBACK): esia_door.callback,
    ("GET", "/v3/auth/kauth/login"): node_door.login_page,
    ("POST", "/v3/auth/kauth/login"): node_door.login_posted,
    ("GET", "/v3/auth/token"): node_door.exchange,
    ("GET", "/v3/auth/logout"): web_session.logout,
    ("GET", "/diary"): web_session.diary,
    ("POST", f"{EJ}/acl/v1/sessions"): profile.sessions,
}
_CITY_DOORS: dict[tuple[str, str], Door] = {
    ("POST", "/v3/auth/sudir/auth"): exchange.sudir_auth,
    ("GET", "/v3/auth/sudir/login"): web_session.login,
    ("GET", "/v3/auth/sudir/callback"): web_session.callback,
}
_REGION_DOORS: dict[tuple[str, str], Door] = {
    ("POST", "/lms/api/sessions"): node_door.headless_session,
    ("GET", "/v3/auth/kauth/callback"): node_door.headless_callback,
}
_SERVICES: dict[Guard, dict[tuple[str, str], Endpoint]] = {
    Guard.PROFILES: {("GET", f"{EJ}/acl/v1/mod-acl/users/profile_info"): profile.profile_info},
    Guard.ACCOUNT: {
        # The previous generation's address of the same call, without a subsystem.
        ("GET", "/acl/api/users/profile_info"): profile.profile_info,
        ("GET", "/v3/userinfo"): profile.user_info,
        ("GET", "/v1/oauth/userinfo"): profile.oidc_user_info,
        ("GET", f"{EJ}/attachments/v1/files/{{id}}"): homework.file,
    },
    Guard.EVENTS: {
        ("GET", "/api/eventcalendar/v1/api/events"): timetable.events,
        ("GET", "/api/news/v2/news/users/v2"): news.listed,
        ("GET", "/api/news/v2/news/{id}"): news.told,
    },
    Guard.FAMILY: {
        ("GET", "/api/usersettings/v1"): profile.settings,
        ("PUT", "/api/usersettings/v1"): profile.store_settings,
        ("GET", f"{CORE}/academic_years"): school_year.academic_years,
        ("GET", f"{CORE}/periods_schedules"): school_year.period_schedules,
        ("GET", f"{CORE}/calendars/{{id}}/calendar_transpositions"): school_year.transpositions,
        ("GET", f"{CORE}/nonattendance_reasons"): attendance.reasons,
        ("GET", f"{CORE}/aware_journals"): school_year.signed_weeks,
        ("POST", f"{CORE}/aware_journals"): school_year.sign_week,
        ("GET", f"{EJ}/plan/family/v1/lesson_modules"): school_year.lesson_modules,
        ("GET", f"{EJ}/organizer/family/v1/events"): school_year.organizer_events,
        ("GET", f"{EJ}/rating/v1/rank/class"): school_year.rank_class,
        ("GET", f"{EJ}/rating/v1/rank/rankShort"): school_year.rank_short,
        ("GET", f"{EJ}/rating/v1/rank/subjects"): school_year.rank_subjects,
        ("GET", f"{EJ}/partners/v1/homeworks/launch"): homework.launch,
    },
}
_FAMILY: dict[tuple[str, str], Endpoint] = {
    ("GET", "/profile"): profile.family_profile,
    ("GET", "/schedule"): timetable.day,
    ("GET", "/schedule/short"): timetable.short,
    ("GET", "/lesson_schedule_items"): timetable.lesson_of_day,
    ("GET", "/lesson_schedule_items/{id}"): timetable.lesson,
    ("GET", "/marks"): marks.marks,
    ("GET", "/marks/{id}"): marks.mark,
    ("GET", "/subject_marks"): marks.by_subject,
    ("GET", "/subject_marks/short"): marks.short,
    ("GET", "/subject_marks/for_subject"): marks.for_subject,
    ("GET", "/subjects/list"): marks.subjects,
    ("GET", "/final_marks/v2"): marks.final_marks,
    ("GET", "/homeworks"): homework.homeworks,
    ("GET", "/homeworks/short"): homework.short,
    ("POST", "/homeworks/{id}/done"): homework.tick,
    ("PUT", "/homeworks/{id}/done"): homework.tick,
    ("DELETE", "/homeworks/{id}/done"): homework.untick,
    ("GET", "/attendance"): attendance.attendance,
    ("POST", "/attendance"): attendance.create,
    ("POST", "/attendance/v2"): attendance.create,
    ("PUT", "/attendance"): attendance.edit,
    ("DELETE", "/attendance"): attendance.withdraw,
    ("GET", "/periods_schedules"): school_year.days,
    ("GET", "/school_info"): school_year.school_info,
    ("GET", "/programs/parallel_curriculum/{id}"): school_year.study_plan,
    ("GET", "/notifications/search"): school_year.notification_feed,
}
_CITY_FAMILY: dict[tuple[str, str], Endpoint] = {
    ("GET", "/visits"): city.old_visits,
    ("GET", "/status"): city.old_status,
    ("GET", "/day-balance-info/v2"): city.day_balance,
    ("GET", "/day_balance_info"): city.old_day_balance,
}
_CITY_SERVICES: dict[Guard, dict[tuple[str, str], Endpoint]] = {
    Guard.PASSES: {
        ("GET", "/api/pass/entrances/v1/visit_durations"): city.visit_durations,
        ("GET", "/api/pass/entrances/v1/status"): city.pass_status,
    },
    Guard.MEALS: {
        ("GET", f"{MEALS}/clients/balance"): city.balances,
        ("GET", f"{MEALS}/orders"): city.orders,
        ("GET", f"{MEALS}/transactions"): city.transactions,
    },
}
