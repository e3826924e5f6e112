"""The rating of a class, as the journal of a node keeps it.

Source: `docs/sources.md`, МЭШ; each call stands in `tests/plugins/mrko/cassettes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from diary_mrko.gateway import NodeGateway
from diary_mrko.wire.rating import PupilRank, SubjectRank
from diary_mrko.wire.values import Listed

_RATING_API: Final = "/api/ej/rating/v1/rank"
_SUBJECTS: Final[TypeAdapter[tuple[SubjectRank, ...]]] = TypeAdapter(Listed[SubjectRank])
_CLASS: Final[TypeAdapter[tuple[PupilRank, ...]]] = TypeAdapter(Listed[PupilRank])


class RatingServices:
    """These services on behalf of one signed-in adult.

    Every call may raise what `diary_core.http.read` raises.

    Args:
        gateway: With all headers.
    """

    def __init__(self, gateway: NodeGateway) -> None:
        self._get = gateway.get

    async def subjects(self, person_id: str, on: date) -> Sequence[SubjectRank]:
        """Return the places of a child in each subject, as they stood on a day."""
        params = {"personId": person_id, "date": on.isoformat()}
        return await self._get(f"{_RATING_API}/subjects", params, _SUBJECTS)

    async def of_class(
        self, person_id: str, class_unit_id: str, on: date, *, subject_id: str | None = None
    ) -> Sequence[PupilRank]:
        """Return every pupil of a child's class, in one subject or in all of them, as it stood on a day."""
        params = {"personId": person_id, "classUnitId": class_unit_id, "date": on.isoformat()}
        if subject_id is not None:
            params["subjectId"] = subject_id
        return await self._get(f"{_RATING_API}/class", params, _CLASS)
