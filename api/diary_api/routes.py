"""Everything the gateway serves, put together once for every application of the process."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.routing import APIRoute

from diary_api.absences.endpoints import router as absences
from diary_api.accounts.endpoints import router as accounts
from diary_api.averages.endpoints import router as averages
from diary_api.changes.endpoints import router as changes
from diary_api.class_standing.endpoints import router as class_standing
from diary_api.connections.browser_endpoints import router as browsers
from diary_api.connections.endpoints import router as connections
from diary_api.events.endpoints import router as events
from diary_api.family_today.endpoints import router as family_today
from diary_api.grants.endpoints import router as grants
from diary_api.homework.endpoints import router as homework
from diary_api.identities.endpoints import router as identities
from diary_api.own_data.endpoints import router as own_data
from diary_api.regions.endpoints import router as regions
from diary_api.school.endpoints import router as children
from diary_api.school.life_endpoints import router as school_life
from diary_api.status.endpoints import router as status
from diary_api.upstream_calls.endpoints import router as upstream_calls
from diary_api.web.description_page import router as description_page
from diary_api.web.health import router as health
from diary_api.web.invitation_page import router as invitation_page
from diary_api.web.metrics import router as metrics
from diary_api.web.problem_pages import router as problem_pages
from diary_api.web.status_page import router as status_page
from diary_api.web.welcome import router as welcome


def by_name(route: APIRoute) -> str:
    """Name an operation after its function."""
    return route.name


ROUTES = APIRouter(generate_unique_id_function=by_name)
for _router in (
    regions,
    accounts,
    identities,
    connections,
    browsers,
    children,
    homework,
    averages,
    class_standing,
    school_life,
    absences,
    changes,
    family_today,
    own_data,
    events,
    upstream_calls,
    grants,
    invitation_page,
    welcome,
    health,
    metrics,
    status,
    status_page,
    problem_pages,
    description_page,
):
    ROUTES.include_router(_router)
