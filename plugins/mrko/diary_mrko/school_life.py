"""What surrounds lessons: the services of a node for news, meetings, events, signatures and study plans.

Source: `docs/sources.md`, МЭШ; each call stands in `tests/plugins/mrko/cassettes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

from pydantic import TypeAdapter

from diary_core.errors import RegionChanged
from diary_core.http import refuse
from diary_mrko.gateway import NodeGateway
from diary_mrko.wire.gatherings import Gatherings, SchoolEvent
from diary_mrko.wire.news import News, NewsPage
from diary_mrko.wire.signatures import SignedWeek
from diary_mrko.wire.study_plan import Curriculum, LessonModule
from diary_mrko.wire.values import Listed

NEWS_A_PAGE: Final = 50
"""The service gives a hundred at most."""
_NEWS_API: Final = "/api/news/v2/news"
_SIGNATURES_API: Final = "/api/ej/core/family/v1/aware_journals"
_GATHERINGS: Final = TypeAdapter(Gatherings)
_SCHOOL_EVENTS: Final[TypeAdapter[tuple[SchoolEvent, ...]]] = TypeAdapter(Listed[SchoolEvent])
_NEWS_PAGE: Final = TypeAdapter(NewsPage)
_NEWS: Final = TypeAdapter(News)
_PLANS: Final[TypeAdapter[tuple[Curriculum, ...]]] = TypeAdapter(Listed[Curriculum])
_MODULES: Final[TypeAdapter[tuple[LessonModule, ...]]] = TypeAdapter(Listed[LessonModule])
_SIGNED_WEEKS: Final[TypeAdapter[tuple[SignedWeek, ...]]] = TypeAdapter(Listed[SignedWeek])


class SchoolLifeServices:
    """These services on behalf of one signed-in adult.

    Every call may raise what `diary_core.http.read` raises.

    Args:
        gateway: With all headers.
    """

    def __init__(self, gateway: NodeGateway) -> None:
        self._gateway = gateway
        self._get = gateway.get

    async def gatherings(
        self, person_id: str, since: date, until: date, sources: Iterable[str]
    ) -> Gatherings:
        """Return the meetings and events of a span; the arguments are those of `MrkoClient.events`."""
        params = {
            "person_ids": person_id,
            "begin_date": since.isoformat(),
            "end_date": until.isoformat(),
            "source_types": ",".join(sources),
        }
        return await self._get("/api/eventcalendar/v1/api/events", params, _GATHERINGS)

    async def school_events(self, school_id: str, since: date, until: date) -> Sequence[SchoolEvent]:
        """Return what a school asks its classes to; the list does not say which class."""
        params = {
            "school_id": school_id,
            "begin_date": f"{since:%d.%m.%Y}",
            "end_date": f"{until:%d.%m.%Y}",
        }
        return await self._get("/api/ej/organizer/family/v1/events", params, _SCHOOL_EVENTS)

    async def news_page(self, page: int) -> NewsPage:
        """Return a page of the news for the adult, `NEWS_A_PAGE` of them; pages count from 1."""
        params = {"page": str(page), "per_page": str(NEWS_A_PAGE)}
        return await self._get(f"{_NEWS_API}/users/v2", params, _NEWS_PAGE)

    async def news(self, news_id: str) -> News:
        """Return the words of one of the news."""
        return await self._get(f"{_NEWS_API}/{quote(news_id, safe='')}", {}, _NEWS)

    async def signed_weeks(self, student_id: str, since: date, until: date) -> Sequence[SignedWeek]:
        """Return the signed weeks of a span, both ends Mondays; others are left out."""
        params = {
            "student_profile_ids": student_id,
            "week_from": since.isoformat(),
            "week_to": until.isoformat(),
        }
        return await self._get(_SIGNATURES_API, params, _SIGNED_WEEKS)

    async def sign_week(self, profile_id: str, student_id: str, week: date) -> None:
        """Sign a week in the name of the signed-in adult; what is answered is not known.

        Args:
            profile_id: Of that adult.
            student_id: Of the child.
            week: The Monday.
        """
        body = {
            "parent_profile_id": int(profile_id),
            "student_profile_id": int(student_id),
            "week": week.isoformat(),
        }
        response = await self._gateway.send("POST", _SIGNATURES_API, body=body)
        if not response.is_success:
            refuse(response)

    async def study_plans(self, student_id: str, plan_id: str) -> Sequence[Curriculum]:
        """Return the plans of a child's class: one, as far as is known.

        Raises:
            RegionChanged: The plan's number is none.
        """
        if not plan_id.isdecimal():
            raise RegionChanged("a study plan's number is none", field="parallel_curriculum_id")
        path = f"/api/family/mobile/v1/programs/parallel_curriculum/{plan_id}"
        return await self._get(path, {"student_id": student_id}, _PLANS)

    async def modules(self, student_id: str, year_id: str) -> Sequence[LessonModule]:
        """Return the modules of a child's subjects in one school year."""
        params = {"student_profile_id": student_id, "academic_year_id": year_id}
        return await self._get("/api/ej/plan/family/v1/lesson_modules", params, _MODULES)
