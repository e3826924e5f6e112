"""An invented state of things, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from diary_api.status.judging import headline, sentence
from diary_api.status.schemas import Figures, Part, State, Status
from diary_core.bilingual import Bilingual

_AT = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)
_PARTS = (
    Part(
        name="database",
        title=Bilingual("База данных шлюза", "The gateway's database"),
        whose="us",
        regions=(),
        state=State.OK,
        since=_AT - timedelta(days=3),
        sentence=sentence("us", State.OK),
        figures=None,
    ),
    Part(
        name="mrko/moscow",
        title=Bilingual("МЭШ, Москва", "MES, Moscow"),
        whose="diary",
        regions=("77",),
        state=State.FAILING,
        since=_AT - timedelta(minutes=7),
        sentence=sentence("diary", State.FAILING),
        figures=Figures(
            minutes=10,
            calls=1240,
            failed_share=0.214,
            p50_s=0.66,
            p95_s=9.42,
            last_success=_AT - timedelta(seconds=1),
            last_failure=_AT - timedelta(seconds=4),
            last_failure_code="region_slow",
        ),
    ),
)
STATUS: Mapping[str, BaseModel] = {
    "show_status": Status(as_of=_AT, sentence=headline(_PARTS), shared=True, items=_PARTS)
}
